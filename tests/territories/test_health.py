"""What must hold of facilities, kinds, CPTS and zonings."""

from datetime import date
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from core.enums import MarkerGlyph, MarkerShape
from core.geography import Point
from territories.models import FacilityKind, HealthFacility, Zoning
from tests.territories.factories import CommuneFactory, FacilityFactory, FacilityKindFactory, ZoningFactory

pytestmark = pytest.mark.django_db


def messages(record):
    with pytest.raises(ValidationError) as caught:
        record.full_clean()
    return caught.value.messages


# --- Kinds ---------------------------------------------------------------------------------------


def test_every_drawing_of_a_marker_is_in_the_sprite():
    symbols = {each.get("id") for each in ElementTree.parse(settings.BASE_DIR / "static/icons.svg").getroot()}
    assert {f"k-{glyph}" for glyph in MarkerGlyph.values} | {f"m-{shape}" for shape in MarkerShape.values} <= symbols


def test_kinds_are_told_apart_without_colour():
    drawn = list(FacilityKind.objects.exclude(code="hospital_site").values_list("shape", "glyph"))
    assert len(drawn) == len(set(drawn)) == 19


def test_a_finess_category_leads_to_one_kind():
    codes = [code for codes in FacilityKind.objects.values_list("finess_categories", flat=True) for code in codes]
    assert len(codes) == len(set(codes)) > 10


# --- Facilities ----------------------------------------------------------------------------------


def test_a_facility_known_by_its_commune_stands_at_the_town_hall():
    commune = CommuneFactory(latitude=44.1, longitude=5.2)
    facility = FacilityFactory(commune=commune, latitude=43.9, longitude=4.9, point_precision="commune")
    assert facility.point == Point(44.1, 5.2)


def test_a_facility_without_point_stands_at_the_town_hall_and_says_so():
    facility = FacilityFactory(commune=CommuneFactory(latitude=44.1, longitude=5.2), latitude=None, longitude=None)
    assert (facility.point, facility.point_precision) == (Point(44.1, 5.2), "commune")


def test_a_precise_facility_must_be_placed():
    facility = FacilityFactory.build(kind=FacilityKindFactory(), commune=CommuneFactory(), latitude=None, longitude=None)
    assert messages(facility) == ["Placez le point, ou choisissez «\u00a0dans la commune seulement\u00a0»."]


def test_the_address_of_the_page_follows_the_name():
    facility = FacilityFactory(name="Centre hospitalier du Pays d’Apt")
    assert facility.slug == "centre-hospitalier-du-pays-d-apt"


def test_a_finess_number_is_checked_and_unique_when_there_is_one():
    FacilityFactory(finess="840000990")
    FacilityFactory(finess="")
    FacilityFactory(finess="")
    assert HealthFacility.objects.filter(finess=None).count() >= 2
    with pytest.raises(IntegrityError), transaction.atomic():
        FacilityFactory(finess="840000990")
    commune = CommuneFactory()
    wrong = FacilityFactory.build(kind=FacilityKindFactory(), commune=commune, finess="12")
    assert messages(wrong) == ["Un numéro FINESS compte neuf caractères, par exemple 840001861."]


def test_a_date_has_a_source_and_an_example_has_no_finess_number():
    known = {"kind": FacilityKindFactory(), "commune": CommuneFactory()}
    assert messages(FacilityFactory.build(**known, source="")) == ["Une date de source demande une source."]
    assert messages(FacilityFactory.build(**known, is_demo=True, finess="840000990")) == [
        "Un établissement inventé n’a pas de numéro FINESS."
    ]


# --- Zonings -------------------------------------------------------------------------------------


def test_an_unconfirmed_zone_is_never_told():
    zoning = ZoningFactory()
    assert zoning.text == "à confirmer auprès de l’ARS"
    zoning.confirmed = True
    assert zoning.text == "zone d’intervention prioritaire (ZIP)"


def test_a_zoning_is_of_its_scheme_once_a_commune():
    commune = CommuneFactory()
    ZoningFactory(commune=commune)
    assert messages(ZoningFactory.build(commune=commune)) == ["Cette commune a déjà une ligne pour ce zonage\u00a0: modifiez-la."]
    [message] = messages(ZoningFactory.build(commune=commune, scheme="frr", zone="zip"))
    assert message.startswith("Cette zone n’est pas de ce zonage")


def test_a_confirmed_zoning_has_a_dated_source():
    zoning = ZoningFactory.build(commune=CommuneFactory(), confirmed=True, source_date=None)
    assert messages(zoning) == ["Un zonage confirmé a une source et une date."]
    assert Zoning.objects.filter(source_date=date(1999, 1, 1)).count() == 0
