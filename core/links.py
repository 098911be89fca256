"""Absolute addresses of the portal."""

from django.conf import settings
from django.core.exceptions import DisallowedHost


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
