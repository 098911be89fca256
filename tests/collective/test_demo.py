"""What a demonstration shows of the collective: marked news, and quotations with their mention."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse

from collective import importers
from collective.models import News, Partner, Testimonial
from tests.portal.page import Page
from vsa_portal import demo_collective

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(now):
    importers.load()
    demo_collective.show_quotations()
    return demo_collective.create(now=now)


def test_news_are_marked_and_one_is_still_to_come(demo, now):
    assert all(news.is_demo and "exemple" in news.body for news in demo)
    assert News.objects.visible(now).count() == 3
    assert News.objects.scheduled(now).count() == 1
    assert demo[1].partners.count() == 3


def test_quotations_show_with_their_mention_and_never_in_production(demo, now, client, settings):
    page = Page(client.get(reverse("collective:testimonials")))
    assert page.html.count("Accord pour cette réutilisation à enregistrer avant la mise en service.") == 3
    settings.PRODUCTION = True
    assert not Testimonial.objects.visible(now).exists()


def test_loading_the_contents_again_keeps_the_demonstration(demo, now):
    importers.load()
    assert Testimonial.objects.visible(now).count() == 3


def test_every_page_of_the_collective_opens(demo, client):
    call_command("load_content", stdout=StringIO())
    addresses = [
        *(reverse(f"collective:{name}") for name in ("landing", "desks", "achievements", "press", "testimonials", "news_list")),
        *(partner.get_absolute_url() for partner in Partner.objects.with_page()),
        *(news.get_absolute_url() for news in demo[:3]),
    ]
    titles = [next(text for level, text in Page(client.get(address)).headings if level == "h1") for address in addresses]
    assert len(set(titles)) == len(titles)
