"""Import of the health facilities of Vaucluse from the FINESS extract with points, `etalab-cs1100507-stock-….csv`.

The file has no header. Its first line is `finess;etalab;version;date`; then come rows of `;`-separated cells of two sorts: `structureet`, a
facility, and `geolocalisation`, its point in Lambert-93. Which category of FINESS is which kind of the portal is written on the kinds
themselves (`FacilityKind.finess_categories`), where staff may change it.

What staff wrote is worth more than FINESS. So a facility that came from FINESS follows it (but for its name and its kind, chosen once, and
what staff have changed by hand); one that came from elsewhere only receives the phone number that it lacks, and differences are noted.
"""

import csv
from dataclasses import dataclass
from datetime import date

from core import french
from core.geography import Point, distance_km
from territories.enums import FacilityStatus, PointPrecision
from territories.importers.care import synchronise
from territories.imports import tidy
from territories.imports.frame import BadLine, ImportReport, RefusedFile, read_text
from territories.imports.lambert93 import is_lambert93, to_point
from territories.models import Commune, FacilityKind, HealthFacility
from territories.reference import is_code

SOURCE = "Répertoire FINESS"
FACILITY, PLACE = "structureet", "geolocalisation"
COLUMNS = (
    *("section", "finess", "entity", "short_name", "long_name", "complement", "distribution", "number", "way", "street", "repetition"),
    *("locality", "commune", "department", "department_name", "post", "phone", "fax", "category", "category_name"),
    *("group", "group_name", "siret", "activity", "tariff", "tariff_name", "sph", "sph_name", "opened_on"),
)
"""Cells of a `structureet` row that are read, in their order; some more may follow, which depends on the year."""
STRAY_KM = 1
"""How far outside its commune a point may lie: limits are simplified, entrances stand across the street."""
SITES = {"hospital": "hospital_site"}
"""FINESS gives each building of a hospital the category of the hospital: one that the portal does not know yet is shown as a site of
another, never as one hospital more. Staff may say otherwise."""
MENTAL_HEALTH = "292"
"""Psychiatric hospital: its day hospitals and its consultations have this category too."""


@dataclass(frozen=True)
class Row:
    """A facility as the file gives it, in a commune and of a kind that the portal has."""

    finess: str
    line: int
    category: str
    commune: Commune
    kind: FacilityKind
    name: str
    values: dict


def load_finess(path, options):
    """The facilities of Vaucluse whose category the portal has a kind for."""
    report = ImportReport("Établissements", masculine=True)
    lines = read_text(path).splitlines()
    dated = options.dated or date_of(lines[0])
    kinds = {kind.code: kind for kind in FacilityKind.objects.order_by()}
    categories = {category: kind for kind in kinds.values() for category in kind.finess_categories}
    communes = {commune.insee: commune for commune in Commune.objects.order_by()}
    told = {
        "source": f"{SOURCE}, extraction du {french.date(dated)}",
        "source_url": options.source_url,
        "source_date": dated,
    }
    places, rows, seen = {}, {}, {}
    for number, cells in cells_of(lines):
        if cells[0] == PLACE:
            places[cells[1]] = cells
            continue
        facility = dict(zip(COLUMNS, cells, strict=False))
        if facility["department"] != "84":
            report.elsewhere += 1
            continue
        try:
            refuse_twin(facility["finess"], number, seen)
            kind = categories.get(facility["category"])
            if kind is None:
                report.ignored += 1
            else:
                rows[facility["finess"]] = row_of(number, facility, communes, kind, told)
        except BadLine as reason:
            report.reject(number, facility["finess"][:20], reason)
    report.refuse_if_absurd(len(rows) + report.ignored)
    if rows and not places:
        report.notes.append("le fichier n’a aucun point\u00a0: les nouveaux établissements sont mis à la mairie de leur commune")
    return write(rows, places, seen, kinds, report)


def date_of(first):
    """The day of the extract, which its first line says."""
    cells = [cell.strip().strip('"') for cell in first.split(";")]
    if cells[:2] != ["finess", "etalab"]:
        raise RefusedFile("Ce n’est pas une extraction FINESS\u00a0: la première ligne devrait commencer par «\u00a0finess;etalab\u00a0».")
    try:
        return date.fromisoformat(cells[-1])
    except ValueError:
        raise RefusedFile("La première ligne ne dit pas la date de l’extraction\u00a0: donnez-la avec --date.") from None


def cells_of(lines):
    """Numbered rows of the two sorts. Cells are not quoted, but for a file that went through a spreadsheet."""
    for number, line in enumerate(lines, start=1):
        if not line.startswith((FACILITY, PLACE, f'"{FACILITY}', f'"{PLACE}')):
            continue
        cells = line.split(";")
        if '"' in line and (line.startswith('"') or len(cells) > len(COLUMNS) + 5):
            cells = next(csv.reader([line], delimiter=";"))
        cells = [cell.strip() for cell in cells]
        if len(cells) >= (4 if cells[0] == PLACE else len(COLUMNS)):
            yield number, cells
        elif cells[0] == FACILITY:
            raise RefusedFile(f"Ligne {number}\u00a0: {len(cells)} cellules, une ligne d’établissement en a {len(COLUMNS)} au moins.")


def refuse_twin(finess, number, seen):
    """A number of nine digits, once."""
    if not is_code(finess, 9):
        raise BadLine("le numéro FINESS compte neuf chiffres")
    if finess in seen:
        raise BadLine(f"ce numéro figure déjà à la ligne {seen[finess]}")
    seen[finess] = number


def row_of(number, facility, communes, kind, told):
    """A facility; its name and its address as a reader writes them."""
    insee = f"84{facility['commune'].zfill(3)}"
    if insee not in communes:
        raise BadLine(f"aucune commune du portail n’a le code INSEE {insee[:10]}")
    title = tidy.name(facility["long_name"] or facility["short_name"])[:160]
    if not title:
        raise BadLine("l’établissement n’a pas de nom")
    commune, post = communes[insee], facility["post"][:5]
    values = {
        "address": tidy.address(facility["number"], facility["repetition"], facility["way"], facility["street"])[:160],
        "postal_code": post if post in commune.postal_codes else "",
        "phone": tidy.phone(facility["phone"]),
        "status": status_of(facility["sph_name"]),
        **told,
    }
    return Row(facility["finess"], number, facility["category"], commune, kind, title, values)


def status_of(words):
    """The legal status that the part in the public hospital service tells; FINESS says it of hospitals and clinics only."""
    words = words.lower()
    if "public" in words and "privé" not in words:
        return FacilityStatus.PUBLIC
    return FacilityStatus.NON_PROFIT if "intérêt collectif" in words and "non" not in words else ""


def point_of(row, places, report):
    """The point of a facility and how sure it is; the town hall when there is none, or when it lies outside the commune."""
    cells = places.get(row.finess)
    if cells:
        try:
            easting, northing = (float(cell.replace(",", ".")) for cell in cells[2:4])
        except ValueError:
            easting = northing = 0
        if is_lambert93(easting, northing):
            point = to_point(easting, northing)
            home = row.commune
            if distance_km(point, Point(home.latitude, home.longitude)) <= home.reach_km + STRAY_KM:
                return {
                    "latitude": round(point.latitude, 5),
                    "longitude": round(point.longitude, 5),
                    "point_precision": PointPrecision.ADDRESS,
                }
        report.notes.append(f"{row.finess}, {row.name}\u00a0: point hors de {row.commune}, mis à la mairie")
    return {"latitude": row.commune.latitude, "longitude": row.commune.longitude, "point_precision": PointPrecision.COMMUNE}


def write(rows, places, seen, kinds, report):
    """Create and update; what FINESS no longer has is named, for a person to decide."""
    present = {one.finess: one for one in HealthFacility.objects.exclude(finess=None).select_related("commune", "kind")}
    wanted = {}
    for row in rows.values():
        facility = present.get(row.finess)
        if facility is None:
            wanted[row.finess] = (row.line, new_values(row, kinds, report) | point_of(row, places, report))
        elif facility.source.startswith(SOURCE):
            values = row.values if row.values["status"] else {k: v for k, v in row.values.items() if k != "status"}
            wanted[row.finess] = (row.line, values | point_of(row, places, report))
        else:
            wanted[row.finess] = (row.line, {} if facility.phone else {"phone": row.values["phone"]})
            note_differences(facility, row, places, report)
    report.missing = sorted(f"{one.name} ({one.finess})" for finess, one in present.items() if finess not in seen)
    return synchronise(report, HealthFacility, "FINESS", present, wanted, lambda finess: {"finess": finess})


def new_values(row, kinds, report):
    """What a facility that the portal meets for the first time receives."""
    kind = kinds.get("psychiatry" if row.category == MENTAL_HEALTH else SITES.get(row.kind.code, ""), row.kind)
    if kind != row.kind:
        report.notes.append(
            f"{row.finess}, {row.name}\u00a0: rangé «\u00a0{kind}\u00a0»\u00a0; annexe d’un hôpital, ou hôpital de plus\u202f?"
        )
    return {**row.values, "kind": kind, "commune": row.commune, "name": row.name}


def note_differences(facility, row, places, report):
    """What a person should look at in a facility that the team describes itself."""
    if facility.commune_id != row.commune.pk:
        report.notes.append(f"{facility.name}\u00a0: FINESS le met à {row.commune}")
    if facility.point_precision == PointPrecision.COMMUNE and row.finess in places:
        report.notes.append(
            f"{facility.name}\u00a0: FINESS a un point plus précis que la mairie, à l’adresse «\u00a0{row.values['address']}\u00a0»"
        )
