"""Up to four offers, or four rooms, side by side: the same facts in the same order, and which of them differ, in words."""

from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple

from django.utils import timezone

from contacts.enums import SelectedKind
from contacts.rules.selections import COMPARED
from contacts.selected.items import ROOM_STATE
from core import french
from housing.calendar import free_periods
from housing.models import Dwelling

UNKNOWN = "non précisé"
FEWEST = 2
NIGHTS = 3
"""Free periods of a room that are told; its page has them all."""


class Words(NamedTuple):
    """How a page names what it compares."""

    many: str
    writer: str
    writers: str


KINDS = {
    SelectedKind.OFFER: Words("offres", "l’annonceur", "chaque annonceur"),
    SelectedKind.ROOM: Words("logements", "l’hôte", "chaque hôte"),
}
"""What can be compared here; communes have a page of their own."""


class Row(NamedTuple):
    """One fact for each thing, with the number and the town of each said again where columns do not fit."""

    label: str
    cells: list
    mark: str


def comparable(contents):
    """The kinds of which there are enough, with their words."""
    return [(kind, words) for kind, words in KINDS.items() if len(contents.of(kind)) >= FEWEST]


def chosen(contents, keys, kind=SelectedKind.OFFER):
    """The lines of a kind that were asked by the keys of their items, four at most; the first ones when nothing was asked."""
    lines = contents.of(kind)
    return ([line for line in lines if str(line.item.pk) in keys] or lines)[:COMPARED]


def with_nights(lines, at):
    """The same lines of rooms, those that can be had with their free nights. Three queries a room, which a whole selection is spared."""
    rooms = Dwelling.objects.visible(at).only("places").in_bulk([line.item.object_id for line in lines])
    found = [(line, rooms.get(line.item.object_id)) for line in lines]
    return [replace(line, shown=_with_nights(line.shown, room, at)) if room else line for line, room in found]


def _with_nights(shown, room, at):
    rows = list(shown.table)
    after = [label for label, _ in rows].index(ROOM_STATE) + 1
    return replace(shown, table=(*rows[:after], ("Nuits libres", nights(free_periods(room, timezone.localdate(at)))), *rows[after:]))


def nights(periods):
    """Free periods in words, from the first night to the last."""
    told = [french.date_range(first, last - timedelta(days=1)) for first, last in periods[:NIGHTS]]
    if not told:
        return "aucune pour l’instant"
    return ", ".join(told) + (", puis d’autres" if len(periods) > NIGHTS else "")


def rows(lines):
    """The table of these lines: every fact that one of them tells."""
    tables = [dict(line.shown.table) for line in lines]
    labels = list(dict.fromkeys(label for line in lines for label, _ in line.shown.table))
    return [row(label, lines, [table.get(label, UNKNOWN) for table in tables]) for label in in_order(labels, lines)]


def in_order(labels, lines):
    """Labels as the fullest table has them; what it lacks comes where the others tell it, before the next that it has."""
    fullest = [label for label, _ in max((line.shown.table for line in lines), key=len)]
    order = list(fullest)
    for label in labels:
        if label not in order:
            table = next(table for table in ([name for name, _ in line.shown.table] for line in lines) if label in table)
            after = next((name for name in table[table.index(label) + 1 :] if name in order), None)
            order.insert(order.index(after) if after else len(order), label)
    return order


def row(label, lines, texts):
    towns = [f"{number}. {line.shown.place.partition(',')[0]}" for number, line in enumerate(lines, start=1)]
    return Row(label, list(zip(towns, texts, strict=True)), mark(texts))


def mark(texts):
    """Whether what is known differs, in a word; nothing when only some of them say it, and say the same."""
    known = {text for text in texts if text != UNKNOWN}
    if len(known) > 1:
        return "diffère"
    return "" if UNKNOWN in texts else "identique"
