"""Staff read the territory, and edit the list of professions."""

import pytest
from django.urls import reverse

from territories.models import Commune, HealthFacility, Profession
from tests.accounts.factories import SuperuserFactory
from tests.territories.factories import CommuneFactory, ProfessionFactory, real_commune, real_epci

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client):
    client.force_login(SuperuserFactory())
    return client


def results(response):
    return [str(row) for row in response.context["cl"].result_list]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("isle sur la", ["L’Isle-sur-la-Sorgue"]),
        ("84250", ["Le Thor"]),
        ("st saturnin", ["Saint-Saturnin-lès-Apt", "Saint-Saturnin-lès-Avignon"]),
        ("paris", []),
    ],
)
def test_communes_are_searched_as_everywhere(staff, text, found):
    assert results(staff.get(reverse("admin:territories_commune_changelist"), {"q": text})) == found


def test_epcis_are_searched_without_accents(staff):
    assert results(staff.get(reverse("admin:territories_epci_changelist"), {"q": "rhone"})) == ["Rhône Lez Provence"]


def test_the_list_of_communes_shows_facts(staff):
    page = staff.get(reverse("admin:territories_commune_changelist"), {"q": "avignon"}).content.decode()
    assert "84000, 84140" in page
    assert "92\u202f188" in page
    assert "Grand Avignon" in page


@pytest.mark.parametrize("name", ["commune", "epci"])
def test_reference_data_are_read_and_never_typed(staff, name):
    row = {"commune": real_commune("Apt"), "epci": real_epci("200035723")}[name]
    change = reverse(f"admin:territories_{name}_change", args=[row.pk])
    page = staff.get(change)
    assert row.name in page.content.decode()
    assert 'name="_save"' not in page.content.decode()
    assert staff.post(change, {"name": "Autre"}).status_code == 403
    assert staff.get(reverse(f"admin:territories_{name}_add")).status_code == 403
    assert staff.post(reverse(f"admin:territories_{name}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403
    row.refresh_from_db()
    assert row.name != "Autre"


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("name", ["commune", "epci"])
def test_lists_take_the_same_queries_for_one_row_and_for_three(staff, django_assert_num_queries, name, count):
    HealthFacility.objects.all().delete()
    Commune.objects.all().delete()
    Commune.epci.field.related_model.objects.all().delete()
    CommuneFactory.create_batch(count)
    with django_assert_num_queries({"commune": 6, "epci": 5}[name]):
        assert len(results(staff.get(reverse(f"admin:territories_{name}_changelist")))) == count


def test_staff_add_a_profession_whose_code_then_stays(staff):
    staff.post(reverse("admin:territories_profession_add"), {"code": "nurse", "label": "Infirmier, infirmière", "position": 5})
    nurse = Profession.objects.get(code="nurse")
    staff.post(reverse("admin:territories_profession_change", args=[nurse.pk]), {"code": "other", "label": "Infirmière", "position": 6})
    nurse.refresh_from_db()
    assert (nurse.code, nurse.label, nurse.position) == ("nurse", "Infirmière", 6)


def test_professions_are_searched_without_accents(staff):
    ProfessionFactory(code="physio", label="Kinésithérapeute")
    assert results(staff.get(reverse("admin:territories_profession_changelist"), {"q": "kines"})) == ["Kinésithérapeute"]
