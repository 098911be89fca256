"""A whole life: a doctor says when they are free, hears of what fits; a publisher asks, the doctor agrees, both write to each other.

Real messages to a server on this machine, jobs as the worker runs them, time moved forward.
"""

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from contacts import tasks
from contacts.models import Need
from core import guard
from core.models import Mail
from core.tasks import deliver_due_mails
from opportunities import actions as offer_actions
from tests.conftest import NOW
from tests.contacts.factories import need_of
from tests.opportunities.factories import OpportunityFactory, day

pytestmark = pytest.mark.django_db

DOCTOR, PUBLISHER = "claire@exemple.org", "cabinet@example.org"


class Life:
    """Somebody's mailbox and browser, hour after hour."""

    def __init__(self, client, box, clock):
        self.client, self.box, self.clock = client, box, clock

    def wait(self, **later):
        """Time passes, and the jobs of the portal run."""
        self.clock.shift(timedelta(**later))
        self.jobs()

    def jobs(self):
        for job in (tasks.match_needs, tasks.follow_needs, deliver_due_mails):
            job()

    def mails(self, who):
        return [message for message in self.box.messages if message["To"] == who]

    def subject(self, who):
        """Of the last message."""
        return self.mails(who)[-1]["Subject"].strip()

    def links(self, who, label):
        text = self.mails(who)[-1].get_body(("plain",)).get_content()
        return [re.sub(r"^https?://[^/]+", "", url) for url in re.findall(rf"^{label}\u00a0: (\S+)\r?$", text, re.MULTILINE)]

    def press(self, who, label):
        """Open the link of the last message with that label, see that nothing changed, and press its button."""
        (url,) = self.links(who, label)
        before = (Mail.objects.count(), list(Need.objects.values()))
        assert self.client.get(url).status_code == 200
        assert (Mail.objects.count(), list(Need.objects.values())) == before
        answer = self.client.post(url, follow=True)
        deliver_due_mails()
        return answer.content.decode()


@pytest.fixture
def life(client, smtp):
    with time_machine.travel(NOW, tick=False) as clock:
        yield Life(client, smtp, clock)


def test_from_a_poor_list_to_two_people_in_touch(life):
    shown = guard.fresh()
    life.clock.shift(timedelta(minutes=2))
    page = life.client.get(reverse("opportunities:offer_list") + "?commune=apt&type=locum_occasional").content.decode()
    assert "/je-cherche/?commune=apt&amp;type=locum_occasional" in page
    form = {"subject": "exercise", "kinds": "locum_occasional", "commune": "Apt", "radius_km": "20", "standing": "licensed_locum"}
    form |= {"starts_on": str(day(10)), "ends_on": str(day(40)), "notify": "on", "available": "on", "months": "3", "consent": "on"}
    life.client.post("/je-cherche/", {**form, "email": DOCTOR, "shown": shown})
    life.wait(minutes=1)
    assert (len(life.mails(DOCTOR)), life.subject(DOCTOR)) == (1, "Confirmez votre recherche")

    assert "votre recherche compte" in life.press(DOCTOR, "Confirmer ma recherche")
    assert life.subject(DOCTOR) == "C’est noté\u00a0: votre recherche en Vaucluse"

    life.wait(days=1)
    assert (len(life.mails(DOCTOR)), len(life.mails(PUBLISHER))) == (2, 0), "nothing fits yet"
    offer = OpportunityFactory(title="Deux semaines à Apt", town="Apt", locum=True)
    OpportunityFactory(title="Loin d’ici", town="Orange", locum=True)
    life.wait(hours=1)
    found = life.mails(DOCTOR)[-1]
    assert "Deux semaines à Apt" in found.get_body(("plain",)).get_content()
    assert found["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    told = life.mails(PUBLISHER)[-1]
    assert life.subject(PUBLISHER) == "Un médecin disponible pour votre offre"
    assert DOCTOR not in told.as_string()

    for _ in range(3):
        life.wait(hours=1)
    assert (len(life.mails(DOCTOR)), len(life.mails(PUBLISHER))) == (3, 1), "nothing is told twice"

    assert "Nous posons la question" in life.press(PUBLISHER, "Demander la mise en relation")
    life.wait(days=3)
    assert life.subject(DOCTOR).startswith("Rappel")
    assert "vous recevez tous deux" in life.press(DOCTOR, "Oui, mettez-nous en relation")
    for who, other in ((DOCTOR, PUBLISHER), (PUBLISHER, DOCTOR)):
        last = life.mails(who)[-1]
        assert life.subject(who) == "Vous voilà en relation\u00a0: Deux semaines à Apt"
        assert last["Reply-To"] == other

    offer_actions.fill(offer=offer, at=NOW + timedelta(days=5))
    sent = len(life.box.messages)
    life.wait(days=2)
    assert len(life.box.messages) == sent

    life.wait(days=35)
    assert not Need.objects.active(NOW + timedelta(days=41)).exists(), "it ends with the last day looked for"
    life.wait(days=366)
    assert not Need.objects.exists()
    assert len({message["Message-ID"] for message in life.box.messages}) == len(life.box.messages)


def test_nobody_answers_and_nobody_is_left_waiting(life):
    OpportunityFactory(title="Deux semaines à Apt", town="Apt", locum=True)
    need_of(DOCTOR, town="Apt", available=True, notify=False, starts_on=day(1), ends_on=day(60))
    life.jobs()
    life.press(PUBLISHER, "Demander la mise en relation")
    life.wait(days=10)  # the worker was away
    assert "n’attendez pas sa réponse" in life.mails(PUBLISHER)[-1].get_body(("plain",)).get_content()
    assert all(DOCTOR not in message.as_string() for message in life.mails(PUBLISHER))
