"""Distances agree between Python and PostgreSQL, and with the map of Vaucluse."""

from math import cos, radians, sin

import pytest
from django.db import connection

from core.geography import EARTH_RADIUS_KM, KM_PER_DEGREE, DistanceKm, Point, box_around, distance_km
from territories.models import Commune
from tests.territories.factories import real_commune

AVIGNON = Point(43.9493, 4.8055)
CARPENTRAS = Point(44.0551, 5.0480)
PLACES = [
    AVIGNON,
    CARPENTRAS,
    Point(44.174, 5.2786),  # the Ventoux
    Point(0.0, 0.0),
    Point(-33.9, 151.2),
    Point(60.0, -179.9),
]


def commune_point(name):
    commune = real_commune(name)
    return Point(commune.latitude, commune.longitude)


@pytest.mark.django_db
@pytest.mark.parametrize("origin", PLACES, ids=str)
def test_python_and_postgresql_give_the_same_kilometres(origin):
    communes = list(Commune.objects.annotate(km=DistanceKm(origin)))
    assert len(communes) == 151
    for commune in communes:
        assert commune.km == pytest.approx(distance_km(origin, Point(commune.latitude, commune.longitude)), abs=1e-6)


@pytest.mark.django_db
def test_distance_reads_the_columns_it_is_given():
    at_the_epci = Commune.objects.annotate(km=DistanceKm(AVIGNON, "epci__latitude", "epci__longitude")).get(name="Apt")
    epci = at_the_epci.epci
    assert at_the_epci.km == pytest.approx(distance_km(AVIGNON, Point(epci.latitude, epci.longitude)), abs=1e-6)


@pytest.mark.django_db
def test_distances_are_those_of_the_map():
    """From the centre of Avignon, Carpentras lies some 23 km away in a straight line, and Apt some 48."""
    avignon = commune_point("Avignon")
    assert distance_km(avignon, commune_point("Carpentras")) == pytest.approx(22.6, abs=1)
    assert distance_km(avignon, commune_point("Apt")) == pytest.approx(48, abs=2)


def test_a_degree_of_latitude():
    assert round(KM_PER_DEGREE, 2) == 111.19
    assert distance_km(Point(44, 5), Point(45, 5)) == pytest.approx(KM_PER_DEGREE, abs=1e-9)


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_a_place_is_at_no_distance_from_itself_and_distance_has_no_direction(place):
    assert distance_km(place, place) == 0
    assert distance_km(place, AVIGNON) == pytest.approx(distance_km(AVIGNON, place), abs=1e-9)


@pytest.mark.parametrize("km", [0.5, 5, 15, 50])
@pytest.mark.parametrize("bearing", range(0, 360, 30))
def test_the_box_holds_the_whole_circle(km, bearing):
    box = box_around(CARPENTRAS, km)
    edge = Point(
        CARPENTRAS.latitude + km / KM_PER_DEGREE * cos(radians(bearing)),
        CARPENTRAS.longitude + km / KM_PER_DEGREE * sin(radians(bearing)) / cos(radians(CARPENTRAS.latitude)),
    )
    assert distance_km(CARPENTRAS, edge) == pytest.approx(km, rel=0.01)
    assert box.south <= edge.latitude <= box.north
    assert box.west <= edge.longitude <= box.east


@pytest.mark.parametrize("km", [0.5, 5, 15, 50])
def test_the_box_is_hardly_larger_than_the_circle(km):
    box = box_around(CARPENTRAS, km)
    assert distance_km(Point(box.south, CARPENTRAS.longitude), Point(box.north, CARPENTRAS.longitude)) <= 2 * km * 1.01
    assert distance_km(Point(CARPENTRAS.latitude, box.west), Point(CARPENTRAS.latitude, box.east)) <= 2 * km * 1.02


@pytest.mark.django_db
def test_the_radius_is_the_one_of_postgresql():
    """`earthdistance` speaks in statute miles on a sphere of its own; half a turn of it is pi times the radius."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT point(0, 0) <@> point(90, 0)")
        quarter_miles = cursor.fetchone()[0]
    assert quarter_miles * 1.609344 == pytest.approx(EARTH_RADIUS_KM * radians(90), rel=1e-9)
