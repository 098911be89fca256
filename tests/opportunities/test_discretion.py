"""A commune that is kept back is in no public answer (RGPD-07): neither its name, nor its point, nor a trace of either.

The offer of Sault below is told at the precision of its intercommunalité, Ventoux Sud. Every answer of
the portal that speaks of it is read for the commune, whatever the search that led there.
"""

import re
from html import unescape
from urllib.parse import unquote

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from core.search import fold
from opportunities import actions, rules
from opportunities.enums import LocationPrecision
from opportunities.models import Opportunity
from tests.opportunities.factories import OpportunityFactory, OtherPlaceFactory
from tests.territories.factories import real_commune

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

LIST, MAP, FEED = (reverse(f"opportunities:{name}") for name in ("offer_list", "offer_map", "offer_feed"))
SEARCHES = [
    "",
    "epci=ventoux-sud",
    "q=cabinet",
    "type=salaried_post&tri=distance&commune=Carpentras&rayon=50",
    "zone=5,43.9,5.6,44.3",
    "tri=debut",
]


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()


@pytest.fixture
def discreet():
    """An offer whose writer filled in everything, then chose not to name the commune."""
    return OpportunityFactory(
        salaried=True,
        town="Sault",
        title="Poste au cabinet (F/H)",
        location_precision=LocationPrecision.EPCI,
        workplace="Maison médicale de Sault",
        address="3 avenue de la Promenade, 84390 Sault",
        latitude=44.0912345,
        longitude=5.4087654,
    )


def addresses(offer):
    """Every public address where the offer may be told."""
    return [
        *(f"{address}?{query}" for address in (LIST, MAP, FEED) for query in SEARCHES),
        offer.get_absolute_url(),
        reverse("opportunities:offer_card", args=[offer.pk]),
        reverse("opportunities:landing"),
        reverse("home"),
        "/sitemap.xml",
        "/sitemap-offres.xml",
    ]


def traces(answer, commune):
    """What an answer holds of a commune: its name in any spelling, its codes, an address, a point within some 200 metres."""
    text = unquote(unescape(answer))
    words = f" {fold(text)} "
    told = [word for word in (commune.search_name, *commune.postal_codes, commune.insee, "promenade") if f" {fold(word)} " in words]
    numbers = {round(float(number), 2) for number in re.findall(r"\d{1,2}[.,]\d{2,}", text.replace(",", "."))}
    points = [(44.0912345, 5.4087654), (commune.latitude, commune.longitude)]
    return told + [point for point in points if {round(part, 2) for part in point} <= numbers]


def test_no_public_answer_tells_a_commune_that_is_kept_back(client, discreet):
    for address in addresses(discreet):
        answer = client.get(address)
        assert answer.status_code in (200, 404), address
        assert traces(answer.text, discreet.commune) == [], address


def test_the_offer_is_told_nonetheless(client, discreet):
    """Control: these answers do speak of the offer, and of its intercommunalité."""
    for address in addresses(discreet)[: 3 * len(SEARCHES) + 2]:
        answer = unescape(client.get(address).text)
        assert "Poste au cabinet" in answer, address
        assert "Ventoux Sud" in answer, address


@pytest.mark.parametrize("words", ["Centre du 84390", "Au 84 390, côté nord", "INSEE 84 123"])
def test_a_code_of_the_commune_is_found_however_it_is_spaced(discreet, words):
    discreet.description = words
    assert [problem.field for problem in rules.missing_for_publication(discreet, timezone.now())] == ["description"]


@pytest.mark.parametrize("words", ["Le 84 reçoit 390 patients", "184390 visites", "Apt, 84 400"])
def test_other_numbers_are_no_code(discreet, words):
    discreet.description = words
    assert rules.missing_for_publication(discreet, timezone.now()) == []


def test_a_card_found_around_a_commune_tells_no_distance_of_it(client, discreet):
    answer = client.get(LIST, {"commune": "Carpentras", "rayon": "50"})
    assert discreet.title in answer.text
    assert 'fiche__place">Secteur Ventoux Sud</p>' in answer.text


@pytest.mark.parametrize("precision", [LocationPrecision.COMMUNE, LocationPrecision.EXACT])
def test_a_commune_that_is_told_is_found_by_the_same_reading(client, discreet, precision):
    """Control: the reading finds the commune wherever it is told."""
    discreet.location_precision = precision
    discreet.latitude, discreet.longitude = 44.0912345, 5.4087654
    actions.save_offer(offer=discreet)
    told = [address for address in addresses(discreet) if traces(client.get(address).text, discreet.commune)]
    expected = [f"{address}?{query}" for address in (LIST, MAP, FEED) for query in SEARCHES]
    assert set(told) >= {*expected, discreet.get_absolute_url()}


@pytest.mark.parametrize("query", ["q=Sault", "q=promenade", "commune=Sault&rayon=5", "q=84390"])
def test_no_search_for_the_commune_singles_the_offer_out(client, discreet, query):
    """Its neighbours at the same precision are found, or not, alike."""
    neighbour = OpportunityFactory(salaried=True, town="Mormoiron", in_epci=True, title="Poste au cabinet (F/H)")
    told = client.get(f"{MAP}?{query}").json()["features"]
    assert {feature["id"] for feature in told} in (set(), {discreet.pk, neighbour.pk})


def test_two_discreet_offers_of_one_intercommunalite_stand_at_the_same_point(client, discreet):
    OpportunityFactory(salaried=True, town="Mormoiron", in_epci=True)
    first, second = client.get(MAP).json()["features"]
    assert first["geometry"] == second["geometry"]
    assert first["properties"]["r"] == second["properties"]["r"]


def test_the_page_of_a_neighbour_gives_nothing_away(client, discreet):
    neighbour = OpportunityFactory(salaried=True, town="Carpentras")
    page = client.get(neighbour.get_absolute_url())
    assert discreet.get_absolute_url() in page.text
    assert traces(page.text, discreet.commune) == []


@pytest.mark.parametrize("state", ["paused", "filled", "expired", "withdrawn"])
def test_what_is_over_still_keeps_its_commune_back(client, discreet, state):
    Opportunity.objects.filter(pk=discreet.pk).update(state=state)
    page = client.get(discreet.get_absolute_url())
    assert page.status_code == 200
    assert traces(page.text, discreet.commune) == []


def test_words_of_the_commune_are_not_learnt(client, discreet):
    """A mistyped word is never corrected to a name that no reader may know."""
    page = client.get(f"{LIST}?q=saullt")
    assert page.context["notices"] == []


def test_another_place_that_is_told_stays_told(client, discreet):
    """Further places are always named: the writer is free to add one or not."""
    OtherPlaceFactory(opportunity=discreet, town="Apt")
    page = client.get(discreet.get_absolute_url())
    assert "Apt" in page.text
    assert traces(page.text, real_commune("Sault")) == []
