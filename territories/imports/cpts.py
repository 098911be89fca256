"""Import of the CPTS that each commune belongs to. The file names them; a CPTS that the portal does not know is never made up."""

from django.utils import timezone

from core.search import fold, without_article
from territories.importers.care import synchronise
from territories.imports.frame import INSEE_HEADERS, BadLine, ImportReport, by_commune
from territories.models import Commune, Cpts

CPTS_HEADERS = ("cpts", "nom cpts", "nom de la cpts", "libelle cpts", "nom de la communaute professionnelle territoriale de sante")


def load_cpts(path, options):
    """The CPTS of each commune. The communes of a CPTS that staff hold by hand are told and left."""
    report = ImportReport("Communes des CPTS")
    known = {name: cpts for cpts in Cpts.objects.order_by() for name in names_of(cpts)}
    found = by_commune(path, {"insee": INSEE_HEADERS, "cpts": CPTS_HEADERS}, lambda row: named(row["cpts"], known), report)
    moved = move(found, options.dated, report)
    if moved:
        Commune.objects.bulk_update(moved, ["cpts"])
    told = {"source": options.source, "source_url": options.source_url, "source_date": options.dated}
    rows = {cpts.slug: cpts for cpts in found.values()}
    sources = synchronise(ImportReport("CPTS"), Cpts, "", rows, dict.fromkeys(rows, (0, told)), lambda slug: {"slug": slug})
    report.notes += [f"{rows[slug]}\u00a0: nouvelle source" for slug in sources.changed]
    report.notes += [f"{rows[slug]}\u00a0: source tenue par l’équipe" for slug in sources.kept]
    if moved:
        Cpts.objects.update(updated_at=timezone.now())  # pages that show their communes are made anew
    return report


def move(found, dated, report):
    """The communes whose CPTS changes, with it; fills the report."""
    moved = []
    for commune, cpts in found.items():
        before = commune.cpts
        if before == cpts:
            report.unchanged += 1
        elif any(one and "communes" in one.kept_fields for one in (before, cpts)):
            report.kept[commune.insee] = [f"{commune}, que l’équipe range elle-même"]
        elif any(one and one.source_date and one.source_date > dated for one in (before, cpts)):
            report.kept[commune.insee] = [f"{commune}, dont la source en place est plus récente"]
        else:
            report.changed[commune.insee] = [f"{commune}, de {before.short_name if before else 'aucune'} à {cpts.short_name}"]
            commune.cpts = cpts
            moved.append(commune)
    return moved


def names_of(cpts):
    """The words by which a file may call a CPTS: its names, with or without « CPTS » and the article, and its slug."""
    return {reduced(name) for name in (cpts.name, cpts.short_name, cpts.slug)}


def reduced(name):
    """« CPTS du Pays d’Apt » and « Pays d’Apt » are one name."""
    words = [word for word in fold(name).split() if word != "cpts"]
    if words and words[0] in {"du", "de", "des", "d"}:
        words = words[1:]
    return without_article(" ".join(words))


def named(cell, known):
    """The CPTS that a cell names."""
    if not reduced(cell):
        raise BadLine("le nom de la CPTS est vide")
    cpts = known.get(reduced(cell))
    if cpts is None:
        raise BadLine(
            f"CPTS inconnue\u00a0: «\u00a0{cell[:60]}\u00a0»\u00a0; créez-la d’abord dans l’administration, ou écrivez son nom comme elle"
        )
    return cpts
