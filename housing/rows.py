"""Dwellings as plain rows: what a card reads, the figures of a list, the address of a page."""

from collections import namedtuple
from typing import NamedTuple

from core.geography import Point
from core.links import address

ROW_FIELDS = (
    *("kind", "places", "slug", "title", "monthly_total", "state", "is_demo", "published_at", "confirmed_at", "latitude", "longitude"),
    *("living_area_m2", "is_furnished", "internet", "car_needed", "pets", "step_free", "min_stay_days", "max_stay_days"),
)
"""Columns that `presenters.card` reads, besides the key and the commune."""


class Epci(NamedTuple):
    short_name: str


class Place(NamedTuple):
    """The commune of a row as `presenters.place` reads it."""

    name: str
    epci: Epci


class CardRow(namedtuple("CardRow", ("pk", "commune_id", "commune", *ROW_FIELDS))):
    """One visible dwelling as `presenters.card` reads it: attributes of a `Dwelling`, without the model."""

    __slots__ = ()

    @property
    def point(self):
        """The point that readers are shown."""
        return Point(self.latitude, self.longitude)

    def get_absolute_url(self):
        """The page of the dwelling."""
        return dwelling_address(self.pk, self.slug)


class Figures(NamedTuple):
    """Dwellings found (up to a ceiling), the least rent among them, their keys in order."""

    count: int
    least: object
    keys: list


def card_row(pk, commune_id, commune, epci, *facts):
    """The `CardRow` of a row of a query made `for_card_rows`."""
    return CardRow(pk, commune_id, Place(commune, Epci(epci)), *facts)


def dwelling_address(pk, slug):
    """The address of the page of a dwelling."""
    return f"{address('housing:dwelling_list')}{pk}-{slug}/"
