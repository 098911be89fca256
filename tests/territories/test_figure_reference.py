"""The key figures that the portal ships: what they say, how they are loaded, what staff keep."""

import shutil

import pytest

from territories.figure_reference import read_figures
from territories.importers import REFERENCE_DIR, InconsistentReference, load_figures
from territories.models import Cpts, KeyFigure

pytestmark = pytest.mark.django_db

GOOD = """
[sources.press]
source = "Communiqué"
observed_on = 2025-01-01
review_on = 2026-12-31

[[figures]]
code = "hospitals"
from = "press"
level = "departement"
title = "Hôpitaux"
label = "hôpitaux"
value = 12
"""


@pytest.fixture
def folder(tmp_path):
    shutil.copy(REFERENCE_DIR / "figures.toml", tmp_path)
    return tmp_path


def write(folder, text):
    (folder / "figures.toml").write_text(text, encoding="utf-8")
    return folder


def shown(code, level="departement"):
    figure = KeyFigure.objects.get(code=code, level=level)
    return figure.display, figure.label, figure.dated


# --- What is shipped -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "code", "level", "display"),
    [
        ("M42", "inhabitants-two-hours", "departement", "9\u00a0millions"),
        ("M43", "from-paris", "departement", "2\u00a0h\u00a040"),
        ("M48", "hospitals", "departement", "12"),
        ("M49", "private-clinics", "departement", "7"),
        ("M50", "rehabilitation-centres", "departement", "4"),
        ("M51", "health-houses", "departement", "22"),
        ("M51", "duty-houses", "departement", "6"),
        ("M75", "salaried-doctors", "departement", "9"),
        ("M79", "cpam-staff", "departement", "plus de 500"),
        ("M79", "cpam-sites", "departement", "6"),
        ("M80", "msa-insured-share", "departement", "deux tiers"),
        ("M97", "cpts-communes", "cpts", "38"),
        ("M99", "cpts-inhabitants", "cpts", "100\u202f000"),
        ("M100", "doctors", "cpts", "75"),
        ("M102", "doctors-over-60", "cpts", "25"),
        ("M102", "doctors-over-65", "cpts", "13"),
        ("M103", "patients-per-doctor", "cpts", "1\u202f222"),
        ("M103", "largest-patient-lists", "cpts", "jusqu’à 3"),
        ("M103", "patients-per-doctor", "departement", "valeur non publiée dans la source"),
        ("M103", "patients-per-doctor", "region", "valeur non publiée dans la source"),
        ("M103", "patients-per-doctor", "nation", "valeur non publiée dans la source"),
    ],
)
def test_the_figures_of_the_mission_are_there(row, code, level, display):
    assert shown(code, level)[0] == display, row


def test_every_figure_of_a_cpts_is_of_synapse():
    assert {figure.cpts.slug for figure in KeyFigure.objects.at_level("cpts")} == {"synapse-comtat-venaissin"}


def test_the_home_page_gets_the_five_of_the_press_release():
    featured = [figure.code for figure in KeyFigure.objects.featured()]
    assert featured == ["inhabitants-two-hours", "from-paris", "hospitals", "private-clinics", "rehabilitation-centres"]


def test_what_contradicts_another_article_is_not_published():
    hidden = set(KeyFigure.objects.filter(published=False).values_list("code", flat=True))
    assert hidden == {"first-year-cases", "first-year-settled"}


def test_announced_places_of_care_are_those_of_the_directory():
    """M48 to M50, M97: the portal counts what its figures say. The count is made by the loading itself."""
    for code in ("hospitals", "private-clinics", "rehabilitation-centres", "cpts-communes"):
        figure = KeyFigure.objects.get(code=code)
        assert figure.counted == figure.value, code
    gaps = set(KeyFigure.objects.with_gap().values_list("code", flat=True))
    assert gaps == {"health-houses", "duty-houses"}  # no real one is in the reference files yet


def test_every_figure_has_a_source_a_date_and_a_review():
    for figure in KeyFigure.objects.all():
        assert figure.source
        assert figure.observed_on < figure.review_on


# --- Loading -------------------------------------------------------------------------------------


def snapshot():
    return list(KeyFigure.objects.order_by("pk").values())


def test_a_second_load_changes_nothing():
    before = snapshot()
    (report,) = load_figures(REFERENCE_DIR)
    assert (report.is_idle, report.unchanged, report.rejections) == (True, 23, [])
    assert snapshot() == before


def test_a_load_only_reads_what_it_has_read_before(django_assert_num_queries):
    """Kinds, CPTS, figures, between the ends of a savepoint."""
    with django_assert_num_queries(5) as second:
        load_figures(REFERENCE_DIR)
    assert {query["sql"].split()[0] for query in second.captured_queries} == {"SAVEPOINT", "SELECT", "RELEASE"}


def test_a_changed_figure_follows_its_file_and_leaves_a_version(folder):
    write(folder, GOOD.replace("value = 12", "value = 13"))
    (report,) = load_figures(folder)
    figure = KeyFigure.objects.get(code="hospitals")
    assert figure.value == 13
    assert "valeur" in report.changed["hospitals, departement"]
    assert figure.history.first().value == 13


def test_what_staff_changed_stays_and_is_told(folder):
    KeyFigure.objects.filter(code="hospitals").update(value=11, kept_fields=["value"])
    (report,) = load_figures(folder)
    assert KeyFigure.objects.get(code="hospitals").value == 11
    assert report.kept == {"hospitals, departement": ["valeur"]}


def test_what_is_no_longer_in_the_file_stays(folder):
    load_figures(write(folder, GOOD))
    assert KeyFigure.objects.filter(code="from-paris").exists()


def test_an_unknown_territory_or_kind_is_rejected_and_the_rest_loaded(folder):
    KeyFigure.objects.all().delete()
    write(
        folder,
        GOOD
        + '[[figures]]\ncode = "a"\nfrom = "press"\nlevel = "cpts"\ncpts = "nulle-part"\ntitle = "A"\nlabel = "a"\nvalue = 1\n'
        + '[[figures]]\ncode = "b"\nfrom = "press"\nlevel = "departement"\ntitle = "B"\nlabel = "b"\nvalue = 1\n'
        + 'count_of = "facilities"\ncounted_kind = "nothing"\n',
    )
    (report,) = load_figures(folder)
    assert report.created == ["hospitals, departement"]
    assert [rejection.reason for rejection in report.rejections] == [
        "territoire inconnu\u00a0: nulle-part",
        "type d’établissement inconnu\u00a0: nothing",
    ]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('level = "departement"', 'level = "canton"', "niveau inconnu"),
        ('level = "departement"', 'level = "cpts"', "territoire n’est pas celui du niveau"),
        ('level = "departement"', 'level = "departement"\ncommune = "84003"', "territoire n’est pas celui du niveau"),
        ("value = 12", 'value = "douze"', "la valeur n’est pas un nombre"),
        ("value = 12", "value = true", "la valeur n’est pas un nombre"),
        ('title = "Hôpitaux"', "", "title est vide"),
        ('title = "Hôpitaux"', "title = 3", "title est vide ou n’est pas un texte"),
        ("observed_on = 2025-01-01", 'observed_on = "2025"', "observed_on n’est pas une date"),
        ("observed_on = 2025-01-01", "", "observed_on n’est pas une date"),
        ("value = 12", 'value = 12\nnotation = "roman"', "notation inconnu"),
        ("value = 12", "value = 12\nvaleur = 3", "champ inconnu\u00a0: valeur"),
    ],
)
def test_a_figure_that_cannot_be_is_left_out(tmp_path, old, new, reason):
    reference = read_figures(write(tmp_path, GOOD.replace(old, new)))
    assert reference.figures == []
    (rejection,) = reference.rejections
    assert reason in rejection.reason


def test_a_value_that_the_database_refuses_is_rejected(tmp_path):
    (report,) = load_figures(write(tmp_path, GOOD.replace("value = 12", "value = -1").replace("hospitals", "fewer")))
    assert report.created == []
    assert "positive ou nulle" in report.rejections[0].reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("figures = ", "pas un fichier TOML"),
        ("[a]", "ne contient aucun chiffre"),
        (GOOD + GOOD[GOOD.index("[[") :], "deux fois"),
    ],
)
def test_a_file_that_cannot_be_trusted_is_refused(tmp_path, text, reason):
    with pytest.raises(InconsistentReference, match=reason):
        read_figures(write(tmp_path, text))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InconsistentReference, match=r"Fichier introuvable.*figures\.toml"):
        read_figures(tmp_path)


def test_figures_of_a_cpts_wait_for_it(folder):
    KeyFigure.objects.all().delete()
    Cpts.objects.filter(slug="synapse-comtat-venaissin").update(slug="autre")
    (report,) = load_figures(folder)
    assert len(report.rejections) == 7
    assert not KeyFigure.objects.at_level("cpts").exists()
