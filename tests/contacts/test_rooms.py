"""Asking for a room: the form, the answers of its host, the waiting list, what each page says."""

from contextlib import suppress
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from contacts.actions import chasing, endings, rooms, stays
from contacts.actions import conversations as verbs
from contacts.actions.steps import ConversationRefused
from contacts.enums import Outcome, Reply, Side, Stage
from contacts.models import Conversation, Recipient
from core import french, mail, signed
from core.enums import State
from core.guard import fresh
from core.models import Mail
from housing import actions as housing
from housing.enums import BookingState
from housing.models import Booking
from housing.private_link import PURPOSE
from tests.contacts.rooms import HOST, INTERN, OTHER, again, day, guest_path, host_path, request, room
from tests.crowd import together

pytestmark = pytest.mark.django_db
ADDRESS = "7 chemin des Platanes"


def events(recipient):
    """Names of what was written to somebody, oldest first."""
    found = Mail.objects.filter(recipient=recipient).order_by("pk").values_list("event", flat=True)
    return [event.partition(".")[2].partition(":")[0] for event in found]


def posted(dwelling, client, first=40, last=100, **values):
    with time_machine.travel(timezone.now() - timedelta(seconds=30), tick=False):
        shown = fresh()
    data = {
        "name": "Inès Exemple",
        "standing": "intern",
        "starts_on": day(first).isoformat(),
        "ends_on": day(last).isoformat(),
        "purpose": "Hôpital de Vaison",
        "people": "1",
        "text": "Interne en stage, je cherche une chambre calme.",
        "email": INTERN,
        "consent": "on",
        "shown": shown,
    }
    return client.post(reverse("contacts:write_room", args=[dwelling.pk]), data | values)


# --- The form --------------------------------------------------------------------------------------


def test_the_form_begins_with_the_search_one_comes_from(client):
    dwelling = room()
    commune = dwelling.commune
    query = f"?lieu=commune-{commune.insee}&du={day(40).isoformat()}&au={day(100).isoformat()}"
    page = client.get(reverse("contacts:write_room", args=[dwelling.pk]) + query).text
    assert f'value="{day(40).isoformat()}"' in page
    assert f'value="{commune.name}"' in page
    assert "Libre du" in page
    assert ADDRESS not in page
    assert 'name="wait"' not in page, "nobody waits for a room that is free"


@pytest.mark.parametrize(
    "query",
    [
        "?du=hier&au=jamais",
        "?du=0001-01-01&au=9999-12-31",
        "?lieu=%00&lieu=x",
        "?semestre=2026-99",
        "?" + "&".join(["lieu=commune-84137"] * 50),
    ],
)
def test_whatever_the_address_says_the_form_opens(client, query):
    assert client.get(reverse("contacts:write_room", args=[room().pk]) + query).status_code == 200


def test_a_room_that_is_taken_says_so_and_offers_the_list_or_other_nights(client):
    dwelling = room()
    housing.note_stay(dwelling=dwelling, start=day(30), end=day(60), at=timezone.now())
    page = posted(dwelling, client)
    assert "Pas libre toutes les nuits" in page.text
    assert 'name="wait"' in page.text
    assert f"?du={day(60).isoformat()}" in page.text
    assert not Conversation.objects.exists()
    assert "Inès Exemple" in page.text, "nothing is lost"
    posted(dwelling, client, wait="on")
    conversation = Conversation.objects.get()
    assert conversation.booking is None, "nothing is asked for before the address is confirmed"
    verbs.confirm(conversation=conversation, at=timezone.now())
    assert (again(conversation).stage, again(conversation).booking.state) == (Stage.LISTED, BookingState.WAITING)
    assert events(HOST) == [], "the host has nothing to answer"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"people": "4"}, "est prévu pour"),
        ({"people": "999999999999999999999"}, "20"),
        ({"first": 40, "last": 40}, "au moins une nuit"),
        ({"first": 50, "last": 40}, "avant"),
        ({"first": -3, "last": 40}, "passé"),
        ({"first": 40, "last": 3000}, "trop loin"),
        ({"starts_on": "31/02/2027"}, "ne se lit pas"),
        ({"starts_on": ""}, "Indiquez ce jour"),
        ({"purpose": ""}, "obligatoire"),
    ],
)
def test_what_cannot_be_meant_is_told_beside_its_field(client, values, words):
    page = posted(room(), client, **values)
    assert page.status_code == 200
    assert words in page.text
    assert not Conversation.objects.exists()


def test_a_room_that_is_over_leads_to_its_page(client):
    dwelling = room(withdrawn=True)
    assert client.get(reverse("contacts:write_room", args=[dwelling.pk])).url == dwelling.get_absolute_url()
    assert client.get(reverse("contacts:write_room", args=[room(draft=True).pk])).status_code == 404


# --- Answers ---------------------------------------------------------------------------------------


def test_yes_confirms_the_stay_and_tells_the_address_to_the_guest_alone(client):
    conversation = request(room())
    assert again(conversation).booking.state == BookingState.REQUESTED
    client.get(host_path(conversation, "accepted"))
    assert again(conversation).booking.state == BookingState.REQUESTED, "a GET changes nothing"
    assert ADDRESS not in client.get(guest_path(conversation)).text
    page = client.post(host_path(conversation, "accepted"), {"text": "Bienvenue."}, follow=True).text
    assert "Le séjour est confirmé" in page
    found = again(conversation)
    assert (found.stage, found.outcome, found.booking.state) == (Stage.ANSWERED, Outcome.BOOKED, BookingState.CONFIRMED)
    guest = client.get(guest_path(conversation)).text
    assert ADDRESS in guest
    assert HOST in guest
    assert events(INTERN) == ["receipt", "room_booked_sender"]
    assert events(HOST) == ["relay", "room_booked_recipient"]
    told = {mail.recipient: mail.text for mail in Mail.objects.filter(event__contains="room_booked")}
    assert ADDRESS in told[INTERN]
    assert "Bienvenue." in told[INTERN]
    assert INTERN in told[HOST]
    assert ADDRESS not in "".join(Mail.objects.exclude(event__contains="room_booked_sender").values_list("text", flat=True))


def test_a_room_taken_meanwhile_is_told_in_words_and_the_stay_waits(client):
    dwelling = room()
    first, second = request(dwelling), request(dwelling, OTHER)
    client.post(host_path(first, "accepted"), {"text": ""})
    page = client.post(host_path(second, "accepted"), {"text": "Venez."}, follow=True).text
    assert "un autre séjour vient d’être confirmé" in page
    assert (again(second).stage, again(second).booking.state) == (Stage.LISTED, BookingState.WAITING)
    assert events(OTHER) == ["receipt", "room_listed"]
    assert "Venez." not in client.get(guest_path(second)).text
    assert "liste d’attente" in client.get(guest_path(second)).text


def test_a_no_has_a_reason_and_refuses_the_stay(client):
    conversation = request(room())
    client.post(host_path(conversation, "no"), {"refusal": "dates", "text": ""})
    found = again(conversation)
    assert (found.outcome, found.booking.state) == (Outcome.NO, BookingState.REFUSED)
    assert "les dates ne conviennent pas" in found.booking.reason
    assert events(INTERN) == ["receipt", "no"]
    assert "L’hôte ne peut pas vous loger" in client.get(guest_path(conversation)).text


def test_a_visit_exchanges_addresses_and_books_nothing(client):
    conversation = request(room())
    client.post(host_path(conversation, "visit"), {"text": "Samedi ?"})
    found = again(conversation)
    assert (found.outcome, found.booking.state) == (Outcome.VISIT, BookingState.REQUESTED)
    guest = client.get(guest_path(conversation)).text
    assert HOST in guest
    assert ADDRESS not in guest
    with time_machine.travel(timezone.now() + timedelta(days=6), tick=False):
        assert rooms.follow_stays(at=timezone.now()) == 1
        assert rooms.follow_stays(at=timezone.now()) == 0
    assert events(HOST)[-1] == "room_undecided"
    client.post(host_path(conversation, "accepted"), {"text": ""})
    assert again(conversation).outcome == Outcome.BOOKED


def test_no_longer_to_let_takes_the_announcement_away_for_everybody(client):
    dwelling = room()
    told, booked, listed = request(dwelling), request(dwelling, OTHER), request(dwelling, "tiers@exemple.org")
    for each in (booked, listed):
        verbs.answer(conversation=each, reply=Reply.ACCEPTED, at=timezone.now())
    page = client.post(host_path(told, "filled"), {"text": ""}, follow=True).text
    assert "l’annonce a quitté les listes" in page
    assert (again(told).outcome, again(told).dwelling.state) == (Outcome.FILLED, State.FILLED)
    assert again(told).booking.state == BookingState.REFUSED
    assert events(INTERN)[-1] == "filled"
    chasing.chase(at=timezone.now())
    assert again(listed).outcome == Outcome.GONE
    assert events("tiers@exemple.org")[1:] == ["room_listed", "gone"], "nobody is proposed a room that is no longer to let"
    assert again(booked).booking.state == BookingState.CONFIRMED


def test_answers_that_no_longer_make_sense_are_refused():
    conversation = request(room())
    with pytest.raises(ConversationRefused):
        verbs.answer(conversation=conversation, reply=Reply.INTERESTED, at=timezone.now())
    verbs.answer(conversation=conversation, reply=Reply.ACCEPTED, at=timezone.now())
    for reply in (Reply.ACCEPTED, Reply.VISIT, Reply.NO, Reply.QUESTION):
        with pytest.raises(ConversationRefused):
            verbs.answer(conversation=conversation, reply=reply, at=timezone.now())
    with pytest.raises(ConversationRefused, match="Dites pourquoi"):
        verbs.answer(conversation=conversation, reply=Reply.CANCELLED, text="  ", at=timezone.now())


# --- Cancelling, waiting ---------------------------------------------------------------------------


def test_who_waits_first_has_three_days_then_the_next_and_nobody_twice(client):
    dwelling = room()
    booked, first, second = request(dwelling), request(dwelling, OTHER), request(dwelling, "tiers@exemple.org")
    verbs.answer(conversation=booked, reply=Reply.ACCEPTED, at=timezone.now())
    for each in (first, second):
        verbs.answer(conversation=each, reply=Reply.ACCEPTED, at=timezone.now())
    client.post(guest_path(booked), {"verb": "cancel", "reason": "Stage changé"})
    assert again(booked).booking.state == BookingState.CANCELLED
    assert "Stage changé" in Mail.objects.get(event__contains="room_cancelled_recipient").text
    assert [again(each).stage for each in (first, second)] == [Stage.PROPOSED, Stage.LISTED]
    Mail.objects.update(state="sent", sent_at=timezone.now())
    client.get(guest_path(first))
    assert again(first).stage == Stage.PROPOSED, "a GET changes nothing"
    with time_machine.travel(timezone.now() + timedelta(days=2), tick=False):
        assert rooms.follow_stays(at=timezone.now()) == 0
    with time_machine.travel(timezone.now() + timedelta(days=3, hours=1), tick=False):
        assert rooms.follow_stays(at=timezone.now()) == 1
        assert [again(each).stage for each in (first, second)] == [Stage.CLOSED, Stage.PROPOSED]
        assert rooms.follow_stays(at=timezone.now()) == 0
        client.post(guest_path(second), {"verb": "take"})
        client.post(guest_path(second), {"verb": "take"})
    assert again(second).stage == Stage.WAITING
    assert events("tiers@exemple.org") == ["receipt", "room_listed", "room_proposed", "receipt"]
    assert events(HOST).count("relay") == 4
    verbs.answer(conversation=again(second), reply=Reply.ACCEPTED, at=timezone.now())
    assert again(second).booking.state == BookingState.CONFIRMED


def test_a_host_cancels_with_a_reason_from_the_message_or_from_the_calendar(client):
    dwelling = room()
    conversation = request(dwelling)
    verbs.answer(conversation=conversation, reply=Reply.ACCEPTED, at=timezone.now())
    assert "obligatoire" in client.post(host_path(conversation, "cancelled"), {"text": ""}).text
    client.post(host_path(conversation, "cancelled"), {"text": "Travaux imprévus"})
    assert again(conversation).outcome == Outcome.CANCELLED
    assert "Travaux imprévus" in Mail.objects.get(event__contains="room_cancelled_sender").text
    other = request(dwelling, OTHER)
    verbs.answer(conversation=other, reply=Reply.ACCEPTED, at=timezone.now())
    housing.cancel_stay(booking=again(other).booking, reason="Dégât des eaux", at=timezone.now())
    assert again(other).outcome == Outcome.CANCELLED
    assert "Dégât des eaux" in Mail.objects.get(recipient=OTHER, event__contains="room_cancelled_sender").text


def test_withdrawing_and_erasing_give_the_stay_back(client):
    dwelling = room()
    asked, booked = request(dwelling), request(dwelling, OTHER, first=120, last=150)
    client.post(guest_path(asked), {"verb": "withdraw"})
    assert again(asked).booking.state == BookingState.CANCELLED
    verbs.answer(conversation=booked, reply=Reply.ACCEPTED, at=timezone.now())
    assert "annulez-le" in client.post(guest_path(booked), {"verb": "withdraw"}).text
    endings.erase(conversation=again(booked), at=timezone.now())
    stay = Booking.objects.get(conversation=booked)
    assert (stay.state, stay.purpose) == (BookingState.CANCELLED, "")
    assert (again(booked).purpose, again(booked).people) == ("", None)
    assert events(HOST)[-1] == "erased"
    told = Mail.objects.get(recipient=HOST, event__contains=".erased:")
    assert f"séjour {french.date_range(day(120), day(150))} est annulé" in told.text
    assert OTHER not in told.text


def test_a_host_without_an_address_does_not_wait_for_who_erased_a_stay():
    conversation = request(room(contact_email=""))
    stays.answer_for_host(conversation=conversation, accepted=True, text="", actor=None, at=timezone.now())
    endings.erase(conversation=again(conversation), at=timezone.now())
    told = Mail.objects.get(event__contains=".erased:")
    assert (told.recipient, "prévenez-le" in told.text) == (settings.CONTACT_EMAIL, True)


def test_a_day_of_arrival_that_passes_without_a_yes_ends_the_request():
    conversation = request(room(), first=3, last=40)
    with time_machine.travel(timezone.now() + timedelta(days=5), tick=False):
        assert rooms.follow_stays(at=timezone.now()) == 1
        assert rooms.follow_stays(at=timezone.now()) == 0
    assert again(conversation).stage == Stage.CLOSED
    assert (events(INTERN)[-1], events(HOST)[-1]) == ("room_late", "room_over")


def test_a_room_that_leaves_the_portal_ends_what_waits_for_it():
    dwelling = room()
    asked, booked = request(dwelling), request(dwelling, OTHER, first=120, last=150)
    visited = request(dwelling, "visite@exemple.org", first=160, last=180)
    verbs.answer(conversation=booked, reply=Reply.ACCEPTED, at=timezone.now())
    verbs.answer(conversation=visited, reply=Reply.VISIT, at=timezone.now())
    dwelling.state, dwelling.closed_at = "withdrawn", timezone.now()
    dwelling.save()
    assert chasing.chase(at=timezone.now()) == 2
    assert again(asked).outcome == again(visited).outcome == Outcome.GONE
    assert "depuis la réponse que vous avez eue" in Mail.objects.get(event=f"contacts.gone:{visited.pk}").text
    assert again(asked).booking.state == BookingState.REFUSED
    assert again(booked).outcome == Outcome.BOOKED, "a confirmed stay is kept"


def test_a_contact_that_changes_takes_the_requests_over():
    dwelling = room()
    conversation = request(dwelling)
    dwelling.contact_email = "nouvel.hote@exemple.org"
    dwelling.save()
    assert chasing.chase(at=timezone.now()) == 1
    assert again(conversation).recipient.email == "nouvel.hote@exemple.org"
    chasing.forget_recipients(at=timezone.now() + timedelta(days=2))
    assert again(conversation).recipient.email == "nouvel.hote@exemple.org"


# --- The team --------------------------------------------------------------------------------------


def test_staff_see_who_arrives_soon_first(admin_client):
    late = request(room(), first=60, last=90)
    soon = request(room(), OTHER, first=10, last=40)
    Conversation.objects.filter(pk=late.pk).update(moved_at=timezone.now() + timedelta(minutes=1))
    page = admin_client.get(reverse("admin:contacts_conversation_changelist")).text
    assert page.index(f"/{soon.pk}/change/") < page.index(f"/{late.pk}/change/")
    only = admin_client.get(reverse("admin:contacts_conversation_changelist"), {"arrivee": "bientot"}).text
    assert f"/{soon.pk}/change/" in only
    assert f"/{late.pk}/change/" not in only
    screen = admin_client.get(reverse("admin:contacts_conversation_change", args=[soon.pk])).text
    assert "n’a pas encore répondu" in screen
    assert "Stage de médecine générale" in screen


def press(client, conversation, verb, text=""):
    return client.post(reverse("admin:contacts_conversation_verb", args=[conversation.pk, verb]), {"text": text}, follow=True).text


def paused(dwelling):
    Recipient.objects.create(email=HOST, paused=True)
    return request(dwelling)


def test_the_team_confirms_a_stay_for_a_host_who_takes_no_message(admin_client, client):
    conversation = paused(room())
    assert (conversation.stage, events(HOST)) == (Stage.ADVISER, [])
    assert "Confirmer le séjour" in admin_client.get(reverse("admin:contacts_conversation_change", args=[conversation.pk])).text
    assert "Le séjour est confirmé" in press(admin_client, conversation, "accept", "Madame Exemple vous attend.")
    found = again(conversation)
    assert (found.stage, found.outcome, found.booking.state) == (Stage.ANSWERED, Outcome.BOOKED, BookingState.CONFIRMED)
    assert (events(INTERN), events(HOST)) == (["receipt", "room_booked_sender"], ["room_booked_recipient"])
    told = Mail.objects.get(event__contains="room_booked_sender").text
    assert ADDRESS in told
    assert "Madame Exemple vous attend." in told
    page = client.get(host_path(conversation))
    assert "J’annule ce séjour" in page.text, "the host has a page from now on"
    assert "Madame Exemple vous attend." not in page.text, "the team spoke to the author"
    assert "n’attend pas, ou plus" in press(admin_client, conversation, "decline", "Trop tard.")
    assert again(conversation).booking.state == BookingState.CONFIRMED


def test_a_host_without_an_address_is_reached_by_telephone(admin_client, client):
    conversation = request(room(contact_email="", contact_phone="04 90 00 00 01", contact_name="Madame Exemple"))
    screen = admin_client.get(reverse("admin:contacts_conversation_change", args=[conversation.pk])).text
    assert "04 90 00 00 01" in screen
    assert "dites-lui qui vient" in press(admin_client, conversation, "accept")
    told = Mail.objects.get(event__contains="room_booked_sender").text.replace("\u00a0", " ")
    assert "Téléphone : 04 90 00 00 01" in told
    assert "Courriel" not in told, "an address of the team is none of the host"
    page = client.get(guest_path(conversation)).text
    assert "04 90 00 00 01" in page
    client.post(guest_path(conversation), {"verb": "say", "text": "À quelle heure puis-je venir ?"})
    assert again(conversation).stage == Stage.ADVISER, "what the guest writes goes to who can call"
    client.post(guest_path(conversation), {"verb": "cancel", "reason": "Stage changé"})
    asked = Mail.objects.get(event__contains="room_cancelled_team")
    assert (asked.recipient, "04 90 00 00 01" in asked.text) == (settings.CONTACT_EMAIL, True)


def test_the_team_refuses_a_stay_with_words(admin_client):
    conversation = paused(room())
    assert "Écrivez le motif" in press(admin_client, conversation, "decline", "  ")
    press(admin_client, conversation, "decline", "La chambre est en travaux jusqu’au printemps.")
    found = again(conversation)
    assert (found.stage, found.outcome, found.booking.state) == (Stage.CLOSED, Outcome.NO, BookingState.REFUSED)
    told = Mail.objects.get(recipient=INTERN, event__contains=".no:").text
    assert "en travaux jusqu’au printemps" in told
    assert "la réponse est non." in told


def test_a_yes_of_the_team_that_comes_too_late_waits_on_the_list(admin_client):
    dwelling = room()
    conversation = paused(dwelling)
    housing.note_stay(dwelling=dwelling, start=day(30), end=day(60), at=timezone.now())
    assert "liste d’attente" in press(admin_client, conversation, "accept", "Venez.")
    assert (again(conversation).stage, again(conversation).booking.state) == (Stage.LISTED, BookingState.WAITING)


def test_the_team_has_no_stay_to_answer_where_the_host_has_the_request(admin_client):
    conversation = request(room())
    press(admin_client, conversation, "accept")
    assert again(conversation).booking.state == BookingState.REQUESTED


# --- The host's private page -----------------------------------------------------------------------


def test_the_host_finds_requests_and_wishes_behind_the_private_link(client, django_assert_num_queries):
    dwelling = room()
    conversation = request(dwelling)
    token = signed.sign(PURPOSE, dwelling)
    with django_assert_num_queries(6):
        page = client.get(reverse("contacts:room_messages", args=[token])).text
    assert conversation.name in page
    request(dwelling, OTHER, first=120, last=150)
    with django_assert_num_queries(6):
        client.get(reverse("contacts:room_messages", args=[token]))
    client.post(reverse("contacts:room_wishes", args=[token]), {"paused": "on"})
    assert again(conversation).recipient.paused


@pytest.mark.parametrize(("choice", "stage"), [("accepted", Stage.ANSWERED), ("question", Stage.ASKED), ("no", Stage.CLOSED)])
def test_a_host_answers_what_the_team_received_meanwhile(client, now, choice, stage):
    conversation = paused(room())
    token = signed.sign(PURPOSE, conversation.dwelling)
    requests = reverse("contacts:room_messages", args=[token])
    calendar = client.get(reverse("housing:host_calendar", args=[token])).text
    assert f'href="{requests}">vos demandes' in calendar, "where it is answered"
    page = client.get(requests)
    [(_, path)] = page.context["rows"]
    assert f'href="{path}"' in calendar
    for words in (conversation.name, "dont 1 sans réponse", f'href="{path}"'):
        assert words in page.text
    client.post(f"{path}?choix={choice}", {"text": "À quelle heure ?", "refusal": "dates"})
    found = again(conversation)
    assert found.stage == stage
    assert found.relayed_at == found.answered_at
    assert Conversation.objects.promise(timezone.now() + timedelta(days=30))["rated"] == 0, "its delay says nothing"


# --- At once ---------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_yeses_at_once_confirm_one_stay_and_list_the_other():
    dwelling = room()
    asked = [request(dwelling, f"interne{rank}@exemple.org") for rank in range(4)]

    def accept(pk):
        with suppress(ConversationRefused):  # it has its answer, or waits on the list
            verbs.answer(conversation=Conversation.objects.get(pk=pk), reply=Reply.ACCEPTED, at=timezone.now())

    together([lambda pk=each.pk: accept(pk) for each in [*asked, asked[0]]])
    outcomes = sorted((again(each).outcome, again(each).booking.state) for each in asked)
    assert outcomes == [("", "waiting")] * 3 + [("booked", "confirmed")]


@pytest.mark.django_db(transaction=True)
def test_whoever_acts_at_once_on_one_room_waits_for_nobody_who_waits_for_them():
    dwelling = room()
    booked, first, second = request(dwelling), request(dwelling, OTHER), request(dwelling, "tiers@exemple.org")
    for each in (booked, first, second):
        verbs.answer(conversation=each, reply=Reply.ACCEPTED, at=timezone.now())

    def cancel():
        with suppress(ConversationRefused):  # the host was quicker
            rooms.cancel(conversation=Conversation.objects.get(pk=booked.pk), reason="Changé", at=timezone.now())

    together(
        [
            cancel,
            lambda: housing.cancel_stay(booking=Booking.objects.get(conversation=booked), reason="Travaux", at=timezone.now()),
            lambda: endings.withdraw(conversation=Conversation.objects.get(pk=first.pk), at=timezone.now()),
            lambda: rooms.follow_stays(at=timezone.now()),
            lambda: chasing.chase(at=timezone.now()),
        ]
    )
    assert again(booked).outcome == Outcome.CANCELLED
    assert again(first).outcome == Outcome.WITHDRAWN
    assert again(second).stage == Stage.PROPOSED
    assert events("tiers@exemple.org").count("room_proposed") == 1


def test_who_arrives_within_the_week_has_the_team_on_the_eve(client):
    asked = request(room(), first=3, last=30)
    mail.deliver_due(at=timezone.now())
    eve = timezone.localtime(timezone.now() + timedelta(days=2)).replace(hour=9)
    assert f"Sans réponse le {french.date(eve)}" in client.get(guest_path(asked)).text
    chasing.chase(at=eve)
    assert again(asked).stage == Stage.ADVISER


def test_a_request_on_the_waiting_list_is_not_said_to_be_closed(client):
    dwelling = room()
    taken, listed = request(dwelling), request(dwelling, OTHER)
    for one in (taken, listed):
        with suppress(ConversationRefused):
            verbs.answer(conversation=one, reply=Reply.ACCEPTED, at=timezone.now())
    assert again(listed).stage == Stage.LISTED
    page = client.get(host_path(listed)).text
    assert "est sur la liste d’attente" in page
    assert "close" not in page
    with pytest.raises(ConversationRefused, match="est sur la liste d’attente"):
        verbs.say(conversation=again(listed), side=Side.SENDER, text="Et maintenant ?", at=timezone.now())
