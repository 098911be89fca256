"""The home page: for whom, one search, four doors, figures that are counted."""

import pytest
from django.core.cache import cache

from opportunities.models import OpportunityKind
from tests.opportunities.factories import OpportunityFactory

DOORS = ["Interne", "Remplaçant", "Je m’installe", "Fin de carrière"]


@pytest.fixture(autouse=True)
def made_anew():
    """A page kept in memory by an earlier test is not this one's."""
    cache.clear()


def figures(page):
    """The figures of the page by their label."""
    block = page.html.split('<dl class="figures">')[1].split("</dl>")[0]
    rows = [row.split("</dt><dd>") for row in block.split("<dt>")[1:]]
    return {label.replace("&nbsp;", " "): value.split("</dd>")[0] for label, value in rows}


def test_one_sentence_says_for_whom_and_what(visit):
    assert visit("/").headings[0] == (
        "h1",
        "Médecin généraliste, interne ou bientôt retraité ? En Vaucluse, une équipe vous aide à trouver un cabinet, "
        "un remplacement, un stage, un logement et les aides auxquelles vous avez droit.",
    )


def test_figures_are_those_of_the_records(visit):
    OpportunityFactory(town="Apt")
    OpportunityFactory(town="Apt", locum=True)
    OpportunityFactory(town="Sault", succession=True)
    OpportunityFactory(town="Orange", in_epci=True)
    OpportunityFactory(town="Pertuis", draft=True)
    OpportunityFactory(town="Cavaillon", filled=True)
    counted = figures(visit("/"))
    assert counted["offres ouvertes"] == "4"
    assert counted["communes avec une offre"] == "2"


def test_figures_of_an_empty_portal(visit):
    counted = figures(visit("/"))
    assert (counted["offre ouverte"], counted["commune avec une offre"]) == ("0", "0")
    assert "Confirmées ces derniers jours" not in visit("/").text


def test_the_doors_follow_a_career(visit):
    assert [text for name, text in visit("/").headings if name == "h2"][1:5] == DOORS


def test_each_door_leads_to_the_offers_it_counts(visit):
    OpportunityFactory(locum=True)
    OpportunityFactory.create_batch(2, succession=True)
    OpportunityFactory(salaried=True)
    page = visit("/")
    for text, count in (
        ("Remplacements sur des dates", 1),
        ("Reprendre, rejoindre un cabinet", 2),
        ("Être salarié, partager son temps", 1),
    ):
        address = page.address_of(text)
        assert f"{text}</a><b>{count}</b>" in page.html
        assert visit(address).html.count('<li data-offer="') == count


def test_a_kind_put_away_leaves_no_door(visit):
    OpportunityKind.objects.filter(code="new_practice").update(active=False)
    assert "Créer son cabinet" not in visit("/").text


def test_the_latest_confirmed_offers_come_first(visit):
    offers = OpportunityFactory.create_batch(4)
    for age, offer in enumerate(offers):
        type(offer).objects.filter(pk=offer.pk).update(confirmed_at=offer.published_at.replace(year=2020 + age))
    shown = [text for name, text in visit("/").headings if name == "h3"][:3]
    assert shown == [offer.title for offer in reversed(offers)][:3]


def test_the_search_asks_the_list(visit):
    page = visit("/")
    forms = [attrs for tag, attrs in page.attributes if tag == "form"]
    fields = {attrs["name"] for tag, attrs in page.attributes if tag in {"input", "select"} and "name" in attrs}
    assert [form["action"] for form in forms] == ["/exercer/offres/"]
    assert fields == {"q", "commune", "rayon"}


def test_five_queries_whatever_the_number_of_offers(client, db, django_assert_num_queries):
    """Version, kinds, offers by kind, communes, latest offers."""
    OpportunityFactory()
    with django_assert_num_queries(5):
        client.get("/")
    OpportunityFactory.create_batch(4)
    with django_assert_num_queries(5):
        client.get("/")
