"""Suggestions of communes as JSON."""

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(client):
    """The response to `?q=`."""
    return lambda q: client.get(reverse("territories:commune_search"), {"q": q})


def names(response):
    return [commune["name"] for commune in response.json()["communes"]]


def test_a_suggestion_holds_what_a_form_needs(ask):
    assert ask("l'isle").json() == {
        "communes": [
            {
                "name": "L’Isle-sur-la-Sorgue",
                "postal_code": "84800",
                "postal_codes": ["84800"],
                "epci": "Pays des Sorgues et des Monts de Vaucluse",
                "latitude": 43.91899,
                "longitude": 5.05038,
                "insee": "84054",
            }
        ]
    }


def test_the_address_is_in_french():
    assert reverse("territories:commune_search") == "/territoires/communes.json"


def test_eight_at_most_the_largest_first(ask):
    assert names(ask("84")) == ["Avignon", "Carpentras", "Orange", "Cavaillon", "L’Isle-sur-la-Sorgue", "Pertuis", "Sorgues", "Le Pontet"]


@pytest.mark.parametrize("text", ["", " ", "\x00", "\ud800".encode("utf-8", "surrogatepass"), b"\xff\xfe", "a" * 10_000, "%", "paris"])
def test_a_text_that_means_nothing_gives_an_empty_list(ask, text):
    response = ask(text)
    assert (response.status_code, response.json()) == (200, {"communes": []})


def test_no_parameter_or_another_gives_an_empty_list(client):
    for query in ("", "?nom=apt", "?q", "?q=&q="):
        assert client.get(reverse("territories:commune_search") + query).json() == {"communes": []}


@pytest.mark.parametrize(("text", "queries"), [("apt", 1), ("84", 1), ("carpantras", 1), ("", 0)])
def test_number_of_queries(ask, django_assert_num_queries, text, queries):
    with django_assert_num_queries(queries):
        ask(text)


def test_shared_caches_may_keep_it(ask):
    response = ask("apt")
    assert response["Cache-Control"] == "public, max-age=3600"
    assert response.cookies == {}
    assert "Cookie" not in response.get("Vary", "")


def test_only_reading(client):
    assert client.post(reverse("territories:commune_search"), {"q": "apt"}).status_code in (403, 405)
