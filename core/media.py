"""Uploaded photographs as files of the site, when no web server or object storage serves them."""

import re

from django.core.files.storage import default_storage
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

CONTENT_TYPES = {"webp": "image/webp", "avif": "image/avif"}
NAME = re.compile(r"[a-z]+/[A-Za-z0-9_-]{16,}\.(webp|avif)")
YEAR = 365 * 24 * 3600


@require_safe
def photo(request, path):
    """A file written by `core.images.store_photo`; anything else under the media folder is 404.

    Names are random and a file never changes, so it may be kept for a year.
    """
    match = NAME.fullmatch(path)
    if not match or not default_storage.exists(path):
        raise Http404
    with default_storage.open(path) as file:
        response = HttpResponse(file.read(), content_type=CONTENT_TYPES[match[1]])
    response["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'"
    return response
