"""Every word of `OpportunityQuerySet`, at its bounds."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.utils import timezone

from core.geography import Box, Point, distance_km
from opportunities.enums import State
from opportunities.models import Opportunity, SearchWord
from opportunities.querysets import plain_words
from territories.models import Commune
from tests.opportunities.factories import KindFactory, OpportunityFactory, OtherPlaceFactory, SettingFactory
from tests.territories.factories import real_commune

pytestmark = pytest.mark.django_db

AT = datetime(2027, 2, 15, 9, 0, tzinfo=ZoneInfo("Europe/Paris"))
MOMENT = timedelta(microseconds=1)
offers = Opportunity.objects


# --- Who sees what -------------------------------------------------------------------------------


@pytest.mark.parametrize("state", State)
def test_only_the_published_are_visible(state):
    offer = OpportunityFactory()
    offers.filter(pk=offer.pk).update(state=state)
    seen = [offer] if state == State.PUBLISHED else []
    assert list(offers.published()) == seen
    assert list(offers.visible(timezone.now())) == seen
    assert list(offers.open(timezone.now())) == [offer]


def test_an_offer_is_open_from_its_publication_until_its_expiry():
    offer = OpportunityFactory(published_at=AT, expires_at=AT + timedelta(days=90))
    assert not offers.visible(AT - MOMENT)
    assert offers.visible(AT).get() == offer
    assert offers.visible(offer.expires_at - MOMENT).get() == offer
    assert not offers.visible(offer.expires_at)


def test_an_offer_that_was_public_keeps_its_page():
    kept = {OpportunityFactory(**{state: True}).pk for state in ("published", "paused", "filled", "expired", "withdrawn")}
    OpportunityFactory(draft=True)
    OpportunityFactory(submitted=True)
    sent_back = OpportunityFactory()
    offers.filter(pk=sent_back.pk).update(state=State.DRAFT)
    assert set(offers.with_page().values_list("pk", flat=True)) == kept


def test_the_version_changes_with_the_offers_and_with_their_expiry():
    offer = OpportunityFactory(published_at=AT, expires_at=AT + timedelta(days=1))
    before = offers.version(AT)
    assert offers.version(AT + timedelta(hours=23)) == before
    assert offers.version(AT + timedelta(days=1)) != before
    offer.save()
    assert offers.version(AT) != before


def test_the_version_of_an_empty_list():
    assert offers.version(AT) == offers.version(AT + timedelta(days=1))


# --- What it is ----------------------------------------------------------------------------------


def test_kinds_and_settings():
    locum = OpportunityFactory(locum=True, setting=SettingFactory(code="liberal_solo"))
    salaried = OpportunityFactory(salaried=True)
    OpportunityFactory(succession=True)
    assert set(offers.of_kinds([locum.kind_id, salaried.kind_id])) == {locum, salaried}
    assert not offers.of_kinds([KindFactory(code="internship_site").pk])
    assert offers.in_settings([SettingFactory(code="health_centre").pk]).get() == salaried


def test_lodging():
    OpportunityFactory(lodging=False)
    lodged = OpportunityFactory(lodging=True)
    assert offers.with_lodging().get() == lodged


def test_a_share_of_the_fees_is_at_least():
    exact = OpportunityFactory(fee_share=Decimal("75"))
    more = OpportunityFactory(fee_share=Decimal("80"))
    OpportunityFactory(fee_share=Decimal("74.99"))
    OpportunityFactory(fee_share=None)
    assert set(offers.fee_share_at_least(75)) == {exact, more}


def test_published_since_starts_at_midnight_in_paris():
    midnight = datetime(2027, 2, 15, tzinfo=ZoneInfo("Europe/Paris"))
    first = OpportunityFactory(published_at=midnight, expires_at=midnight + timedelta(days=90))
    OpportunityFactory(published_at=midnight - MOMENT, expires_at=midnight + timedelta(days=90))
    assert offers.published_since(date(2027, 2, 15)).get() == first


# --- Where ---------------------------------------------------------------------------------------


def point_of(name):
    commune = real_commune(name)
    return Point(commune.latitude, commune.longitude)


def test_near_has_a_sharp_edge():
    offer = OpportunityFactory(town="Carpentras")
    avignon = point_of("Avignon")
    km = distance_km(avignon, offer.point)
    assert offers.near(avignon, km + 1e-6).get() == offer
    assert not offers.near(avignon, km - 1e-6)


def test_near_finds_exactly_what_lies_in_the_circle():
    """Against the distances computed one by one, for places told at each precision, all over the département."""
    communes = list(Commune.objects.order_by("insee")[::7])
    for commune in communes:
        OpportunityFactory(commune=commune)
        OpportunityFactory(commune=commune, in_epci=True)
        OpportunityFactory(commune=commune, exact=True)
    everything = list(offers.all())
    for number, centre in enumerate(communes):
        km = (5, 10, 20, 35, 50)[number % 5]
        expected = {offer.pk for offer in everything if distance_km(centre, offer) <= km}
        assert set(offers.near(centre, km).values_list("pk", flat=True)) == expected, (centre, km)
        assert 0 < len(expected) < len(everything), "this centre and radius prove nothing"


def test_near_counts_every_place_of_work_once():
    offer = OpportunityFactory(town="Apt")
    OtherPlaceFactory(opportunity=offer, town="Bollène")
    OtherPlaceFactory(opportunity=offer, town="Mondragon")
    OpportunityFactory(town="Pertuis")
    assert list(offers.near(point_of("Bollène"), 15)) == [offer]
    assert list(offers.near(point_of("Apt"), 5)) == [offer]
    assert not offers.near(point_of("Avignon"), 15)


def test_within_keeps_what_lies_in_the_box_edges_included():
    offer = OpportunityFactory(exact=True, latitude=44.05, longitude=5.05)
    assert offers.within(Box(44.05, 5.05, 44.05, 5.05)).get() == offer
    assert not offers.within(Box(44.06, 5.0, 44.1, 5.1))
    assert not offers.within(Box(44.0, 5.0, 44.1, 5.04))


def test_communes_of_a_search():
    apt = OpportunityFactory(town="Apt")
    both = OpportunityFactory(town="Sault")
    OtherPlaceFactory(opportunity=both, town="Apt")
    OpportunityFactory(town="Orange")
    assert set(offers.in_communes([real_commune("Apt").pk])) == {apt, both}
    assert offers.in_communes([real_commune("Sault").pk]).get() == both
    assert not offers.in_communes([])


def test_an_offer_that_keeps_its_commune_back_is_found_in_the_whole_epci():
    discreet = OpportunityFactory(town="Sault", in_epci=True)
    neighbour = real_commune("Mormoiron")
    assert neighbour.epci == discreet.commune.epci
    assert offers.in_communes([neighbour.pk]).get() == discreet
    assert not offers.in_communes([real_commune("Apt").pk])


# --- When ----------------------------------------------------------------------------------------

FEBRUARY = (date(2027, 2, 15), date(2027, 2, 27))


@pytest.mark.parametrize(
    ("start", "end", "found"),
    [
        (date(2027, 2, 1), date(2027, 2, 14), False),
        (date(2027, 2, 1), date(2027, 2, 15), True),
        (date(2027, 2, 20), date(2027, 2, 21), True),
        (date(2027, 2, 27), date(2027, 3, 15), True),
        (date(2027, 2, 28), date(2027, 3, 15), False),
        (date(2027, 1, 1), date(2027, 12, 31), True),
        (date(2027, 2, 27), None, True),
        (date(2027, 2, 28), None, False),
        (None, date(2027, 2, 15), True),
        (None, date(2027, 2, 14), False),
        (None, None, True),
    ],
)
def test_overlap_of_a_dated_offer(start, end, found):
    OpportunityFactory(locum=True, starts_on=FEBRUARY[0], ends_on=FEBRUARY[1])
    assert offers.overlapping(start, end).exists() is found


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "found"),
    [
        (None, None, True),
        (date(2027, 3, 31), None, True),
        (date(2027, 4, 1), None, False),
        (None, date(2027, 3, 1), True),
        (None, date(2027, 2, 28), False),
    ],
)
def test_overlap_of_an_open_ended_offer_with_march(starts_on, ends_on, found):
    OpportunityFactory(starts_on=starts_on, ends_on=ends_on)
    assert offers.overlapping(date(2027, 3, 1), date(2027, 3, 31)).exists() is found


def test_half_days_have_one_in_common():
    thursdays = OpportunityFactory(half_days=[6, 7])
    monday_morning = OpportunityFactory(half_days=[0])
    OpportunityFactory(half_days=[])
    assert offers.on_half_days([7, 8]).get() == thursdays
    assert set(offers.on_half_days([0, 6])) == {thursdays, monday_morning}
    assert not offers.on_half_days([11])


# --- Words ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "médecins",
        "medecin",
        "MÉDECIN",
        "échographe",
        "echographes",
        "remplacements",
        "remplaçant médecin",
        '"plateau technique"',
        "sault",
        "medecin -orange",
    ],
)
def test_words_match_whatever_their_ending_and_accents(words):
    offer = OpportunityFactory(
        town="Sault", title="Remplacement d’un médecin", description="Un remplaçant dispose d’un échographe et d’un plateau technique."
    )
    OpportunityFactory(town="Orange", title="Poste", summary="", description="", salaried=True, profession__code="midwife")
    assert offers.matching(words).get() == offer


@pytest.mark.parametrize("words", ["dentaire", "médecin dentaire", '"technique plateau"', "sault -médecin", "vétérinaire"])
def test_words_that_are_not_there(words):
    OpportunityFactory(town="Sault", title="Remplacement d’un médecin", description="Un plateau technique.")
    assert not offers.matching(words)


@pytest.mark.parametrize("words", ["", "   ", "'", "\\", ":*", "& | !", "a" * 500, "((", '"'])
def test_words_that_mean_nothing_are_no_error(words):
    OpportunityFactory()
    assert not offers.matching(words)


def test_what_is_kept_back_is_not_found():
    OpportunityFactory(
        town="Sault", in_epci=True, title="Poste", description="", summary="", contact_name="Docteur Sauvan", workplace="Les Tilleuls"
    )
    assert not offers.matching("Sault")
    assert not offers.matching("Sauvan")
    assert not offers.matching("tilleuls")


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("L’Isle-sur-la-Sorgue", "L Isle sur la Sorgue"),
        ("st saturnin", "saint saturnin"),
        ("Ste Cécile", "sainte Cécile"),
        ("médecin -Sault", "médecin -Sault"),
        ("stage", "stage"),
    ],
)
def test_words_are_read_as_people_type_them(typed, read):
    assert plain_words(typed) == read


@pytest.mark.parametrize(
    ("words", "understood"), [("de la", False), ("les", False), ("à", False), ("", False), ("médecin", True), ("de la Sorgue", True)]
)
def test_stop_words_alone_are_not_understood(words, understood):
    assert offers.understands(words) is understood


@pytest.mark.parametrize(
    ("typed", "corrected"),
    [
        ("echografe", "echographe"),
        ("Échographe", "echographe"),
        ("carpentas", "carpentras"),
        ("echografe carpentas", "echographe carpentras"),
        ("xyzzyx", "xyzzyx"),
        ("", ""),
    ],
)
def test_a_mistyped_word_is_corrected(typed, corrected):
    OpportunityFactory(town="Carpentras", description="Un échographe récent.")
    assert SearchWord.objects.corrected(typed) == corrected


# --- Order ---------------------------------------------------------------------------------------


def test_freshest_first_then_the_last_written():
    old = OpportunityFactory(confirmed_at=AT - timedelta(days=9))
    first, second = OpportunityFactory.create_batch(2, confirmed_at=AT)
    assert list(offers.by_freshness()) == [second, first, old]


def test_earliest_start_first_without_date_last():
    someday = OpportunityFactory(starts_on=None)
    later = OpportunityFactory(starts_on=date(2027, 3, 1))
    first, second = OpportunityFactory.create_batch(2, starts_on=date(2027, 2, 1))
    assert list(offers.by_start()) == [second, first, later, someday]


def test_nearest_place_of_work_first():
    apt = OpportunityFactory(town="Apt")
    sault = OpportunityFactory(town="Sault")
    first, second = OpportunityFactory.create_batch(2, town="Carpentras")
    also_here = OpportunityFactory(town="Bollène")
    OtherPlaceFactory(opportunity=also_here, town="Monteux")
    OtherPlaceFactory(opportunity=also_here, town="Pertuis")
    ordered = list(offers.by_distance(point_of("Carpentras")))
    assert ordered == [second, first, also_here, sault, apt]
    assert ordered[0].distance_km == 0
    assert ordered[2].distance_km == pytest.approx(distance_km(point_of("Carpentras"), point_of("Monteux")), abs=1e-6)
    assert ordered[4].distance_km == pytest.approx(distance_km(point_of("Carpentras"), point_of("Apt")), abs=1e-6)


# --- Reading -------------------------------------------------------------------------------------


def test_a_page_reads_one_query(django_assert_num_queries):
    OpportunityFactory(salaried=True)
    with django_assert_num_queries(1):
        offer = offers.for_detail().get()
        assert [offer.kind.label, offer.setting.label, offer.profession.label, offer.commune.epci.short_name, offer.description]


def test_a_card_reads_one_query_and_no_contact(django_assert_num_queries):
    OpportunityFactory()
    with django_assert_num_queries(1):
        offer = offers.for_cards().get()
        assert [offer.title, offer.commune.epci.short_name, offer.point, offer.slug]
    assert {"contact_name", "contact_email", "contact_phone", "address", "description", "search_vector"} <= offer.get_deferred_fields()


def test_a_row_of_a_list_reads_like_the_offer_in_one_query_and_has_no_contact(django_assert_num_queries):
    offer = OpportunityFactory(days_per_week="2.5", fee_share=80, half_days=[0, 1])
    offer = offers.select_related("commune").get(pk=offer.pk)
    with django_assert_num_queries(1):
        [row] = offers.by_freshness().card_rows({offer.commune_id: offer.commune}.get)
    read = {name: getattr(row, name) for name in row._fields if name not in ("distance_km", "commune")}
    assert read == {name: getattr(offer, name) for name in read}
    assert (row.commune, row.distance_km, row.get_absolute_url()) == (offer.commune, None, offer.get_absolute_url())
    assert not {"contact_name", "contact_email", "contact_phone", "address"} & set(row._fields)


def test_rows_keep_the_order_asked_for_and_the_distance():
    apt, sault = real_commune("Apt"), real_commune("Sault")
    near, far = OpportunityFactory(commune=sault), OpportunityFactory(commune=apt)
    rows = offers.by_distance(sault).card_rows({apt.pk: apt, sault.pk: sault}.get)
    assert [(row.pk, row.commune) for row in rows] == [(near.pk, sault), (far.pk, apt)]
    assert [row.distance_km for row in rows] == pytest.approx([0, distance_km(sault, apt)], abs=1e-6)


def test_figures_count_what_is_found_and_what_was_confirmed_since():
    sault = real_commune("Sault")
    for days in (1, 10, 40):
        OpportunityFactory(commune=sault, confirmed_at=AT - timedelta(days=days))
    recent = AT - timedelta(days=30)
    assert offers.all().figures(fresh_since=recent) == (3, 2, None)
    assert offers.by_freshness()[:2].figures(fresh_since=recent) == (2, 2, None)
    assert offers.with_distance(sault).figures(fresh_since=recent) == (3, 2, 0)


def test_what_cannot_find_anything_finds_nothing():
    assert offers.of_kinds([]).figures(fresh_since=AT) == (0, 0, None)
    assert offers.of_kinds([]).card_rows({}.get) == []


def test_an_estimate_reads_no_offer_and_follows_the_statistics():
    assert offers.of_kinds([]).estimate() == 0
    OpportunityFactory.create_batch(30)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE opportunities_opportunity")
    assert offers.all().estimate() == 30
    assert offers.by_freshness().matching("rarissime").estimate() < 30
