"""Alerts as a reader meets them: without JavaScript, on a phone, in both colour schemes."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from contacts.actions import alerts as verbs
from contacts.models import Alert, Subscriber
from core.models import Mail
from tests.browser.conftest import PHONE, WIDE
from tests.contacts.test_alerts import follow
from tests.opportunities.factories import OpportunityFactory

pytestmark = pytest.mark.django_db(transaction=True)

LOOKS = pytest.mark.parametrize(("scheme", "viewport"), [("light", WIDE), ("dark", PHONE)], ids=["light", "dark"])


def test_from_a_list_to_an_alert_without_javascript(plain_page):
    OpportunityFactory(town="Sault")
    plain_page.goto("/exercer/offres/?commune=Sault&rayon=5")
    plain_page.get_by_role("link", name="Recevoir les nouvelles offres").first.click()
    plain_page.get_by_role("button", name="Recevoir ces alertes").click()
    expect(plain_page.get_by_role("alert")).to_be_visible()
    plain_page.get_by_label("Votre adresse électronique").fill("lectrice@exemple.org")
    plain_page.get_by_label("lundi matin").check()
    plain_page.wait_for_timeout(2100)  # as long as a person takes
    plain_page.get_by_role("button", name="Recevoir ces alertes").click()
    expect(plain_page.get_by_role("status").filter(has_text="Regardez votre boîte")).to_be_visible()
    plain_page.goto(urlsplit(re.search(r"http\S+/confirmer/\S+", Mail.objects.get().text).group()).path)
    plain_page.get_by_role("button", name="Recevoir ces alertes").click()
    plain_page.get_by_role("link", name="Gérer mes alertes").click()
    plain_page.get_by_role("link", name="Modifier la recherche").click()
    plain_page.get_by_label("Commune ou code postal").fill("Apt")
    plain_page.get_by_role("button", name="Afficher les offres").click()
    plain_page.get_by_role("button", name="Suivre cette recherche").click()
    expect(plain_page.get_by_role("status").filter(has_text="suit désormais")).to_be_visible()
    assert Alert.objects.active().get().query == "commune=Apt&rayon=5"


@LOOKS
def test_pages_of_alerts_are_read_by_everybody(open_page, axe, scheme, viewport):
    follow("commune=Sault&rayon=5&type=succession", email="lectrice@exemple.org")
    alert = follow("commune=Apt", email="lectrice@exemple.org")
    manage = urlsplit(verbs.manage_url(Subscriber.objects.get())).path
    useful = urlsplit(verbs.private_url("alerts_useful", verbs.OPINION, alert)).path
    page = open_page(viewport, color_scheme=scheme)
    for address in ("/alertes/nouvelle/?commune=Sault&type=zzz", "/alertes/", manage, f"{manage}{alert.pk}/?commune=Orange", useful):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"], address
        axe(page)
    page.goto("/alertes/nouvelle/?commune=Sault")
    with page.expect_navigation():
        page.get_by_role("button", name="Recevoir ces alertes").click()
    axe(page)
