"""What former interns say of places: the form, the links, what the team is shown, what is kept how long."""

from datetime import timedelta

import pytest
import time_machine
from django.core import signing
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.test import Client

from core import known, signed
from core.models import Mail
from interns import actions, rules
from interns.enums import NoteState
from interns.models import TrainingNote
from tests.accounts.factories import SuperuserFactory
from tests.conftest import NOW
from tests.core.told import said
from tests.interns.factories import NoteFactory, PlaceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

TO = "interne@example.org"
TEXT = "Beaucoup de gestes, du temps pour en parler après chaque demi-journée, une voiture utile l’hiver."


def asked(**changes):
    shown = signing.dumps((NOW - timedelta(minutes=1)).timestamp(), salt="core.guard")
    return {"site": "", "shown": shown, "semester": "2025-11", "text": TEXT, "email": TO, "consent": "on"} | changes


def test_a_description_is_kept_and_its_address_asked(client):
    place = PlaceFactory()
    answer = client.post(place.get_note_url(), asked())
    assert answer.status_code == 302
    assert not answer.cookies
    note = TrainingNote.objects.get()
    assert (note.place, note.state, note.semester, note.text) == (place, NoteState.WAITING, "2025-11", TEXT)
    mail = Mail.objects.get()
    assert (mail.recipient, mail.subject) == (TO, "Confirmez votre description d’un terrain de stage")
    assert TEXT not in mail.text  # somebody else may have typed this address
    assert "Il reste un geste" in client.get(answer.url).text
    assert "Il reste un geste" not in client.get(f"{place.get_note_url()}?fait=verifier").text


def test_a_browser_that_confirmed_its_address_confirms_no_more(client):
    place = PlaceFactory()
    client.cookies.load({known.COOKIE: known.remember(HttpResponse(), TO).cookies[known.COOKIE].value})
    client.post(place.get_note_url(), asked())
    assert TrainingNote.objects.get().state == NoteState.TO_READ
    assert Mail.objects.get().subject.startswith("Nous avons bien reçu votre description")


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"text": "Bien."}, "text", "Quelques mots de plus"),
        ({"text": "x" * 2001}, "text", "2000"),
        ({"text": "\u200b" * 60}, "text", ""),
        ({"semester": "2026-11"}, "semester", ""),
        ({"semester": "1850-05"}, "semester", ""),
        ({"semester": ""}, "semester", ""),
        ({"email": "pas une adresse"}, "email", ""),
        ({"email": "a@mailinator.com"}, "email", "jetable"),
        ({"consent": ""}, "consent", "Sans votre accord"),
        ({"text": TEXT + "\0"}, "text", ""),
        ({"site": "http://spam.example"}, "site", "Ce champ doit rester vide"),
    ],
)
def test_bad_input_is_told_and_nothing_is_lost(client, changes, field, message):
    page = client.post(PlaceFactory().get_note_url(), asked(**changes))
    form = page.context["form"]
    assert page.status_code == 200
    assert message in " ".join(form.errors[field])
    assert not TrainingNote.objects.exists()
    assert not Mail.objects.exists()
    if field != "text":
        assert TEXT in page.text


def test_a_description_sent_too_fast_is_shown_again(client):
    shown = signing.dumps(NOW.timestamp(), salt="core.guard")
    page = client.post(PlaceFactory().get_note_url(), asked(shown=shown))
    assert "Relisez ce que vous avez écrit" in page.text
    assert not TrainingNote.objects.exists()


def test_one_address_and_one_machine_write_so_often(client):
    place = PlaceFactory()
    for _ in range(3):
        assert client.post(place.get_note_url(), asked()).status_code == 302
    assert "Trop d’envois en peu de temps" in client.post(place.get_note_url(), asked()).text
    assert TrainingNote.objects.count() == 3


def test_an_address_is_asked_five_times_a_day_and_learns_nothing_of_it(client):
    note = NoteFactory(email=TO, state="waiting", confirmed_at=None)
    for rank in range(5):
        actions.send_fresh_confirmation(note=note, at=NOW - timedelta(days=2) + timedelta(minutes=rank))
    Mail.objects.all().delete()
    for rank in range(5):
        other = NoteFactory(email=TO, state="waiting", confirmed_at=None)
        assert actions.send_fresh_confirmation(note=other, at=NOW), rank
    answer = client.post(PlaceFactory().get_note_url(), asked())
    assert said(answer)[1] == "verifier"
    assert Mail.objects.count() == 5


def link(purpose, name, note):
    return f"/internes/terrains/temoignages/{signed.sign(purpose, note)}/{name}/"


def test_a_get_confirms_nothing_and_the_button_does(client):
    note = NoteFactory(state="waiting", confirmed_at=None, email=TO)
    url = link(actions.CONFIRM, "confirmer", note)
    page = client.get(url)
    note.refresh_from_db()
    assert (note.state, page["X-Robots-Tag"]) == (NoteState.WAITING, "noindex, nofollow")
    answer = client.post(url)
    note.refresh_from_db()
    assert (note.state, note.confirmed_at) == (NoteState.TO_READ, NOW)
    assert known.COOKIE in answer.cookies
    assert "L’équipe relit votre description" in client.get(answer.url).text
    client.post(url)
    assert Mail.objects.count() == 1


def test_a_link_of_another_purpose_opens_nothing(client):
    note = NoteFactory()
    assert client.get(link(actions.CONFIRM, "retirer", note)).status_code == 404
    assert client.post("/internes/terrains/temoignages/n’importe:quoi/retirer/").status_code == 404
    assert TrainingNote.objects.exists()


def test_an_old_link_is_renewed_by_mail_only_while_there_is_something_to_confirm(client, time_machine_later):
    waiting = NoteFactory(state="waiting", confirmed_at=None, email=TO)
    read = NoteFactory(email="autre@example.org")
    urls = [link(actions.CONFIRM, "confirmer", note) for note in (waiting, read)]
    time_machine_later(timedelta(days=8))
    assert [client.get(url).status_code for url in urls] == [410, 410]
    for url in urls:
        client.post(url)
    assert list(Mail.objects.values_list("recipient", flat=True)) == [TO]


def test_an_author_takes_a_description_back_with_what_was_written_of_it(client):
    note = NoteFactory(state="published", decided_at=NOW, email=TO)
    actions.refuse_note(note=note, reason="Nomme un médecin.", at=NOW)
    url = link(actions.WITHDRAW, "retirer", note)
    client.get(url)
    assert TrainingNote.objects.exists()
    assert "plus rien n’en est gardé" in client.post(url).text
    assert not TrainingNote.objects.exists()
    assert list(Mail.objects.values_list("recipient", "text", "subject")) == [("", "", "")]
    assert client.post(url).status_code == 404


# --- What the team looks at ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Le Dr Martin explique tout",
        "avec le docteur Martin",
        "Pr. Durand passe",
        "la professeure Durand",
        "Mme Durand accueille",
        "M. Durand",
    ],
)
def test_a_text_that_names_somebody_is_flagged(text):
    assert "nomme peut-être un médecin" in rules.flags(text)


@pytest.mark.parametrize(
    "text", ["Docteur junior ou interne", "le docteur est là", "les docteurs juniors", "près du bourg", "Drôme toute proche"]
)
def test_a_text_that_names_nobody_is_not(text):
    assert rules.flags(text) == ""


@pytest.mark.parametrize("text", ["18/20 pour ce stage", "★★★★", "je mets 4,5/5"])
def test_a_score_is_flagged(text):
    assert "donne une note" in rules.flags(text)


def test_how_to_reach_somebody_is_flagged():
    assert rules.flags("04 90 11 22 33, 06 11 22 33 44 et 04 90 55 66 77") == "3\u00a0numéros de téléphone"


# --- The team decides ----------------------------------------------------------------------------


def test_the_team_publishes_and_the_page_shows_no_name(client, admin_of, settings):
    settings.PAGE_CACHE = False  # time stands still, and a page is kept for a version of it
    note = NoteFactory(email=TO, text=TEXT)
    page = note.place.get_absolute_url()
    assert TEXT not in client.get(page).text
    admin_of(note, publish="1")
    shown = client.get(page).text
    assert TEXT in shown
    assert TO not in shown
    assert Mail.objects.get().subject == f"Votre description est en ligne\u00a0: {note.place.name}"


def test_a_refusal_says_why_by_mail_and_without_a_reason_there_is_none(admin_of):
    note = NoteFactory(email=TO)
    assert "Ce champ est obligatoire" in admin_of(note, refuse="1", reason="").text
    note.refresh_from_db()
    assert note.state == NoteState.TO_READ
    admin_of(note, refuse="1", reason="Le texte nomme un médecin.")
    note.refresh_from_db()
    assert (note.state, note.decided_at, note.reason) == (NoteState.REFUSED, NOW, "Le texte nomme un médecin.")
    assert "Le texte nomme un médecin." in Mail.objects.get().text


def test_what_is_shown_may_be_taken_back_and_a_second_press_says_nothing_twice(client):
    note = NoteFactory(email=TO, text=TEXT)
    assert actions.publish_note(note=note, at=NOW)
    assert not actions.publish_note(note=note, at=NOW)
    assert actions.refuse_note(note=note, reason="Périmé.", at=NOW)
    assert TEXT not in client.get(note.place.get_absolute_url()).text
    assert Mail.objects.count() == 2


def test_the_team_sees_no_description_whose_address_nobody_confirmed(admin_client_of_team):
    note = NoteFactory(state="waiting", confirmed_at=None)
    assert admin_client_of_team.get(f"/equipe/interns/trainingnote/{note.pk}/change/").status_code == 404
    assert "Aucune description de terrain n’attend de relecture." in admin_client_of_team.get("/equipe/").text
    assert not actions.publish_note(note=note, at=NOW)


def test_descriptions_to_read_are_on_the_first_page_of_the_team(admin_client_of_team):
    NoteFactory(flags="nomme peut-être un médecin", place=PlaceFactory(name="Cabinet du Lavoir"))
    page = admin_client_of_team.get("/equipe/").text
    assert "Descriptions de terrains à relire" in page
    assert "Cabinet du Lavoir" in page
    assert "nomme peut-être un médecin" in page


# --- Erasure -------------------------------------------------------------------------------------


def test_each_description_is_kept_as_long_as_it_says():
    old, young = NOW - timedelta(days=91), NOW - timedelta(days=89)
    published = NoteFactory(state="published", decided_at=old)
    recent = NoteFactory(state="published", decided_at=young)
    refused = NoteFactory(state="refused", decided_at=old, reason="Non.")
    refused_lately = NoteFactory(state="refused", decided_at=young, reason="Non.")
    never = NoteFactory(state="waiting", confirmed_at=None, written_at=NOW - timedelta(days=8))
    waiting = NoteFactory(state="waiting", confirmed_at=None, written_at=NOW - timedelta(days=6))
    to_read = NoteFactory(written_at=old, confirmed_at=old)
    with transaction.atomic():
        actions.write(published, "published", old)
    assert actions.erase_old_notes(at=NOW) == 3
    left = dict(TrainingNote.objects.values_list("pk", "email"))
    assert set(left) == {note.pk for note in (published, recent, refused_lately, waiting, to_read)}
    assert [pk for pk, email in left.items() if not email] == [published.pk]
    assert list(Mail.objects.values_list("recipient", flat=True)) == [""]
    assert never.pk not in left
    assert refused.pk not in left
    assert actions.erase_old_notes(at=NOW) == 0


@pytest.mark.parametrize(
    "wrong",
    [{"state": "refused", "decided_at": NOW}, {"state": "published"}, {"state": "to_read", "confirmed_at": None}],
)
def test_the_database_refuses_a_state_without_its_facts(wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        NoteFactory(**wrong)


@pytest.fixture
def admin_client_of_team(client):
    client.force_login(SuperuserFactory())
    return client


@pytest.fixture
def admin_of(client):
    """Presses a button of the screen of a description."""
    team = Client()
    team.force_login(SuperuserFactory())

    def press(note, **data):
        return team.post(f"/equipe/interns/trainingnote/{note.pk}/decider/", data)

    return press


@pytest.fixture
def time_machine_later():
    """Moves the clock of the test on."""
    moved = []

    def later(delta):
        traveller = time_machine.travel(NOW + delta, tick=False)
        traveller.start()
        moved.append(traveller)

    yield later
    for traveller in reversed(moved):
        traveller.stop()
