"""Addresses that change: what readers knew leads on, whatever the states and dates of the pages."""

from datetime import timedelta

import pytest

from pages import actions, rules
from pages.enums import State
from pages.link_checks import ask_portal
from pages.models import Page, Redirect
from tests.accounts.factories import SuperuserFactory
from tests.pages.factories import PageFactory

pytestmark = pytest.mark.django_db


def rubrique(path="exercer"):
    return Page.objects.get(path=path)


def move(page, **values):
    for name, value in values.items():
        setattr(page, name, value)
    return actions.place_page(page=page)


def leads_to(client, address):
    """The status of an address, and where it leads when it does."""
    response = client.get(address)
    return response.status_code, response.get("Location")


def test_a_page_that_moved_leads_to_its_new_address(client):
    page = PageFactory(parent=rubrique(), slug="ancien")
    below = PageFactory(parent=page, slug="dessous")
    page.slug = "moyen"
    actions.place_page(page=page)
    page.slug, page.parent = "nouveau", rubrique("internes")
    actions.place_page(page=page)
    for old in ("/exercer/ancien/", "/exercer/moyen/"):
        response = client.get(old)
        assert (response.status_code, response["Location"]) == (301, "/internes/nouveau/")
    assert client.get("/exercer/ancien/dessous/")["Location"] == "/internes/nouveau/dessous/"
    below.refresh_from_db()
    assert client.get(below.get_absolute_url()).status_code == 200
    page.state = State.DRAFT
    page.save()
    assert client.get("/exercer/ancien/").status_code == 404


def test_a_redirect_is_asked_again_each_time(client):
    """Another page may take the old address: no browser keeps the answer without asking."""
    move(PageFactory(slug="ancien"), slug="nouveau")
    assert client.get("/ancien/")["Cache-Control"] == "public, no-cache"


def test_a_page_moved_and_taken_back_in_one_save_leads_on_once_it_is_published_again(client):
    page = PageFactory(slug="ancien")
    PageFactory(parent=page, slug="dessous")
    move(page, slug="nouveau", state=State.DRAFT)
    assert leads_to(client, "/ancien/") == (404, None)
    assert leads_to(client, "/nouveau/") == (404, None)
    assert ask_portal("/ancien/").outcome == "broken"
    assert leads_to(client, "/ancien/dessous/") == (301, "/nouveau/dessous/")
    actions.set_state(pages=Page.objects.filter(pk=page.pk), state=State.PUBLISHED)
    assert leads_to(client, "/ancien/") == (301, "/nouveau/")


def test_a_page_taken_back_first_and_moved_afterwards_leads_on_too(client):
    page = actions.keep_version(page=PageFactory(slug="ancien"))
    actions.set_state(pages=Page.objects.filter(pk=page.pk), state=State.DRAFT)
    page.refresh_from_db()
    move(page, slug="nouveau")
    actions.set_state(pages=Page.objects.filter(pk=page.pk), state=State.PUBLISHED)
    assert leads_to(client, "/ancien/") == (301, "/nouveau/")


def test_a_draft_that_nobody_saw_leaves_nothing_behind():
    draft = actions.keep_version(page=PageFactory(slug="essai", state=State.DRAFT))
    move(draft, slug="autre-essai")
    assert not Redirect.objects.exists()


@pytest.mark.parametrize("ends", [False, True])
def test_a_page_outside_its_dates_leads_on_when_they_allow_it(client, now, time_machine, ends):
    dates = (
        {"publish_at": now - timedelta(days=9), "unpublish_at": now - timedelta(days=2)}
        if ends
        else {"publish_at": now + timedelta(days=2)}
    )
    page = move(PageFactory(slug="ancien", **dates), slug="nouveau")
    assert leads_to(client, "/ancien/") == (404, None)
    if ends:
        move(page, unpublish_at=None)
    else:
        time_machine.move_to(now + timedelta(days=3))
    assert leads_to(client, "/ancien/") == (301, "/nouveau/")


@pytest.mark.parametrize("scheduled", [False, True])
def test_a_page_to_come_leaves_the_old_address_leading_on_until_it_shows(client, now, time_machine, scheduled):
    first = move(PageFactory(slug="ancien"), slug="nouveau")
    state, day = (State.PUBLISHED, now + timedelta(days=2)) if scheduled else (State.DRAFT, None)
    second = actions.place_page(page=Page(slug="ancien", title="Une autre page", state=state, publish_at=day))
    actions.keep_version(page=second)
    assert leads_to(client, "/ancien/") == (301, "/nouveau/")
    if scheduled:
        time_machine.move_to(now + timedelta(days=3))
    else:
        actions.set_state(pages=Page.objects.filter(pk=second.pk), state=State.PUBLISHED)
    assert "Une autre page" in client.get("/ancien/").text
    assert client.get(first.get_absolute_url()).status_code == 200


def test_a_draft_that_leaves_an_old_address_gives_it_back(client, now):
    """It was published elsewhere before, or will be: the address still belongs to the page that readers knew there."""
    move(PageFactory(slug="ancien"), slug="nouveau")
    second = actions.keep_version(page=PageFactory(slug="ancien", publish_at=now + timedelta(days=2)))
    move(second, slug="ailleurs")
    assert leads_to(client, "/ancien/") == (301, "/nouveau/")


def test_the_page_that_readers_saw_last_at_an_address_keeps_it(client):
    move(PageFactory(slug="ancien"), slug="nouveau")
    move(PageFactory(slug="ancien"), slug="ailleurs")
    assert leads_to(client, "/ancien/") == (301, "/ailleurs/")


def test_a_page_that_comes_back_leaves_no_redirect_to_itself(client):
    page = move(PageFactory(slug="ancien"), slug="nouveau")
    move(page, slug="ancien")
    assert list(Redirect.objects.values_list("old_path", flat=True)) == ["nouveau"]
    assert client.get("/ancien/").status_code == 200
    assert leads_to(client, "/nouveau/") == (301, "/ancien/")


@pytest.mark.parametrize(
    "url", ["http://portail.example/a/", "https://portail.example/a/?x=1", "https://PORTAIL.example:443//a/#b", "http://testserver/a/"]
)
def test_an_address_of_the_portal_typed_whole_never_turns_in_circles(client, settings, url):
    settings.SITE_URL = "https://portail.example"
    client.force_login(SuperuserFactory())
    form = client.post("/equipe/pages/redirect/add/", {"old_path": "a", "url": url}).context_data["adminform"].form
    assert "tourne en rond" in str(form.errors["url"])
    Redirect.objects.create(old_path="b", url=url)
    others = dict(Redirect.objects.values_list("old_path", "url"))
    assert "tourne en rond" in rules.redirect_problem("a", "/b/", others)


def test_an_address_of_the_portal_typed_whole_is_kept_as_a_path(client, settings):
    settings.SITE_URL = "https://portail.example"
    client.force_login(SuperuserFactory())
    sent = {"old_path": "vieux", "url": "https://portail.example/exercer/offres/?type=rempla"}
    assert client.post("/equipe/pages/redirect/add/", sent).status_code == 302
    assert Redirect.objects.get().url == "/exercer/offres/?type=rempla"
    sent = {"old_path": "dehors", "url": "https://ailleurs.example/vieux/"}
    assert client.post("/equipe/pages/redirect/add/", sent).status_code == 302
    assert leads_to(client, "/dehors/") == (301, "https://ailleurs.example/vieux/")
