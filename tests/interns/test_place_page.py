"""The page of a training place: what it tells, to readers and to search engines, and what it never tells."""

import json
import re
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from interns import actions
from interns.models import TrainingPlace
from tests.housing.factories import DwellingFactory
from tests.interns.factories import CapacityFactory, NoteFactory, PlaceFactory
from tests.territories.factories import FacilityFactory, FacilityKindFactory, real_commune

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

AGREED = {"supervisor_name": "Camille Exemplaire", "supervisor_consent_on": date(2026, 5, 1), "supervisor_proof": "courriel du 1er mai"}


def structured(page):
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page.text, re.DOTALL)
    return json.loads(found[1])["@graph"] if found else None


def test_it_tells_its_facts_and_the_places_of_the_semesters_to_come(client):
    place = PlaceFactory(
        levels=["junior_doctor", "extern"],
        equipment="Échographe\nSpirométrie",
        transport="Gare à 2 km",
        lodging="yes",
        lodging_note="internat",
    )
    CapacityFactory(place=place, semester="2026-11", places=2)
    CapacityFactory(place=place, semester="2027-05", places=0)
    CapacityFactory(place=place, semester="2020-05", places=7)
    page = client.get(place.get_absolute_url())
    assert {label: value for label, value, _ in page.context["facts"]} == {
        "Cadre": "Cabinet, maison ou centre de santé",
        "Spécialité": "Médecine générale",
        "Niveaux": "Externe, docteur junior",
        "Adresse": f"3 place de la Mairie, 84999 {place.commune.name}",
        "Logement sur place": "Oui\u00a0: internat",
    }
    assert page.context["capacities"] == [("novembre 2026 à avril 2027", "2\u00a0places"), ("mai à octobre 2027", "aucune place")]
    assert "Spirométrie" in page.text
    assert "Gare à 2 km" in page.text


def test_rooms_for_each_of_the_next_two_semesters_are_one_click_away(client):
    place = PlaceFactory()
    text = client.get(place.get_absolute_url()).text
    for code in ("2026-11", "2027-05"):
        assert f'href="/s-installer/logement/?lieu=stage-{place.pk}&amp;semestre={code}"' in text
    assert "semestre=2027-11" not in text


def test_search_engines_are_told_a_place_and_nobody(client):
    hospital = FacilityFactory(name="Hôpital exemple", kind=FacilityKindFactory(code="hospital", schema_type="Hospital"))
    place = PlaceFactory(name="Urgences", setting="hospital", facility=hospital, description="On y apprend.", **AGREED)
    page = client.get(place.get_absolute_url())
    crumbs, thing = structured(page)
    assert [each["name"] for each in crumbs["itemListElement"]] == ["Accueil", "Internes", "Terrains de stage", "Urgences"]
    assert thing["@type"] == "Place"
    assert thing["geo"] == {"@type": "GeoCoordinates", "latitude": hospital.latitude, "longitude": hospital.longitude}
    assert thing["containedInPlace"]["name"] == "Hôpital exemple"
    assert "Exemplaire" not in json.dumps([crumbs, thing])
    assert "Camille Exemplaire" in page.text


def test_a_place_known_by_its_commune_gives_no_point(client):
    place = PlaceFactory(commune=real_commune("Sault"), point_precision="commune")
    _, thing = structured(client.get(place.get_absolute_url()))
    assert "geo" not in thing
    assert "le point est à la mairie" in client.get(place.get_absolute_url()).text


def test_an_example_says_so_and_asks_not_to_be_found(client):
    place = PlaceFactory(is_demo=True)
    page = client.get(place.get_absolute_url())
    assert structured(page) is None
    assert '<meta name="robots" content="noindex">' in page.text
    assert "Exemple inventé pour la démonstration" in page.text
    assert place.get_absolute_url() not in client.get("/sitemap-terrains.xml").text


def test_an_old_address_leads_to_the_page(client):
    place = PlaceFactory()
    for path, target in (
        (f"/internes/terrains/{place.pk}-ancien-nom/", place.get_absolute_url()),
        (f"/internes/terrains/{place.pk}-ancien-nom/temoigner/", place.get_note_url()),
    ):
        answer = client.get(path)
        assert (answer.status_code, answer.url) == (301, target)


def test_what_former_interns_say_is_shown_by_semester_without_a_name(client):
    place = PlaceFactory()
    NoteFactory(place=place, semester="2024-05", state="published", decided_at="2026-05-21T10:00Z", text="Le plus ancien récit.")
    NoteFactory(
        place=place, semester="2025-11", state="published", decided_at="2026-05-21T10:00Z", text="Le plus récent.\n\nEn deux temps."
    )
    NoteFactory(place=place, text="À relire encore.")
    page = client.get(place.get_absolute_url())
    assert [(note["semester"], note["paragraphs"]) for note in page.context["notes"]] == [
        ("novembre 2025 à avril 2026", ["Le plus récent.", "En deux temps."]),
        ("mai à octobre 2024", ["Le plus ancien récit."]),
    ]
    assert "À relire encore" not in page.text
    assert "@example.org" not in page.text.split("<main", 1)[1].split("</main>")[0].replace("equipe@example.org", "")


def test_the_nearest_places_are_around_on_page_and_map(client):
    place = PlaceFactory()
    near = PlaceFactory(name="Voisin", latitude=place.latitude + 0.05)
    PlaceFactory(name="Lointain", latitude=place.latitude + 0.5)
    PlaceFactory(name="Brouillon", published=False)
    page = client.get(place.get_absolute_url())
    assert [each["title"] for each in page.context["offers"]] == [near.name]
    features = json.loads(client.get(f"/internes/terrains/{place.pk}/alentour.geojson").content)["features"]
    assert [feature["properties"]["t"] for feature in features] == [place.name, near.name]


def test_rooms_of_the_semester_under_way_and_the_next_two_are_one_click_away(client):
    place = PlaceFactory()
    rooms = client.get(place.get_absolute_url()).context["rooms"]
    assert [each["query"] for each in rooms] == [f"?lieu=stage-{place.pk}&semestre={code}" for code in ("2026-05", "2026-11", "2027-05")]
    around = client.get(DwellingFactory(town="Sault").get_absolute_url()).context["semesters"]
    assert [each["url"].partition("?")[2] for each in around] == [
        f"lieu=commune-84123&semestre={code}" for code in ("2026-05", "2026-11", "2027-05")
    ]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_whatever_is_around_and_said(client, django_assert_num_queries, rows):
    """Version, place, semesters, its capacities, neighbours, descriptions."""
    place = PlaceFactory()
    for rank in range(rows):
        CapacityFactory(place=place, semester=f"20{26 + rank}-11")
        NoteFactory(place=place, state="published", decided_at="2026-05-21T10:00Z")
        PlaceFactory()
    client.get("/")
    with django_assert_num_queries(6):
        assert client.get(place.get_absolute_url()).status_code == 200


# --- The supervisor --------------------------------------------------------------------------------


@pytest.mark.parametrize("lacking", ["supervisor_consent_on", "supervisor_proof"])
def test_no_name_without_an_agreement_and_its_proof(lacking):
    with pytest.raises(IntegrityError), transaction.atomic():
        PlaceFactory(**AGREED | {lacking: None if lacking.endswith("on") else ""})


def test_a_name_is_erased_with_the_agreement_and_is_in_no_version(client):
    place = PlaceFactory(**AGREED)
    place.description = "Autre texte."
    place.save()
    assert actions.forget_supervisor(place=place)
    assert not actions.forget_supervisor(place=place)
    stored = [str(row) for model in (TrainingPlace, TrainingPlace.history.model) for row in model.objects.values()]
    assert len(stored) >= 3
    assert not [row for row in stored if "Exemplaire" in row or "courriel du 1er mai" in row]
    assert "Exemplaire" not in client.get(place.get_absolute_url()).text


def test_a_real_place_is_shown_with_a_dated_source_and_its_levels_only():
    for wrong in ({"source": ""}, {"source_date": None}, {"levels": []}, {"levels": ["chef_de_service"]}):
        with pytest.raises(IntegrityError), transaction.atomic():
            PlaceFactory(**wrong)
    assert PlaceFactory(source="", source_date=None, levels=[], published=False).pk


# --- The facility ----------------------------------------------------------------------------------


def test_a_place_stands_where_its_facility_does_today():
    facility = FacilityFactory(name="Hôpital d’avant", latitude=44.01, longitude=5.01)
    place = PlaceFactory(facility=facility, latitude=1, longitude=1)
    assert (place.point, place.commune) == (facility.point, facility.commune)
    facility.name, facility.latitude = "Hôpital d’après", 44.02
    facility.save()
    assert actions.refresh_places() == 1
    place.refresh_from_db()
    assert place.latitude == 44.02
    assert list(TrainingPlace.objects.matching("apres")) == [place]
    assert actions.refresh_places() == 0


def test_the_tick_is_for_what_somebody_checked(client):
    for unchecked in (PlaceFactory(is_demo=True), PlaceFactory()):
        assert "#fresh" not in client.get(unchecked.get_absolute_url()).text
    assert "#fresh" in client.get(PlaceFactory(verified_on=date(2026, 5, 20)).get_absolute_url()).text
