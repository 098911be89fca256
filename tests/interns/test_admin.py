"""The staff screens of training places."""

import pytest

from interns.models import TrainingPlace
from tests.accounts.factories import StaffFactory, SuperuserFactory
from tests.interns.factories import CapacityFactory, NoteFactory, PlaceFactory, SpecialtyFactory
from tests.territories.factories import FacilityFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

ADD = "/equipe/interns/trainingplace/add/"
CAPACITIES = {
    "capacities-TOTAL_FORMS": "1",
    "capacities-INITIAL_FORMS": "0",
    "capacities-MIN_NUM_FORMS": "0",
    "capacities-MAX_NUM_FORMS": "1000",
    "capacities-0-semester": "2026-11",
    "capacities-0-places": "2",
}


@pytest.fixture
def team(client):
    client.force_login(SuperuserFactory())
    return client


def filled(**changes):
    return {
        "name": "Cabinet du Lavoir",
        "setting": "ambulatory",
        "specialty": SpecialtyFactory().pk,
        "levels": ["extern", "junior_doctor"],
        "commune": "Malaucène",
        "point_precision": "commune",
        "latitude": "",
        "longitude": "",
        "lodging": "unknown",
        "source": "Faculté",
        "source_date": "2026-05-01",
        "published": "on",
        **CAPACITIES,
        **changes,
    }


def test_a_place_is_written_with_its_capacity(team):
    assert team.post(ADD, filled()).status_code == 302
    place = TrainingPlace.objects.get()
    assert (place.commune.name, place.levels) == ("Malaucène", ["extern", "junior_doctor"])
    assert [(each.semester, each.places) for each in place.capacities.all()] == [("2026-11", 2)]
    assert place.history.count() == 1


def test_a_place_in_a_facility_needs_no_commune(team):
    facility = FacilityFactory()
    assert team.post(ADD, filled(commune="", facility=facility.pk)).status_code == 302
    place = TrainingPlace.objects.get()
    assert (place.commune, place.point) == (facility.commune, facility.point)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"commune": ""}, "Dites la commune, ou choisissez un établissement."),
        ({"source": ""}, "Un terrain visible dit sa source et sa date."),
        ({"levels": []}, "Un terrain visible dit à quels niveaux il est ouvert."),
        ({"supervisor_name": "Camille Exemplaire"}, "Un nom ne se montre qu’avec l’accord de la personne"),
        ({"supervisor_proof": "courriel"}, "Il y a un accord, mais pas de nom"),
        ({"supervisor_name": "C", "supervisor_proof": "c", "supervisor_consent_on": "2030-01-01"}, "Cette date est à venir"),
        ({"capacities-0-semester": "2026-12"}, "Écrivez l’année et le mois de début"),
        ({"capacities-0-places": "999"}, "50"),
        ({"latitude": "10", "longitude": "10", "point_precision": "address"}, "Ce point est à plus de"),
        ({"facility": "abc"}, ""),
    ],
)
def test_a_slip_is_told(team, changes, message):
    page = team.post(ADD, filled(**changes))
    assert page.status_code == 200
    assert message in page.text.replace("&#x27;", "'")
    assert not TrainingPlace.objects.exists()


def test_staff_see_a_draft_as_readers_would(team, client):
    draft = PlaceFactory(name="Cabinet du Lavoir", published=False)
    page = team.get(f"/equipe/interns/trainingplace/{draft.pk}/apercu/")
    assert "Seule l’équipe voit cette page" in page.text
    assert page["X-Robots-Tag"] == "noindex"


def test_a_name_is_erased_from_the_list(team):
    place = PlaceFactory(supervisor_name="Camille Exemplaire", supervisor_consent_on="2026-05-01", supervisor_proof="courriel")
    team.post("/equipe/interns/trainingplace/", {"action": "forget_supervisor", "_selected_action": [place.pk]})
    place.refresh_from_db()
    assert (place.supervisor_name, place.supervisor_proof, place.supervisor_consent_on) == ("", "", None)


def test_old_places_wait_on_the_first_page_until_they_are_checked(team):
    place = PlaceFactory(name="Cabinet du Lavoir", source_date="2023-01-01")
    assert "Cabinet du Lavoir" in team.get("/equipe/").text
    team.post("/equipe/interns/trainingplace/", {"action": "verify", "_selected_action": [place.pk]})
    assert "Tous les terrains de stage ont une source de moins de deux ans." in team.get("/equipe/").text


@pytest.mark.parametrize("address", ["trainingplace", "trainingnote", "specialty"])
def test_whoever_has_no_permission_sees_no_screen(client, address):
    client.force_login(StaffFactory())
    assert client.get(f"/equipe/interns/{address}/").status_code == 403
    note = NoteFactory()
    assert client.post(f"/equipe/interns/trainingnote/{note.pk}/decider/", {"publish": "1"}).status_code == 403
    assert client.get(f"/equipe/interns/trainingplace/{note.place.pk}/apercu/").status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("address", "count"), [("trainingplace", 8), ("trainingnote", 5)])
def test_lists_cost_the_same_for_one_row_and_for_three(team, django_assert_num_queries, address, count, rows):
    specialty = SpecialtyFactory()
    for _ in range(rows):
        NoteFactory(place=CapacityFactory(place__specialty=specialty).place)
    team.get("/equipe/")
    with django_assert_num_queries(count):
        assert team.get(f"/equipe/interns/{address}/").status_code == 200
