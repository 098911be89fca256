"""An intern with two training places finds a room for a semester and its host answers; or finds none and says so. On a phone."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from contacts.actions import letters
from contacts.enums import Outcome
from contacts.models import Conversation, Need
from core.models import Mail
from territories import semesters
from tests.browser.conftest import PHONE
from tests.contacts.rooms import HOST, INTERN, day, host_path, request, room
from tests.interns.factories import PlaceFactory
from tests.territories.factories import real_commune

SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])


def coming():
    """The semester that begins next."""
    [semester] = semesters.upcoming(timezone.localdate() + timedelta(days=1), 1)
    return semester


def ask_around(page, scripts):
    """From the opening page of the rubrique: the two places of a semester, typed, or chosen where there are suggestions."""
    page.goto("/internes/")
    for label, typed in (("Près de", "vaison"), ("Et de (facultatif)", "cabinet exemple")):
        field = page.get_by_label(label, exact=True)
        field.fill("")
        field.press_sequentially(typed if scripts else {"vaison": "Vaison-la-Romaine"}.get(typed, typed))
        if scripts:
            page.get_by_role("listbox", name="Lieux proposés").get_by_role("option").first.click()
    page.get_by_label("Demi-journées par semaine à ce lieu").nth(1).select_option("4")
    page.get_by_label("Pour le semestre").select_option(coming().code)
    page.get_by_role("button", name="Voir les chambres").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("logement")


def fits(page):
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def link_of(message, path):
    """The path behind an address of a mail."""
    return letters.path_of(re.search(rf"http\S+{path}[^\s?]+", message.text).group())


def write(page):
    """Fill in the request, send it, confirm one's address."""
    page.get_by_label("Votre nom").fill("Inès Exemple")
    page.get_by_label("Vous êtes").select_option("intern")
    page.get_by_label("Votre message").fill("Interne en stage, je cherche une chambre calme.")
    page.get_by_label("Votre adresse électronique").fill(INTERN)
    page.get_by_label("J’accepte").check()
    page.wait_for_timeout(2100)  # as long as a person takes
    with page.expect_navigation():
        page.get_by_role("button", name="Envoyer").click()
    page.goto(link_of(Mail.objects.get(recipient=INTERN), "/contact/confirmer/"))
    page.get_by_role("button", name="Oui, envoyer mon message").click()
    expect(page.get_by_role("heading", name="Transmis")).to_be_visible()


@pytest.fixture
def training(live_server):
    return PlaceFactory(name="Cabinet exemple des Ocres", commune=real_commune("Malaucène"), point_precision="commune")


@SCRIPTS
@pytest.mark.parametrize("visit_first", [False, True], ids=["yes", "visit first"])
def test_from_two_training_places_to_a_confirmed_stay(open_page, axe, training, scripts, visit_first):
    dwelling = room(title="Chambre au calme", town="Vaison-la-Romaine", offered=(day(0), day(600)))
    room(title="Studio au loin", town="Apt", offered=(day(0), day(600)))
    guest, host = (open_page(PHONE, java_script_enabled=scripts) for _ in range(2))
    ask_around(guest, scripts)
    expect(guest.locator(".room h3")).to_have_text(["Chambre au calme", "Studio au loin"])
    expect(guest.locator(".room").first).to_contain_text("Cabinet exemple des Ocres")
    if scripts:
        axe(guest)
        fits(guest)
    guest.get_by_role("link", name="Chambre au calme").first.click()
    guest.get_by_role("link", name="Demander ce logement").first.click()
    expect(guest.get_by_role("status").filter(has_text="Libre du")).to_be_visible()
    expect(guest.get_by_label("Arrivée")).to_have_value(coming().start.isoformat())
    expect(guest.get_by_label("Départ")).to_have_value((coming().end + timedelta(days=1)).isoformat())
    if scripts:
        axe(guest)
        fits(guest)
    write(guest)

    host.goto(link_of(Mail.objects.get(recipient=HOST), "/contact/repondre/"))
    if scripts:
        axe(host)
    if visit_first:
        host.get_by_role("link", name="Proposer d’abord une visite").click()
        host.get_by_role("button", name="Envoyer ma réponse").click()
        expect(host.get_by_role("status").filter(has_text="convenez d’un moment")).to_be_visible()
        guest.reload()
        expect(guest.get_by_role("link", name=HOST)).to_be_visible()
        expect(guest.get_by_text(dwelling.address)).to_have_count(0)
    host.get_by_role("link", name="Oui, je confirme le séjour").click()
    host.get_by_role("button", name="Envoyer ma réponse").click()
    expect(host.get_by_role("status").filter(has_text="Le séjour est confirmé")).to_be_visible()
    guest.reload()
    expect(guest.get_by_role("heading", name="Votre séjour est confirmé")).to_be_visible()
    expect(guest.get_by_text(dwelling.address)).to_be_visible()
    expect(guest.get_by_role("link", name=HOST)).to_be_visible()
    if scripts:
        axe(guest)
        fits(guest)
    assert Conversation.objects.get().outcome == Outcome.BOOKED


@SCRIPTS
def test_a_host_says_no_and_the_search_goes_on(open_page, scripts):
    page = open_page(PHONE, java_script_enabled=scripts)
    asked = request(room(title="Chambre au calme"))
    page.goto(host_path(asked))
    page.get_by_role("link", name="Non, pas à ces dates").click()
    page.get_by_label("les dates ne conviennent pas").check()
    page.get_by_role("button", name="Envoyer ma réponse").click()
    expect(page.get_by_role("status").filter(has_text="Votre réponse est partie")).to_be_visible()
    page.goto(letters.path_of(letters.follow_url(asked)))
    expect(page.get_by_role("heading", name="L’hôte ne peut pas vous loger à ces dates")).to_be_visible()
    page.get_by_role("link", name="Voir ce qui est libre à mes dates").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("logement")


@SCRIPTS
def test_nothing_fits_and_the_need_is_noted(open_page, axe, training, scripts):
    page = open_page(PHONE, java_script_enabled=scripts)
    ask_around(page, scripts)
    page.get_by_role("link", name="Je ne trouve pas").first.click()
    expect(page.get_by_role("radio", name="Un logement")).to_be_checked()
    expect(page.get_by_label("Stage ou commune")).to_have_value(re.compile("Vaison"))
    expect(page.get_by_label("Deuxième lieu")).to_have_value(re.compile("Cabinet exemple"))
    expect(page.get_by_label("À partir du")).to_have_value(coming().start.isoformat())
    page.get_by_label("Votre situation").select_option("intern")
    page.get_by_label("Votre adresse électronique").fill(INTERN)
    page.get_by_label("J’accepte").check()
    page.wait_for_timeout(2100)  # as long as a person takes
    page.get_by_role("button", name="Envoyer ma recherche").click()
    expect(page.get_by_role("status").filter(has_text="Il reste un geste")).to_be_visible()
    page.goto(link_of(Mail.objects.get(recipient=INTERN), "/je-cherche/confirmer/"))
    page.get_by_role("button", name="Confirmer ma recherche").click()
    expect(page.get_by_role("status").filter(has_text="votre recherche compte")).to_be_visible()
    if scripts:
        axe(page)
        fits(page)
    need = Need.objects.get()
    assert [place.half_days for place in need.places.order_by("pk")] == [1, 4]
