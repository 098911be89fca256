"""The field of a place of any kind: a choice sends its token, what is typed by hand is sent as it is."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.territories.factories import FacilityFactory, real_commune

FORM = """(field) => document.querySelector("h1").insertAdjacentHTML("afterend",
    `<form action="/territoires/etablissements/"><label for="f">Lieu</label><span class="commune-field">${field}</span></form>`)"""


@pytest.fixture
def hospital(db):
    return FacilityFactory(name="Hôpital Exemple du Lac", commune=real_commune("Apt"))


@pytest.fixture
def field(page, hospital):
    return field_on(page)


def field_on(page, attributes=""):
    page.goto(reverse("opportunities:offer_list"))
    page.evaluate(FORM, f'<input type="text" id="f" name="lieu" data-anchor-source="{reverse("territories:anchor_search")}" {attributes}>')
    field = page.locator("#f")
    field.focus()
    expect(field).to_have_attribute("role", "combobox")
    return field


def options(page):
    return page.get_by_role("listbox", name="Lieux proposés").get_by_role("option")


def sent(page, field):
    """What the server gets of the parameter."""
    with page.expect_navigation():
        field.press("Enter")
    return page.evaluate("new URLSearchParams(location.search).getAll('lieu')")


def test_a_choice_sends_its_token(page, field, hospital):
    field.press_sequentially("exemple du lac")
    expect(options(page)).to_have_text(re.compile(r"^Hôpital Exemple du Lac .*, Apt$"))
    field.press("ArrowDown")
    field.press("Enter")
    expect(field).to_have_value("Hôpital Exemple du Lac, Apt")
    assert sent(page, field) == [f"etablissement-{hospital.pk}"]


def test_what_is_written_after_a_choice_is_sent_instead(page, field):
    field.press_sequentially("sault")
    expect(options(page).first).to_contain_text("Sault")
    field.press("ArrowDown")
    field.press("Enter")
    expect(page.locator("form input[type=hidden][value=commune-84123]")).to_be_attached()
    field.fill("apt")
    field.press("Escape")
    assert sent(page, field) == ["apt"]


def test_a_second_choice_replaces_the_first(page, field):
    for text in ("sault", "pertuis"):
        field.fill("")
        field.press_sequentially(text)
        expect(options(page).first).to_contain_text(text.capitalize())
        field.press("ArrowDown")
        field.press("Enter")
    assert sent(page, field) == ["commune-84089"]


def test_a_place_that_came_with_the_page_keeps_its_token(page, hospital):
    field = field_on(page, 'value="Hôpital Exemple du Lac, Apt" data-token="etablissement-7"')
    assert sent(page, field) == ["etablissement-7"]


def test_the_count_is_told(page, field):
    field.press_sequentially("xyzt")
    expect(field.locator("xpath=..").get_by_role("status")).to_have_text("Aucun lieu trouvé.")
