"""Calendars kept elsewhere, asked of a real server on this machine: what they close, what they may not do, what their failures leave."""

import socket
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote

import pytest
import time_machine
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from core import french, outside
from core.models import Mail
from housing import actions, ical, imported
from housing.actions import StayRefused
from housing.enums import BookingState
from housing.models import Block, Booking, Dwelling, ImportedCalendar
from tests.crowd import together
from tests.housing.factories import BlockFactory, BookingFactory, DwellingFactory, day
from tests.housing.test_host_calendar import address as host_calendar_of
from tests.housing.test_ical import book

pytestmark = pytest.mark.django_db

WEEK = "DTSTART;VALUE=DATE:{:%Y%m%d}\nDTEND;VALUE=DATE:{:%Y%m%d}"


class Site(BaseHTTPRequestHandler):
    """Another site: `answers` by path, as `(status, headers, body)` or a call that writes to the connection itself."""

    def do_GET(self):
        self.server.asked.append((self.path, self.headers["Host"]))
        answer = self.server.answers.get(self.path, (404, {}, b""))
        if callable(answer):
            answer(self)
            return
        status, headers, body = answer
        self.send_response(status)
        for name, value in {"Content-Length": len(body), **headers}.items():
            self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


@pytest.fixture
def site(settings):
    """The other site; calendars of `localhost` may be read without https in this test."""
    settings.LOCAL_CALENDARS = ("localhost",)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    server.daemon_threads = True
    server.answers, server.asked = {}, []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    server.url = f"http://localhost:{server.server_port}"
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def room():
    return DwellingFactory(offered=(day(0), day(300)))


def week(first):
    return WEEK.format(day(first), day(first + 7))


def served(site, *events, path="/a.ics"):
    site.answers[path] = (200, {"Content-Type": "text/calendar"}, book(*events))


def followed(room, url):
    return ImportedCalendar.objects.create(dwelling=room, url=url)


def read(calendar, at=None):
    """Read a calendar now, as the job of an hour does; the row afterwards."""
    ImportedCalendar.objects.filter(pk=calendar.pk).update(tried_at=None)
    imported.read_due(at=at or timezone.now())
    calendar.refresh_from_db()
    return calendar


def closed(room):
    return [((block.period.lower - day(0)).days, (block.period.upper - day(0)).days) for block in Block.objects.filter(dwelling=room)]


# --- What is read ----------------------------------------------------------------------------


def test_what_is_noted_elsewhere_closes_nights_here_until_it_is_noted_otherwise(site, room):
    served(site, week(10), week(30))
    BlockFactory(dwelling=room, period=DateRange(day(50), day(52)))
    calendar = read(followed(room, f"{site.url}/a.ics"))
    assert closed(room) == [(10, 17), (30, 37), (50, 52)]
    assert (calendar.problem, calendar.failures) == ("", 0)
    assert not Dwelling.objects.free(day(11), day(12)).exists()
    served(site, week(31))
    read(calendar)
    assert closed(room) == [(31, 38), (50, 52)]
    assert Dwelling.objects.free(day(11), day(12)).exists()


def test_nights_of_a_confirmed_stay_taken_elsewhere_are_told_to_the_host_once(client, site, room):
    """The double booking that an import is there to avoid."""
    stay = BookingFactory(dwelling=room, period=DateRange(day(10), day(40)))
    served(site, week(20))
    calendar = read(followed(room, f"{site.url}/a.ics"))
    mail = Mail.objects.get()
    assert (mail.recipient, mail.about) == (room.contact_email, room)
    assert french.date_range(day(20), day(27)) in mail.text
    assert french.date_range(day(10), day(40)) in mail.text
    page = client.get(host_calendar_of(room)).text
    assert french.date_range(day(20), day(27)) in page.partition("Votre autre calendrier dit prises")[2]
    assert Booking.objects.get(pk=stay.pk).state == BookingState.CONFIRMED
    read(calendar)
    assert Mail.objects.count() == 1
    served(site, week(20), week(30))
    read(calendar)
    assert Mail.objects.count() == 2


def test_one_event_over_every_room_of_a_residence_makes_one_message_that_lists_the_stays(site):
    room = DwellingFactory(offered=(day(0), day(300)), residence=True, places=10)
    for place in range(1, 11):
        BookingFactory(dwelling=room, place=place, period=DateRange(day(10), day(40)))
    served(site, week(20))
    calendar = read(followed(room, f"{site.url}/a.ics"))
    mail = Mail.objects.get()
    assert [f"Chambre {place}\n" in mail.text for place in range(1, 11)] == [True] * 10
    served(site)
    read(calendar)
    served(site, week(20))
    read(calendar)
    assert Mail.objects.count() == 1, "once for a stay and these nights"
    BookingFactory(dwelling=room, place=1, period=DateRange(day(41), day(45)))
    served(site, week(20), week(41))
    read(calendar)
    assert Mail.objects.count() == 2
    assert Mail.objects.latest("pk").text.count("Séjour confirmé ici") == 1


def test_nights_taken_elsewhere_for_a_host_without_an_address_are_told_to_the_team(site, settings):
    room = DwellingFactory(offered=(day(0), day(300)), contact_email="", contact_phone="06 00 00 00 01")
    BookingFactory(dwelling=room, period=DateRange(day(10), day(40)))
    served(site, week(5))
    read(followed(room, f"{site.url}/a.ics"))
    mail = Mail.objects.get()
    assert mail.recipient == settings.CONTACT_EMAIL
    assert "Camille Exemple au 06 00 00 00 01" in mail.text


def test_a_stay_agreed_elsewhere_and_written_down_here_stands_in_both_calendars(site, room):
    actions.note_stay(dwelling=room, start=day(20), end=day(27), at=timezone.now())
    BookingFactory(dwelling=room, period=DateRange(day(40), day(50)))
    served(site, week(20), week(50))
    read(followed(room, f"{site.url}/a.ics"))
    assert not Mail.objects.exists()


def test_a_calendar_is_asked_once_an_hour_whatever_runs(site, room):
    served(site, week(10))
    followed(room, f"{site.url}/a.ics")
    now = timezone.now()
    assert [imported.read_due(at=now + timedelta(minutes=minutes)) for minutes in (0, 1, 40, 60)] == [1, 0, 0, 1]
    assert len(site.asked) == 2


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_ask_once(site, room):
    served(site, week(10))
    followed(room, f"{site.url}/a.ics")
    now = timezone.now()
    together([lambda: imported.read_due(at=now)] * 4)
    assert len(site.asked) == 1
    assert closed(room) == [(10, 17)]


def test_our_own_stays_that_come_back_close_nothing_and_those_of_another_room_do(site, room):
    other = DwellingFactory()
    BookingFactory(dwelling=room, period=DateRange(day(10), day(20)))
    BookingFactory(dwelling=other, period=DateRange(day(40), day(50)))
    today = timezone.localdate()
    site.answers["/own.ics"] = (200, {}, ical.feed(room, today))
    site.answers["/other.ics"] = (200, {}, ical.feed(other, today))
    followed(room, f"{site.url}/own.ics")
    followed(room, f"{site.url}/other.ics")
    imported.read_due(at=timezone.now())
    assert closed(room) == [(40, 50)]


def test_who_waits_for_nights_that_open_leaves_the_list(site, room):
    served(site, week(10))
    calendar = read(followed(room, f"{site.url}/a.ics"))
    waiting = actions.request_stay(dwelling=room, start=day(10), end=day(20), at=timezone.now())
    assert waiting.state == BookingState.WAITING
    served(site)
    read(calendar)
    assert Booking.objects.get().state == BookingState.REQUESTED


def test_the_calendars_of_a_dwelling_that_is_over_are_not_read(site):
    served(site, week(10))
    followed(DwellingFactory(withdrawn=True), f"{site.url}/a.ics")
    assert imported.read_due(at=timezone.now()) == 0
    assert site.asked == []


def test_the_calendars_of_a_draft_are_not_read(site):
    served(site, week(10))
    followed(DwellingFactory(state="draft"), f"{site.url}/a.ics")
    assert imported.read_due(at=timezone.now()) == 0
    assert site.asked == []


def test_a_run_reads_so_many_those_that_wait_the_longest_first_and_asks_for_another(site, room, monkeypatch):
    monkeypatch.setattr(imported, "AT_ONCE", 2)
    now, again = timezone.now(), []
    monkeypatch.setattr(imported, "defer_once", again.append)
    for path, hours in (("/a.ics", 2), ("/b.ics", 3), ("/c.ics", None)):
        served(site, week(10), path=path)
        calendar = followed(room, site.url + path)
        ImportedCalendar.objects.filter(pk=calendar.pk).update(tried_at=hours and now - timedelta(hours=hours))
    assert imported.read_due(at=now) == 2
    assert [path for path, _ in site.asked] == ["/c.ics", "/b.ics"]
    assert again == ["housing.tasks.read_calendars"]
    assert imported.read_due(at=now) == 1
    assert len(again) == 1


def test_following_again_is_one_calendar(room):
    for _ in range(2):
        imported.follow(dwelling=room, url="https://agenda.example.org/a.ics", at=timezone.now())
    assert ImportedCalendar.objects.count() == 1


@pytest.mark.parametrize("ago", [timedelta(0), timedelta(days=200)])
@pytest.mark.parametrize(("site", "written"), [("https://portail.example.org", str), ("https://www.portail.example.org", quote)])
def test_our_own_address_is_refused_whenever_it_was_given_and_however_it_is_written(room, site, written, ago):
    now = timezone.now()
    with time_machine.travel(now - ago, tick=False):
        path = ical.feed_path(room)
    with pytest.raises(StayRefused, match="de ce logement même"):
        imported.follow(dwelling=room, url=site + written(path), at=now)
    assert not ImportedCalendar.objects.exists()


def test_the_calendar_of_another_dwelling_of_ours_is_followed(room):
    """A house whose rooms are let apart: the file of the house says when a room is taken."""
    house = DwellingFactory()
    for url in (f"https://portail.example.org{ical.feed_path(house)}", "https://agenda.example.org/s-installer/logement/agenda/x.ics"):
        assert imported.follow(dwelling=room, url=url, at=timezone.now()).url == url


# --- What fails ------------------------------------------------------------------------------


def cut(handler):
    """Half a calendar, then nothing."""
    body = book(week(10), week(30))
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body[: len(body) // 2])
    handler.wfile.flush()
    handler.connection.shutdown(socket.SHUT_RDWR)


def silent(handler):
    """Nothing at all, for longer than anybody waits."""
    handler.server.gone.wait(20)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((404, {}, b""), "répond 404"),
        ((500, {}, b"panne"), "répond 500"),
        ((204, {}, b""), "répond 204"),
        ((200, {}, b"<html>Connectez-vous</html>"), "format iCal"),
        ((200, {}, b"BEGIN:VCALENDAR\r\n" + b"X" * 1_000_000 + b"\r\nEND:VCALENDAR"), "dépasse 1\u00a0Mo"),
        ((200, {}, book("DTSTART:demain")), "ne se lisent pas"),
        ((302, {"Location": "/a.ics"}, b""), "sans fin"),
        (cut, "coupé"),
    ],
)
def test_a_calendar_that_fails_keeps_what_it_said_last(site, room, answer, words):
    served(site, week(10))
    calendar = read(followed(room, f"{site.url}/a.ics"))
    seen = calendar.read_at
    site.answers["/a.ics"] = answer
    calendar = read(calendar)
    assert words in calendar.problem
    assert (calendar.failures, calendar.read_at) == (1, seen)
    assert closed(room) == [(10, 17)]


def test_a_site_that_says_nothing_is_left(site, room, monkeypatch):
    monkeypatch.setattr(outside, "TIMEOUT", 0.3)
    site.gone = threading.Event()
    site.answers["/a.ics"] = silent
    assert "ne répond pas" in read(followed(room, f"{site.url}/a.ics")).problem
    site.gone.set()


def test_a_site_that_answers_a_drop_at_a_time_is_left(site, room, monkeypatch):
    monkeypatch.setattr(outside, "ALTOGETHER", 0.5)
    stop = threading.Event()

    def drops(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", "100000")
        handler.end_headers()
        while not stop.wait(0.1):
            try:
                handler.wfile.write(b"X")
            except OSError:
                return

    site.answers["/a.ics"] = drops
    assert read(followed(room, f"{site.url}/a.ics")).problem
    stop.set()


def test_one_calendar_that_fails_does_not_keep_others_from_being_read(site, room):
    followed(room, f"{site.url}/rien.ics")
    served(site, week(10))
    followed(room, f"{site.url}/a.ics")
    assert imported.read_due(at=timezone.now()) == 1
    assert closed(room) == [(10, 17)]


def test_the_host_is_told_at_the_third_failure_in_a_row_once(site, room):
    calendar, now = followed(room, f"{site.url}/a.ics"), timezone.now()

    def fail(times):
        for _ in range(times):
            read(calendar)
        return Mail.objects.filter(event__startswith="housing.calendar_failing:").count()

    assert [fail(2), fail(1), fail(3)] == [0, 1, 1]
    mail = Mail.objects.get()
    assert mail.recipient == room.contact_email
    assert "L’autre site répond 404." in mail.text
    assert "localhost" in mail.text
    assert "/a.ics" not in mail.text  # the address is a secret of the host
    served(site, week(10))
    assert read(calendar, now + timedelta(hours=9)).failures == 0
    del site.answers["/a.ics"]
    assert [fail(2), fail(1)] == [1, 2]


def test_a_calendar_retired_while_it_is_read_closes_nothing(room):
    calendar = followed(room, "https://agenda.example.org/a.ics")
    imported.forget(dwelling=room, pk=calendar.pk, at=timezone.now())
    imported.replace_nights(calendar, [(day(10), day(17), "x")], timezone.now())
    assert closed(room) == []


# --- What must not be asked ------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/a.ics",
        "https://[::1]/a.ics",
        "https://10.0.0.8/a.ics",
        "https://192.168.1.1/a.ics",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::ffff:127.0.0.1]/a.ics",
        "https://0.0.0.0/a.ics",
        "https://2130706433/a.ics",
        "https://[fd00::1]/a.ics",
    ],
)
def test_addresses_inside_a_network_are_not_asked(room, url, monkeypatch):
    monkeypatch.setattr(socket, "create_connection", lambda *arguments, **options: pytest.fail("asked"))
    assert "réseau public" in read(followed(room, url)).problem


@pytest.mark.parametrize("url", ["http://agenda.example.org/a.ics", "file:///etc/passwd", "ftp://agenda.example.org/a", "https://"])
def test_only_https_is_asked(room, url, monkeypatch):
    monkeypatch.setattr(socket, "create_connection", lambda *arguments, **options: pytest.fail("asked"))
    assert read(followed(room, url)).problem


@pytest.mark.parametrize("target", ["https://127.0.0.1:{port}/b.ics", "http://127.0.0.1:{port}/b.ics", "file:///etc/passwd", "//10.0.0.8/"])
def test_a_redirect_does_not_lead_behind_our_door(site, room, target):
    served(site, week(10), path="/b.ics")
    site.answers["/a.ics"] = (302, {"Location": target.format(port=site.server_port)}, b"")
    assert read(followed(room, f"{site.url}/a.ics")).problem
    assert [path for path, _ in site.asked] == ["/a.ics"]
    assert closed(room) == []


def test_a_redirect_on_the_same_site_is_followed(site, room):
    served(site, week(10), path="/b.ics")
    site.answers["/a.ics"] = (301, {"Location": "/b.ics"}, b"")
    assert read(followed(room, f"{site.url}/a.ics")).problem == ""
    assert closed(room) == [(10, 17)]


def test_the_machine_that_is_asked_is_the_one_whose_address_was_judged(room, monkeypatch):
    """A name that stands for a public address when it is judged, and for this machine right after."""
    answers = iter(["8.8.8.8", "127.0.0.1", "127.0.0.1"])
    asked = []

    def names(host, port, *arguments, **options):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

    def connect(address, *arguments, **options):
        asked.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", names)
    monkeypatch.setattr(socket, "create_connection", connect)
    assert "ne répond pas" in read(followed(room, "https://agenda.example.org/a.ics")).problem
    assert asked == [("8.8.8.8", 443)]


def test_a_name_with_one_private_address_among_others_is_not_asked(room, monkeypatch):
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in ("8.8.8.8", "10.0.0.8")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *arguments, **options: found)
    monkeypatch.setattr(socket, "create_connection", lambda *arguments, **options: pytest.fail("asked"))
    assert "réseau public" in read(followed(room, "https://agenda.example.org/a.ics")).problem
