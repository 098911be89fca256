"""An event as readers see it. Pure functions of an event whose `kind`, `commune` and `organisers` are loaded."""

from dataclasses import dataclass
from typing import NamedTuple

from django.utils import timezone
from django.utils.text import capfirst

from agenda import moments
from agenda.enums import Stage, State
from core import french
from core.french import NBSP
from territories import presenters
from territories.presenters import FacilityCard

ONLINE = "à distance"


class Day(NamedTuple):
    """When an event takes place, as a dated list shows it: the day large on the left, its hours in the row."""

    iso: str
    weekday: str
    number: str
    month: str
    hours: str


@dataclass(frozen=True, slots=True)
class EventCard(FacilityCard):
    """The card of an event, in a list by date."""

    day: Day | None = None

    @property
    def where(self):
        return self.place


def card(event, at):
    """The card of an event in a list, from `for_cards`."""
    distance = getattr(event, "distance_km", None)
    kind, over = event.kind, event.is_over(at)
    return EventCard(
        pk=event.pk,
        url=event.get_absolute_url(),
        title=event.title,
        kind_label=kind.label,
        shape=kind.shape,
        glyph=kind.glyph,
        tone=kind.tone,
        place=where(event),
        facts=tuple(fact for fact in facts(event) if fact[1]),
        freshness=standing(event, at),
        is_old=over or event.state != State.PUBLISHED,
        is_demo=event.is_demo,
        distance="" if distance is None else f"à {french.kilometres(distance)}",
        closed=closed(event, at),
        day=day(event),
    )


def line(event):
    """A short row: what it is, when, where (`components/dates.html`), from `for_lines`."""
    kind = event.kind
    return {
        **{name: getattr(kind, name) for name in ("shape", "glyph", "tone")},
        "url": event.get_absolute_url(),
        "title": event.title,
        "kind_label": kind.label,
        "is_demo": event.is_demo,
        "closed": "" if event.state == State.PUBLISHED else event.get_state_display(),
        "day": day(event),
        "where": where(event),
        "place": ", ".join(filter(None, [when(event), where(event)])),
    }


def facts(event):
    return [
        ("Quand", when(event)),
        ("Pour", stages(event)),
        ("Avec", ", ".join(actor.name for actor in event.organisers)),
        ("Prix", price(event)),
    ]


def when(event):
    """Its days and hours in words."""
    return moments.told(event)


def day(event):
    """`mar. 30 juin 2026`, `3–4 juin 2027`; the first day of an event that goes from one month to the next, its row tells the other."""
    first, last = event.first_day, event.last_day
    one, within = first == last, (first.year, first.month) == (last.year, last.month)
    return Day(
        iso=first.isoformat(),
        weekday=f"{french.WEEKDAYS[first.weekday()][:3]}." if one or not within else "",
        number=str(first.day) if one or not within else f"{first.day}–{last.day}",
        month=f"{french.SHORT_MONTHS[first.month]} {first.year}",
        hours=moments.hours(event) if one else when(event),
    )


def stages(event):
    """`Internes, remplaçants`; nothing when it is for everybody."""
    return capfirst(", ".join(stage.label for stage in Stage if stage in event.stages))


def price(event):
    return "gratuit" if event.is_free else event.price


def where(event):
    """`Salle des fêtes, Malaucène`, `à distance`, or both."""
    place = ", ".join(filter(None, [event.venue, event.commune.name])) if event.commune else ""
    return " et ".join(filter(None, [place, ONLINE if event.is_online else ""]))


def street(event):
    """The venue and its postal address; nothing for what takes place online alone."""
    return ", ".join(filter(None, [event.venue, presenters.place(event)])) if event.commune else ""


def closed(event, at):
    """The word of the tag: that it will not take place as told, or that it is over."""
    if event.state != State.PUBLISHED:
        return event.get_state_display()
    return "passée" if event.is_over(at) else ""


def standing(event, at):
    """What a reader has to know before anything else: cancelled, over, or until when one registers."""
    if event.state == State.CANCELLED:
        return f"annulée{NBSP}: {event.state_reason}"
    if event.state == State.POSTPONED:
        return f"reportée, nouvelle date à venir{NBSP}: {event.state_reason}"
    if event.is_over(at):
        return "rencontre passée"
    if event.register_by:
        return registration(event, at)
    if event.is_demo:
        return "rencontre inventée pour l’exemple"
    return f"annoncée le {french.date(timezone.localtime(event.published_at))}" if event.published_at else "brouillon"


def registration(event, at):
    """Until when one registers with the organiser."""
    if event.register_by < timezone.localdate(at):
        return f"inscriptions closes depuis le {french.date(event.register_by)}"
    return f"inscription jusqu’au {french.date(event.register_by)}"
