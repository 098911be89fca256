"""The semesters of internship: hiver from November to April, été from May to October.

A semester starts on the first Monday of its month, or on the Tuesday when that Monday is 1 May or 1 November, both holidays: of the
rules that fit the dates read so far, the one that no holiday breaks. It ends on the eve of the next one. Nobody publishes these days years
ahead, so they are « à confirmer » until staff have written them in `InternshipSemester`, which wins.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from core import french, prepared
from core.french import NBSP
from territories.models import InternshipSemester

YEARS = range(1900, 2201)
SUMMER, WINTER = 5, 11
"""The months in which semesters start."""
CODE = re.compile(r"([0-9]{4})-(05|11)", re.ASCII)
TO_CONFIRM = "dates à confirmer"

_followers = []


@dataclass(frozen=True)
class Semester:
    """One semester, its last day included."""

    code: str
    start: date
    end: date
    confirmed: bool = False

    @property
    def season(self):
        return "hiver" if self.code.endswith(f"-{WINTER}") else "été"

    @property
    def label(self):
        """`novembre 2026 à avril 2027`, `mai à octobre 2027`."""
        year = int(self.code[:4])
        return f"novembre {year} à avril {year + 1}" if self.season == "hiver" else f"mai à octobre {year}"

    @property
    def months(self):
        """Its six months as `(year, month)`, in their order."""
        year, month = start_of(self.code)
        return tuple((year + (month + rank) // 12, (month + rank) % 12 + 1) for rank in range(-1, 5))

    @property
    def dates(self):
        """`du 2 novembre 2026 au 2 mai 2027`, and that they are to be confirmed unless staff have done it."""
        text = french.date_range(self.start, self.end)
        return text if self.confirmed else f"{text}, {TO_CONFIRM}"

    @property
    def nights(self):
        """The semester as a stay: from its first day to the day after its last, which is the first of the next one."""
        return self.start, self.end + timedelta(days=1)

    def __str__(self):
        return f"Semestre d’{self.season}{NBSP}: {self.label}"


def of_code(code):
    """The semester of that code (`2026-11`); None for any other text. One query, none for a text that is no code."""
    start = start_of(code)
    return read([start])[0] if start else None


def computed(code):
    """The same without what staff wrote, no query."""
    start = start_of(code)
    return _semester(start, {}) if start else None


def upcoming(day, count, *, current=False):
    """The first `count` semesters that start on this day or later, after the one under way if `current` is wanted. One query."""
    known = around(day, count)
    ahead = [semester for semester in known if semester.start >= day][:count]
    under_way = [semester for semester in known if semester.start < day <= semester.end]
    return [*under_way, *ahead] if current else ahead


def covering(day):
    """The semester under way on this day; None on a day that staff's dates leave between two. One query."""
    return next((semester for semester in around(day) if semester.start <= day <= semester.end), None)


def countdown(day):
    """Days until the next start: 0 on the day itself. One query."""
    return (upcoming(day, 1)[0].start - day).days


def first_day(year, month):
    """The computed first day of a semester."""
    first = date(year, month, 1)
    if first.weekday() == 0:  # 1 May and 1 November are holidays
        return first + timedelta(days=1)
    return first + timedelta(days=-first.weekday() % 7)


def following(year, month):
    """The start after this one, as a year and a month."""
    return (year, WINTER) if month == SUMMER else (year + 1, SUMMER)


def preceding(year, month):
    return (year, SUMMER) if month == WINTER else (year - 1, WINTER)


def around(day, count=0):
    """The semesters from the year before this day to the `count` that start after it; none for a year that nobody can mean."""
    return read(starts_from(day.year - 1, count + 4)) if day.year in YEARS else []


def start_of(code):
    """The year and month of a code; None for any other text."""
    found = CODE.fullmatch(code)
    start = (int(found[1]), int(found[2])) if found else None
    return start if start and start[0] in YEARS else None


def starts_from(year, count):
    """`count` starts, as years and months, from May of this year on."""
    starts = [(year, SUMMER)]
    while len(starts) < count:
        starts.append(following(*starts[-1]))
    return starts


def code_of(year, month):
    return f"{year:04}-{month:02}"


def read(starts):
    """The semesters of these starts, in their order. One query.

    A computed day gives way to the confirmed day beside it: no gap nor overlap comes from confirming one semester only.
    """
    confirmed = {row.code: row for row in prepared.records(written)}
    return [_semester(start, confirmed) for start in starts]


def written():
    """The semesters of which staff wrote the dates, two a year at most, for `core.prepared`."""
    return InternshipSemester.objects.order_by()


# --- What staff write --------------------------------------------------------------------------


def tell_of_dates(follower):
    """Have `follower(before, after, at)` called in the transaction that gives a semester other dates."""
    _followers.append(follower)


@transaction.atomic
def write(row, *, at):
    """Store the dates that staff read: those of its semester, and of the two beside it, which follow."""
    _tell({row.code}, row.save, at)


@transaction.atomic
def forget(rows, *, at):
    """Delete these rows: their semesters, and those beside them, are computed again."""
    _tell({row.code for row in rows}, rows.delete, at)


def _tell(codes, change, at):
    """Do it, then say which semesters have other dates."""
    written = [start_of(code) for code in codes]
    starts = sorted({each for start in written for each in (preceding(*start), start, following(*start))})
    before = read(starts)
    change()
    for old, new in zip(before, read(starts), strict=True):
        if old.nights != new.nights:
            for follower in _followers:
                follower(old, new, at)


def _semester(start, confirmed):
    before, row, after = (confirmed.get(code_of(*each)) for each in (preceding(*start), start, following(*start)))
    if row:
        return Semester(row.code, row.start_date, row.end_date, confirmed=True)
    first = before.end_date + timedelta(days=1) if before else first_day(*start)
    next_first = after.start_date if after else first_day(*following(*start))
    return Semester(code_of(*start), first, next_first - timedelta(days=1))
