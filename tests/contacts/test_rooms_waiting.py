"""The waiting list of a room: a turn that holds no more, a list that cannot move, one place for one person."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from contacts.actions import conversations as verbs
from contacts.actions import endings, rooms
from contacts.enums import Outcome, Reply, Stage, Standing
from core import french
from core.models import Mail
from housing import actions as housing
from housing.enums import BookingState
from housing.models import Dwelling
from tests.contacts.rooms import HOST, INTERN, OTHER, again, day, guest_path, request, room
from tests.housing.factories import DwellingFactory

pytestmark = pytest.mark.django_db


def mails(step, recipient=OTHER):
    return list(Mail.objects.filter(recipient=recipient, event__startswith=f"contacts.{step}:").order_by("pk"))


def follow(days=0):
    """The job, twice: nothing is told twice. What the first one did."""
    with time_machine.travel(timezone.now() + timedelta(days=days), tick=False):
        taken = rooms.follow_stays(at=timezone.now())
        assert rooms.follow_stays(at=timezone.now()) == 0
        return taken


def listed(dwelling):
    """A stay that holds the room, and somebody who waits for it."""
    booked, waits = request(dwelling), request(dwelling, OTHER)
    for each in (booked, waits):
        verbs.answer(conversation=each, reply=Reply.ACCEPTED, at=timezone.now())
    assert again(waits).stage == Stage.LISTED
    return booked, waits


@pytest.fixture
def proposed():
    """A room, and somebody whose turn it is to take it."""
    dwelling = room()
    booked, waits = listed(dwelling)
    rooms.cancel(conversation=booked, reason="Stage changé", at=timezone.now())
    assert again(waits).stage == Stage.PROPOSED
    return dwelling, waits


# --- A turn that holds no more ---------------------------------------------------------------------


def take_nights(dwelling):
    housing.note_stay(dwelling=dwelling, start=day(50), end=day(60), at=timezone.now())


def close_nights(dwelling):
    housing.close(dwelling=dwelling, start=day(50), end=day(60), at=timezone.now())


@pytest.mark.parametrize("lose", [take_nights, close_nights])
def test_a_proposal_whose_nights_are_taken_goes_back_to_the_list(proposed, client, lose):
    dwelling, waits = proposed
    lose(dwelling)
    assert follow() == 1
    found = again(waits)
    assert (found.stage, found.booking.state) == (Stage.LISTED, BookingState.WAITING)
    told = mails("room_listed")[-1]
    assert "vous restez sur la liste d’attente" in told.subject
    assert "n’est plus libre" in told.text
    assert "Vous êtes sur la liste d’attente" in client.get(guest_path(waits)).text


def test_a_pause_during_a_turn_is_told_as_a_pause(proposed, client):
    dwelling, waits = proposed
    housing.pause(dwelling=dwelling, at=timezone.now())
    assert follow() == 1
    told = mails("room_listed")[-1]
    assert "L’annonce est en pause, vous restez sur la liste d’attente" in told.subject
    assert "a mis son annonce en pause" in told.text
    page = client.get(guest_path(waits)).text
    for words in (told.text, page):
        assert "un autre séjour est confirmé" not in words
        assert "La chambre n’est plus libre" not in words


@pytest.mark.parametrize("end", ["filled", "withdrawn"])
def test_a_room_that_is_over_during_a_turn_is_told_once(proposed, client, end):
    dwelling, waits = proposed
    Dwelling.objects.filter(pk=dwelling.pk).update(state=end, closed_at=timezone.now())
    listed_mails = len(mails("room_listed"))
    assert follow() == 0
    page = client.post(guest_path(waits), {"verb": "take"}, follow=True).text
    assert "n’est plus proposé" in page
    assert endings.tell_gone(conversation=again(waits), at=timezone.now())
    assert again(waits).outcome == Outcome.GONE
    assert len(mails("gone")) == 1
    assert len(mails("room_listed")) == listed_mails


@pytest.mark.parametrize("takes", [True, False])
def test_a_room_that_was_deleted_during_a_turn_ends_the_request(proposed, client, takes):
    dwelling, waits = proposed
    dwelling.delete()
    if takes:
        assert client.post(guest_path(waits), {"verb": "take"}, follow=True).status_code == 200
    else:
        assert follow() == 1
    assert again(waits).outcome == Outcome.GONE
    [told] = mails("gone")
    assert "a été retirée avant que vous preniez la chambre" in told.text
    assert client.get(guest_path(waits)).status_code == 200


def test_whoever_takes_what_is_free_no_more_reads_so_and_the_host_is_not_asked(proposed, client):
    dwelling, waits = proposed
    asked = len(mails("relay", HOST))
    take_nights(dwelling)
    page = client.post(guest_path(waits), {"verb": "take"}, follow=True).text
    assert "La chambre n’est plus libre à vos dates" in page
    assert again(waits).stage == Stage.LISTED
    assert len(mails("relay", HOST)) == asked


def test_a_turn_that_was_lost_comes_again(proposed):
    dwelling, waits = proposed
    stay = housing.note_stay(dwelling=dwelling, start=day(50), end=day(60), at=timezone.now())
    follow()
    housing.cancel_stay(booking=stay, at=timezone.now() + timedelta(hours=1))
    assert again(waits).stage == Stage.PROPOSED
    assert len(mails("room_proposed")) == 2


def test_of_two_proposals_the_last_one_goes_back_when_one_room_is_left():
    dwelling = room(places=2)
    booked = [request(dwelling, f"avant{rank}@exemple.org") for rank in range(2)]
    for each in booked:
        verbs.answer(conversation=each, reply=Reply.ACCEPTED, at=timezone.now())
    waits = [request(dwelling, f"apres{rank}@exemple.org") for rank in range(2)]
    for each in booked:
        rooms.cancel(conversation=each, reason="Stage changé", at=timezone.now())
    assert [again(each).stage for each in waits] == [Stage.PROPOSED, Stage.PROPOSED]
    take_nights(dwelling)
    follow()
    assert [again(each).stage for each in waits] == [Stage.PROPOSED, Stage.LISTED]


# --- A list that cannot move -----------------------------------------------------------------------


def expire(dwelling):
    Dwelling.objects.update(state="expired", closed_at=timezone.now())


def offer_nothing(dwelling):
    housing.stop_offering(dwelling=dwelling, start=day(0), end=day(365), at=timezone.now())


@pytest.mark.parametrize(("end", "words"), [(expire, "L’annonce n’est plus en ligne"), (offer_nothing, "ne propose pas toutes ces nuits")])
def test_who_waits_in_vain_learns_it_once_and_stays_on_the_list(client, end, words):
    dwelling = room()
    waits = listed(dwelling)[1]
    assert follow() == 0
    end(dwelling)
    assert follow() == 1
    assert follow(days=3) == 0
    [told] = mails("room_stuck")
    assert words in told.text
    assert again(waits).stage == Stage.LISTED
    assert words in client.get(guest_path(waits)).text


def test_who_asks_for_nights_that_are_not_offered_yet_learns_it_with_the_receipt():
    request(DwellingFactory(contact_email=HOST, offered=(day(0), day(30))), OTHER)
    [told] = mails("room_listed")
    assert "ne propose pas toutes ces nuits" in told.text
    assert follow() == 0


def test_a_pause_is_told_on_the_page_of_who_waits(client):
    waits = listed(room())[1]
    Dwelling.objects.update(state="paused")
    assert follow() == 0
    assert "L’hôte a mis l’annonce en pause" in client.get(guest_path(waits)).text


# --- One place for one person ----------------------------------------------------------------------


@pytest.mark.parametrize("state", ["listed", "waiting", "booked"])
def test_who_asks_twice_for_the_same_nights_is_led_to_the_first_request(client, state):
    dwelling = room()
    if state == "listed":
        first = listed(dwelling)[1]
    else:
        first = request(dwelling, OTHER)
    if state == "booked":
        verbs.answer(conversation=first, reply=Reply.ACCEPTED, at=timezone.now())
    before = again(first).stage
    second = request(dwelling, OTHER, first=60, last=120, text="Autrement dit, je cherche une chambre.")
    found = again(second)
    assert (found.stage, found.outcome, found.booking) == (Stage.CLOSED, Outcome.TWIN, None)
    assert again(first).stage == before
    [told] = mails("room_twin")
    assert "n’est donc pas partie" in told.text
    way = guest_path(first).partition(":")[0]  # what follows is the moment of the signature
    assert way in told.text
    page = client.get(guest_path(second)).text
    assert "Vous avez déjà une demande pour ces nuits" in page
    assert f'href="{way}' in page


def test_a_hospital_asks_for_two_rooms_of_a_residence_for_two_people():
    dwelling = room(places=2)
    asked = [request(dwelling, OTHER, standing=Standing.ACTOR, text=f"Une chambre pour {who}.") for who in ("Zoé", "Noé")]
    assert [again(each).stage for each in asked] == [Stage.WAITING, Stage.WAITING]


def test_other_nights_another_person_and_what_is_closed_make_no_twin():
    dwelling = room()
    first = request(dwelling, OTHER)
    assert again(request(dwelling, OTHER, first=100, last=120)).stage == Stage.WAITING, "from the day of departure on"
    assert again(request(dwelling, INTERN)).stage == Stage.WAITING
    endings.withdraw(conversation=first, at=timezone.now())
    assert again(request(dwelling, OTHER, text="Finalement, je cherche une chambre calme.")).stage == Stage.WAITING


# --- What the form says ----------------------------------------------------------------------------


def test_dates_of_an_address_that_mean_nothing_are_left_out_with_a_word(client):
    path = reverse("contacts:write_room", args=[room().pk])
    page = client.get(f"{path}?du={day(40).isoformat()}&au={day(40 + 40 * 365).isoformat()}").text
    assert "Un séjour de plus de trois ans ne se cherche pas ici" in page
    assert french.date_range(day(40), day(100)) in client.get(f"{path}?du={day(40).isoformat()}&au={day(100).isoformat()}").text


@pytest.mark.parametrize("standing", ["extern", "other_intern"])
def test_externs_and_interns_of_other_specialties_find_themselves_in_the_list(client, standing):
    assert f'<option value="{standing}"' in client.get(reverse("contacts:write_room", args=[room().pk])).text
