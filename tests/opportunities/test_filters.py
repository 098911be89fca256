"""Every GET parameter of the offers: what it keeps, what is said of a value that means nothing, how they combine."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from urllib.parse import urlencode
from xml.dom import minidom
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.http import QueryDict
from django.urls import reverse
from django.utils.html import escape

from opportunities.search import Search
from tests.conftest import NOW
from tests.opportunities.factories import OpportunityFactory, OtherPlaceFactory, SettingFactory
from tests.territories.factories import real_commune

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

NB = "\u00a0"
LEFT_OUT = "n’existe pas, ce choix est laissé de côté."
ALL_LEFT_OUT = "n’existent pas, ces choix sont laissés de côté."
WRITE_DAYS = "écrivez jour/mois/année, par exemple 15/02/2027."
WRITE_PLACES = "Écrivez un nom de commune ou un code postal, par exemple Carpentras ou 84200."
ADDRESSES = [reverse(f"opportunities:{name}") for name in ("offer_list", "offer_map", "offer_feed")]


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()


def search(query):
    return Search(QueryDict(query), NOW)


def found(query):
    """The offers that a query string finds; no parameter may be refused."""
    asked = search(query)
    assert asked.complaints == {}
    return set(asked.offers)


# --- What each parameter keeps -------------------------------------------------------------------


def test_nothing_asked_gives_every_visible_offer():
    offers = {OpportunityFactory(), OpportunityFactory(locum=True)}
    for state in ("draft", "submitted", "paused", "filled", "expired", "withdrawn"):
        OpportunityFactory(**{state: True})
    assert found("") == found("q=&type=&commune=&du=&jours=&zone=") == offers


def test_q_looks_for_words():
    thursdays = OpportunityFactory(title="Tous les jeudis à Sault", town="Sault")
    OpportunityFactory(title="Une semaine à Orange", town="Orange")
    assert found("q=jeudi") == found("q=JEUDIS+sault") == found("q=%22les+jeudis%22") == {thursdays}


def test_type_keeps_one_of_several_kinds():
    locum, salaried, succession = OpportunityFactory(locum=True), OpportunityFactory(salaried=True), OpportunityFactory(succession=True)
    assert found("type=succession") == {succession}
    assert found("type=locum_occasional&type=salaried_post") == {locum, salaried}
    assert found("type=succession&type=succession&type=") == {succession}


def test_a_kind_put_away_by_staff_still_finds_its_offers():
    offer = OpportunityFactory(succession=True)
    type(offer.kind).objects.filter(pk=offer.kind_id).update(active=False)
    assert found("type=succession") == {offer}


def test_cadre_keeps_one_of_several_settings():
    solo = OpportunityFactory(setting=SettingFactory(code="liberal_solo"))
    msp = OpportunityFactory(setting=SettingFactory(code="liberal_msp"))
    OpportunityFactory()
    assert found("cadre=liberal_solo") == {solo}
    assert found("cadre=liberal_solo&cadre=liberal_msp") == {solo, msp}


def test_epci_keeps_offers_of_all_its_communes_and_discreet_ones():
    sault, mormoiron, discreet = (
        OpportunityFactory(town="Sault"),
        OpportunityFactory(town="Mormoiron"),
        OpportunityFactory(town="Sault", in_epci=True),
    )
    apt = OpportunityFactory(town="Apt")
    also_there = OpportunityFactory(town="Orange")
    OtherPlaceFactory(opportunity=also_there, town="Sault")
    ventoux, luberon = sault.commune.epci.slug, apt.commune.epci.slug
    assert found(f"epci={ventoux}") == {sault, mormoiron, discreet, also_there}
    assert found(f"epci={luberon}&epci={ventoux}") == {sault, mormoiron, discreet, also_there, apt}


@pytest.mark.parametrize(("query", "towns"), [
    ("commune=Carpentras", {"Carpentras", "Monteux", "Mazan"}),
    ("commune=84200", {"Carpentras", "Monteux", "Mazan"}),
    ("commune=carpentras&rayon=5", {"Carpentras", "Monteux"}),
    ("commune=Carpentras&rayon=50", {"Carpentras", "Monteux", "Mazan", "Sault", "Apt"}),
    ("rayon=5", {"Carpentras", "Monteux", "Mazan", "Sault", "Apt"}),
])  # fmt: skip
def test_commune_and_rayon_draw_a_circle(query, towns):
    for town in ("Carpentras", "Monteux", "Mazan", "Sault", "Apt"):
        OpportunityFactory(town=town)
    assert {offer.commune.name for offer in found(query)} == towns


def test_du_and_au_keep_what_takes_place_between_them():
    february = OpportunityFactory(locum=True, starts_on=date(2027, 2, 15), ends_on=date(2027, 2, 27))
    april = OpportunityFactory(locum=True, starts_on=date(2027, 4, 1), ends_on=date(2027, 4, 9))
    someday = OpportunityFactory(starts_on=None, ends_on=None)
    assert found("du=2027-02-27") == {february, april, someday}
    assert found("du=2027-02-28") == {april, someday}
    assert found("au=2027-03-31") == {february, someday}
    assert found("du=2027-02-20&au=2027-02-21") == found("du=20/02/2027&au=21/02/2027") == {february, someday}
    assert found("du=2027-02-28&au=2027-03-31") == {someday}
    assert set(search("du=2027-02-10&au=2027-02-01").offers) == {february, april, someday}


def test_jours_keeps_offers_with_one_of_the_half_days():
    thursdays, mondays = OpportunityFactory(half_days=[6, 7]), OpportunityFactory(half_days=[0])
    OpportunityFactory(half_days=[])
    assert found("jours=6") == {thursdays}
    assert found("jours=0") == {mondays}
    assert found("jours=7&jours=0&jours=11") == {thursdays, mondays}


def test_part_keeps_offers_that_give_as_much_and_zero_asks_for_nothing():
    eighty, seventy, silent = (OpportunityFactory(fee_share=share) for share in (Decimal("80"), Decimal("70"), None))
    assert found("part=71") == {eighty}
    assert found("part=70") == {eighty, seventy}
    assert found("part=0") == {eighty, seventy, silent}


@pytest.mark.parametrize(
    ("value", "kept"),
    [("1", True), ("true", True), ("on", True), ("Oui", True), ("0", False), ("false", False), ("non", False), ("", False)],
)
def test_logement_is_a_tick(value, kept):
    lodged, other = OpportunityFactory(lodging=True), OpportunityFactory(lodging=False)
    assert found(f"logement={value}") == ({lodged} if kept else {lodged, other})


def test_depuis_keeps_what_was_published_since_that_day():
    midnight = datetime(2026, 6, 10, tzinfo=ZoneInfo("Europe/Paris"))
    fresh = OpportunityFactory(published_at=midnight)
    OpportunityFactory(published_at=midnight - timedelta(microseconds=1))
    assert found("depuis=2026-06-10") == found("depuis=10/06/2026") == {fresh}


def test_zone_is_west_south_east_north():
    sault = OpportunityFactory(town="Sault")
    OpportunityFactory(town="Orange")
    assert found("zone=5.3,44.0,5.5,44.2") == found("zone=%205.3,%2044.0,5.5,44.2") == {sault}


def test_parameters_combine():
    wanted = OpportunityFactory(regular_locum=True, town="Mazan", lodging=True, title="Tous les jeudis")
    OpportunityFactory(regular_locum=True, town="Mazan", lodging=False, title="Tous les jeudis")
    OpportunityFactory(regular_locum=True, town="Apt", lodging=True, title="Tous les jeudis")
    OpportunityFactory(locum=True, town="Mazan", lodging=True, title="Tous les jeudis")
    OpportunityFactory(regular_locum=True, town="Mazan", lodging=True, title="Tous les jeudis", half_days=[0])
    OpportunityFactory(regular_locum=True, town="Mazan", lodging=True, title="Le mercredi")
    assert found("q=jeudis&type=locum_regular&commune=Carpentras&rayon=10&jours=6&logement=1&part=75&du=2026-06-01") == {wanted}


# --- What means nothing --------------------------------------------------------------------------

COMPLAINTS = [
    ({"q": "a" * 101}, {"q": f"Les mots-clés tiennent en 100 caractères{NB}: cherchez avec moins de mots."}),
    ({"type": "xyz"}, {"type": f"Type d’offre{NB}: «{NB}xyz{NB}» {LEFT_OUT}"}),
    ({"type": ["a", "succession", "b"]}, {"type": f"Type d’offre{NB}: «{NB}a{NB}», «{NB}b{NB}» {ALL_LEFT_OUT}"}),
    (
        {"cadre": list("abcdef")},
        {"cadre": f"Cadre d’exercice{NB}: «{NB}a{NB}», «{NB}b{NB}», «{NB}c{NB}» et 3{NB}autres {ALL_LEFT_OUT}"},
    ),
    ({"epci": "ailleurs"}, {"epci": f"Intercommunalité{NB}: «{NB}ailleurs{NB}» {LEFT_OUT}"}),
    ({"jours": "12"}, {"jours": f"Demi-journées{NB}: «{NB}12{NB}» {LEFT_OUT}"}),
    ({"rayon": "-3"}, {"rayon": f"Le rayon va de 5 à 50{NB}km{NB}: il est remis à 20{NB}km."}),
    ({"du": "demain"}, {"du": f"«{NB}demain{NB}» n’est pas une date de début{NB}: {WRITE_DAYS}"}),
    ({"au": "30/02/2027"}, {"au": f"«{NB}30/02/2027{NB}» n’est pas une date de fin{NB}: {WRITE_DAYS}"}),
    ({"depuis": "0001-01-01"}, {"depuis": f"«{NB}0001-01-01{NB}» n’est pas une date de publication{NB}: {WRITE_DAYS}"}),
    ({"du": "2027-02-10", "au": "2027-02-01"}, {"au": f"La date de fin vient avant la date de début{NB}: elle est laissée de côté."}),
    ({"part": "80,5"}, {"part": f"«{NB}80,5{NB}» n’est pas une part d’honoraires{NB}: écrivez un nombre entier de 0 à 100."}),
    (
        {"logement": "peut-être"},
        {"logement": f"Logement possible{NB}: «{NB}peut-être{NB}» n’est ni oui ni non, ce filtre est laissé de côté."},
    ),
    ({"zone": "ici"}, {"zone": "La zone de la carte n’est pas lisible."}),
    ({"commune": "Paris"}, {"commune": f"Aucune commune de Vaucluse ne correspond à «{NB}Paris{NB}». {WRITE_PLACES}"}),
]


@pytest.mark.parametrize(("asked", "complaints"), COMPLAINTS, ids=["&".join(asked) for asked, _ in COMPLAINTS])
def test_a_value_that_means_nothing_is_left_out_with_a_message(asked, complaints):
    offers = {OpportunityFactory(succession=True), OpportunityFactory(succession=True, town="Apt")}
    unread = search(urlencode(asked, doseq=True))
    assert unread.complaints == complaints
    assert set(unread.offers) == offers


def test_the_others_still_apply():
    near = OpportunityFactory(town="Apt", locum=True, starts_on=date(2027, 2, 15), ends_on=date(2027, 2, 27))
    OpportunityFactory(town="Orange", locum=True)
    OpportunityFactory(town="Apt", locum=True, starts_on=date(2027, 4, 15), ends_on=date(2027, 4, 27))
    asked = search("commune=Apt&rayon=-3&du=2027-02-10&au=2027-02-01&part=abc&type=locum_occasional&type=xyz&au=2027-03-01&tri=prix")
    assert set(asked.complaints) == {"rayon", "part", "type"}
    assert set(asked.offers) == {near}
    assert asked.filterset.radius_km == 20


def test_several_communes_are_named_to_choose_from():
    asked = search("commune=84800&rayon=10")
    names = "L’Isle-sur-la-Sorgue, Lagnes, Saumane-de-Vaucluse ou Fontaine-de-Vaucluse"
    assert asked.complaints == {"commune": f"4 communes ont le code postal 84800{NB}: {names}\u202f?"}
    assert asked.filterset.center is None


@pytest.mark.parametrize(
    ("rayon", "kept"), [("4", False), ("5", True), ("7", True), ("50", True), ("51", False), ("5.5", False), ("abc", False)]
)
def test_bounds_of_the_radius(rayon, kept):
    asked = search(f"commune={real_commune('Apt').name}&rayon={rayon}")
    assert ("rayon" not in asked.complaints) is kept
    assert asked.filterset.radius_km == (int(rayon) if kept else 20)


@pytest.mark.parametrize(("day", "kept"), [("1999-12-31", False), ("2000-01-01", True), ("2100-12-31", True), ("2101-01-01", False)])
@pytest.mark.parametrize("name", ["du", "au", "depuis"])
def test_bounds_of_a_day(name, day, kept):
    assert (name not in search(f"{name}={day}").complaints) is kept


@pytest.mark.parametrize(
    ("zone", "kept"),
    [
        ("4.6,43.6,5.8,44.5", True),
        ("-180,-90,180,90", True),
        ("5.8,43.6,4.6,44.5", False),
        ("4.6,44.5,5.8,43.6", False),
        ("5,44,5,45", False),
        ("-180.1,-90,180,90", False),
        ("4.6,43.6,5.8,90.1", False),
        ("nan,43.6,5.8,44.5", False),
        ("4.6,43.6,inf,44.5", False),
        ("4.6,43.6,5.8", False),
        ("4.6,43.6,5.8,44.5,1", False),
        (",,,", False),
    ],
)
def test_bounds_of_the_zone(zone, kept):
    assert ("zone" not in search(f"zone={zone}").complaints) is kept


# --- What is hostile -----------------------------------------------------------------------------

LONG = "a" * 5000
DIGITS = "9" * 5000
HOSTILE = {
    "": """
        q=%00 q=%01%02%1F q=%0B%0C q=%EF%BF%BE q=%EF%BF%BF q=%ED%A0%80 q=%FF%FE q=%F0%9F%92%8A q=%E2%80%AE
        q=%27 q=%22 q=%5C q=%3A* q=%26+%7C+%21 q=((%26 q=or q=or+or+- q=- q=%22%22 q=%22jeudi
        q=%27%3BDROP+TABLE+x%3B-- q=%25s+%25%28a%29s+%7B0%7D q=%3Cscript%3Ealert(1)%3C/script%3E q=%5D%5D%3E q=a&q=b&q=c
        vue=nan,1,2,3 vue=%00 =&&&=% %FF=%FF a[]=1&__proto__=2 page= tri=
    """,
    "q": f"q={LONG}",
    "type": f"type=%00 type={LONG} type=__class__ type=%ED%A0%80 {'&'.join(f'type=t{n}' for n in range(300))}",
    "cadre": "cadre=1 cadre=%27+OR+1%3D1",
    "epci": "epci=%00 epci=../..",
    "jours": f"jours=-1 jours=%D9%A3 jours=03 jours=1_0 jours={DIGITS} jours=nan",
    "rayon": f"rayon=nan&commune=Apt rayon={DIGITS} rayon=%00 rayon=1e1 rayon=0",
    "commune": f"commune=%00 commune={LONG} commune={DIGITS} commune=%27%27 commune=%25 commune=%ED%A0%80 commune=Apt&commune=Zzz",
    "du": "du=10000-01-01 du=%00 du=%27",
    "au": "au=2027-02-30 au=2027-01-01T00:00",
    "du au": "du=0001-01-01&au=9999-12-31",
    "depuis": f"depuis={DIGITS}",
    "part": f"part=101 part=-1 part={DIGITS} part=nan part=%00",
    "logement": f"logement=%00 logement={LONG}",
    "zone": f"zone=nan,inf,-inf,0 zone={DIGITS} zone=%00 zone=1e308,1e308,1e309,1e309 zone=1,2;DROP,3,4",
    "tri": f"tri=%00 tri=-price tri={LONG} tri=distance tri=fraicheur&tri=__",
    "page": f"page=0 page=-1 page=9999 page={DIGITS} page=%00 page=nan page=2.0",
}
"""Query strings that nobody types, by the parameters that are refused."""


@pytest.mark.parametrize(
    ("query", "refused"),
    [pytest.param(query, refused.split(), id=query[:40]) for refused, queries in HOSTILE.items() for query in queries.split()],
)
def test_no_address_is_an_error(client, query, refused):
    """The page is shown with one message for each refused parameter; the map and the feed can be read."""
    OpportunityFactory(town="Apt")
    page, geojson, feed = (client.get(f"{address}?{query}") for address in ADDRESSES)
    assert [response.status_code for response in (page, geojson, feed)] == [200, 200, 200]
    assert set(refused) <= {*search(query).complaints, "page", "tri"}
    assert len(page.context["errors"]) == len(refused)
    assert all(escape(text) in page.text for text in page.context["errors"])
    assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", page.text)
    assert geojson.json()["type"] == "FeatureCollection"
    assert minidom.parseString(feed.content).documentElement.tagName == "feed"
