"""What a calendar shows: nights that are free, month by month; read in three queries, whatever the years of stays."""

from collections import defaultdict
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
    """A month of a dwelling, from the day it is looked at: whether one room is free all along, and its `free_periods`."""

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
    """Periods from that day on in which one and the same room is free every night, as half-open `(first, last)`, earliest first.

    Nobody is moved between rooms (docs/decisions/stays.md), so in a residence two of them may overlap; none lies in another. Any stay
    within one of them is what the search finds. Three queries.
    """
    offered = [bounds(row.period, day) for row in Availability.objects.ahead(day).filter(dwelling=dwelling)]
    closed = [bounds(row.period, day) for row in Block.objects.ahead(day).filter(dwelling=dwelling)]
    held = defaultdict(list)
    for stay in Booking.objects.confirmed().ahead(day).filter(dwelling=dwelling):
        held[stay.place].append(bounds(stay.period, day))
    # Rooms that nobody holds are one for this question.
    rooms = [held[place] for place in range(1, dwelling.places + 1) if place in held]
    rooms += [[]] if len(rooms) < dwelling.places else []
    return widest(period for stays in rooms for period in without(offered, [*closed, *stays]))


def widest(periods):
    """These periods without those that lie in another one, earliest first."""
    kept = []
    for first, last in sorted(set(periods), key=lambda period: (period[0], -period[1].toordinal())):
        if not kept or last > kept[-1][1]:
            kept.append((first, last))
    return kept


def is_shared(periods):
    """Whether some of these periods meet or overlap: nights free one after the other, and not in one room."""
    return any(after[0] <= before[1] for before, after in pairwise(periods))


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
        inside = tuple(widest((max(a, start), min(b, after)) for a, b in free if a < after and b > start))
        state = FREE if inside == ((start, after),) else PARTLY if inside else TAKEN
        shown.append(Month(first, state, inside))
    return shown


def starts(day, count):
    """The first days of `count` months, that of this day first."""
    return [date(day.year + (day.month - 1 + rank) // 12, (day.month - 1 + rank) % 12 + 1, 1) for rank in range(count)]


def bounds(period, day):
    """What is left of a period from that day on."""
    return max(period.lower, day), period.upper


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
