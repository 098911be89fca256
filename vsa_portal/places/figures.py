"""Key figures on the pages of territories: those of the territory itself, and what compares to the wider levels."""

from dataclasses import replace

from django.db.models import Q

from core import charts, prepared
from core.french import NBSP
from core.prepared import Slot
from territories.enums import FigureLevel
from territories.figures import card
from territories.models import KeyFigure

WIDE = (FigureLevel.DEPARTEMENT, FigureLevel.REGION, FigureLevel.NATION)
LEVELS = list(FigureLevel)
AGES = ("doctors", "doctors-over-60", "doctors-over-65")
"""Codes of the counts of general practitioners, all of them first; the same person may be in two."""


def published(*names):
    """Published figures of the territories of these names, and of the levels above them, for `core.prepared`."""
    own = [Q(**{name: Slot(name)}) for name in names]
    return KeyFigure.objects.visible().with_territory().filter(Q(*own, level__in=WIDE, _connector=Q.OR))


class Figures:
    """Published figures of some territories, and of the levels above them that measure the same. One query."""

    def __init__(self, now, *, commune=None, epci=None, cpts=None):
        territories = {"commune": commune, "epci": epci, "cpts": cpts}
        keys = {name: record.pk for name, record in territories.items() if record is not None}
        found = prepared.records(published, *keys, **keys)
        self.now = now
        self.all = sorted(found, key=lambda figure: (figure.position, figure.title, figure.pk))
        self.own = [figure for figure in self.all if figure.level not in WIDE]

    def cards(self, level):
        """The figures of one level that have a value, ready to print; what they all share of their source is told once, below."""
        cards = [card(figure, self.now) for figure in self.own if figure.level == level and figure.value is not None]
        shared = {(one.source, one.source_url, one.dated, one.stale) for one in cards}
        if len(cards) < 2 or len(shared) > 1:
            return {"figure_cards": cards, "figure_source": None}
        return {"figure_cards": [replace(one, source="", stale="") for one in cards], "figure_source": cards[0]}

    def comparisons(self):
        """A chart for each measure of the territory that a wider level has too, published or not."""
        drawn = []
        for figure in self.own:
            series = sorted((other for other in self.all if other.code == figure.code), key=lambda other: LEVELS.index(other.level))
            if figure.value is not None and len(series) > 1 and figure is series[0]:
                drawn.append(comparison(series))
        return drawn

    def ages(self):
        """The counts of doctors by age, on the scale of them all; None unless all are known."""
        by_code = {figure.code: figure for figure in self.own if figure.level == FigureLevel.CPTS and figure.value is not None}
        if not all(code in by_code for code in AGES):
            return None
        rows = [charts.Row(row.title, float(row.value), row.display, rank == 0) for rank, row in enumerate(by_code[code] for code in AGES)]
        source = by_code[AGES[0]]
        note = f"Les lignes ne s’additionnent pas. Source{NBSP}: {source.source}, {source.dated}."
        return charts.bars(rows, key="ages", title="Les médecins généralistes et leur âge", columns=("Médecins", "Nombre"), note=note)


def comparison(series):
    """One measure at several levels, smallest first; what the source does not publish is drawn so."""
    first = series[0]
    rows = [
        charts.Row(
            figure.territory_name,
            None if figure.value is None else float(figure.value),
            "" if figure.value is None else figure.display,
            rank == 0,
        )
        for rank, figure in enumerate(series)
    ]
    unit = f" ({first.unit})" if first.unit and not first.title.lower().startswith(first.unit.lower().split()[0]) else ""
    note = f"Source{NBSP}: {first.source}, {first.dated}. {first.note}".strip()
    return charts.bars(
        rows, key=f"chiffre-{first.code}", title=f"{first.title}{unit}", columns=("Territoire", first.unit or "Valeur"), note=note
    )
