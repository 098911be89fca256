"""Searching rooms near several places, by the form of the page."""

import re

import pytest
from playwright.sync_api import expect

from tests.housing.factories import DwellingFactory

LIST = "/s-installer/logement/"


@pytest.fixture
def rooms(live_server):
    return [DwellingFactory(title=f"Chambre {town}", town=town) for town in ("Vaison-la-Romaine", "Apt")]


def choose(page, label, typed):
    field = page.get_by_label(label, exact=True)
    field.focus()
    field.press_sequentially(typed)
    page.get_by_role("listbox", name="Lieux proposés").get_by_role("option").first.click()


def test_one_place_and_two_empty_fields_are_one_place(page, rooms):
    page.goto(LIST)
    choose(page, "Stage ou commune", "apt")
    page.get_by_role("button", name="Afficher les logements").click()
    expect(page).to_have_url(re.compile("lieu="))
    expect(page.locator(".room h3").first).to_have_text("Chambre Apt")
    expect(page.get_by_role("link", name=re.compile("Retirer le filtre près d’Apt"))).to_be_visible()


def test_a_second_place_leaves_the_first_and_keeps_its_half_days(page, rooms):
    page.goto(f"{LIST}?lieu=commune-84137")
    choose(page, "Deuxième lieu", "apt")
    page.locator("#f-demi-2").select_option("9")
    page.get_by_role("button", name="Afficher les logements").click()
    expect(page.locator(".room h3").first).to_have_text("Chambre Apt")
    assert page.url.count("lieu=") == 2
    expect(page.get_by_role("link", name=re.compile("près de Vaison-la-Romaine, 1"))).to_be_visible()


def test_without_scripts_too(plain_page, rooms):
    plain_page.goto(LIST)
    plain_page.get_by_label("Stage ou commune", exact=True).fill("Apt")
    plain_page.get_by_role("button", name="Afficher les logements").click()
    expect(plain_page.locator(".room h3").first).to_have_text("Chambre Apt")
