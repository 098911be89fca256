"""An offer that is no longer true: a reader says so without JavaScript, its publisher answers from the mail on a phone."""

import re
from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from core.models import Mail
from opportunities import private_link
from opportunities.enums import State
from tests.browser.conftest import PHONE, WIDE
from tests.opportunities.factories import OpportunityFactory

pytestmark = pytest.mark.django_db(transaction=True)

LOOKS = pytest.mark.parametrize(("scheme", "viewport"), [("light", WIDE), ("dark", PHONE)], ids=["light", "dark"])


def test_from_a_reader_to_the_publisher_and_back(plain_page, phone):
    offer = OpportunityFactory(title="Collaboration au village", contact_email="cabinet@exemple.org")
    plain_page.goto(offer.get_absolute_url())
    plain_page.get_by_role("link", name=re.compile("Ce n’est plus vrai")).click()
    plain_page.get_by_role("button", name="Envoyer le signalement").click()
    expect(plain_page.get_by_text("Ce champ est obligatoire.", exact=True)).to_be_visible()
    plain_page.get_by_label("Le poste est pourvu").check()
    plain_page.get_by_label("Votre adresse électronique").fill("lectrice@exemple.org")
    plain_page.wait_for_timeout(2100)  # as long as a person takes
    plain_page.get_by_role("button", name="Envoyer le signalement").click()
    expect(plain_page.get_by_role("status").filter(has_text="Merci")).to_be_visible()

    link = re.search(r"http\S+", Mail.objects.get(recipient="cabinet@exemple.org").text).group()
    phone.goto(urlsplit(link).path)
    phone.locator("summary").filter(has_text="Elle est pourvue").click()
    phone.get_by_label(re.compile("Comment vous êtes-vous trouvés")).select_option("word")
    phone.get_by_role("button", name="Elle est pourvue").click()
    phone.get_by_role("status").filter(has_text="C’est noté").wait_for()
    offer.refresh_from_db()
    assert offer.state == State.FILLED
    assert "pourvue" in Mail.objects.get(event__startswith="opportunities.report_settled").text


@LOOKS
def test_the_private_page_and_the_report_are_read_by_everybody(open_page, axe, scheme, viewport):
    offer = OpportunityFactory(contact_email="cabinet@exemple.org")
    page = open_page(viewport, color_scheme=scheme)
    for address in (
        reverse("opportunities:offer_report", args=[offer.pk]),
        "/exercer/mon-offre/" + private_link.keep_url(offer).split("/")[-2] + "/",
    ):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
        axe(page)
    page.goto(reverse("opportunities:offer_report", args=[offer.pk]))
    with page.expect_navigation():
        page.get_by_role("button", name="Envoyer le signalement").click()
    axe(page)
