"""The life of a room's calendar: offered, asked for, held, followed by another semester, forgotten; real mail and jobs."""

import re
from datetime import date, datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from icalendar import Calendar

from core import tasks as core_tasks
from housing import actions, ical, tasks
from housing.enums import BookingState
from housing.models import Booking, Dwelling
from housing.private_link import keep_path
from tests.housing.factories import DwellingFactory

pytestmark = pytest.mark.django_db(transaction=True)

HOST = "hote.du.ventoux@example.org"


def at(*parts):
    return time_machine.travel(datetime(*parts, tzinfo=ZoneInfo("Europe/Paris")), tick=False)


class Life:
    """A host, their mailbox, and the jobs of each morning."""

    def __init__(self, box, client):
        self.box, self.client, self.read = box, client, 0

    def work(self):
        """The jobs of this moment, as a worker runs them; twice, as two workers or an impatient person do."""
        for _ in range(2):
            tasks.read_calendars()
            tasks.keep_calendars()
            tasks.erase_calendars()
            core_tasks.deliver_due_mails()

    def received(self):
        """Subjects and texts that came since the last look."""
        new = self.box.messages[self.read :]
        self.read = len(self.box.messages)
        assert all(message["To"] == HOST for message in new)
        return [(message["Subject"].strip(), message.get_body(("plain",)).get_content()) for message in new]

    def press(self, dwelling, **fields):
        return self.client.post(f"{keep_path(dwelling)}calendrier/", fields, follow=True)


def paths(text):
    return [f"{found.path}?{found.query}" for found in map(urlsplit, re.findall(r"http\S+", text))]


def test_the_life_of_a_calendar(smtp, client):
    life = Life(smtp, client)
    with at(2026, 9, 1, 8, 13):
        dwelling = DwellingFactory(contact_email=HOST, title="Chambre du Ventoux")
        life.press(dwelling, verb="semester:2026-11")
        stay = actions.request_stay(
            dwelling=dwelling, start=date(2026, 11, 2), end=date(2027, 5, 3), purpose="Stage à Carpentras", at=timezone.now()
        )
        actions.confirm_stay(booking=stay, at=timezone.now())
        late = actions.request_stay(dwelling=dwelling, start=date(2027, 1, 4), end=date(2027, 3, 1), at=timezone.now())
        summer = actions.request_stay(dwelling=dwelling, start=date(2027, 5, 3), end=date(2027, 11, 2), wait=True, at=timezone.now())
        assert (late.state, summer.state) == (BookingState.WAITING, BookingState.WAITING)
        feed = ical.feed_path(dwelling)
        [event] = Calendar.from_ical(client.get(feed).content).walk("VEVENT")
        assert (event["DTSTART"].dt, event["DTEND"].dt) == (date(2026, 11, 2), date(2027, 5, 3))
        life.work()
        assert life.received() == []

    with at(2026, 10, 27, 8, 13):  # the worker was away the day before
        life.work()
        [(subject, text)] = life.received()
        assert subject == "Arrivée lundi 2 novembre\u00a0: Chambre du Ventoux"
        assert client.get(paths(text)[0]).status_code == 200

    the_next_semester_is_offered(life, client, dwelling, late, summer, feed)
    with at(2027, 4, 27, 8, 13):
        life.work()
        assert [subject for subject, _ in life.received()] == [
            "Arrivée lundi 3 mai\u00a0: Chambre du Ventoux",
            "Départ lundi 3 mai\u00a0: Chambre du Ventoux",
        ]

    it_is_cancelled_and_forgotten(life, client, dwelling, stay, summer, feed)


def the_next_semester_is_offered(life, client, dwelling, late, summer, feed):
    """Asked two months before the end, answered in one click; who waited for that semester comes first."""
    with at(2027, 3, 4, 8, 13):
        Dwelling.objects.update(expires_at=datetime(2027, 12, 31, tzinfo=ZoneInfo("Europe/Paris")))
        life.work()
        [(subject, text)] = life.received()
        assert subject.startswith("La chambre est-elle libre pour la suite")
        free = next(path for path in paths(text) if "choix=libre" in path)
        client.get(free)
        assert Booking.objects.get(pk=summer.pk).state == BookingState.WAITING
        client.post(free, {"choix": "libre"})
        assert Booking.objects.get(pk=summer.pk).state == BookingState.REQUESTED
        assert Booking.objects.get(pk=late.pk).state == BookingState.WAITING
        assert dwelling.availabilities.get().period == DateRange(date(2026, 11, 2), date(2027, 11, 2))
        actions.confirm_stay(booking=summer, at=timezone.now())
        assert len(Calendar.from_ical(client.get(feed).content).walk("VEVENT")) == 2
        life.work()
        assert life.received() == []


def it_is_cancelled_and_forgotten(life, client, dwelling, stay, summer, feed):
    """A stay that is cancelled leaves the feed; words go a year after their end."""
    with at(2027, 6, 1, 9, 0):
        answer = life.press(dwelling, **{"verb": f"cancel:{summer.pk}", f"cancel-{summer.pk}-reason": "Travaux urgents"})
        assert "Le séjour est annulé." in answer.text
        assert not [
            stay for stay in Calendar.from_ical(client.get(feed).content).walk("VEVENT") if stay["UID"].startswith(f"sejour-{summer.pk}@")
        ]

    with at(2028, 5, 5, 3, 47):
        life.work()
        stay.refresh_from_db()
        summer.refresh_from_db()
        assert (stay.purpose, stay.state, summer.reason) == ("", BookingState.CONFIRMED, "Travaux urgents")
    with at(2028, 11, 5, 3, 47):
        life.work()
        summer.refresh_from_db()
        assert summer.reason == ""
        assert life.received() == []
