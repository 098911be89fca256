"""Conversations about an offer, and what was told of them."""

import time_machine

from contacts.actions import conversations as verbs
from contacts.enums import Standing, Target
from core import mail
from core.models import Mail

PUBLISHER, DOCTOR, TEAM = "cabinet@exemple.org", "claire@exemple.org", "equipe@example.org"
VALUES = {"name": "Claire Vidal", "standing": Standing.QUALIFIED_LOCUM, "aim": "locum", "text": "Je peux venir en mars.", "email": DOCTOR}


def relayed(offer, at, **values):
    """A conversation whose message reached the publisher at that moment."""
    with time_machine.travel(at, tick=False):
        conversation = verbs.write(target=Target.OFFER, offer=offer, values=VALUES | values, confirmed=True, at=at)
        mail.deliver_due(at=at)
    conversation.refresh_from_db()
    return conversation


def of(conversation, email, step):
    """The first message of a step to an address."""
    return Mail.objects.filter(recipient=email, event__startswith=f"contacts.{step}:{conversation.pk}").earliest("pk")


def told(conversation, to_whom=None):
    """Events of the mail about a conversation, in order."""
    found = Mail.objects.about(conversation).order_by("pk")
    if to_whom:
        found = found.filter(recipient=to_whom)
    return [event.split(":")[0].removeprefix("contacts.") for event in found.values_list("event", flat=True)]
