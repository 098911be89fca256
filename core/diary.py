"""Files that diaries read (iCalendar, RFC 5545): what those of every app begin with."""

from datetime import timedelta

from django.conf import settings
from icalendar import Calendar, Event

CONTENT_TYPE = "text/calendar; charset=utf-8"


def book(product, name):
    """An empty calendar; `product` says which file of the portal it is, `name` is what a diary calls it."""
    calendar = Calendar()
    calendar.add("prodid", f"-//Vaucluse Santé Attractivité//{product}//FR")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    return calendar


def entry(key, title, stamp):
    """An event without its days. It keeps its identifier, made of `key`, from one file to the next, so that a diary replaces it."""
    event = Event()
    event.add("uid", f"{key}@{settings.MAIL_DOMAIN}")
    event.add("dtstamp", stamp)
    event.add("summary", title)
    return event


def set_days(event, first, last):
    """Whole days, without an hour: the same ones wherever the diary is. The end of such an event is the day after its last one."""
    event.add("dtstart", first)
    event.add("dtend", last + timedelta(days=1))
