"""Addresses of the portal."""

from functools import lru_cache
from urllib.parse import quote, urlsplit, urlunsplit

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.urls import get_script_prefix, reverse

OWN_PORTS = (None, 80, 443)
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
    """An address without its scheme and host when it names the portal in full, http or https; any other as it is.

    A wildcard of `ALLOWED_HOSTS` names no host: what lies under it may be another site; another port is one.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return url
    ours = {name.lower() for name in settings.ALLOWED_HOSTS if not name.startswith((".", "*"))} | {urlsplit(settings.SITE_URL).hostname}
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.hostname not in ours or port not in OWN_PORTS:
        return url
    return urlunsplit(("", "", f"/{parts.path.lstrip('/')}", parts.query, parts.fragment))


def mailto(recipient, subject, body):
    """A `mailto:` link with a subject and a first text, percent-encoded (RFC 6068)."""
    return f"mailto:{quote(recipient, safe='@')}?subject={quote(subject)}&body={quote(body.replace(chr(10), chr(13) + chr(10)))}"
