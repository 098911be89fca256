"""What lies around a point: near, far, unknown, and never zero for what was not imported."""

import pytest

from core.geography import Point
from territories.models import HealthFacility
from territories.surroundings import NOT_IMPORTED, Surroundings, everything, summary
from tests.territories.factories import FacilityFactory, FacilityKindFactory, real_commune

pytestmark = pytest.mark.django_db
TOWN_HALL = Point(44.05, 5.05)


@pytest.fixture(autouse=True)
def empty_directory():
    HealthFacility.objects.all().delete()


def at(km, **facts):
    """A facility that many kilometres north of the town hall."""
    return FacilityFactory(latitude=TOWN_HALL.latitude + km / 111.2, longitude=TOWN_HALL.longitude, **facts)


def lines(around):
    return {one.label: one for one in around.presences()}


def test_facilities_come_nearest_first_and_no_farther_than_twenty_kilometres():
    far, near, _ = at(15), at(2), at(25)
    found = Surroundings(TOWN_HALL).found
    assert [one.facility.pk for one in found] == [near.pk, far.pk]
    assert [round(one.km) for one in found] == [2, 15]
    assert [one.away for one in found] == ["à 2\u00a0km", "à 15\u00a0km"]


def test_hospitals_emergency_and_maternity_are_told_wherever_they_are():
    hospital = at(45, kind__code="hospital")
    ward = at(60, kind__code="clinic", maternity=True)
    urgent = at(50, kind__code="emergency_site", emergency=True)
    around = Surroundings(TOWN_HALL)
    assert [one.facility.pk for one in (around.hospital, around.emergency, around.maternity)] == [hospital.pk, urgent.pk, ward.pk]
    assert around.within(20) == []


def test_an_annex_without_acute_care_is_not_the_nearest_hospital():
    at(1, kind__code="hospital_site")
    site = at(6, kind__code="hospital_site", emergency=True)
    at(9, kind__code="hospital")
    assert Surroundings(TOWN_HALL).hospital.facility.pk == site.pk


def test_a_hospital_of_mental_health_alone_is_not_the_nearest_hospital():
    at(1, kind__code="hospital", psychiatry=True)
    general = at(6, kind__code="hospital", psychiatry=True, beds=40)
    assert Surroundings(TOWN_HALL).hospital.facility.pk == general.pk


def test_what_is_not_in_the_base_is_not_imported_never_none():
    at(3)
    around = Surroundings(TOWN_HALL)
    pharmacy = lines(around)["Pharmacie"]
    assert (pharmacy.text, pharmacy.is_known, pharmacy.is_near) == (NOT_IMPORTED, False, False)
    assert "pharmacy" in {kind.code for kind in around.not_imported()}
    assert "pharmacy" not in {count.kind.code for count in around.by_kind()}


def test_what_is_in_the_base_and_far_is_said_to_be_unknown_nearby():
    at(40, kind__code="pharmacy")
    at(3)
    around = Surroundings(TOWN_HALL)
    assert lines(around)["Pharmacie"].text == "aucun établissement connu à moins de 20\u00a0km"
    assert [kind.code for kind in around.none_within()] == ["pharmacy"]


def test_an_example_proves_nothing_of_what_is_missing_elsewhere():
    example = at(40, kind__code="pharmacy", is_demo=True)
    around = Surroundings(TOWN_HALL)
    assert lines(around)["Pharmacie"].text == NOT_IMPORTED
    assert "pharmacy" in {kind.code for kind in around.not_imported()}
    assert around.none_within() == []

    HealthFacility.objects.filter(pk=example.pk).update(latitude=TOWN_HALL.latitude + 0.01)
    around = Surroundings(TOWN_HALL)
    assert lines(around)["Pharmacie"].text == "1 à moins de 10\u00a0km"
    assert [count.kind.code for count in around.by_kind()] == ["pharmacy"]
    assert "pharmacy" not in {kind.code for kind in around.not_imported()}


def test_counts_within_ten_and_twenty_kilometres():
    for km in (2, 8, 12):
        at(km)
    around = Surroundings(TOWN_HALL)
    (count,) = around.by_kind()
    assert (count.kind.code, count.near, count.wide) == ("msp", 2, 3)
    assert lines(around)["Maison ou centre de santé"].text == "2 à moins de 10\u00a0km, 3 à moins de 20\u00a0km"
    assert summary(around.presences()) == "1\u00a0appui sur 1 à moins de 10\u00a0km"


def test_a_point_known_by_its_commune_only_is_about_there():
    commune = real_commune("Carpentras")
    FacilityFactory(commune=commune, point_precision="commune")
    (found,) = Surroundings(TOWN_HALL).found
    assert found.away.startswith("à environ ") or found.away == "sur place"


def test_closed_facilities_and_kinds_put_away_are_not_there():
    at(2, is_open=False)
    kind = FacilityKindFactory(code="laboratory")
    at(2, kind=kind)
    kind.active = False
    kind.save()
    around = Surroundings(TOWN_HALL)
    assert around.found == []
    assert not around.imported


def test_nothing_known_at_all():
    around = Surroundings(TOWN_HALL)
    assert summary(around.presences()) == NOT_IMPORTED
    assert around.hospital is None


def test_several_points_read_the_directory_once(django_assert_num_queries):
    at(2), at(15)
    with django_assert_num_queries(2):
        facilities, kinds = everything()
        first, second = Surroundings(TOWN_HALL, facilities, kinds), Surroundings(Point(43.9, 5.0), facilities, kinds)
    alone = Surroundings(TOWN_HALL)
    assert [one.facility.pk for one in first.within(20)] == [one.facility.pk for one in alone.found]
    assert [round(one.km, 3) for one in first.within(20)] == [round(one.km, 3) for one in alone.found]
    assert second.found[0].km > 10
