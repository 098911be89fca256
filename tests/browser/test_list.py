"""The list of offers in a real browser: filters, chips, back button, keyboard, phone, no JavaScript, axe."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.opportunities.factories import OpportunityFactory

LIST = reverse("opportunities:offer_list")


@pytest.fixture
def offers(live_server):
    """Three locums, two successions (one near Apt), all visible."""
    OpportunityFactory.create_batch(3, locum=True)
    OpportunityFactory(succession=True, town="Apt", title="Succession à Apt")
    OpportunityFactory(succession=True, town="Orange", title="Succession à Orange")


def count(page):
    return page.locator("h1")


def kind(page, label):
    """The filter of a kind of offer."""
    return page.get_by_role("checkbox", name=label)


def shows(page, text, query):
    """The count, the cards and the address agree."""
    expect(count(page)).to_have_text(text)
    expect(page.locator("[data-offer]")).to_have_count(int(text.split()[0]) if text[0].isdigit() else 0)
    expect(page).to_have_url(re.compile(rf"/exercer/offres/{re.escape('?' + query if query else '')}$"))


def test_a_filter_changes_count_cards_address_and_title(page, offers):
    page.goto(LIST)
    kind(page, "Succession").check()
    shows(page, "2 offres d’exercice", "type=succession")
    expect(page).to_have_title("2 offres d’exercice | Vaucluse Santé Attractivité")
    expect(page.locator("[data-announce]")).to_have_text("2 offres d’exercice")
    expect(kind(page, "Succession")).to_be_focused()
    expect(page.locator("#resultats")).to_have_attribute("data-map-source", re.compile(r"carte\.geojson\?type=succession$"))


def test_the_back_button_brings_filters_and_cards_back(page, offers):
    page.goto(LIST)
    kind(page, "Succession").check()
    shows(page, "2 offres d’exercice", "type=succession")
    kind(page, "Remplacement ponctuel").check()
    shows(page, "5 offres d’exercice", "type=locum_occasional&type=succession")
    page.go_back()
    shows(page, "2 offres d’exercice", "type=succession")
    expect(kind(page, "Succession")).to_be_checked()
    expect(kind(page, "Remplacement ponctuel")).not_to_be_checked()
    page.go_back()
    shows(page, "5 offres d’exercice", "")
    expect(kind(page, "Succession")).not_to_be_checked()
    page.go_forward()
    shows(page, "2 offres d’exercice", "type=succession")


def test_words_are_searched_while_typing_and_asked_once(page, offers):
    page.goto(LIST)
    asked = []
    page.on("request", lambda request: asked.append(request.url) if f"{LIST}?" in request.url else None)
    page.get_by_label("Mots-clés").press_sequentially("Orange")
    shows(page, "1 offre d’exercice", "q=Orange")
    page.keyboard.press("Tab")
    kind(page, "Succession").check()
    shows(page, "1 offre d’exercice", "q=Orange&type=succession")
    assert len(asked) == 2


def test_taking_a_chip_away_unticks_its_filter(page, offers):
    page.goto(f"{LIST}?type=succession&jours=6&q=Orange")
    expect(count(page)).to_have_text("Aucune offre d’exercice")
    page.locator("#entete").get_by_role("link", name="Retirer le filtre jeudi matin").click()
    shows(page, "1 offre d’exercice", "type=succession&q=Orange")
    expect(page.get_by_role("checkbox", name="jeudi matin")).not_to_be_checked()
    expect(count(page)).to_be_focused()


def test_the_sort_is_kept_in_the_address(page, offers):
    page.goto(f"{LIST}?type=succession")
    page.get_by_label("Trier par").select_option("debut")
    expect(page).to_have_url(re.compile("tri=debut"))
    expect(page.get_by_label("Trier par")).to_have_value("debut")
    expect(kind(page, "Succession")).to_be_checked()


def test_a_search_that_fails_is_told_and_can_be_made_again(page, offers):
    page.goto(LIST)
    failure = page.get_by_text("La recherche n’a pas abouti")
    page.route("**/offres/?type=succession", lambda route: route.abort())
    kind(page, "Succession").check()
    expect(failure).to_be_visible()
    expect(count(page)).to_have_text("5 offres d’exercice")
    page.unroute("**/offres/?type=succession")
    page.get_by_role("button", name="Afficher les offres").click()
    expect(count(page)).to_have_text("2 offres d’exercice")
    expect(failure).to_be_hidden()
    page.faults.clear()  # the request that was cut off is logged by the browser


def test_the_list_is_searched_with_the_keyboard_alone(page, offers):
    page.goto(LIST)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    page.keyboard.press("Enter")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.value") == "succession":
            break
    page.keyboard.press("Space")
    shows(page, "2 offres d’exercice", "type=succession")
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('[data-offer]') !== null"):
            break
    page.keyboard.press("Enter")
    expect(count(page)).to_have_text(re.compile("Succession à"))


def test_filters_open_and_close_on_a_phone(phone, offers):
    phone.goto(LIST)
    expect(kind(phone, "Succession")).to_be_hidden()
    phone.get_by_text("Chercher, filtrer").tap()
    kind(phone, "Succession").tap()
    expect(phone.locator("[data-active-count]")).to_have_text("(1)")
    phone.get_by_role("button", name="Afficher les offres").tap()
    expect(kind(phone, "Succession")).to_be_hidden()
    expect(phone.get_by_role("heading", name="2 offres d’exercice")).to_be_in_viewport()


def test_list_and_map_take_turns_on_a_phone(phone, offers):
    phone.goto(LIST)
    expect(phone.locator("[data-map]")).to_be_hidden()
    phone.get_by_role("navigation", name="Affichage").get_by_role("link", name="Carte").tap()
    expect(phone.locator("[data-map]")).to_be_visible()
    expect(phone.locator("#resultats")).to_be_hidden()
    expect(phone.get_by_role("link", name="Carte", exact=True)).to_have_attribute("aria-current", "true")


def test_coming_back_from_an_offer_opened_on_the_map_finds_the_map(phone, offers):
    phone.goto(LIST)
    phone.get_by_text("Chercher, filtrer").tap()
    kind(phone, "Succession").tap()
    shows(phone, "2 offres d’exercice", "type=succession")
    phone.get_by_role("button", name="Afficher les offres").tap()
    phone.get_by_role("navigation", name="Affichage").get_by_role("link", name="Carte").tap()
    phone.locator(".mkb").first.tap()
    phone.get_by_role("dialog").get_by_role("link").first.tap()
    expect(phone.get_by_role("heading", level=1)).not_to_contain_text("offres d’exercice")
    phone.go_back()
    expect(phone.locator("[data-map]")).to_be_visible()
    expect(phone.get_by_role("link", name="Carte", exact=True)).to_have_attribute("aria-current", "true")


def test_the_menu_opens_on_a_phone(phone, offers):
    phone.goto(LIST)
    menu = phone.get_by_role("navigation", name="Menu principal")
    expect(menu).to_be_hidden()
    phone.get_by_role("button", name="Menu").tap()
    menu.get_by_role("link", name="Agenda").tap()
    expect(count(phone)).to_have_text("Agenda")


def test_everything_works_without_javascript(plain_page, offers):
    plain_page.goto(LIST)
    kind(plain_page, "Succession").check()
    plain_page.get_by_label("Mots-clés").fill("Orange")
    plain_page.get_by_role("button", name="Afficher les offres").click()
    expect(count(plain_page)).to_have_text("1 offre d’exercice")
    expect(kind(plain_page, "Succession")).to_be_checked()
    expect(plain_page.get_by_role("button", name="Copier le lien")).to_be_hidden()
    plain_page.locator("#entete").get_by_role("link", name="Retirer le filtre Succession").click()
    expect(kind(plain_page, "Succession")).not_to_be_checked()


def test_no_page_is_wider_than_a_small_phone(open_page, offers):
    page = open_page(viewport={"width": 320, "height": 640})
    for address in ("/", "/exercer/", LIST, "/s-installer/", "/internes/", "/collectif/", "/recherche/", "/nulle-part/"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0, address
    page.faults.clear()  # the missing page is logged by the browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing(open_page, axe, offers, scheme, width):
    page = open_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    for address in (
        "/",
        "/exercer/",
        LIST,
        f"{LIST}?q=introuvable&du=demain&page=9999",
        "/s-installer/",
        "/s-installer/logement/",
        "/internes/",
        "/agenda/",
        "/collectif/",
    ):
        page.goto(address)
        axe(page)
