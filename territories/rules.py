"""What holds of a key figure: whether it waits for a review, how it stands against what the portal counts."""

from django.utils import timezone

from territories.enums import CountOf, FigureLevel
from territories.querysets import ROUNDED


def is_stale(figure, at):
    """Whether the day of its review has come and gone."""
    return figure.review_on < timezone.localdate(at)


def has_gap(figure):
    """Whether the portal counts something else than the figure says; `FigureQuerySet.with_gap` is the same rule in SQL.

    A population is said in round numbers: it is compared within five per cent.
    """
    if figure.counted is None or figure.value is None:
        return False
    allowed = figure.value * ROUNDED if figure.count_of == CountOf.POPULATION else 0
    return abs(figure.counted - figure.value) > allowed


def count(figure, facilities, communes):
    """What the portal counts of a figure.

    `facilities` are `(number, kind, commune, epci, cpts)` and `communes` `(population, commune, epci, cpts)`: a number, then primary keys.
    """
    if figure.count_of == CountOf.FACILITIES:
        return sum(number for number, kind, *place in facilities if kind == figure.counted_kind_id and lies_in(figure, *place))
    inside = [population for population, *place in communes if lies_in(figure, *place)]
    return sum(inside) if figure.count_of == CountOf.POPULATION else len(inside)


def lies_in(figure, commune, epci, cpts):
    """Whether a place lies in the territory of a figure."""
    if figure.level == FigureLevel.COMMUNE:
        return commune == figure.commune_id
    if figure.level == FigureLevel.EPCI:
        return epci == figure.epci_id
    return figure.level != FigureLevel.CPTS or cpts == figure.cpts_id
