"""What the tests of publishing share: a form as a person sends it, the private page behind the mail that was sent."""

import re
from datetime import timedelta

import time_machine
from django.urls import reverse
from django.utils import timezone

from core.guard import fresh
from core.models import Mail
from opportunities.private_link import keep_path

TO = "cabinet@exemple.org"
CHOOSE = reverse("opportunities:publish")


def write_url(code="collaboration"):
    return reverse("opportunities:publish_write", args=[code])


def shown(ago=60):
    """What a form that was opened a minute ago carries."""
    with time_machine.travel(timezone.now() - timedelta(seconds=ago), tick=False):
        return fresh()


def fields(code="collaboration", act="envoyer", **changes):
    """What the browser sends for a complete offer in Apt."""
    data = {
        "kind": code,
        "title": "Une place à prendre à Apt",
        "commune": "Apt",
        "location_precision": "commune",
        "publisher_kind": "practice",
        "contact_email": TO,
        "shown": shown(),
        "act": act,
    }
    return {name: value for name, value in (data | changes).items() if value is not None}


def locum(**changes):
    """The same for a locum in two weeks."""
    start = timezone.localdate() + timedelta(days=14)
    dates = {"starts_on": start.isoformat(), "ends_on": (start + timedelta(days=13)).isoformat(), "fee_share": "80"}
    return fields("locum_occasional", **(dates | changes))


def link(message=None):
    """The path of the first link of a message, the last one that was written by default."""
    message = message or Mail.objects.latest("pk")
    return re.search(r"https?://[^/]+(/\S+)", message.text).group(1)


def events():
    """What was told, oldest first."""
    return [event.split(":")[0].removeprefix("opportunities.") for event in Mail.objects.order_by("pk").values_list("event", flat=True)]


def keep(offer, page="offer_keep"):
    """A page behind the private link of an offer."""
    token = keep_path(offer).rstrip("/").rpartition("/")[2]
    return reverse(f"opportunities:{page}", args=[token])
