"""Offers as plain rows: what a card reads, the figures of a list, the address of a page."""

import json
from collections import namedtuple
from typing import NamedTuple

from core.links import address

CARD_FIELDS = (
    *("kind", "title", "slug", "summary", "state", "is_demo", "published_at", "confirmed_at", "updated_at"),
    *("commune__name", "commune__epci__short_name", "location_precision", "latitude", "longitude", "other_commune_ids"),
    *("starts_on", "ends_on", "flexible_start", "partial_coverage", "days_per_week", "half_days"),
    *("fee_share", "salary_min", "salary_max", "salary_period", "patient_list", "team", "software", "secretary"),
    *("duty_rota", "home_visits", "lodging", "lodging_note"),
)
"""Columns that `presenters.card`, the feed and the neighbours of an offer read."""

ROW_FIELDS = tuple(name for name in CARD_FIELDS if "__" not in name and name not in ("summary", "updated_at", "latitude", "longitude"))
"""Those that a card alone reads."""


ROW_ATTRIBUTES = ("distance_km", "commune", "pk", "commune_id", *(f"{name}_id" if name == "kind" else name for name in ROW_FIELDS))


class CardRow(namedtuple("CardRow", ROW_ATTRIBUTES)):
    """One visible offer as `presenters.card` reads it: attributes of an `Opportunity`, without the model.

    A list makes many of these at each page; as model instances they cost three times as much.
    """

    __slots__ = ()

    def get_absolute_url(self):
        """The page of the offer."""
        return offer_address(self.pk, self.slug)


class Figures(NamedTuple):
    """Offers found (up to a ceiling), those of them confirmed lately, kilometres to the nearest when measured."""

    count: int
    fresh: int
    nearest: float | None


def card_rows(found, place, measured=False):
    """The `CardRow`s of the rows of a query made `for_card_rows`."""
    if measured:
        return [CardRow(km, place(commune), pk, commune, *facts) for pk, commune, km, *facts in found]
    return [CardRow(None, place(row[1]), *row) for row in found]


def offer_address(pk, slug):
    """The address of the page of an offer."""
    return f"{address('opportunities:offer_list')}{pk}-{slug}/"


EXPLAIN = "EXPLAIN (FORMAT JSON) {}"
"""What stands around a query that is only to be planned."""


def expected(rows):
    """About how many rows a query has, as the answer to its `EXPLAIN` tells."""
    if not rows:
        return 0
    plan = rows[0][0]
    [plan] = json.loads(plan) if isinstance(plan, str) else plan
    return plan["Plan"]["Plan Rows"]
