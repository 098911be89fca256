"""The places that one may search near: tokens and names typed by hand, what is refused and how it is said."""

import json

import pytest
from django.urls import reverse

from territories import anchors
from territories.anchors import resolve
from territories.models import HealthFacility
from tests.territories.factories import FacilityFactory, FacilityKindFactory, real_commune

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_other_facility():
    HealthFacility.objects.all().delete()


@pytest.fixture
def hospital():
    return FacilityFactory(name="Hôpital Exemple du Lac", commune=real_commune("Apt"), kind=FacilityKindFactory(code="hospital"))


def one(text):
    """What one text designates."""
    (asked,) = resolve([text]).asked
    return asked


def test_a_commune_by_its_token_name_or_postal_code():
    apt = real_commune("Apt")
    for text in ("commune-84003", "Apt", " apt ", "84400 Apt"):
        anchor = one(text).anchor
        assert (anchor.token, anchor.label, anchor.point, anchor.commune_id) == ("commune-84003", "Apt", apt.point, apt.pk)
        assert anchor.url == apt.get_absolute_url()


def test_a_facility_by_its_token_or_name(hospital):
    for text in (f"etablissement-{hospital.pk}", "Hôpital Exemple du Lac", "hopital exemple du lac, apt", "exemple lac"):
        anchor = one(text).anchor
        assert (anchor.token, anchor.label, anchor.commune_id) == (f"etablissement-{hospital.pk}", hospital.name, hospital.commune_id)
        assert (anchor.point.latitude, anchor.url) == (hospital.latitude, hospital.get_absolute_url())


def test_what_a_field_shows_brings_the_place_back(hospital):
    twin = FacilityFactory(name=hospital.name, commune=real_commune("Sault"), kind=hospital.kind)
    for facility in (hospital, twin):
        anchor = one(f"etablissement-{facility.pk}").anchor
        assert one(anchor.text).anchor == anchor
    assert one(f"etablissement-{twin.pk}").shown == "Hôpital Exemple du Lac, Sault"


def test_a_facility_of_a_commune_that_its_name_tells_shows_it_once():
    facility = FacilityFactory(name="Centre hospitalier d’Apt", commune=real_commune("Apt"))
    assert one(f"etablissement-{facility.pk}").shown == "Centre hospitalier d’Apt"


@pytest.mark.parametrize(("is_open", "active"), [(False, True), (True, False)])
def test_a_facility_that_readers_may_not_see_is_no_place(is_open, active):
    facility = FacilityFactory(name="Exemple caché", is_open=is_open, kind=FacilityKindFactory(code="exemple", active=active))
    assert one(f"etablissement-{facility.pk}").problem == anchors.GONE
    assert "Aucun lieu" in one("Exemple caché").problem
    assert anchors.suggestions("Exemple caché") == []


def test_two_communes_or_two_facilities_are_a_question(hospital):
    assert one("saint saturnin").problem.startswith("Deux communes portent ce nom\u00a0: ")
    FacilityFactory(name=hospital.name, commune=real_commune("Sault"), kind=hospital.kind)
    assert one("Hôpital Exemple du Lac").problem == (
        "Plusieurs lieux correspondent à «\u00a0Hôpital Exemple du Lac\u00a0»\u00a0: Hôpital Exemple du Lac, Apt "
        "ou Hôpital Exemple du Lac, Sault\u202f? Écrivez le nom en entier."
    )


def test_many_facilities_are_not_all_named():
    for commune in ("Apt", "Sault", "Orange", "Pertuis", "Bollène", "Valréas"):
        FacilityFactory(name="Maison Exemple", commune=real_commune(commune))
    assert "ou un autre encore" in one("Maison Exemple").problem


def test_a_mistyped_commune_is_only_suggested():
    asked = one("capentras")
    assert (asked.anchor, asked.shown) == (None, "capentras")
    assert asked.problem.endswith("Vouliez-vous écrire Carpentras\u202f?")


@pytest.mark.parametrize(
    "text",
    [
        *("\x00", "commune-99999", "commune-", "stage-1", "lune-84003", "%", "<script>", "x" * 10_000, "\ud800", "de la"),
        *("etablissement-1e9", "etablissement-٣", f"etablissement-{'9' * 18}", f"etablissement-{'9' * 400}"),
    ],
)
def test_what_is_not_understood_is_a_message(text):
    asked = one(text)
    assert asked.anchor is None
    assert asked.problem.endswith((".", "?"))
    assert asked.text == text
    assert resolve([text]).problems == [asked.problem]


def test_positions_are_kept(hospital):
    places = resolve(["Apt", "", "nulle part"])
    assert [asked.token for asked in places.asked] == ["commune-84003", "", ""]
    assert [bool(asked.problem) for asked in places.asked] == [False, False, True]
    found, problems = places
    assert [anchor.label for anchor in found] == ["Apt"]
    assert problems == [places.asked[2].problem]
    assert tuple(resolve(["", ""])) == ([], [])


def test_more_than_three_places_are_a_message():
    found, problems = resolve(["Apt", "Sault", "Orange", *["Pertuis"] * 50])
    assert [anchor.label for anchor in found] == ["Apt", "Sault", "Orange"]
    assert problems == [anchors.TOO_MANY]


def test_the_same_place_twice_counts_once():
    found, problems = resolve(["Apt", "commune-84003", "84400 apt"])
    assert [anchor.label for anchor in found] == ["Apt"]
    assert problems == ["«\u00a0Apt\u00a0» est déjà demandé."] * 2


def test_number_of_queries(hospital, django_assert_num_queries):
    token = f"etablissement-{hospital.pk}"
    for texts, queries in ((["commune-84003", "commune-84123", token], 2), (["Apt", "Sault", "Orange"], 3), (["exemple lac"], 4), ([], 0)):
        with django_assert_num_queries(queries):
            resolve(texts)


def test_another_kind_of_places(monkeypatch):
    class Stages(anchors.Facilities):
        prefix = "stage"

    facility = FacilityFactory(name="Exemple de terrain")
    monkeypatch.setattr(anchors, "KINDS", dict(anchors.KINDS))
    anchors.register(Stages())
    assert one(f"stage-{facility.pk}").anchor.token == f"stage-{facility.pk}"
    assert {anchor.token for anchor in anchors.suggestions("terrain")} == {f"stage-{facility.pk}", f"etablissement-{facility.pk}"}


# --- Suggestions ---------------------------------------------------------------------------------


def ask(client, q):
    return client.get(reverse("territories:anchor_search"), {"q": q})


def test_suggestions_of_all_kinds(client, hospital):
    response = ask(client, "apt")
    assert response["Cache-Control"] == "public, max-age=600"
    places = json.loads(response.content)["places"]
    assert places[0] == {"token": "commune-84003", "name": "Apt", "text": "Apt", "detail": "84400, Pays d’Apt-Luberon", "kind": "Commune"}
    assert places[-1] == {
        "token": f"etablissement-{hospital.pk}",
        "name": "Hôpital Exemple du Lac",
        "text": "Hôpital Exemple du Lac, Apt",
        "detail": f"{hospital.kind.label}, Apt",
        "kind": hospital.kind.label,
    }


def test_eight_suggestions_shared_between_the_kinds(client):
    for rank in range(9):
        FacilityFactory(name=f"Saint-Exemple {rank}")
    kinds = [place["kind"] == "Commune" for place in ask(client, "saint").json()["places"]]
    assert kinds == [True] * 4 + [False] * 4


def test_the_name_weighs_more_than_the_commune(client):
    FacilityFactory(name="Exemple de maison", commune=real_commune("Sault"))
    named = FacilityFactory(name="Exemple de Sault", commune=real_commune("Apt"))
    assert ask(client, "exemple sault").json()["places"][0]["token"] == f"etablissement-{named.pk}"


@pytest.mark.parametrize("text", ["", " ", "\x00", b"\xff", "a" * 10_000, "%", "zzzz"])
def test_a_text_that_means_nothing_gives_an_empty_list(client, text):
    response = ask(client, text)
    assert (response.status_code, response.json()) == (200, {"places": []})


def test_one_query_a_kind(client, hospital, django_assert_num_queries):
    for text, queries in (("apt", 3), ("carpantras", 3), ("", 0)):
        with django_assert_num_queries(queries):
            ask(client, text)
