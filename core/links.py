"""Addresses of the portal."""

from functools import lru_cache
from urllib.parse import quote, urlsplit, urlunsplit

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http.request import validate_host
from django.urls import get_script_prefix, reverse

KEPT = 5000
"""Addresses that a process remembers, each some hundred bytes."""


def address(name, *args):
    """`reverse`, resolved once a process: a list asks it for each of its rows."""
    return _address(name, args, get_script_prefix())


@lru_cache(maxsize=KEPT)
def _address(name, args, script_prefix):
    return reverse(name, args=args)


def origin(request):
    """Scheme and host of canonical links: `SITE_URL` when it is set, else those of the request.

    Empty for a host that the portal does not answer to: the page that says so has relative links.
    """
    if settings.SITE_URL:
        return settings.SITE_URL
    try:
        return f"{request.scheme}://{request.get_host()}"
    except DisallowedHost:
        return ""


def absolute(path):
    """The address of a page for a mail, which leaves from no request."""
    return settings.MAIL_ORIGIN + path


def without_own_host(url):
    """An address without its scheme and host when it names the portal in full, http or https; any other as it is."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    host = parts.hostname or ""
    ours = [name for name in (*settings.ALLOWED_HOSTS, urlsplit(settings.SITE_URL).hostname) if name and name != "*"]
    if parts.scheme not in ("http", "https") or not validate_host(host, ours):
        return url
    return urlunsplit(("", "", f"/{parts.path.lstrip('/')}", parts.query, parts.fragment))


def mailto(recipient, subject, body):
    """A `mailto:` link with a subject and a first text, percent-encoded (RFC 6068)."""
    return f"mailto:{quote(recipient, safe='@')}?subject={quote(subject)}&body={quote(body.replace(chr(10), chr(13) + chr(10)))}"
