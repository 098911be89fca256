"""Which dwellings are free from one day to another."""

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from housing.enums import BookingState
from housing.models import Dwelling
from tests.housing.factories import AvailabilityFactory, BlockFactory, BookingFactory, DwellingFactory, day

pytestmark = pytest.mark.django_db


def free(start, end):
    return set(Dwelling.objects.free(day(start), day(end)))


def test_a_dwelling_is_free_when_one_period_holds_every_night():
    dwelling = DwellingFactory(offered=(day(10), day(100)))
    assert free(10, 100) == {dwelling}
    assert free(9, 50) == free(50, 101) == set()


def test_nobody_is_offered_what_nobody_offers():
    DwellingFactory()
    assert free(1, 2) == set()


def test_a_stay_takes_its_nights_and_not_the_day_of_departure():
    dwelling = DwellingFactory(offered=(day(0), day(100)))
    BookingFactory(dwelling=dwelling, period=DateRange(day(20), day(30)))
    assert free(25, 40) == free(15, 21) == set()
    assert free(10, 20) == free(30, 40) == {dwelling}


@pytest.mark.parametrize("state", [BookingState.REQUESTED, BookingState.WAITING, BookingState.REFUSED, BookingState.CANCELLED])
def test_only_a_confirmed_stay_takes_nights(state):
    dwelling = DwellingFactory(offered=(day(0), day(100)))
    BookingFactory(dwelling=dwelling, state=state, period=DateRange(day(20), day(30)))
    assert free(20, 30) == {dwelling}


def test_a_residence_counts_its_places():
    residence = DwellingFactory(residence=True, places=3, offered=(day(0), day(100)))
    for place in (1, 2):
        BookingFactory(dwelling=residence, place=place, period=DateRange(day(20), day(30)))
    assert free(20, 30) == {residence}
    BookingFactory(dwelling=residence, place=3, period=DateRange(day(29), day(60)))
    assert free(20, 30) == set()
    assert free(20, 29) == {residence}


def test_stays_that_follow_each_other_in_one_room_leave_the_other_free():
    residence = DwellingFactory(residence=True, places=2, offered=(day(0), day(100)))
    for start in (20, 30):
        BookingFactory(dwelling=residence, place=1, period=DateRange(day(start), day(start + 10)))
    assert free(15, 50) == {residence}
    BookingFactory(dwelling=residence, place=2, period=DateRange(day(25), day(26)))
    assert free(15, 50) == set()


def test_a_closed_week_takes_all_places():
    residence = DwellingFactory(residence=True, offered=(day(0), day(100)))
    BlockFactory(dwelling=residence, period=DateRange(day(20), day(27)))
    assert free(26, 40) == set()
    assert free(27, 40) == {residence}


def test_two_stays_never_share_a_place_and_a_night():
    stay = BookingFactory(period=DateRange(day(10), day(20)))
    with pytest.raises(IntegrityError, match="booking_one_a_place_and_night"), transaction.atomic():
        BookingFactory(dwelling=stay.dwelling, period=DateRange(day(19), day(30)))
    BookingFactory(dwelling=stay.dwelling, period=DateRange(day(20), day(30)))


def test_two_periods_of_one_dwelling_never_overlap():
    first = AvailabilityFactory(period=DateRange(day(0), day(10)))
    with pytest.raises(IntegrityError, match="availability_apart"), transaction.atomic():
        AvailabilityFactory(dwelling=first.dwelling, period=DateRange(day(9), day(20)))


def test_readers_see_what_is_published_and_not_over():
    seen = DwellingFactory()
    for state in ("draft", "submitted", "paused", "filled", "expired", "withdrawn"):
        DwellingFactory(**{state: True})
    assert list(Dwelling.objects.visible(timezone.now())) == [seen]


def test_words_find_a_room():
    found = DwellingFactory(title="Chambre avec jardin")
    DwellingFactory(title="Studio au centre")
    assert list(Dwelling.objects.matching("jardins")) == [found]
