"""The map holds the offers of the list: the same ones, in the same order, or groups that count them all."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from core.geography import Point, distance_km
from core.pagination import Window
from opportunities import geojson
from opportunities.enums import LocationPrecision
from tests.conftest import NOW
from tests.opportunities.factories import OpportunityFactory, OtherPlaceFactory, SettingFactory
from tests.territories.factories import real_commune

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

LIST, MAP = reverse("opportunities:offer_list"), reverse("opportunities:offer_map")


@pytest.fixture(autouse=True)
def pages_made_afresh(settings):
    """A page out of memory has no context to read."""
    settings.PAGE_CACHE = False


def collection(client, query=""):
    response = client.get(f"{MAP}?{query}")
    assert response["Content-Type"] == "application/geo+json"
    return response.json()


def listed(client, query=""):
    """The primary keys of the cards of every page of the list, in order."""
    first = client.get(f"{LIST}?{query}").context
    pages = [first, *(client.get(link["url"]).context for link in (first["pages"] or {"links": []})["links"][1:])]
    return [card.pk for page in pages for card in page["offers"]]


@pytest.fixture
def offers():
    """Twenty-four offers of several kinds, places, days and ages: two pages of list."""
    solo, msp = SettingFactory(code="liberal_solo"), SettingFactory(code="liberal_msp")
    towns = ("Carpentras", "Mazan", "Monteux", "Apt", "Sault", "Orange", "Bollène", "Pertuis")
    made = []
    for rank, town in enumerate(towns * 3):
        kind = ("locum", "regular_locum", "succession")[rank % 3]
        made.append(
            OpportunityFactory(
                **{kind: True},
                town=town,
                setting=(solo, msp)[rank % 2],
                lodging=rank % 4 == 0,
                half_days=[rank % 12],
                fee_share=Decimal(60 + rank),
                exact=rank % 5 == 0,
                in_epci=rank % 7 == 3,
                confirmed_at=NOW - timedelta(days=rank % 6),
                published_at=NOW - timedelta(days=rank + 6),
                starts_on=date(2027, 1, 1) + timedelta(days=20 * (rank % 5)),
                ends_on=date(2027, 1, 15) + timedelta(days=20 * (rank % 5)),
            )
        )
    OtherPlaceFactory(opportunity=made[3], town="Carpentras")
    for state in ("draft", "submitted", "paused", "filled", "expired", "withdrawn"):
        OpportunityFactory(**{state: True})
    return made


SAME = [
    "",
    "tri=debut",
    "type=locum_occasional",
    "type=locum_occasional&type=succession&tri=debut",
    "cadre=liberal_solo&logement=1",
    "commune=Carpentras",
    "commune=Carpentras&rayon=50&tri=distance",
    "commune=Carpentras&rayon=10&type=locum_occasional&type=locum_regular&jours=0&jours=3&jours=8&tri=distance",
    "epci=ventoux-sud",
    "du=2027-02-01&au=2027-02-20",
    "jours=1&jours=7",
    "part=75",
    f"depuis={(NOW - timedelta(days=14)).date()}",
    "zone=4.9,43.9,5.2,44.2",
    "q=remplacement",
    "q=remplacemant&commune=Apt&rayon=30",
    "q=de+la",
    "type=xyz&du=demain&rayon=-3&commune=Apt",
    "commune=Paris&tri=distance",
    "tri=prix",
]


def test_the_map_holds_the_offers_of_the_list_in_its_order(client, offers):
    """Searches that find all, some, few, each with something to put in order."""
    on_map = {query: [feature["id"] for feature in collection(client, query)["features"]] for query in SAME}
    assert on_map == {query: listed(client, query) for query in SAME}
    assert len(on_map[""]) == 24
    assert min(map(len, on_map.values())) > 0
    assert len({len(found) for found in on_map.values()}) >= 8


def test_the_link_of_the_list_leads_to_its_map(client, offers):
    page = client.get(f"{LIST}?commune=Carpentras&rayon=50&tri=distance&page=2").context
    features = client.get(page["map_url"]).json()["features"]
    assert [feature["id"] for feature in features] == listed(client, "commune=Carpentras&rayon=50&tri=distance")


def test_the_page_of_the_list_does_not_change_the_map(client, offers):
    assert collection(client, "page=2") == collection(client)


def test_a_feature_says_what_a_marker_shows(client):
    offer = OpportunityFactory(exact=True, town="Sault", locum=True, title="Tous les jeudis", latitude=44.1234567, longitude=5.4)
    feature = collection(client)["features"][0]
    assert feature == {
        "type": "Feature",
        "id": offer.pk,
        "geometry": {"type": "Point", "coordinates": [5.4, 44.12346]},
        "properties": {
            "k": "locum_occasional",
            "t": "Tous les jeudis",
            "p": "Sault, Ventoux Sud",
            "u": f"/exercer/offres/{offer.pk}-tous-les-jeudis/",
        },
    }


@pytest.mark.parametrize("precision", [LocationPrecision.COMMUNE, LocationPrecision.EPCI])
def test_an_approximate_point_is_an_area(client, precision):
    offer = OpportunityFactory(town="Sault", location_precision=precision)
    area = {LocationPrecision.COMMUNE: offer.commune, LocationPrecision.EPCI: offer.commune.epci}[precision]
    feature = collection(client)["features"][0]
    assert feature["geometry"]["coordinates"] == [round(area.longitude, 5), round(area.latitude, 5)]
    assert feature["properties"]["r"] == pytest.approx((area.area_km2 / 3.14159) ** 0.5, abs=0.1)
    assert feature["properties"]["r"] > 1


def test_every_kind_is_explained_to_the_legend(client):
    OpportunityFactory(succession=True)
    kinds = collection(client)["kinds"]
    assert kinds["succession"] == {"label": "Succession", "shape": "square", "glyph": "succession", "tone": "action"}


def test_the_circle_of_the_search_is_drawn(client):
    apt = real_commune("Apt")
    assert "circle" not in collection(client)
    assert collection(client, "commune=apt&rayon=30")["circle"] == {"center": [apt.longitude, apt.latitude], "km": 30}
    assert collection(client, "commune=apt&rayon=-3")["circle"]["km"] == 20


def test_an_empty_map(client):
    assert collection(client, "type=succession") | {"kinds": {}} == {
        "type": "FeatureCollection",
        "total": 0,
        "grouped": False,
        "kinds": {},
        "features": [],
    }


def test_texts_are_not_escaped_twice(client):
    OpportunityFactory(title='Été à l’ombre & </script> "ici"')
    response = client.get(MAP)
    assert "Été à l’ombre" in response.text
    assert response.json()["features"][0]["properties"]["t"] == 'Été à l’ombre & </script> "ici"'


@pytest.mark.parametrize("count", [1, 3])
def test_a_map_asks_the_same_queries_whatever_it_shows(client, django_assert_num_queries, count):
    """Version, choices, points."""
    OpportunityFactory.create_batch(count)
    with django_assert_num_queries(3):
        assert len(collection(client, "type=collaboration")["features"]) == count


# --- Groups --------------------------------------------------------------------------------------


@pytest.fixture
def few(monkeypatch):
    """A map that groups its points beyond ten."""
    monkeypatch.setattr(geojson, "POINTS_CEILING", 10)


def test_up_to_the_ceiling_every_point_is_told(client, few):
    OpportunityFactory.create_batch(10)
    assert not collection(client)["grouped"]
    OpportunityFactory()
    assert collection(client)["grouped"]


@pytest.mark.parametrize(
    "query", ["", "type=locum_occasional&type=succession", "vue=4.5,43.5,6,44.6", "vue=nonsense", "cadre=liberal_solo"]
)
def test_groups_count_every_offer_of_the_list(client, offers, few, query):
    grouped = collection(client, query)
    expected = len(listed(client, query))
    assert grouped["grouped"]
    assert grouped["total"] == sum(feature["properties"]["n"] for feature in grouped["features"]) == expected > 10
    assert 1 < len(grouped["features"]) < expected


def test_a_group_lies_within_its_bounds_and_its_bounds_hold_its_offers(client, offers, few):
    points = [offer.point for offer in offers]
    for feature in collection(client)["features"]:
        (longitude, latitude), (west, south, east, north) = feature["geometry"]["coordinates"], feature["properties"]["b"]
        assert west <= longitude <= east
        assert south <= latitude <= north
        inside = [p for p in points if west - 1e-5 <= p.longitude <= east + 1e-5 and south - 1e-5 <= p.latitude <= north + 1e-5]
        assert len(inside) >= feature["properties"]["n"]
        assert min(distance_km(Point(latitude, longitude), p) for p in inside) < 15


def test_coming_nearer_gives_the_points_of_the_view_in_list_order(client, offers, few):
    """Carpentras, Mazan and Monteux; the map still asks again when it moves."""
    near = collection(client, "vue=4.95,43.95,5.15,44.15&tri=debut")
    assert near["grouped"]
    assert 0 < near["total"] == len(near["features"]) <= 10
    seen = {feature["id"] for feature in near["features"]}
    assert [feature["id"] for feature in near["features"]] == [pk for pk in listed(client, "tri=debut") if pk in seen]
    assert seen == {o.pk for o in offers if 4.95 <= o.longitude <= 5.15 and 43.95 <= o.latitude <= 44.15}


def test_the_view_changes_nothing_when_every_point_is_told(client, offers):
    assert collection(client, "vue=4.95,43.95,5.15,44.15") == collection(client)


def test_the_narrowest_view_still_groups(client, few):
    OpportunityFactory.create_batch(12, exact=True, latitude=44.05, longitude=5.05)
    grouped = collection(client, "vue=5.0499999,44.0499999,5.0500001,44.0500001")
    assert [feature["properties"] for feature in grouped["features"]] == [{"n": 12, "b": [5.05, 44.05, 5.05, 44.05]}]


def test_pages_of_the_list_hold_every_offer_of_a_test(offers):
    """Control: the offers made here fill more than a page of the list and fewer than the map's ceiling."""
    assert Window(None, len(offers)).count == 2
    assert len(offers) < geojson.POINTS_CEILING
