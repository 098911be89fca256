"""From the days and hours that staff type to moments, in the time zone of the portal, and to French."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from core import french
from core.french import NBSP


def bounds(first_day, last_day, start_time, end_time):
    """When it begins and when it is over. Without an end hour it lasts until its last day ends."""
    zone = timezone.get_default_timezone()
    start = datetime.combine(first_day, start_time or time.min, zone)
    if start_time and end_time:
        return start, datetime.combine(last_day, end_time, zone)
    return start, datetime.combine(last_day + timedelta(days=1), time.min, zone)


def days(event):
    """`le mardi 30 juin 2026`, `du 30 juin au 1er juillet 2026`."""
    if event.first_day == event.last_day:
        return f"{french.weekday(event.first_day)} {event.first_day.year}"
    return french.date_range(event.first_day, event.last_day)


def hour(value):
    """`9 h`, `18 h 30`."""
    return f"{value.hour}{NBSP}h{NBSP}{value.minute:02}" if value.minute else f"{value.hour}{NBSP}h"


def hours(event):
    """`de 18 h 30 à 22 h`, `à partir de 9 h`, for an event of one day; nothing without hours."""
    start, end = event.start_time and hour(event.start_time), event.end_time and hour(event.end_time)
    return f"de {start} à {end}" if start and end else f"à partir de {start}" if start else ""


def told(event):
    """`jeudi 25 juin 2026, de 18 h 30 à 22 h`, `du jeudi 14 janvier à 9 h au vendredi 15 janvier 2027 à 17 h`, days alone without hours."""
    if not event.start_time:
        return days(event)
    if event.first_day == event.last_day:
        return f"{days(event)}, {hours(event)}"
    start, end = hour(event.start_time), event.end_time and hour(event.end_time)
    first, last = french.weekday(event.first_day), f"{french.weekday(event.last_day)} {event.last_day.year}"
    return f"du {first} à {start} au {last}{f' à {end}' if end else ''}"
