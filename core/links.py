"""Absolute addresses of the portal."""

from django.conf import settings


def origin(request):
    """Scheme and host of canonical links: `SITE_URL` when it is set, else those of the request."""
    return settings.SITE_URL or f"{request.scheme}://{request.get_host()}"
