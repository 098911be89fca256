"""The whole life of a stay: found by semester, asked for, confirmed by its host, reminded, followed by the next one; real mail, real jobs.

At each moment the mail that left, the page of who wrote, that of the host and the screen of the team say the same.
"""

import re
from datetime import date, datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from agenda.enums import Stage as Public
from agenda.enums import State
from contacts import tasks
from contacts.enums import Outcome, Stage
from contacts.models import Conversation
from core import signed
from core.guard import fresh
from core.models import Mail
from housing import tasks as housing_tasks
from housing.enums import BookingState
from housing.models import Availability, Booking
from housing.private_link import PURPOSE
from tests.accounts.factories import SuperuserFactory
from tests.agenda.factories import EventFactory
from tests.conftest import NOW
from tests.contacts.life import link, to, work
from tests.contacts.rooms import HOST, INTERN, OTHER, again, guest_path
from tests.housing.factories import DwellingFactory

ADDRESS = "7 chemin des Platanes"
WINTER = (date(2026, 11, 2), date(2027, 5, 3))
SEMESTER = "2026-11"
TEAM = "equipe@example.org"


def morning(year, month, day):
    return datetime(year, month, day, 8, 30, tzinfo=ZoneInfo("Europe/Paris"))


class Life:
    """An intern, another one, the host and the team, with the clock."""

    def __init__(self, box):
        self.box, self.intern, self.other, self.host, self.team = box, Client(), Client(), Client(), Client()
        self.team.force_login(SuperuserFactory())
        with time_machine.travel(NOW, tick=False):
            expires = NOW + timedelta(days=500)
            self.room = DwellingFactory(contact_email=HOST, contact_name="Camille Exemple", offered=WINTER, expires_at=expires)

    def at(self, moment):
        """The jobs of that moment have run, and the mail has left."""
        work(moment, tasks.chase, tasks.follow_stays, housing_tasks.keep_calendars, tasks.erase_old_conversations)
        return time_machine.travel(moment, tick=False)

    def ask(self, client, email, moment, **more):
        """From the search by semester to the button of the first mail."""
        with self.at(moment):
            commune = self.room.commune
            found = client.get(reverse("housing:dwelling_list"), {"lieu": f"commune-{commune.insee}", "semestre": SEMESTER}).text
            path = unescape(re.search(rf'href="({re.escape(self.room.get_absolute_url())}[^"]*)"', found)[1]) if not more else ""
            page = client.get(path or self.room.get_absolute_url()).text
            form = unescape(re.search(r'href="(/contact/ecrire/logement/[^"]*)"', page)[1])
            shown = client.get(form).text
        given = dict(re.findall(r'<input type="date" name="(\w+)" value="([^"]*)"', shown)) if not more else more.pop("dates")
        with time_machine.travel(moment - timedelta(seconds=30), tick=False):
            stamp = fresh()
        data = {"name": f"Interne {email[:5]}", "standing": "intern", "purpose": "Hôpital", "people": "1", "email": email, "consent": "on"}
        with self.at(moment + timedelta(minutes=1)):
            client.post(form, data | given | more | {"text": "Je cherche une chambre calme.", "shown": stamp})
        with self.at(moment + timedelta(minutes=2)):
            client.post(link(to(self.box, email)[-1], "/contact/confirmer/"))
        self.at(moment + timedelta(minutes=3))
        return Conversation.objects.get(email=email)

    def all_say(self, client, conversation, words, state):
        """Guest, host and team read the same now."""
        conversation = again(conversation)
        screen = self.team.get(reverse("admin:contacts_conversation_change", args=[conversation.pk])).text
        assert words in client.get(guest_path(conversation)).text
        assert words in screen
        token = signed.sign(PURPOSE, self.room)
        if conversation.relayed_at:
            assert conversation.get_stage_display() in self.host.get(reverse("contacts:room_messages", args=[token])).text
        assert conversation.booking.state == state

    def subjects(self, address):
        return [message["Subject"].split("\u00a0:")[0].strip() for message in to(self.box, address)]


@pytest.fixture
def life(smtp, db):
    return Life(smtp)


def answer(life, choice, text=""):
    """What the host presses in the last mail that asks."""
    asked = next(message for message in reversed(to(life.box, HOST)) if "/contact/repondre/" in message.get_body(("plain",)).get_content())
    url = link(asked, "/contact/repondre/").partition("?")[0]
    life.host.get(f"{url}?choix={choice}")
    return life.host.post(f"{url}?choix={choice}", {"text": text}, follow=True)


def test_from_a_search_by_semester_to_the_next_semester(life):
    conversation = life.ask(life.intern, INTERN, NOW)
    assert (conversation.starts_on, conversation.ends_on) == WINTER, "the nights of the search are those of the request"
    with life.at(NOW + timedelta(hours=1)):
        life.all_say(life.intern, conversation, "n’a pas encore répondu", BookingState.REQUESTED)
        answer(life, "accepted", "Bienvenue.")
    with life.at(NOW + timedelta(hours=2)):
        life.all_say(life.intern, conversation, "Votre séjour est confirmé", BookingState.CONFIRMED)
        assert ADDRESS in to(life.box, INTERN)[-1].get_body(("plain",)).get_content()
        assert INTERN in to(life.box, HOST)[-1].get_body(("plain",)).get_content()
        assert "Aucun logement" in life.other.get(reverse("housing:dwelling_list"), {"semestre": SEMESTER}).text
    written = len(to(life.box, INTERN))
    for moment in (morning(2026, 7, 1), morning(2026, 10, 20)):
        life.at(moment)
    assert len(to(life.box, INTERN)) == written, "nobody is chased once the stay is confirmed"
    EventFactory(title="Accueil des internes", first_day=date(2026, 11, 12), stages=[Public.INTERN])
    EventFactory(title="Retraite et cumul", first_day=date(2026, 11, 5), stages=[Public.RETIRED])
    EventFactory(title="Repas annulé", first_day=date(2026, 11, 6), state=State.CANCELLED, state_reason="Salle fermée.")
    EventFactory(title="Soirée inventée", first_day=date(2026, 11, 7), is_demo=True)
    for moment in (morning(2026, 10, 27), morning(2026, 10, 28), morning(2026, 11, 1)):
        life.at(moment)
    assert life.subjects(INTERN)[written:] == ["Vous arrivez le 2 novembre 2026"]
    reminder = to(life.box, INTERN)[-1].get_body(("plain",)).get_content()
    assert ADDRESS in reminder
    assert "CPTS" in reminder
    assert "La prochaine rencontre annoncée, pour faire connaissance\u00a0: Accueil des internes, " in reminder
    for moment in (morning(2027, 3, 5), morning(2027, 4, 20), morning(2027, 4, 25)):
        life.at(moment)
    assert life.subjects(INTERN)[written + 1 :] == ["Votre séjour se termine le 3 mai 2027"]
    asked = next(message for message in to(life.box, HOST) if "/s-installer/logement/suite/" in message.get_body(("plain",)).get_content())
    with time_machine.travel(morning(2027, 4, 26), tick=False):
        life.host.post(link(asked, "/s-installer/logement/suite/").partition("?")[0], {"choix": "libre"})
    assert Availability.objects.filter(dwelling=life.room, period__endswith__gte=date(2027, 10, 31)).exists()
    life.at(morning(2027, 5, 10))
    with life.at(morning(2028, 5, 20)):
        assert again(conversation).email == "", "a year after the departure"
    assert not Mail.objects.filter(recipient=INTERN).exists()
    assert len({message["Message-ID"] for message in life.box.messages}) == len(life.box.messages)


def test_a_waiting_list_moves_by_itself(life):
    first = life.ask(life.intern, INTERN, NOW)
    with life.at(NOW + timedelta(hours=1)):
        answer(life, "accepted")
    dates = {"starts_on": "2026-11-02", "ends_on": "2027-05-03"}
    second = life.ask(life.other, OTHER, NOW + timedelta(days=1), dates=dates, wait="on")
    third = life.ask(Client(), "tiers@exemple.org", NOW + timedelta(days=2), dates=dates, wait="on")
    with life.at(NOW + timedelta(days=3)):
        for each, client in ((second, life.other), (third, Client())):
            life.all_say(client, each, "Vous êtes sur la liste d’attente", BookingState.WAITING)
        life.intern.post(guest_path(first), {"verb": "cancel", "reason": "Stage changé"})
    with life.at(NOW + timedelta(days=3, hours=1)):
        life.all_say(life.other, second, "La chambre est libre à vos dates", BookingState.REQUESTED)
        life.all_say(Client(), third, "Vous êtes sur la liste d’attente", BookingState.WAITING)
        assert life.subjects(OTHER)[-1] == "C’est votre tour"
        assert life.subjects(HOST)[-1].startswith("Séjour annulé")
    life.at(NOW + timedelta(days=5))
    assert again(second).stage == Stage.PROPOSED
    with life.at(NOW + timedelta(days=6, hours=2)):
        assert again(second).outcome == Outcome.LAPSED
        life.all_say(Client(), third, "La chambre est libre à vos dates", BookingState.REQUESTED)
    with life.at(NOW + timedelta(days=6, hours=3)):
        Client().post(link(to(life.box, "tiers@exemple.org")[-1], "/contact/suivi/"), {"verb": "take"})
    with life.at(NOW + timedelta(days=6, hours=4)):
        life.all_say(Client(), third, "n’a pas encore répondu", BookingState.REQUESTED)
        answer(life, "accepted")
    with life.at(NOW + timedelta(days=6, hours=5)):
        life.all_say(Client(), third, "Votre séjour est confirmé", BookingState.CONFIRMED)
    assert life.subjects(OTHER).count("C’est votre tour") == 1
    assert life.subjects("tiers@exemple.org").count("C’est votre tour") == 1
    assert Booking.objects.confirmed().count() == 1


def test_a_host_who_says_nothing_is_reminded_then_the_team_takes_over(life):
    conversation = life.ask(life.intern, INTERN, NOW)
    for days in (2.5, 6):
        life.at(NOW + timedelta(days=days))
    with life.at(NOW + timedelta(days=8)):
        life.all_say(life.intern, conversation, "L’équipe VSA suit votre message", BookingState.REQUESTED)
    assert [subject for subject in life.subjects(HOST) if "appel" in subject] == ["Rappel", "Deuxième rappel"]
    assert life.subjects(TEAM) == ["À suivre"]
    with life.at(NOW + timedelta(days=9)):
        answer(life, "accepted")
        life.all_say(life.intern, conversation, "Votre séjour est confirmé", BookingState.CONFIRMED)
