"""What must be true of the machine before the portal starts; each answer is one French line, or None when all is well."""

import shutil
import socket

from django.db import DatabaseError, NotSupportedError, connection

OLDEST_POSTGRESQL = 15
FREE_MEGABYTES = 200
"""What a first start writes: an empty PostgreSQL, the communes, the static files."""


def port_problem(host, port):
    """Another program already answers there, or the system keeps the port for itself."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            return f"Le port {port} est réservé au système\u00a0: choisissez-en un autre, par exemple «\u00a0make run PORT=8080\u00a0»."
        except OverflowError:
            return f"Le port {port} n’existe pas\u00a0: un port va de 1 à 65535."
        except OSError:
            return f"Le port {port} est déjà pris\u00a0: arrêtez l’autre programme ou essayez «\u00a0make run PORT={port + 1}\u00a0»."
    return None


def disk_problem(directory, needed=FREE_MEGABYTES):
    """Less than `needed` megabytes are free where the data go."""
    existing = next(folder for folder in (directory, *directory.parents) if folder.exists())
    free = shutil.disk_usage(existing).free // 1_000_000
    return None if free >= needed else f"Il ne reste que {free} Mo sur le disque de {directory}\u00a0: il en faut {needed}."


def version_problem(version):
    """The server is older than what the portal is tested with; `version` as PostgreSQL numbers it: 150004 is 15.4."""
    if version >= OLDEST_POSTGRESQL * 10_000:
        return None
    return f"PostgreSQL {version // 10_000} est trop ancien\u00a0: le portail demande la version {OLDEST_POSTGRESQL} ou une plus récente."


def database_problem():
    """The database does not answer, or is too old. Starts the embedded server when there is no other."""
    try:
        connection.ensure_connection()
        return version_problem(connection.pg_version)
    except NotSupportedError:
        return version_problem(connection.pg_version)
    except DatabaseError as error:
        said = str(error).strip()
        if "embedded" in connection.settings_dict["ENGINE"]:
            return said
        return f"La base de données de DATABASE_URL ne répond pas\u00a0: {said.splitlines()[0] if said else type(error).__name__}"
