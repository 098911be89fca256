"""Key figures: how they are written, what they may say, what may be asked of them."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from territories.enums import CountOf, FigureLevel
from territories.models import KeyFigure
from tests.conftest import NOW
from tests.territories.factories import CptsFactory, FacilityKindFactory, FigureFactory, real_commune, real_epci

NBSP, THIN = "\u00a0", "\u202f"


@pytest.mark.parametrize(
    ("value", "notation", "qualifier", "written"),
    [
        ("9000000", "number", "", f"9{NBSP}millions"),
        ("1200000", "number", "", f"1,2{NBSP}million"),
        ("1234567", "number", "", f"1{THIN}234{THIN}567"),
        ("1222", "number", "", f"1{THIN}222"),
        ("12.0000", "number", "", "12"),
        ("2.5", "number", "", "2,5"),
        ("0", "number", "", "0"),
        ("160", "minutes", "", f"2{NBSP}h{NBSP}40"),
        ("125", "minutes", "", f"2{NBSP}h{NBSP}05"),
        ("120", "minutes", "", f"2{NBSP}h"),
        ("45", "minutes", "", f"45{NBSP}min"),
        ("12.5", "percent", "", f"12,5{NBSP}%"),
        ("0.6667", "fraction", "", "deux tiers"),
        ("0.5", "fraction", "", "la moitié"),
        ("0.6", "fraction", "", "3/5"),
        ("500", "number", "more_than", "plus de 500"),
        ("3", "number", "up_to", "jusqu’à 3"),
    ],
)
def test_how_a_value_is_written(value, notation, qualifier, written):
    assert KeyFigure(value=Decimal(value), notation=notation, qualifier=qualifier).display == written


def test_a_value_that_its_source_does_not_write_is_told():
    assert KeyFigure(value=None).display == "valeur non publiée dans la source"


def test_the_period_of_the_source_is_told_rather_than_a_day_it_does_not_give():
    assert KeyFigure(observed_on=date(2025, 1, 1), period="2025").dated == "2025"
    assert KeyFigure(observed_on=date(2025, 1, 1)).dated == "1er janvier 2025"


@pytest.mark.django_db
def test_every_level_names_its_territory():
    cpts = CptsFactory()
    named = {
        FigureLevel.COMMUNE: ({"commune": real_commune("Apt")}, "Apt"),
        FigureLevel.EPCI: ({"epci": real_epci("200035723")}, "Ventoux Sud"),
        FigureLevel.CPTS: ({"cpts": cpts}, str(cpts)),
        FigureLevel.DEPARTEMENT: ({}, "Vaucluse"),
        FigureLevel.REGION: ({}, "Provence-Alpes-Côte d’Azur"),
        FigureLevel.NATION: ({}, "France"),
    }
    assert set(named) == set(FigureLevel)
    for level, (territory, name) in named.items():
        assert FigureFactory(level=level, **territory).territory_name == name


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"level": "commune"}, "Choisissez le territoire du niveau"),
        ({"level": "cpts"}, "Choisissez le territoire du niveau"),
        ({"level": "region", "with_commune": True}, "Choisissez le territoire du niveau"),
        ({"featured": True, "published": False}, "à la une est publié"),
        ({"featured": True, "value": None}, "à la une est publié"),
        ({"value": -1}, "positive ou nulle"),
        ({"review_on": date(2025, 12, 31)}, "vient après celle du chiffre"),
        ({"count_of": "facilities"}, "choisissez leur type"),
        ({"count_of": "communes", "with_kind": True}, "choisissez leur type"),
        ({"count_of": "communes", "level": "nation"}, "ne compte que dans le Vaucluse"),
    ],
)
def test_what_a_figure_may_not_say(values, message):
    values = dict(values)
    if values.pop("with_commune", False):
        values["commune"] = real_commune("Apt")
    if values.pop("with_kind", False):
        values["counted_kind"] = FacilityKindFactory()
    figure = FigureFactory.build(**values)
    with pytest.raises(ValidationError, match=message):
        figure.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        figure.save()


@pytest.mark.django_db
@pytest.mark.parametrize("level", [FigureLevel.DEPARTEMENT, FigureLevel.COMMUNE])
def test_a_territory_has_one_figure_of_a_code(level):
    """NULL counts as one value: the département has no territory of its own."""
    territory = {"commune": real_commune("Apt")} if level == FigureLevel.COMMUNE else {}
    FigureFactory(code="doctors", level=level, **territory)
    FigureFactory(code="doctors", level=FigureLevel.REGION)
    twin = FigureFactory.build(code="doctors", level=level, **territory)
    with pytest.raises(ValidationError, match="déjà un chiffre de ce code"):
        twin.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()


@pytest.mark.django_db
@pytest.mark.parametrize(("code", "valid"), [("measured-thing", True), ("Patients", False), ("a--b", False), ("médecins", False)])
def test_a_code_is_an_anchor(code, valid):
    figure = FigureFactory.build(code=code)
    if valid:
        figure.full_clean()
    else:
        with pytest.raises(ValidationError, match="Lettres minuscules"):
            figure.full_clean()


@pytest.mark.django_db
def test_the_home_page_gets_published_figures_in_the_order_of_the_team():
    second, first = FigureFactory(featured=True, position=902), FigureFactory(featured=True, position=901)
    FigureFactory(featured=False, position=903)
    assert list(KeyFigure.objects.featured().filter(position__gt=900)) == [first, second]


@pytest.mark.django_db
def test_an_unconfirmed_figure_is_not_visible():
    shown, hidden = FigureFactory(), FigureFactory(published=False)
    assert shown in KeyFigure.objects.visible()
    assert hidden not in KeyFigure.objects.visible()


@pytest.mark.django_db
def test_a_figure_is_stale_the_day_after_its_review():
    day = NOW.date()
    due, over = FigureFactory(review_on=day), FigureFactory(review_on=day - timedelta(days=1))
    older = FigureFactory(observed_on=date(2020, 1, 1), review_on=date(2020, 12, 31))
    stale = list(KeyFigure.objects.stale(NOW))
    assert due not in stale
    assert stale.index(older) < stale.index(over)


@pytest.mark.django_db
def test_a_series_goes_from_the_smallest_territory_to_the_largest():
    levels = [FigureLevel.NATION, FigureLevel.COMMUNE, FigureLevel.DEPARTEMENT]
    for level in levels:
        FigureFactory(code="measured", level=level, **({"commune": real_commune("Apt")} if level == FigureLevel.COMMUNE else {}))
    FigureFactory(code="other")
    assert [figure.level for figure in KeyFigure.objects.series("measured")] == ["commune", "departement", "nation"]


@pytest.mark.django_db
def test_the_figures_of_a_territory():
    apt, sault, cpts = real_commune("Apt"), real_commune("Sault"), CptsFactory()
    here = FigureFactory(level="commune", commune=apt)
    FigureFactory(level="commune", commune=sault)
    there = FigureFactory(level="cpts", cpts=cpts)
    assert list(KeyFigure.objects.of(apt)) == [here]
    assert list(KeyFigure.objects.of(cpts)) == [there]
    assert list(KeyFigure.objects.at_level("cpts").filter(cpts=cpts)) == [there]


@pytest.mark.django_db
def test_only_some_figures_can_be_counted():
    counted, told = FigureFactory(count_of=CountOf.COMMUNES), FigureFactory()
    assert counted in KeyFigure.objects.countable()
    assert told not in KeyFigure.objects.countable()


@pytest.mark.django_db
def test_names_of_territories_cost_no_query(django_assert_num_queries):
    FigureFactory(level="commune", commune=real_commune("Apt"), code="named")
    with django_assert_num_queries(1):
        assert [figure.territory_name for figure in KeyFigure.objects.series("named").with_territory()] == ["Apt"]
