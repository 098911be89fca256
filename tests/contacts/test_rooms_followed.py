"""What the portal does by itself while a stay is asked for or confirmed: nobody waits for what does not come."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from contacts.actions import conversations as verbs
from contacts.actions import endings, rooms
from contacts.enums import Channel, Handover, Outcome, Reply, Side, Stage
from contacts.models import Conversation
from core import french
from core.models import Mail
from housing import actions as housing
from tests.accounts.factories import SuperuserFactory
from tests.contacts.rooms import HOST, INTERN, again, day, guest_path, host_path, request, room

pytestmark = pytest.mark.django_db
NOT_BOOKED = "Rien n’est réservé avant le oui de l’hôte"


def events(recipient):
    """Names of what was written to somebody, oldest first."""
    found = Mail.objects.filter(recipient=recipient).order_by("pk").values_list("event", flat=True)
    return [event.partition(".")[2].partition(":")[0] for event in found]


def text(event):
    return Mail.objects.filter(event__startswith=f"contacts.{event}:").latest("pk").text


def after(days, *, hours=1):
    """The jobs of that day, twice: nothing is told twice. What the first one did."""
    with time_machine.travel(timezone.now() + timedelta(days=days, hours=hours), tick=False):
        taken = rooms.follow_stays(at=timezone.now())
        assert rooms.follow_stays(at=timezone.now()) == 0
        return taken


def say(conversation, words="Oui, avec plaisir, la chambre est à vous.", channel=Channel.MAIL):
    verbs.say(conversation=again(conversation), side=Side.RECIPIENT, text=words, at=timezone.now(), channel=channel)


# --- A yes in words ----------------------------------------------------------------------------


def test_a_yes_in_words_books_nothing_and_both_know_it(client):
    conversation = request(room())
    say(conversation)
    assert events(HOST) == ["relay", "room_undecided"], "who answers by mail has read no page that says so"
    assert "Rien n’est encore réservé" in text("room_undecided")
    assert NOT_BOOKED in text("more_sender")
    assert NOT_BOOKED in client.get(guest_path(conversation)).text
    assert "Rien n’est réservé avant votre oui" in client.get(host_path(conversation)).text
    assert after(4) == 0
    assert after(5) == 1
    assert events(HOST)[-1] == "room_undecided"
    client.post(host_path(conversation, "accepted"), {"text": ""})
    assert again(conversation).outcome == Outcome.BOOKED
    assert after(8) == 0


def test_a_yes_on_the_page_is_told_there_and_not_by_mail(client):
    conversation = request(room())
    verbs.answer(conversation=conversation, reply=Reply.QUESTION, text="À quelle heure ?", at=timezone.now())
    page = client.post(host_path(conversation), {"text": "Oui, la chambre est à vous."}, follow=True).text
    assert "Rien n’est réservé avant votre oui" in page
    assert events(HOST) == ["relay"]


@pytest.mark.parametrize("visit", [True, False])
def test_the_team_takes_over_after_seven_days_without_yes_or_no(client, visit):
    conversation = request(room())
    if visit:
        verbs.answer(conversation=conversation, reply=Reply.VISIT, at=timezone.now())
    else:
        say(conversation)
    assert after(5) == 1
    assert after(7) == 1
    found = again(conversation)
    assert (found.stage, found.handover) == (Stage.ADVISER, Handover.UNDECIDED)
    assert events(HOST)[-1] == "handed_over_recipient"
    assert f"attend votre oui ou votre non depuis le {french.date(day(0))}" in text("handed_over_recipient")
    assert events(INTERN)[-1] == "handed_over"
    assert "sans oui ni non de l’hôte à temps" in text("handed_over")
    assert events(settings.CONTACT_EMAIL)[-1] == "team"
    client.post(host_path(conversation, "accepted"), {"text": ""})
    assert again(conversation).outcome == Outcome.BOOKED, "the host may still answer"


@pytest.mark.parametrize("visit", [True, False])
def test_the_team_takes_over_on_the_eve_of_a_stay_that_begins_within_the_week(client, visit):
    conversation = request(room(), first=4, last=40)
    if visit:
        verbs.answer(conversation=conversation, reply=Reply.VISIT, at=timezone.now())
    else:
        say(conversation)
        assert f"Sans oui ni non le {french.date(day(3))}, un conseiller" in text("room_undecided")
    assert f"ni oui ni non d’ici le {french.date(day(3))}, l’équipe VSA prend" in client.get(guest_path(conversation)).text
    assert after(2, hours=0) == 0
    assert after(4, hours=0) == 1
    found = again(conversation)
    assert (found.stage, found.handover) == (Stage.ADVISER, Handover.UNDECIDED)
    assert events(INTERN)[-1] == "handed_over"


def test_days_of_an_absence_do_not_count():
    conversation = request(room())
    verbs.answer(conversation=conversation, reply=Reply.VISIT, at=timezone.now())
    type(again(conversation).recipient).objects.update(absent_from=day(1), absent_until=day(10))
    assert after(8) == 0


def test_each_further_word_of_the_host_begins_the_days_anew():
    conversation = request(room())
    say(conversation)
    with time_machine.travel(timezone.now() + timedelta(days=4), tick=False):
        say(conversation, "Je vous redis oui demain.", Channel.PAGE)
    assert after(7) == 0
    assert after(9, hours=2) == 1


def test_what_the_team_answered_without_a_stay_comes_back_to_it(client):
    dwelling = room()
    request(dwelling, "avant@exemple.org", first=200, last=230)
    type(again(request(dwelling, "tiers@exemple.org", first=240, last=260)).recipient).objects.update(paused=True)
    conversation = request(dwelling)
    verbs.say(conversation=conversation, side=Side.ADVISER, text="Nous appelons l’hôte.", at=timezone.now())
    assert again(conversation).stage == Stage.ANSWERED
    page = client.get(guest_path(conversation)).text
    assert NOT_BOOKED not in page, "no host is asked for a click"
    assert "l’équipe VSA suit votre demande" in page
    count = len(events(HOST))
    assert after(7) == 1
    found = again(conversation)
    assert (found.stage, found.handover) == (Stage.ADVISER, Handover.PAUSED)
    assert len(events(HOST)) == count, "a host who pauses is written to no more"


def test_a_host_without_an_address_is_blamed_for_nothing_while_the_team_follows(client):
    conversation = request(room(contact_email=""), first=5, last=40)
    verbs.say(conversation=conversation, side=Side.ADVISER, text="Nous appelons l’hôte.", at=timezone.now())
    page = client.get(guest_path(conversation)).text
    assert NOT_BOOKED not in page
    assert "l’équipe VSA suit votre demande" in page
    assert after(2) == 0
    assert after(5, hours=0) == 1, "on the eve"
    found = again(conversation)
    assert (found.stage, found.handover) == (Stage.ADVISER, Handover.NO_ADDRESS)
    assert events(settings.CONTACT_EMAIL)[-1] == "team"


# --- Too late --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answered", "words"),
    [
        (None, "a été transmise à l’hôte, qui ne l’a pas confirmée"),
        (Reply.VISIT, "proposé une visite, et n’a ensuite dit ni oui ni non"),
        (Reply.QUESTION, "posé une question, et n’a pas eu votre réponse"),
    ],
)
def test_a_request_that_comes_to_its_day_is_told_how_far_it_came(answered, words):
    conversation = request(room(), first=3, last=40)
    if answered:
        verbs.answer(conversation=conversation, reply=answered, text="Qui vient ?", at=timezone.now())
    assert after(5) == 1
    told = text("room_late")
    assert words in told
    assert "ne peut pas être transmise" not in told
    query = f"du={day(5).isoformat()}&au={day(40).isoformat()}"
    assert query in told, "what is free from today on"


def test_a_waiting_list_that_comes_to_its_day_says_so():
    dwelling = room()
    housing.note_stay(dwelling=dwelling, start=day(1), end=day(60), at=timezone.now())
    request(dwelling, first=3, last=4)
    assert after(5) == 1
    assert "la chambre ne s’est pas libérée à vos dates" in text("room_late")
    assert "du=" not in text("room_late"), "the nights are over"


# --- Reminders of a stay that was prolonged --------------------------------------------------------


def booked(dwelling=None, **nights):
    conversation = request(dwelling or room(), **nights)
    verbs.answer(conversation=conversation, reply=Reply.ACCEPTED, at=timezone.now())
    return again(conversation)


def test_a_stay_prolonged_before_it_begins_has_one_reminder_of_its_arrival_and_one_of_its_end():
    conversation = booked(first=40, last=100)
    housing.prolong_stay(booking=conversation.booking, start=day(100), end=day(110), at=timezone.now())
    assert after(34) == 1
    assert events(INTERN)[-1] == "room_arrival"
    arrival = Mail.objects.filter(event__contains="room_arrival").get()
    assert f"Vous arrivez le {french.date(day(40))}" in arrival.subject
    assert after(35) == 0
    assert after(87) == 0, "the former end"
    assert after(97) == 1, "a prolongation shorter than a month"
    departure = Mail.objects.filter(event__contains="room_departure").get()
    assert f"se termine le {french.date(day(110))}" in departure.subject


def test_a_stay_prolonged_after_its_reminder_of_arrival_has_no_second_one():
    conversation = booked(first=40, last=100)
    assert after(34) == 1
    housing.prolong_stay(booking=conversation.booking, start=day(100), end=day(200), at=timezone.now())
    assert after(36) == 0


def test_the_team_is_done_with_a_confirmed_stay_and_the_stay_goes_on(client):
    conversation = booked()
    verbs.ask_team(conversation=conversation, at=timezone.now())
    verbs.say(conversation=again(conversation), side=Side.SENDER, text="Où poser les clés ?", at=timezone.now())
    verbs.say(conversation=again(conversation), side=Side.RECIPIENT, text="Sous le pot.", at=timezone.now())
    assert Conversation.objects.for_team().get() == conversation, "who asked for the team keeps it"
    endings.settle(conversation=again(conversation), actor=None, at=timezone.now() + timedelta(days=1))
    assert not Conversation.objects.for_team().exists()
    found = again(conversation)
    assert (found.stage, found.outcome, found.with_team) == (Stage.ANSWERED, Outcome.BOOKED, False)
    assert "Annuler le séjour" in client.get(guest_path(conversation)).text


# --- A room that the team takes off the portal -----------------------------------------------------


def withdraw(dwelling, actor):
    housing.withdraw(dwelling=dwelling, reason="Annonce frauduleuse", actor=actor, at=timezone.now())


def test_the_team_takes_an_announcement_away_and_the_guest_of_a_stay_knows(client):
    conversation = booked(first=40, last=100)
    withdraw(conversation.dwelling, SuperuserFactory())
    assert after(0) == 1
    found = again(conversation)
    assert (found.stage, found.outcome, found.handover) == (Stage.ADVISER, Outcome.BOOKED, Handover.TAKEN_AWAY)
    assert events(INTERN)[-1] == "room_taken_away"
    told = text("room_taken_away")
    for words in (french.date_range(day(40), day(100)), "reste confirmé, sauf si l’équipe vous dit autre chose"):
        assert words in told
    assert events(settings.CONTACT_EMAIL)[-1] == "team"
    assert "L’équipe VSA regarde ce qu’il en est de votre séjour" in client.get(guest_path(conversation)).text
    assert after(34) == 0, "no address of a host in whom the team has no trust"
    say(conversation, "Tout va bien, venez.")
    assert again(conversation).stage == Stage.ADVISER, "no word of the host ends that the team follows"
    verbs.say(conversation=again(conversation), side=Side.ADVISER, text="Tout est en ordre.", at=timezone.now())
    assert after(34) == 1
    assert events(INTERN)[-1] == "room_arrival"


def test_a_host_who_ends_their_announcement_alarms_no_guest():
    conversation = booked()
    withdraw(conversation.dwelling, None)
    assert after(0) == 0
    assert events(INTERN)[-1] == "room_booked_sender"


def test_a_stay_that_is_over_is_nobody_s_care_any_more():
    conversation = booked()
    type(conversation.booking).objects.update(period=(day(-60), day(0)))
    withdraw(conversation.dwelling, SuperuserFactory())
    assert after(0) == 0


def test_the_page_of_the_reason_lists_the_stays_that_are_confirmed(admin_client):
    dwelling = room(places=3)
    conversation = booked(dwelling, first=40, last=100)
    housing.keep_room(stay=conversation.booking, start=day(100), end=day(150), at=timezone.now())
    housing.note_stay(dwelling=dwelling, start=day(20), end=day(30), at=timezone.now())
    page = admin_client.get(reverse("admin:housing_dwelling_reason", args=[conversation.dwelling_id, "withdraw"])).text
    assert f"Séjour confirmé {french.date_range(day(40), day(100))}" in page
    assert french.date_range(day(100), day(150)) not in page, "nobody stays in a room that is kept"
    assert page.count("la personne qui l’a demandé par le portail") == page.count("le portail ne prévient personne") == 1
    other = room()
    assert "Séjour confirmé" not in admin_client.get(reverse("admin:housing_dwelling_reason", args=[other.pk, "withdraw"])).text
