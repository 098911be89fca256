"""Reading the reference files of care (`facilities.csv`, `cpts.csv`, `frr.csv`) and judging them.

Nothing here touches the database. As in `territories.reference`: a file that cannot be trusted as a
whole is refused, a single row that cannot be true is left out with its reason.
"""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from core.geography import Point
from territories.enums import ZONES, FacilityStatus, PointPrecision, ZoningScheme
from territories.reference import BadRow, InconsistentReference, contains, is_code, keep, positive, read_outlines, read_table, required

FACILITY_COLUMNS = (
    *("code", "kind", "name", "status", "insee", "address", "postal_code", "latitude", "longitude", "point_precision"),
    *("emergency", "smur", "maternity", "psychiatry", "beds", "area", "description"),
    *("source", "source_url", "source_date", "staff_note"),
)
CPTS_COLUMNS = (
    *("slug", "name", "short_name", "website", "email", "mission", "insee_codes", "outside_note"),
    *("source", "source_url", "source_date", "staff_note"),
)
FRR_COLUMNS = ("insee", "zone", "source", "source_date")
FLAGS = {"oui": True, "non": False}
MOST_BEDS = 20_000
TEXT_LENGTH = 200


@dataclass(frozen=True)
class CareRow:
    """One row: its code, the line it stands on, the INSEE code or codes it names, the values of its columns as the model has them."""

    code: str
    line: int
    insee: tuple
    values: dict


@dataclass
class CareReference:
    """What the files hold: rows that may be loaded, and those that may not."""

    facilities: list = field(default_factory=list)
    cpts: list = field(default_factory=list)
    zonings: list = field(default_factory=list)
    rejections: list = field(default_factory=list)


def read_care(folder):
    """The files of care of a folder as a `CareReference`; raises `InconsistentReference`."""
    folder = Path(folder)
    outlines = read_outlines(folder / "communes.geojson", "insee")
    reference = CareReference()
    for name, columns, key, rows, build in (
        ("facilities.csv", FACILITY_COLUMNS, "code", reference.facilities, lambda line, row: facility_row(line, row, outlines)),
        ("cpts.csv", CPTS_COLUMNS, "slug", reference.cpts, cpts_row),
        ("frr.csv", FRR_COLUMNS, "insee", reference.zonings, frr_row),
    ):
        lines = [(line, {**row, "line": line}) for line, row in read_table(folder / name, columns, key)]
        rows += keep(reference, name, key, lines, lambda row, build=build: build(row["line"], row))
    refuse_twins(reference.cpts)
    return reference


def facility_row(line, row, outlines):
    """A facility; a precise point lies in its commune, a facility known by its commune has none."""
    insee = code_of(row["insee"], 5, "le code INSEE compte cinq chiffres")
    values = {name: row[name] for name in ("kind", "address", "area", "description", "staff_note")}
    values |= {name: flag(row, name) for name in ("emergency", "smur", "maternity", "psychiatry")}
    values |= sourced(row)
    values["name"] = required(row["name"], "name", 160)
    values["status"] = one_of(row, "status", FacilityStatus.values)
    values["postal_code"] = code_of(row["postal_code"], 5, "un code postal compte cinq chiffres") if row["postal_code"] else ""
    values["beds"] = positive(int, row["beds"], "beds", MOST_BEDS) if row["beds"] else None
    values["point_precision"] = one_of(row, "point_precision", PointPrecision.values)
    if values["point_precision"] != PointPrecision.COMMUNE:
        values |= placed(row, outlines.get(insee))
    elif row["latitude"] or row["longitude"]:
        raise BadRow("un établissement connu par sa commune n’a pas de point")
    return CareRow(required(row["code"], "code", 60), line, (insee,), values)


def placed(row, outline):
    """The point of a facility, which lies inside the outline of its commune."""
    point = Point(positive(float, row["latitude"], "latitude", 90), positive(float, row["longitude"], "longitude", 180))
    if outline is None or not contains(outline, point):
        raise BadRow("le point est hors de la commune")
    return {"latitude": point.latitude, "longitude": point.longitude}


def cpts_row(line, row):
    """A CPTS with the INSEE codes of its communes in Vaucluse."""
    codes = tuple(row["insee_codes"].split())
    if not codes or not all(is_code(code, 5) for code in codes) or len(set(codes)) < len(codes):
        raise BadRow("les codes INSEE comptent cinq chiffres, séparés par des espaces, chacun une fois")
    values = {name: row[name] for name in ("website", "email", "mission", "outside_note", "staff_note")}
    values |= sourced(row)
    values["name"] = required(row["name"], "name", 120)
    values["short_name"] = required(row["short_name"], "short_name", 80)
    return CareRow(required(row["slug"], "slug", 80), line, codes, values)


def frr_row(line, row):
    """The FRR zone of a commune, read in an official list: it counts as confirmed."""
    insee = code_of(row["insee"], 5, "le code INSEE compte cinq chiffres")
    values = {"zone": one_of(row, "zone", [zone.value for zone in ZONES[ZoningScheme.FRR]]), "confirmed": True}
    return CareRow(insee, line, (insee,), values | sourced(row))


def refuse_twins(rows):
    """A commune belongs to one CPTS at most, and a name to one CPTS."""
    seen, names = {}, set()
    for row in rows:
        if row.values["name"] in names:
            raise InconsistentReference(f"cpts.csv\u00a0: deux CPTS s’appellent {row.values['name']}.")
        names.add(row.values["name"])
        for code in row.insee:
            if code in seen:
                raise InconsistentReference(f"cpts.csv\u00a0: la commune {code} est dans {seen[code]} et dans {row.code}.")
            seen[code] = row.code


def sourced(row):
    """Where the facts of a row come from: every row has a source and its date."""
    try:
        day = date.fromisoformat(row["source_date"])
    except ValueError:
        raise BadRow("source_date n’est pas une date (AAAA-MM-JJ)") from None
    return {"source": required(row["source"], "source", TEXT_LENGTH), "source_url": row.get("source_url", ""), "source_date": day}


def flag(row, name):
    """`oui` or `non`."""
    try:
        return FLAGS[row[name]]
    except KeyError:
        raise BadRow(f"{name} est «\u00a0oui\u00a0» ou «\u00a0non\u00a0»") from None


def one_of(row, name, values):
    """A cell that holds one of these values."""
    if row[name] not in values:
        raise BadRow(f"{name} inconnu\u00a0: «\u00a0{row[name][:40]}\u00a0»")
    return row[name]


def code_of(text, length, reason):
    """A code of digits, kept as text."""
    if not is_code(text, length):
        raise BadRow(reason)
    return text
