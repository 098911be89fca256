"""Two people never hold one room on one night, whatever happens at once; and this test would see it if they did.

Real threads, each with a connection and a transaction of its own, on the tables as they are. The controls take away the lock, then the
constraint, then both: the last one shows the double booking, so the others could.
"""

import random
import threading
from collections import Counter
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from housing import actions
from housing.actions import StayRefused, stays
from housing.enums import BookingState
from housing.models import Booking, Dwelling
from tests.crowd import together
from tests.housing.factories import BookingFactory, DwellingFactory, day

pytestmark = pytest.mark.django_db(transaction=True)

CROWD = 50
CONSTRAINT = next(each for each in Booking._meta.constraints if each.name == "booking_one_a_place_and_night")


def asked(dwelling, start, end):
    """A request as it is stored, written at once: what is tested is what becomes of many."""
    return BookingFactory(dwelling=dwelling, state=BookingState.REQUESTED, place=None, period=DateRange(day(start), day(end)))


def confirm_all(requests):
    """Confirm all these at once; how many times each outcome came."""
    outcomes = []

    def confirm(pk):
        try:
            actions.confirm_stay(booking=Booking.objects.get(pk=pk), at=timezone.now())
            outcomes.append("confirmed")
        except StayRefused:
            outcomes.append("refused")

    together([lambda pk=stay.pk: confirm(pk) for stay in requests])
    return Counter(outcomes)


def shared_nights():
    """Pairs of confirmed stays of one dwelling that have a room and a night in common."""
    held = list(Booking.objects.confirmed().values_list("pk", "dwelling", "place", "period"))
    return [
        (one[0], other[0])
        for rank, one in enumerate(held)
        for other in held[rank + 1 :]
        if one[1:3] == other[1:3] and one[3].lower < other[3].upper and other[3].lower < one[3].upper
    ]


def overlapping(dwelling, count=CROWD):
    """Requests that all want the night of day 30, and each other nights besides."""
    return [asked(dwelling, 30 - rank % 20, 31 + rank % 7) for rank in range(count)]


def without_lock(monkeypatch, crowd):
    """Verbs that do not lock the dwelling; nobody stores a stay before all have seen which rooms are free."""
    everybody_looked, look = threading.Barrier(crowd), stays.free_place

    def seen(*args, **kwargs):
        place = look(*args, **kwargs)
        everybody_looked.wait(timeout=60)
        return place

    monkeypatch.setattr(stays, "lock", lambda pk: Dwelling.objects.get(pk=pk))
    monkeypatch.setattr(stays, "free_place", seen)


@pytest.fixture
def no_constraint():
    with connection.schema_editor() as editor:
        editor.remove_constraint(Booking, CONSTRAINT)
    yield
    Booking.objects.all().delete()
    with connection.schema_editor() as editor:
        editor.add_constraint(Booking, CONSTRAINT)


# --- What holds ------------------------------------------------------------------------------


def test_of_fifty_confirmations_for_one_room_exactly_one_wins():
    requests = overlapping(DwellingFactory())
    assert confirm_all(requests) == {"confirmed": 1, "refused": CROWD - 1}
    assert Booking.objects.confirmed().count() == 1
    assert Booking.objects.filter(state=BookingState.REQUESTED, place=None).count() == CROWD - 1


def test_of_fifty_confirmations_for_five_rooms_exactly_five_win():
    residence = DwellingFactory(residence=True, places=5)
    assert confirm_all(overlapping(residence)) == {"confirmed": 5, "refused": CROWD - 5}
    assert sorted(Booking.objects.confirmed().values_list("place", flat=True)) == [1, 2, 3, 4, 5]


def test_one_request_confirmed_by_many_hands_is_confirmed_once():
    stay = asked(DwellingFactory(residence=True, places=5), 10, 20)
    assert confirm_all([stay] * 20) == {"confirmed": 20}
    assert Booking.objects.get().place == 1


def test_random_stays_never_share_a_room_and_a_night_and_nobody_is_refused_for_nothing():
    draw = random.Random(20261102)
    residence = DwellingFactory(residence=True, places=4)
    wanted = [(start, start + draw.randint(1, 40)) for start in (draw.randint(1, 120) for _ in range(60))]
    requests = [asked(residence, start, end) for start, end in wanted]
    outcomes = confirm_all(requests)
    assert shared_nights() == []
    assert outcomes["confirmed"] > 4
    for stay in Booking.objects.filter(state=BookingState.REQUESTED):
        assert stays.free_place(residence, stay.period.lower, stay.period.upper) is None


def test_confirming_noting_cancelling_closing_and_changing_rooms_at_once_leave_a_sound_calendar():
    draw = random.Random(7)
    residence = DwellingFactory(residence=True, places=4, offered=(day(0), day(300)))
    held = [BookingFactory(dwelling=residence, place=place, period=DateRange(day(20), day(60))) for place in (1, 2, 3)]
    now, calls = timezone.now(), []

    def attempt(verb, **values):
        def call():
            with suppress(StayRefused):
                getattr(actions, verb)(at=now, **values)

        calls.append(call)

    for _ in range(12):
        start = draw.randint(1, 80)
        attempt("confirm_stay", booking=asked(residence, start, start + draw.randint(5, 40)))
        attempt("note_stay", dwelling=residence, start=day(start), end=day(start + 20))
    for stay in held:
        attempt("cancel_stay", booking=stay)
    for places in (2, 3, 4, 6):
        attempt("change_places", dwelling=residence, places=places)
    for start in (5, 12, 19, 100):
        attempt("close", dwelling=residence, start=day(start), end=day(start + 7))
        attempt("offer", dwelling=residence, start=day(290), end=day(310 + start))
    draw.shuffle(calls)
    together(calls)
    assert shared_nights() == []
    rooms = Dwelling.objects.get(pk=residence.pk).places
    assert max(Booking.objects.confirmed().values_list("place", flat=True)) <= rooms
    assert [(block.period.lower, block.period.upper) for block in residence.blocks.all()] == [(day(5), day(26)), (day(100), day(107))]
    assert residence.availabilities.get().period == DateRange(day(0), day(410))


@pytest.mark.parametrize("attempt", range(3))
def test_two_cancellations_at_once_take_nobody_from_the_list_twice(attempt):
    residence = DwellingFactory(residence=True, places=2, offered=(day(0), day(100)))
    held = [BookingFactory(dwelling=residence, place=place, period=DateRange(day(20), day(60))) for place in (1, 2)]
    now = timezone.now()
    waiting = [
        BookingFactory(
            dwelling=residence,
            state=BookingState.WAITING,
            period=DateRange(day(20), day(60)),
            created_at=now - timedelta(minutes=10 - rank),
        )
        for rank in range(4)
    ]
    promoted = []
    together([lambda stay=stay: promoted.extend(actions.cancel_stay(booking=stay, at=now)) for stay in held * 2])
    assert sorted(stay.pk for stay in promoted) == [waiting[0].pk, waiting[1].pk]
    assert set(Booking.objects.waiting()) == set(waiting[2:])


# --- What would not, were it taken away ------------------------------------------------------


def test_without_the_lock_the_constraint_has_the_last_word(monkeypatch):
    requests = overlapping(DwellingFactory(), 20)
    without_lock(monkeypatch, 20)
    assert confirm_all(requests) == {"confirmed": 1, "refused": 19}
    assert shared_nights() == []


def test_without_the_constraint_the_lock_holds(no_constraint):
    assert confirm_all(overlapping(DwellingFactory())) == {"confirmed": 1, "refused": CROWD - 1}


def test_control_without_both_one_room_is_given_to_many(no_constraint, monkeypatch):
    requests = overlapping(DwellingFactory(), 20)
    without_lock(monkeypatch, 20)
    assert confirm_all(requests) == {"confirmed": 20}
    assert len(shared_nights()) == 190
