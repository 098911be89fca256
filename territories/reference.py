"""Reading the reference files of the territory (`reference/`, see its README) and judging them.

Nothing here touches the database. Two levels of refusal: a file that cannot be trusted as a whole
(missing column, code twice, files of different vintages) raises `InconsistentReference`; a single
row that cannot be true is left out with its reason.
"""

import csv
import io
import json
from dataclasses import dataclass, field
from itertools import pairwise
from math import ceil
from pathlib import Path

from core.geography import Point, distance_km

EPCI_COLUMNS = ("siren", "nom", "type", "population", "communes_84")
COMMUNE_COLUMNS = ("insee", "nom", "codes_postaux", "population", "superficie_km2", "epci_siren", "lat", "lon", "coord_source")
LEGAL_FORMS = {"CC": "CC", "CA": "CA", "CU": "CU", "METRO": "Métropole"}
NAME_LENGTH = 80
MOST_INHABITANTS = 10_000_000
LARGEST_KM2 = 20_000
"""Larger than any commune or EPCI of France: beyond, a cell holds something else."""


class InconsistentReference(Exception):
    """The files as a whole cannot be trusted: nothing of them is loaded. The message is in French."""


@dataclass(frozen=True)
class Rejection:
    """A row left out: the file, the line (0 when it is not one line's fault), the code that it bears, why."""

    file: str
    line: int
    code: str
    reason: str

    def __str__(self):
        line = f", ligne {self.line}" if self.line else ""
        return f"{self.file}{line} ({self.code or 'sans code'})\u00a0: {self.reason}."


@dataclass(frozen=True)
class CommuneRow:
    """A commune as the files give it; population in inhabitants, area in km², point of the town hall."""

    insee: str
    name: str
    postal_codes: list
    population: int
    area_km2: float
    point: Point
    point_source: str
    epci_siren: str
    outline: dict


@dataclass(frozen=True)
class EpciRow:
    """An EPCI as the files give it; the population counts its communes outside Vaucluse too."""

    siren: str
    name: str
    legal_form: str
    population: int
    communes: frozenset
    outline: dict


@dataclass
class Reference:
    """What the files hold: rows that may be loaded, and those that may not."""

    epcis: list = field(default_factory=list)
    communes: list = field(default_factory=list)
    rejections: list = field(default_factory=list)


class BadRow(Exception):
    """A row that cannot be true, with the reason in French."""


def read_reference(folder):
    """The four files `epci.csv`, `epci.geojson`, `communes.csv`, `communes.geojson` of a folder as a `Reference`.

    Raises `InconsistentReference` when they cannot be read or contradict each other.
    """
    folder = Path(folder)
    reference = Reference()
    epci_lines = read_table(folder / "epci.csv", EPCI_COLUMNS, "siren")
    commune_lines = read_table(folder / "communes.csv", COMMUNE_COLUMNS, "insee")
    check_membership(epci_lines, commune_lines)
    outlines = read_outlines(folder / "epci.geojson", "siren")
    reference.epcis = keep(reference, "epci.csv", "siren", epci_lines, lambda row: epci_row(row, outlines))
    known = {epci.siren for epci in reference.epcis}
    outlines = read_outlines(folder / "communes.geojson", "insee")
    reference.communes = keep(reference, "communes.csv", "insee", commune_lines, lambda row: commune_row(row, outlines, known))
    return without_empty_epcis(reference)


def without_empty_epcis(reference):
    """The same reference, less the EPCI of which no commune was accepted: they would have no place."""
    inhabited = {commune.epci_siren for commune in reference.communes}
    for epci in reference.epcis:
        if epci.siren not in inhabited:
            reference.rejections.append(Rejection("epci.csv", 0, epci.siren, "aucune de ses communes n’est valable"))
    reference.epcis = [epci for epci in reference.epcis if epci.siren in inhabited]
    return reference


def keep(reference, file, code, lines, build):
    """The rows that `build` accepts; the others are noted in the reference's rejections."""
    rows = []
    for number, line in lines:
        try:
            rows.append(build(line))
        except BadRow as reason:
            reference.rejections.append(Rejection(file, number, line[code], str(reason)))
    return rows


def read_table(path, columns, key):
    """Numbered lines of a CSV file in UTF-8, as dictionaries of stripped texts; `key` must be unique."""
    reader = csv.DictReader(io.StringIO(read_text(path), newline=""), strict=True)
    if missing := [column for column in columns if column not in (reader.fieldnames or ())]:
        raise InconsistentReference(f"{path.name}\u00a0: il manque la colonne {', '.join(missing)}.")
    try:
        lines = [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise InconsistentReference(
            f"{path.name}, ligne {reader.line_num}\u00a0: ce n’est pas un fichier CSV lisible ({error})."
        ) from error
    if not lines:
        raise InconsistentReference(f"{path.name} ne contient aucune ligne.")
    seen = set()
    for number, row in lines:
        if None in row or None in row.values():
            raise InconsistentReference(f"{path.name}, ligne {number}\u00a0: le nombre de colonnes n’est pas celui de l’en-tête.")
        row.update({column: row[column].strip() for column in columns})
        if row[key] in seen:
            raise InconsistentReference(f"{path.name}, ligne {number}\u00a0: le code {row[key]} figure deux fois.")
        seen.add(row[key])
    return lines


def read_outlines(path, key):
    """Geometries of a GeoJSON collection by code."""
    try:
        features = json.loads(read_text(path))["features"]
        return {feature["properties"][key]: feature["geometry"] for feature in features}
    except (ValueError, KeyError, TypeError) as error:
        raise InconsistentReference(
            f"{path.name}\u00a0: pas une collection GeoJSON dont chaque objet porte «\u00a0{key}\u00a0»."
        ) from error


def read_text(path):
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise InconsistentReference(f"Fichier introuvable\u00a0: {path.name} (dossier {path.parent}).") from None
    except UnicodeDecodeError:
        raise InconsistentReference(f"{path.name} n’est pas écrit en UTF-8.") from None


def check_membership(epci_lines, commune_lines):
    """Both tables must tell the same story about which commune belongs to which EPCI, as one vintage does."""
    told_by_epci = {code: row["siren"] for _, row in epci_lines for code in row["communes_84"].split()}
    told_by_commune = {row["insee"]: row["epci_siren"] for _, row in commune_lines}
    different = sorted(code for code in told_by_epci.keys() | told_by_commune.keys() if told_by_epci.get(code) != told_by_commune.get(code))
    if different:
        raise InconsistentReference(
            "communes.csv et epci.csv ne s’accordent pas sur l’intercommunalité de "
            f"{', '.join(different[:5])}{'…' if len(different) > 5 else ''}\u00a0: sont-ils du même millésime\u202f?"
        )


def epci_row(row, outlines):
    if not is_code(row["siren"], 9):
        raise BadRow("le SIREN compte neuf chiffres")
    if row["type"] not in LEGAL_FORMS:
        raise BadRow(f"nature inconnue\u00a0: {row['type']}")
    if not row["communes_84"]:
        raise BadRow("aucune commune de Vaucluse")
    return EpciRow(
        siren=row["siren"],
        name=typographic(required(row["nom"], "nom", NAME_LENGTH)),
        legal_form=LEGAL_FORMS[row["type"]],
        population=positive(int, row["population"], "population", MOST_INHABITANTS),
        communes=frozenset(row["communes_84"].split()),
        outline=known_outline(outlines, row["siren"]),
    )


def commune_row(row, outlines, known_sirens):
    if not is_code(row["insee"], 5):
        raise BadRow("le code INSEE compte cinq chiffres")
    postal_codes = row["codes_postaux"].split()
    if not postal_codes or not all(is_code(code, 5) for code in postal_codes):
        raise BadRow("un code postal compte cinq chiffres")
    if row["epci_siren"] not in known_sirens:
        raise BadRow(f"intercommunalité inconnue ou écartée\u00a0: {row['epci_siren']}")
    outline = known_outline(outlines, row["insee"])
    point = Point(positive(float, row["lat"], "lat", 90), positive(float, row["lon"], "lon", 180))
    if not contains(outline, point):
        raise BadRow("la mairie est hors du contour de la commune")
    return CommuneRow(
        insee=row["insee"],
        name=typographic(required(row["nom"], "nom", NAME_LENGTH)),
        postal_codes=postal_codes,
        population=positive(int, row["population"], "population", MOST_INHABITANTS),
        area_km2=positive(float, row["superficie_km2"], "superficie_km2", LARGEST_KM2),
        point=point,
        point_source=required(row["coord_source"], "coord_source", 20),
        epci_siren=row["epci_siren"],
        outline=outline,
    )


def is_code(text, length):
    return len(text) == length and text.isascii() and text.isdigit()


def required(text, column, length):
    if not text:
        raise BadRow(f"{column} est vide")
    if len(text) > length or "\0" in text:
        raise BadRow(f"{column} est trop long ou illisible")
    return text


def positive(kind, text, column, limit):
    """The number that a cell holds: every number of these files is above zero and at most `limit`."""
    try:
        value = kind(text)
    except ValueError:
        raise BadRow(f"{column} n’est pas un nombre\u00a0: «\u00a0{text[:40]}\u00a0»") from None
    if not 0 < value <= limit:
        raise BadRow(f"{column} doit être entre 0 et {limit}\u00a0: «\u00a0{text[:40]}\u00a0»")
    return value


def known_outline(outlines, code):
    """The polygon or multipolygon of that code; every ring has at least four points of two numbers."""
    outline = outlines.get(code)
    if not outline or outline.get("type") not in ("Polygon", "MultiPolygon"):
        raise BadRow("pas de contour dans le fichier GeoJSON")
    try:
        sound = all(len(ring) > 3 and all(x + y > 0 for x, y in ring) for polygon in polygons(outline) for ring in polygon)
    except (KeyError, TypeError, ValueError):
        sound = False
    if not sound:
        raise BadRow("contour illisible dans le fichier GeoJSON")
    return outline


def typographic(name):
    """An official name with the French apostrophe, and a dash where a hyphen stands between spaces."""
    return name.replace("'", "’").replace(" - ", " – ")


def contains(geometry, point):
    """Whether a GeoJSON polygon or multipolygon holds the point (ray casting, holes counted out)."""
    return any(sum(in_ring(ring, point) for ring in polygon) % 2 for polygon in polygons(geometry))


def polygons(geometry):
    return [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]


def in_ring(ring, point):
    inside = False
    for (x1, y1), (x2, y2) in pairwise(ring):
        if (y1 > point.latitude) != (y2 > point.latitude) and point.longitude < (x2 - x1) * (point.latitude - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


def interior_point(communes, outline):
    """A point to show an EPCI at: the mean of its town halls weighted by population.

    Where that mean falls outside the outline (an EPCI in two parts, a crescent), the town hall
    nearest to it.
    """
    people = sum(commune.population for commune in communes)
    mean = Point(
        round(sum(commune.point.latitude * commune.population for commune in communes) / people, 5),
        round(sum(commune.point.longitude * commune.population for commune in communes) / people, 5),
    )
    return mean if contains(outline, mean) else min((commune.point for commune in communes), key=lambda point: distance_km(point, mean))


def reach_km(point, outline):
    """Kilometres from a point to the farthest vertex of a GeoJSON polygon or multipolygon, rounded up to 10 m."""
    vertices = (Point(latitude, longitude) for polygon in polygons(outline) for ring in polygon for longitude, latitude in ring)
    return ceil(100 * max(distance_km(point, vertex) for vertex in vertices)) / 100
