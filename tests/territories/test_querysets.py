"""Finding a commune from what people type."""

import pytest

from core.geography import Point, distance_km
from core.search import Match
from territories.models import Commune
from territories.reference import polygons
from tests.territories.factories import CommuneFactory, real_commune

pytestmark = pytest.mark.django_db

ISLE = "L’Isle-sur-la-Sorgue"
SATURNINS = ["Saint-Saturnin-lès-Avignon", "Saint-Saturnin-lès-Apt"]


def matching(text):
    return [commune.name for commune in Commune.objects.matching(text)]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("isle sur la", [ISLE]),
        ("isle-sur-la", [ISLE]),
        ("l’isle", [ISLE]),
        ("l'isle", [ISLE]),
        ("L'ISLE SUR LA SORGUE", [ISLE]),
        ("lisle", [ISLE]),
        ("ISLE SORGUE", [ISLE]),
        ("84800", [ISLE, "Lagnes", "Saumane-de-Vaucluse", "Fontaine-de-Vaucluse"]),
        ("apt", ["Apt", SATURNINS[1], "Lagarde-d’Apt"]),
        ("ap", ["Apt", SATURNINS[1], "Lagarde-d’Apt"]),
        ("st saturnin", SATURNINS),
        ("Saint Saturnin", SATURNINS),
        ("ste cecile", ["Sainte-Cécile-les-Vignes"]),
        ("le thor", ["Le Thor"]),
        ("thor", ["Le Thor"]),
        ("lethor", ["Le Thor"]),
        ("le t", ["Le Thor"]),
        ("les taillades", ["Taillades"]),
        ("Sault", ["Sault"]),
        ("sa", ["Sarrians", SATURNINS[0], SATURNINS[1]]),
        ("vaison", ["Vaison-la-Romaine", "Saint-Marcellin-lès-Vaison"]),
        ("bedoin", ["Bédoin"]),
        ("BÉDOIN", ["Bédoin"]),
        ("Be\u0301doin", ["Bédoin"]),
        ("ventoux", ["Beaumont-du-Ventoux", "Saint-Léger-du-Ventoux"]),
        ("84", ["Avignon", "Carpentras", "Orange", "Cavaillon"]),
        ("84 210", ["Pernes-les-Fontaines"]),
        ("84140", ["Avignon"]),
        ("Apt (84400)", ["Apt"]),
        ("84400 Apt", ["Apt"]),
        ("84800 L’Isle-sur-la-Sorgue", [ISLE]),
        ("AVIGNON CEDEX 09", ["Avignon"]),
        ("apt\x00", ["Apt"]),
        ("8\x004400", ["Apt"]),
    ],
)
def test_type_ahead(text, first):
    found = matching(text)
    assert found[: len(first)] == first


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "’",
        "-",
        "\x00",
        "\ud800",
        "%",
        "_",
        "'; --",
        "a" * 10_000,
        "9" * 10_000,
        "é" * 10_000,
        "日本",
        "14",
        "paris",
        "lyon",
        "nice",
    ],
)
def test_a_text_that_means_nothing_finds_nothing(text):
    assert matching(text) == []


def test_a_long_text_is_read_to_its_hundredth_character():
    assert matching("apt" + " " * 200 + "x")[:1] == ["Apt"]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("carpantras", "Carpentras"),
        ("avingon", "Avignon"),
        ("sualt", "Sault"),
        ("cavailon", "Cavaillon"),
        ("bolene", "Bollène"),
        ("montoux", "Monteux"),
        ("lourmarain", "Lourmarin"),
        ("vaisson la romaine", "Vaison-la-Romaine"),
        ("ile sur la sorgue", ISLE),
        ("lisle sur la sorge", ISLE),
        ("84000 apt", "Apt"),
    ],
)
def test_a_typo_finds_the_nearest_name_when_nothing_answers(text, meant):
    found = Commune.objects.matching(text)
    assert found[0].name == meant
    assert {commune.match for commune in found} == {Match.NEAR}


def test_better_answers_hide_resemblances():
    assert {commune.match for commune in Commune.objects.matching("sorgue")} == {Match.PREFIX, Match.WORDS}


def test_equal_answers_come_by_population():
    found = [commune for commune in Commune.objects.matching("saint") if commune.match == Match.PREFIX]
    assert len(found) == 15
    assert [commune.population for commune in found] == sorted((commune.population for commune in found), reverse=True)


def test_found_communes_are_whole_and_bear_their_epci(django_assert_num_queries):
    with django_assert_num_queries(1):
        apt = Commune.objects.matching("apt")[0]
        assert (apt.insee, apt.postal_code, apt.epci_short_name) == ("84003", "84400", "Pays d’Apt-Luberon")
    assert apt == Commune.objects.get(insee="84003")


def test_search_keeps_to_the_queryset():
    assert [commune.name for commune in Commune.objects.filter(population__lt=100).matching("84400")] == [
        "Gignac",
        "Auribeau",
        "Sivergues",
        "Lagarde-d’Apt",
    ]


# --- Resolution ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Apt", "Apt"),
        ("isle sur la", ISLE),
        ("l’isle", ISLE),
        ("84800 L’Isle-sur-la-Sorgue", ISLE),
        ("L’Isle-sur-la-Sorgue (84800)", ISLE),
        ("Apt (84400)", "Apt"),
        ("vaison", "Vaison-la-Romaine"),
        ("romaine", "Vaison-la-Romaine"),
        ("Sault", "Sault"),
        ("thor", "Le Thor"),
        ("84250", "Le Thor"),
        ("84003", "Apt"),
        ("pertuis", "Pertuis"),
        ("saint saturnin les apt", SATURNINS[1]),
    ],
)
def test_what_designates_one_commune(text, name):
    assert Commune.objects.resolve(text).commune.name == name


def test_every_name_and_insee_code_designates_its_commune():
    for commune in Commune.objects.all():
        for text in (
            commune.name,
            commune.name.upper(),
            f"{commune.postal_code} {commune.name}",
            commune.name.replace("-", " ").replace("’", "'"),
        ):
            assert Commune.objects.resolve(text).commune == commune, text
    # 84100, 84110... 84150 are INSEE codes of communes but postal codes of others, which win.
    lost = [commune.name for commune in Commune.objects.all() if Commune.objects.resolve(commune.insee).commune != commune]
    assert len(lost) == 6


@pytest.mark.parametrize(
    ("text", "choices"),
    [
        ("st saturnin", SATURNINS),
        ("beaumont", ["Beaumont-de-Pertuis", "Beaumont-du-Ventoux"]),
        ("84100", ["Orange", "Uchaux"]),
        ("ventoux", ["Beaumont-du-Ventoux", "Saint-Léger-du-Ventoux"]),
        ("so", ["Sorgues"]),  # two letters are not enough to decide for somebody
    ],
)
def test_what_leaves_a_choice(text, choices):
    found = Commune.objects.resolve(text)
    assert (found.commune, found.suggestions) == (None, ())
    assert [commune.name for commune in found.choices] == choices


@pytest.mark.parametrize(
    ("text", "suggestions"), [("carpantras", ["Carpentras"]), ("paris", []), ("", []), ("\x00", []), ("z" * 10_000, []), ("99999", [])]
)
def test_what_designates_nothing(text, suggestions):
    found = Commune.objects.resolve(text)
    assert (found.commune, found.choices) == (None, ())
    assert [commune.name for commune in found.suggestions] == suggestions


def test_two_communes_of_the_same_name_leave_a_choice():
    for _ in range(2):
        CommuneFactory(search_name="villars sur sorgue", population=5)
    assert len(Commune.objects.resolve("Villars-sur-Sorgue").choices) == 2


@pytest.mark.parametrize(
    ("text", "queries"), [("L’Isle-sur-la-Sorgue", 1), ("84400", 1), ("Apt (84400)", 1), ("isle", 2), ("carpantras", 2), ("", 0)]
)
def test_number_of_queries(text, queries, django_assert_num_queries):
    with django_assert_num_queries(queries):
        Commune.objects.resolve(text)


# --- Reach ---------------------------------------------------------------------------------------


def test_communes_reached_from_a_point_are_those_of_which_some_part_may_be_near():
    apt = real_commune("Apt")
    near = set(Commune.objects.reached_from(apt, 5).values_list("name", flat=True))
    assert {"Apt", "Gargas", "Saignon"} <= near
    for commune in Commune.objects.select_related("outline"):
        points = [
            Point(latitude, longitude) for polygon in polygons(commune.outline.geometry) for ring in polygon for longitude, latitude in ring
        ]
        if min(distance_km(apt, point) for point in points) <= 5:
            assert commune.name in near
    assert len(near) < 30
