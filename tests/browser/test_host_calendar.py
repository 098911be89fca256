"""The host of a room, on a phone: a semester offered, a stay noted, days closed, a request answered, and the calendar that follows."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from housing.models import Booking
from housing.private_link import keep_path
from territories import semesters
from tests.browser.conftest import PHONE
from tests.contacts.rooms import host_path, request, room


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_the_calendar_of_a_host(open_page, axe, scripts):
    dwelling = room(offered=None)
    [semester] = semesters.upcoming(timezone.localdate() + timedelta(days=1), 1)
    host = open_page(PHONE, java_script_enabled=scripts)
    host.goto(keep_path(dwelling))
    host.get_by_role("link", name="Calendrier", exact=True).click()
    with host.expect_navigation():
        host.get_by_role("button", name=semester.label).click()
    period = dwelling.availabilities.get().period
    assert (period.lower, period.upper) == (semester.start, semester.end + timedelta(days=1))
    first = semester.start + timedelta(days=3)
    write(host, "Noter un séjour convenu ailleurs", first, first + timedelta(days=5), "Noter ce séjour")
    [noted] = Booking.objects.confirmed()
    assert (noted.period.lower, noted.period.upper) == (first, first + timedelta(days=5))
    asked = request(dwelling, first=(first - timezone.localdate()).days + 40, last=(first - timezone.localdate()).days + 60)
    host.goto(host_path(asked, "accepted"))
    host.get_by_role("button", name="Envoyer ma réponse").click()
    expect(host.get_by_role("status").filter(has_text="Le séjour est confirmé")).to_be_visible()
    host.goto(f"{keep_path(dwelling)}calendrier/")
    expect(host.get_by_text("Annuler ce séjour")).to_have_count(2)
    if scripts:
        axe(host)
        assert host.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def write(page, subject, first, last, button):
    """Open a form of the calendar, give it two days, send it."""
    fold = page.locator("details.fold", has=page.get_by_text(subject, exact=True))
    fold.locator("summary").click()
    start, end = fold.locator('input[type="date"]').all()
    start.fill(first.isoformat())
    end.fill(last.isoformat())
    with page.expect_navigation():
        fold.get_by_role("button", name=button).click()
