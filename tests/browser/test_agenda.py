"""The agenda in a browser: axe finds nothing, filters swap the results, and everything works without a script."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.agenda.factories import ActorFactory, EventFactory, EventKindFactory
from tests.browser.conftest import PHONE, WIDE
from tests.territories.factories import real_commune

pytestmark = pytest.mark.django_db(transaction=True)

LIST = "/agenda/rencontres/"
STATES = {
    "annoncée": {},
    "annulée": {"state": "cancelled", "state_reason": "La salle est fermée."},
    "reportée": {"state": "postponed", "state_reason": "Une grève."},
    "déplacée": {"former_day": date(2026, 6, 1)},
    "à distance": {"commune": None, "is_online": True},
    "passée": {"first_day": date(2026, 1, 10)},
}


@pytest.fixture
def events(live_server):
    soon = timezone.localdate() + timedelta(days=10)
    here = {"commune": real_commune("Sault"), "point_precision": "commune"}
    found = [EventFactory(title=f"Rencontre {name}", **{"first_day": soon, **here, **changes}) for name, changes in STATES.items()]
    ActorFactory(event=found[0], url="https://cpts.example.org/")
    EventFactory(title="Formation d’Apt", kind=EventKindFactory(code="training"), first_day=soon + timedelta(days=40), **here)
    return found


@pytest.mark.parametrize(("scheme", "viewport"), [("light", WIDE), ("dark", PHONE)], ids=["light", "dark"])
def test_axe_finds_nothing(open_page, axe, events, scheme, viewport):
    page = open_page(color_scheme=scheme, viewport=viewport)
    for address in (
        "/agenda/",
        LIST,
        f"{LIST}?passees=1",
        f"{LIST}?q=introuvable&page=9999&type=bal",
        *(event.get_absolute_url() for event in events),
    ):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0, address
        axe(page)


def test_a_filter_swaps_results_head_and_map(page, events):
    page.goto(LIST)
    page.get_by_label("Formation", exact=True).check()
    expect(page.locator("#titre")).to_have_text(re.compile("^1.rencontre à venir$"))
    expect(page.locator(".fiche h3")).to_have_text(["Formation d’Apt"])
    expect(page).to_have_url(re.compile(r"type=training"))
    expect(page.get_by_role("link", name="Suivre dans mon agenda")).to_have_attribute("href", "/agenda/flux.ics?type=training")


def test_without_a_script_the_form_does_the_same(plain_page, events):
    page = plain_page
    page.goto(LIST)
    page.get_by_label("Formation", exact=True).check()
    page.get_by_role("button", name="Afficher les rencontres").click()
    expect(page.locator(".fiche h3")).to_have_text(["Formation d’Apt"])
    page.get_by_role("link", name="Formation d’Apt").click()
    expect(page.locator("h1")).to_have_text("Formation d’Apt")
