"""The private link of a host: the one key of their dwelling, without an account."""

from django.urls import reverse

from core import signed
from core.announced.links import PrivateLinks

LINKS = PrivateLinks("housing", keep="housing:dwelling_keep", contact="housing:dwelling_contact")
PURPOSE = LINKS.purpose
keep_path, keep_url, contact_url = LINKS.keep_path, LINKS.keep_url, LINKS.contact_url


def calendar_path(dwelling):
    """The path of the calendar behind the private link."""
    return reverse("housing:host_calendar", args=[signed.sign(PURPOSE, dwelling)])
