"""Requests for a room, as a visitor, their host and the portal make them."""

from datetime import timedelta

from django.utils import timezone

from contacts.actions import conversations as verbs
from contacts.actions import letters
from contacts.enums import Standing, Target
from contacts.models import Conversation
from tests.housing.factories import DwellingFactory

HOST, INTERN, OTHER = "hote@exemple.org", "interne@exemple.org", "autre@exemple.org"


def day(count):
    return timezone.localdate() + timedelta(days=count)


def room(**values):
    """A room offered for a year from today, whose host has an address."""
    return DwellingFactory(**{"contact_email": HOST, "contact_phone": "04 90 00 00 00", "offered": (day(0), day(365)), **values})


def request(dwelling, email=INTERN, first=40, last=100, **values):
    """A conversation that asks for a room, its address confirmed: the host was asked, or the waiting list has it."""
    facts = {
        "name": f"Interne {email.partition('@')[0]}",
        "email": email,
        "standing": Standing.INTERN,
        "starts_on": day(first),
        "ends_on": day(last),
        "purpose": "Stage de médecine générale",
        "people": 1,
        "text": "Interne en stage, je cherche une chambre calme.",
    }
    return verbs.write(target=Target.ROOM, dwelling=dwelling, values=facts | values, confirmed=True, at=timezone.now())


def again(conversation):
    """As it is stored now."""
    return Conversation.objects.select_related("dwelling__commune", "booking", "recipient").get(pk=conversation.pk)


def host_path(conversation, choice=""):
    """The page of the host, on which a link of the mail chose an answer."""
    return letters.path_of(letters.answer_url(again(conversation))) + (f"?choix={choice}" if choice else "")


def guest_path(conversation):
    return letters.path_of(letters.follow_url(again(conversation)))
