"""A member of the team places an offer on the map of its form."""

import re

import pytest
from playwright.sync_api import expect

from territories.models import Commune
from tests.accounts.factories import PASSWORD, SuperuserFactory


@pytest.fixture
def form(page):
    """The form of a new offer, at an exact address in Apt."""
    user = SuperuserFactory()
    page.goto("/equipe/login/?next=/equipe/opportunities/opportunity/add/")
    page.get_by_label("Adresse électronique").fill(user.email)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button").filter(has_text="onnexion").click()
    page.locator("[name=location_precision][value=exact]").check()
    page.locator("[name=commune]").fill("Apt")
    page.keyboard.press("Escape")
    page.locator("[data-point]").scroll_into_view_if_needed()
    page.locator("[data-map=point][data-state=ready]").wait_for()
    return page


def point(form):
    """Latitude and longitude that the form would send."""
    return tuple(float(form.locator(f"[name={name}]").input_value() or "nan") for name in ("latitude", "longitude"))


def test_a_click_writes_the_point(form):
    form.locator("[data-map-canvas]").click(position={"x": 300, "y": 200})
    latitude, longitude = point(form)
    assert 43 < latitude < 45
    assert 4 < longitude < 6.5
    form.locator("[data-map-canvas]").click(position={"x": 340, "y": 200})
    assert point(form)[0] == pytest.approx(latitude, abs=1e-3)
    assert point(form)[1] > longitude


def test_the_town_hall_of_the_commune_is_one_press_away(form):
    apt = Commune.objects.get(name="Apt")
    form.get_by_role("button", name="Placer à la mairie").press("Enter")
    expect(form.get_by_text("Point placé à la mairie\u00a0: Apt.")).to_be_visible()
    assert point(form) == (apt.latitude, apt.longitude)


def test_arrow_keys_move_the_point(form):
    form.get_by_role("button", name="Placer au centre de la carte").press("Enter")
    latitude, longitude = point(form)
    pin = form.get_by_role("button", name=re.compile("^Le point"))
    pin.press("ArrowUp")
    assert point(form)[0] > latitude
    assert point(form)[1] == pytest.approx(longitude, abs=2e-4)
    near = point(form)[0] - latitude
    pin.press("Shift+ArrowUp")
    assert point(form)[0] - latitude > 4 * near
    expect(pin).to_be_focused()


def test_what_is_typed_moves_the_point_and_a_far_one_is_told(form):
    form.locator("[name=latitude]").fill("43.68")
    form.locator("[name=longitude]").fill("4.63")
    expect(form.get_by_text("Ce point est hors du Vaucluse")).to_be_visible()
    form.locator("[name=latitude]").fill("43.95")
    form.locator("[name=longitude]").fill("4.81")
    expect(form.get_by_text("Le point est dans le Vaucluse.")).to_be_visible()


def test_the_point_can_be_taken_away(form):
    form.get_by_role("button", name="Placer à la mairie").click()
    expect(form.locator("[name=latitude]")).to_have_value(re.compile("43"))
    form.get_by_role("button", name="Effacer le point").click()
    expect(form.locator("[name=latitude]")).to_have_value("")
    expect(form.locator("[name=longitude]")).to_have_value("")
    expect(form.locator(".mkb--pin")).to_have_count(0)


def test_a_commune_that_is_not_one_is_told(form):
    form.locator("[name=commune]").fill("Nulle part")
    form.get_by_role("button", name="Placer à la mairie").click()
    expect(form.get_by_text("Cette commune n’a pas été trouvée")).to_be_visible()
