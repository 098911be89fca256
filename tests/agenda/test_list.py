"""The agenda: what is found, that list, map and feeds agree, what a reader is told."""

import json
from datetime import date, time
from urllib.parse import quote

import pytest

from tests.agenda.factories import ActorFactory, DraftFactory, EventFactory, EventKindFactory
from tests.territories.factories import ProfessionFactory, real_commune

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

LIST, MAP = "/agenda/rencontres/", "/agenda/rencontres/carte.geojson"
NB = "\u00a0"


def listed(client, query=""):
    return [card.title for card in client.get(LIST + query).context["offers"]]


def mapped(client, query=""):
    return json.loads(client.get(MAP + query).content)


def names_on_the_map(client, query=""):
    return [feature["properties"]["t"] for feature in mapped(client, query)["features"]]


def test_drafts_are_nowhere(client):
    shown, draft = EventFactory(), DraftFactory()
    assert listed(client) == names_on_the_map(client) == [shown.title]
    for page in (draft.get_absolute_url(), f"{LIST}{draft.pk}/fiche/", f"{LIST}{draft.pk}/rencontre.ics"):
        assert client.get(page).status_code == 404, page
    for feed in ("/agenda/flux.atom", "/agenda/flux.ics"):
        assert draft.title not in client.get(feed).content.decode(), feed


def test_what_is_over_goes_to_the_archive_by_itself(client):
    EventFactory(title="Hier", first_day=date(2026, 6, 14))
    EventFactory(title="En cours", first_day=date(2026, 6, 13), last_day=date(2026, 6, 16))
    EventFactory(title="Ce matin", first_day=date(2026, 6, 15), start_time=time(8), end_time=time(9))
    EventFactory(title="Toute la journée", first_day=date(2026, 6, 15), start_time=None, end_time=None)
    assert listed(client) == ["En cours", "Toute la journée"]
    assert listed(client, "?passees=1") == ["Ce matin", "Hier"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"Dîner", "Atelier", "Visio"}),
        ("?type=training", {"Atelier"}),
        ("?type=training&type=webinar", {"Atelier", "Visio"}),
        ("?pour=intern", {"Dîner", "Atelier"}),
        ("?pour=retired", {"Dîner"}),
        ("?profession=nurse", {"Dîner", "Visio"}),
        ("?profession=general_practitioner", {"Dîner", "Atelier"}),
        ("?enligne=1", {"Visio"}),
        ("?enligne=0", {"Dîner", "Atelier", "Visio"}),
        ("?gratuit=1", {"Atelier"}),
        ("?commune=Sault&rayon=5", {"Atelier"}),
        ("?epci=ventoux-sud", {"Atelier"}),
        ("?zone=5.3,44.0,5.5,44.2", {"Atelier"}),
        ("?q=comptabilite", {"Atelier"}),
        ("?q=cpts+exemple", {"Dîner"}),
        ("?q=remplacants", {"Visio"}),
        ("?pour=intern&enligne=1", set()),
    ],
)
def test_each_filter_finds_what_it_says_and_the_map_agrees(client, query, found):
    dinner = EventFactory(title="Dîner")
    ActorFactory(event=dinner, name="CPTS Exemple")
    dinner.save()
    training = EventFactory(
        title="Atelier", kind=EventKindFactory(code="training"), stages=["intern"], is_free=True, summary="La comptabilité pas à pas.",
        commune=real_commune("Sault"), point_precision="commune",
    )  # fmt: skip
    training.professions.add(ProfessionFactory())
    online = EventFactory(title="Visio", kind=EventKindFactory(code="webinar"), stages=["locum"], commune=None, is_online=True)
    online.professions.add(ProfessionFactory(code="nurse"))
    assert set(listed(client, query)) == found
    assert set(names_on_the_map(client, query)) == found - {"Visio"}
    atom, diary = client.get(f"/agenda/flux.atom{query}").text, client.get(f"/agenda/flux.ics{query}").text
    for title in ("Dîner", "Atelier", "Visio"):
        assert (title in atom, title in diary) == (title in found, title in found), title


def test_events_stand_by_month_and_a_circle_keeps_the_order_of_days(client):
    sault = real_commune("Sault")
    here = {"commune": sault, "longitude": sault.longitude}
    EventFactory(title="Loin, bientôt", latitude=sault.latitude + 0.1, **here)
    EventFactory(title="Près, plus tard", latitude=sault.latitude + 0.01, first_day=date(2026, 9, 1), **here)
    months = client.get(LIST).context["months"]
    assert [(month["label"], [card.title for card in month["cards"]]) for month in months] == [
        ("juin 2026", ["Loin, bientôt"]),
        ("septembre 2026", ["Près, plus tard"]),
    ]
    assert listed(client, "?commune=sault") == ["Loin, bientôt", "Près, plus tard"]
    near = client.get(f"{LIST}?commune=sault&tri=distance").context
    assert [(card.title, card.distance) for card in near["offers"]] == [("Près, plus tard", f"à 1{NB}km"), ("Loin, bientôt", f"à 11{NB}km")]
    assert [month["label"] for month in near["months"]] == [""]


def test_a_card_tells_when_where_for_whom_with_whom(client):
    event = EventFactory(stages=["locum", "intern"], price="15 € le repas")
    ActorFactory(event=event, name="CPTS Exemple")
    ActorFactory(event=event, name="Banque Exemple", role="partner")
    (card,) = client.get(LIST).context["offers"]
    assert card.facts == (
        ("Quand", f"jeudi 25 juin 2026, de 18{NB}h{NB}30 à 22{NB}h"),
        ("Pour", "Internes, remplaçants"),
        ("Avec", "CPTS Exemple"),
        ("Prix", "15 € le repas"),
    )
    assert card.place == f"Salle des fêtes, {event.commune.name}"
    assert (card.freshness, card.closed) == ("annoncée le 20 mai 2026", "")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"state": "cancelled", "state_reason": "salle fermée"}, f"annulée{NB}: salle fermée"),
        ({"state": "postponed", "state_reason": "grève"}, f"reportée, nouvelle date à venir{NB}: grève"),
        ({"register_by": date(2026, 6, 20)}, "inscription jusqu’au 20 juin 2026"),
        ({"register_by": date(2026, 6, 14)}, "inscriptions closes depuis le 14 juin 2026"),
        ({"is_demo": True}, "rencontre inventée pour l’exemple"),
    ],
)
def test_a_card_tells_what_one_must_not_miss(client, changes, told):
    EventFactory(**changes)
    (card,) = client.get(LIST).context["offers"]
    assert card.freshness == told
    assert bool(card.closed) == ("state" in changes)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("type=bal", f"Type{NB}: «{NB}bal{NB}» n’existe pas, ce choix est laissé de côté."),
        ("pour=%00", "n’existe pas, ce choix est laissé de côté."),
        ("epci=nulle-part", f"Intercommunalité{NB}: «{NB}nulle-part{NB}» n’existe pas"),
        ("passees=peut-être", f"Rencontres passées{NB}: «{NB}peut-être{NB}» n’est ni oui ni non, ce filtre est laissé de côté."),
        ("rayon=99999999999999999999", "Le rayon va de 1 à 50"),
        ("commune=Nulle-Part", f"Aucune commune de Vaucluse ne correspond à «{NB}Nulle-Part{NB}»."),
        ("zone=1,2,3", "La zone de la carte n’est pas lisible."),
        ("tri=etoiles", "Cet ordre de tri n’existe pas."),
        ("tri=distance", "Pour trier par distance, indiquez d’abord une commune."),
        ("page=99", "Cette page n’existe pas"),
    ],
)
def test_what_means_nothing_is_told_and_left_out(client, query, message):
    event = EventFactory()
    asked = f"?{quote(query, safe='=&%,')}"
    page = client.get(LIST + asked)
    assert any(message in error for error in page.context["errors"]), page.context["errors"]
    assert [card.title for card in page.context["offers"]] == [event.title]
    for other in (MAP, "/agenda/flux.atom", "/agenda/flux.ics"):
        assert client.get(other + asked).status_code == 200, other


def test_an_empty_agenda_says_so_and_what_to_do(client):
    page = client.get(LIST)
    assert page.context["title"] == "Aucune rencontre à venir"
    assert "Aucune rencontre n’est annoncée aujourd’hui" in page.text
    assert "/contact/" in page.text
    assert page.context["summary"] == "Aucune rencontre à montrer sur la carte."
    assert "Aucune rencontre n’est annoncée sur le portail aujourd’hui." in client.get("/agenda/").text


def test_the_opening_page_shows_the_next_ones(client):
    EventFactory(title="Plus tard", first_day=date(2026, 9, 1))
    EventFactory(title="Bientôt")
    page = client.get("/agenda/")
    assert [card.title for card in page.context["offers"]] == ["Bientôt", "Plus tard"]
    assert "Aucune rencontre n’est annoncée" not in page.text


def test_what_is_online_alone_is_told_beside_the_map(client):
    EventFactory()
    EventFactory(commune=None, is_online=True)
    assert client.get(LIST).context["summary"].endswith(f"absentes de la carte{NB}: 1 sur cette page.")
    assert mapped(client)["total"] == 1


def test_an_example_is_marked_in_list_map_and_panel(client):
    event = EventFactory(title="Soirée", is_demo=True)
    assert '<span class="tag tag--ex">exemple</span>' in client.get(LIST).text
    assert names_on_the_map(client) == ["Soirée (exemple)"]
    assert '<span class="tag tag--ex">exemple</span>' in client.get(f"{LIST}{event.pk}/fiche/").text


def test_the_address_of_an_organiser_is_nowhere(client):
    event = EventFactory(contact_email="secret@example.org")
    pages = (LIST, MAP, "/agenda/", "/agenda/flux.atom", "/agenda/flux.ics", f"{LIST}{event.pk}/fiche/", event.get_absolute_url())
    for page in (*pages, f"{LIST}{event.pk}/rencontre.ics"):
        assert "secret@" not in client.get(page).content.decode(), page
    assert listed(client, "?q=secret") == []


def test_htmx_gets_the_results_alone(client):
    EventFactory()
    part = client.get(LIST, headers={"HX-Request": "true"}).text
    assert "<html" not in part
    assert 'id="resultats"' in part


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_one_event_and_for_three(client, django_assert_num_queries, rows):
    """Version, kinds, professions, intercommunalités, count, events, their organisers."""
    for _ in range(rows):
        ActorFactory()
    with django_assert_num_queries(7):
        client.get(LIST)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_map_costs_the_same_for_one_event_and_for_three(client, django_assert_num_queries, rows):
    """Version, kinds, professions, intercommunalités, events."""
    EventFactory.create_batch(rows)
    with django_assert_num_queries(5):
        client.get(MAP)


def test_no_cookie(client):
    event = EventFactory()
    for page in (LIST, "/agenda/", event.get_absolute_url()):
        assert not client.get(page).cookies, page
