"""The address that a browser has confirmed: for thirty days it need not confirm it again.

A signed cookie, set only when somebody presses the button of a link that was sent to that address. It holds a keyed hash of the address,
says nothing to anybody else, and is no login: all it spares is one more mail.
"""

from datetime import timedelta

from django.conf import settings
from django.utils.crypto import constant_time_compare

from core.mail import key_of

COOKIE = "adresse_confirmee"
SALT = "core.known"
LIFETIME = timedelta(days=30)


def knows(request, email):
    """Whether this browser confirmed this address in the last thirty days."""
    found = request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=LIFETIME)
    return bool(email) and constant_time_compare(found, key_of(email))


def remember(response, email):
    """Let the browser that receives this answer be known by this address."""
    response.set_signed_cookie(
        COOKIE, key_of(email), salt=SALT, max_age=LIFETIME, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
    return response
