"""Files that say something of each commune: zone of the ARS, FRR, CPTS, accessibility."""

from datetime import date
from decimal import Decimal

import pytest

from territories.importers import load_reference
from territories.imports.catalogue import import_file
from territories.imports.frame import Options, RefusedFile
from territories.models import Commune, Cpts, KeyFigure, Zoning
from tests.territories.factories import ZoningFactory, real_commune
from tests.territories.imports.samples import table

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

DAY = date(2026, 3, 1)


@pytest.fixture(autouse=True)
def older_sources():
    """The lists that the portal ships are of September 2026, after the day of these tests."""
    Zoning.objects.update(source_date=date(2025, 1, 1))
    Cpts.objects.update(source_date=date(2025, 1, 1))


def load(kind, path, *, dry_run=False, **options):
    return import_file(kind, path, Options(**{"dated": DAY, **options}), dry_run=dry_run)


def zone_of(name, scheme="gp"):
    return Zoning.objects.get(commune__name=name, scheme=scheme)


# --- Zoning of doctors ---------------------------------------------------------------------------


@pytest.fixture
def order(tmp_path):
    return table(
        tmp_path, "Code INSEE;Commune;Zonage MG", "84003;Apt;ZIP", "84123;Sault;2_ZAC", "84007;Avignon;Hors zonage", "13055;Marseille;ZIP"
    )


def test_zones_arrive_unconfirmed_and_are_not_told_as_facts(order):
    report = load("zonage-mg", order)
    assert report.created == ["84003", "84123", "84007"]
    assert [zone_of(name).zone for name in ("Apt", "Sault", "Avignon")] == ["zip", "zac", "hz"]
    apt = zone_of("Apt")
    assert (apt.confirmed, apt.text) == (False, "à confirmer auprès de l’ARS")
    assert (apt.source, apt.source_date) == ("Arrêté de l’ARS Provence-Alpes-Côte d’Azur", DAY)


def test_zones_are_told_once_the_operator_says_that_the_order_was_read(order):
    load("zonage-mg", order)
    report = load("zonage-mg", order, confirmed=True, source="Arrêté du 1er mars 2026")
    assert set(report.changed) == {"84003", "84123", "84007"}
    assert zone_of("Apt").text == "zone d’intervention prioritaire (ZIP)"
    assert load("zonage-mg", order, confirmed=True, source="Arrêté du 1er mars 2026").is_idle


def test_a_file_that_nobody_confirms_does_not_undo_what_somebody_did(order):
    apt = ZoningFactory(commune=real_commune("Apt"), scheme="gp", zone="zac", confirmed=True, source="Arrêté", source_date=DAY)
    report = load("zonage-mg", order)
    apt.refresh_from_db()
    assert (apt.zone, apt.confirmed, apt.source) == ("zac", True, "Arrêté")
    (note,) = report.notes
    assert note.startswith("Apt\u00a0: confirmé «\u00a0zone d’action complémentaire (ZAC)\u00a0», le fichier dit")
    load("zonage-mg", order, confirmed=True)
    apt.refresh_from_db()
    assert apt.zone == "zip"


@pytest.mark.parametrize(
    ("cell", "reason"),
    [("3_QPV_ZIP", "que pour un quartier"), ("GQ ZAC", "que pour un quartier"), ("ZIPPY", "zone inconnue"), ("", "la zone est vide")],
)
def test_a_zone_that_is_not_of_the_whole_commune_or_unknown_is_rejected(tmp_path, cell, reason):
    path = table(tmp_path, "insee;zone", "84003;ZIP", "84007;ZAC", f"84123;{cell}")
    (rejection,) = load("zonage-mg", path).rejections
    assert (rejection.line, rejection.code) == (4, "84123")
    assert reason in rejection.reason


# --- FRR -----------------------------------------------------------------------------------------


def test_frr_is_read_by_codes_and_by_words(tmp_path):
    path = table(tmp_path, "CODGEO,libgeo,FRR", '84003,Apt,"FRR+"', "84123,Sault,4", "84007,Avignon,Non classé", "84012,Le Barroux,1")
    load("frr", path, confirmed=True)
    found = [zone_of(name, "frr").zone for name in ("Apt", "Sault", "Avignon", "Le Barroux")]
    assert found == ["frr_plus", "frr", "frr_none", "frr_beneficiary"]


def test_a_file_older_than_what_is_there_changes_nothing_and_says_so(tmp_path):
    Zoning.objects.update(source_date=date(2026, 9, 28))
    report = load("frr", table(tmp_path, "insee;frr", "84003;FRR+", "84123;FRR"), confirmed=True)
    assert report.is_idle
    assert report.notes == ["2\u00a0communes\u00a0: la source en place est plus récente que le fichier (jusqu’au 28 septembre 2026)"]
    assert zone_of("Apt", "frr").zone == "frr"


def test_reference_files_do_not_bring_back_an_older_list(tmp_path, time_machine):
    """A list imported since is newer than the one that the portal ships, which is loaded at every start."""
    time_machine.move_to(date(2027, 2, 1))
    path = table(tmp_path, "insee;frr", "84003;FRR+", "84007;FRR")
    import_file("frr", path, Options(dated=date(2026, 6, 1), confirmed=True))
    Zoning.objects.filter(commune__name="Apt", scheme="frr").update(source_date=date(2027, 1, 1))
    load_reference()
    assert zone_of("Apt", "frr").zone == "frr_plus"
    assert zone_of("Avignon", "frr").zone == "frr_none"  # older than the reference, which is loaded again


# --- CPTS ----------------------------------------------------------------------------------------


def cpts_of(name):
    return Commune.objects.select_related("cpts").get(name=name).cpts.slug


@pytest.mark.parametrize("written", ["CPTS du Pays d'Apt", "pays d’apt", "PAYS-D-APT"])
def test_communes_join_the_cpts_that_the_file_names(tmp_path, written):
    path = table(tmp_path, "Code INSEE;CPTS", f"84123;{written}", "84003;CPTS du Pays d'Apt")
    report = load("cpts", path)
    assert cpts_of("Sault") == "pays-d-apt"
    assert report.changed == {"84123": ["Sault, de Synapse Comtat Venaissin à Pays d’Apt"]}
    assert report.unchanged == 1
    assert load("cpts", path).is_idle


def test_reference_files_do_not_move_communes_back(tmp_path):
    load("cpts", table(tmp_path, "Code INSEE;CPTS", "84123;Pays d'Apt"), dated=date(2026, 6, 14))
    Cpts.objects.filter(slug="pays-d-apt").update(source_date=date(2027, 1, 1))
    Cpts.objects.filter(slug="synapse-comtat-venaissin").update(source_date=date(2027, 1, 1))
    load_reference()
    assert cpts_of("Sault") == "pays-d-apt"


def test_a_cpts_that_the_portal_does_not_know_is_never_made_up(tmp_path):
    path = table(tmp_path, "Code INSEE;CPTS", "84123;CPTS de l'Inconnu", "84003;Pays d'Apt", "84007;Grand Avignon", "84005;")
    count = Cpts.objects.count()
    report = load("cpts", path)
    assert [rejection.line for rejection in report.rejections] == [2, 5]
    assert "CPTS inconnue" in report.rejections[0].reason
    assert Cpts.objects.count() == count
    assert cpts_of("Sault") == "synapse-comtat-venaissin"


def test_communes_that_staff_hold_are_told_and_left(tmp_path):
    Cpts.objects.filter(slug="synapse-comtat-venaissin").update(kept_fields=["communes"])
    report = load("cpts", table(tmp_path, "Code INSEE;CPTS", "84123;Pays d'Apt"))
    assert cpts_of("Sault") == "synapse-comtat-venaissin"
    assert list(report.kept) == ["84123"]


def test_communes_stay_where_a_newer_source_puts_them(tmp_path):
    Cpts.objects.filter(slug="synapse-comtat-venaissin").update(source_date=date(2026, 6, 1))
    report = load("cpts", table(tmp_path, "Code INSEE;CPTS", "84123;Pays d'Apt"))
    assert cpts_of("Sault") == "synapse-comtat-venaissin"
    assert "plus récente" in report.kept["84123"][0]


# --- APL -----------------------------------------------------------------------------------------


@pytest.fixture
def apl(tmp_path):
    return table(
        tmp_path,
        "Accessibilité potentielle localisée (APL) aux médecins généralistes en 2023;;",
        "Code commune INSEE;Commune;APL aux médecins généralistes;APL aux médecins généralistes de 65 ans et moins",
        "84003;Apt;3,1;2,5",
        "84123;Sault;2.75;1,1",
        "01004;Ambérieu;2,2;2",
        encoding="cp1252",
    )


def apl_of(name):
    return KeyFigure.objects.get(code="gp-accessibility", commune__name=name)


def test_accessibility_becomes_a_figure_of_each_commune(apl):
    report = load("apl", apl, dated=date(2023, 1, 1))
    assert (report.created, report.elsewhere) == (["84003", "84123"], 1)
    figure = apl_of("Apt")
    assert (figure.value, figure.display, figure.level, figure.dated) == (Decimal("3.1"), "3,1", "commune", "2023")
    assert figure.source == "DREES, accessibilité potentielle localisée (APL)"
    assert figure.review_on == date(2027, 6, 15)  # a year after the import
    assert apl_of("Sault").value == Decimal("2.75")


def test_a_second_import_changes_nothing_even_later(apl, time_machine):
    load("apl", apl, dated=date(2023, 1, 1))
    time_machine.move_to("2026-10-01T10:00:00+02:00")
    assert load("apl", apl, dated=date(2023, 1, 1)).is_idle


def test_a_new_vintage_changes_the_figure_and_its_review(apl, time_machine):
    load("apl", apl, dated=date(2023, 1, 1))
    time_machine.move_to("2026-10-01T10:00:00+02:00")
    report = load("apl", apl, dated=date(2024, 1, 1))
    assert set(report.changed) == {"84003", "84123"}
    assert (apl_of("Apt").dated, apl_of("Apt").review_on) == ("2024", date(2027, 10, 1))


@pytest.mark.parametrize("cell", ["n.d.", "-1", "1e3", "51", "9" * 300, "nan", ""])
def test_an_impossible_accessibility_is_rejected(tmp_path, cell):
    path = table(tmp_path, "insee;apl mg", "84003;3,1", f"84007;{cell}")
    report = load("apl", path)
    assert report.created == ["84003"]
    assert [rejection.line for rejection in report.rejections] == [3]


# --- All of them ---------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["zonage-mg", "frr", "cpts", "apl"])
def test_a_file_without_a_date_of_its_own_needs_one(tmp_path, kind):
    with pytest.raises(RefusedFile, match="ne dit pas sa date"):
        load(kind, table(tmp_path, "insee;zone", "84003;ZIP"), dated=None)


def test_a_date_to_come_is_refused(order):
    with pytest.raises(RefusedFile, match="à venir"):
        load("zonage-mg", order, dated=date(2026, 6, 16))


@pytest.mark.parametrize(
    ("kind", "header", "cell", "model"),
    [
        ("zonage-mg", "zonage", "ZIP", Zoning),
        ("frr", "frr", "FRR+", Zoning),
        ("cpts", "cpts", "Grand Avignon", Commune),
        ("apl", "apl", "3", KeyFigure),
    ],
)
def test_a_trial_tells_and_writes_nothing(tmp_path, kind, header, cell, model):
    before = list(model.objects.order_by("pk").values())
    report = load(kind, table(tmp_path, f"insee;{header}", f"84003;{cell}"), dated=date(2026, 6, 1), confirmed=True, dry_run=True)
    assert not report.is_idle
    assert list(model.objects.order_by("pk").values()) == before
