"""How many people look for what, where: the one table of numbers that anybody may read, and never a person."""

from hashlib import blake2b
from typing import NamedTuple

from django.core.cache import cache
from django.db.models import Count, Max, Sum

from contacts.enums import NeedSubject
from contacts.models import Need
from contacts.rules.needs import Fact, cells
from core import french
from core.caching import LIFETIME_SECONDS
from opportunities.lists import Lists

ANYWHERE = "Partout en Vaucluse"
LODGING = "logement"
"""What stands for a kind of offer when a room is looked for."""
ANY_KIND = "tous"


class Row(NamedTuple):
    """A line of the table, ready to print; `area` is the address of an intercommunalité, empty for all of Vaucluse."""

    area: str
    area_label: str
    kind: str
    kind_label: str
    count: int
    people: str
    months: str


def rows(at, lists=None):
    """The whole table, areas in alphabetical order, all of Vaucluse last. One query and the lists; four when a need has changed."""
    lists = lists or Lists()
    areas = {epci.pk: epci for epci in lists.epcis.values()}
    found = [_row(cell, areas, lists) for cell in known_cells(at)]
    return sorted(found, key=lambda row: (not row.area, row.area_label, -row.count, row.kind_label))


def known_cells(at):
    """The numbers, kept for the minute as long as no need comes, changes its state, or ends: all needs are not read for each visitor."""
    told = Need.objects.active(at).aggregate(count=Count("pk"), last=Max("confirmed_at"), keys=Sum("pk"), ends=Max("expires_at"))
    version = blake2b(repr((at.timestamp() // LIFETIME_SECONDS, *told.values())).encode(), digest_size=16).hexdigest()
    found = cache.get(f"contacts.needs_counts:{version}")
    if found is None:
        found = cells(facts(at))
        cache.set(f"contacts.needs_counts:{version}", found, LIFETIME_SECONDS)
    return found


def facts(at):
    """One `Fact` for each area and kind that an active need names: a commune stands for its intercommunalité, a place for its commune's."""
    needs = Need.objects.active(at).select_related("commune").prefetch_related("kinds", "epcis", "places__commune")
    for need in needs.order_by("pk"):
        communes = [need.commune] if need.commune else [place.commune for place in need.places.all()]
        areas = dict.fromkeys(commune.epci_id for commune in communes) or [epci.pk for epci in need.epcis.all()] or [None]
        is_exercise = need.subject == NeedSubject.EXERCISE
        kinds = ([kind.code for kind in need.kinds.all()] or [ANY_KIND]) if is_exercise else [LODGING]
        month = need.starts_on and need.starts_on.replace(day=1)
        yield from (Fact(need.email.lower(), area, kind, month) for area in areas for kind in kinds)


def _row(cell, areas, lists):
    area = areas.get(cell.area)
    known = {LODGING: "Un logement", ANY_KIND: "Un exercice, quel qu’il soit"}
    return Row(
        area=area.code if area else "",
        area_label=area.label if area else ANYWHERE,
        kind=cell.kind,
        kind_label=known.get(cell.kind) or lists.kinds[cell.kind].label,
        count=cell.count,
        people=french.plural(cell.count, "personne"),
        months=", ".join(f"{count} à partir de {french.MONTHS[month.month]} {month.year}" for month, count in cell.months),
    )
