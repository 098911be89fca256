"""What crawlers are told: what exists, what they may read, and nothing that is not there."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from django.core.cache import cache
from django.urls import reverse

from opportunities import actions
from territories.models import Cpts, HealthFacility
from tests.collective.factories import NewsFactory, PartnerFactory
from tests.conftest import NOW
from tests.opportunities.factories import OpportunityFactory
from tests.territories.factories import FacilityFactory
from vsa_portal.sitemaps import SITEMAPS, OfferSitemap, PageSitemap

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()


def entries(client, address):
    """Addresses told by a sitemap or an index, with the date of their last change as text."""
    root = ElementTree.fromstring(client.get(address).content)
    return {entry.findtext(f"{SITEMAP}loc"): entry.findtext(f"{SITEMAP}lastmod") for entry in root}


def offers_told(client):
    return [urlsplit(address).path for address in entries(client, "/sitemap-offres.xml")]


def test_the_index_leads_to_every_part(client):
    offer = OpportunityFactory()
    told = entries(client, "/sitemap.xml")
    assert list(told) == [f"http://testserver/sitemap-{part}.xml" for part in SITEMAPS]
    assert datetime.fromisoformat(told["http://testserver/sitemap-offres.xml"]) == offer.updated_at


def test_an_empty_portal_has_a_sitemap(client):
    assert "http://testserver/sitemap-offres.xml" in entries(client, "/sitemap.xml")
    assert offers_told(client) == []


def test_visible_offers_are_told_and_no_other(client):
    shown = [OpportunityFactory(confirmed_at=NOW - timedelta(days=2)), OpportunityFactory(confirmed_at=NOW - timedelta(days=1))]
    for state in ("draft", "submitted", "paused", "filled", "expired", "withdrawn"):
        OpportunityFactory(**{state: True})
    OpportunityFactory(expires_at=NOW)
    assert offers_told(client) == [offer.get_absolute_url() for offer in reversed(shown)]
    actions.fill(offer=shown[0])
    assert offers_told(client) == [shown[1].get_absolute_url()]


def test_the_date_of_an_offer_is_its_last_change(client, time_machine):
    offer = OpportunityFactory()
    time_machine.move_to(NOW + timedelta(days=1), tick=False)
    actions.confirm(offer=offer)
    (told,) = entries(client, "/sitemap-offres.xml").values()
    assert datetime.fromisoformat(told).date() == (NOW + timedelta(days=1)).date()


def test_many_offers_are_told_in_several_parts(client, monkeypatch):
    monkeypatch.setattr(OfferSitemap, "limit", 2)
    offers = OpportunityFactory.create_batch(3)
    parts = [address for address in entries(client, "/sitemap.xml") if "offres" in address]
    assert len(parts) == 2
    told = [urlsplit(address).path for part in parts for address in entries(client, part)]
    assert sorted(told) == sorted(offer.get_absolute_url() for offer in offers)


def test_facilities_are_told_but_for_the_invented_ones(client):
    facility, example = FacilityFactory(), FacilityFactory(is_demo=True)
    told = [urlsplit(address).path for address in entries(client, "/sitemap-etablissements.xml")]
    assert facility.get_absolute_url() in told
    assert example.get_absolute_url() not in told
    assert len(told) == HealthFacility.objects.visible().count() - 1


def test_every_page_that_is_told_is_there_and_wants_to_be_found(client):
    OpportunityFactory(salaried=True)
    told = [*entries(client, "/sitemap-pages.xml"), *entries(client, "/sitemap-offres.xml")]
    assert len(told) == len(PageSitemap().items()) + 1
    for address in told:
        page = client.get(urlsplit(address).path)
        assert page.status_code == 200, address
        assert f'<link rel="canonical" href="{address}">' in page.text
        assert 'name="robots"' not in page.text, address


def test_addresses_follow_the_settings(client, settings):
    settings.SITE_URL = "https://portail.example"
    OpportunityFactory()
    told = [*entries(client, "/sitemap-pages.xml"), *entries(client, "/sitemap-offres.xml")]
    assert len(told) == len(PageSitemap().items()) + 1
    assert all(address.startswith("https://portail.example/") for address in told)


@pytest.mark.parametrize(
    "address", ["/sitemap-autre.xml", "/sitemap-offres.xml?p=2", "/sitemap-offres.xml?p=abc", "/sitemap-offres.xml?p=%00"]
)
def test_a_part_that_does_not_exist_is_not_found(client, address):
    assert client.get(address).status_code == 404


def test_every_territory_is_told(client):
    told = {urlsplit(address).path for address in entries(client, "/sitemap-territoires.xml")}
    assert len(told) == 151 + 14 + Cpts.objects.count()
    assert "/territoires/communes/l-isle-sur-la-sorgue/" in told


@pytest.mark.parametrize("count", [1, 3])
def test_a_sitemap_asks_the_same_queries_whatever_it_tells(client, django_assert_num_queries, count):
    """How many offers, the offers."""
    OpportunityFactory.create_batch(count)
    with django_assert_num_queries(2):
        assert len(offers_told(client)) == count


def test_no_cookie_on_what_crawlers_read(client):
    for address in ("/sitemap.xml", "/sitemap-pages.xml", "/sitemap-offres.xml", "/robots.txt"):
        response = client.get(address)
        assert response.status_code == 200
        assert not response.cookies


def test_robots_may_read_everything_but_the_staff_side(client):
    response = client.get("/robots.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.text.splitlines() == ["User-agent: *", "Disallow: /equipe/", "", "Sitemap: http://testserver/sitemap.xml"]
    assert reverse("admin:index") == "/equipe/"


def test_robots_are_sent_to_the_canonical_sitemap(client, settings):
    settings.SITE_URL = "https://portail.example"
    assert client.get("/robots.txt").text.splitlines()[-1] == "Sitemap: https://portail.example/sitemap.xml"


def test_partners_with_a_page_and_published_news_are_told(client):
    partner, news = PartnerFactory(), NewsFactory()
    PartnerFactory(text="")
    NewsFactory(scheduled=True)
    NewsFactory(is_demo=True)
    assert [urlsplit(address).path for address in entries(client, "/sitemap-partenaires.xml")] == [partner.get_absolute_url()]
    assert [urlsplit(address).path for address in entries(client, "/sitemap-actualites.xml")] == [news.get_absolute_url()]
