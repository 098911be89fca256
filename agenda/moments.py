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
    """`de 9 h à 17 h`, `à partir de 18 h 30`, or nothing when it is told by days; of several days, those of the first and of the last."""
    if not event.start_time:
        return ""
    if event.first_day != event.last_day:
        until = f", jusqu’au {french.weekday(event.last_day)} à {hour(event.end_time)}" if event.end_time else ""
        return f"à partir du {french.weekday(event.first_day)} à {hour(event.start_time)}{until}"
    return f"de {hour(event.start_time)} à {hour(event.end_time)}" if event.end_time else f"à partir de {hour(event.start_time)}"
