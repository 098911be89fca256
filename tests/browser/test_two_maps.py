"""Two maps on a page: each is drawn when it comes into view, shows its own things, and leads past itself."""

from playwright.sync_api import expect

from pages.models import MapBlock
from territories.models import HealthFacility
from tests.opportunities.factories import OpportunityFactory
from tests.pages.factories import RichTextFactory, composed
from tests.pages.test_records import maker
from tests.territories.factories import FacilityFactory


def test_each_map_lives_by_itself(page, axe):
    facility = FacilityFactory(name="Hôpital des Essais")
    HealthFacility.objects.exclude(pk=facility.pk).update(is_open=False)
    OpportunityFactory(title="Une offre à Apt", town="Apt", exact=True)
    between = (RichTextFactory, {"text": "<p>Un paragraphe pour éloigner les deux cartes.</p>" * 40})
    facilities, offers = (maker(MapBlock), {"subject": "facilities"}), (maker(MapBlock), {"subject": "offers"})
    made = composed(facilities, between, offers)
    page.goto(made.get_absolute_url())
    first, second = page.locator("[data-map]").nth(0), page.locator("[data-map]").nth(1)

    first.scroll_into_view_if_needed()
    expect(first.get_by_role("button", name="Hôpital des Essais")).to_be_visible()
    assert second.get_attribute("data-state") is None  # fetched when it comes into view only

    second.scroll_into_view_if_needed()
    marker = second.get_by_role("button", name="Une offre à Apt")
    expect(marker).to_be_visible()
    expect(second.get_by_role("button", name="Hôpital des Essais")).to_have_count(0)
    assert first.locator("xpath=..").locator(".legend li:visible").count() == 1
    assert second.locator("xpath=..").locator(".legend li:visible").count() == 1

    marker.focus()
    page.keyboard.press("Enter")
    expect(second.get_by_role("dialog")).to_be_visible()
    expect(first.get_by_role("dialog")).to_be_hidden()
    second.locator("[data-map-close]").focus()
    page.keyboard.press("Tab")
    expect(second.locator("xpath=following-sibling::*[1]")).to_be_focused()

    second.locator(".map__skip").focus()
    page.keyboard.press("Enter")
    expect(second.locator("xpath=following-sibling::*[1]")).to_be_focused()
    axe(page)
