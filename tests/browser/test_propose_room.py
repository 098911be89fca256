"""A host proposes a room, sets how they are written to, and is asked for the next semester: on a phone, with and without JavaScript."""

import re
from datetime import datetime, time, timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from contacts.actions.letters import path_of
from core.enums import State
from core.models import Mail
from housing import chain
from housing.models import Dwelling
from territories import semesters
from tests.browser.conftest import PHONE
from tests.browser.test_ask_for_a_room import SCRIPTS
from tests.browser.test_freshness import LOOKS
from tests.contacts.rooms import room
from tests.housing.factories import BookingFactory, DwellingFactory
from tests.housing.publishing import CHOOSE, TO, keep, link, write_url
from tests.territories.factories import real_commune


@pytest.fixture(autouse=True)
def sault(transactional_db):
    real_commune("Sault")


def write(page):
    """Fill in a room in Sault, as a host would on a phone."""
    page.get_by_label("Titre de l’annonce").fill("Chambre calme à Sault")
    page.get_by_label("Surface habitable").fill("14")
    page.get_by_label("Meublé", exact=True).check()
    page.get_by_label("Commune", exact=True).fill("Sault")
    page.get_by_label("Adresse", exact=True).fill("7 chemin des Lavandes")
    page.get_by_label("Forme de la location").select_option("lodger")
    page.get_by_label("Loyer par mois, hors charges").fill("350")
    page.get_by_label("Charges mensuelles").fill("30")
    page.get_by_label("Mode des charges").select_option("flat")
    page.get_by_label("Dépôt de garantie").fill("0")
    page.get_by_label("J’ai le droit de louer").check()
    page.get_by_label("Classe énergie", exact=True).select_option("D")
    page.get_by_label("Classe climat", exact=True).select_option("C")
    page.get_by_label("Dépenses d’énergie par an, de").fill("800")
    page.get_by_label("À (€)").fill("1100")
    page.get_by_label("Année des prix").fill("2024")
    page.get_by_label("Votre adresse électronique").fill(TO)


@SCRIPTS
def test_from_the_list_of_kinds_to_the_team(open_page, scripts):
    page = open_page(PHONE, java_script_enabled=scripts)
    page.goto(CHOOSE)
    page.get_by_role("link", name="Chambre chez l’habitant").click()
    write(page)
    page.wait_for_timeout(2100)  # as long as a person takes
    page.get_by_role("button", name="Envoyer à l’équipe").click()
    expect(page.get_by_text("Lisez la charte des hôtes et cochez cette case").first).to_be_visible()
    assert page.get_by_label("Titre de l’annonce").input_value() == "Chambre calme à Sault"
    page.get_by_label("J’ai lu la charte des hôtes").check()
    page.wait_for_timeout(2100)
    page.get_by_role("button", name="Envoyer à l’équipe").click()
    expect(page.get_by_role("status").filter(has_text="lien privé")).to_be_visible()
    page.goto(link())
    page.get_by_role("button", name="Envoyer à l’équipe").click()
    expect(page.get_by_role("status").filter(has_text="chez l’équipe")).to_be_visible()
    assert Dwelling.objects.get().state == State.SUBMITTED


@SCRIPTS
def test_settings_a_pause_and_the_next_semester(open_page, axe, scripts):
    [coming] = semesters.upcoming(timezone.localdate() + timedelta(days=1), 1)
    end = coming.end + timedelta(days=1)
    dwelling = room(offered=(coming.start, end))
    BookingFactory(dwelling=dwelling, period=DateRange(coming.start, end), confirmed_at=timezone.now() - timedelta(days=9))
    host = open_page(PHONE, java_script_enabled=scripts)
    host.goto(keep(dwelling))
    host.get_by_role("link", name="Réglages").click()
    host.get_by_label("Demandes par mois, au plus").fill("3")
    host.get_by_role("button", name="Enregistrer").click()
    expect(host.get_by_role("status").filter(has_text="C’est noté")).to_be_visible()
    expect(host.get_by_label("Demandes par mois, au plus")).to_have_value("3")
    host.get_by_role("link", name="Annonce", exact=True).click()
    host.get_by_role("button", name="Mettre en pause").click()
    expect(host.get_by_role("button", name="Remettre en ligne")).to_be_visible()
    host.get_by_role("button", name="Remettre en ligne").click()
    expect(host.get_by_role("button", name="Mettre en pause")).to_be_visible()

    chain.ask_hosts(at=timezone.make_aware(datetime.combine(end - timedelta(days=50), time(9))))
    asked = Mail.objects.get(event__startswith="housing.next_semester")
    host.goto(path_of(re.search(r"http\S+choix=libre", asked.text).group()))
    if scripts:
        axe(host)
        assert host.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    host.get_by_role("button", name="Oui, elle est libre pour la suite").click()
    expect(host.get_by_role("status").filter(has_text="la chambre est offerte")).to_be_visible()
    assert Dwelling.objects.offered(end, end + timedelta(days=150)).filter(pk=dwelling.pk).exists()


def test_the_preview_follows_what_one_writes(page):
    page.goto(write_url())
    page.locator("#apercu summary").click()
    page.get_by_label("Titre de l’annonce").fill("Chambre calme à Sault")
    expect(page.locator("#apercu-contenu h3")).to_have_text("Chambre calme à Sault")
    page.get_by_label("Classe énergie", exact=True).select_option("F")
    expect(page.locator("#apercu-contenu")).to_contain_text("Logement à consommation énergétique excessive")
    assert not Dwelling.objects.exists()


@LOOKS
def test_everybody_reads_the_pages_of_hosts(open_page, axe, scheme, viewport):
    draft, public = DwellingFactory(draft=True), DwellingFactory()
    page = open_page(viewport, color_scheme=scheme)
    addresses = [CHOOSE, reverse("housing:charter"), write_url("residence"), keep(public)]
    behind = ("dwelling_keep", "dwelling_edit", "dwelling_photos", "dwelling_address")
    for address in [*addresses, *(keep(draft, name) for name in behind), reverse("housing:dwelling_report", args=[public.pk])]:
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"], address
        axe(page)
