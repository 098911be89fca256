"""A host proposes a room: on a phone without JavaScript, and with the preview that follows what one writes."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from core.enums import State
from housing.models import Dwelling
from tests.browser.test_freshness import LOOKS
from tests.housing.factories import DwellingFactory
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
    page.get_by_label("Classe énergie").select_option("D")
    page.get_by_label("Classe climat").select_option("C")
    page.get_by_label("Dépenses d’énergie par an, de").fill("800")
    page.get_by_label("À (€)").fill("1100")
    page.get_by_label("Année des prix").fill("2024")
    page.get_by_label("Votre adresse électronique").fill(TO)


def test_from_the_list_of_kinds_to_the_team_on_a_phone_without_a_script(plain_page):
    plain_page.set_viewport_size({"width": 390, "height": 844})
    plain_page.goto(CHOOSE)
    plain_page.get_by_role("link", name="Chambre chez l’habitant").click()
    write(plain_page)
    plain_page.wait_for_timeout(2100)  # as long as a person takes
    plain_page.get_by_role("button", name="Envoyer à l’équipe").click()
    expect(plain_page.get_by_text("Lisez la charte des hôtes et cochez cette case").first).to_be_visible()
    assert plain_page.get_by_label("Titre de l’annonce").input_value() == "Chambre calme à Sault"
    plain_page.get_by_label("J’ai lu la charte des hôtes").check()
    plain_page.wait_for_timeout(2100)
    plain_page.get_by_role("button", name="Envoyer à l’équipe").click()
    expect(plain_page.get_by_role("status").filter(has_text="lien privé")).to_be_visible()
    plain_page.goto(link())
    plain_page.get_by_role("button", name="Envoyer à l’équipe").click()
    expect(plain_page.get_by_role("status").filter(has_text="chez l’équipe")).to_be_visible()
    assert Dwelling.objects.get().state == State.SUBMITTED


def test_the_preview_follows_what_one_writes(page):
    page.goto(write_url())
    page.locator("#apercu summary").click()
    page.get_by_label("Titre de l’annonce").fill("Chambre calme à Sault")
    expect(page.locator("#apercu-contenu h3")).to_have_text("Chambre calme à Sault")
    page.get_by_label("Classe énergie").select_option("F")
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
