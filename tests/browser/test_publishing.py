"""A practice publishes an offer: on a phone without JavaScript, and with the meter that follows what one writes."""

from playwright.sync_api import expect

from core import told
from opportunities.enums import State
from opportunities.models import Opportunity
from tests.browser.test_freshness import LOOKS
from tests.opportunities.factories import OpportunityFactory
from tests.opportunities.publishing import CHOOSE, keep, link, write_url


def test_from_the_list_of_kinds_to_the_team_without_a_script(plain_page):
    plain_page.goto(CHOOSE)
    plain_page.get_by_role("link", name="Collaboration libérale").click()
    plain_page.get_by_label("Titre").fill("Une place à Apt")
    plain_page.get_by_label("Commune", exact=True).fill("Apt")
    plain_page.get_by_label("Votre adresse électronique").fill("cabinet@exemple.org")
    plain_page.wait_for_timeout(2100)  # as long as a person takes
    plain_page.get_by_role("button", name="Aperçu").click()
    expect(plain_page.get_by_role("heading", name="Aperçu")).to_be_visible()
    assert plain_page.get_by_label("Titre").input_value() == "Une place à Apt"
    plain_page.wait_for_timeout(2100)
    plain_page.get_by_role("button", name="Envoyer à l’équipe").click()
    expect(plain_page.get_by_role("status").filter(has_text="lien privé")).to_be_visible()
    plain_page.goto(link())
    plain_page.get_by_role("button", name="Envoyer à l’équipe").click()
    expect(plain_page.get_by_role("status").filter(has_text="chez l’équipe")).to_be_visible()
    assert Opportunity.objects.get().state == State.SUBMITTED


def test_the_meter_follows_what_one_writes(open_page):
    page = open_page({"width": 1280, "height": 900})
    page.goto(write_url())
    meter = page.locator("#qualite")
    before = meter.inner_text()
    page.get_by_label("Logiciel").fill("Un logiciel")
    page.wait_for_function("before => document.querySelector('#qualite').innerText !== before", arg=before)
    assert not Opportunity.objects.exists()


def test_the_preview_follows_what_one_writes_and_stays_unfolded(page):
    page.goto(write_url())
    page.locator("#apercu summary").click()
    card = page.locator("#apercu .fiche h3")
    for title in ("Une place à Apt", "Une place à Sault"):
        page.get_by_label("Titre").fill(title)
        expect(card).to_have_text(title)
    expect(page.get_by_label("Titre")).to_be_focused()
    expect(page.locator("#apercu-contenu")).to_be_visible()


@LOOKS
def test_everybody_reads_the_pages_of_publishers(open_page, axe, scheme, viewport):
    draft, public = OpportunityFactory(draft=True), OpportunityFactory()
    page = open_page(viewport, color_scheme=scheme)
    addresses = [CHOOSE, told.redirect(CHOOSE, "envoi")["Location"], write_url("locum_occasional"), keep(public)]
    for address in [*addresses, *(keep(draft, name) for name in ("offer_keep", "offer_edit", "offer_photos", "offer_address"))]:
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
        axe(page)
    page.goto(write_url("locum_occasional"))
    with page.expect_navigation():
        page.get_by_role("button", name="Aperçu").click()
    axe(page)
