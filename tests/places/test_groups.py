"""The pages of a CPTS and of an intercommunalité: members, figures, charts, care, offers."""

import re

import pytest

from territories.models import Commune, Cpts
from tests.opportunities.factories import OpportunityFactory
from tests.territories.factories import FacilityFactory, FigureFactory, real_commune

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
SYNAPSE = "/territoires/cpts/synapse-comtat-venaissin/"


def test_every_cpts_has_a_page(visit):
    for cpts in Cpts.objects.all():
        page = visit(cpts.get_absolute_url())
        assert page.status == 200
        assert ("h1", cpts.name) in page.headings
        assert sum(address.startswith("/territoires/communes/") for address, _ in page.links) == cpts.communes.count()


def test_synapse_covers_38_communes_of_four_intercommunalites(visit):
    page = visit(SYNAPSE)
    assert ("h2", "38 communes") in page.headings
    for words in ("24 communes sur 25", "2 communes sur 5", "9 communes sur 10", "3 communes sur 18"):
        assert words in page.text
    assert "mailto:contact@cpts-synapse.fr" in page.html


def test_a_source_that_tells_its_date_is_not_dated_twice(visit):
    source = visit(SYNAPSE).text.split("Source")[1].split("Son territoire")[0]
    assert source.count("septembre 2026") == 1
    assert source.strip(" .").endswith("article imprimé le 22 novembre 2024")


def test_the_offers_of_a_cpts_are_those_of_the_list(visit):
    for town in ("Sault", "Carpentras", "Apt"):
        OpportunityFactory(town=town)
    OpportunityFactory(
        town="Vaison-la-Romaine", in_epci=True
    )  # keeps its commune back: in each of its intercommunalité, three of which are here
    address = visit(SYNAPSE).address_of("Voir les 3 offres")
    assert address == "/exercer/offres/?cpts=synapse-comtat-venaissin"
    page = visit(address)
    assert ("h1", "3 offres d’exercice") in page.headings
    assert "CPTS Synapse Comtat Venaissin" in page.html.split('aria-label="Filtres actifs"')[1].split("</ul>")[0]


def test_patients_per_doctor_compare_with_levels_that_are_not_published(visit):
    page = visit(SYNAPSE)
    chart = page.html.split('id="chiffre-patients-per-doctor-titre"')[1].split("</figure>")[0]
    assert "1\u202f222" in chart
    assert chart.count("non publié</text>") == 3
    assert chart.count('class="chart__track chart__track--unknown"') == 3
    for level in ("Vaucluse", "Provence-Alpes-Côte d’Azur", "France"):
        assert f'<th scope="row">{level}</th><td>non publié</td>' in chart


def test_ages_are_never_added(visit):
    chart = visit(SYNAPSE).html.split('id="ages-titre"')[1].split("</figure>")[0]
    assert "ne s’additionnent pas" in chart
    assert 'width="33.33%"' in chart  # 25 of 75
    assert 'width="17.33%"' in chart  # 13 of 75


def test_a_source_that_all_figures_share_is_told_once(visit):
    figures = visit(SYNAPSE).html.split('class="key-figures')[1].split("<figure")[0]
    assert figures.count('class="key-figure"') > 2
    assert figures.count("L’Écho du mardi") == 1

    FigureFactory(
        level="cpts", cpts=Cpts.objects.get(slug="synapse-comtat-venaissin"), label="autres faits", value=3, source="Autre source"
    )
    figures = visit(SYNAPSE).html.split('class="key-figures')[1].split("<figure")[0]
    assert figures.count('class="key-figure"') - figures.count("L’Écho du mardi") == 1
    assert "Autre source" in figures


def test_a_figure_that_is_not_published_is_not_shown(visit):
    FigureFactory(level="cpts", cpts=Cpts.objects.get(slug="synapse-comtat-venaissin"), label="brouillons comptés", published=False)
    assert "brouillons comptés" not in visit(SYNAPSE).text


def test_a_figure_of_a_commune_stands_on_its_page(visit):
    apt = real_commune("Apt")
    FigureFactory(code="apl", level="commune", commune=apt, label="consultations par an", value=3)
    assert "consultations par an" in visit(apt.get_absolute_url()).text
    assert "consultations par an" not in visit(real_commune("Sault").get_absolute_url()).text


@pytest.mark.parametrize(("address", "queries"), [(SYNAPSE, 14), ("/territoires/intercommunalites/ventoux-sud/", 13)])
@pytest.mark.parametrize("count", [1, 3])
def test_the_same_queries_whatever_a_territory_holds(client, django_assert_num_queries, address, queries, count):
    OpportunityFactory.create_batch(count, town="Sault")
    for _ in range(count):
        FacilityFactory(commune=real_commune("Sault"))
    with django_assert_num_queries(queries):
        assert client.get(address).status_code == 200


@pytest.mark.parametrize("address", [SYNAPSE, "/territoires/intercommunalites/ventoux-sud/", "/territoires/communes/sault/"])
def test_a_long_list_of_facilities_is_as_complete_as_its_map(visit, client, address):
    """However many there are: a long list is folded, never cut."""
    sault = real_commune("Sault")
    FacilityFactory.create_batch(70, commune=sault, latitude=sault.latitude, longitude=sault.longitude)
    page = visit(address)
    drawn = {feature["properties"]["u"] for feature in client.get(map_of(page)).json()["features"]}
    listed = page.html.split('<h2 id="etablissements">')[1].split('class="no-print place-map"')[0]
    assert len(drawn) >= 70
    assert set(re.findall(r'href="([^"]+)"', listed)) == drawn
    assert re.search(rf"Les {len(drawn)} (établissements|à moins de 20\u00a0km)", listed.replace("&nbsp;", "\u00a0"))
    assert re.search(r'<details class="fold(-list)?" data-fold>', listed)


def map_of(page):
    return re.search(r'data-source="([^"]+)"', page.html)[1].replace("&amp;", "&")


def test_an_invented_facility_tells_the_reader_even_without_an_invented_offer(visit, settings):
    settings.PRODUCTION = True
    page = lambda: visit("/territoires/intercommunalites/ventoux-sud/")  # noqa: E731
    assert "Site de démonstration" not in page().text
    FacilityFactory(commune=real_commune("Sault"), is_demo=True)
    assert "Site de démonstration" in page().text


def test_a_cpts_without_communes_has_a_page(visit):
    Commune.objects.update(cpts=None)
    page = visit(SYNAPSE)
    assert page.status == 200
    assert "0 commune" in page.text
