"""The FINESS extract: what is created, what follows it, what it may not undo."""

from datetime import date

import pytest

from territories.imports.catalogue import import_file
from territories.imports.frame import Options, RefusedFile
from territories.models import HealthFacility
from tests.territories.factories import FacilityFactory, FacilityKindFactory, real_commune
from tests.territories.imports.samples import HOSPITAL, MENTAL_HEALTH, MSP, UNKNOWN_CATEGORY, finess_file, place, structure

pytestmark = pytest.mark.django_db

NEW = "840099991"


def load(folder, *rows, dry_run=False, **about):
    return import_file("finess", finess_file(folder, *rows, **about), Options(), dry_run=dry_run)


def facility(finess=NEW):
    return HealthFacility.objects.get(finess=finess)


def snapshot():
    return list(HealthFacility.objects.order_by("pk").values())


def test_a_pharmacy_is_created_with_its_address_and_its_point(tmp_path):
    report = load(tmp_path, structure(), place())
    assert report.created == [NEW]
    created = facility()
    assert (created.kind.code, created.name, created.commune.name) == ("pharmacy", "Pharmacie de la République", "Avignon")
    assert (created.address, created.postal_code, created.phone) == ("12 rue de la République", "84000", "04 90 81 42 42")
    assert (created.latitude, created.longitude, created.point_precision) == (43.9493, 4.806, "address")
    assert (created.source, created.source_date) == ("Répertoire FINESS, extraction du 11 mars 2026", date(2026, 3, 11))
    assert created.is_open
    assert not created.is_demo
    assert created.history.first().history_change_reason


def test_a_second_run_changes_nothing(tmp_path):
    load(tmp_path, structure(), place())
    before = snapshot()
    report = load(tmp_path, structure(), place())
    assert (report.is_idle, report.unchanged, report.rejections) == (True, 1, [])
    assert snapshot() == before


def test_a_trial_tells_the_same_and_writes_nothing(tmp_path):
    before = snapshot()
    report = load(tmp_path, structure(), place(), dry_run=True)
    assert report.created == [NEW]
    assert snapshot() == before


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_encodings(tmp_path, encoding):
    load(tmp_path, structure(long_name="Pharmacie de l’Évêché", short_name=""), place(), encoding=encoding)
    assert facility().name == "Pharmacie de l’Évêché"


def test_sections_come_in_any_order_and_the_older_layout_of_points_is_read(tmp_path):
    older = f"geolocalisation;{NEW};844968.6;6318357.6;1;ATLASANTE;100;IGN;BD_ADRESSE;V2.1;LAMBERT_93;2016-02-29"
    load(tmp_path, older, structure())
    assert facility().point_precision == "address"


def test_a_file_that_went_through_a_spreadsheet_is_read(tmp_path):
    quoted = ";".join(f'"{cell}"' for cell in structure(long_name="PHARMACIE A; B").split(";"))
    load(tmp_path, quoted.replace('A";" B', "A; B"), place())
    assert facility().name == "Pharmacie A; B"


@pytest.mark.parametrize(
    "point",
    [
        None,
        place(easting=760000, northing=6400000),  # elsewhere in France
        place(easting=43.9493, northing=4.806),  # degrees
        place(easting="", northing=""),
        place(easting="nan", northing="1e400"),
    ],
)
def test_a_point_that_cannot_be_leaves_the_facility_at_the_town_hall(tmp_path, point):
    report = load(tmp_path, structure(), *([point] if point else []))
    avignon, created = real_commune("Avignon"), facility()
    assert (created.latitude, created.longitude, created.point_precision) == (avignon.latitude, avignon.longitude, "commune")
    assert any("mis" in note for note in report.notes)


def test_other_departements_and_other_categories_are_counted_apart(tmp_path):
    report = load(
        tmp_path,
        structure(),
        structure("840099992", category=UNKNOWN_CATEGORY),
        structure("130000001", commune="055", department="13"),
        place(),
    )
    assert (report.created, report.ignored, report.elsewhere) == ([NEW], 1, 1)


def test_impossible_rows_are_rejected_with_their_line_and_reason(tmp_path):
    report = load(
        tmp_path,
        structure(),
        structure("840099992", commune="123"),
        structure("840099993", commune="003"),
        structure("84009999"),
        structure(NEW),
        structure("840099994", commune="999"),
        place(),
    )
    assert [str(rejection) for rejection in report.rejections] == [
        "ligne 5 (84009999)\u00a0: le numéro FINESS compte neuf chiffres.",
        "ligne 6 (840099991)\u00a0: ce numéro figure déjà à la ligne 2.",
        "ligne 7 (840099994)\u00a0: aucune commune du portail n’a le code INSEE 84999.",
    ]
    assert len(report.created) == 3


def test_a_new_building_of_a_hospital_is_not_one_hospital_more(tmp_path):
    report = load(
        tmp_path,
        structure(category=HOSPITAL, long_name="CH ANNEXE"),
        structure("840099992", category=MENTAL_HEALTH, long_name="HDJ LES PINS"),
        place(),
    )
    assert (facility().kind.code, facility("840099992").kind.code) == ("hospital_site", "psychiatry")
    assert sum("hôpital de plus" in note for note in report.notes) == 2


def test_what_came_from_finess_follows_it_but_for_its_name_and_its_kind(tmp_path):
    load(tmp_path, structure(), place())
    load(
        tmp_path,
        structure(long_name="AUTRE NOM", category=MSP, number="14", phone="0490000000"),
        place(),
        first="finess;etalab;98;2026-09-11",
    )
    changed = facility()
    assert (changed.name, changed.kind.code) == ("Pharmacie de la République", "pharmacy")
    assert (changed.address, changed.phone, changed.source_date) == ("14 rue de la République", "04 90 00 00 00", date(2026, 9, 11))


def test_what_staff_changed_by_hand_stays_and_is_told(tmp_path):
    load(tmp_path, structure(), place())
    HealthFacility.objects.filter(finess=NEW).update(address="12 bis rue de la République", kept_fields=["address"])
    report = load(tmp_path, structure(number="14"), place())
    assert facility().address == "12 bis rue de la République"
    assert report.kept == {NEW: ["adresse"]}


def test_what_the_team_describes_itself_only_receives_the_phone_it_lacks(tmp_path):
    FacilityFactory(
        finess=NEW,
        name="Maison de santé du Rocher",
        source="Recensement de l’équipe",
        commune=real_commune("Avignon"),
        point_precision="commune",
        phone="",
    )
    before = facility()
    report = load(tmp_path, structure(long_name="MSP"), place())
    after = facility()
    assert after.phone == "04 90 81 42 42"
    for name in ("name", "address", "source", "source_date", "latitude", "longitude", "point_precision"):
        assert getattr(after, name) == getattr(before, name), name
    assert any("point plus précis" in note for note in report.notes)
    again = load(tmp_path, structure(phone="0490000000"), place())
    assert again.is_idle


def test_what_finess_no_longer_has_is_kept_and_named(tmp_path):
    load(tmp_path, structure(), structure("840099992", commune="003"), place())
    report = load(tmp_path, structure(), place())
    assert "Pharmacie de la République (840099992)" in report.missing
    assert facility("840099992").is_open


def test_figures_are_counted_again(tmp_path, now):
    from tests.territories.factories import FigureFactory

    figure = FigureFactory(count_of="facilities", counted_kind=FacilityKindFactory(code="pharmacy"), value=1)
    load(tmp_path, structure(), place())
    figure.refresh_from_db()
    assert (figure.counted, figure.counted_at) == (1, now)


@pytest.mark.parametrize(
    ("first", "rows", "reason"),
    [
        ("finess;etalab;98;2026-03-11", [structure("130000001", department="13")], "Aucune ligne du Vaucluse"),
        ("finess;etalab;98;2026-03-11", [], "Aucune ligne du Vaucluse"),
        ("Code INSEE;Zone", [structure()], "pas une extraction FINESS"),
        ("finess;etalab;98;hier", [structure()], "ne dit pas la date"),
        ("finess;etalab;98;2026-03-11", ["structureet;840099991;1;2"], "4 cellules"),
        ("finess;etalab;98;2026-03-11", [structure("1"), structure("2"), structure()], "lignes sont impossibles"),
    ],
)
def test_a_file_that_cannot_be_finess_is_refused_and_nothing_is_written(tmp_path, first, rows, reason):
    before = snapshot()
    with pytest.raises(RefusedFile, match=reason):
        load(tmp_path, *rows, first=first)
    assert snapshot() == before


def test_nothing_is_half_loaded(tmp_path, monkeypatch):
    """A failure after the facilities are written undoes them."""

    def fail(*, at):
        raise RuntimeError("the count failed")

    monkeypatch.setattr("territories.actions.recount_figures", fail)
    with pytest.raises(RuntimeError):
        load(tmp_path, structure(), place())
    assert not HealthFacility.objects.filter(finess=NEW).exists()


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("Etablissement public de santé", "public"),
        ("Etablissement de santé privé d'intérêt collectif", "non_profit"),
        ("Établissement de santé privé d’intérêt collectif", "non_profit"),
        ("Etablissement de santé privé non d'intérêt collectif", ""),
        ("Non concerné", ""),
        ("", ""),
    ],
)
def test_the_status_that_finess_tells(tmp_path, words, status):
    load(tmp_path, structure(sph_name=words), place())
    assert facility().status == status
