"""A health facility as readers see it: the few facts of a card, the ruled tables of its page.

Pure functions of a facility whose `kind` and `commune` are loaded.
"""

from dataclasses import dataclass
from datetime import timedelta
from math import pi, sqrt

from django.utils.text import capfirst

from core import french
from territories.enums import FacilityStatus, PointPrecision, Service

RECHECK_AFTER_DAYS = 730
"""A source, or a check by staff, older than this is shown as old, and staff are asked to look again."""

STATUSES = {"": "", **dict(FacilityStatus.choices)}


@dataclass(frozen=True, slots=True)
class FacilityCard:
    """What `components/fiche.html` shows; every value is ready to print. Equal cards look the same."""

    pk: int
    url: str
    title: str
    kind_label: str
    shape: str
    glyph: str
    tone: str
    place: str
    facts: tuple
    freshness: str
    is_old: bool
    is_demo: bool
    distance: str = ""
    note: str = ""
    is_new: bool = False
    closed: str = ""
    is_checked: bool = False
    """Whether `freshness` tells that somebody confirmed the facts: the tick is for that alone."""


def card(facility, today):
    """The card of a facility; `distance_km` is read from the row when the query annotated it."""
    distance = getattr(facility, "distance_km", None)
    kind = facility.kind
    return FacilityCard(
        pk=facility.pk,
        url=facility.get_absolute_url(),
        title=facility.name,
        kind_label=kind.label,
        shape=kind.shape,
        glyph=kind.glyph,
        tone=kind.tone,
        place=place(facility),
        facts=tuple(fact for fact in facts(facility) if fact[1]),
        freshness=freshness(facility),
        is_checked=is_checked(facility),
        is_old=is_old(facility, today),
        is_demo=facility.is_demo,
        distance="" if distance is None else f"à {french.kilometres(distance)}",
        note="" if is_placed(facility) or kind.itinerant else "adresse exacte à préciser",
    )


def nearby_card(facility, today):
    """The card of a neighbour in a short row: its distance goes with its place."""
    found = card(facility, today)
    return {
        **{name: getattr(found, name) for name in ("pk", "url", "title", "kind_label", "shape", "glyph", "tone", "is_demo")},
        "place": f"{facility.commune.name}, {found.distance}",
    }


def facts(facility):
    return [
        ("Services", ", ".join(services(facility))),
        ("Lits", f"{french.number(facility.beds)} (MCO)" if facility.beds else ""),
        ("Statut", STATUSES[facility.status]),
        ("Secteur", facility.area),
    ]


def services(facility):
    """Names of the services that the source gives."""
    return [service.label for service in Service if getattr(facility, service)]


def place(facility):
    """Street, postal code and commune in postal order; a street that is not known is left out."""
    town = f"{code} {facility.commune.name}" if (code := postal_code(facility)) else facility.commune.name
    return ", ".join(part for part in (capfirst(facility.address), town) if part)


def postal_code(facility):
    """The postal code of the facility, or that of its commune when it has only one."""
    codes = facility.commune.postal_codes
    return facility.postal_code or (codes[0] if len(codes) == 1 else "")


def is_placed(facility):
    """Whether the point is that of the facility, and not the town hall of its commune."""
    return facility.point_precision != PointPrecision.COMMUNE


def radius_km(facility):
    """Kilometres of the disc that stands for a facility known by its commune only: the area of the commune; 0 for a sure point."""
    return 0 if is_placed(facility) else round(sqrt(facility.commune.area_km2 / pi), 1)


def is_checked(facility):
    """Whether the team checked it after the day that its source is of."""
    return bool(facility.verified_on) and (facility.source_date is None or facility.verified_on > facility.source_date)


def freshness(facility):
    """Where the facts come from, or when the team checked them."""
    if is_checked(facility):
        return f"vérifié le {french.date(facility.verified_on)}"
    if facility.is_demo:
        return "établissement inventé pour l’exemple"
    return f"source\u00a0: {facility.source_text}" if facility.source else "source à préciser"


def is_old(facility, today):
    """Whether nobody has told anything newer for two years."""
    known = [day for day in (facility.source_date, facility.verified_on) if day]
    return not known or max(known) < today - timedelta(days=RECHECK_AFTER_DAYS)
