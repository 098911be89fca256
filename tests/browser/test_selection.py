"""Ma sélection on a phone: with JavaScript it follows from page to page, without it the link does everything."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from contacts.actions import selections as actions
from contacts.models import Selection
from tests.browser.conftest import PHONE, WIDE
from tests.contacts.factories import selection_of
from tests.opportunities.factories import OpportunityFactory
from tests.territories.factories import real_commune

pytestmark = pytest.mark.django_db(transaction=True)

LOOKS = pytest.mark.parametrize(("scheme", "viewport"), [("light", WIDE), ("dark", PHONE)], ids=["light", "dark"])
KEPT = "JSON.parse(localStorage.getItem('ma-selection'))"


def begin(page, offer):
    """Keep a first offer, as a visitor does."""
    page.goto(offer.get_absolute_url())
    page.get_by_role("link", name="Ajouter à ma sélection").click()
    page.wait_for_load_state("networkidle")
    page.get_by_role("button", name="Commencer avec cette fiche").click()
    page.get_by_role("status").filter(has_text="Votre sélection est commencée").wait_for()
    page.wait_for_load_state("networkidle")


def test_it_follows_from_page_to_page(phone):
    first, second = OpportunityFactory(), OpportunityFactory()
    begin(phone, first)
    assert phone.evaluate(f"{KEPT}.keys") == [f"offre-{first.pk}"]
    phone.goto(second.get_absolute_url())
    phone.get_by_role("button", name="Ajouter à ma sélection").click()
    phone.get_by_role("link", name="Dans ma sélection").wait_for()
    phone.goto(reverse("opportunities:offer_list"))
    phone.get_by_role("link", name="Ma sélection, 2 éléments").click()
    for offer in (first, second):
        expect(phone.get_by_role("heading", name=offer.title)).to_be_visible()
    assert phone.context.cookies() == []

    phone.get_by_role("button", name="L’oublier sur cet appareil").click()
    assert phone.evaluate("localStorage.getItem('ma-selection')") is None
    phone.goto(second.get_absolute_url(), wait_until="networkidle")
    expect(phone.get_by_role("link", name=re.compile("^Ma sélection,"))).to_have_count(0)
    assert Selection.objects.get().items.count() == 2


def test_a_link_that_one_follows_is_kept_only_when_asked(phone):
    """Who opens somebody's link must not write into it from the pages of offers without knowing."""
    selection = selection_of(OpportunityFactory())
    phone.goto(actions.page_path(selection) + "?fait=commencee")
    phone.wait_for_load_state("networkidle")
    assert phone.evaluate("localStorage.getItem('ma-selection')") is None
    phone.get_by_role("button", name="Retrouver cette sélection sur cet appareil").click()
    assert phone.evaluate(f"{KEPT}.id") == str(selection.pk)


def test_a_changed_link_is_followed_and_an_erased_selection_forgotten(phone):
    first, second = OpportunityFactory(), OpportunityFactory()
    begin(phone, first)
    former = phone.evaluate(f"{KEPT}.url")
    phone.locator("summary", has_text="Changer le lien").click()
    phone.get_by_role("button", name="Changer le lien").click()
    phone.get_by_role("status").filter(has_text="Le lien est changé").wait_for()
    phone.wait_for_load_state("networkidle")
    assert phone.evaluate(f"{KEPT}.url") not in ("", former)

    Selection.objects.all().delete()
    phone.goto(second.get_absolute_url())
    phone.get_by_role("button", name="Ajouter à ma sélection").click()
    phone.get_by_role("heading", name="Ajouter à ma sélection").wait_for()
    assert phone.evaluate("localStorage.getItem('ma-selection')") is None
    phone.faults.clear()  # the browser logs the 404 that told it so


def test_everything_is_done_without_a_script(plain_page):
    plain_page.set_viewport_size(PHONE)
    first, second = OpportunityFactory(), OpportunityFactory()
    begin(plain_page, first)
    link = plain_page.get_by_label("Votre lien secret").input_value()
    plain_page.goto(second.get_absolute_url())
    plain_page.get_by_role("link", name="Ajouter à ma sélection").click()
    plain_page.get_by_label("Le lien de votre sélection").fill("mon lien")
    plain_page.get_by_role("button", name="Ajouter à cette sélection").click()
    expect(plain_page.get_by_text("Ce n’est pas le lien d’une sélection")).to_be_visible()
    plain_page.get_by_label("Le lien de votre sélection").fill(link)
    plain_page.get_by_role("button", name="Ajouter à cette sélection").click()
    plain_page.locator("summary", has_text="Ajouter une note").first.click()
    plain_page.get_by_label("Note", exact=True).first.fill("À visiter samedi")
    plain_page.get_by_role("button", name="Ajouter la note").first.click()
    expect(plain_page.get_by_text("À visiter samedi")).to_be_visible()
    plain_page.get_by_role("button", name=f"Retirer {first.title}").click()
    plain_page.get_by_role("button", name="Annuler").click()
    plain_page.get_by_role("button", name="Comparer les offres").click()
    expect(plain_page.get_by_role("table")).to_be_visible()


@LOOKS
def test_its_pages_are_read_by_everybody(open_page, axe, scheme, viewport):
    offers = [OpportunityFactory(is_demo=True, salaried=True), OpportunityFactory(), OpportunityFactory(filled=True)]
    selection = selection_of(*offers, real_commune("Apt"), real_commune("Sault"))
    item = selection.items.first()
    actions.write_note(item=item, writer="Claire", text="Une note", remind_on=None, at=selection.opened_at)
    page = open_page(viewport, color_scheme=scheme)
    write, read = actions.page_path(selection), actions.read_path(selection)
    addresses = [write, write + "comparer/", read, "/ma-selection/", reverse("contacts:selection_add", args=["offre", offers[1].pk])]
    for address in addresses:
        page.goto(address)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"], address
        axe(page)
    page.goto(write)
    page.get_by_role("button", name="Retrouver cette sélection").click()
    page.locator("summary", has_text="Ajouter une note").first.click()
    with page.expect_navigation():
        page.get_by_role("button", name="Ajouter la note").first.click()
    axe(page)


@pytest.mark.parametrize("width", [320, 360, 390, 768, 1056, 1280])
def test_its_place_in_the_header_makes_nothing_overflow(open_page, width):
    selection = selection_of(*[OpportunityFactory() for _ in range(12)])
    page = open_page({"width": width, "height": 800})
    page.goto(actions.page_path(selection))
    page.get_by_role("button", name="Retrouver cette sélection").click()
    page.goto("/")
    page.get_by_role("link", name="Ma sélection, 12 éléments").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    boxes = [page.locator(name).bounding_box() for name in (".site-search", ".site-selection")]
    assert boxes[0]["x"] + boxes[0]["width"] <= boxes[1]["x"] + 1
    assert boxes[1]["x"] + boxes[1]["width"] <= width


def test_a_card_of_a_list_is_kept_and_the_opening_page_leads_to_the_selection(phone, axe):
    first, second = OpportunityFactory(title="Offre gardée"), OpportunityFactory(title="Offre à garder")
    begin(phone, first)
    phone.goto(reverse("opportunities:offer_list"))
    expect(phone.get_by_role("link", name=re.compile("Dans ma sélection.: Offre gardée"))).to_be_visible()
    phone.get_by_role("button", name=re.compile("Ajouter à ma sélection.: Offre à garder")).click()
    phone.get_by_role("link", name=re.compile("Dans ma sélection.: Offre à garder")).wait_for()
    axe(phone)
    phone.goto(reverse("contacts:selection_home"))
    phone.get_by_role("link", name="Ouvrir ma sélection (2)").click()
    expect(phone.get_by_role("heading", name=second.title)).to_be_visible()


def test_a_first_card_begins_a_selection(phone):
    offer = OpportunityFactory()
    phone.goto(reverse("opportunities:offer_list"))
    phone.get_by_role("link", name=re.compile("Ajouter à ma sélection")).click()
    expect(phone).to_have_url(re.compile(reverse("contacts:selection_add", args=["offre", offer.pk])))
