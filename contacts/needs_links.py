"""The private page of who looks: the link that opens it, without an account."""

from datetime import timedelta

from django.urls import reverse

from core import signed
from core.links import absolute

KEEP = "contacts.needs_keep"
"""Purpose of the link."""
KEEP_LIFETIME = timedelta(days=60)


def keep_path(need, view="needs_keep"):
    """The page, or the one behind it that changes the need, by a path of this site."""
    return reverse(f"contacts:{view}", args=[signed.sign(KEEP, need)])


def keep_url(need):
    """The same for a message."""
    return absolute(keep_path(need))
