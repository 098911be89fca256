"""Every territory has its page: its own words, its neighbours, the same few queries whatever lies around."""

from datetime import date

import pytest
from django.urls import reverse

from territories.models import Commune, Epci, Zoning
from tests.opportunities.factories import OpportunityFactory
from tests.territories.factories import FacilityFactory, real_commune

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


def test_each_commune_has_a_page_of_its_own(visit):
    """151 pages: none thin, no two with the same title, sentence or description."""
    titles, leads, descriptions = set(), set(), set()
    communes = list(Commune.objects.all())
    for commune in communes:
        page = visit(commune.get_absolute_url())
        assert page.status == 200, commune
        titles.add(page.html.split("<title>")[1].split("</title>")[0])
        leads.add(page.html.split('class="detail-head__lead">')[1].split("</p>")[0])
        descriptions.add(page.meta("description"))
        assert ("h1", commune.name) in page.headings
        assert len(page.text.split()) > 250, commune
        assert page.meta("robots") is None
    assert len(titles) == len(leads) == len(descriptions) == len(communes) == 151


def test_what_a_commune_page_says(visit):
    apt = real_commune("Apt")
    page = visit("/territoires/communes/apt/")
    assert f"{apt.population:,} habitants".replace(",", " ") in page.text
    assert "Pays d’Apt-Luberon" in page.text
    assert ("/territoires/intercommunalites/" + apt.epci.slug + "/", apt.epci.short_name) in page.links
    for pole in ("Montpellier", "Nîmes", "Marseille"):
        assert f"{pole} à " in page.text
    assert "à confirmer auprès de l’ARS" in page.text
    assert 'aria-current="true">Exercer la médecine en Vaucluse</a>' in page.html
    assert "/territoires/comparer/?commune=apt" in page.html


def test_a_rank_is_written_as_the_french_do(visit):
    assert "13<sup>e</sup> commune la plus peuplée" in visit("/territoires/communes/apt/").html
    assert "1<sup>re</sup> sur 151" in visit("/territoires/communes/avignon/").html


def test_the_day_of_a_zoning_is_written_once(visit):
    html = visit("/territoires/communes/sault/").html
    assert html.count("28 septembre 2026") == 1
    assert "Zonage des médecins (ARS)" in html

    zoning = Zoning.objects.get(commune__slug="monieux", scheme="frr")
    zoning.source, zoning.source_url, zoning.source_date = "Observatoire des territoires", "", date(2026, 9, 1)
    zoning.save()
    again = visit("/territoires/communes/monieux/").html.split('id="zonages"')[1].split("</section>")[0]
    assert "Observatoire des territoires, 1er septembre 2026" in again


def test_a_commune_page_says_when_what_it_tells_last_changed(visit, time_machine):
    time_machine.move_to("2027-01-05 10:00:00+01:00", tick=False)
    FacilityFactory(commune=real_commune("Apt"), latitude=43.876, longitude=5.396)
    assert "Mis à jour le 5 janvier 2027" in visit("/territoires/communes/apt/").text


def test_an_intercommunalite_has_a_page(visit):
    for epci in Epci.objects.all():
        page = visit(epci.get_absolute_url())
        assert page.status == 200
        assert ("h1", epci.short_name) in page.headings
        assert page.address_of(epci.communes.order_by("pk").first().name)


@pytest.mark.parametrize("address", ["/territoires/communes/paris/", "/territoires/cpts/nulle-part/", "/territoires/intercommunalites/x/"])
def test_a_territory_that_is_not_ours_is_not_found(visit, address):
    assert visit(address).status == 404


@pytest.mark.parametrize("count", [1, 3])
def test_a_commune_page_asks_the_same_queries_whatever_is_around(client, django_assert_num_queries, count):
    OpportunityFactory.create_batch(count, town="Apt")
    with django_assert_num_queries(13):
        client.get("/territoires/communes/apt/")


def test_an_offer_that_keeps_its_commune_back_is_told_by_its_intercommunalite(visit):
    sault = real_commune("Sault")
    offer = OpportunityFactory(town="Sault", in_epci=True, title="Succession discrète")
    page = visit(sault.get_absolute_url())
    card = page.html.split(offer.title)[1].split("</li>")[0]
    assert f"Secteur {sault.epci.short_name}" in card
    assert "Sault, " not in card
    other = visit(real_commune("Aurel").get_absolute_url())
    assert f"Secteur {sault.epci.short_name}" in other.html


def test_the_list_of_territories(visit):
    page = visit("/territoires/")
    assert [name for _, name in page.links].count("Apt") == 1
    assert page.address_of("Apt") == "/territoires/communes/apt/"
    assert sum(address.startswith("/territoires/communes/") for address, _ in page.links) == 151


def test_a_commune_that_is_typed_leads_to_its_page(client):
    response = client.get(reverse("places:index"), {"commune": "84400 Apt"})
    assert response.status_code == 302
    assert response["Location"] == "/territoires/communes/apt/"


@pytest.mark.parametrize(
    ("text", "message"),
    [("beaumont", "Deux communes portent ce nom"), ("Paris", "Aucune commune de Vaucluse"), ("\x00", ""), ("a" * 5000, "Aucune commune")],
)
def test_a_text_that_designates_none_is_answered(visit, text, message):
    page = visit(reverse("places:index"), commune=text)
    assert page.status == 200
    assert message in page.text


def test_pages_are_told_to_readers_of_the_cache(client):
    first = client.get("/territoires/communes/apt/")
    again = client.get("/territoires/communes/apt/", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    assert not first.cookies
