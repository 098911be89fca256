"""The directory of facilities: what is found, that list, map and table agree, what a reader is told."""

import csv
import io
import json
from urllib.parse import quote

import pytest

from territories.models import FacilityKind, HealthFacility
from tests.territories.factories import CommuneFactory, CptsFactory, FacilityFactory, FacilityKindFactory, real_commune, real_epci

pytestmark = pytest.mark.django_db

LIST, MAP, TABLE = "/territoires/etablissements/", "/territoires/etablissements/carte.geojson", "/territoires/etablissements/tableau.csv"
HTMX = {"HX-Request": "true"}
NB = "\u00a0"


@pytest.fixture
def alone():
    """A directory that holds nothing yet."""
    HealthFacility.objects.all().delete()


def listed(client, query=""):
    """Names of the facilities of every page of the list, in its order."""
    names, page = [], 1
    while True:
        context = client.get(f"{LIST}{query}{'&' if query else '?'}page={page}").context
        names += [card.title for card in context["offers"]]
        if not context["pages"] or not context["pages"]["next"]:
            return names
        page += 1


def mapped(client, query=""):
    return json.loads(client.get(MAP + query).content)


def names_on_the_map(client, query=""):
    return [feature["properties"]["t"] for feature in mapped(client, query)["features"]]


def tabled(client, query=""):
    rows = csv.DictReader(io.StringIO(client.get(TABLE + query).content.decode("utf-8-sig")), delimiter=";")
    return [row["nom"] for row in rows]


# --- The real directory --------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "count"), [("hospital", 12), ("clinic", 7), ("rehabilitation", 4)])
def test_the_announced_figures_are_those_of_the_list_and_of_the_map(client, kind, count):
    query = f"?type={kind}"
    assert len(listed(client, query)) == mapped(client, query)["total"] == len(tabled(client, query)) == count


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?service=emergency",
        "?commune=apt&rayon=30",
        "?statut=public&tri=nom",
        "?epci=grand-avignon",
        "?q=dialyse",
        "?cpts=pays-d-apt&type=hospital",
    ],
)
def test_list_map_and_table_hold_the_same_facilities_in_the_same_order(client, query):
    found = listed(client, query)
    assert found == names_on_the_map(client, query) == tabled(client, query)
    assert found


def test_hospitals_come_first(client):
    first = client.get(LIST).context["offers"][0]
    assert (first.kind_label, first.title) == ("Hôpital", "Centre hospitalier d’Avignon – Henri-Duffaut")


def test_counts_by_kind_lead_to_the_kinds(client):
    counts = {kind["label"]: kind["url"] for kind in client.get(LIST).context["counts"]}
    assert counts[f"12{NB}hôpitaux"] == f"{LIST}?type=hospital"
    assert counts[f"1{NB}bus santé"] == f"{LIST}?type=itinerant"


def test_kinds_without_data_are_not_told_as_absent(client):
    page = client.get(LIST)
    assert "Pharmacies" in page.context["missing"]
    assert "Hôpitaux" not in page.context["missing"]
    assert "Données pas encore importées, à ne pas lire comme une absence&nbsp;: Maisons de santé (MSP), " in page.text


# --- What readers may see ------------------------------------------------------------------------


def test_closed_facilities_and_kinds_put_away_are_nowhere(client, alone):
    shown = FacilityFactory(name="Maison ouverte")
    FacilityFactory(name="Maison fermée", is_open=False)
    FacilityFactory(name="Type rangé", kind=FacilityKindFactory(code="away", active=False))
    assert listed(client) == names_on_the_map(client) == tabled(client) == [shown.name]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?type=msp", {"Soleil"}),
        ("?type=msp&type=pharmacy", {"Soleil", "Platane"}),
        ("?service=smur", {"Ventoux"}),
        ("?service=smur&service=maternity", {"Ventoux", "Lune"}),
        ("?statut=public", {"Ventoux"}),
        ("?q=PLATANE", {"Platane"}),
        ("?q=scanner", {"Ventoux"}),
        ("?q=isle+sorgue", {"Lune"}),
        ("?q=maison+sante", {"Soleil"}),
        ("?epci=ventoux-sud", {"Ventoux"}),
        ("?cpts=exemple", {"Soleil"}),
        ("?commune=Sault&rayon=5", {"Ventoux"}),
        ("?zone=5.0,43.9,5.1,43.95", {"Lune"}),
        ("?type=msp&service=smur", set()),
    ],
)
def test_each_filter_finds_what_it_says(client, alone, query, found):
    apt = real_commune("Apt")
    FacilityFactory(name="Soleil", commune=CommuneFactory(cpts=CptsFactory(slug="exemple")))
    FacilityFactory(name="Platane", commune=apt, kind=FacilityKindFactory(code="pharmacy"), point_precision="commune")
    sault = real_commune("Sault")
    hospital = FacilityKindFactory(code="hospital")
    known = {"commune": sault, "latitude": sault.latitude, "longitude": sault.longitude}
    FacilityFactory(name="Ventoux", kind=hospital, smur=True, status="public", equipment="Scanner", **known)
    isle = real_commune("L’Isle-sur-la-Sorgue")
    FacilityFactory(name="Lune", kind=hospital, maternity=True, commune=isle, point_precision="commune")
    assert set(listed(client, query)) == set(names_on_the_map(client, query)) == found
    assert real_epci("200035723").slug == "ventoux-sud"


def test_a_circle_shows_the_nearest_first_with_its_distance(client, alone):
    sault = real_commune("Sault")
    FacilityFactory(name="Loin", commune=sault, latitude=sault.latitude + 0.1, longitude=sault.longitude)
    FacilityFactory(name="Près", commune=sault, latitude=sault.latitude + 0.01, longitude=sault.longitude)
    page = client.get(f"{LIST}?commune=sault")
    assert [(card.title, card.distance) for card in page.context["offers"]] == [("Près", f"à 1{NB}km"), ("Loin", f"à 11{NB}km")]
    assert mapped(client, "?commune=sault&rayon=15")["circle"] == {"center": [sault.longitude, sault.latitude], "km": 15}


def test_a_facility_known_by_its_commune_is_an_area_on_the_map_and_says_so(client, alone):
    FacilityFactory(name="Placée")
    FacilityFactory(name="Approchée", point_precision="commune", commune=CommuneFactory(area_km2=31.4))
    areas = {feature["properties"]["t"]: feature["properties"].get("r") for feature in mapped(client)["features"]}
    assert areas == {"Placée": None, "Approchée": 3.2}
    assert {card.title: card.note for card in client.get(LIST).context["offers"]} == {
        "Placée": "",
        "Approchée": "adresse exacte à préciser",
    }


def test_an_example_is_marked_in_list_map_panel_and_table(client, alone):
    facility = FacilityFactory(name="Maison de santé", is_demo=True, source="", source_date=None)
    assert '<span class="tag tag--ex">exemple</span>' in client.get(LIST).text
    assert names_on_the_map(client) == ["Maison de santé (exemple)"]
    assert '<span class="tag tag--ex">exemple</span>' in client.get(f"{LIST}{facility.pk}/fiche/").text
    assert client.get(TABLE).content.decode("utf-8-sig").splitlines()[1].endswith(";oui")


@pytest.mark.parametrize("query", ["", "?type=msp", "?q=maison"])
def test_examples_count_among_the_facilities_found(client, alone, query):
    FacilityFactory(name="Maison vraie")
    FacilityFactory(name="Maison inventée", is_demo=True)
    page = client.get(LIST + query)
    assert page.context["title"].startswith(f"2{NB}")
    assert len(page.context["offers"]) == 2
    assert "Maisons de santé (MSP)" not in page.context["missing"]


def test_kinds_come_in_the_order_of_staff(client):
    FacilityKind.objects.filter(code="hospital").update(position=999)
    FacilityKind.objects.filter(code="clinic").update(position=0)
    codes = [kind["code"] for kind in client.get(LIST).context["filters"]["kinds"]]
    assert (codes[0], codes[-1]) == ("clinic", "hospital")


def test_an_empty_search_offers_a_way_on(client):
    page = client.get(f"{LIST}?type=hospital&q=introuvable")
    assert page.context["title"] == "Aucun établissement de santé"
    assert "Retirez un filtre pour élargir" in page.text
    assert '<meta name="robots" content="noindex">' in page.text


# --- What is typed -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("type=chateau", f"Type d’établissement{NB}: «{NB}chateau{NB}» n’existe pas, ce choix est laissé de côté."),
        ("service=%00", f"Service{NB}: «{NB}…{NB}» n’existe pas, ce choix est laissé de côté."),
        ("statut=x", f"Statut{NB}: «{NB}x{NB}» n’existe pas, ce choix est laissé de côté."),
        ("rayon=beaucoup", f"Le rayon va de 1 à 50{NB}km{NB}: il est remis à 20{NB}km."),
        (f"rayon={'9' * 400}", f"Le rayon va de 1 à 50{NB}km{NB}: il est remis à 20{NB}km."),
        ("zone=1,2", "La zone de la carte n’est pas lisible."),
        ("zone=nan,inf,0,0", "La zone de la carte n’est pas lisible."),
        ("tri=prix", "Cet ordre de tri n’existe pas."),
        ("tri=distance", "Pour trier par distance, indiquez d’abord une commune."),
        ("page=zero", f"Ce numéro de page n’est pas un nombre{NB}: voici la première page."),
        ("page=999999999999999999999", f"Cette page n’existe pas{NB}: voici la dernière."),
    ],
)
def test_what_means_nothing_is_left_out_with_a_message(client, query, message):
    page = client.get(f"{LIST}?{query}")
    assert page.status_code == 200
    assert page.context["errors"] == [message]
    assert page.context["offers"]
    assert client.get(f"{MAP}?{query}").status_code == client.get(f"{TABLE}?{query}").status_code == 200


def test_an_unclear_commune_is_answered_with_links(client):
    page = client.get(f"{LIST}?commune=saint-saturnin&type=hospital")
    assert [place["url"] for place in page.context["meant"]] == [
        f"{LIST}?type=hospital&commune={quote(name)}" for name in ("Saint-Saturnin-lès-Avignon", "Saint-Saturnin-lès-Apt")
    ]


@pytest.mark.parametrize("text", ["%", "_", "'; DROP TABLE", "\\", "a" * 100, "<script>alert(1)</script>", "le la les du"])
def test_any_words_are_words(client, text):
    page = client.get(LIST, {"q": text})
    assert page.status_code == 200
    assert "<script>alert" not in page.text


def test_a_null_character_is_no_word(client):
    assert client.get(f"{LIST}?q=apt%00").status_code == 200


def test_the_title_names_the_kind_and_the_canonical_address_drops_the_order(client):
    page = client.get(f"{LIST}?type=clinic&tri=nom&utm_source=lettre")
    assert f'<h1 id="titre" tabindex="-1">7{NB}cliniques privées</h1>' in page.text
    assert f'<link rel="canonical" href="http://testserver{LIST}?type=clinic">' in page.text


def test_htmx_gets_the_part_that_it_swaps(client):
    part, whole = client.get(LIST, headers=HTMX), client.get(LIST)
    assert "<html" not in part.text
    assert 'id="filtres"' not in part.text
    for piece in ('id="resultats"', 'id="titre"', 'id="carte-resume"'):
        assert part.text.count(piece) == whole.text.count(piece) == 1


def test_a_cell_of_the_table_is_never_a_formula(client, alone):
    FacilityFactory(name="=HYPERLINK(1)")
    assert tabled(client) == ["'=HYPERLINK(1)"]


# --- By intercommunalité -------------------------------------------------------------------------


def test_maisons_and_centres_are_counted_by_intercommunalite_examples_apart(client):
    sud = real_commune("Sault")
    FacilityFactory(commune=sud)
    FacilityFactory(commune=sud, is_demo=True)
    FacilityFactory(commune=sud, is_open=False)
    table = client.get(LIST).context["by_epci"]
    rows = {row["name"]: [(cell["count"], cell["demo"]) for cell in row["cells"]] for row in table["rows"]}
    assert rows["Ventoux Sud"] == [(1, 1), (0, 0)]
    assert rows["Grand Avignon"] == [(0, 0), (1, 0)]
    assert [(cell["count"], cell["demo"]) for cell in table["total"]] == [(1, 1), (4, 0)]
    assert len(rows) == 14


# --- Cost ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_pages_take_the_same_queries_for_one_row_and_for_three(client, alone, django_assert_num_queries, settings, count):
    settings.PAGE_CACHE = 0
    FacilityFactory.create_batch(count)
    for address, queries in ((LIST, 5), (MAP, 4), (TABLE, 4), (f"{LIST}?commune=apt&rayon=50", 7)):
        with django_assert_num_queries(queries):
            assert client.get(address).status_code == 200


def test_a_page_that_did_not_change_is_not_sent_again(client):
    first = client.get(LIST)
    assert client.get(LIST, headers={"If-None-Match": first["ETag"]}).status_code == 304
    FacilityFactory()
    assert client.get(LIST, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_a_kind_that_staff_rename_changes_the_page(client):
    first = client.get(LIST)
    kind = FacilityKind.objects.get(code="hospital")
    kind.plural_label = "Grands hôpitaux"
    kind.save()
    assert f"12{NB}grands hôpitaux" in client.get(LIST, headers={"If-None-Match": first["ETag"]}).text


@pytest.mark.parametrize("address", [LIST, MAP, TABLE])
def test_public_pages_set_no_cookie_and_only_read(client, address):
    response = client.get(address)
    assert not response.cookies
    assert client.post(address).status_code == 405
