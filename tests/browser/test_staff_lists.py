"""Lists of the team on a phone: each row a card that says what its values are, in every list of the house."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.browser.test_admin_offer import log_in
from tests.contacts.rooms import request, room

LISTS = ("contacts/conversation", "contacts/recipient", "core/mail", "housing/dwelling")


@pytest.mark.parametrize("dark", [False, True])
def test_a_row_is_a_card(open_page, axe, dark):
    dwelling = room(title="Chambre au calme avec un titre qui prend toute la place de la ligne")
    request(dwelling)
    page = log_in(open_page(PHONE, color_scheme="dark" if dark else "light"))
    for name in LISTS:
        page.goto(f"/equipe/{name}/")
        assert page.locator("#result_list tbody tr").count(), name
        sizes = page.evaluate("[document.querySelector('.results'), document.documentElement].map(e => [e.scrollWidth, e.clientWidth])")
        assert all(wanted <= given for wanted, given in sizes), f"{name} scrolls sideways: {sizes}"
    page.goto("/equipe/contacts/conversation/")
    card = page.locator("#result_list tbody tr").first
    expect(card.get_by_role("cell").filter(has_text=dwelling.title)).to_have_attribute("data-title", "À propos de")
    expect(card.locator(".field-adviser")).to_be_hidden()  # nobody follows it: a card leaves out what has nothing to tell
    axe(page)


def test_on_a_wide_screen_it_is_a_table(open_page):
    request(room())
    page = log_in(open_page())
    page.goto("/equipe/contacts/conversation/")
    expect(page.get_by_role("columnheader", name="À propos de")).to_be_visible()
    assert page.evaluate("[document.querySelector('.results')].every(e => e.scrollWidth <= e.clientWidth)")
