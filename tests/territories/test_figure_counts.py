"""What the portal counts of its key figures, and what it says of a gap."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from territories import actions, rules, tasks
from territories.enums import CountOf
from territories.figures import announced, counted_mention
from territories.models import Commune, HealthFacility, KeyFigure
from tests.conftest import NOW
from tests.territories.factories import CptsFactory, FacilityFactory, FacilityKindFactory, FigureFactory, real_commune, real_epci

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

NBSP, THIN = "\u00a0", "\u202f"


@pytest.fixture
def kind():
    return FacilityKindFactory(code="counted_kind")


def figure_of(kind, value=12, **values):
    return FigureFactory(count_of=CountOf.FACILITIES, counted_kind=kind, value=value, **values)


def recounted(figure):
    actions.recount_figures(at=NOW)
    figure.refresh_from_db()
    return figure.counted


def test_facilities_of_a_kind_are_counted(kind):
    FacilityFactory.create_batch(2, kind=kind)
    FacilityFactory(kind=FacilityKindFactory(code="other_kind"))
    assert recounted(figure_of(kind)) == 2


def test_what_readers_do_not_see_and_what_is_invented_do_not_count(kind):
    FacilityFactory(kind=kind)
    FacilityFactory(kind=kind, is_open=False)
    FacilityFactory(kind=kind, is_demo=True)
    assert recounted(figure_of(kind)) == 1


@pytest.mark.parametrize("level", ["commune", "epci", "cpts", "departement"])
def test_each_territory_counts_what_lies_in_it(kind, level):
    apt, sault = real_commune("Apt"), real_commune("Sault")
    cpts = CptsFactory()
    Commune.objects.filter(pk=apt.pk).update(cpts=cpts)
    FacilityFactory(kind=kind, commune=apt)
    FacilityFactory(kind=kind, commune=sault)
    territory = {"commune": {"commune": apt}, "epci": {"epci": apt.epci}, "cpts": {"cpts": cpts}, "departement": {}}[level]
    assert recounted(figure_of(kind, level=level, **territory)) == (2 if level == "departement" else 1)


def test_communes_and_their_people_are_counted():
    ventoux_sud = real_epci("200035723")
    people = sum(commune.population for commune in ventoux_sud.communes.all())
    communes = FigureFactory(count_of=CountOf.COMMUNES, level="epci", epci=ventoux_sud)
    population = FigureFactory(count_of=CountOf.POPULATION, level="epci", epci=ventoux_sud)
    everyone = FigureFactory(count_of=CountOf.COMMUNES)
    assert (recounted(communes), recounted(population), recounted(everyone)) == (10, people, 151)


@pytest.mark.parametrize(
    ("count_of", "value", "counted", "gap"),
    [
        ("facilities", 12, 12, False),
        ("facilities", 12, 11, True),
        ("facilities", 12, 13, True),
        ("communes", 38, 38, False),
        ("communes", 38, 37, True),
        ("population", 100_000, 104_672, False),
        ("population", 100_000, 105_001, True),
        ("population", 100_000, 94_999, True),
        ("communes", None, 38, False),
        ("communes", 38, None, False),
    ],
)
def test_when_there_is_a_gap(kind, count_of, value, counted, gap):
    """The rule in Python and the rule in SQL agree."""
    figure = FigureFactory(count_of=count_of, value=value, counted_kind=kind if count_of == "facilities" else None)
    KeyFigure.objects.filter(pk=figure.pk).update(counted=counted, counted_at=NOW)
    figure.refresh_from_db()
    assert rules.has_gap(figure) is gap
    assert KeyFigure.objects.with_gap().filter(pk=figure.pk).exists() is gap


def test_a_count_names_the_gaps_and_changes_nothing_else(kind):
    right, wrong = figure_of(kind, value=1), figure_of(kind, value=2)
    FacilityFactory(kind=kind)
    gaps = actions.recount_figures(at=NOW)
    assert wrong in gaps
    assert right not in gaps
    before = list(KeyFigure.objects.order_by("pk").values())
    actions.recount_figures(at=NOW)
    assert list(KeyFigure.objects.order_by("pk").values()) == before
    assert KeyFigure.objects.get(pk=wrong.pk).value == 2


def test_a_count_is_no_change_of_the_figure(kind):
    figure = figure_of(kind)
    changed, versions = figure.updated_at, figure.history.count()
    actions.recount_figures(at=NOW + timedelta(days=1))
    figure.refresh_from_db()
    assert (figure.updated_at, figure.history.count()) == (changed, versions)
    assert figure.counted_at == NOW + timedelta(days=1)


@pytest.mark.parametrize("count", [1, 3])
def test_a_count_asks_the_same_whatever_there_is(kind, django_assert_num_queries, count):
    """Figures, facilities, communes, one write, between the two ends of a savepoint."""
    KeyFigure.objects.all().delete()
    for _ in range(count):
        figure_of(kind)
        FacilityFactory(kind=kind)
    with django_assert_num_queries(6):
        actions.recount_figures(at=NOW)


def test_staff_and_readers_are_told(kind):
    figure = figure_of(kind)
    FacilityFactory.create_batch(11, kind=kind)
    recounted(figure)
    assert announced(figure) == f"12 annoncés, 11{NBSP}fiches"
    assert counted_mention(figure) == f"11{NBSP}fiches sur ce portail, comptées le 15 juin 2026"
    assert counted_mention(FigureFactory()) == ""
    HealthFacility.objects.all().delete()
    recounted(figure)
    assert counted_mention(figure) == "aucune fiche encore sur ce portail, au 15 juin 2026"


def test_a_population_is_told_as_a_sum():
    figure = FigureFactory(count_of=CountOf.POPULATION, value=572_056)
    recounted(figure)
    assert counted_mention(figure) == f"572{THIN}056{NBSP}habitants selon les populations des communes, additionnés le 15 juin 2026"


def test_a_territory_without_communes_here_is_not_said_to_have_nobody():
    figure = FigureFactory(count_of=CountOf.POPULATION, value=1_000, counted=0, counted_at=NOW)
    assert counted_mention(figure) == ""


def test_the_nightly_job_counts(kind):
    figure = figure_of(kind)
    FacilityFactory(kind=kind)
    tasks.recount_figures.func(0)
    figure.refresh_from_db()
    assert (figure.counted, figure.counted_at) == (1, NOW)


def test_the_job_runs_every_night():
    (periodic,) = (
        task for task in tasks.app.periodic_registry.periodic_tasks.values() if task.task.name == "territories.tasks.recount_figures"
    )
    assert periodic.cron == "17 3 * * *"


def test_the_command_names_the_gaps(kind):
    KeyFigure.objects.all().delete()
    figure_of(kind, value=2, title="Hôpitaux")
    FacilityFactory(kind=kind)
    out = StringIO()
    call_command("recount_figures", stdout=out)
    assert f"1{NBSP}chiffre recompté, 1{NBSP}écart." in out.getvalue()
    assert f"Hôpitaux (Vaucluse){NBSP}: 2 annoncés, 1{NBSP}fiche." in out.getvalue()


def test_a_figure_read_again_is_good_for_a_year():
    figure = FigureFactory(observed_on=date(2024, 1, 1), review_on=date(2025, 1, 1))
    assert rules.is_stale(figure, NOW)
    assert actions.confirm_figures(figures=[figure], at=NOW) == 1
    figure.refresh_from_db()
    assert figure.review_on == date(2027, 6, 15)
    assert not rules.is_stale(figure, NOW)
    assert figure.kept_fields == ["review_on"]
