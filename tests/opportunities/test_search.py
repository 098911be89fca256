"""One search of the offers in words and addresses: title, summary, chips, corrections, pages, links."""

from datetime import date, timedelta
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest
from django.http import QueryDict

from core.pagination import COUNT_CEILING
from opportunities import search as search_module
from opportunities.querysets import OpportunityQuerySet
from opportunities.rows import Figures
from opportunities.search import Search
from tests.conftest import NOW
from tests.opportunities.factories import KindFactory, OpportunityFactory, OtherPlaceFactory
from tests.territories.factories import real_commune

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

NB, THIN = "\u00a0", "\u202f"
LIST = "/exercer/offres/"


def search(query=""):
    return Search(QueryDict(query), NOW)


def context(query=""):
    return search(query).context("https://portail.example")


def asked(url):
    """What an address asks for."""
    return parse_qs(urlsplit(url).query)


# --- In words ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "title"), [(0, "Aucune offre d’exercice"), (1, f"1{NB}offre d’exercice"), (3, f"3{NB}offres d’exercice")]
)
def test_the_title_counts(count, title):
    OpportunityFactory.create_batch(count)
    assert (context()["title"], context()["is_empty"]) == (title, count == 0)


def test_beyond_the_ceiling_the_title_does_not_count(monkeypatch):
    monkeypatch.setattr(search_module, "COUNT_CEILING", 2)
    OpportunityFactory.create_batch(3)
    assert search().title == "Plus de 2 offres d’exercice"
    assert search().summary == "Plus de 2 offres. La liste montre les mêmes que la carte."
    assert search("commune=Carpentras").summary == (
        f"Plus de 2 offres dans un rayon de 20{NB}km à vol d’oiseau autour de la mairie (Carpentras)."
    )
    assert search().lead == ""


@pytest.mark.parametrize(
    ("ages", "lead"),
    [
        ([1], "confirmée depuis moins d’un mois"),
        ([1, 29], "toutes confirmées depuis moins d’un mois"),
        ([1, 30], f"dont 1{NB}confirmée depuis moins d’un mois"),
        ([1, 2, 31], f"dont 2{NB}confirmées depuis moins d’un mois"),
        ([30, 60], ""),
        ([], ""),
    ],
)
def test_the_lead_says_how_many_were_confirmed_lately(ages, lead):
    for age in ages:
        OpportunityFactory(published_at=NOW - timedelta(days=70), confirmed_at=NOW - timedelta(days=age))
    assert search().lead == lead


def test_the_summary_says_what_the_map_shows():
    assert search().summary == "Aucune offre à montrer sur la carte."
    OpportunityFactory(town="Mazan")
    where = f"dans un rayon de 20{NB}km à vol d’oiseau autour de la mairie (Carpentras)"
    assert search().summary == f"1{NB}offre. La liste montre les mêmes que la carte."
    assert search("commune=carpentras").summary == f"1{NB}offre {where}, à 6{NB}km."
    OpportunityFactory(town="Monteux")
    assert search("commune=carpentras").summary == f"2{NB}offres {where}, la plus proche à 5{NB}km."


def test_the_nearest_place_of_work_counts():
    far = OpportunityFactory(town="Mazan")
    OtherPlaceFactory(opportunity=far, town="Carpentras")
    assert search("commune=Carpentras").summary.endswith(f"à moins de 1{NB}km.")
    assert [card.distance for card in context("commune=Carpentras")["offers"]] == [f"à moins de 1{NB}km"]


# --- Order ---------------------------------------------------------------------------------------


def titles(query):
    return [card.title for card in context(query)["offers"]]


@pytest.mark.parametrize(
    ("query", "order"),
    [
        ("", ["Fraîche", "Ancienne", "Lointaine"]),
        ("tri=", ["Fraîche", "Ancienne", "Lointaine"]),
        ("tri=fraicheur", ["Fraîche", "Ancienne", "Lointaine"]),
        ("tri=debut", ["Lointaine", "Ancienne", "Fraîche"]),
        ("tri=distance&commune=Carpentras&rayon=50", ["Ancienne", "Fraîche", "Lointaine"]),
        ("commune=Carpentras&rayon=50", ["Fraîche", "Ancienne", "Lointaine"]),
        ("tri=distance", ["Fraîche", "Ancienne", "Lointaine"]),
        ("tri=prix", ["Fraîche", "Ancienne", "Lointaine"]),
    ],
)
def test_the_order_asked_for(query, order):
    OpportunityFactory(title="Ancienne", town="Carpentras", confirmed_at=NOW - timedelta(days=5), starts_on=date(2027, 2, 1))
    OpportunityFactory(title="Lointaine", town="Apt", confirmed_at=NOW - timedelta(days=9), starts_on=date(2027, 1, 1))
    OpportunityFactory(title="Fraîche", town="Mazan", confirmed_at=NOW - timedelta(days=1), starts_on=None)
    assert titles(query) == order


def test_distance_is_offered_as_an_order_only_from_a_commune():
    assert [sort["value"] for sort in context()["sorts"]] == ["fraicheur", "debut"]
    assert [sort["value"] for sort in context("commune=Apt")["sorts"] if not sort["selected"]] == ["debut", "distance"]
    assert [sort["value"] for sort in context("commune=Apt&tri=distance")["sorts"] if sort["selected"]] == ["distance"]


def test_an_order_that_is_not_possible_is_said():
    assert context("tri=distance")["errors"] == ["Pour trier par distance, indiquez d’abord une commune."]
    assert context("tri=prix")["errors"] == [f"Cet ordre de tri n’existe pas{NB}: voici les offres les plus récemment confirmées."]


# --- Chips ---------------------------------------------------------------------------------------

EVERYTHING = (
    "q=jeudi&type=locum_regular&type=locum_occasional&cadre=liberal_solo&cadre=liberal_msp&epci=ventoux-sud&commune=Apt&rayon=30"
    "&du=2027-02-01&au=2027-03-31&jours=6&jours=10&part=70&logement=1&depuis=2026-06-01&zone=4.6,43.6,5.8,44.5&tri=debut&page=2"
)
REMOVED = {
    "Remplacement régulier": ("type", "locum_regular"),
    "Remplacement ponctuel": ("type", "locum_occasional"),
    "Cabinet seul": ("cadre", "liberal_solo"),
    "Maison de santé (MSP)": ("cadre", "liberal_msp"),
    "Ventoux Sud": ("epci", "ventoux-sud"),
    "jeudi matin": ("jours", "6"),
    "samedi matin": ("jours", "10"),
    f"«{NB}jeudi{NB}»": ("q", "jeudi"),
    f"Apt, 30{NB}km à vol d’oiseau": ("commune", "Apt"),
    "à partir du 1er février 2027": ("du", "2027-02-01"),
    "jusqu’au 31 mars 2027": ("au", "2027-03-31"),
    f"part d’honoraires d’au moins 70{NB}%": ("part", "70"),
    "logement possible": ("logement", "1"),
    "publiées depuis le 1er juin 2026": ("depuis", "2026-06-01"),
    "zone de la carte": ("zone", "4.6,43.6,5.8,44.5"),
}


def test_every_filter_in_force_has_one_chip():
    assert [chip["label"] for chip in search(EVERYTHING).chips] == list(REMOVED)


@pytest.mark.parametrize(("label", "removed"), REMOVED.items())
def test_a_chip_removes_one_thing_and_goes_back_to_the_first_page(label, removed):
    """The radius goes with its commune."""
    (url,) = (chip["url"] for chip in search(EVERYTHING).chips if chip["label"] == label)
    before = [(name, value) for name, values in parse_qs(EVERYTHING).items() for value in values]
    after = [(name, value) for name, values in asked(url).items() for value in values]
    gone = {removed, ("page", "2")} | ({("rayon", "30")} if removed[0] == "commune" else set())
    assert url.startswith(f"{LIST}?")
    assert sorted(after) == sorted(set(before) - gone)


def test_the_last_chip_leads_to_the_plain_list():
    assert [chip["url"] for chip in search("type=succession&page=3&type=").chips] == [LIST]
    assert [chip["url"] for chip in search("commune=Apt&rayon=30").chips] == [LIST]


@pytest.mark.parametrize(
    "query", ["type=xyz", "du=demain", "part=0", "part=101", "logement=0", "rayon=30", "commune=Zzz", "zone=ici", "q=", "jours=12"]
)
def test_what_is_not_in_force_has_no_chip(query):
    assert search(query).chips == []


def test_an_end_before_the_start_has_no_chip():
    assert [chip["label"] for chip in search("du=2027-02-10&au=2027-02-01").chips] == ["à partir du 10 février 2027"]


# --- Corrections ---------------------------------------------------------------------------------


@pytest.fixture
def echograph():
    return OpportunityFactory(title="Un échographe à Sault", town="Sault", summary="", description="")


def test_mistyped_words_are_corrected_and_said(echograph):
    OpportunityFactory(town="Orange", summary="", description="")
    corrected = search("q=Echografe")
    assert list(corrected.offers) == [echograph]
    assert corrected.notices == [f"Aucune offre avec «{NB}Echografe{NB}»{NB}: voici celles pour «{NB}echographe{NB}»."]
    assert corrected.title == f"1{NB}offre d’exercice"
    assert [chip["label"] for chip in corrected.chips] == [f"«{NB}echographe{NB}»"]


def test_what_was_typed_stays_in_the_field_and_in_links(echograph):
    corrected = context("q=Echografe&cadre=ehpad&cadre=")
    assert corrected["filters"]["values"]["q"] == "Echografe"
    assert asked(context("q=Echografe")["map_url"]) == {"q": ["Echografe"]}


@pytest.mark.parametrize(
    "query",
    [
        "q=xylophone",
        "q=echographe+xylophone",
        "q=echografe&type=succession",
        "q=-echographe",
        "q=sault+-echographe",
        "q=%C3%A9chographe%21&type=succession",
    ],
)
def test_no_correction_is_announced_that_finds_nothing(echograph, query):
    """A word that nothing resembles, two words that no offer holds together, other filters, a word one does not want."""
    kept = search(query)
    assert (kept.count, kept.notices) == (0, [])


def test_words_that_are_found_are_not_corrected(echograph):
    typo = OpportunityFactory(title="Un échografe à Apt", town="Apt")
    assert list(search("q=echografe").offers) == [typo]
    assert search("q=echografe").notices == []


@pytest.mark.parametrize("words", ["de la", "les", "'", "&&", "💊", "-"])
def test_words_that_say_nothing_are_left_out_and_said(echograph, words):
    query = QueryDict(mutable=True)
    query["q"] = words
    vague = Search(query, NOW)
    assert list(vague.offers) == [echograph]
    assert vague.notices == [f"«{NB}{words}{NB}» est trop vague pour chercher{NB}: voici les offres sans ces mots."]
    assert vague.chips == []


def test_a_correction_keeps_what_else_was_said(echograph):
    page = context("q=echografe&tri=prix&type=xyz&du=demain")
    assert page["notices"]
    assert len(page["errors"]) == 3
    assert [card.title for card in page["offers"]] == ["Un échographe à Sault"]


def test_words_longer_once_corrected_are_never_forgotten():
    """Ninety-nine characters whose correction would exceed what the field takes."""
    OpportunityFactory(title="Anticoagulothérapie", summary="", description="")
    OpportunityFactory(title="Autre chose", summary="", description="")
    assert search("q=" + "+".join(["anticoagu"] * 9)).count <= 1


# --- Pages ---------------------------------------------------------------------------------------


def test_few_offers_have_no_pages():
    OpportunityFactory.create_batch(2)
    assert context()["pages"] is None


def test_pages_keep_the_search_and_hold_every_offer_once():
    offers = OpportunityFactory.create_batch(45, locum=True)
    OpportunityFactory(succession=True)
    pages = [context(f"type=locum_occasional&utm_source=lettre&page={number}") for number in (1, 2, 3)]
    assert [len(page["offers"]) for page in pages] == [20, 20, 5]
    assert sorted(card.pk for page in pages for card in page["offers"]) == sorted(offer.pk for offer in offers)
    first, second, third = (f"{LIST}?type=locum_occasional{rest}" for rest in ("", "&page=2", "&page=3"))
    assert [link["url"] for link in pages[0]["pages"]["links"]] == [first, second, third]
    assert [link["current"] for link in pages[1]["pages"]["links"]] == [False, True, False]
    assert [(page["pages"]["previous"], page["pages"]["next"]) for page in pages] == [(None, second), (first, third), (second, None)]


def test_a_page_too_far_gives_the_last_one_and_says_so():
    OpportunityFactory.create_batch(21)
    page = context("page=9999")
    assert (len(page["offers"]), page["errors"]) == (1, [f"Cette page n’existe pas{NB}: voici la dernière."])
    assert page["canonical_url"] == "https://portail.example/exercer/offres/?page=2"


def test_the_last_pages_of_a_very_long_list_are_not_offered(monkeypatch):
    monkeypatch.setattr(search_module.Search, "figures", Figures(COUNT_CEILING + 1, 0, None))
    assert context()["pages"]["links"][-1]["number"] == 50


def test_words_found_in_very_many_offers_are_not_counted_one_by_one(monkeypatch):
    OpportunityFactory.create_batch(2)
    monkeypatch.setattr(OpportunityQuerySet, "estimate", lambda self: 10 * COUNT_CEILING + 1)
    assert context("q=collaboration")["title"] == f"Plus de 1{THIN}000 offres d’exercice"
    assert context()["title"] == f"2{NB}offres d’exercice"
    monkeypatch.setattr(OpportunityQuerySet, "estimate", lambda self: 10 * COUNT_CEILING)
    assert context("q=collaboration")["title"] == f"2{NB}offres d’exercice"


# --- Links ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "canonical"),
    [
        ("", ""),
        ("page=1", ""),
        ("type=succession", "?type=succession"),
        ("type=succession&tri=debut", "?type=succession"),
        ("utm_source=lettre&fbclid=1&type=succession&type=", "?type=succession"),
        ("commune=Apt&rayon=30", "?commune=Apt&rayon=30"),
    ],
)
def test_the_canonical_address_says_only_what_the_page_depends_on(query, canonical):
    assert context(query)["canonical_url"] == f"https://portail.example{LIST}{canonical}"


@pytest.mark.parametrize(
    ("query", "robots"),
    [
        ("", ""),
        ("type=collaboration", ""),
        ("commune=Carpentras&rayon=10", ""),
        ("page=2", "noindex"),
        ("type=xyz", "noindex"),
        ("q=cabinet", "noindex"),
        ("zone=4.6,43.6,5.8,44.5", "noindex"),
        ("type=succession", "noindex"),
    ],
)
def test_robots_stay_away_from_searches_without_end(query, robots):
    """Words, areas of the map, mistakes, pages that do not exist and empty lists."""
    OpportunityFactory()
    assert context(query)["robots"] == robots


def test_map_and_feed_ask_for_the_same():
    page = context("type=succession&type=locum_regular&commune=Apt&tri=distance&page=2&utm_source=x")
    same = {"type": ["succession", "locum_regular"], "commune": ["Apt"]}
    assert urlsplit(page["map_url"]).path == "/exercer/offres/carte.geojson"
    assert asked(page["map_url"]) == {**same, "tri": ["distance"]}
    assert urlsplit(page["feed_url"]).path == "/exercer/offres/flux.atom"
    assert asked(page["feed_url"]) == same


def test_a_link_says_what_was_typed_whatever_it_was():
    hostile = "a&b=c#d %é+\"<'"
    query = QueryDict(mutable=True)
    query["commune"] = hostile
    assert asked(Search(query, NOW).context("")["map_url"]) == {"commune": [hostile]}


# --- The panel -----------------------------------------------------------------------------------


def test_the_panel_shows_what_is_on():
    panel = context("type=locum_regular&type=succession&cadre=ehpad&epci=ventoux-sud&jours=6&rayon=30&commune=Apt&logement=1")["filters"]
    assert [kind["code"] for kind in panel["kinds"] if kind["checked"]] == ["locum_regular", "succession"]
    assert [setting["code"] for setting in panel["settings"] if setting["checked"]] == ["ehpad"]
    assert [epci["slug"] for epci in panel["epcis"] if epci["selected"]] == ["ventoux-sud"]
    assert [half_day["label"] for half_day in panel["half_days"] if half_day["checked"]] == ["jeudi matin"]
    assert [radius["value"] for radius in panel["radii"] if radius["selected"]] == ["30"]
    assert (panel["lodging"], panel["active_count"]) == (True, 7)


def test_the_panel_offers_every_choice_in_its_order():
    KindFactory(code="hidden", active=False)
    panel = context()["filters"]
    assert [kind["code"] for kind in panel["kinds"]][:3] == ["locum_occasional", "locum_regular", "succession"]
    assert "hidden" not in [kind["code"] for kind in panel["kinds"]]
    assert [epci["label"] for epci in panel["epcis"]][:2] == ["Aix-Marseille-Provence", "Aygues-Ouvèze en Provence"]
    assert len(panel["epcis"]) == 14
    assert [half_day["value"] for half_day in panel["half_days"]] == list(range(12))
    assert panel["half_days"][7] == {"value": 7, "label": "jeudi après-midi", "short": "jeu. après-midi", "checked": False}
    assert [radius["value"] for radius in panel["radii"]] == ["5", "10", "15", "20", "30", "50"]
    assert [radius["value"] for radius in panel["radii"] if radius["selected"]] == ["20"]


def test_a_radius_of_an_old_link_is_offered_too():
    radii = context("commune=Apt&rayon=7")["filters"]["radii"]
    assert [radius["value"] for radius in radii] == ["5", "7", "10", "15", "20", "30", "50"]
    assert [radius["value"] for radius in radii if radius["selected"]] == ["7"]


@pytest.mark.parametrize(
    ("query", "name", "value"),
    [
        ("q=%00jeudi%0Amatin", "q", "jeudi matin"),
        ("commune=Zzz", "commune", "Zzz"),
        ("du=2027-02-01", "du", "2027-02-01"),
        ("du=01/02/2027", "du", "2027-02-01"),
        ("du=demain", "du", ""),
        ("part=70", "part", "70"),
        ("part=0", "part", "0"),
        ("part=abc", "part", ""),
        ("zone=ici", "zone", "ici"),
        ("tri=debut", "tri", "debut"),
    ],
)
def test_fields_show_what_was_typed(query, name, value):
    """A date or a number that cannot be read would be refused by its field: the message repeats it instead."""
    assert context(query)["filters"]["values"][name] == value


def test_messages_stand_beside_their_field():
    errors = context("du=demain&type=xyz")["filters"]["field_errors"]
    assert errors["du"].startswith(f"«{NB}demain{NB}»")
    assert f"«{NB}xyz{NB}»" in errors["type"]
    assert errors["au"] == ""


# --- What it costs -------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_a_search_asks_the_same_queries_whatever_it_finds(django_assert_num_queries, count):
    """Choices, figures, cards."""
    OpportunityFactory.create_batch(count, fee_share=Decimal("80"))
    with django_assert_num_queries(3):
        assert len(context("type=collaboration&part=70")["offers"]) == count


def test_the_heaviest_search_stays_under_its_ceiling(django_assert_max_num_queries):
    OpportunityFactory(town="Apt", title="Tous les jeudis", half_days=[6])
    epci = real_commune("Apt").epci.slug
    with django_assert_max_num_queries(7):
        assert len(context(f"q=jeudis&commune=Apt&rayon=30&epci={epci}&jours=6&tri=distance")["offers"]) == 1


# --- When nothing is found -------------------------------------------------------------------------


@pytest.mark.parametrize(("query", "kept"), [("commune=Sault&rayon=5&part=80&page=2", {"part": ["80"]}), ("commune=Sault", {})])
def test_an_empty_circle_offers_the_smallest_that_holds_an_offer(query, kept):
    OpportunityFactory(town="Apt", fee_share=Decimal(80))  # 24 km from Sault: circles of 10, 15 and 20 km are empty too
    wider = context(query)["widen"]
    assert wider["label"] == f"Chercher à 30{NB}km à vol d’oiseau"
    assert asked(wider["url"]) == {"commune": ["Sault"], "rayon": ["30"], **kept}


@pytest.mark.parametrize(("text", "names"), [("st saturnin", {"Saint-Saturnin-lès-Apt", "Saint-Saturnin-lès-Avignon"}), ("zzzzz", set())])
def test_an_unclear_commune_is_answered_with_links(text, names):
    meant = context(f"commune={text}&part=80")["meant"]
    assert {place["label"] for place in meant} == names
    assert all(asked(place["url"]) == {"commune": [place["label"]], "part": ["80"]} for place in meant)


@pytest.mark.parametrize("query", ["commune=Apt&rayon=10", "commune=Sault&rayon=50&part=100", "part=100"])
def test_no_larger_circle_is_offered_when_something_is_found_or_none_is_larger(query):
    OpportunityFactory(town="Apt", fee_share=Decimal(80))
    assert context(query)["widen"] is None


def test_the_page_knows_that_it_shows_invented_offers():
    offer = OpportunityFactory(is_demo=False)
    assert context()["has_demo"] is False
    type(offer).objects.update(is_demo=True)
    assert context()["has_demo"] is True
