"""Blocks that show records: only visible ones, in one query a sort, whatever their number."""

import re

import pytest

from pages.models import Figures, ListBlock, MapBlock, PartnersBlock, TestimonialBlock
from tests.collective.factories import NewsFactory, PartnerFactory, PressItemFactory, TagFactory, TestimonialFactory
from tests.opportunities.factories import OpportunityFactory
from tests.pages.factories import BlockFactory, composed
from tests.territories.factories import FacilityFactory, FigureFactory

pytestmark = pytest.mark.django_db


def maker(model):
    """A factory of blocks of that model; lists of records are given after."""
    return type(f"{model.__name__}Factory", (BlockFactory,), {"Meta": type("Meta", (), {"model": model})})


def page_with(model, count=1, **fields):
    return composed(*[(maker(model), fields)] * count)


def html(client, page):
    return client.get(page.get_absolute_url()).content.decode()


def test_figures_are_their_records(client):
    figure = FigureFactory(featured=True, label="hôpitaux d’essai", value=12, source="Un recensement", period="2025")
    page = page_with(Figures, title="En chiffres")
    shown = html(client, page)
    assert "<dt>hôpitaux d’essai</dt><dd>12</dd>" in shown
    assert "Un recensement" in shown
    figure.value = 13
    figure.save()
    assert "<dt>hôpitaux d’essai</dt><dd>13</dd>" in html(client, page)


def test_a_figure_that_is_not_confirmed_is_not_shown(client):
    FigureFactory(published=False, featured=False, label="bruits de couloir")
    assert "bruits de couloir" not in html(client, page_with(Figures))


def test_a_testimonial_needs_consent(client):
    TestimonialFactory(quote="Je suis d’accord.")
    refused = TestimonialFactory(quote="Je n’ai rien dit.", draft=True)
    page = page_with(TestimonialBlock, testimonial=refused)
    assert "Je n’ai rien dit." not in html(client, page)
    assert "Je suis d’accord." in html(client, page_with(TestimonialBlock))


def test_lists_show_what_is_visible_and_lead_to_the_whole_list(client):
    NewsFactory(title="Une nouvelle parue")
    NewsFactory(title="Un brouillon", published_at=None)
    PressItemFactory(title="Un article")
    offer = OpportunityFactory()
    OpportunityFactory(draft=True, title="Une offre cachée")
    shown = html(client, composed(*[(maker(ListBlock), {"subject": subject}) for subject in ("news", "press", "offers", "events", "aids")]))
    for words in ("Une nouvelle parue", "Un article", offer.title, "Toutes les actualités", "Toutes les offres"):
        assert words in shown
    assert "Un brouillon" not in shown
    assert "Une offre cachée" not in shown


def test_the_same_testimonial_twice_has_no_anchor_twice(client):
    TestimonialFactory(quote="Deux fois plutôt qu’une.")
    shown = html(client, page_with(TestimonialBlock, count=2))
    assert shown.count("Deux fois plutôt qu’une.") == 2
    assert 'id="temoignage-' not in shown


def test_an_invented_piece_of_news_says_so(client):
    NewsFactory(title="Une fête inventée", is_demo=True)
    item = html(client, page_with(ListBlock, subject="news")).split("Une fête inventée")[0].rpartition("<li>")[2]
    assert "exemple" in item


def test_a_list_with_nothing_to_show_has_no_title(client):
    assert "Bientôt des aides" not in html(client, page_with(ListBlock, subject="aids", title="Bientôt des aides"))


def test_partners_of_a_circle(client):
    PartnerFactory(name="Une institution membre", circle="member")
    PartnerFactory(name="Un invité", circle="event")
    shown = html(client, page_with(PartnersBlock, circle="member"))
    assert "Une institution membre" in shown
    assert "Un invité" not in shown


def test_a_map_has_its_equal_list(client):
    facility = FacilityFactory(name="Hôpital des Essais")
    FacilityFactory(name="Un lieu fermé", is_open=False)
    shown = html(client, page_with(MapBlock, subject="facilities"))
    assert 'data-source="/territoires/etablissements/carte.geojson"' in shown
    assert f'<a href="{facility.get_absolute_url()}">Hôpital des Essais</a>' in shown
    assert "Un lieu fermé" not in shown


def test_each_map_of_a_page_has_its_own_names(client):
    FacilityFactory()
    shown = html(client, page_with(MapBlock, count=2, subject="facilities"))
    assert shown.count('data-map="list"') == 2
    names = re.findall(r' id="([^"]+)"', shown)
    assert sorted(names) == sorted(set(names))
    assert shown.count("Passer la carte") == 2
    assert set(re.findall(r'class="map__skip" href="#([^"]+)"', shown)) <= set(names)


QUERIES = {
    "figures": (Figures, {}, 1),
    "témoignage": (TestimonialBlock, {}, 1),
    "actualités": (ListBlock, {"subject": "news"}, 1),
    "offres": (ListBlock, {"subject": "offers"}, 1),
    "presse": (ListBlock, {"subject": "press"}, 1),
    "partenaires": (PartnersBlock, {"circle": "member"}, 1),
    "carte": (MapBlock, {"subject": "facilities"}, 1),
}


@pytest.mark.parametrize("name", QUERIES)
@pytest.mark.parametrize("count", [1, 3])
def test_records_are_read_once_however_many_blocks_show_them(client, django_assert_num_queries, name, count):
    """The six of every page (`test_views`), and those of the sort of record."""
    FigureFactory(featured=True)
    TestimonialFactory.create_batch(count)
    NewsFactory.create_batch(count)
    OpportunityFactory.create_batch(count)
    PressItemFactory.create_batch(count)
    PartnerFactory.create_batch(count, circle="member")
    FacilityFactory.create_batch(count)
    model, fields, expected = QUERIES[name]
    page = page_with(model, count, **fields)
    with django_assert_num_queries(6 + expected):
        client.get(page.get_absolute_url())


@pytest.mark.parametrize("count", [1, 3])
def test_subjects_of_testimonials_are_read_once_when_a_block_asks_for_one(client, django_assert_num_queries, count):
    tag = TagFactory()
    TestimonialFactory.create_batch(count, quote="Je suis bien ici.")[0].tags.add(tag)
    page = page_with(TestimonialBlock, count, tag=tag)
    with django_assert_num_queries(6 + 2):
        assert html(client, page).count("Je suis bien ici.") == count
