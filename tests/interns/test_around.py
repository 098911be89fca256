"""The opening page, the joint search, and training places as places that one may search near."""

import html
import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine

from territories import anchors
from territories.models import InternshipSemester
from tests.housing.factories import DwellingFactory
from tests.interns.factories import CapacityFactory, PlaceFactory
from tests.opportunities.factories import OpportunityFactory
from tests.territories.factories import FacilityFactory, real_commune

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

NB = "\u00a0"
HOME, BOTH = "/internes/", "/internes/recherche/"


# --- The opening page ------------------------------------------------------------------------------


def test_the_calendar_counts_down(client):
    calendar = client.get(HOME).context["calendar"]
    assert [(line["label"], line["told"]) for line in calendar] == [
        ("Semestre d’été", f"en cours, se termine dans 139{NB}jours"),
        ("Semestre d’hiver", f"commence dans 140{NB}jours"),
        ("Semestre d’été", f"commence dans 322{NB}jours"),
        ("Semestre d’hiver", f"commence dans 505{NB}jours"),
    ]
    assert calendar[1]["dates"] == "du 2 novembre 2026 au 2 mai 2027, dates à confirmer"
    assert calendar[1]["choice"] == "septembre à mi-octobre"


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (date(2026, 11, 1), "commence demain"),
        (date(2026, 11, 2), "en cours, se termine dans"),
        (date(2027, 5, 2), "se termine aujourd’hui"),
    ],
)
def test_the_countdown_of_the_last_days(client, day, told):
    with time_machine.travel(datetime(day.year, day.month, day.day, 9, tzinfo=ZoneInfo("Europe/Paris")), tick=False):
        assert told in " ".join(line["told"] for line in client.get(HOME).context["calendar"])


def test_dates_that_staff_confirmed_win(client):
    InternshipSemester.objects.create(code="2026-11", start_date="2026-11-03", end_date="2027-05-02")
    line = client.get(HOME).context["calendar"][1]
    assert (line["dates"], line["told"]) == ("du 3 novembre 2026 au 2 mai 2027", f"commence dans 141{NB}jours")


def test_places_are_counted_and_shown_real_ones_first(client):
    PlaceFactory(name="Exemple", is_demo=True)
    PlaceFactory(name="Vrai")
    PlaceFactory(name="Urgences", setting="hospital")
    PlaceFactory(name="Rangé", published=False)
    page = client.get(HOME)
    assert [each["label"] for each in page.context["place_counts"]] == [f"1{NB}service hospitalier", f"2{NB}stages en cabinet"]
    assert [card.title for card in page.context["offers"]] == ["Urgences", "Vrai", "Exemple"]
    assert "Rangé" not in page.text


def test_without_places_it_says_where_to_ask(client):
    assert "Le recensement commence" in client.get(HOME).text


def rooms_asked(client, address):
    """Semester and places of each list of rooms that the semesters of the opening page lead to."""
    links = re.findall(r'href="(/s-installer/logement/[^"]*)">Les chambres', client.get(address).text)
    filters = [client.get(html.unescape(link)).context["filters"] for link in links]
    return [(each["semester"], [place["value"] for place in each["places"] if place["value"]]) for each in filters]


def test_each_semester_leads_to_its_rooms(client):
    assert rooms_asked(client, HOME) == [("2026-05", []), ("2026-11", []), ("2027-05", []), ("2027-11", [])]


def test_rooms_are_near_the_places_that_were_chosen(client):
    sault = real_commune("Sault")
    asked = f"?lieu=commune-{sault.insee}&lieu=Apt"
    assert rooms_asked(client, HOME + asked) == [(code, ["Sault", "Apt"]) for code in ("2026-05", "2026-11", "2027-05", "2027-11")]
    page = client.get(HOME + asked)
    assert "Se loger près de Sault et d’Apt" in page.text
    assert f'href="{BOTH}?lieu=commune-{sault.insee}&amp;lieu=commune-84003"' in page.text
    assert client.get(BOTH + asked).context["landing_url"] == f"{HOME}?lieu=commune-{sault.insee}&lieu=commune-84003"


def test_names_of_places_are_told_in_french(client):
    hospital = FacilityFactory(commune=real_commune("Apt"), name="Hôpital exemple")
    page = client.get(f"{HOME}?lieu=etablissement-{hospital.pk}&lieu=commune-{real_commune('Le Thor').insee}").text
    assert "Se loger près de «\u00a0Hôpital exemple, Apt\u00a0» et du Thor" in page


def test_a_place_that_is_not_known_is_told_and_left_out(client):
    page = client.get(f"{HOME}?lieu=Nullepart-les-Oies")
    assert "Nullepart-les-Oies" in page.text
    assert "Se loger près d’un stage" in page.text


def test_a_semester_that_ends_today_leads_to_all_rooms(client):
    with time_machine.travel(datetime(2027, 5, 2, 9, tzinfo=ZoneInfo("Europe/Paris")), tick=False):
        assert rooms_asked(client, HOME)[0] == ("", [])


def test_two_places_their_half_days_and_the_semester_are_asked_on_the_opening_page(client):
    page = client.get(HOME)
    assert [field["value"] for field in page.context["fields"]] == ["", ""]
    assert [each["code"] for each in page.context["semesters"] if each["selected"]] == ["2026-11"], "the next one that begins"
    asked = client.get(f"{HOME}?lieu=Sault&lieu=Apt&demi=7&demi=2")
    assert [(field["value"], field["half_days"]) for field in asked.context["fields"]] == [("Sault", 7), ("Apt", 2)]
    rooms = client.get("/s-installer/logement/" + asked.context["near_query"]).context["filters"]["places"]
    assert [(each["value"], each["half_days"]) for each in rooms if each["value"]] == [("Sault", 7), ("Apt", 2)]
    assert "13" in client.get(f"{HOME}?lieu=Sault&demi=13").context["problems"][0]


# --- Offers and rooms side by side -----------------------------------------------------------------


def offers(client, query):
    return [card.title for card in client.get(BOTH + query).context["offers"]]


@pytest.fixture
def around():
    """Offers in Sault, in Apt, and one that is not for interns."""
    OpportunityFactory(title="Remplacement à Sault", town="Sault", locum=True)
    OpportunityFactory(title="Adjoint à Apt", town="Apt", kind__code="assistant_post")
    OpportunityFactory(title="Collaboration à Sault", town="Sault")


def test_offers_are_those_for_interns_near_any_of_the_places(client, around):
    assert set(offers(client, "")) == {"Remplacement à Sault", "Adjoint à Apt"}
    assert offers(client, "?lieu=Sault&rayon=10") == ["Remplacement à Sault"]
    assert set(offers(client, "?lieu=Sault&lieu=Apt&rayon=10")) == {"Remplacement à Sault", "Adjoint à Apt"}


def test_half_days_go_with_the_places(client):
    page = client.get(f"{BOTH}?lieu=Sault&lieu=Apt&demi=1&demi=4")
    assert [(field["value"], field["half_days"]) for field in page.context["fields"]] == [("Sault", 1), ("Apt", 4), ("", 1)]
    assert page.context["rooms_url"].endswith("?lieu=commune-84123&lieu=commune-84003&demi=1&demi=4&rayon=20")
    assert "demi" not in client.get(f"{BOTH}?lieu=Sault&demi=1").context["rooms_url"]


def test_the_same_places_and_semester_are_asked_of_the_list_of_rooms(client):
    place = PlaceFactory(commune=real_commune("Sault"), point_precision="commune")
    free = DwellingFactory(title="Chambre à Sault", town="Sault", offered=(date(2026, 6, 1), date(2027, 6, 1)))
    page = client.get(f"{BOTH}?lieu=stage-{place.pk}&lieu=commune-84123&semestre=2026-11")
    assert f'href="/s-installer/logement/?lieu=stage-{place.pk}&amp;lieu=commune-84123&amp;rayon=20&amp;semestre=2026-11"' in page.text
    listed = client.get(f"/s-installer/logement/?lieu=stage-{place.pk}&lieu=commune-84123&semestre=2026-11&rayon=20")
    assert [card.title for card in page.context["rooms"]] == [card.title for card in listed.context["rooms"]] == [free.title]
    assert free.title in page.text


def test_the_radius_binds_rooms_as_it_binds_offers(client):
    for town in ("Sault", "Apt"):
        DwellingFactory(title=f"Chambre à {town}", town=town)
    found = {km: [card.title for card in client.get(f"{BOTH}?lieu=Sault&rayon={km}").context["rooms"]] for km in (10, 50)}
    assert found == {10: ["Chambre à Sault"], 50: ["Chambre à Sault", "Chambre à Apt"]}
    assert "à moins de 10\u00a0km" in client.get(f"{BOTH}?lieu=Sault&rayon=10").text.partition('id="loger"')[2].replace("&nbsp;", "\u00a0")


def test_every_semester_of_the_opening_page_is_one_of_the_joint_search(client):
    codes = [line["code"] for line in client.get(HOME).context["calendar"]]
    assert len(codes) > 3
    for code in codes:
        assert client.get(f"{BOTH}?semestre={code}").context["problems"] == []
        filters = client.get(f"/s-installer/logement/?semestre={code}").context["filters"]
        assert [each["code"] for each in filters["semesters"] if each["checked"]] == [code]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("?lieu=Nulle-Part-Ici", "Aucun lieu de Vaucluse ne correspond"),
        ("?lieu=stage-999999999999", "Ce lieu n’est plus proposé"),
        ("?lieu=Apt&lieu=Sault&lieu=Bollène&lieu=Pertuis", "Trois lieux au plus"),
        ("?lieu=%00", "Aucun lieu de Vaucluse ne correspond"),
        ("?semestre=1066-05", "n’est pas un semestre à venir"),
        ("?semestre=%00", "n’est pas un semestre à venir"),
        ("?rayon=100000000000000000000", "Ce rayon n’est pas proposé"),
    ],
)
def test_what_means_nothing_is_told(client, query, message):
    page = client.get(BOTH + query)
    assert page.status_code == 200
    assert any(message in text for text in page.context["problems"]), page.context["problems"]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_joint_search_costs_the_same_for_one_offer_and_for_three(client, django_assert_num_queries, rows):
    """Place by token, semesters, its commune; kinds, communes around, offers; five of the list of rooms; training places."""
    for _ in range(rows):
        OpportunityFactory(town="Sault", locum=True)
    client.get("/")
    with django_assert_num_queries(10):
        assert len(client.get(f"{BOTH}?lieu=commune-84123").context["offers"]) == rows


# --- Near a training place ---------------------------------------------------------------------


def test_a_place_is_an_anchor_by_token_and_by_name():
    place = PlaceFactory(name="Cabinet du Lavoir", commune=real_commune("Malaucène"))
    found, problems = anchors.resolve([f"stage-{place.pk}", "cabinet du lavoir"])
    assert (found[0].point, found[0].url, found[0].text) == (place.point, place.get_absolute_url(), "Cabinet du Lavoir, Malaucène")
    assert problems == ["«\u00a0Cabinet du Lavoir, Malaucène\u00a0» est déjà demandé."]
    assert "stage" in {anchor.token.split("-")[0] for anchor in anchors.suggestions("lavoir")}


def test_a_draft_is_no_anchor():
    draft = PlaceFactory(name="Cabinet du Lavoir", published=False)
    assert anchors.resolve([f"stage-{draft.pk}"]).anchors == []
    assert not [anchor for anchor in anchors.suggestions("lavoir") if anchor.token.startswith("stage-")]


# --- The search of the portal ------------------------------------------------------------------


def test_the_search_of_the_portal_finds_places(client):
    CapacityFactory(place=PlaceFactory(name="Cabinet du Lavoir"))
    page = client.get("/recherche/?q=lavoir")
    assert "Cabinet du Lavoir" in page.text
    assert "Terrains de stage" in page.text
