"""Health facilities as plain rows, and the lists that every page of the directory needs."""

from collections import namedtuple
from typing import NamedTuple

from core import french
from core.links import address

FACILITY_FIELDS = (
    *("name", "slug", "status", "emergency", "smur", "maternity", "psychiatry", "beds", "area"),
    *("address", "postal_code", "latitude", "longitude", "point_precision"),
    *("source", "source_date", "verified_on", "is_demo", "updated_at"),
)
"""Columns that a card, the map and the surroundings of a point read."""


class Kind(NamedTuple):
    """A kind of facility that is shown, how many records of it are open (`shown`), and how many of those are no examples (`real`)."""

    pk: int
    code: str
    label: str
    plural_label: str
    shape: str
    glyph: str
    tone: str
    itinerant: bool
    shown: int
    real: int


class Town(NamedTuple):
    """As much of a commune as a facility tells."""

    name: str
    postal_codes: list
    area_km2: float


class Territory(NamedTuple):
    """An intercommunalité or a CPTS, as a filter names it."""

    pk: int
    slug: str
    short_name: str


class FacilityRow(namedtuple("FacilityRow", ("kind", "commune", "distance_km", "pk", *FACILITY_FIELDS))):
    """One facility as `presenters` and `geojson` read it: attributes of a `HealthFacility`, without the model."""

    __slots__ = ()

    def get_absolute_url(self):
        """The page of the facility."""
        return facility_address(self.pk, self.slug)

    @property
    def source_text(self):
        """As of a `HealthFacility`."""
        return source_text(self.source, self.source_date)


def facility_address(pk, slug):
    """The address of the page of a facility."""
    return f"{address('territories:facility_list')}{pk}-{slug}/"


def source_text(source, day):
    """The source for readers, with its date unless the name of the source tells the year."""
    if day is None or str(day.year) in source:
        return source
    return f"{source}, {french.date(day)}"
