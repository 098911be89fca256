"""The page of one facility: its facts, what is around, what search engines are told."""

import json
import re

import pytest

from territories.models import HealthFacility
from tests.territories.factories import CommuneFactory, CptsFactory, FacilityFactory, FacilityKindFactory

pytestmark = pytest.mark.django_db

NB = "\u00a0"


@pytest.fixture
def alone():
    """A directory that holds nothing yet."""
    HealthFacility.objects.all().delete()


def facts(page):
    return {label: value for label, value, _ in page.context["facts"]}


def structured(page):
    text = re.search(r'<script type="application/ld\+json">(.*?)</script>', page.text)[1]
    return {thing["@type"]: thing for thing in json.loads(text)["@graph"]}


def test_the_facts_of_a_hospital_with_their_source(client):
    page = client.get(HealthFacility.objects.get(finess="840001861").get_absolute_url())
    assert facts(page) == {
        "Type": "Hôpital",
        "Statut": "public",
        "Services": "Urgences, SMUR, Maternité",
        "Lits": "694",
        "Adresse": "305 rue Raoul Follereau, Avignon",
        "Numéro FINESS": "840001861",
    }
    assert f"SAE 2023 (DREES){NB}; point FINESS 2020" in page.text
    assert "Point à l’adresse." in page.text


def test_the_date_of_a_source_is_written_unless_its_name_tells_the_year(client):
    page = client.get(FacilityFactory(source="Recensement de l’équipe").get_absolute_url())
    assert "Recensement de l’équipe, 1er mai 2026" in page.text


def test_services_and_precision_are_not_invented(client):
    page = client.get(
        FacilityFactory(address="", point_precision="commune", commune=CommuneFactory(name="Exemple", slug="exemple")).get_absolute_url()
    )
    assert facts(page) == {"Type": "Maison de santé (MSP)", "Adresse": "84999 Exemple"}
    assert f"Adresse exacte non connue{NB}: le point est à la mairie" in page.text


def test_the_bus_says_its_area_and_that_its_timetable_is_not_known(client):
    bus = HealthFacility.objects.get(kind__code="itinerant")
    page = client.get(bus.get_absolute_url())
    assert facts(page)["Secteur"] == "Plateau de Sault"
    assert "Jours et lieux de passage" in page.text
    assert "Non communiqués à ce jour." in page.text
    bus.timetable = "Lundi\u00a0: Monieux\nMardi\u00a0: Aurel"
    bus.save()
    page = client.get(bus.get_absolute_url())
    assert page.context["timetable"] == ["Lundi\u00a0: Monieux", "Mardi\u00a0: Aurel"]
    assert "Non communiqués" not in page.text


def test_equipment_contacts_and_cpts_are_shown(client):
    commune = CommuneFactory(cpts=CptsFactory(short_name="du Bord de l’eau"))
    page = client.get(
        FacilityFactory(
            equipment="Scanner\nIRM", phone="04 00 00 00 00", website="https://example.org/", commune=commune
        ).get_absolute_url()
    )
    for text in ("<li>Scanner</li><li>IRM</li>", "04 00 00 00 00", 'href="https://example.org/"', "du Bord de l’eau"):
        assert text in page.text


def test_what_is_around_is_the_same_on_the_page_and_on_its_map(client, alone):
    facility = FacilityFactory(name="Ici", latitude=44.0, longitude=5.0)
    FacilityFactory(name="À dix", latitude=44.09, longitude=5.0)
    FacilityFactory(name="À cinq", latitude=44.045, longitude=5.0)
    FacilityFactory(name="Trop loin", latitude=44.3, longitude=5.0)
    FacilityFactory(name="Fermée", latitude=44.01, longitude=5.0, is_open=False)
    page = client.get(facility.get_absolute_url())
    assert [(each["title"], each["place"].rsplit(", ")[1]) for each in page.context["offers"]] == [
        ("À cinq", f"à 5{NB}km"),
        ("À dix", f"à 10{NB}km"),
    ]
    features = json.loads(client.get(page.context["around_url"]).content)["features"]
    assert [feature["properties"]["t"] for feature in features] == ["Ici", "À cinq", "À dix"]


def test_twelve_neighbours_at_most(client, alone):
    facility = FacilityFactory.create_batch(15)[0]
    assert len(client.get(facility.get_absolute_url()).context["offers"]) == 12


@pytest.mark.parametrize("hidden", [{"is_open": False}, {"kind__active": False, "kind__code": "away"}])
def test_what_readers_may_not_see_has_no_page(client, hidden):
    facility = FacilityFactory(**hidden)
    for address in (
        facility.get_absolute_url(),
        f"/territoires/etablissements/{facility.pk}/fiche/",
        f"/territoires/etablissements/{facility.pk}/alentour.geojson",
    ):
        assert client.get(address).status_code == 404


def test_an_old_name_leads_to_the_page(client):
    facility = FacilityFactory()
    response = client.get(f"/territoires/etablissements/{facility.pk}-autre-nom/")
    assert (response.status_code, response["Location"]) == (301, facility.get_absolute_url())


def test_search_engines_are_told_the_kind_the_address_and_a_sure_point(client):
    pharmacy = FacilityFactory(kind=FacilityKindFactory(code="pharmacy"), name="Pharmacie </script>", finess="840099999")
    things = structured(client.get(pharmacy.get_absolute_url()))
    assert things["Pharmacy"]["name"] == "Pharmacie </script>"
    assert things["Pharmacy"]["address"]["streetAddress"] == "3 place de la Mairie"
    assert things["Pharmacy"]["geo"]["latitude"] == 44.06
    assert things["Pharmacy"]["identifier"]["value"] == "840099999"
    assert [item["name"] for item in things["BreadcrumbList"]["itemListElement"]][-1] == "Pharmacie </script>"
    unsure = FacilityFactory(point_precision="commune")
    assert "geo" not in structured(client.get(unsure.get_absolute_url()))["MedicalClinic"]


def test_an_example_is_marked_and_kept_from_search_engines(client):
    page = client.get(FacilityFactory(is_demo=True, source="", source_date=None).get_absolute_url())
    assert '<span class="tag tag--ex">exemple</span>' in page.text
    assert "Établissement inventé pour l’exemple." in page.text
    assert '<meta name="robots" content="noindex">' in page.text
    assert "application/ld+json" not in page.text


@pytest.mark.parametrize("count", [1, 3])
def test_a_page_takes_the_same_queries_whatever_is_around(client, alone, django_assert_num_queries, settings, count):
    settings.PAGE_CACHE = 0
    facility, *_ = FacilityFactory.create_batch(count + 1)
    with django_assert_num_queries(3):
        client.get(facility.get_absolute_url())
    with django_assert_num_queries(1):
        client.get(f"/territoires/etablissements/{facility.pk}/fiche/")


def test_every_real_facility_has_a_page_with_a_title_of_its_own(client):
    titles = set()
    for facility in HealthFacility.objects.visible():
        page = client.get(facility.get_absolute_url())
        assert page.status_code == 200
        titles.add(re.search(r"<title>(.*?)</title>", page.text)[1])
    assert len(titles) == HealthFacility.objects.visible().count() >= 46
