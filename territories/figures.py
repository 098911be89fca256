"""Key figures as readers and staff read them: the value with its source and its date, the comparison between levels."""

import re
from dataclasses import dataclass

from django.utils import timezone

from core import french
from core.links import address
from core.search import fold
from territories import rules
from territories.enums import CountOf, FigureLevel

ANNOUNCED = {
    CountOf.FACILITIES: ("annoncés", "fiche"),
    CountOf.COMMUNES: ("annoncées", "commune"),
    CountOf.POPULATION: ("annoncés", "habitant"),
}


@dataclass(frozen=True, slots=True)
class FigureCard:
    """A figure for readers. `stale` is empty unless its review is overdue, `counted` unless the portal counts it too."""

    anchor: str
    title: str
    label: str
    value: str
    is_known: bool
    unit: str
    territory: str
    level: str
    dated: str
    source: str
    source_url: str
    note: str
    stale: str
    counted: str
    counted_url: str
    updated: str

    @property
    def in_parts(self):
        """The value as the home page sets it: `("9", "millions")`, what is counted in small; `("2 h 40", "")` is one piece."""
        found = re.fullmatch(r"([^a-zà-ÿ]+)\s([^\d]+)", self.value)
        return found.groups() if found else (self.value, "")


def card(figure, at):
    """What the page of figures, the home page and the pages of territories show of a figure."""
    return FigureCard(
        anchor=figure.anchor,
        title=figure.title,
        label=figure.label,
        value=figure.display,
        is_known=figure.value is not None,
        unit=figure.unit,
        territory=figure.territory_name,
        level=figure.get_level_display(),
        dated=figure.dated,
        source=figure.source,
        source_url=figure.source_url,
        note=figure.note,
        stale=stale_mention(figure, at),
        counted=counted_mention(figure),
        counted_url=counted_url(figure),
        updated=french.date(timezone.localtime(figure.updated_at)),
    )


def stale_mention(figure, at):
    """`chiffre de 2024, en cours de relecture` once its review is overdue; empty before, and without a value to read again."""
    overdue = figure.value is not None and rules.is_stale(figure, at)
    return f"chiffre de {figure.observed_on.year}, en cours de relecture" if overdue else ""


def announced(figure):
    """`12 annoncés, 11 fiches`: what the figure says beside what the portal counts, for staff."""
    said, thing = ANNOUNCED[figure.count_of]
    return f"{figure.display} {said}, {french.plural(figure.counted, thing)}"


def counted_mention(figure):
    """`12 fiches sur ce portail, comptées le 24 novembre 2026`; empty when the portal does not count it, or adds up nobody."""
    if figure.counted is None or not figure.count_of:
        return ""
    thing = ANNOUNCED[figure.count_of][1]
    agreement = ("" if thing == "habitant" else "e") + ("s" if figure.counted > 1 else "")
    day = french.date(timezone.localtime(figure.counted_at))
    if not figure.counted:
        if figure.count_of == CountOf.POPULATION:  # no commune of that territory is known here: its people are elsewhere
            return ""
        return f"aucun{agreement} {thing} encore sur ce portail, au {day}"
    if figure.count_of == CountOf.POPULATION:
        return f"{french.plural(figure.counted, thing)} selon les populations des communes, additionné{agreement} le {day}"
    return f"{french.plural(figure.counted, thing)} sur ce portail, compté{agreement} le {day}"


def counted_url(figure):
    """The list of what the portal counted: the facilities of that kind, or the page of the CPTS with its communes; empty elsewhere."""
    if figure.counted and figure.count_of == CountOf.FACILITIES and figure.level == FigureLevel.DEPARTEMENT:
        return f"{address('territories:facility_list')}?type={figure.counted_kind.code}"
    return figure.cpts.get_absolute_url() if figure.counted and figure.count_of == CountOf.COMMUNES and figure.cpts else ""


SECTIONS = (
    (FigureLevel.DEPARTEMENT, "Le Vaucluse"),
    (FigureLevel.CPTS, "Les CPTS"),
    (FigureLevel.EPCI, "Les intercommunalités"),
    (FigureLevel.REGION, "La région"),
    (FigureLevel.NATION, "Le pays"),
)
"""Levels whose figures are shown one by one, in the order of the page. Communes have a table."""


@dataclass(frozen=True, slots=True)
class Group:
    """The figures of one territory."""

    name: str
    cards: tuple


@dataclass(frozen=True, slots=True)
class Section:
    """The figures of one level, territory by territory."""

    level: str
    title: str
    groups: tuple


def sections(figures, at):
    """The levels that have figures with a value; a value that its source does not write stands in the comparisons only."""
    found = {}
    for figure in figures:
        if figure.value is not None:
            found.setdefault(figure.level, {}).setdefault(figure.territory_name, []).append(card(figure, at))
    return [
        Section(str(level), title, tuple(Group(name, tuple(cards)) for name, cards in sorted(found[level].items())))
        for level, title in SECTIONS
        if level in found
    ]


@dataclass(frozen=True, slots=True)
class CommuneTable:
    """One thing measured in many communes by one source at one date."""

    head: FigureCard
    rows: tuple


def commune_tables(figures, at):
    """Figures of communes, a table for each measure, source and date; communes in the order of their names."""
    found = {}
    for figure in figures:
        if figure.level == FigureLevel.COMMUNE and figure.value is not None:
            found.setdefault((figure.code, figure.source, figure.dated), []).append(card(figure, at))
    return [CommuneTable(cards[0], tuple(sorted(cards, key=lambda card: fold(card.territory)))) for cards in found.values()]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One thing measured at several levels, from the smallest to the largest."""

    code: str
    title: str
    unit: str
    cards: tuple

    @property
    def is_complete(self):
        """Whether every level has its value."""
        return all(card.is_known for card in self.cards)


COMPARED = (FigureLevel.EPCI, FigureLevel.CPTS, FigureLevel.DEPARTEMENT, FigureLevel.REGION, FigureLevel.NATION)
"""Levels of the comparisons on the page of figures. Communes are compared on their own page."""


def comparisons(figures, at):
    """For each code that several levels have, its figures side by side."""
    order = list(FigureLevel)
    by_code = {}
    for figure in figures:
        if figure.level in COMPARED:
            by_code.setdefault(figure.code, []).append(figure)
    return [
        Comparison(code, rows[0].title, rows[0].unit, tuple(card(figure, at) for figure in rows))
        for code, found in by_code.items()
        if len({figure.level for figure in found}) > 1
        for rows in [sorted(found, key=lambda figure: (order.index(figure.level), figure.territory_name))]
    ]


@dataclass(frozen=True, slots=True)
class Populations:
    """What the communes add up to: `(name, number of communes, inhabitants)` of each territory, as readers read them."""

    people: str
    communes: str
    epcis: tuple
    cpts: tuple


def populations(epcis, cpts):
    """Populations of EPCI (annotated `people`, in Vaucluse only) and of CPTS (`population`), with `commune_count`; nothing is typed."""
    epcis = list(epcis)
    return Populations(
        people=french.number(sum(epci.people or 0 for epci in epcis)),
        communes=french.number(sum(epci.commune_count for epci in epcis)),
        epcis=tuple((epci.short_name, french.number(epci.commune_count), french.number(epci.people or 0)) for epci in epcis),
        cpts=tuple((one.short_name, french.number(one.commune_count), french.number(one.population or 0)) for one in cpts),
    )
