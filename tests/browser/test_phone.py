"""What a phone is spared: sideways scrolling, and pages without end; what paper shows all the same."""

import re
from io import StringIO

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

pytestmark = pytest.mark.django_db(transaction=True)

SCROLLING = """[...document.querySelectorAll(".table-wrap")].filter((wrap) => wrap.scrollWidth > wrap.clientWidth)
  .map((wrap) => wrap.getAttribute("aria-label") ?? wrap.getAttribute("aria-labelledby"))"""
NAMES = {2: ("apt", "sault"), 4: ("saint-saturnin-les-apt", "l-isle-sur-la-sorgue", "beaumes-de-venise", "monteux")}


@pytest.fixture
def demonstration():
    """The texts that the project ships and the invented records."""
    for name in ("load_content", "load_demo"):
        call_command(name, stdout=StringIO())


@pytest.mark.parametrize("count", NAMES)
def test_communes_are_compared_without_scrolling_sideways(phone, axe, count):
    phone.goto("/territoires/comparer/?" + "&".join(f"commune={name}" for name in NAMES[count]))
    assert phone.evaluate(SCROLLING) == []
    fact = phone.get_by_role("row").filter(has=phone.get_by_role("rowheader", name="Population"))
    assert fact.get_by_role("cell").count() == count
    assert phone.get_by_role("columnheader").count() > count  # it is still a table, with its heads
    axe(phone)


def test_the_directory_is_read_without_scrolling_sideways(demonstration, phone):
    phone.goto("/territoires/etablissements/")
    assert phone.evaluate(SCROLLING) == []


def test_the_aids_for_interns_are_read_without_scrolling_sideways(demonstration, phone, axe):
    phone.goto("/internes/")
    assert phone.evaluate(SCROLLING) == []
    row = phone.get_by_role("row").filter(has_text="Docteur junior en ZIP")
    expect(row.get_by_role("cell").last).to_have_text("CHU de rattachement")
    axe(phone)


def test_the_page_of_a_commune_is_short_and_hides_nothing(demonstration, phone, axe):
    phone.goto("/territoires/communes/apt/")
    assert phone.evaluate("document.documentElement.scrollHeight") < 6350, "its next events included"
    assert phone.locator("details[data-fold][open]").count() == 0
    told = phone.locator("#etablissements ~ div .fold-title").inner_text()
    shown = phone.locator("#etablissements ~ div .lines li")
    assert int(re.search(r"\d+", told)[0]) == shown.count() > 6
    axe(phone)
    for link in phone.locator(".jumps a").all():
        assert phone.locator(link.get_attribute("href")).count() == 1
    phone.locator("summary", has_text="Par type").click()
    expect(phone.get_by_role("table").first).to_be_visible()
    assert phone.evaluate(SCROLLING) == []


def test_without_script_everything_is_open(plain_page):
    plain_page.set_viewport_size({"width": 390, "height": 844})
    plain_page.goto("/territoires/communes/apt/")
    assert plain_page.locator("details[data-fold]").count() == plain_page.locator("details[data-fold][open]").count() > 0


@pytest.mark.parametrize("address", ["cpts/synapse-comtat-venaissin", "communes/apt"])
def test_a_sheet_is_two_pages_with_what_was_folded(demonstration, phone, address):
    phone.goto(f"/territoires/{address}/")
    sheet = phone.pdf(format="A4")
    assert len(re.findall(rb"/Type\s*/Page\b", sheet)) <= 2
    assert phone.locator("details[data-fold][open]").count() == 0  # as the reader left them
    phone.emulate_media(media="print")
    phone.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert phone.locator("details[data-fold]:not([open])").count() == 0
