"""Whoever gathers everything that is published of a room, as often as they like, finds the point shown and not the place."""

import re
from statistics import mean

import pytest

from core.french import kilometres
from core.geography import Point, distance_km
from housing import actions
from housing.actions.place import NEAREST_M
from tests.housing.factories import DwellingFactory
from tests.territories.factories import real_commune

pytestmark = pytest.mark.django_db
LIST = "/s-installer/logement/"
HOST = "hote@example.org"
APART_KM = NEAREST_M / 1000 - 0.02
TOWNS = ("Vaison-la-Romaine", "Malaucène", "Carpentras", "Apt", "Orange", "Sault")
COORDINATES = re.compile(r'data-latitude="(-?[\d.]+)" data-longitude="(-?[\d.]+)"')


def drawn_points(client, dwelling):
    """Every point of this dwelling in maps, under several searches and views, and on its page."""
    insee = [real_commune(town).insee for town in TOWNS]
    queries = [
        "",
        "?vue=5,44,5.2,44.4",
        *(f"?lieu=commune-{code}" for code in insee),
        *(f"?lieu=commune-{code}&rayon=50" for code in insee),
    ]
    for query in queries:
        for feature in client.get(f"{LIST}carte.geojson{query}").json()["features"]:
            if feature["id"] == dwelling.pk:
                longitude, latitude = feature["geometry"]["coordinates"]
                yield Point(latitude, longitude)
    for found in COORDINATES.finditer(client.get(dwelling.get_absolute_url()).content.decode()):
        yield Point(float(found[1]), float(found[2]))


def shift_of(dwelling):
    return dwelling.latitude - dwelling.exact_latitude, dwelling.longitude - dwelling.exact_longitude


def middle(points):
    return Point(mean(point.latitude for point in points), mean(point.longitude for point in points))


def test_averaging_every_map_and_page_gives_the_point_shown(client):
    dwelling = DwellingFactory()
    points = list(drawn_points(client, dwelling))
    assert len(points) > 10
    assert distance_km(middle(points), dwelling.exact_point) > APART_KM


def test_averaging_the_rooms_of_one_house_and_their_new_announcements_gives_the_point_shown(client):
    rooms = [DwellingFactory(title=f"Chambre {rank}", contact_email=HOST) for rank in range(6)]
    for room in rooms[:3]:
        room.state = "withdrawn"
        room.save()
    rooms += [DwellingFactory(title=f"Chambre {rank} de nouveau", contact_email=HOST) for rank in range(3)]
    for room in rooms:  # and saved again, many times
        actions.refresh_place(room)
        room.save()
    points = [point for room in rooms for point in drawn_points(client, room)]
    assert distance_km(middle(points), rooms[0].exact_point) > APART_KM


NO_EMAIL = {"contact_email": "", "contact_name": "", "contact_phone": "", "organisation": ""}


@pytest.mark.parametrize(
    "told",
    [
        [{"contact_name": "Camille Exemple"}, {"contact_name": "camille  exemple", "contact_phone": "04 90 00 00 00"}],
        [{"contact_phone": "04 90 00 00 00"}, {"contact_phone": "+33490000000", "contact_name": "M. Exemple"}],
        [{"organisation": "Commune inventée"}],
        [{}],
    ],
    ids=["name", "telephone", "organisation", "address alone"],
)
def test_averaging_the_rooms_of_a_house_whose_host_has_no_email_gives_the_point_shown(told):
    rooms = [DwellingFactory(**NO_EMAIL | told[rank % len(told)]) for rank in range(6)]
    assert len({room.point for room in rooms}) == 1
    assert distance_km(middle([room.point for room in rooms]), rooms[0].exact_point) > APART_KM


def test_neighbours_without_an_email_share_nothing():
    values = [{"contact_name": "Camille Exemple"}, {"contact_name": "Sacha Exemple"}, {"contact_phone": "04 90 00 00 01"}, {}]
    rooms = [DwellingFactory(**NO_EMAIL | each) for each in values]
    written_to = DwellingFactory(contact_name="Camille Exemple")  # with an e-mail: whoever announces alone may give any name
    assert len({room.point for room in [*rooms, written_to]}) == 5
    elsewhere = DwellingFactory(**NO_EMAIL | values[0], exact_latitude=rooms[0].exact_latitude + 0.01)
    assert shift_of(elsewhere) != pytest.approx(shift_of(rooms[0]), abs=0.0003)


def test_distances_that_are_told_are_those_of_the_point_shown(client):
    dwelling = DwellingFactory()
    for town in TOWNS:
        commune = real_commune(town)
        [card] = client.get(f"{LIST}?lieu=commune-{commune.insee}").context["rooms"]
        assert dict(card.ways)[commune.name] == kilometres(distance_km(dwelling.point, commune))


def test_a_circle_of_a_search_is_drawn_around_the_point_shown(client):
    """The smallest circle that holds a room tells its distance: it must be that of the point shown."""
    dwelling = DwellingFactory()
    center = real_commune("Carpentras")
    shown, exact = distance_km(dwelling.point, center), distance_km(dwelling.exact_point, center)
    edges = [km for km in range(5, 81) if client.get(f"{LIST}?lieu=commune-{center.insee}&rayon={km}").context["rooms"]]
    assert min(edges) - 1 < shown <= min(edges)
    assert shown != pytest.approx(exact, abs=0.001)
