"""Days that somebody can mean: validators of the date fields of every app."""

import calendar
from datetime import date, datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone

from core import french
from core.french import NBSP

FIRST = date(1990, 1, 1)
"""Nothing that the portal tells was observed before."""
YEARS_AHEAD = 10


YEARS = range(2000, 2101)
"""Years in which something may be published. A year typed with two digits is read as the first century by the date fields of browsers."""


def plausible_day(day):
    """Refuse a day or a moment at which the team can publish nothing."""
    if day.year not in YEARS:
        raise ValidationError(f"Vérifiez l’année{NBSP}: elle va de {YEARS[0]} à {YEARS[-1]}.")


def past_day(day):
    """Refuse a day on which nothing can have been observed: before 1990, or still to come."""
    today = timezone.localdate()
    if day > today:
        raise ValidationError(f"Cette date est à venir{NBSP}: nous sommes le {french.date(today)}.")
    if day < FIRST:
        raise ValidationError(f"Vérifiez l’année{NBSP}: elle va de {FIRST.year} à {today.year}.")


def near_day(day):
    """Refuse a day that no plan can mean: before 1990, or more than ten years ahead. The rule of every day that visitors write."""
    last = timezone.localdate().year + YEARS_AHEAD
    if not FIRST <= day <= date(last, 12, 31):
        raise ValidationError(f"Vérifiez l’année{NBSP}: elle va de {FIRST.year} à {last}.")


def a_working_day_before(at):
    """The moment from which a working day has passed: at the weekend the first of Friday, whose messages are due on Monday."""
    local = timezone.localtime(at)
    if local.weekday() >= calendar.SATURDAY:
        return timezone.make_aware(datetime.combine(local.date() - timedelta(days=local.weekday() - calendar.FRIDAY), time.min))
    return at - timedelta(days=3 if local.weekday() == calendar.MONDAY else 1)
