"""Reading the key figures that the portal ships (`reference/figures.toml`) and judging them.

Nothing here touches the database. A file that cannot be read is refused; a figure that cannot be true is left out with its reason.
"""

import tomllib
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

from territories.enums import CountOf, FigureLevel, FigureNotation, FigureQualifier
from territories.reference import BadRow, InconsistentReference, Rejection, read_text

FILE = "figures.toml"
TEXTS = ("unit", "source_url", "period", "note")
REQUIRED = ("title", "label", "source")
CHOICES = {"notation": FigureNotation, "qualifier": FigureQualifier, "count_of": CountOf}
NAMED_LEVELS = {FigureLevel.COMMUNE: "commune", FigureLevel.EPCI: "epci", FigureLevel.CPTS: "cpts"}
"""Levels whose figures name their territory: a commune by its INSEE code, an EPCI by its SIREN, a CPTS by its slug."""
KNOWN = {
    *("code", "from", "level", *NAMED_LEVELS.values(), "value", "counted_kind", "published", "featured", "position"),
    *("observed_on", "review_on", *TEXTS, *REQUIRED, *CHOICES),
}


@dataclass(frozen=True)
class FigureRow:
    """One figure: its code, its level, the official code of its territory, the code of the kind it counts, the values of its fields."""

    code: str
    level: str
    territory: str
    counted_kind: str
    values: dict

    @property
    def name(self):
        """What the report calls it."""
        return f"{self.code}, {self.territory or self.level}"


@dataclass
class FigureReference:
    """What the file holds: figures that may be loaded, and those that may not."""

    figures: list = field(default_factory=list)
    rejections: list = field(default_factory=list)


def read_figures(folder):
    """The file of figures of a folder as a `FigureReference`; raises `InconsistentReference`."""
    try:
        table = tomllib.loads(read_text(Path(folder) / FILE), parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise InconsistentReference(f"{FILE}\u00a0: ce n’est pas un fichier TOML lisible ({error}).") from error
    sources, entries = table.get("sources", {}), table.get("figures", [])
    if not isinstance(entries, list) or not entries or not all(isinstance(entry, dict) for entry in [*entries, *sources.values()]):
        raise InconsistentReference(f"{FILE} ne contient aucun chiffre [[figures]].")
    reference, seen = FigureReference(), set()
    for entry in entries:
        try:
            row = figure_row({**sources.get(entry.get("from"), {}), **entry})
        except BadRow as reason:
            reference.rejections.append(Rejection(FILE, 0, str(entry.get("code", ""))[:60], str(reason)))
            continue
        if row.name in seen:
            raise InconsistentReference(f"{FILE}\u00a0: le chiffre {row.name} figure deux fois.")
        seen.add(row.name)
        reference.figures.append(row)
    return reference


def figure_row(entry):
    """A figure with what its source says in common; whatever the file leaves out is empty."""
    if unknown := entry.keys() - KNOWN:
        raise BadRow(f"champ inconnu\u00a0: {', '.join(sorted(unknown))}")
    if entry.get("level") not in FigureLevel.values:
        raise BadRow(f"niveau inconnu\u00a0: {entry.get('level')}")
    values = {name: text(entry, name) for name in TEXTS} | {name: text(entry, name, required=True) for name in REQUIRED}
    for name, choices in CHOICES.items():
        values[name] = entry.get(name, FigureNotation.NUMBER if name == "notation" else "")
        if values[name] and values[name] not in choices.values:
            raise BadRow(f"{name} inconnu\u00a0: {values[name]}")
    for name in ("observed_on", "review_on"):
        values[name] = entry.get(name)
        if type(values[name]) is not date:
            raise BadRow(f"{name} n’est pas une date")
    values["value"] = number(entry)
    values["published"], values["featured"] = entry.get("published", True), entry.get("featured", False)
    values["position"] = entry.get("position", 0)
    owner = NAMED_LEVELS.get(entry["level"], "")
    named = [name for name in NAMED_LEVELS.values() if name in entry]
    if named != [owner] * bool(owner):
        raise BadRow("le territoire n’est pas celui du niveau")
    return FigureRow(text(entry, "code", required=True), entry["level"], entry.get(owner, ""), text(entry, "counted_kind"), values)


def text(entry, name, *, required=False):
    """A text; empty when it is left out and may be."""
    value = entry.get(name, "")
    if not isinstance(value, str) or (required and not value):
        raise BadRow(f"{name} est vide ou n’est pas un texte")
    return value


def number(entry):
    """The value as a decimal number, or None."""
    value = entry.get("value")
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise BadRow("la valeur n’est pas un nombre")
    return Decimal(value)
