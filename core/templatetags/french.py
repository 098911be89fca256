"""Filters of the French language, for templates that hold a date and no presenter."""

from datetime import datetime

from django import template
from django.utils.timezone import localtime

from core import french

register = template.Library()


@register.filter
def day(value):
    """`28 septembre 2026`, `1er septembre 2026`; Django's own formats write `1 septembre`."""
    return french.date(localtime(value) if isinstance(value, datetime) else value)


@register.filter
def moment(value):
    """`1er septembre 2026 à 14:05`, in the time zone of the portal."""
    return french.moment(value)


@register.filter
def weekday(value):
    """`mardi 1er septembre`: a day that is near."""
    return french.weekday(localtime(value) if isinstance(value, datetime) else value)
