"""The whole life of a description: written, confirmed, read, shown, its address erased; real mail, real jobs, time that passes."""

from datetime import timedelta

import pytest
import time_machine
from django.apps import apps
from django.core import signing
from django.test import Client

from core.models import Mail
from interns import tasks
from interns.models import TrainingNote
from tests.accounts.factories import SuperuserFactory
from tests.conftest import NOW
from tests.contacts.life import link, to, work
from tests.interns.factories import PlaceFactory

pytestmark = pytest.mark.django_db

TO = "ancienne.interne@example.org"
TEXT = "Des gestes chaque jour, une équipe qui explique, une chambre à deux pas. Une voiture est utile."


def traces(words):
    """Where these words are still stored: every column of every table that this life writes to."""
    models = (*apps.get_app_config("interns").get_models(), Mail)
    return {model.__name__ for model in models for row in model._base_manager.values() if words in str(row)}


def test_the_life_of_a_description(smtp):
    visitor, team = Client(), Client()
    with time_machine.travel(NOW, tick=False):
        place = PlaceFactory(name="Cabinet du Lavoir")
        member = SuperuserFactory()
        team.force_login(member)
        shown = signing.dumps((NOW - timedelta(minutes=2)).timestamp(), salt="core.guard")
        form = {"site": "", "shown": shown, "semester": "2025-11", "text": TEXT, "email": TO, "consent": "on"}
        assert visitor.post(place.get_note_url(), form).status_code == 302
        note = TrainingNote.objects.get()
    page = place.get_absolute_url()

    # The message leaves; a scanner of mail opens its link; the person presses the button.
    at = NOW + timedelta(minutes=5)
    work(at)
    (asked,) = to(smtp, TO)
    confirm = link(asked, "/internes/terrains/temoignages/")
    with time_machine.travel(at, tick=False):
        Client().get(confirm)
        assert "Aucune description de terrain n’attend de relecture." in team.get("/equipe/").text
        visitor.post(confirm)
        assert "Cabinet du Lavoir" in team.get("/equipe/").text
        assert TEXT not in visitor.get(page).text
    work(at)
    assert to(smtp, TO)[1]["Subject"].endswith("Cabinet du Lavoir")

    # The team publishes: the page shows the words and nobody.
    at = NOW + timedelta(days=2)
    with time_machine.travel(at, tick=False):
        team.force_login(member)
        team.post(f"/equipe/interns/trainingnote/{note.pk}/decider/", {"publish": "1"})
        text = visitor.get(page).text
        assert TEXT in text
        assert TO not in text
    work(at)
    published = to(smtp, TO)[2]
    assert published["Subject"].startswith("Votre description est en ligne")
    is_forgotten_in_time(at, page, visitor, published)
    assert len(to(smtp, TO)) == 3


def is_forgotten_in_time(at, page, visitor, published):
    """The address first, then everything once the author says so."""
    # Ninety days on, after an outage of a day, the address is nowhere; the job may run twice; the words stay.
    at += timedelta(days=89)
    work(at, tasks.erase_old_notes)
    assert traces(TO) == {"TrainingNote", "Mail"}
    at += timedelta(days=2)
    work(at, tasks.erase_old_notes, tasks.erase_old_notes)
    assert traces(TO) == set()
    with time_machine.travel(at, tick=False):
        assert TEXT in visitor.get(page).text

    # A year later the link of the message still takes it back, and nothing is left.
    at += timedelta(days=365)
    with time_machine.travel(at, tick=False):
        path = link(published, "/internes/terrains/temoignages/")
        visitor.get(path)
        assert TEXT in visitor.get(page).text
        visitor.post(path)
        assert TEXT not in visitor.get(page).text
    assert traces(TEXT) == set()
    work(at, tasks.erase_old_notes, tasks.refresh_places)
