"""Import of the zones of communes, which aids depend on: the order of the ARS for doctors, the list of France ruralités revitalisation.

What a file says is not told to readers until somebody has read the official text: rows arrive unconfirmed, unless the operator
says that they are (`Options.confirmed`). A file that nobody confirms never undoes a zone that somebody did.
"""

from core import french
from core.search import fold
from territories.enums import Zone, ZoningScheme
from territories.importers.care import synchronise
from territories.imports.frame import INSEE_HEADERS, BadLine, ImportReport, by_commune
from territories.models import Zoning

GP_HEADERS = (
    *("zonage mg", "zonage ars", "zonage medecins generalistes", "zonage medecin generaliste", "zonage medecin", "zonage des medecins"),
    *("zonage conventionnel", "zonage", "classement", "zone"),
)
GP_ZONES = {"zip": Zone.ZIP, "zac": Zone.ZAC, "hz": Zone.HZ, "hv": Zone.HZ, "hors zonage": Zone.HZ, "hors zone": Zone.HZ}
GP_ZONES |= {"zone d intervention prioritaire": Zone.ZIP, "zone d action complementaire": Zone.ZAC}
FRR_HEADERS = ("frr", "zonage frr", "classement frr", "code frr", "frr code", "frr 2024", "frr 2025", "frr 2026", "classement", "zone")
FRR_ZONES = {
    # Codes of the Observatoire des territoires (ANCT), then the words of lists that are read by people.
    "0": Zone.FRR_NONE,
    "1": Zone.FRR_BENEFICIARY,
    "4": Zone.FRR,
    "5": Zone.FRR_PLUS,
    "frr": Zone.FRR,
    "frr plus": Zone.FRR_PLUS,
    "frr socle": Zone.FRR,
    "zrr": Zone.FRR_BENEFICIARY,
    "beneficiaire": Zone.FRR_BENEFICIARY,
    "non": Zone.FRR_NONE,
    "non classe": Zone.FRR_NONE,
    "non classee": Zone.FRR_NONE,
    "hors frr": Zone.FRR_NONE,
}


def load_gp_zoning(path, options):
    """The zones of the order of the ARS for general practitioners, a row for each commune."""
    report = ImportReport("Zonage des médecins", masculine=True)
    found = by_commune(path, {"insee": INSEE_HEADERS, "zone": GP_HEADERS}, lambda row: gp_zone(row["zone"]), report)
    return write_zones(ZoningScheme.GP, found, options, report)


def load_frr(path, options):
    """The communes of France ruralités revitalisation, a row for each commune."""
    report = ImportReport("Zonage FRR", masculine=True)
    found = by_commune(path, {"insee": INSEE_HEADERS, "zone": FRR_HEADERS}, lambda row: frr_zone(row["zone"]), report)
    return write_zones(ZoningScheme.FRR, found, options, report)


def gp_zone(cell):
    """`ZIP`, `1_ZIP`, `Zone d’intervention prioritaire`, `Hors zonage`..."""
    words = fold(cell).split()
    if "qpv" in words or "gq" in words:
        raise BadLine("la zone ne vaut que pour un quartier de la commune\u00a0: à saisir dans l’administration, avec sa précision")
    text = " ".join(word for word in words if not word.isdigit())
    if text not in GP_ZONES:
        raise BadLine(f"zone inconnue\u00a0: «\u00a0{cell[:40]}\u00a0»" if cell else "la zone est vide")
    return GP_ZONES[text]


def frr_zone(cell):
    """`FRR`, `FRR+`, `0`, `Non classée`..."""
    text = fold(cell.replace("+", " plus"))
    if text not in FRR_ZONES:
        raise BadLine(f"classement inconnu\u00a0: «\u00a0{cell[:40]}\u00a0»" if cell else "le classement est vide")
    return FRR_ZONES[text]


def write_zones(scheme, found, options, report):
    """Bring the zonings of a scheme to what a file says of each commune; one that differs from a confirmed one is noted, not written."""
    told = {"source": options.source, "source_url": options.source_url, "source_date": options.dated, "confirmed": options.confirmed}
    present = {zoning.commune_id: zoning for zoning in Zoning.objects.order_by().of_scheme(scheme).select_related("commune")}
    wanted, newer = {}, []
    for commune, zone in found.items():
        zoning = present.get(commune.pk)
        if zoning and zoning.source_date and zoning.source_date > options.dated:
            newer.append(zoning.source_date)
            report.unchanged += 1
        elif zoning and zoning.confirmed and not options.confirmed:
            report.unchanged += 1
            if zoning.zone != zone:
                report.notes.append(
                    f"{commune}\u00a0: confirmé «\u00a0{zoning.get_zone_display()}\u00a0», le fichier dit «\u00a0{zone.label}\u00a0»"
                )
        else:
            wanted[commune.insee] = (0, {"zone": zone.value, **told})
    if newer:
        count = french.plural(len(newer), "commune")
        report.notes.append(f"{count}\u00a0: la source en place est plus récente que le fichier (jusqu’au {french.date(max(newer))})")
    by_code = {commune.insee: commune for commune in found}
    known = {code: present[commune.pk] for code, commune in by_code.items() if commune.pk in present}
    return synchronise(report, Zoning, "", known, wanted, lambda code: {"commune": by_code[code], "scheme": scheme})
