"""The whole life of a message: written, confirmed, relayed, reminded, answered or handed over; real mail, real jobs, time that passes.

At each moment three things must say the same: the mail that left, the page of who wrote, and the screen of the team.
"""

import subprocess
import sys
from collections import Counter
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from contacts import tasks
from contacts.actions import conversations as verbs
from contacts.actions import letters
from contacts.enums import Stage, Target
from contacts.models import Conversation
from core.guard import fresh
from core.models import Mail
from opportunities.enums import State
from tests.accounts.factories import SuperuserFactory
from tests.conftest import NOW
from tests.contacts.life import link, to, work
from tests.contacts.test_conversations import DOCTOR, PUBLISHER, VALUES
from tests.killing import environment
from tests.opportunities.factories import OpportunityFactory

TEAM = "equipe@example.org"


class Life:
    """Who wrote, the publisher and the team, with the clock."""

    def __init__(self, box):
        self.box, self.reader, self.publisher, self.team = box, Client(), Client(), Client()
        self.team.force_login(SuperuserFactory())
        with time_machine.travel(NOW, tick=False):
            self.offer = OpportunityFactory(locum=True, contact_email=PUBLISHER, contact_name="Docteur Exemple", town="Sault")

    def at(self, **delay):
        """That long after the beginning; the jobs of that moment have run."""
        now = NOW + timedelta(**delay)
        work(now, tasks.chase, tasks.erase_old_conversations)
        return time_machine.travel(now, tick=False)

    def write(self):
        with time_machine.travel(NOW - timedelta(seconds=30), tick=False):
            shown = fresh()
        with self.at():
            self.reader.post(reverse("contacts:write_offer", args=[self.offer.pk]), VALUES | {"consent": "on", "shown": shown})
        with self.at(minutes=2):
            self.reader.post(link(to(self.box, DOCTOR)[0], "/contact/confirmer/"))
        self.at(minutes=3)

    @property
    def conversation(self):
        return Conversation.objects.get()

    def all_say(self, words):
        """The page of who wrote and the screen of the team show these words now."""
        page = self.reader.get(letters.path_of(letters.follow_url(self.conversation)))
        screen = self.team.get(reverse("admin:contacts_conversation_change", args=[self.conversation.pk]))
        assert words in page.text
        assert words in screen.text

    def received(self, address):
        return [message["Subject"].split("\u00a0:")[0].strip() for message in to(self.box, address)]


@pytest.fixture
def life(smtp, db):
    return Life(smtp)


def test_a_locum_writes_is_asked_answers_and_both_are_introduced(life):
    life.write()
    with life.at(hours=1):
        life.all_say("n’a pas encore répondu")
        url = link(to(life.box, PUBLISHER)[0], "/contact/repondre/").partition("?")[0]
        life.publisher.post(f"{url}?choix=question", {"questions": ["0"]})
    with life.at(hours=2):
        life.all_say("On vous pose une question")
        life.reader.post(link(to(life.box, DOCTOR)[-1], "/contact/suivi/"), {"verb": "say", "text": "Les deux semaines, dates fixes."})
    with life.at(hours=3):
        life.all_say("n’a pas encore répondu")
        assert "Les deux semaines" in to(life.box, PUBLISHER)[-1].get_body(("plain",)).get_content()
        life.publisher.post(f"{url}?choix=interested", {"text": "Parfait."})
    with life.at(hours=4):
        life.all_say("Vous êtes en relation")
        assert PUBLISHER in to(life.box, DOCTOR)[-1].get_body(("plain",)).get_content()
        assert DOCTOR in to(life.box, PUBLISHER)[-1].get_body(("plain",)).get_content()
    before = len(life.box.messages)
    for days in (1, 3, 8, 30):
        life.at(days=days)
    assert len(life.box.messages) == before, "nobody is chased once both know each other"
    life.at(days=400)
    assert life.conversation.email == ""
    assert not Mail.objects.filter(recipient=DOCTOR).exists()
    assert len({message["Message-ID"] for message in life.box.messages}) == len(life.box.messages)


def test_a_message_that_nobody_answers_ends_with_the_team(life):
    life.write()
    for days, words in (
        (1, "n’a pas encore répondu"),
        (2.5, "n’a pas encore répondu"),
        (6, "n’a pas encore répondu"),
        (8, "L’équipe VSA suit"),
    ):
        with life.at(days=days):
            life.all_say(words)
    assert life.received(PUBLISHER) == [f"{VALUES['name']} vous écrit", "Rappel", "Deuxième rappel", "Nous avons pris le relais"]
    assert life.received(DOCTOR)[-1] == "L’équipe VSA prend votre message en main"
    assert life.received(TEAM) == ["À suivre"]
    with life.at(days=8, hours=1):
        assert "Messages à suivre" in life.team.get(reverse("admin:index")).text
        verb = reverse("admin:contacts_conversation_verb", args=[life.conversation.pk, "reply"])
        life.team.post(verb, {"text": "Le cabinet vous appelle demain."})
    with life.at(days=8, hours=2):
        life.all_say("Vous avez une réponse")
        assert "Le cabinet vous appelle demain." in to(life.box, DOCTOR)[-1].get_body(("plain",)).get_content()
        life.reader.post(letters.path_of(letters.follow_url(life.conversation)), {"verb": "say", "text": "Merci, et mardi ?"})
    with life.at(days=8, hours=3):
        life.all_say("L’équipe VSA suit")
        assert life.received(TEAM)[-1] == f"{VALUES['name']} a écrit de nouveau"
        assert life.received(PUBLISHER)[-1] == "Nous avons pris le relais", "the publisher is left alone"


def test_already_filled_takes_the_offer_away_for_everybody(life):
    life.write()
    url = link(to(life.box, PUBLISHER)[0], "/contact/repondre/").partition("?")[0]
    with life.at(hours=1):
        life.publisher.post(f"{url}?choix=filled", {"text": ""})
    with life.at(hours=2):
        life.all_say("La place est déjà prise")
        life.offer.refresh_from_db()
        assert life.offer.state == State.FILLED
        assert life.reader.get(reverse("contacts:write_offer", args=[life.offer.pk])).url == life.offer.get_absolute_url()
    assert life.received(DOCTOR)[-1] == "La place est prise"


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_two_real_workers_share_the_work(smtp):
    """Two worker processes take the jobs that twelve messages deferred; each mail arrives once."""
    for number in range(12):
        offer = OpportunityFactory(contact_email=f"cabinet{number}@exemple.org")
        verbs.write(target=Target.OFFER, offer=offer, values=VALUES, confirmed=True, at=timezone.now())
    assert ProcrastinateJob.objects.filter(task_name="core.tasks.deliver_mail", status="todo").count() == 24
    command = [sys.executable, "manage.py", "procrastinate", "worker", "--one-shot", "--concurrency", "1"]
    workers = [subprocess.Popen(command, env=environment(), cwd=settings.BASE_DIR, stderr=subprocess.PIPE) for _ in range(2)]
    for worker in workers:
        _, errors = worker.communicate(timeout=120)
        assert worker.returncode == 0, errors.decode()
    assert Counter(message["To"] for message in smtp.messages) == {DOCTOR: 12} | {f"cabinet{number}@exemple.org": 1 for number in range(12)}
    assert Conversation.objects.filter(stage=Stage.WAITING).count() == 12
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'core.tasks.deliver_mail' AND status <> 'succeeded'")
        assert cursor.fetchone()[0] == 0
