"""What a calendar kept elsewhere says (iCalendar, RFC 5545): the nights that its events take.

What is read was written by anybody: its size, the number of its events and the time they may take are bounded, and whatever cannot be
understood is refused as a whole, for a night that was left out could be given twice.
"""

from datetime import datetime, time, timedelta
from time import monotonic

from dateutil.rrule import rrulestr
from django.utils import timezone
from icalendar import Calendar

from core.french import NBSP

MOST_EVENTS = 8_000
MOST_OCCURRENCES = 20_000
"""Of one event since its first day: more than fifty years of every day."""
RULE_LENGTH = 200
"""Of the words of a repetition: each is tried against each day, so a long list would take hours."""
SECONDS = 20
"""What the repeated events of one file may take."""
AHEAD = timedelta(days=2 * 366)
"""How far ahead events are repeated."""
EARLIEST = 1970
PARTS = {
    "DAILY": {"BYDAY", "BYMONTH"},
    "WEEKLY": {"BYDAY", "BYMONTH"},
    "MONTHLY": {"BYDAY", "BYMONTH", "BYMONTHDAY", "BYSETPOS"},
    "YEARLY": {"BYDAY", "BYMONTH", "BYMONTHDAY", "BYSETPOS"},
}
"""Rules that are understood: how often, and what may narrow it."""
ALWAYS = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"}


class Unreadable(Exception):
    """A file that is no calendar, or says more than can be understood; the message is in French."""


def nights(content, today, ignored=lambda uid: False):
    """The periods `(first, last, uid)` that the events of a file take from today on; those that touch are one, so they are few.

    `ignored` tells which identifiers are not to be read. Raises `Unreadable`.
    """
    if not content.rstrip().endswith(b"END:VCALENDAR"):
        raise Unreadable("Ce fichier n’est pas un calendrier au format iCal, ou il est coupé.")
    try:
        events = [event for book in Calendar.from_ical(content, multiple=True) for event in book.walk("VEVENT")]
    except Exception as error:  # the library raises what it likes on what is no calendar
        raise Unreadable("Ce fichier n’est pas un calendrier au format iCal.") from error
    if len(events) > MOST_EVENTS:
        raise Unreadable(f"Ce calendrier a plus de {MOST_EVENTS} événements.")
    until = today + AHEAD
    try:
        taken = [each for each in taken_by(events, until, ignored) if each[1] > today and each[0] < until]
    except Unreadable:
        raise
    except Exception as error:
        raise Unreadable("Ce calendrier a un événement dont les dates ne se lisent pas.") from error
    return joined((max(first, today), min(last, until), uid) for first, last, uid in taken)


def taken_by(events, until, ignored):
    """The periods of these events, repeated ones until that day."""
    started = monotonic()
    moved = {(uid_of(event), day_of(event["RECURRENCE-ID"].dt)) for event in events if "RECURRENCE-ID" in event}
    for event in events:
        uid = uid_of(event)
        if not ignored(uid) and word(event, "STATUS") != "CANCELLED" and not leaves_free(event):
            yield from ((first, last, uid) for first, last in occurrences(event, until, moved))
        if monotonic() - started > SECONDS:
            raise Unreadable("Ce calendrier a trop d’événements qui se répètent.")


def leaves_free(event):
    """Whether an event is marked as « disponible » by who wrote it: agendas mark whole days so by themselves, which says nothing."""
    return word(event, "TRANSP") == "TRANSPARENT" and isinstance(event["DTSTART"].dt, datetime)


def word(event, name):
    return str(event.get(name, "")).upper()


def joined(periods):
    """These periods in order, those that overlap or touch made one, under the identifier of the first."""
    kept = []
    for first, last, uid in sorted(periods):
        if kept and first <= kept[-1][1]:
            kept[-1] = (kept[-1][0], max(last, kept[-1][1]), kept[-1][2])
        elif first < last:
            kept.append((first, last, uid))
    return kept


def uid_of(event):
    return str(event.get("UID", ""))[:300].replace("\x00", "")


def occurrences(event, until, moved):
    """The periods of an event, `(first, last)`: one, or those of its repetition until that day; an hour or two take no night."""
    start = local(event["DTSTART"].dt)
    length = length_of(event, start)
    if length is None:
        return []
    starts = [start]
    if "RRULE" in event and "RECURRENCE-ID" not in event:
        gone = {day for uid, day in moved if uid == uid_of(event)} | excluded(event)
        starts = [each for each in repeated(event, start, until) if each.date() not in gone]
    if "RDATE" in event:
        starts += [local(each.dt) for row in rows(event["RDATE"]) for each in row.dts]
    return [(each.date(), (each + length).date()) for each in starts]


def length_of(event, start):
    """How long an event lasts; None when it takes no night."""
    if "DTEND" in event:
        length = local(event["DTEND"].dt) - start
    else:
        length = event["DURATION"].dt if "DURATION" in event else timedelta()
    if not isinstance(event["DTSTART"].dt, datetime):  # whole days: one at least, whatever the end says
        return max(length, timedelta(days=1))
    return length if length > timedelta() else None


def repeated(event, start, until):
    """When an event takes place, from its first day until that day."""
    rule = event["RRULE"]
    if isinstance(rule, list):
        raise Unreadable("Ce calendrier a un événement qui se répète de deux façons.")
    names = {str(name).upper() for name in rule}
    allowed = PARTS.get(str(rule["FREQ"][0]).upper())
    text = rule.to_ical().decode()
    endless = any(each < 1 for each in rule.get("INTERVAL", []))  # nothing moves on: the search for the next day has no end
    if allowed is None or names - ALWAYS - allowed or start.year < EARLIEST or endless or len(text) > RULE_LENGTH:
        raise Unreadable(f"Ce calendrier a un événement dont la répétition n’est pas comprise ici{NBSP}: {text[:80]}")
    if "UNTIL" in rule:
        rule["UNTIL"] = [local(rule["UNTIL"][0]) if isinstance(rule["UNTIL"][0], datetime) else last_moment(rule["UNTIL"][0])]
    wanted = []
    for each in rrulestr(rule.to_ical().decode(), dtstart=start):
        if each.date() >= until:
            break
        if len(wanted) == MOST_OCCURRENCES:
            raise Unreadable("Ce calendrier a un événement qui se répète trop de fois.")
        wanted.append(each)
    return wanted


def excluded(event):
    """Days on which a repeated event does not take place."""
    return {day_of(each.dt) for row in rows(event.get("EXDATE", [])) for each in row.dts}


def rows(value):
    """A property that may be written several times, as a list."""
    return value if isinstance(value, list) else [value]


def last_moment(day):
    return datetime.combine(day, time.max)


def local(moment):
    """A day or a moment as the clock shows it in the portal's time zone, without the zone."""
    if not isinstance(moment, datetime):
        return datetime.combine(moment, time.min)
    return moment if moment.tzinfo is None else timezone.make_naive(moment)


def day_of(moment):
    return local(moment).date()
