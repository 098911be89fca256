"""The facts of an offer hold in the database itself, and staff are told in French."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.geography import Point
from opportunities.enums import TRANSITIONS, KindField, State
from opportunities.models import Opportunity, OpportunityKind, OpportunityPhoto, OtherPlace, SearchWord, StateChange, year_reference
from tests.opportunities.factories import KindFactory, OpportunityFactory, OtherPlaceFactory, PhotoFactory, SettingFactory
from tests.territories.factories import real_commune

pytestmark = pytest.mark.django_db

DAY = date(2027, 2, 15)
MOMENT = timezone.make_aware(timezone.datetime(2027, 2, 15, 9))

REFUSED = [
    # constraint, what is wrong, what staff read
    ("confidential_names_nobody", {"is_confidential": True}, "s’arrête à l’intercommunalité"),
    ("confidential_names_nobody", {"is_confidential": True, "location_precision": "epci", "organisation": "Cabinet"}, "sans organisme"),
    ("end_after_start", {"starts_on": DAY, "ends_on": DAY - timedelta(days=1)}, "date de fin"),
    ("fee_share_is_percentage", {"fee_share": Decimal("100.01")}, "part des honoraires"),
    ("fee_share_is_percentage", {"fee_share": Decimal("-0.01")}, "part des honoraires"),
    ("salary_range", {"salary_min": 7000, "salary_max": 6999, "salary_period": "month"}, "inférieur au minimum"),
    ("salary_has_period", {"salary_min": 7000}, "choisissez la période"),
    ("salary_has_period", {"salary_max": 7000}, "choisissez la période"),
    ("days_per_week", {"days_per_week": Decimal("0")}, "jours par semaine"),
    ("days_per_week", {"days_per_week": Decimal("6.5")}, "jours par semaine"),
    ("point_is_complete", {"latitude": 90.1, "longitude": 5.0}, "latitude"),
    ("point_is_complete", {"latitude": 44.0, "longitude": -180.1}, "longitude"),
    ("point_is_complete", {"latitude": 44.0, "longitude": None}, "longitude"),
    ("point_is_complete", {"state": State.DRAFT, "latitude": None, "longitude": 5.0}, "latitude"),
    ("published_has_place_and_expiry", {"state": State.PUBLISHED, "commune": None}, "a un lieu"),
    ("published_has_place_and_expiry", {"state": State.PUBLISHED, "latitude": None, "longitude": None}, "a un lieu"),
    ("published_has_place_and_expiry", {"state": State.PUBLISHED, "published_at": None}, "a un lieu"),
    ("published_has_place_and_expiry", {"state": State.PUBLISHED, "expires_at": None}, "date d’expiration"),
    ("published_has_place_and_expiry", {"state": State.PUBLISHED, "confirmed_at": None}, "date de confirmation"),
    ("expires_after_publication", {"published_at": MOMENT, "expires_at": MOMENT}, "expiration"),
    ("state_known", {"state": "archived"}, "état"),
]
ACCEPTED = [
    {"starts_on": DAY, "ends_on": DAY},
    {"starts_on": None, "ends_on": DAY},
    {"starts_on": DAY, "ends_on": None},
    {"fee_share": Decimal("0")},
    {"fee_share": Decimal("100")},
    {"salary_min": 7000, "salary_max": 7000, "salary_period": "month"},
    {"salary_min": 7000, "salary_period": "year"},
    {"salary_period": "day"},
    {"days_per_week": Decimal("0.5")},
    {"days_per_week": Decimal("6")},
    {"latitude": -90.0, "longitude": 180.0},
    {"published_at": MOMENT, "expires_at": MOMENT + timedelta(microseconds=1)},
    {"state": State.DRAFT, "commune": None, "latitude": None, "longitude": None, "published_at": None, "expires_at": None},
    {"state": State.PAUSED, "confirmed_at": None},
]


def identify(values):
    return ", ".join(f"{name}={value}" for name, value in values.items()) if isinstance(values, dict) else None


@pytest.fixture
def offer():
    return OpportunityFactory()


@pytest.mark.parametrize(("constraint", "changes", "message"), REFUSED, ids=identify)
def test_the_database_refuses(offer, constraint, changes, message):
    with pytest.raises(IntegrityError, match=f"opportunity_{constraint}"), transaction.atomic():
        Opportunity.objects.filter(pk=offer.pk).update(**changes)


@pytest.mark.parametrize(("constraint", "changes", "message"), REFUSED, ids=identify)
def test_staff_are_told_in_french(offer, constraint, changes, message):
    for name, value in changes.items():
        setattr(offer, name, value)
    with pytest.raises(ValidationError) as refusal:
        offer.validate_constraints()
    assert len(refusal.value.messages) == 1
    assert message in refusal.value.messages[0]


@pytest.mark.parametrize("changes", ACCEPTED, ids=identify)
def test_the_bounds_are_accepted(offer, changes):
    for name, value in changes.items():
        setattr(offer, name, value)
    offer.validate_constraints()
    assert Opportunity.objects.filter(pk=offer.pk).update(**changes) == 1


def test_every_constraint_is_tried():
    tried = {f"opportunity_{constraint}" for constraint, _, _ in REFUSED}
    assert {constraint.name for constraint in Opportunity._meta.constraints} == tried


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("fee_share", Decimal("101")),
        ("days_per_week", Decimal("0.2")),
        ("patients_per_day", 101),
        ("patient_list", 20_001),
        ("latitude", 91.0),
        ("longitude", 181.0),
        ("half_days", [12]),
        ("title", ""),
        ("title", "a" * 121),
        ("contact_email", "cabinet"),
        ("software", "a" * 81),
        ("kind", None),
    ],
)
def test_a_wrong_value_is_named(offer, field, value):
    if field == "kind":
        offer.kind_id = value
    else:
        setattr(offer, field, value)
    with pytest.raises(ValidationError) as refusal:
        offer.full_clean()
    assert list(refusal.value.message_dict) == [field]


def test_two_offers_never_share_a_reference(offer):
    with pytest.raises(IntegrityError, match="reference"), transaction.atomic():
        OpportunityFactory(reference=offer.reference)
    assert OpportunityFactory(draft=True).reference is OpportunityFactory(draft=True).reference is None


def test_a_kind_in_use_is_not_deleted(offer):
    with pytest.raises(IntegrityError), transaction.atomic():
        offer.kind.delete()
    assert OpportunityKind.objects.filter(pk=offer.kind_id).exists()


def test_the_reference_holds_year_and_number():
    assert year_reference(2026, 42) == "VSA-2026-0042"
    assert year_reference(2026, 12345) == "VSA-2026-12345"


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Tous les jeudis à Sault", "tous-les-jeudis-a-sault"),
        ("L’été à L’Isle", "l-ete-a-l-isle"),
        ("???", "offre"),
        ("a" * 79 + " fin", "a" * 79),
    ],
)
def test_the_address_follows_the_title(title, slug):
    offer = OpportunityFactory(title=title)
    assert offer.slug == slug
    assert offer.get_absolute_url() == f"/exercer/offres/{offer.pk}-{slug}/"


def test_names_for_staff(offer):
    assert str(offer) == f"{offer.reference} · {offer.title}"
    assert str(OpportunityFactory(draft=True, title="Un essai")) == "sans référence · Un essai"
    assert str(KindFactory(code="succession")) == "Succession"
    assert str(SettingFactory(code="ehpad")) == "Ehpad"
    assert str(StateChange(before=State.DRAFT, after=State.PUBLISHED)) == "brouillon → publiée"
    assert str(SearchWord(word="sault")) == "sault"


def test_the_point_readers_are_shown(offer):
    carpentras = real_commune("Carpentras")
    assert offer.point == Point(carpentras.latitude, carpentras.longitude)
    assert Opportunity(latitude=None, longitude=None).point is None


def test_another_place_stands_at_the_town_hall_of_its_commune():
    place = OtherPlaceFactory(town="Sault")
    sault = real_commune("Sault")
    assert (place.latitude, place.longitude) == (sault.latitude, sault.longitude)
    assert str(place) == "Sault"
    assert str(OtherPlace(label="Annexe", commune=sault)) == "Annexe"


def test_a_photograph_has_a_text():
    photo = PhotoFactory()
    assert str(photo) == photo.alternative_text
    assert (photo.width, photo.height) == (photo.image.width, photo.image.height)
    with pytest.raises(IntegrityError, match="opportunity_photo_has_text"), transaction.atomic():
        OpportunityPhoto.objects.filter(pk=photo.pk).update(alternative_text="")
    photo.alternative_text = ""
    with pytest.raises(ValidationError, match="texte alternatif"):
        photo.validate_constraints()


# --- Tables of the code --------------------------------------------------------------------------


def test_every_state_has_its_transitions():
    assert set(TRANSITIONS) == set(State)
    assert all(state not in after for state, after in TRANSITIONS.items())


def test_every_fact_of_a_kind_is_a_field_of_the_offer():
    assert set(KindField.values) <= {field.name for field in Opportunity._meta.get_fields()}


def test_kinds_of_a_new_portal_require_only_what_they_show():
    kinds = list(OpportunityKind.objects.all())
    assert len(kinds) == 11
    for kind in kinds:
        kind.full_clean()
        assert set(kind.required_fields) <= set(kind.shown_fields), kind.code
