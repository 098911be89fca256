"""The page of the key figures: each with its source, its date and its limits; levels compared; populations summed."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from territories.models import KeyFigure
from tests.conftest import NOW
from tests.portal.page import Page
from tests.territories.factories import CptsFactory, FacilityKindFactory, FigureFactory, real_commune, real_epci

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture(autouse=True)
def no_other_figure():
    KeyFigure.objects.all().delete()


def read(client):
    page = Page(client.get(reverse("territories:figures")))
    assert page.status == 200
    return page


def ids(page):
    return {attributes["id"] for _, attributes in page.attributes if "id" in attributes}


def test_a_figure_has_its_value_its_source_and_its_date(client):
    FigureFactory(
        value=9_000_000,
        label="d’habitants à moins de 2 heures",
        source="Communiqué",
        source_url="https://example.org/communique",
        period="2025",
        note="À vol d’oiseau.",
    )
    page = read(client)
    assert "9 millions d’habitants à moins de 2 heures À vol d’oiseau. Communiqué , 2025." in page.text
    assert page.address_of("Communiqué") == "https://example.org/communique"


@pytest.mark.parametrize("published", [True, False])
def test_only_a_confirmed_figure_is_there(client, published):
    FigureFactory(label="dossiers suivis", published=published)
    assert ("dossiers suivis" in read(client).text) is published


@pytest.mark.parametrize(("days", "told"), [(-1, True), (0, False)])
def test_a_figure_to_be_read_again_says_so(client, days, told):
    FigureFactory(observed_on=date(2024, 11, 22), review_on=NOW.date() + timedelta(days=days))
    assert ("chiffre de 2024, en cours de relecture" in read(client).text) is told


def test_each_level_has_its_part_and_each_figure_its_anchor(client):
    cpts = CptsFactory(name="CPTS Exemple")
    wide = FigureFactory(code="hospitals")
    small = FigureFactory(code="doctors", level="cpts", cpts=cpts)
    middle = FigureFactory(code="rooms", level="epci", epci=real_epci("200035723"))
    page = read(client)
    assert {"departement", "cpts", "epci", "populations"} <= ids(page)
    assert {wide.anchor, small.anchor, middle.anchor} <= ids(page)
    assert wide.anchor == "hospitals"
    assert small.get_absolute_url() == f"/territoires/chiffres/#doctors-cpts{cpts.pk}"
    assert ("h3", "CPTS Exemple") in page.headings
    assert ("h3", "Ventoux Sud") in page.headings


def test_levels_are_compared_and_what_the_source_does_not_write_is_not_invented(client):
    measure = {"code": "patients-per-doctor", "title": "Patients par médecin", "unit": "patients par médecin"}
    FigureFactory(**measure, level="cpts", cpts=CptsFactory(name="CPTS Exemple"), value=1222)
    for level in ("nation", "region", "departement"):
        FigureFactory(**measure, level=level, value=None)
    page = read(client)
    table = page.text[page.text.index("Patients par médecin, en") :]
    order = [table.index(words) for words in ("CPTS Exemple", "Vaucluse département", "Provence-Alpes-Côte d’Azur région", "France pays")]
    assert order == sorted(order)
    assert table.count("valeur non publiée dans la source") == 3
    assert "CPTS Exemple CPTS 1 222 Relevé" in table


def test_a_measure_of_one_level_is_not_compared(client):
    FigureFactory(code="alone")
    FigureFactory(code="communes-only", level="commune", commune=real_commune("Apt"))
    assert "comparaisons" not in ids(read(client))


def test_communes_stand_in_one_table_in_the_order_of_their_names(client):
    for name in ("Sault", "Apt"):
        FigureFactory(code="apl", title="Accessibilité", level="commune", commune=real_commune(name), value="2.9")
    page = read(client)
    assert "Accessibilité : commune par commune" in page.text
    assert page.text.index("Apt 2,9") < page.text.index("Sault 2,9")


def test_populations_are_summed_and_not_typed(client):
    cpts = CptsFactory(short_name="Exemple")
    apt = real_commune("Apt")
    apt.cpts = cpts
    apt.save()
    page = read(client)
    assert "572 056 habitants dans les 151 communes" in page.text
    assert "Ventoux Sud 10" in page.text
    assert f"Exemple 1 {apt.population:,}".replace(",", " ") in page.text


def test_cpts_stand_in_alphabetical_order(client):
    page = read(client)
    names = ["Cerebellum – Sorgues et Luberon", "Grand Avignon 12", "Pays d’Apt 22", "Val Durance"]
    places = [page.text.rindex(name) for name in names]
    assert places == sorted(places)


def test_what_was_counted_can_be_followed_to_its_list(client):
    kind = FacilityKindFactory(code="counted_kind")
    figure = FigureFactory(count_of="facilities", counted_kind=kind, value=1)
    KeyFigure.objects.filter(pk=figure.pk).update(counted=1, counted_at=NOW)
    page = read(client)
    address = page.address_of("1 fiche sur ce portail, comptée le 15 juin 2026")
    assert address == "/territoires/etablissements/?type=counted_kind"


def test_a_portal_without_figures_says_so(client):
    page = read(client)
    assert "Aucun chiffre n’est publié pour l’instant." in page.text
    assert "Mis à jour" not in page.text


def test_the_page_says_when_it_last_changed(client):
    FigureFactory()
    assert "Mis à jour le 15 juin 2026" in read(client).text


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_the_same_whatever_it_shows(client, django_assert_num_queries, count):
    """The version, the figures, the EPCI, the CPTS."""
    for _ in range(count):
        FigureFactory()
        FigureFactory(level="cpts", cpts=CptsFactory())
        FigureFactory(level="commune", commune=real_commune("Apt"))
    with django_assert_num_queries(4):
        read(client)


def test_an_unchanged_page_is_not_sent_again(client, time_machine):
    figure = FigureFactory()
    first = client.get(reverse("territories:figures"))
    again = client.get(reverse("territories:figures"), headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    time_machine.move_to(NOW + timedelta(seconds=1), tick=False)
    figure.label = "autre chose"
    figure.save()
    changed = client.get(reverse("territories:figures"), headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert "autre chose" in changed.text


def test_the_page_only_reads_and_sets_no_cookie(client):
    assert client.post(reverse("territories:figures")).status_code == 405
    assert not client.get(reverse("territories:figures"), {"q": "\0", "page": "9" * 400}).cookies
