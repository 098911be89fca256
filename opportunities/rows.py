"""Offers as plain rows: what a card reads, the figures of a list, the address of a page."""

from collections import namedtuple
from typing import NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connections, models
from django.db.models import Expression

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


def offer_address(pk, slug):
    """The address of the page of an offer."""
    return f"{address('opportunities:offer_list')}{pk}-{slug}/"


class CardColumns(Expression):
    """The columns of a `CardRow` after its key, as one expression: compiling thirty of them costs more than reading their rows."""

    output_field = models.TextField()

    def as_sql(self, compiler, connection):
        """Names of columns of the base table, without parameters."""
        meta, quote = compiler.query.model._meta, connection.ops.quote_name
        return ", ".join(f"{quote(meta.db_table)}.{quote(meta.get_field(name).column)}" for name in ROW_FIELDS), []


def read(queryset, around="{}", params=()):
    """The rows of a queryset as PostgreSQL gives them, `around` it SQL of ours with its own first parameters."""
    try:
        sql, own = queryset.query.sql_with_params()
    except EmptyResultSet:
        return []
    with connections[queryset.db].cursor() as cursor:
        cursor.execute(around.format(sql), [*params, *own])
        return cursor.fetchall()
