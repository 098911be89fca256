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
