"""What the law asks of an announcement to let: each duty, by its code, kept or broken alone."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from core.announced.rules import end_of_day
from housing import rules
from housing.enums import EnergyClass, Lease
from housing.models import Dwelling
from tests.housing.factories import DwellingFactory

pytestmark = pytest.mark.django_db


def problems_of(at=None, **facts):
    """The fields that keep such a dwelling from being published."""
    return {problem.field for problem in rules.missing_for_publication(DwellingFactory.build(**facts), at or timezone.now())}


def test_a_complete_announcement_is_ready():
    assert problems_of() == set()


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"rent": None}, "rent"),
        ({"rent": Decimal(0)}, "rent"),
        ({"charges": None}, "charges"),
        ({"charges_mode": ""}, "charges_mode"),
        ({"charges_mode": "none"}, "charges_mode"),
        ({"charges": Decimal(0)}, "charges"),
        ({"deposit": None}, "deposit"),
        ({"living_area_m2": None}, "living_area_m2"),
        ({"living_area_m2": Decimal(0)}, "living_area_m2"),
        ({"inventory_fee": None}, "inventory_fee"),
        ({"agency_fee": Decimal(50), "inventory_fee": Decimal(60)}, "inventory_fee"),
        ({"right_to_let": False}, "right_to_let"),
        ({"lease": ""}, "lease"),
    ],
)
def test_log_01_each_fact_is_asked(facts, field):
    assert problems_of(**facts) == {field}


def test_log_01_the_commune_is_asked():
    assert "commune" in problems_of(commune=None, exact_latitude=None, exact_longitude=None)


def test_a_free_lodging_has_no_rent():
    assert problems_of(lease=Lease.FREE, rent=Decimal(0)) == set()
    assert problems_of(lease=Lease.FREE) == {"rent"}


@pytest.mark.parametrize(
    ("facts", "fields"),
    [
        ({"energy_class": ""}, {"energy_class"}),
        ({"climate_class": ""}, {"climate_class"}),
        ({"energy_class": EnergyClass.EXEMPT}, {"energy_class", "energy_exempt_reason"}),
        ({"energy_class": EnergyClass.EXEMPT, "climate_class": EnergyClass.EXEMPT}, {"energy_exempt_reason"}),
        ({"energy_class": EnergyClass.EXEMPT, "climate_class": EnergyClass.EXEMPT, "energy_exempt_reason": "Monument historique"}, set()),
        ({"energy_cost_min": None}, {"energy_cost_min"}),
        ({"energy_cost_max": None}, {"energy_cost_max"}),
        ({"energy_price_year": None}, {"energy_price_year"}),
        ({"energy_price_year": 2099}, {"energy_price_year"}),
        ({"energy_diagnosed_on": date(2099, 1, 1)}, {"energy_diagnosed_on"}),
    ],
)
def test_log_02_energy_is_told_or_its_absence_explained(facts, fields):
    assert problems_of(**facts) == fields


def test_log_02_an_exempt_dwelling_tells_no_costs():
    exempt = {"energy_class": EnergyClass.EXEMPT, "climate_class": EnergyClass.EXEMPT, "energy_exempt_reason": "Monument historique"}
    assert problems_of(**exempt, energy_cost_min=None, energy_cost_max=None, energy_price_year=None) == set()


def test_log_02_the_mention_of_f_is_word_for_word():
    assert rules.energy_mention(Dwelling(energy_class="F")) == "Logement à consommation énergétique excessive"
    assert rules.energy_mention(Dwelling(energy_class="E")) == ""


@pytest.mark.parametrize(
    ("day", "energy_class", "allowed"),
    [
        (date(2024, 12, 31), "G", True),
        (date(2025, 1, 1), "G", False),
        (date(2027, 12, 31), "F", True),
        (date(2028, 1, 1), "F", False),
        (date(2033, 12, 31), "E", True),
        (date(2034, 1, 1), "E", False),
        (date(2034, 1, 1), "D", True),
    ],
)
def test_log_03_classes_leave_the_market_one_after_the_other(day, energy_class, allowed):
    at = end_of_day(day)
    facts = {"energy_class": energy_class, "energy_price_year": 2024, "expires_at": at + timedelta(days=30)}
    assert ("energy_class" not in problems_of(at, **facts)) is allowed


def test_log_04_risks_are_told_with_their_address():
    assert "georisques.gouv.fr" in rules.GEORISKS.text
    assert rules.GEORISKS.url.startswith("https://www.georisques.gouv.fr")


MOBILITY = {"lease": Lease.MOBILITY, "min_stay_days": 28, "max_stay_days": 306}


@pytest.mark.parametrize(
    ("facts", "fields"),
    [
        (MOBILITY, set()),
        (MOBILITY | {"deposit": Decimal(300)}, {"deposit"}),
        (MOBILITY | {"max_stay_days": 335}, {"max_stay_days"}),
        (MOBILITY | {"max_stay_days": None}, {"max_stay_days"}),
        (MOBILITY | {"min_stay_days": 7}, {"min_stay_days"}),
        (MOBILITY | {"is_furnished": False}, {"is_furnished"}),
        ({"lease": Lease.FURNISHED, "is_furnished": False}, {"is_furnished"}),
        ({"lease": Lease.UNFURNISHED, "is_furnished": True}, {"is_furnished"}),
    ],
)
def test_log_05_each_form_of_letting_has_its_rules(facts, fields):
    assert problems_of(**facts) == fields


@pytest.mark.parametrize(
    "text", ["Meublé de tourisme n° 84139", "45 € la nuit", "Sur Airbnb aussi", "Location saisonnière", "Loué à la nuitée"]
)
def test_log_06_tourist_lets_are_refused(text):
    assert problems_of(description=text) == {"description"}


@pytest.mark.parametrize(
    "text",
    ["Femme seule de préférence", "homme seul", "Pas d’enfants", "sans enfant", "Français uniquement", "moins de 30 ans", "jeune couple"],
)
def test_log_07_words_that_choose_people_are_read_again_and_refused_by_nobody(text):
    dwelling = DwellingFactory.build(description=text)
    assert rules.missing_for_publication(dwelling, timezone.now()) == []
    assert "LOG-07" in rules.wording_warnings(dwelling)[0]
    assert "LOG-07" not in rules.wording_for_host(dwelling)[0]


def test_log_07_a_use_may_be_named():
    assert rules.wording_warnings(DwellingFactory.build(description="Réservée aux internes en stage, au calme.")) == []


@pytest.mark.parametrize(
    "text",
    [
        "Appelez le 04 90 00 00 00",
        "Écrivez à hote@exemple.org",
        "Voir www.exemple.org",
        "Au 7 chemin des Platanes",
        "Au 12 bis, rue de la République",
        "Demandez Camille Exemple",
    ],
)
def test_texts_give_away_neither_who_nor_where(text):
    assert problems_of(description=text) == {"description"}


def test_a_point_lies_in_its_commune():
    assert problems_of(exact_latitude=43.95, exact_longitude=4.8) == {"exact_latitude"}


def test_a_host_hands_over_without_a_point_but_with_an_address():
    unplaced = DwellingFactory.build(unplaced=True)
    assert rules.missing_to_submit(unplaced, timezone.now()) == []
    unplaced.address = ""
    assert [problem.field for problem in rules.missing_to_submit(unplaced, timezone.now())] == ["address"]


@pytest.mark.parametrize(
    ("values", "held"),
    [
        ({"rent": Decimal(300)}, set()),
        ({"rent": Decimal(400)}, {"rent"}),
        ({"description": "Calme, et le soleil le matin."}, set()),
        ({"description": "Femme seule."}, {"description"}),
        ({"address": "8 chemin des Platanes"}, {"address"}),
        ({"kind": "studio"}, {"kind"}),
        ({"energy_class": "B"}, {"energy_class"}),
        ({"contact_name": "Autre Exemple"}, set()),
        ({"pets": "yes"}, set()),
    ],
)
def test_what_could_mislead_is_read_again(values, held):
    assert rules.to_read_again(DwellingFactory.build(), values) == held


# --- Amounts and areas -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lease", "furnished", "deposit", "fields"),
    [
        (Lease.FURNISHED, True, 700, set()),
        (Lease.FURNISHED, True, 701, {"deposit"}),
        (Lease.UNFURNISHED, False, 350, set()),
        (Lease.UNFURNISHED, False, 351, {"deposit"}),
        (Lease.SHARED, True, 700, set()),
        (Lease.SHARED, False, 700, {"deposit"}),
        (Lease.LODGER, True, 9000, set()),
        (Lease.PROVIDED, True, 9000, set()),
    ],
)
def test_a_deposit_is_what_the_law_lets_a_lease_ask(lease, furnished, deposit, fields):
    """Act of 6 July 1989, articles 25-6 and 22: two months of rent without charges when furnished, one when not."""
    assert problems_of(kind="flat", lease=lease, is_furnished=furnished, deposit=Decimal(deposit)) == fields


def test_the_refusal_of_a_deposit_says_how_much_and_which_article():
    flat = DwellingFactory.build(kind="flat", lease=Lease.FURNISHED, deposit=Decimal(9000))
    [problem] = rules.missing_for_publication(flat, timezone.now())
    assert "700\u00a0€" in problem.message
    assert "article\u00a025-6" in problem.message


@pytest.mark.parametrize(
    ("kind", "area", "told"), [("studio", "8.9", True), ("studio", "9", False), ("room", "7", False), ("flat", "5", True)]
)
def test_a_whole_dwelling_under_nine_square_metres_is_read_again_and_not_refused(kind, area, told):
    """Decree 2002-120, article 4: 20 m³ may save it."""
    small = DwellingFactory.build(kind=kind, living_area_m2=Decimal(area))
    assert bool(rules.wording_warnings(small)) is told
    assert problems_of(kind=kind, living_area_m2=Decimal(area)) == set()
    before = DwellingFactory.build(kind=kind, living_area_m2=Decimal(20))
    assert rules.to_read_again(before, {"living_area_m2": Decimal(area)}) == ({"living_area_m2"} if told else set())
