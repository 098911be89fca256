"""News and partners stand on the pages of their territory, and on no other."""

from datetime import timedelta

import pytest

from tests.collective.factories import NewsFactory, PartnerFactory
from tests.conftest import NOW
from tests.territories.factories import real_commune

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


def test_news_of_a_cpts_stand_on_its_page_and_on_those_of_its_communes(visit):
    sault = real_commune("Sault")
    news = NewsFactory(cpts=sault.cpts, published_at=NOW - timedelta(days=1))
    for address in (sault.get_absolute_url(), sault.cpts.get_absolute_url()):
        assert visit(address).address_of(news.title) == news.get_absolute_url()
    assert news.title not in visit(real_commune("Apt").get_absolute_url()).text


def test_news_to_come_are_not_told(visit):
    sault = real_commune("Sault")
    news = NewsFactory(commune=sault, published_at=NOW + timedelta(days=1))
    assert news.title not in visit(sault.get_absolute_url()).text


def test_partners_of_an_intercommunalite(visit):
    sault = real_commune("Sault")
    partner = PartnerFactory(epci=sault.epci, name="Un hôpital voisin")
    hidden = PartnerFactory(epci=sault.epci, name="Un partenaire masqué", active=False)
    for address in (sault.get_absolute_url(), sault.epci.get_absolute_url(), sault.cpts.get_absolute_url()):
        page = visit(address)
        assert partner.usual_name in page.text
        assert hidden.usual_name not in page.text
    assert partner.usual_name not in visit(real_commune("Apt").get_absolute_url()).text
