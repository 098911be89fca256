"""The rows that every test finds: reference data, kinds of offer, permissions.

Most tests run in a transaction that is rolled back, and never notice. Tests that commit (live
server, concurrency) end in Django with a flush that empties *every* table, rows of data migrations
and reference data included, so that the next test finds a portal without communes. Here the initial
rows are copied once into a schema of their own, and a test that commits ends by putting them back,
with the same primary keys, in one transaction. Only what a test wrote to is emptied: with over a
hundred tables, emptying each costs a second, looking at each some hundredths.
"""

from django.db import connection, transaction

SCHEMA = "initial_rows"
KEPT = ("django_migrations",)
STATES = {}
"""What each table with initial rows looked like when they were last there and untouched."""


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


def states(cursor):
    """How many rows each table has, and the last transaction that wrote one: whatever is committed changes one of the two."""
    looks = (f"SELECT '{table}', count(*), max(xmin::text::bigint) FROM public.\"{table}\"" for table in table_names(cursor, "public"))
    # Prepared: to plan a query on so many tables takes longer than to run it.
    rows = cursor.connection.execute(" UNION ALL ".join(looks), prepare=True)
    return {table: (count, last) for table, count, last in rows}


def save():
    """Copy the rows that the test database holds now."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
        cursor.execute(f"CREATE SCHEMA {SCHEMA}")
        STATES.clear()
        for table, state in states(cursor).items():
            if state[0]:
                cursor.execute(f'CREATE TABLE {SCHEMA}."{table}" AS TABLE public."{table}"')
                STATES[table] = state


def restore():
    """Empty every table that was written to, then put the copied rows back (foreign keys are checked at the end)."""
    with transaction.atomic(), connection.cursor() as cursor:
        changed = [table for table, state in sorted(states(cursor).items()) if state != STATES.get(table, (0, None))]
        for table in changed:
            cursor.execute(f'DELETE FROM public."{table}"')
        back = [table for table in changed if table in STATES]
        for table in back:
            columns = written_columns(cursor, table)
            cursor.execute(f'INSERT INTO public."{table}" ({columns}) SELECT {columns} FROM {SCHEMA}."{table}"')
        if back:
            STATES.update((table, state) for table, state in states(cursor).items() if table in back)
