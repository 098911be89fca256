"""The whole life of a room that a host announces alone: real mail to a server of this machine, real jobs, time that passes."""

from datetime import timedelta

import pytest
import time_machine
from django.apps import apps
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core import mail
from core.enums import State
from core.models import Mail
from housing import tasks
from housing.models import Dwelling, ProposedChange
from tests.accounts.factories import SuperuserFactory
from tests.conftest import NOW
from tests.core.story import Inbox, Worker, path_in
from tests.housing.publishing import TO, fields, shown, write_url
from tests.territories.factories import real_commune

pytestmark = pytest.mark.django_db

PERSON = {"contact_name": "Camille Exemple", "contact_phone": "04 90 00 00 00", "address": "7 chemin des Lavandes"}
"""What a host says of themselves, beside their address."""


def traces():
    """Where something of the host is still stored: every column of every table that this life writes to."""
    found = []
    for model in (*apps.get_app_config("housing").get_models(), Mail):
        for row in model._base_manager.values():
            texts = {name: str(value).lower() for name, value in row.items()}
            found += [f"{model.__name__}.{name}" for name, text in texts.items() if any(s.lower() in text for s in (TO, *PERSON.values()))]
    return sorted(set(found))


class Story:
    """One host, one team, one intern, and the clock."""

    def __init__(self, box, clock):
        self.clock, self.member = clock, SuperuserFactory()
        self.inbox = Inbox(box, Worker(), TO)
        self.host, self.reader, self.team = Client(), Client(), Client()
        self.data = fields(**PERSON)
        self.wait(0)

    def wait(self, days):
        self.clock.shift(timedelta(days=days))
        self.team.force_login(self.member)

    @property
    def dwelling(self):
        return Dwelling.objects.get()

    def edit(self, act="brouillon", **changes):
        self.data = self.data | changes | {"shown": shown(), "act": act}
        return self.host.post(self.private + "modifier/", self.data)

    def proposes(self):
        self.host.post(write_url(), self.data)
        assert "Chambre calme" not in self.team.get(reverse("admin:index")).text
        subject, text = self.inbox.next()
        assert "dernière étape" in subject
        self.private = path_in(text, "Ouvrir ma page privée")
        self.host.post(self.private, {"verb": "submit"})
        assert "relit votre annonce" in self.inbox.next()[0]

    def is_refused_and_mended(self):
        assert "Chambre calme" in self.team.get(reverse("admin:index")).text
        self.team.post(reverse("admin:housing_dwelling_reason", args=[self.dwelling.pk, "send_back"]), {"reason": "Dites qui vit là."})
        _, text = self.inbox.next()
        assert "> Dites qui vit là." in text
        self.private = path_in(text, "Corriger et renvoyer")
        self.edit("envoyer", other_occupants="2")
        assert self.dwelling.state == State.SUBMITTED
        self.inbox.next()

    def is_published_and_read(self):
        self.team.post(reverse("admin:housing_dwelling_verb", args=[self.dwelling.pk, "publish"]))
        _, text = self.inbox.next()
        self.private = path_in(text, "Ouvrir ma page privée")
        page = path_in(text, "La voir comme les lecteurs la voient")
        seen = self.reader.get(page).text
        assert "Chambre calme" in seen
        assert not any(value in seen for value in (TO, *PERSON.values()))

    def is_asked_and_confirms(self):
        for _ in range(2):
            tasks.keep_true()
        subject, text = self.inbox.next()
        assert "toujours vraie" in subject
        self.host.post(path_in(text, "Répondre en un clic"), {"verb": "confirm"})
        assert self.dwelling.confirmed_at == timezone.now()

    def changes(self):
        self.edit(rent="400", internet="fibre")
        assert (self.dwelling.rent, self.dwelling.internet) == (350, "fibre")
        self.team.post(reverse("admin:housing_proposedchange_decide", args=[ProposedChange.objects.get().pk]), {"approve": "1"})
        assert "en ligne" in self.inbox.next()[0]
        assert self.dwelling.rent == 400

    def is_withdrawn(self):
        self.team.post(reverse("admin:housing_dwelling_reason", args=[self.dwelling.pk, "withdraw"]), {"reason": "Le toit est en travaux."})
        assert "> Le toit est en travaux." in self.inbox.next()[1]


def test_a_room_from_its_first_word_until_nothing_of_its_host_is_left(smtp):
    with time_machine.travel(NOW, tick=False) as clock:
        real_commune("Sault")
        story = Story(smtp, clock)
        story.proposes()
        story.wait(days=1)
        story.is_refused_and_mended()
        story.is_published_and_read()
        story.wait(days=31)
        story.is_asked_and_confirms()
        story.changes()
        story.is_withdrawn()
        assert "Dwelling.contact_name" in traces()
        story.wait(days=370)
        for _ in range(2):
            tasks.expire_dwellings()
            tasks.erase_old()
            mail.erase_old(at=timezone.now())
        assert story.dwelling.state == State.WITHDRAWN
        assert traces() == [], "a year later nothing of the person is left"
        assert story.inbox.is_quiet()
