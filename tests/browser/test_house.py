"""The browser fixtures keep their promises."""

import pytest
from playwright.sync_api import expect

from territories.models import Commune
from tests.accounts.factories import PASSWORD, SuperuserFactory


def test_a_member_of_the_team_logs_in(page, axe):
    user = SuperuserFactory()
    page.goto("/equipe/")
    page.get_by_label("Adresse électronique").fill(user.email)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button").filter(has_text="onnexion").click()
    page.wait_for_url("**/equipe/")
    expect(page.locator("body")).to_contain_text(user.last_name)


def test_reference_data_are_there_in_the_browser_too(live_server):
    assert Commune.objects.count() == 151


def test_an_error_in_a_page_fails(open_page):
    page = open_page()
    with page.expect_event("pageerror"):
        page.evaluate("setTimeout(() => { throw new Error('broken') })")
    assert ["broken" in fault for fault in page.faults] == [True]
    page.faults.clear()


def test_a_page_that_asks_another_host_fails(open_page, live_server):
    page = open_page()
    page.goto("/equipe/login/")
    page.route("https://example.org/**", lambda route: route.abort())
    with page.expect_event("console"):
        page.evaluate("fetch('https://example.org/').catch(() => null)")
    assert any("example.org" in fault for fault in page.faults)
    page.faults.clear()


def test_axe_sees_a_fault(page, axe):
    page.set_content('<html lang="fr"><title>Essai</title><main><h1>Essai</h1><img src="data:,"></main></html>')
    with pytest.raises(AssertionError, match="image-alt"):
        axe(page)
    page.faults.clear()
