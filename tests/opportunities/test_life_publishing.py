"""The whole life of an offer that a practice publishes alone: real mail to a server of this machine, real jobs, time that passes."""

from datetime import timedelta

import pytest
import time_machine
from django.apps import apps
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core import mail
from core.models import Mail
from opportunities import tasks
from opportunities.enums import FoundHow, State
from opportunities.models import OfferOutcome, Opportunity, ProposedChange
from tests.accounts.factories import SuperuserFactory
from tests.conftest import NOW
from tests.core.story import Inbox, Worker, path_in
from tests.opportunities.publishing import CHOOSE, TO, fields, write_url

pytestmark = pytest.mark.django_db

PERSON = {"contact_name": "Docteur Exemple", "contact_phone": "04 90 00 00 00"}
"""What the publisher says of themselves, beside their address."""


def traces():
    """Where something of the publisher is still stored: every column of every table that this life writes to."""
    found = []
    for model in (*apps.get_app_config("opportunities").get_models(), *apps.get_app_config("contacts").get_models(), Mail):
        for row in model._base_manager.values():
            found += [
                f"{model.__name__}.{name}"
                for name, value in row.items()
                if any(said.lower() in str(value).lower() for said in (TO, *PERSON.values()))
            ]
    return sorted(set(found))


class Story:
    """One practice, one team, one doctor, and the clock."""

    def __init__(self, box, clock):
        self.clock, self.member = clock, SuperuserFactory()
        self.inbox = Inbox(box, Worker(), TO)
        self.publisher, self.doctor, self.team = Client(), Client(), Client()
        self.data = fields(title="Une place à Apt", fee_share="75", software="Un logiciel", **PERSON)
        self.wait(0)

    def wait(self, days):
        """Time passes; the session of the team is over, and opened again."""
        self.clock.shift(timedelta(days=days))
        self.team.force_login(self.member)

    @property
    def offer(self):
        return Opportunity.objects.get()

    def seen(self):
        """What a doctor reads of the offer."""
        return self.doctor.get(self.page, follow=True).content.decode()

    def write_and_send(self):
        assert write_url("collaboration") in self.publisher.get(CHOOSE).content.decode()
        assert "Une place à Apt" in self.publisher.post(write_url(), self.data | {"act": "apercu"}).content.decode()
        self.publisher.post(write_url(), self.data)
        assert "Une place à Apt" not in self.team.get(reverse("admin:index")).content.decode()
        subject, text = self.inbox.next()
        assert "dernière étape" in subject
        private = path_in(text, "Ouvrir ma page privée")
        self.publisher.get(private)
        assert self.offer.state == State.DRAFT, "a scanner of mail sends nothing"
        self.publisher.post(private, {"verb": "submit"})
        assert "relit votre offre" in self.inbox.next()[0]

    def is_sent_back_and_corrected(self):
        assert "Une place à Apt" in self.team.get(reverse("admin:index")).content.decode()
        self.team.post(
            reverse("admin:opportunities_opportunity_reason", args=[self.offer.pk, "send_back"]), {"reason": "Dites quels jours."}
        )
        _, text = self.inbox.next()
        assert "> Dites quels jours." in text
        private = path_in(text, "Corriger et renvoyer")
        assert "Dites quels jours." in self.publisher.get(private).content.decode()
        self.data = self.data | {"half_days": ["0", "1"], "shown": fields()["shown"]}
        self.publisher.post(private + "modifier/", self.data)
        assert self.offer.state == State.SUBMITTED
        assert "relit votre offre" in self.inbox.next()[0]

    def is_published_and_read(self):
        self.team.post(reverse("admin:opportunities_opportunity_verb", args=[self.offer.pk, "publish"]))
        _, text = self.inbox.next()
        self.page = path_in(text, "La voir comme les lecteurs la voient")
        self.private = path_in(text, "Ouvrir ma page privée")
        response = self.doctor.get(self.page)
        assert "Une place à Apt" in response.content.decode()
        self.doctor.post(response.context["seen_url"])
        assert "1 en 30 jours" in self.publisher.get(self.private).content.decode()

    def changes(self):
        """A fact at once; the place once the team has approved."""
        changed = {"fee_share": "80", "commune": "Gordes", "title": "Une place à prendre", "act": "brouillon"}
        self.publisher.post(self.private + "modifier/", self.data | changed)
        assert "80\u00a0%" in self.seen()
        assert "Apt, Pays" in self.seen()
        assert self.inbox.is_quiet()
        self.team.post(reverse("admin:opportunities_proposedchange_decide", args=[ProposedChange.objects.get().pk]), {"approve": "1"})
        assert "en ligne" in self.inbox.next()[0]
        assert "Gordes" in self.seen()

    def is_asked_and_confirms(self):
        for _ in range(2):
            tasks.keep_true()
            tasks.erase_old()
        subject, text = self.inbox.next()
        assert "toujours vraie" in subject
        self.publisher.post(path_in(text, "Répondre en un clic"), {"verb": "confirm"})
        assert self.offer.confirmed_at == timezone.now()

    def finds_a_doctor(self):
        self.publisher.post(self.private, {"verb": "fill", "who": "elsewhere", "how": "portal"})
        assert OfferOutcome.objects.get().how == FoundHow.PORTAL
        assert "pourvue" in self.seen()


def test_an_offer_from_its_first_word_to_the_doctor_it_found(smtp):
    with time_machine.travel(NOW, tick=False) as clock:
        story = Story(smtp, clock)
        story.write_and_send()
        story.wait(days=1)
        story.is_sent_back_and_corrected()
        story.is_published_and_read()
        story.changes()
        story.wait(days=31)
        story.is_asked_and_confirms()
        story.finds_a_doctor()
        assert "Opportunity.contact_name" in traces()
        story.wait(days=370)
        for _ in range(2):
            tasks.erase_old()
            mail.erase_old(at=timezone.now())
        assert story.offer.state == State.FILLED
        assert traces() == [], "a year later nothing of the person is left"
        assert story.inbox.is_quiet()


def test_a_draft_that_nobody_confirms_leaves_no_trace(smtp):
    with time_machine.travel(NOW, tick=False) as clock:
        worker = Worker()
        Client().post(write_url(), fields(**PERSON))
        assert "Mail.recipient" in traces()
        worker.run()
        assert [message["To"] for message in smtp.messages] == [TO]
        clock.shift(timedelta(days=8))
        tasks.erase_old()
        assert not Opportunity.objects.exists()
        assert not Opportunity.history.exists()
        assert traces() == []
        worker.run()
        assert len(smtp.messages) == 1
