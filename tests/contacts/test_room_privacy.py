"""Where a room is, and whose it is, in everything that leaves the portal before the host has said yes."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from contacts.actions import alerts, digests, selections
from contacts.enums import Rhythm, SelectedKind
from contacts.models import Selection
from core.models import Mail
from housing import ical
from tests.conftest import NOW
from tests.contacts import pdf
from tests.contacts.rooms import INTERN, again, guest_path, request, room

pytestmark = pytest.mark.django_db

SECRETS = ("137 impasse des Micocouliers", "Hôte Secret", "secret@example.org", "04 90 00 00 00")


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def dwelling():
    """A room whose shift is not drawn: one due north would leave the longitude as it is."""
    return room(
        address=SECRETS[0],
        contact_name=SECRETS[1],
        contact_email=SECRETS[2],
        offset_north_m=300,
        offset_east_m=300,
        published_at=timezone.now(),
    )


def told_too_much(text, dwelling):
    """What a text gives away."""
    points = [f"{value:.{digits}f}" for value in (dwelling.exact_latitude, dwelling.exact_longitude) for digits in (3, 4, 5)]
    plain = text.replace("\u00a0", " ")
    return [secret for secret in (*SECRETS, *points) if secret in plain]


def test_an_alert_tells_no_more_than_the_list(dwelling):
    alerts.ask(email=INTERN, kind="logement", query="", rhythm=Rhythm.AT_ONCE, known=True, at=NOW - timedelta(hours=1))
    digests.send_due(at=timezone.now())
    written = "".join(Mail.objects.filter(event__contains="_digest:").values_list("text", flat=True))
    assert dwelling.title in written
    assert told_too_much(written, dwelling) == []


def test_a_selection_tells_no_more_than_the_page(client, dwelling):
    selection = Selection.objects.create(opened_at=timezone.now())
    selections.add(selection=selection, kind=SelectedKind.ROOM, object_id=dwelling.pk, at=timezone.now())
    for path in (selections.page_path(selection), selections.read_path(selection)):
        for part in ("", "comparer/", "echeances.ics"):
            text = client.get(path + part).text
            assert bool(part) or dwelling.title in text
            assert told_too_much(text, dwelling) == [], part
        paper = pdf.text(client.get(path + "selection.pdf").content)
        assert dwelling.title in paper
        assert told_too_much(paper, dwelling) == []


def test_whoever_asks_learns_nothing_before_a_yes(client, dwelling):
    conversation = request(dwelling)
    assert again(conversation).booking is not None
    assert told_too_much(client.get(guest_path(conversation)).text, dwelling) == []
    mails = "".join(Mail.objects.filter(recipient=INTERN).values_list("text", flat=True))
    assert "l’hôte n’a pas encore répondu" in mails
    assert told_too_much(mails, dwelling) == []


def test_the_diary_of_the_host_names_neither_place_nor_guest(client, dwelling):
    request(dwelling)
    text = client.get(ical.feed_path(dwelling)).text
    assert told_too_much(text, dwelling) == []
    assert "interne@exemple.org" not in text
