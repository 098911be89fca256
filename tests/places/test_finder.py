"""The answer to a few preferences: a page, an order, reasons, and never an error."""

import pytest

from territories.models import Commune, HealthFacility, KeyFigure, Zoning
from tests.opportunities.factories import OpportunityFactory
from tests.portal.page import Page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
ADDRESS = "/territoires/trouver/"


def names(page):
    return [text.split(" accord")[0] for tag, text in page.headings if tag == "h3" and " accord" in text]


def test_nothing_wished_nothing_ranked(visit):
    page = visit(ADDRESS)
    assert names(page) == []
    assert "Choisissez au moins une préférence" in page.text
    assert page.meta("robots") is None


def test_each_example_is_a_search_that_answers(visit, client):
    examples = [url for url, _ in visit(ADDRESS).links if url.startswith(f"{ADDRESS}?")]
    assert len(examples) == 4
    for url in examples:
        page = Page(client.get(url))
        assert len(names(page)) == 12
        assert 'role="alert"' not in page.html


def test_offers_around_decide(visit):
    OpportunityFactory.create_batch(5, town="Sault")
    page = visit(ADDRESS, offres="beaucoup", taille="village", **{"taille-compte": "un-peu"})
    assert "Sault" in names(page)
    assert "5\u00a0offres ouvertes à moins de 15\u00a0km" in page.html
    assert page.meta("robots") == "noindex"


def test_a_discreet_offer_moves_no_commune(visit):
    OpportunityFactory.create_batch(5, town="Sault", in_epci=True)
    assert "5\u00a0offres" not in visit(ADDRESS, offres="beaucoup").html


def test_before_the_communes_are_loaded_the_page_answers(visit):
    Zoning.objects.all().delete()
    HealthFacility.objects.all().delete()
    KeyFigure.objects.filter(commune__isnull=False).delete()
    Commune.objects.all().delete()
    assert visit(ADDRESS, gare="beaucoup").status == 200


def test_near_a_place(visit):
    page = visit(ADDRESS, lieu="84400 Apt", km="10", **{"lieu-compte": "beaucoup"})
    assert len(names(page)) == 12
    assert names(page)[0]
    assert 'data-copy="http://testserver/territoires/trouver/?lieu=apt&amp;km=10&amp;lieu-compte=beaucoup"' in page.html


@pytest.mark.parametrize("name", ["hopital", "urgences", "etablissements", "frr"])
def test_what_is_not_in_the_base_is_said(visit, name):
    HealthFacility.objects.all().delete()
    Zoning.objects.all().delete()
    page = visit(ADDRESS, **{name: "beaucoup"})
    assert "laissé de côté" in page.text
    assert names(page) == []


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"hopital": "énorme"}, "n’est pas un poids"),
        ({"hopital": "\x00"}, "n’est pas un poids"),
        ({"taille": "9" * 5000}, "n’est pas une taille"),
        ({"lieu": "Paris"}, "Aucune commune de Vaucluse"),
        ({"lieu": "\x00" * 200}, "Trouver mon territoire"),
        ({"km": "-1", "lieu": "apt"}, "n’est pas une distance"),
        ({"lieu-compte": "beaucoup"}, "Écrivez le nom de la commune"),
    ],
)
def test_absurd_parameters_are_answered(visit, parameters, message):
    page = visit(ADDRESS, **parameters)
    assert page.status == 200
    assert message in page.text


@pytest.mark.parametrize("count", [1, 3])
def test_the_same_queries_whatever_is_open(client, django_assert_num_queries, count):
    OpportunityFactory.create_batch(count)
    with django_assert_num_queries(6):
        client.get(ADDRESS, {"offres": "beaucoup"})
