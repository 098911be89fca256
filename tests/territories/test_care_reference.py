"""Facilities, CPTS and FRR zoning of the reference files: what they hold, what is loaded, what staff keep."""

import shutil
from datetime import date

import pytest

from territories.care_reference import read_care
from territories.enums import ZoningScheme
from territories.importers import REFERENCE_DIR, InconsistentReference, load_care
from territories.models import Cpts, HealthFacility, Zoning
from tests.territories.factories import CptsFactory, FacilityFactory, real_commune
from tests.territories.test_reference import edit

pytestmark = pytest.mark.django_db

AVIGNON = "840001861"


@pytest.fixture
def folder(tmp_path):
    """A copy of the files that a test may spoil."""
    for name in ("communes.geojson", "facilities.csv", "cpts.csv", "frr.csv"):
        shutil.copy(REFERENCE_DIR / name, tmp_path)
    return tmp_path


def counts(report):
    return len(report.created), len(report.changed), report.unchanged


def by_kind(code):
    return HealthFacility.objects.visible().filter(kind__code=code)


# --- What the files hold -------------------------------------------------------------------------


def test_every_row_is_accepted_and_has_a_dated_source():
    reference = read_care(REFERENCE_DIR)
    assert reference.rejections == []
    rows = [*reference.facilities, *reference.cpts, *reference.zonings]
    assert len(rows) == 46 + 10 + 151
    assert all(row.values["source"] and row.values["source_date"] >= date(2020, 3, 6) for row in rows)


def test_twelve_hospitals_seven_clinics_and_four_rehabilitation_centres():
    """The figures of the launch of the portal, by name in the notes on the data."""
    assert sorted(by_kind("hospital").values_list("commune__name", flat=True)) == [
        *("Apt", "Avignon", "Avignon", "Bollène", "Carpentras", "Cavaillon", "Gordes", "L’Isle-sur-la-Sorgue"),
        *("Orange", "Sault", "Vaison-la-Romaine", "Valréas"),
    ]
    assert (by_kind("clinic").count(), by_kind("rehabilitation").count()) == (7, 4)


def test_pertuis_is_no_thirteenth_hospital_and_staff_are_asked():
    pertuis = HealthFacility.objects.get(finess="840000491")
    assert (pertuis.kind.code, pertuis.emergency, pertuis.smur, pertuis.maternity) == ("hospital_site", True, True, True)
    assert "Bollène ou Pertuis" in pertuis.staff_note


def test_eight_emergency_services():
    towns = HealthFacility.objects.visible().with_services(["emergency"]).values_list("commune__name", flat=True)
    assert sorted(towns) == ["Apt", "Avignon", "Carpentras", "Cavaillon", "Orange", "Pertuis", "Vaison-la-Romaine", "Valréas"]


def test_the_bus_has_an_area_and_no_invented_timetable():
    bus = by_kind("itinerant").get()
    assert (bus.commune.name, bus.area, bus.timetable, bus.finess) == ("Sault", "Plateau de Sault", "", None)


def test_four_departmental_health_centres_stand_at_their_commune():
    centres = by_kind("health_centre").order_by("commune__name")
    assert [(each.commune.name, each.point_precision, each.point == each.commune.point) for each in centres] == [
        (town, "commune", True) for town in ("Apt", "Avignon", "Cadenet", "Sorgues")
    ]


def test_addresses_are_written_for_readers():
    addresses = list(HealthFacility.objects.exclude(address="").values_list("address", flat=True))
    assert len(addresses) > 30
    assert [each for each in addresses if each.isupper() or "'" in each or " R " in each] == []
    assert HealthFacility.objects.get(finess=AVIGNON).address == "305 rue Raoul Follereau"


def test_ten_cpts_share_the_151_communes():
    sizes = dict(Cpts.objects.with_territory().values_list("slug", "commune_count"))
    assert len(sizes) == 10
    assert sum(sizes.values()) == 151
    assert sizes["synapse-comtat-venaissin"] == 38
    synapse = Cpts.objects.with_territory().get(slug="synapse-comtat-venaissin")
    assert (synapse.population, synapse.email, synapse.website) == (104_672, "contact@cpts-synapse.fr", "https://www.cpts-synapse.fr")
    assert real_commune("Gigondas").cpts.slug != "synapse-comtat-venaissin"


def test_frr_is_confirmed_and_nothing_is_said_of_the_zoning_of_doctors():
    zones = list(Zoning.objects.of_scheme(ZoningScheme.FRR).confirmed().values_list("zone", flat=True))
    assert {zone: zones.count(zone) for zone in set(zones)} == {"frr_none": 88, "frr": 30, "frr_plus": 29, "frr_beneficiary": 4}
    assert not Zoning.objects.of_scheme(ZoningScheme.GP).exists()


# --- What a load does ----------------------------------------------------------------------------


def test_a_second_load_only_reads(django_assert_num_queries):
    with django_assert_num_queries(8) as queries:
        reports = load_care(REFERENCE_DIR)
    assert [counts(report) for report in reports] == [(0, 0, 10), (0, 0, 46), (0, 0, 151)]
    assert {query["sql"].split()[0] for query in queries.captured_queries} == {"SAVEPOINT", "SELECT", "RELEASE"}


def test_a_changed_row_is_written_told_and_kept_in_the_history(folder):
    edit(folder / "facilities.csv", AVIGNON, beds="700", name="Centre hospitalier d’Avignon")
    edit(folder / "frr.csv", "84003", zone="frr_plus")
    _, facilities, zonings = load_care(folder)
    assert sorted(facilities.changed[AVIGNON]) == ["lits de médecine, chirurgie, obstétrique", "nom"]
    assert zonings.changed == {"84003": ["zone"]}
    facility = HealthFacility.objects.get(finess=AVIGNON)
    assert (facility.beds, facility.slug) == (700, "centre-hospitalier-d-avignon")
    assert facility.history.first().history_change_reason == "Fichiers de référence"


def test_a_load_renews_the_date_that_pages_depend_on(folder):
    before = HealthFacility.objects.get(finess=AVIGNON).updated_at
    edit(folder / "facilities.csv", AVIGNON, beds="700")
    load_care(folder)
    assert HealthFacility.objects.get(finess=AVIGNON).updated_at > before


def test_what_staff_changed_stays_theirs(folder):
    HealthFacility.objects.filter(finess=AVIGNON).update(beds=650, kept_fields=["beds"])
    edit(folder / "facilities.csv", AVIGNON, beds="700", description="Un texte.")
    _, facilities, _ = load_care(folder)
    facility = HealthFacility.objects.get(finess=AVIGNON)
    assert (facility.beds, facility.description) == (650, "Un texte.")
    assert facilities.kept == {AVIGNON: ["lits de médecine, chirurgie, obstétrique"]}


def test_a_closed_facility_is_not_opened_again():
    HealthFacility.objects.filter(finess=AVIGNON).update(is_open=False)
    load_care(REFERENCE_DIR)
    assert not HealthFacility.objects.get(finess=AVIGNON).is_open


def test_communes_go_back_to_their_cpts_unless_staff_keep_its_list():
    apt, synapse = real_commune("Apt"), Cpts.objects.get(slug="synapse-comtat-venaissin")
    home = apt.cpts
    apt.cpts = synapse
    apt.save()
    report = load_care(REFERENCE_DIR)[0]
    assert report.changed == {home.slug: ["communes"]}
    assert real_commune("Apt").cpts == home

    synapse.keep(["communes"])
    synapse.save()
    apt.save()
    report = load_care(REFERENCE_DIR)[0]
    assert (report.changed, report.kept) == ({}, {home.slug: ["communes"]})
    assert real_commune("Apt").cpts == synapse


def test_what_staff_added_is_left_alone():
    facility, cpts = FacilityFactory(finess="840099999"), CptsFactory()
    reports = load_care(REFERENCE_DIR)
    assert all(report.is_idle and not report.missing for report in reports)
    assert HealthFacility.objects.filter(pk=facility.pk).exists()
    assert Cpts.objects.filter(pk=cpts.pk).exists()


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"kind": "hopital"}, "type inconnu\u00a0: hopital"),
        ({"status": "secret"}, "status inconnu\u00a0: «\u00a0secret\u00a0»"),
        ({"insee": "13001"}, "le point est hors de la commune"),
        ({"insee": "8400"}, "le code INSEE compte cinq chiffres"),
        ({"latitude": "44.5"}, "le point est hors de la commune"),
        ({"latitude": "nan"}, "latitude doit être entre 0 et 90\u00a0: «\u00a0nan\u00a0»"),
        ({"point_precision": "commune"}, "un établissement connu par sa commune n’a pas de point"),
        ({"emergency": "oui!"}, "emergency est «\u00a0oui\u00a0» ou «\u00a0non\u00a0»"),
        ({"beds": "-3"}, "beds doit être entre 0 et 20000\u00a0: «\u00a0-3\u00a0»"),
        ({"source": ""}, "source est vide"),
        ({"source_date": "2023"}, "source_date n’est pas une date (AAAA-MM-JJ)"),
        ({"name": "x" * 161}, "name est trop long ou illisible"),
        ({"source_url": "pas une adresse"}, "Saisissez une URL valide"),
    ],
)
def test_a_row_that_cannot_be_true_is_left_out_with_its_reason(folder, values, reason):
    line = edit(folder / "facilities.csv", AVIGNON, **values)
    report = load_care(folder)[1]
    assert [(each.code, each.line, each.reason) for each in report.rejections] == [(AVIGNON, line, reason)]
    assert (report.unchanged, HealthFacility.objects.get(finess=AVIGNON).beds) == (45, 694)


def test_an_unknown_commune_is_told(folder):
    edit(folder / "frr.csv", "84003", insee="84999")
    report = load_care(folder)[2]
    assert [each.reason for each in report.rejections] == ["commune inconnue\u00a0: 84999"]


def test_a_commune_in_two_cpts_is_refused_and_nothing_is_loaded(folder):
    edit(folder / "facilities.csv", AVIGNON, beds="700")
    edit(folder / "cpts.csv", "val-durance", insee_codes="84074 84093 84003")
    with pytest.raises(InconsistentReference, match="la commune 84003 est dans pays-d-apt et dans val-durance"):
        load_care(folder)
    assert HealthFacility.objects.get(finess=AVIGNON).beds == 694
