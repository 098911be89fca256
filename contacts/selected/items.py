"""What a selection shows of the things it holds: read today, at the precision that readers may know, each kind in one query.

A further kind is a reader here and a value of `enums.SelectedKind`.
"""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.utils import timezone

from contacts.enums import SelectedKind
from contacts.models import SelectionItem, SelectionNote
from core import french
from core.french import NBSP
from housing import detail as room_detail
from housing import presenters as room_presenters
from housing.enums import MARKERS
from housing.models import Dwelling
from opportunities import detail, presenters
from opportunities.enums import State
from opportunities.models import Opportunity
from territories.models import Commune


class Deadline(NamedTuple):
    """Days of a thing that belong in a diary; `code` tells them apart."""

    code: str
    label: str
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Shown:
    """One thing as it is today; every value is ready to print."""

    title: str
    url: str
    kind: str
    place: str
    facts: tuple
    table: tuple = ()
    state: str = ""
    state_text: str = ""
    freshness: str = ""
    is_old: bool = False
    is_demo: bool = False
    marker: tuple = ()
    slug: str = ""
    deadlines: tuple = ()


@dataclass(slots=True)
class Line:
    """One thing that a selection holds: its row, what it is today (None when it has no page any more), what was written beside it."""

    item: SelectionItem
    shown: Shown | None
    notes: list
    is_first: bool = False
    is_last: bool = False


class Contents(NamedTuple):
    """What a selection holds, and what was taken away from it lately."""

    lines: list
    removed: list
    removed_notes: list

    def of(self, kind):
        """Lines of one kind that still have a page."""
        return [line for line in self.lines if line.item.kind == kind and line.shown]


def contents(selection, at, *, with_notes=True):
    """Everything that the pages of a selection read: four queries at most, whatever it holds."""
    items = list(selection.items.all())
    notes = list(SelectionNote.objects.filter(item__selection=selection)) if with_notes and items else []
    found = {kind: READERS[kind]({item.object_id for item in items if item.kind == kind}, at) for kind in READERS}
    lines = [
        Line(item, found[item.kind].get(item.object_id), [note for note in notes if note.item_id == item.pk and not note.removed_at])
        for item in items
    ]
    kept = [line for line in lines if line.item.removed_at is None]
    if kept:
        kept[0].is_first = kept[-1].is_last = True
    shown = {line.item.pk: line for line in kept}
    removed_notes = [(note, shown[note.item_id]) for note in notes if note.removed_at and note.item_id in shown]
    return Contents(kept, [line for line in lines if line.item.removed_at], removed_notes)


def may_keep(kind, pk, at):
    """The thing of that kind and key that readers may see at that moment, as `Shown`; None when there is none."""
    reader = READERS.get(kind)
    shown = reader({pk}, at).get(pk) if reader else None
    return shown if shown and not shown.state else None


def offers(keys, at):
    """Offers that have a page, those that are over too."""
    rows = Opportunity.objects.with_page().for_detail().filter(pk__in=keys) if keys else []
    return {offer.pk: offer_shown(offer, at) for offer in rows}


def offer_shown(offer, at):
    card = presenters.card(offer, offer.kind, at)
    visible = detail.is_visible(offer, at)
    notice = detail.notice(offer, visible, preview=False) or {"title": "", "text": ""}
    untold = offer.state == State.WITHDRAWN
    return Shown(
        title=card.title,
        url=card.url,
        kind=card.kind_label,
        place=card.place,
        facts=() if untold else card.facts,
        table=(
            ("Type", card.kind_label),
            ("Lieu", card.place),
            ("Où en est l’offre", notice["title"] or card.freshness),
            *(() if untold else offer_table(offer)),
        ),
        state=notice["title"],
        state_text=notice["text"],
        freshness=card.freshness if visible else "",
        is_old=card.is_old,
        is_demo=card.is_demo,
        marker=(card.tone, card.shape, card.glyph),
        deadlines=offer_deadlines(offer) if visible else (),
    )


SAME_FACT = {"Disponible": "Dates", "Lieu": "Nom du lieu"}
"""Labels of the page of an offer that a table says otherwise: one row for one fact."""
LEFT_OUT = {"Profession", "Référence", "Type", "Valable jusqu’au"}


def offer_table(offer):
    """The facts of the page of an offer, for a table."""
    for section in presenters.sections(offer):
        yield from in_cells(section.rows)


def in_cells(rows):
    """Facts of a page as those of a table, small print in brackets."""
    for label, value, small in rows:
        if label not in LEFT_OUT:
            yield SAME_FACT.get(label, label), f"{value} ({small})" if small else str(value)


def offer_deadlines(offer):
    """When the practice takes place, and the last day of the notice."""
    start, end = offer.starts_on or offer.ends_on, offer.ends_on or offer.starts_on
    days = [Deadline("dates", "", start, end)] if offer.ends_on and offer.starts_on else []
    if start and not days:
        days = [Deadline("dates", "Début" if offer.starts_on else "Fin", start, end)]
    last = timezone.localdate(offer.expires_at)
    return (*days, Deadline("publication", "Dernier jour de publication", last, last))


def communes(keys, at):
    """Communes, which always have a page."""
    rows = Commune.objects.select_related("epci", "cpts").filter(pk__in=keys) if keys else []
    return {commune.pk: commune_shown(commune) for commune in rows}


def commune_shown(commune):
    facts = [
        ("Population", french.plural(commune.population, "habitant")),
        ("Superficie", f"{french.number(round(commune.area_km2))}{NBSP}km²"),
        ("CPTS", commune.cpts.name if commune.cpts else ""),
        ("Code postal", commune.postal_code),
    ]
    return Shown(
        title=commune.name,
        url=commune.get_absolute_url(),
        kind="Commune",
        place=commune.epci.short_name,
        facts=tuple(fact for fact in facts if fact[1]),
        slug=commune.slug,
    )


ROOM_STATE = "Où en est le logement"


def rooms(keys, at):
    """Rooms that have a page, those that are over too."""
    rows = Dwelling.objects.with_page().for_detail().filter(pk__in=keys) if keys else []
    return {room.pk: room_shown(room, at) for room in rows}


def room_shown(room, at):
    marker = MARKERS[room.kind]
    visible = room_detail.is_visible(room, at)
    notice = room_detail.notice(room, visible, preview=False) or {"title": "", "text": ""}
    untold = room.state == State.WITHDRAWN
    facts = (("Loyer", room_presenters.rent(room)), *room_presenters.card_facts(room))
    last = timezone.localdate(room.expires_at)
    return Shown(
        title=room.title,
        url=room.get_absolute_url(),
        kind=room_presenters.kind_label(room),
        place=room_presenters.place(room),
        facts=() if untold else facts,
        table=(
            ("Type", room_presenters.kind_label(room)),
            ("Commune", room_presenters.place(room)),
            (ROOM_STATE, notice["title"] or room_presenters.freshness(room)),
            *(() if untold else room_table(room)),
        ),
        state=notice["title"],
        state_text=notice["text"],
        freshness=room_presenters.freshness(room) if visible else "",
        is_old=room_presenters.is_old(room, at),
        is_demo=room.is_demo,
        marker=(marker.tone, marker.shape, marker.glyph),
        deadlines=(Deadline("publication", "Dernier jour de publication", last, last),) if visible else (),
    )


def room_table(room):
    """The facts of the page of a room, for a table."""
    for _, _, rows in room_presenters.sections(room):
        yield from in_cells(rows)


READERS = {SelectedKind.OFFER: offers, SelectedKind.COMMUNE: communes, SelectedKind.ROOM: rooms}
