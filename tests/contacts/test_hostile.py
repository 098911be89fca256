"""Whoever writes to harm: a thousand posts in a minute disturb nobody and reach nobody."""

import random
import string
from collections import Counter
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from contacts.models import Alert, Conversation, Need
from core import mail
from core.enums import MailState
from core.guard import fresh
from core.models import Mail
from tests.contacts.test_conversations import DOCTOR, PUBLISHER, VALUES
from tests.opportunities.factories import OpportunityFactory

pytestmark = pytest.mark.django_db

BAD = [
    "",
    "\0",
    "😀" * 50,
    "a" * 20_000,
    "<script>alert(1)</script>",
    "' OR 1=1 --",
    "{{ 7 * 7 }}",
    "\u202e\u200b",
    "-1",
    "99999999999999999999",
    "2027-13-45",
    "NaN",
    "../../etc/passwd",
    "a@b@c",
    "a@exemple.org\r\nBcc: victime@exemple.org",
]
ADDRESSES = ["contacts:write_adviser", "contacts:alerts_new", "contacts:needs_new", "opportunities:succession"]


def shown(now):
    with time_machine.travel(now - timedelta(seconds=30), tick=False):
        return fresh()


@pytest.fixture
def offer(now):
    return OpportunityFactory(contact_email=PUBLISHER)


def test_a_thousand_posts_of_one_machine(client, offer, now):
    """Whatever addresses it invents: ten go through to be confirmed, none reaches the publisher."""
    url, token = reverse("contacts:write_offer", args=[offer.pk]), shown(now)
    answers = Counter()
    for number in range(1000):
        page = client.post(url, VALUES | {"email": f"victime{number}@exemple.org", "consent": "on", "shown": token})
        answers[page.status_code, "Trop d’envois" in page.text] += 1
    assert answers == {(200, False): 10, (200, True): 990}
    assert Conversation.objects.count() == 10
    assert not Mail.objects.filter(recipient=PUBLISHER).exists()
    honest = client.post(url, VALUES | {"email": DOCTOR, "consent": "on", "shown": token}, REMOTE_ADDR="198.51.100.7")
    assert "Plus qu’un clic" in honest.text


def test_a_thousand_posts_of_a_thousand_machines(client, offer, now):
    """As many addresses as machines: sixty strangers receive a link at once, nobody else anything, and an honest doctor still writes."""
    url, token = reverse("contacts:write_offer", args=[offer.pk]), shown(now)
    for number in range(1000):
        values = VALUES | {"email": f"victime{number}@exemple.org", "consent": "on", "shown": token}
        client.post(url, values, REMOTE_ADDR=f"198.18.{number // 250}.{number % 250 + 1}")
    assert mail.deliver_due(at=now + timedelta(minutes=1)) == 60
    assert set(Mail.objects.filter(state=MailState.WAITING).values_list("due_at__hour", flat=True)), "the others wait for hours"
    assert not Mail.objects.filter(recipient=PUBLISHER).exists()
    honest = client.post(url, VALUES | {"email": DOCTOR, "consent": "on", "shown": token}, REMOTE_ADDR="203.0.113.9")
    assert "Plus qu’un clic" in honest.text
    assert Conversation.objects.filter(email=DOCTOR).count() == 1


def test_one_address_is_not_flooded_from_everywhere(client, offer, now):
    url, token = reverse("contacts:write_offer", args=[offer.pk]), shown(now)
    for number in range(50):
        values = VALUES | {"email": "victime@exemple.org", "text": f"Un message, le numéro {number}.", "consent": "on", "shown": token}
        client.post(url, values, REMOTE_ADDR=f"198.18.0.{number + 1}")
    assert Mail.objects.filter(recipient="victime@exemple.org").count() == 3


@pytest.mark.parametrize("name", ADDRESSES)
def test_no_value_of_any_field_breaks_a_form(client, now, name):
    """Each field in turn with each bad value, and all of them at once: a page that says so, never a failure."""
    url, token = reverse(name), shown(now)
    page = client.get(url)
    fields = sorted(
        {*VALUES, "consent", "site", "topic", "starts_on", "ends_on", "phone", "kind", "rhythm", "commune", "radius", "act", "verb"}
    )
    fields += sorted(page.context["form"].fields) if "form" in page.context else []
    for number, bad in enumerate(BAD):
        machine = {"REMOTE_ADDR": f"198.18.1.{number + 1}"}
        assert client.post(url, dict.fromkeys(fields, bad) | {"shown": token}, **machine).status_code in (200, 302, 405), bad
        for field in fields:
            answer = client.post(url, VALUES | {"consent": "on", "shown": token, field: bad}, **machine)
            assert answer.status_code in (200, 302, 405), (field, bad)
    assert not Mail.objects.filter(recipient__contains="Bcc").exists()


@pytest.mark.parametrize("name", ["contacts:write_adviser", "contacts:alerts_new", "contacts:needs_new"])
def test_no_address_of_a_page_breaks_it(client, now, name):
    rng = random.Random(84)
    names = ["type", "commune", "rayon", "epci", "du", "au", "q", "jours", "part", "page", "tri", "logement"]
    for _ in range(60):
        asked = {rng.choice(names): rng.choice([*BAD[:14], "".join(rng.choices(string.printable, k=12))]) for _ in range(3)}
        assert client.get(reverse(name), asked).status_code == 200, asked


def test_what_was_never_confirmed_is_nowhere_to_be_seen(client, offer, now):
    """A flood leaves no trace in what others see: no alert, no need, no count."""
    token = shown(now)
    for number in range(12):
        client.post(reverse("contacts:alerts_new"), {"email": f"v{number}@exemple.org", "rhythm": "daily", "shown": token})
    assert not Alert.objects.filter(confirmed_at__isnull=False).exists()
    assert not Need.objects.filter(confirmed_at__isnull=False).exists()
