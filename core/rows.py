"""Rows of a queryset without its models: a list reads many, and as instances they cost three times as much."""

from django.core.exceptions import EmptyResultSet
from django.db import connections, models
from django.db.models import Expression


class Columns(Expression):
    """Fields of the base table as one expression: compiling thirty of them costs more than reading their rows.

    The last of `values_list`, and for `read` alone: it gives as many columns as it has names.
    """

    output_field = models.TextField()

    def __init__(self, *names):
        super().__init__()
        self.names = names

    def as_sql(self, compiler, connection):
        """Names of columns of the base table, without parameters."""
        meta, quote = compiler.query.model._meta, connection.ops.quote_name
        return ", ".join(f"{quote(meta.db_table)}.{quote(meta.get_field(name).column)}" for name in self.names), []


def read(queryset, around="{}", params=()):
    """The rows of a queryset as PostgreSQL gives them, `around` it SQL of ours with its own first parameters."""
    try:
        sql, own = queryset.query.sql_with_params()
    except EmptyResultSet:
        return []
    with connections[queryset.db].cursor() as cursor:
        cursor.execute(around.format(sql), [*params, *own])
        return cursor.fetchall()
