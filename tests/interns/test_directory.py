"""The directory of training places: what is found, that list and map agree, what a reader is told."""

import json
from urllib.parse import quote

import pytest

from tests.interns.factories import CapacityFactory, NoteFactory, PlaceFactory, SpecialtyFactory
from tests.territories.factories import FacilityFactory, FacilityKindFactory, real_commune

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

LIST, MAP = "/internes/terrains/", "/internes/terrains/carte.geojson"
NB = "\u00a0"


def listed(client, query=""):
    return [card.title for card in client.get(LIST + query).context["offers"]]


def mapped(client, query=""):
    return json.loads(client.get(MAP + query).content)


def names_on_the_map(client, query=""):
    return [feature["properties"]["t"] for feature in mapped(client, query)["features"]]


def test_drafts_are_nowhere(client):
    shown = PlaceFactory(name="Terrain visible")
    draft = PlaceFactory(name="Terrain rangé", published=False)
    assert listed(client) == names_on_the_map(client) == [shown.name]
    for page in (draft.get_absolute_url(), draft.get_note_url(), f"{LIST}{draft.pk}/fiche/", f"{LIST}{draft.pk}/alentour.geojson"):
        assert client.get(page).status_code == 404, page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"Oliviers", "Urgences", "Platanes"}),
        ("?niveau=extern", {"Urgences"}),
        ("?niveau=extern&niveau=junior_doctor", {"Urgences", "Platanes"}),
        ("?specialite=emergency", {"Urgences"}),
        ("?cadre=ambulatory", {"Oliviers", "Platanes"}),
        ("?semestre=2026-11", {"Oliviers"}),
        ("?semestre=2027-05", {"Platanes"}),
        ("?logement=1", {"Urgences"}),
        ("?logement=0", {"Oliviers", "Urgences", "Platanes"}),
        ("?commune=Sault&rayon=5", {"Platanes"}),
        ("?zone=5.3,44.0,5.5,44.2", {"Platanes"}),
        ("?q=saspas", {"Platanes"}),
        ("?q=echographe", {"Oliviers"}),
        ("?q=hopital+exemple", {"Urgences"}),
        ("?niveau=extern&cadre=ambulatory", set()),
    ],
)
def test_each_filter_finds_what_it_says_and_the_map_agrees(client, query, found):
    oliviers = PlaceFactory(name="Oliviers", equipment="Échographe")
    CapacityFactory(place=oliviers, semester="2026-11")
    CapacityFactory(place=oliviers, semester="2027-05", places=0)
    hospital = FacilityFactory(name="Hôpital exemple", kind=FacilityKindFactory(code="hospital"))
    emergency = {"setting": "hospital", "specialty": SpecialtyFactory(code="emergency"), "levels": ["extern"]}
    PlaceFactory(name="Urgences", facility=hospital, lodging="yes", **emergency)
    sault = real_commune("Sault")
    platanes = PlaceFactory(name="Platanes", commune=sault, point_precision="commune", levels=["internship_saspas", "junior_doctor"])
    CapacityFactory(place=platanes, semester="2027-05")
    assert set(listed(client, query)) == set(names_on_the_map(client, query)) == found


def test_a_circle_shows_the_nearest_first_with_its_distance(client):
    sault = real_commune("Sault")
    PlaceFactory(name="Loin", commune=sault, latitude=sault.latitude + 0.1, longitude=sault.longitude)
    PlaceFactory(name="Près", commune=sault, latitude=sault.latitude + 0.01, longitude=sault.longitude)
    page = client.get(f"{LIST}?commune=sault")
    assert [(card.title, card.distance) for card in page.context["offers"]] == [("Près", f"à 1{NB}km"), ("Loin", f"à 11{NB}km")]
    assert mapped(client, "?commune=sault&rayon=15")["circle"] == {"center": [sault.longitude, sault.latitude], "km": 15}
    assert page.context["summary"].startswith(f"2{NB}terrains de stage dans un rayon de 20{NB}km à vol d’oiseau")


def test_a_card_tells_specialty_levels_places_and_lodging(client):
    place = PlaceFactory(levels=["internship_saspas", "extern"], lodging="yes")
    CapacityFactory(place=place, semester="2026-11", places=1)
    CapacityFactory(place=place, semester="2027-05", places=2)
    CapacityFactory(place=place, semester="2025-11", places=9)
    (card,) = client.get(LIST).context["offers"]
    assert card.facts == (
        ("Spécialité", "Médecine générale"),
        ("Niveaux", "Externe, Saspas"),
        ("Places", "1 (hiver 2026-2027), 2 (été 2027)"),
        ("Logement", "sur place"),
    )
    assert card.freshness == f"source{NB}: Recensement de l’équipe, 1er mai 2026"


def test_an_example_is_marked_in_list_map_and_panel(client):
    place = PlaceFactory(name="Service", is_demo=True, source="", source_date=None)
    assert '<span class="tag tag--ex">exemple</span>' in client.get(LIST).text
    assert names_on_the_map(client) == ["Service (exemple)"]
    assert '<span class="tag tag--ex">exemple</span>' in client.get(f"{LIST}{place.pk}/fiche/").text


def test_a_supervisor_is_in_no_list_map_panel_or_search(client):
    agreed = {"supervisor_name": "Camille Exemplaire", "supervisor_consent_on": "2026-05-01", "supervisor_proof": "courriel"}
    place = PlaceFactory(**agreed)
    for page in (LIST, MAP, f"{LIST}{place.pk}/fiche/", f"{LIST}{place.pk}/alentour.geojson", f"{LIST}?cadre=ambulatory"):
        assert "Exemplaire" not in client.get(page).content.decode(), page
    assert listed(client, "?q=exemplaire") == []


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("niveau=chef", f"Niveau{NB}: «{NB}chef{NB}» n’existe pas, ce choix est laissé de côté."),
        ("semestre=1999-05", f"Semestre{NB}: «{NB}1999-05{NB}» n’existe pas, ce choix est laissé de côté."),
        ("semestre=%00", "n’existe pas, ce choix est laissé de côté."),
        ("logement=peut-être", f"Logement sur place{NB}: «{NB}peut-être{NB}» n’est ni oui ni non, ce filtre est laissé de côté."),
        ("rayon=99999999999999999999", "Le rayon va de 1 à 50"),
        ("commune=Nulle-Part", f"Aucune commune de Vaucluse ne correspond à «{NB}Nulle-Part{NB}»."),
        ("zone=1,2,3", "La zone de la carte n’est pas lisible."),
        ("tri=etoiles", "Cet ordre de tri n’existe pas."),
        ("tri=distance", "Pour trier par distance, indiquez d’abord une commune."),
        ("page=99", "Cette page n’existe pas"),
    ],
)
def test_what_means_nothing_is_told_and_left_out(client, query, message):
    place = PlaceFactory()
    page = client.get(f"{LIST}?{quote(query, safe='=&%,')}")
    assert any(message in error for error in page.context["errors"]), page.context["errors"]
    assert [card.title for card in page.context["offers"]] == [place.name]
    assert client.get(f"{MAP}?{quote(query, safe='=&%,')}").status_code == 200


def test_an_empty_directory_does_not_say_that_there_is_nothing(client):
    page = client.get(LIST)
    assert page.context["title"] == "Aucun terrain de stage"
    assert "Le recensement commence" in page.text
    assert "/contact/" in page.text


def test_htmx_gets_the_results_alone(client):
    PlaceFactory()
    part = client.get(LIST, headers={"HX-Request": "true"}).text
    assert "<html" not in part
    assert 'id="resultats"' in part


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_one_place_and_for_three(client, django_assert_num_queries, rows):
    """Version, semesters, specialties, count, places, their capacities."""
    for _ in range(rows):
        NoteFactory(place=CapacityFactory().place, state="published", decided_at="2026-05-21T10:00Z")
    client.get("/")
    with django_assert_num_queries(6):
        assert len(client.get(f"{LIST}?tri=nom").context["offers"]) == rows


@pytest.mark.parametrize("rows", [1, 3])
def test_the_map_costs_the_same_for_one_place_and_for_three(client, django_assert_num_queries, rows):
    """Version, semesters, specialties, places."""
    for _ in range(rows):
        CapacityFactory()
    with django_assert_num_queries(4):
        assert mapped(client)["total"] == rows


def test_places_told_later_show_at_once(client):
    place = PlaceFactory()
    assert "hiver 2026-2027)" not in client.get(LIST).text
    CapacityFactory(place=place)
    assert "2 (hiver 2026-2027)" in client.get(LIST).text
