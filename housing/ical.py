"""The confirmed stays of a dwelling for the host's own diary (iCalendar, RFC 5545), at an address that only the host has.

An event is a stay without hours, whose end is the day of departure; nobody's name is in it, for diaries are shared. The address is signed
with the key of the dwelling: a new key (`core.signed`) makes it void.
"""

import re
from datetime import timedelta
from hashlib import blake2b
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.http import Http404, HttpResponse
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.views.decorators.http import condition, require_safe

from core import diary, signed
from core.french import NBSP
from core.links import absolute
from core.private import private
from housing.models import Booking, Dwelling

PURPOSE = "housing.agenda"
BEHIND = timedelta(days=366)
"""How long stays that are over remain in the file."""
UID = re.compile(r"sejour-([0-9]{1,12})@", re.ASCII)


def feed_path(dwelling):
    """The path of the file of a dwelling."""
    return reverse("housing:dwelling_ics", args=[signed.sign(PURPOSE, dwelling)])


def feed_url(dwelling):
    """The address of the file, as the host gives it to a diary."""
    return absolute(feed_path(dwelling))


def is_feed_of(url, dwelling):
    """Whether an address opens the file of this dwelling, whenever it was given and whatever site name stands before its path."""
    try:
        found = resolve(unquote(urlsplit(url).path))
        if found.view_name != "housing:dwelling_ics":
            return False
        signed.read(PURPOSE, found.kwargs["token"], Dwelling.objects.filter(pk=dwelling.pk))
    except (Resolver404, signed.LinkRefused):
        return False
    return True


def feed(dwelling, day):
    """The file, as bytes: the same ones as long as no stay changes. A stay keeps its identifier."""
    book = diary.book("Séjours", f"{dwelling.title} (Vaucluse Santé Attractivité)")
    for stay in Booking.objects.confirmed().of_somebody().ahead(day - BEHIND).filter(dwelling=dwelling).order_by("period", "pk"):
        title = f"Séjour confirmé{NBSP}: chambre {stay.place}" if dwelling.places > 1 else "Séjour confirmé"
        event = diary.entry(f"sejour-{stay.pk}", title, stay.confirmed_at)
        event.add("dtstart", stay.period.lower)
        event.add("dtend", stay.period.upper)
        book.add_component(event)
    return book.to_ical()


def own_stay(uid):
    """The key of the stay that an event of ours stands for; None for an event of others."""
    found = UID.match(uid)
    return int(found[1]) if found and uid.endswith(f"@{settings.MAIL_DOMAIN}") else None


def _content(request, token):
    """The file that a token opens, made once for a request."""
    if not hasattr(request, "feed"):
        try:
            dwelling = signed.read(PURPOSE, token, Dwelling.objects.all())
        except signed.LinkRefused as refused:
            raise Http404 from refused
        request.feed = feed(dwelling, timezone.localdate())
    return request.feed


@require_safe
@condition(etag_func=lambda request, token: f'"{blake2b(_content(request, token), digest_size=16).hexdigest()}"')
def dwelling_ics(request, token):
    """The stays of a dwelling, for a diary."""
    response = HttpResponse(_content(request, token), content_type=diary.CONTENT_TYPE)
    response["Content-Disposition"] = 'inline; filename="sejours.ics"'
    response["Cache-Control"] = "private, no-cache"
    return private(response)
