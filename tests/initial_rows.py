"""The rows that every test finds: reference data, kinds of offer, permissions.

Most tests run in a transaction that is rolled back, and never notice. Tests that commit (live
server, concurrency) end in Django with a flush that empties *every* table, rows of data migrations
and reference data included, so that the next test finds a portal without communes. Here the initial
rows are copied once into a schema of their own, and a test that commits ends by putting them back:
truncate and copy in one transaction, with the same primary keys, in some hundredths of a second.
"""

from django.db import connection, transaction

SCHEMA = "initial_rows"
KEPT = ("django_migrations",)


def table_names(cursor, schema):
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY tablename", [schema])
    return [name for (name,) in cursor.fetchall() if name not in KEPT]


def written_columns(cursor, table):
    """Columns of a table, quoted, without those that PostgreSQL computes."""
    cursor.execute(
        """SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns
           WHERE table_schema = 'public' AND table_name = %s AND is_generated = 'NEVER'""",
        [table],
    )
    return cursor.fetchone()[0]


def save():
    """Copy the rows that the test database holds now."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
        cursor.execute(f"CREATE SCHEMA {SCHEMA}")
        for table in table_names(cursor, "public"):
            cursor.execute(f'SELECT EXISTS (SELECT FROM public."{table}")')
            if cursor.fetchone()[0]:
                cursor.execute(f'CREATE TABLE {SCHEMA}."{table}" AS TABLE public."{table}"')


def restore():
    """Empty every table, then put the copied rows back (foreign keys are checked at the end)."""
    with transaction.atomic(), connection.cursor() as cursor:
        everything = ", ".join(f'public."{table}"' for table in table_names(cursor, "public"))
        cursor.execute(f"TRUNCATE {everything}")
        for table in table_names(cursor, SCHEMA):
            columns = written_columns(cursor, table)
            cursor.execute(f'INSERT INTO public."{table}" ({columns}) SELECT {columns} FROM {SCHEMA}."{table}"')
