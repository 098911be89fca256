"""Communes side by side: the address says which, whatever it says."""

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db
ADDRESS = "/territoires/comparer/"


def compare(visit, *names):
    return visit(ADDRESS, commune=list(names))


def heads(page):
    return [text for tag, text in columns(page)]


def columns(page):
    row = page.html.split("<thead")[1].split("</thead>")[0]
    return [("th", part.split("</a>")[0].rpartition(">")[2]) for part in row.split('scope="col" role="columnheader">')[2:]]


def test_two_communes_stand_side_by_side(visit):
    page = compare(visit, "apt", "sault")
    assert heads(page) == ["Apt", "Sault"]
    assert page.address_of("Retirer Apt") == f"{ADDRESS}?commune=sault"
    assert "Comparer Apt, Sault" in page.html
    assert page.html.count('scope="row"') > 15
    assert page.html.count('<b class="compare__place" aria-hidden="true">Sault</b>') == page.html.count('scope="row"')


def test_names_that_are_typed_are_understood(visit):
    assert heads(compare(visit, "L'isle sur la sorgue", "84400 Apt", "gordes")) == ["L’Isle-sur-la-Sorgue", "Apt", "Gordes"]


def test_a_fifth_commune_is_told_and_left_out(visit):
    page = compare(visit, "apt", "sault", "gordes", "orange", "bollene")
    assert heads(page) == ["Apt", "Sault", "Gordes", "Orange"]
    assert "Bollène n’y figure pas" in page.text
    assert 'id="c-commune"' not in page.html


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ((), "Ajouter une commune"),
        (("apt",), "Ajoutez au moins une commune à Apt"),
        (("apt", "apt"), "Ajoutez au moins une commune à Apt"),
        (("apt", "paris"), "Aucune commune de Vaucluse ne correspond à «\u00a0paris\u00a0»"),
        (("apt", "beaumont"), "Deux communes portent ce nom"),
        (("\x00", "apt\x00"), "Ajouter une commune"),
        (("9" * 4000,), "Aucune commune"),
        (tuple(str(n) for n in range(60)), "Ajouter une commune"),
    ],
)
def test_what_cannot_be_compared_is_answered(visit, names, message):
    page = compare(visit, *names)
    assert page.status == 200
    assert message.replace("\u00a0", " ") in page.text.replace("\u00a0", " ")
    assert "<thead" not in page.html


def test_the_address_of_a_comparison_is_the_one_to_share(visit):
    page = compare(visit, "Apt", "84390")
    assert page.status == 200
    page = compare(visit, "Apt", "sault")
    assert 'data-copy="http://testserver/territoires/comparer/?commune=apt&amp;commune=sault"' in page.html
    assert page.meta("robots") == "noindex"
    assert visit(reverse("places:compare")).meta("robots") is None
