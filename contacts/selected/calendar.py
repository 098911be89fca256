"""The days of a selection for a diary (RFC 5545): those of its offers, and those that notes ask to be reminded of."""

from core import diary
from core.french import NBSP
from core.links import absolute


def calendar(contents):
    """The file, as bytes. An event keeps its identifier from one file to the next, so that a diary replaces it."""
    book = diary.book("Ma sélection", "Ma sélection en Vaucluse")
    for line in contents.lines:
        if line.shown:
            for deadline in line.shown.deadlines:
                book.add_component(deadline_event(line, deadline))
        for note in line.notes:
            if note.remind_on:
                book.add_component(reminder_event(line, note))
    return book.to_ical()


def deadline_event(line, deadline):
    shown = line.shown
    title = f"{deadline.label}{NBSP}: {shown.title}" if deadline.label else shown.title
    if shown.is_demo:
        title = f"{title} (exemple)"
    event = day_event(f"{line.item.key}-{deadline.code}", title, deadline.start, deadline.end, line.item.added_at)
    event.add("location", shown.place)
    event.add("url", absolute(shown.url))
    event.add("description", f"{shown.kind}, {shown.place}. {shown.freshness}. {absolute(shown.url)}")
    return event


def reminder_event(line, note):
    title = line.shown.title if line.shown else "une fiche qui n’est plus en ligne"
    event = day_event(f"note-{note.pk}", f"Rappel{NBSP}: {title}", note.remind_on, note.remind_on, note.written_at)
    event.add("description", f"{note.writer}{NBSP}: {note.text}" if note.writer else note.text)
    return event


def day_event(name, title, start, end, stamp):
    """Whole days that do not make a person busy."""
    event = diary.entry(name, title, stamp)
    diary.set_days(event, start, end)
    event.add("transp", "TRANSPARENT")
    return event
