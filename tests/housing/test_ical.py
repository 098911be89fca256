"""Stays for the host's diary, and the nights of a calendar kept elsewhere."""

from datetime import date

import pytest
from icalendar import Calendar

from core.models import new_link_key
from housing import actions, ical
from housing.enums import BookingState
from housing.ical_reading import Unreadable, nights
from housing.models import Booking, Dwelling
from tests.housing.factories import BookingFactory, DwellingFactory, day

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

TODAY = date(2026, 6, 15)


def book(*events, head=""):
    """A calendar of these events, as another program writes it."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Ailleurs//FR", *filter(None, [head])]
    for rank, event in enumerate(events):
        uid = "" if "UID:" in event else f"UID:evenement-{rank}@ailleurs.example.org\n"
        lines += ["BEGIN:VEVENT", *(uid + event).split("\n"), "DTSTAMP:20260101T000000Z", "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def taken(*events, **options):
    return [(first, last) for first, last, _ in nights(book(*events, **options), TODAY)]


# --- The file of stays -----------------------------------------------------------------------


def read(answer):
    return {str(event["UID"]): event for event in Calendar.from_ical(answer.content).walk("VEVENT")}


def test_confirmed_stays_are_whole_days_that_end_on_departure(client):
    dwelling = DwellingFactory(residence=True, places=2, contact_name="Camille Exemple")
    stay = BookingFactory(
        dwelling=dwelling, place=2, period=(date(2026, 11, 2), date(2027, 5, 3)), purpose="Stage", note="Zoé, 06 12 34 56 78"
    )
    BookingFactory(dwelling=dwelling, state=BookingState.REQUESTED)
    BookingFactory()
    answer = client.get(ical.feed_path(dwelling))
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    [(uid, event)] = read(answer).items()
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (date(2026, 11, 2), date(2027, 5, 3))
    assert uid == f"sejour-{stay.pk}@example.org"
    assert str(event["SUMMARY"]) == "Séjour confirmé\u00a0: chambre 2"
    for said in ("Zoé", "06 12", "Stage", "Camille", dwelling.contact_email):
        assert said not in answer.text


def test_the_file_is_what_the_standard_wants(client):
    dwelling = DwellingFactory(title="Chambre au calme, avec un très long titre ; des signes, et des accents « ici » et là")
    BookingFactory(dwelling=dwelling)
    content = client.get(ical.feed_path(dwelling)).content
    assert content.startswith(b"BEGIN:VCALENDAR\r\n")
    assert content.endswith(b"END:VCALENDAR\r\n")
    lines = content.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert not any(b"\n" in line for line in lines)
    for name in (b"VERSION:2.0", b"PRODID:", b"UID:", b"DTSTAMP:", b"DTSTART;VALUE=DATE:", b"DTEND;VALUE=DATE:"):
        assert sum(line.startswith(name) for line in lines) == 1
    assert not Calendar.from_ical(content).errors


def test_the_file_is_the_same_as_long_as_no_stay_changes(client, time_machine):
    dwelling = DwellingFactory()
    stay = BookingFactory(dwelling=dwelling, period=(day(10), day(20)))
    url = ical.feed_path(dwelling)
    first = client.get(url)
    assert client.get(url).content == first.content
    again = client.get(url, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert read(first).keys() == {f"sejour-{stay.pk}@example.org"}
    actions.cancel_stay(booking=stay, reason="", at=stay.confirmed_at)
    changed = client.get(url, headers={"if-none-match": first["ETag"]})
    assert changed.status_code == 200
    assert not read(changed)


def test_a_new_key_voids_the_address_and_no_other_link_opens_the_file(client):
    dwelling = DwellingFactory()
    url = ical.feed_path(dwelling)
    assert client.get(url).status_code == 200
    assert client.post(url).status_code == 405
    for wrong in ("rien", "x" * 3000, "a:b:c"):
        assert client.get(f"/s-installer/logement/agenda/{wrong}.ics").status_code == 404
    Dwelling.objects.filter(pk=dwelling.pk).update(link_key=new_link_key())
    assert client.get(url).status_code == 404


def test_the_address_is_kept_out_of_indexes_and_sets_no_cookie(client):
    answer = client.get(ical.feed_path(DwellingFactory()))
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Cache-Control"] == "private, no-cache"
    assert not answer.cookies


def test_the_file_costs_two_queries_whatever_there_is(client, django_assert_num_queries):
    dwelling = DwellingFactory()
    url = ical.feed_path(dwelling)
    for rank in range(3):
        BookingFactory(dwelling=dwelling, period=(day(rank * 10), day(rank * 10 + 5)))
        with django_assert_num_queries(2):
            client.get(url)


# --- What another calendar says --------------------------------------------------------------


@pytest.mark.parametrize(
    ("event", "periods"),
    [
        ("DTSTART;VALUE=DATE:20260701\nDTEND;VALUE=DATE:20260703", [(date(2026, 7, 1), date(2026, 7, 3))]),
        ("DTSTART;VALUE=DATE:20260701", [(date(2026, 7, 1), date(2026, 7, 2))]),
        ("DTSTART;VALUE=DATE:20260701\nDTEND;VALUE=DATE:20260701", [(date(2026, 7, 1), date(2026, 7, 2))]),
        ("DTSTART;VALUE=DATE:20260701\nDURATION:P3D", [(date(2026, 7, 1), date(2026, 7, 4))]),
        ("DTSTART:20260701T160000\nDTEND:20260703T110000", [(date(2026, 7, 1), date(2026, 7, 3))]),
        ("DTSTART:20260701T090000\nDTEND:20260701T103000", []),  # an appointment takes no night
        ("DTSTART:20260701T223000Z\nDTEND:20260703T090000Z", [(date(2026, 7, 2), date(2026, 7, 3))]),  # already the 2nd in France
        ("DTSTART;TZID=Europe/Paris:20260701T160000\nDURATION:P1DT2H", [(date(2026, 7, 1), date(2026, 7, 2))]),
        ("DTSTART;VALUE=DATE:20260701\nDTEND;VALUE=DATE:20260703\nSTATUS:CANCELLED", []),
        (
            "DTSTART;VALUE=DATE:20260701\nDTEND;VALUE=DATE:20260703\nTRANSP:TRANSPARENT",
            [(date(2026, 7, 1), date(2026, 7, 3))],
        ),
        ("DTSTART:20260701T160000\nDTEND:20260703T110000\nTRANSP:TRANSPARENT", []),
        ("DTSTART;VALUE=DATE:20260501\nDTEND;VALUE=DATE:20260620", [(TODAY, date(2026, 6, 20))]),
        ("DTSTART;VALUE=DATE:20260501\nDTEND;VALUE=DATE:20260615", []),
        ("DTSTART;VALUE=DATE:20260701\nDTEND;VALUE=DATE:20660703", [(date(2026, 7, 1), date(2028, 6, 16))]),
        ("DTSTART;VALUE=DATE:20400701\nDTEND;VALUE=DATE:20400703", []),
    ],
)
def test_the_nights_of_an_event(event, periods):
    assert taken(event) == periods


@pytest.mark.parametrize(
    ("event", "periods"),
    [
        (
            "DTSTART;VALUE=DATE:20260703\nDTEND;VALUE=DATE:20260705\nRRULE:FREQ=WEEKLY;COUNT=3",
            [(date(2026, 7, 3), date(2026, 7, 5)), (date(2026, 7, 10), date(2026, 7, 12)), (date(2026, 7, 17), date(2026, 7, 19))],
        ),
        (
            "DTSTART;VALUE=DATE:20260703\nDTEND;VALUE=DATE:20260705\nRRULE:FREQ=WEEKLY;UNTIL=20260717\nEXDATE;VALUE=DATE:20260710",
            [(date(2026, 7, 3), date(2026, 7, 5)), (date(2026, 7, 17), date(2026, 7, 19))],
        ),
        (
            "DTSTART;TZID=Europe/Paris:20260703T180000\nDURATION:P1D\nRRULE:FREQ=WEEKLY;UNTIL=20260710T160000Z;BYDAY=FR",
            [(date(2026, 7, 3), date(2026, 7, 4)), (date(2026, 7, 10), date(2026, 7, 11))],
        ),
        ("DTSTART;VALUE=DATE:20200101\nRRULE:FREQ=DAILY", [(TODAY, date(2028, 6, 16))]),  # touching nights are one period
        (
            "DTSTART;VALUE=DATE:20200801\nDTEND;VALUE=DATE:20200816\nRRULE:FREQ=YEARLY",
            [(date(2026, 8, 1), date(2026, 8, 16)), (date(2027, 8, 1), date(2027, 8, 16))],
        ),
        (
            "DTSTART;VALUE=DATE:20260701\nRDATE;VALUE=DATE:20260710,20260712",
            [(date(2026, 7, 1), date(2026, 7, 2)), (date(2026, 7, 10), date(2026, 7, 11)), (date(2026, 7, 12), date(2026, 7, 13))],
        ),
    ],
)
def test_the_nights_of_an_event_that_is_repeated(event, periods):
    assert taken(event) == periods


def test_one_occurrence_moved_takes_its_new_nights_and_leaves_the_old_ones():
    series = "UID:serie\nDTSTART;VALUE=DATE:20260703\nDTEND;VALUE=DATE:20260705\nRRULE:FREQ=WEEKLY;COUNT=2"
    moved = "UID:serie\nRECURRENCE-ID;VALUE=DATE:20260710\nDTSTART;VALUE=DATE:20260714\nDTEND;VALUE=DATE:20260715"
    assert taken(series, moved) == [(date(2026, 7, 3), date(2026, 7, 5)), (date(2026, 7, 14), date(2026, 7, 15))]
    assert taken(series, f"{moved}\nSTATUS:CANCELLED") == [(date(2026, 7, 3), date(2026, 7, 5))]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "format iCal"),
        (b"<html><body>Connectez-vous</body></html>", "format iCal"),
        (book("DTSTART;VALUE=DATE:20260701")[:-20], "coupé"),
        (book("DTSTART:demain"), "ne se lisent pas"),
        (book("SUMMARY:Sans date"), "ne se lisent pas"),
        (book("DTSTART;VALUE=DATE:20260701\nDTSTART;VALUE=DATE:20260801"), "ne se lisent pas"),
        (book("DTSTART;VALUE=DATE:20260701\nDTEND;VALUE=DATE:99991231\nRRULE:FREQ=DAILY"), "ne se lisent pas"),
        (book("DTSTART:20260701T000000\nDURATION:P1D\nRRULE:FREQ=SECONDLY"), "pas comprise"),
        (book("DTSTART;VALUE=DATE:20260701\nRRULE:FREQ=DAILY;BYMONTHDAY=31"), "pas comprise"),
        (book("DTSTART;VALUE=DATE:00010101\nRRULE:FREQ=DAILY"), "pas comprise"),
        (book("DTSTART;VALUE=DATE:20260630\nRRULE:FREQ=DAILY;INTERVAL=0;BYDAY=MO"), "pas comprise"),
        (book("DTSTART;VALUE=DATE:20260630\nRRULE:FREQ=DAILY;INTERVAL=-1;BYDAY=MO"), "pas comprise"),
        (book(f"DTSTART;VALUE=DATE:20260630\nRRULE:FREQ=MONTHLY;BYMONTHDAY=1;BYSETPOS={','.join(['9'] * 300)}"), "pas comprise"),
        (book("DTSTART;VALUE=DATE:19700101\nRRULE:FREQ=DAILY"), "trop de fois"),
        (book(*[f"DTSTART;VALUE=DATE:{2026 + rank // 300}{7 + rank // 28 % 3:02}{rank % 28 + 1:02}" for rank in range(8001)]), "8000"),
    ],
)
def test_what_cannot_be_understood_is_refused_as_a_whole(content, words):
    with pytest.raises(Unreadable, match=words):
        nights(content, TODAY)


def test_however_many_events_there_are_their_periods_are_few():
    every_other_day = "DTSTART;VALUE=DATE:20260701\nRRULE:FREQ=DAILY;INTERVAL=2"
    assert len(taken(*[every_other_day] * 50)) == 358


def test_our_own_stays_are_known_by_their_name():
    dwelling = DwellingFactory()
    stay = BookingFactory(dwelling=dwelling, period=(day(10), day(20)))
    content = ical.feed(dwelling, TODAY)
    assert nights(content, TODAY, lambda uid: ical.own_stay(uid) == stay.pk) == []
    assert [(first, last) for first, last, _ in nights(content, TODAY)] == [(day(10), day(20))]
    assert ical.own_stay("sejour-12@ailleurs.example.org") is None
    assert ical.own_stay("sejour-999999999999999@example.org") is None
    assert Booking.objects.count() == 1
