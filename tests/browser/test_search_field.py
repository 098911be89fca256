"""The search of the portal as a combobox, and the tabs of the home page: keyboard, no script."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.pages.factories import PageFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_suggestions_are_reached_by_arrows_and_lead_to_their_page(open_page):
    PageFactory(title="Zonage et médecins", slug="zonage")
    page = open_page(viewport=PHONE)
    page.goto(reverse("search"))
    field = page.get_by_role("combobox", name="Un mot, une commune, un sigle")
    field.press_sequentially("zonag")
    options = page.get_by_role("listbox", name="Pages proposées").get_by_role("option")
    expect(options).to_have_text(["Zonage et médecins Page"])
    expect(field).to_have_attribute("aria-expanded", "true")
    field.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    field.press("Enter")
    page.wait_for_url("**/zonage/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Zonage et médecins")


def test_enter_without_a_choice_searches(open_page):
    page = open_page()
    page.goto(reverse("search"))
    field = page.get_by_role("combobox", name="Un mot, une commune, un sigle")
    field.press_sequentially("apt")
    field.press("Enter")
    page.wait_for_url("**/recherche/?q=apt")
    expect(page.get_by_role("heading", level=1)).to_contain_text("pour « apt »")


def test_escape_closes_the_suggestions(open_page):
    page = open_page()
    page.goto(reverse("search"))
    field = page.get_by_role("combobox", name="Un mot, une commune, un sigle")
    field.press_sequentially("avignon")
    expect(field).to_have_attribute("aria-expanded", "true")
    field.press("Escape")
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(field).to_have_value("avignon")


def test_the_tabs_of_the_home_page_follow_the_keyboard(open_page, axe):
    page = open_page()
    page.goto("/")
    first, second = page.get_by_role("tab", name="Un poste"), page.get_by_role("tab", name="Un logement")
    expect(first).to_have_attribute("aria-selected", "true")
    first.focus()
    page.keyboard.press("ArrowRight")
    expect(second).to_be_focused()
    expect(page.get_by_role("heading", name="Trouver où loger")).to_be_visible()
    expect(page.get_by_role("heading", name="Trouver où exercer")).to_be_hidden()
    axe(page)


def test_without_script_every_panel_shows(plain_page):
    plain_page.goto("/")
    for heading in ("Trouver où exercer", "Trouver où loger", "Trouver une aide"):
        expect(plain_page.get_by_role("heading", name=heading)).to_be_visible()
