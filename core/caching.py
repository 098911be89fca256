"""Answers that are made once for each version of what they show.

A version is decided by one indexed query before the page is made: the same version answers 304, or
the page kept in memory; a new one is made afresh. So a page is quick without ever showing yesterday's
offers. See docs/decisions.
"""

from functools import wraps
from hashlib import blake2b

from django.conf import settings
from django.core.cache import cache
from django.db import InterfaceError, OperationalError, connection, connections
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.views.decorators.gzip import gzip_page

LIFETIME_SECONDS = 60
"""No answer outlives the minute it was made in, whatever its version says."""


def wants_fragment(request):
    """Whether htmx asks for the part of the page that it swaps; going back in the history asks it for the whole page."""
    return bool(request.htmx) and not request.htmx.history_restore_request


def ask(version, now):
    """What `version` answers, asked again on a new connection if the kept one turns out to be dead.

    It is the first query of its page, so it stands for Django's own check of the connection, which would
    ask the database once more. Any other trouble of the database is raised.
    """
    was_kept, connection.health_check_done = connection.connection is not None, True
    try:
        return version(now)
    except (InterfaceError, OperationalError):
        if not was_kept or connection.in_atomic_block or connection.is_usable():
            raise
        connection.close()
        return version(now)


_on_openings = {"models": [], "sql": []}


def show_on_openings(*models, sql=()):
    """Tell what the opening pages of rubriques show besides their own tables, through tags of an app above theirs.

    `sql` are expressions that take the moment as their parameter, for what is too large for `stamp`.
    """
    _on_openings["models"] += models
    _on_openings["sql"] += sql


def opening_stamp(*models, sql=()):
    """The `version` of an opening page: what it shows itself and what was told to `show_on_openings`, in one query."""

    def version(at):
        moments = dict.fromkeys((*sql, *_on_openings["sql"]))
        parts = [*map(_rows_sql, dict.fromkeys((*models, *_on_openings["models"]))), *moments]
        with connections["default"].cursor() as cursor:
            cursor.execute(f"SELECT concat_ws('/', {', '.join(parts)})", [at] * len(moments))
            return cursor.fetchone()[0]

    return version


def stamp(*models, also=None):
    """A `version` for pages made of `core.models.Dated` tables that staff edit: how many rows each holds, and the last change.

    One query, two when `also` is given: the version of what else the page shows, asked with the moment too.
    For tables of some hundred rows. What a date brings out is seen when the minute of the page ends.
    """
    sql = f"SELECT concat_ws('/', {', '.join(map(_rows_sql, models))})"

    def version(at):
        with connections["default"].cursor() as cursor:
            cursor.execute(sql)
            found = cursor.fetchone()[0]
        return f"{found}/{also(at)}" if also else found

    return version


def _rows_sql(model):
    return f"(SELECT concat(count(*), ' ', max(updated_at)) FROM {model._meta.db_table})"


def versioned(version):
    """Decorator of a public GET view. `version()` tells what the page depends on, as text, in one query.

    The page must depend on nothing else but the address, the host and `wants_fragment`. It is kept as it is sent,
    compressed for those who read gzip.
    """

    def decorate(view):
        make = gzip_page(view)

        @wraps(view)
        def answer(request, *args, **kwargs):
            now = timezone.now()
            minute = now.timestamp() // LIFETIME_SECONDS
            address = (request.scheme, request.get_host(), request.get_full_path())
            form = (wants_fragment(request), "gzip" in request.headers.get("Accept-Encoding", ""))
            parts = (ask(version, now), minute, *address, *form)
            digest = blake2b("\n".join(map(str, parts)).encode(), digest_size=16).hexdigest()
            etag = f'"{digest}"'
            response = get_conditional_response(request, etag=etag)
            if response is None:
                response = cache.get(digest) if settings.PAGE_CACHE else None
            if response is None:
                response = make(request, *args, **kwargs)
                if response.status_code != 200:
                    return response
                if settings.PAGE_CACHE:
                    cache.set(digest, response, LIFETIME_SECONDS)
            response["ETag"] = etag
            patch_cache_control(response, public=True, no_cache=True)
            patch_vary_headers(response, ["Accept-Encoding", "HX-Request", "HX-History-Restore-Request"])
            return response

        return answer

    return decorate
