"""What diaries and readers of feeds get, read back: days, hours, what changed."""

from datetime import UTC, date, datetime, time, timedelta
from xml.etree import ElementTree

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone
from icalendar import Calendar

from agenda import actions
from agenda.models import Event
from tests.agenda.factories import EventFactory
from tests.territories.factories import real_commune

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

DIARY, ATOM = "/agenda/flux.ics", "/agenda/flux.atom"
NS = {"a": "http://www.w3.org/2005/Atom"}


def events(client, address=DIARY):
    response = client.get(address)
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    return {str(event["SUMMARY"]): event for event in Calendar.from_ical(response.content).walk("VEVENT")}


def test_an_evening_has_its_hours_whatever_the_season(client):
    EventFactory(title="Été", first_day=date(2026, 6, 25), start_time=time(18, 30), end_time=time(22))
    EventFactory(title="Hiver", first_day=date(2026, 12, 3), start_time=time(18, 30), end_time=time(22))
    found = events(client)
    assert (found["Été"].start, found["Été"].end) == (datetime(2026, 6, 25, 16, 30, tzinfo=UTC), datetime(2026, 6, 25, 20, 0, tzinfo=UTC))
    assert found["Hiver"].start == datetime(2026, 12, 3, 17, 30, tzinfo=UTC)


def test_whole_days_are_days_and_several_days_are_one_event(client):
    EventFactory(title="Un jour", start_time=None, end_time=None)
    EventFactory(title="Deux jours", first_day=date(2026, 6, 30), last_day=date(2026, 7, 1), start_time=None, end_time=None)
    EventFactory(title="Avec des heures", first_day=date(2026, 6, 30), last_day=date(2026, 7, 1), start_time=time(9), end_time=time(17))
    EventFactory(title="Sans fin", start_time=time(19), end_time=None)
    found = events(client)
    assert (found["Un jour"].start, found["Un jour"].end) == (date(2026, 6, 25), date(2026, 6, 26))
    assert (found["Deux jours"].start, found["Deux jours"].end) == (date(2026, 6, 30), date(2026, 7, 2))
    assert found["Avec des heures"].end == datetime(2026, 7, 1, 15, 0, tzinfo=UTC)
    assert "DTEND" not in found["Sans fin"]


def test_it_tells_where_and_how_to_take_part_and_stays_itself(client):
    event = EventFactory(title="Soirée; repas, danse", how_to_join="Prévenez l’organisateur.", join_url="https://example.org/x")
    found = events(client)["Soirée; repas, danse"]
    assert str(found["UID"]) == f"rencontre-{event.pk}@{settings.MAIL_DOMAIN}"
    assert str(found["LOCATION"]) == f"Salle des fêtes, 3 place de la Mairie, 84999 {event.commune.name}"
    assert str(found["URL"]).endswith(event.get_absolute_url())
    assert "Prévenez l’organisateur. https://example.org/x" in str(found["DESCRIPTION"])
    assert (str(found["STATUS"]), found["SEQUENCE"]) == ("CONFIRMED", 0)
    assert "ORGANIZER" not in found


@pytest.mark.parametrize(("state", "mark"), [("cancelled", "ANNULÉE"), ("postponed", "REPORTÉE")])
def test_what_no_longer_takes_place_is_cancelled_for_those_who_had_it(client, now, state, mark):
    event = EventFactory(title="Soirée", how_to_join="Prévenez l’organisateur.")
    before = events(client)["Soirée"]
    event.state, event.state_reason = state, "La salle est fermée."
    with time_machine.travel(now + timedelta(minutes=5), tick=False):
        actions.record(event=event, at=timezone.now())
        after = events(client)[f"[{mark}] Soirée"]
    assert str(after["UID"]) == str(before["UID"])
    assert (str(after["STATUS"]), after["SEQUENCE"]) == ("CANCELLED", 1)
    assert "La salle est fermée." in str(after["DESCRIPTION"])
    assert "Prévenez" not in str(after["DESCRIPTION"])


def test_it_holds_what_ended_lately_and_no_longer(client):
    EventFactory(title="Le mois dernier", first_day=date(2026, 5, 20))
    EventFactory(title="Cet hiver", first_day=date(2026, 2, 1))
    assert set(events(client)) == {"Le mois dernier"}


def test_it_obeys_the_filters_and_is_called_by_them(client):
    EventFactory(title="À Sault", commune=real_commune("Sault"), point_precision="commune", stages=["intern"])
    EventFactory(title="Ailleurs", stages=["intern"])
    assert set(events(client, f"{DIARY}?commune=Sault&rayon=5&pour=intern")) == {"À Sault"}
    book = Calendar.from_ical(client.get(f"{DIARY}?commune=Sault&rayon=5&pour=intern").content)
    assert str(book["X-WR-CALNAME"]) == "Rencontres en Vaucluse, internes, Sault, 5\u00a0km à vol d’oiseau"
    page = client.get("/agenda/rencontres/?commune=Sault&rayon=5&pour=intern&passees=1")
    assert page.context["calendar_url"] == f"{DIARY}?commune=Sault&rayon=5&pour=intern"
    assert f'href="{DIARY}?commune=Sault&amp;rayon=5&amp;pour=intern"' in page.text


def test_one_event_is_a_file_to_download(client):
    event, _ = EventFactory(title="Soirée"), EventFactory()
    address = f"/agenda/rencontres/{event.pk}/rencontre.ics"
    assert set(events(client, address)) == {"Soirée"}
    assert client.get(address)["Content-Disposition"] == 'attachment; filename="soiree.ics"'
    assert client.get("/agenda/rencontres/999999999999999999999/rencontre.ics").status_code == 404


def test_readers_of_feeds_get_what_is_to_come_what_changed_last_first(client, now):
    first = EventFactory(title="Annoncée en mai")
    EventFactory(title="Passée", first_day=date(2026, 6, 1))
    EventFactory(title="Annoncée en juin", published_at=now, is_demo=True)
    cancelled = EventFactory(title="Annulée", published_at=first.published_at.replace(day=1), state="cancelled", state_reason="Une grève.")
    entries = ElementTree.fromstring(client.get(ATOM).content).findall("a:entry", NS)
    assert [entry.findtext("a:title", namespaces=NS) for entry in entries] == [
        "[ANNULÉE] Annulée", "[exemple] Annoncée en juin", "Annoncée en mai",
    ]  # fmt: skip
    assert entries[0].find("a:link", NS).attrib["href"].endswith(cancelled.get_absolute_url())
    assert entries[0].findtext("a:summary", namespaces=NS).startswith("annulée\u00a0: Une grève. jeudi 25 juin 2026")


@pytest.mark.parametrize("rows", [1, 3])
def test_feeds_cost_the_same_for_one_event_and_for_three(client, django_assert_num_queries, rows):
    """Version, kinds, professions, intercommunalités, events; for the Atom feed their organisers too."""
    EventFactory.create_batch(rows)
    with django_assert_num_queries(5):
        client.get(DIARY)
    with django_assert_num_queries(6):
        client.get(ATOM)


def test_a_version_is_raised_by_what_diaries_hold_and_by_nothing_else(now):
    event = EventFactory()
    for name, value, sequence in (
        ("summary", "Autre chose.", 0),
        ("title", "Autre titre", 1),
        ("venue", "Ailleurs", 2),
        ("price", "5 €", 2),
    ):
        event = Event.objects.get(pk=event.pk)
        setattr(event, name, value)
        assert actions.record(event=event, at=now).sequence == sequence, name
