"""What forms look like: what is asked is read in order, a choice is no title, a note is one text, and what helps stays in sight."""

from playwright.sync_api import expect

from housing.private_link import keep_path
from tests.browser.conftest import PHONE, WIDE
from tests.contacts.rooms import room
from tests.opportunities.factories import OpportunityFactory
from tests.opportunities.publishing import CHOOSE, write_url

STYLE = "(element, name) => getComputedStyle(element)[name]"


def test_a_note_that_mixes_words_and_a_link_is_one_text(phone):
    phone.goto(CHOOSE)
    note = phone.locator(".note", has_text="Un départ à garder discret")
    link = note.get_by_role("link")
    assert note.evaluate(STYLE, "display") == "block"
    assert note.bounding_box()["height"] < 5 * link.evaluate("(link) => parseFloat(getComputedStyle(link).lineHeight)") + 40


def test_a_title_is_bold_and_a_choice_is_not(phone):
    phone.goto(f"/contact/ecrire/offre/{OpportunityFactory(contact_email='cabinet@exemple.org').pk}/")
    consent = phone.locator("label.choice", has=phone.locator('[name="consent"]'))
    assert consent.evaluate(STYLE, "fontWeight") == "400"
    assert phone.locator('label[for="id_name"]').evaluate(STYLE, "fontWeight") == "600"
    box, label = consent.locator("input").bounding_box(), consent.bounding_box()
    assert box["y"] - label["y"] < 12, "beside its first line"


def test_a_hint_stands_above_what_is_filled_in(phone):
    phone.goto("/contact/ecrire/")
    hint, field = phone.locator("#id_email_helptext"), phone.locator("#id_email")
    assert hint.bounding_box()["y"] < field.bounding_box()["y"]


def test_the_tabs_of_a_private_page_are_one_line(phone):
    phone.goto(keep_path(room()))
    tabs = phone.get_by_role("navigation", name="Votre annonce")
    assert len({tab.bounding_box()["y"] for tab in tabs.get_by_role("link").all()}) == 1
    assert tabs.bounding_box()["height"] < 60
    assert phone.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_the_meter_is_met_before_the_last_field(open_page):
    for viewport, sign in ((WIDE, "#qualite"), (PHONE, "#qualite-ligne")):
        page = open_page(viewport)
        page.goto(write_url())
        assert page.locator(sign).bounding_box()["y"] < viewport["height"]
        page.get_by_label("Logiciel").fill("Un logiciel")
        expect(page.locator("#qualite-ligne")).to_contain_text("1 sur")
        page.get_by_text("Changer", exact=True).click()
        expect(page.get_by_role("button", name="Changer de type, sans rien perdre")).to_be_visible()


def test_what_readers_look_for_stays_in_sight_on_a_wide_screen(page):
    page.goto(write_url())
    page.get_by_label("Votre adresse électronique").focus()
    assert 0 < page.locator("#qualite").bounding_box()["y"] < WIDE["height"]
