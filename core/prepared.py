"""Queries that the ORM writes once a process: writing one takes it longer than PostgreSQL takes to answer.

The text of a query follows from the code and from nothing stored, so that a kept text is never out of date. What differs
from one request to the next is a `Slot`; what changes the text itself is a part of the `shape`.

    def latest(count):
        return News.objects.visible(Slot("at")).by_date()[:count]

    prepared.records(latest, 3, at=now)
"""

from copy import copy
from functools import lru_cache
from types import SimpleNamespace

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import BigIntegerField, BooleanField, Expression, Func
from django.db.models.query import ModelIterable
from django.utils import timezone

KEPT = 500
"""Texts held by a process, some kilobytes each."""


class Slot(Expression):
    """Stands in a query for the value of that name, given when the query is asked. Arithmetic and arrays ask for its field."""

    def __init__(self, name, output_field=None):
        super().__init__(output_field)
        self.name = name

    def as_sql(self, compiler, connection):
        """A parameter that `_asked` replaces, cast as its field wants."""
        cast = getattr(self._output_field_or_none, "get_placeholder", None)
        return cast(self, compiler, connection) if cast else "%s", [self]


class Among(Func):
    """Whether a key is one of those of a slot, which holds a list: `filter(Among("pk", "keys"))`."""

    template, arg_joiner, output_field = "%(expressions)s)", " = ANY(", BooleanField()

    def __init__(self, column, name):
        super().__init__(column, Slot(name, ArrayField(BigIntegerField())))


def day(at):
    """The day of a moment where the portal is; of a slot, the slot `day`, which follows from `at` when the query is asked."""
    return Slot("day") if isinstance(at, Slot) else timezone.localdate(at)


@lru_cache(maxsize=KEPT)
def _written(build, *shape):
    """The queryset, a compiler that belongs to no connection, and the text; None for a query that can find nothing."""
    queryset = build(*shape)
    compiler = queryset.query.get_compiler(using=queryset.db)
    try:
        text = compiler.as_sql()
    except EmptyResultSet:
        return None
    converters = compiler.get_converters([column[0] for column in compiler.select[: compiler.col_count]])
    compiler.get_converters = lambda columns: converters
    compiler.connection = None
    return queryset, compiler, text


forget = _written.cache_clear
"""Write every query anew: for tests that change a setting which a query reads."""


def _asked(text, values):
    """The text and its parameters, the slots among them filled."""
    sql, params = text
    if "at" in values:
        values["day"] = timezone.localdate(values["at"])
    return sql, [values[value.name] if isinstance(value, Slot) else value for value in params]


def rows(build, *shape, around="{}", **values):
    """The rows of `build(*shape)`, a queryset of `values_list`, as PostgreSQL gives them; `around` it SQL of ours.

    `build` lives as long as its module: no lambda made for one request.
    """
    written = _written(build, *shape)
    if written is None:
        return []
    queryset, _, text = written
    sql, params = _asked(text, values)
    with connections[queryset.db].cursor() as cursor:
        cursor.execute(around.format(sql), params)
        return cursor.fetchall()


def records(build, *shape, **values):
    """The list of the model instances of `build(*shape)`, with their `select_related` and annotations; `prefetch_related` is not read.

    The compiler that wrote the query knows which column belongs to which field; a copy of it serves one thread once.
    """
    written = _written(build, *shape)
    if written is None:
        return []
    queryset, compiler, text = written
    compiler = copy(compiler)
    compiler.connection, compiler.as_sql = connections[queryset.db], lambda: _asked(text, values)
    query = SimpleNamespace(get_compiler=lambda using: compiler)
    return list(ModelIterable(SimpleNamespace(db=queryset.db, query=query, model=queryset.model, _known_related_objects={})))
