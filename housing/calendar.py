"""What a calendar shows: nights that are free, month by month; read in three queries, whatever the years of stays."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from core import french
from housing.models import Availability, Block, Booking

MONTHS = 12
MOST_MONTHS = 36
"""Months that are shown at most: a host who types a far year means « without an end »."""
FREE, PARTLY, TAKEN = "free", "partly", "taken"
IN_WORDS = {FREE: "libre", PARTLY: "libre en partie", TAKEN: "pas libre"}


@dataclass(frozen=True)
class Month:
    """A month of a dwelling, from the day it is looked at: whether it is free, and its periods that are, `(first, last)` half-open."""

    first: date
    state: str
    free: tuple

    @property
    def label(self):
        return f"{french.MONTHS[self.first.month]} {self.first.year}"

    @property
    def words(self):
        return IN_WORDS[self.state]


def free_periods(dwelling, day):
    """Periods from that day on in which some room is free every night, as half-open `(first, last)`, earliest first. Three queries."""
    offered = [bounds(row.period, day) for row in Availability.objects.ahead(day).filter(dwelling=dwelling)]
    closed = [bounds(row.period, day) for row in Block.objects.ahead(day).filter(dwelling=dwelling)]
    stays = [bounds(row.period, day) for row in Booking.objects.confirmed().ahead(day).filter(dwelling=dwelling)]
    return without(offered, [*closed, *full(stays, dwelling.places)])


def months(dwelling, day, *, free=None):
    """The `Month`s of a year from that day on, and those after it up to the last free night, `MOST_MONTHS` at most.

    Three queries, or none when `free` is what `free_periods` returned.
    """
    free = free_periods(dwelling, day) if free is None else free
    last = free[-1][1] - timedelta(days=1) if free else day
    count = min(max(MONTHS, 12 * (last.year - day.year) + last.month - day.month + 1), MOST_MONTHS)
    shown = []
    for first, after in pairwise(starts(day, count + 1)):
        start = max(first, day)
        inside = tuple((max(a, start), min(b, after)) for a, b in free if a < after and b > start)
        state = FREE if inside == ((start, after),) else PARTLY if inside else TAKEN
        shown.append(Month(first, state, inside))
    return shown


def starts(day, count):
    """The first days of `count` months, that of this day first."""
    return [date(day.year + (day.month - 1 + rank) // 12, (day.month - 1 + rank) % 12 + 1, 1) for rank in range(count)]


def bounds(period, day):
    """What is left of a period from that day on."""
    return max(period.lower, day), period.upper


def full(stays, places):
    """Periods in which so many stays or more are under way."""
    steps = sorted([(first, 1) for first, _ in stays] + [(last, -1) for _, last in stays])
    periods, held, since = [], 0, None
    for day, step in steps:
        held += step
        if held >= places and since is None:
            since = day
        elif held < places and since is not None:
            periods.append((since, day))
            since = None
    return [(first, last) for first, last in periods if first < last]


def without(periods, holes):
    """What is left of these periods, none of which touch, when all the holes are taken out of them."""
    left, holes = [], sorted(holes)
    for first, last in sorted(periods):
        for start, end in holes:
            if end <= first or start >= last:
                continue
            if first < start:
                left.append((first, start))
            first = max(first, end)
        if first < last:
            left.append((first, last))
    return left
