"""The host's calendar on a phone, behind the private link: what each button does, and what a GET does not."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse
from django.utils import timezone

from core import signed
from core.models import new_link_key
from housing import actions, host_calendar
from housing.enums import BookingState
from housing.models import Availability, Block, Booking, Dwelling, ImportedCalendar
from housing.private_link import PURPOSE
from tests.core.told import said
from tests.housing.factories import BlockFactory, BookingFactory, DwellingFactory, day

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


def address(dwelling):
    return reverse("housing:host_calendar", args=[signed.sign(PURPOSE, dwelling)])


def press(client, dwelling, verb, **fields):
    """Press a button of the page; its answer, and the page after it."""
    name = verb.partition(":")[0]
    data = {f"{name}-{field}": value for field, value in fields.items()}
    return client.post(address(dwelling), {"verb": verb, **data}, follow=True)


def days_of(model, dwelling):
    return [(row.period.lower, row.period.upper) for row in model.objects.filter(dwelling=dwelling).order_by("period")]


@pytest.fixture
def room():
    return DwellingFactory(offered=(day(0), day(100)))


def test_dates_are_offered_and_taken_back(client, room):
    answer = press(client, room, "offer", start="2026-11-02", end="2027-05-03")
    assert "Ces dates sont offertes." in answer.text
    assert days_of(Availability, room)[1] == (date(2026, 11, 2), date(2027, 5, 3))
    press(client, room, "stop", start="2026-11-02", end="2027-01-04")
    assert days_of(Availability, room)[1] == (date(2027, 1, 4), date(2027, 5, 3))


def test_a_semester_is_offered_in_one_click_and_its_button_goes(client, room):
    page = client.get(address(room)).text
    assert "Novembre 2026 à avril 2027" in page
    answer = press(client, room, "semester:2026-11")
    assert "Le semestre est offert." in answer.text
    assert (date(2026, 11, 2), date(2027, 5, 3)) in days_of(Availability, room)
    assert 'value="semester:2026-11"' not in answer.text
    assert 'value="semester:2027-05"' in answer.text
    assert "Ce semestre n’existe pas" in press(client, room, "semester:2026-12").text


def test_what_was_done_is_said_once_with_the_month_that_was_shown(client, now, room):
    data = {"verb": "offer", "offer-start": "2026-11-02", "offer-end": "2027-05-03", "mois": "2026-11"}
    answer = client.post(address(room), data)
    assert said(answer) == (address(room), "offer")
    page = client.get(answer.url).text
    assert "Ces dates sont offertes." in page
    assert page.index("<caption>Novembre 2026</caption>") == page.index("<caption>")
    for again in (f"{address(room)}?fait=offer", answer.url.replace(address(room), address(DwellingFactory()))):
        assert "Ces dates sont offertes." not in client.get(again).text
    with time_machine.travel(timezone.now() + timedelta(minutes=6), tick=False):
        assert "Ces dates sont offertes." not in client.get(answer.url).text


def test_days_are_closed_and_reopened(client, room):
    press(client, room, "close", start="2026-07-01", end="2026-07-08")
    assert days_of(Block, room) == [(date(2026, 7, 1), date(2026, 7, 8))]
    page = client.get(address(room)).text
    assert 'name="reopen-start" value="2026-07-01"' in page
    press(client, room, "reopen", start="2026-07-01", end="2026-07-08")
    assert days_of(Block, room) == []


def test_the_same_stay_noted_twice_at_once_holds_one_room(client, now):
    residence = DwellingFactory(residence=True, places=3)
    for _ in range(2):
        assert "Le séjour est noté." in press(client, residence, "note", start="2026-07-01", end="2026-07-08", note="Amis").text
    assert Booking.objects.count() == 1
    press(client, residence, "note", start="2026-07-01", end="2026-07-08", note="Cousins")
    assert Booking.objects.count() == 2
    later = timezone.now() + timedelta(minutes=11)
    actions.note_stay(dwelling=residence, start=date(2026, 7, 1), end=date(2026, 7, 8), note="Amis", at=later)
    assert Booking.objects.count() == 3


def test_a_stay_is_noted_then_cancelled_with_a_reason(client, room):
    press(client, room, "note", start="2026-07-01", end="2026-07-08", note="Amis")
    stay = Booking.objects.get()
    assert (stay.state, stay.note) == (BookingState.CONFIRMED, "Amis")
    bare = client.post(address(room), {"verb": f"cancel:{stay.pk}", f"cancel-{stay.pk}-reason": ""})
    assert f'href="#id_cancel-{stay.pk}-reason"' in bare.text
    client.post(address(room), {"verb": f"cancel:{stay.pk}", f"cancel-{stay.pk}-reason": "Fuite d'eau"})
    stay.refresh_from_db()
    assert (stay.state, stay.reason) == (BookingState.CANCELLED, "Fuite d’eau")
    again = client.post(address(room), {"verb": f"cancel:{stay.pk}", f"cancel-{stay.pk}-reason": "Encore"})
    assert "n’est plus confirmé" in again.text


def test_the_stays_of_another_dwelling_are_out_of_reach(client, room):
    other = BookingFactory()
    client.post(address(room), {"verb": f"cancel:{other.pk}", f"cancel-{other.pk}-reason": "Non"})
    other.refresh_from_db()
    assert other.state == BookingState.CONFIRMED
    calendar = ImportedCalendar.objects.create(dwelling=other.dwelling, url="https://agenda.example.org/a.ics")
    press(client, room, f"forget:{calendar.pk}")
    assert ImportedCalendar.objects.filter(pk=calendar.pk).exists()


def test_a_stay_that_outlives_its_mobility_lease_says_so(client, room):
    Dwelling.objects.update(lease="mobility", is_furnished=True, deposit=0)
    stay = BookingFactory(dwelling=room, period=DateRange(day(5), day(150)))
    for until, told in ((day(300), False), (day(320), True)):
        press = {"verb": f"prolong:{stay.pk}", f"prolong-{stay.pk}-until": until.isoformat()}
        assert ("article\u00a025-14" in client.post(address(room), press, follow=True).text) is told
        stay = stay.prolongations.get()


def test_a_single_stay_longer_than_its_mobility_lease_says_so(client, room):
    Dwelling.objects.update(lease="mobility", is_furnished=True, deposit=0)
    stay = BookingFactory(dwelling=room, period=DateRange(day(5), day(365)))
    assert "article\u00a025-14" in client.get(address(room)).text
    Booking.objects.filter(pk=stay.pk).update(period=DateRange(day(5), day(200)))
    assert "article\u00a025-14" not in client.get(address(room)).text


def test_a_confirmed_stay_goes_on_in_its_room_until_a_day(client, room):
    stay = BookingFactory(dwelling=room, period=DateRange(day(5), day(20)))
    verb = f"prolong:{stay.pk}"
    fields = {f"{stay.pk}-until": day(30).isoformat()}
    assert "prolong-" in client.get(address(room)).text
    for until in (day(20), day(3)):
        answer = client.post(address(room), {"verb": verb, f"prolong-{stay.pk}-until": until.isoformat()})
        assert "Le dernier jour vient avant le premier" in answer.text
    for _ in range(2):
        answer = client.post(address(room), {"verb": verb, **{f"prolong-{name}": value for name, value in fields.items()}}, follow=True)
        assert "Le séjour est prolongé." in answer.text
    longer = stay.prolongations.get()
    assert (longer.period, longer.place, longer.state) == (DateRange(day(20), day(30)), 1, BookingState.CONFIRMED)
    page = client.get(address(room)).text
    assert f'value="{verb}"' not in page
    assert f'value="prolong:{longer.pk}"' in page
    other = client.post(address(room), {"verb": verb, f"prolong-{stay.pk}-until": day(40).isoformat()})
    assert "Ce séjour est déjà prolongé" in other.text
    BookingFactory(dwelling=room, period=DateRange(day(32), day(50)))
    taken = client.post(address(room), {"verb": f"prolong:{longer.pk}", f"prolong-{longer.pk}-until": day(40).isoformat()})
    assert "Aucune chambre n’est libre" in taken.text
    assert f'name="prolong-{longer.pk}-until" value="{day(40).isoformat()}"' in taken.text
    assert Booking.objects.count() == 3


def test_what_each_other_calendar_closes_is_counted(client, room):
    for rank in (1, 2):
        calendar = room.imported_calendars.create(url=f"https://agenda.example.org/{rank}.ics", read_at=timezone.now())
    for first, last in ((day(-4), day(2)), (day(10), day(13))):
        Block.objects.create(dwelling=room, calendar=calendar, period=DateRange(first, last))
    page = client.get(address(room)).text
    assert "Il ferme 5&nbsp;nuits d’ici deux ans." in page
    assert page.count("Il ne ferme aucune nuit.") == 1


def test_the_number_of_rooms_is_changed_unless_somebody_holds_one(client):
    residence = DwellingFactory(residence=True, places=3)
    BookingFactory(dwelling=residence, place=2)
    assert "La chambre 2 est prise" in press(client, residence, "places", places="1").text
    press(client, residence, "places", places="5")
    assert Dwelling.objects.get(pk=residence.pk).places == 5


@pytest.mark.parametrize(
    ("verb", "fields", "words"),
    [
        ("offer", {"start": "2026-11-02", "end": "2031-11-02"}, "Le dernier jour est trop loin"),
        ("offer", {"start": "2026-11-02", "end": "2026-11-02"}, "Le dernier jour vient avant le premier"),
        ("offer", {"start": "2020-11-02", "end": "2026-11-02"}, "trop ancien"),
        ("offer", {"start": "0026-11-02", "end": "2026-11-02"}, "Vérifiez l’année"),
        ("offer", {"start": "9999-12-31", "end": "9999-12-31"}, "Vérifiez l’année"),
        ("offer", {"start": "demain", "end": "\x00"}, "date valide"),
        ("offer", {}, "obligatoire"),
        ("close", {"start": "2026-01-02", "end": "2026-02-02"}, "Ces dates sont passées"),
        ("note", {"start": "2026-07-01", "end": "2026-07-08", "note": "x" * 121}, "120 caractères"),
        ("places", {"places": "9" * 30}, "200"),
        ("import", {"url": "http://agenda.example.org/a.ics"}, "commence par https://"),
        ("import", {"url": "pas une adresse"}, "URL valide"),
        ("semester:\x00", {}, "Ce semestre n’existe pas"),
        ("cancel:99999999999999999999", {"99999999999999999999-reason": "Fuite d’eau"}, "n’est plus confirmé"),
        ("delete", {}, "Ce bouton n’existe pas"),
        ("", {}, "Ce bouton n’existe pas"),
    ],
)
def test_what_cannot_be_is_answered_in_words_and_nothing_typed_is_lost(client, room, verb, fields, words):
    answer = press(client, room, verb, **fields)
    assert answer.status_code == 200
    assert words in answer.text
    assert days_of(Availability, room) == [(day(0), day(100))]
    for value in fields.values():
        if value.isalnum() and len(value) < 20:
            assert f'value="{value}"' in answer.text
    assert not Booking.objects.exists()


def test_a_get_changes_nothing_whatever_it_says(client, room):
    stay = BookingFactory(dwelling=room)
    before = list(Dwelling.objects.values()), list(Booking.objects.values()), list(Availability.objects.values())
    for query in (
        "verb=offer&offer-start=2026-11-02&offer-end=2027-05-03",
        f"verb=cancel:{stay.pk}",
        "fait=offer",
        "verb=semester:2026-11",
    ):
        answer = client.get(f"{address(room)}?{query}")
        assert answer.status_code == 200
        assert not answer.cookies
    assert (list(Dwelling.objects.values()), list(Booking.objects.values()), list(Availability.objects.values())) == before


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("", "Juin 2026"),
        ("2026-11", "Novembre 2026"),
        ("1990-01", "Juin 2026"),
        ("9999-12", "Juin 2029"),
        ("0000-01", "Juin 2026"),
        ("\x00", "Juin 2026"),
    ],
)
def test_months_are_leafed_through_between_now_and_the_end_of_calendars(client, room, asked, first):
    page = client.get(address(room), {"mois": asked}).text
    assert page.index(f"<caption>{first}</caption>") == page.index("<caption>")
    assert page.count("<caption>") == host_calendar.SHOWN_MONTHS


def test_what_waits_comes_before_the_months_and_only_days_that_are_not_free_carry_a_word(client, room):
    BookingFactory(dwelling=room, state=BookingState.REQUESTED)
    page = client.get(address(room)).text
    places = [page.index(f'id="{part}"') for part in ("demandes", "sejours", "mois", "offert")]
    assert places == sorted(places)
    assert '<span class="sr">libre</span>' in page
    assert 'aria-hidden="true">libre<' not in page


def test_each_day_is_told_in_a_word(now):
    residence = DwellingFactory(residence=True, places=2, offered=(date(2026, 6, 1), date(2026, 7, 20)))
    BookingFactory(dwelling=residence, place=1, period=DateRange(date(2026, 7, 2), date(2026, 7, 10)))
    BookingFactory(dwelling=residence, place=2, period=DateRange(date(2026, 7, 4), date(2026, 7, 6)))
    BookingFactory(dwelling=residence, state=BookingState.REQUESTED, period=DateRange(date(2026, 7, 1), date(2026, 7, 3)))
    BookingFactory(dwelling=residence, place=1, period=DateRange(date(2026, 7, 18), date(2026, 7, 25)))
    BlockFactory(dwelling=residence, period=DateRange(date(2026, 7, 8), date(2026, 7, 12)))
    diary = host_calendar.Diary(residence, timezone.localdate())
    words = {number: diary.day(date(2026, 7, number)) for number in (1, 2, 5, 6, 9, 11, 17, 19, 20, 25)}
    assert {number: told.words for number, told in words.items()} == {
        1: "libre",
        2: "1 chambre prise sur 2".replace(" ", "\u00a0", 1),
        5: "pris",
        6: "1 chambre prise sur 2".replace(" ", "\u00a0", 1),
        9: "fermé, 1\u00a0séjour",
        11: "fermé",
        17: "libre",
        19: "1 chambre prise sur 2".replace(" ", "\u00a0", 1),
        20: "pas offert, 1\u00a0séjour",
        25: "pas offert",
    }
    assert (words[1].asked, words[2].asked, words[5].asked) == (1, 1, 0)


def test_the_page_costs_the_same_for_one_stay_and_for_many(client, room, django_assert_num_queries):
    url = address(room)
    BookingFactory(dwelling=room)
    BookingFactory(dwelling=room, state=BookingState.WAITING)
    with django_assert_num_queries(7):
        client.get(url)
    for rank in range(2, 6):
        BookingFactory(dwelling=room, period=DateRange(day(rank * 40), day(rank * 40 + 10)))
        BookingFactory(dwelling=room, state=BookingState.WAITING)
        BlockFactory(dwelling=room, period=DateRange(day(rank * 40 + 20), day(rank * 40 + 21)))
    with django_assert_num_queries(7):
        client.get(url)


def test_another_calendar_is_followed_and_its_problem_told(client, room):
    answer = press(client, room, "import", url="webcal://agenda.example.org/a.ics")
    assert "il sera lu dans les minutes qui viennent" in answer.text
    calendar = ImportedCalendar.objects.get()
    assert calendar.url == "https://agenda.example.org/a.ics"
    ImportedCalendar.objects.update(problem="L’autre site répond 404.", read_at=timezone.now() - timedelta(hours=5))
    page = client.get(address(room)).text
    assert "L’autre site répond 404." in page
    assert "Les jours de la dernière lecture restent fermés" in page
    for rank in range(3):
        answer = press(client, room, "import", url=f"https://agenda.example.org/{rank}.ics")
    assert "suit au plus 3 autres calendriers" in answer.text
    press(client, room, f"forget:{calendar.pk}")
    assert ImportedCalendar.objects.count() == 2


def test_a_void_link_opens_no_calendar(client, room):
    url = address(room)
    Dwelling.objects.filter(pk=room.pk).update(link_key=new_link_key())
    assert client.get(url).status_code == 404
    assert client.post(url, {"verb": "semester:2026-11"}).status_code == 404
    assert days_of(Availability, room) == [(day(0), day(100))]


def test_horizon_is_three_years():
    assert actions.horizon(date(2026, 6, 15)) == date(2029, 6, 17)
