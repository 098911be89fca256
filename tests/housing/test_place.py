"""The place of a dwelling is shown near, never at it, and no number of looks gives it away."""

from statistics import mean

import pytest

from core.geography import Point, distance_km
from housing import actions
from housing.actions.place import FARTHEST_M, NEAREST_M, SHOWN_RADIUS_KM, drawn_shift, shifted
from housing.models import Dwelling
from tests.housing.factories import DwellingFactory
from tests.territories.factories import real_commune

pytestmark = pytest.mark.django_db

HAIR_KM = 0.02
"""Four decimals of a degree and a flat earth."""


def shift_of(dwelling):
    return dwelling.latitude - dwelling.exact_latitude, dwelling.longitude - dwelling.exact_longitude


def test_the_point_shown_is_apart_from_the_place_and_its_circle_holds_it():
    for rank in range(30):
        dwelling = DwellingFactory(exact_latitude=44.1 + rank / 100, exact_longitude=5.1)
        apart = distance_km(dwelling.point, dwelling.exact_point)
        assert NEAREST_M / 1000 - HAIR_KM <= apart <= FARTHEST_M / 1000 + HAIR_KM < SHOWN_RADIUS_KM
        assert dwelling.radius_km == SHOWN_RADIUS_KM


def test_shifts_go_every_way():
    shifts = [drawn_shift() for _ in range(400)]
    for axis in (0, 1):
        assert abs(mean(shift[axis] for shift in shifts)) < 90  # a preferred side would show


def test_the_shift_is_kept_whatever_is_saved_again():
    dwelling = DwellingFactory()
    before = dwelling.point
    for _ in range(5):
        dwelling = Dwelling.objects.get(pk=dwelling.pk)
        dwelling.offset_north_m  # noqa: B018
        actions.refresh_place(dwelling)
        dwelling.save()
    assert dwelling.point == before


def test_moving_the_pin_does_not_draw_again():
    dwelling = DwellingFactory()
    shift = shift_of(dwelling)
    dwelling.exact_latitude += 0.0005
    actions.refresh_place(dwelling)
    assert shift_of(dwelling) == pytest.approx(shift, abs=0.0002)


HOST = "hote@example.org"


def test_rooms_of_one_house_are_shown_at_one_point_so_that_there_is_nothing_to_average():
    first = DwellingFactory(contact_email=HOST)
    others = [DwellingFactory(contact_email=HOST.upper(), exact_latitude=first.exact_latitude + 0.0002 * rank) for rank in range(4)]
    assert {other.point for other in others} == {first.point}
    for other in others:
        assert distance_km(other.point, other.exact_point) < SHOWN_RADIUS_KM


def test_a_room_announced_again_is_shown_where_it_was():
    first = DwellingFactory(contact_email=HOST, withdrawn=True)
    assert DwellingFactory(contact_email=HOST, exact_latitude=first.exact_latitude + 0.0005).point == first.point


def test_who_knows_one_place_learns_nothing_of_the_neighbours():
    """A residence whose address is public, or one's own room: its shift taken from a neighbour's point must not give the neighbour."""
    known = DwellingFactory(contact_email=HOST)
    guesses = []
    for rank in range(12):
        neighbour = DwellingFactory(exact_latitude=known.exact_latitude + 0.0002, exact_longitude=known.exact_longitude + 0.0001 * rank)
        north, east = known.offset_north_m, known.offset_east_m
        guesses.append(distance_km(shifted(neighbour.point, -north, -east), neighbour.exact_point))
    assert max(guesses) > 0.3
    assert mean(guesses) > 0.2


def test_another_house_is_shifted_otherwise():
    first = DwellingFactory(contact_email=HOST)
    others = [DwellingFactory(contact_email=HOST, exact_latitude=first.exact_latitude + 0.01 * rank) for rank in range(1, 5)]
    assert any(shift_of(other) != pytest.approx(shift_of(first), abs=0.0003) for other in others)


def test_without_a_pin_the_commune_is_shown():
    dwelling = DwellingFactory(unplaced=True, town="Apt")
    apt = real_commune("Apt")
    assert dwelling.point == Point(apt.latitude, apt.longitude)
    assert dwelling.radius_km > 1
