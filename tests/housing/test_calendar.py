"""The calendar of a dwelling: what is offered, asked for, held, given up."""

from datetime import date, timedelta
from random import Random

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from core import french
from core.enums import State
from housing import actions, calendar
from housing.actions import StayRefused, stays
from housing.enums import BookingOrigin, BookingState
from housing.models import Booking, Dwelling
from tests.housing.factories import BlockFactory, BookingFactory, DwellingFactory, day

pytestmark = pytest.mark.django_db


def periods(rows):
    return [((row.period.lower - day(0)).days, (row.period.upper - day(0)).days) for row in rows.order_by("period")]


def ask(dwelling, start, end, **values):
    return actions.request_stay(dwelling=dwelling, start=day(start), end=day(end), at=timezone.now(), **values)


def confirm(booking):
    return actions.confirm_stay(booking=booking, at=timezone.now())


def state_of(stay):
    return Booking.objects.get(pk=stay.pk).state


def room(**values):
    return DwellingFactory(offered=(day(0), day(300)), **values)


# --- What is offered -------------------------------------------------------------------------


def test_periods_that_touch_or_overlap_become_one():
    dwelling = DwellingFactory()
    for start, end in ((10, 20), (40, 50), (20, 30), (25, 41), (60, 70)):
        actions.offer(dwelling=dwelling, start=day(start), end=day(end))
    assert periods(dwelling.availabilities) == [(10, 50), (60, 70)]


def test_a_part_of_what_is_offered_is_taken_back():
    dwelling = DwellingFactory(offered=(day(0), day(100)))
    actions.stop_offering(dwelling=dwelling, start=day(30), end=day(40))
    actions.stop_offering(dwelling=dwelling, start=day(90), end=day(200))
    assert periods(dwelling.availabilities) == [(0, 30), (40, 90)]


def test_the_host_closes_and_opens_days_and_leaves_alone_what_another_calendar_says():
    dwelling = room()
    calendar = dwelling.imported_calendars.create(url="https://agenda.example.org/a.ics")
    BlockFactory(dwelling=dwelling, calendar=calendar, period=DateRange(day(8), day(12)))
    actions.close(dwelling=dwelling, start=day(5), end=day(10))
    actions.close(dwelling=dwelling, start=day(10), end=day(15))
    assert periods(dwelling.blocks.filter(calendar=None)) == [(5, 15)]
    actions.reopen(dwelling=dwelling, start=day(0), end=day(14))
    assert periods(dwelling.blocks.all()) == [(8, 12), (14, 15)]


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (10, 10, "Le dernier jour vient avant le premier"),
        (10, 9, "Le dernier jour vient avant le premier"),
        (-10, 0, "Ces dates sont passées"),
        (-400, 10, "Le premier jour est trop ancien"),
        (10, 40 * 365, "Le dernier jour est trop loin"),
    ],
)
@pytest.mark.parametrize("verb", ["offer", "close", "note_stay", "request_stay"])
def test_days_that_nobody_can_mean_are_refused_in_words(verb, start, end, words):
    dwelling = room()
    moment = {"at": timezone.now()}
    with pytest.raises(StayRefused, match=words):
        getattr(actions, verb)(dwelling=dwelling, start=day(start), end=day(end), **moment)
    assert periods(dwelling.availabilities) == [(0, 300)]
    assert not dwelling.blocks.exists()
    assert not dwelling.bookings.exists()


def test_every_change_of_a_calendar_is_a_change_of_its_dwelling():
    dwelling = room()
    for change in (
        lambda: actions.offer(dwelling=dwelling, start=day(0), end=day(310)),
        lambda: actions.close(dwelling=dwelling, start=day(200), end=day(210)),
        lambda: confirm(ask(dwelling, 3, 5)),
    ):
        Dwelling.objects.filter(pk=dwelling.pk).update(updated_at=timezone.now() - timedelta(days=1))
        change()
        assert Dwelling.objects.get(pk=dwelling.pk).updated_at > timezone.now() - timedelta(minutes=1)


# --- Asking ----------------------------------------------------------------------------------


def test_a_stay_is_asked_for_and_confirmed_in_the_first_free_room():
    dwelling = room(residence=True, places=3)
    BookingFactory(dwelling=dwelling, place=1, period=DateRange(day(10), day(20)))
    BookingFactory(dwelling=dwelling, place=3, period=DateRange(day(25), day(40)))
    stay = ask(dwelling, 15, 30, purpose="Stage\u0000 de gériatrie")
    assert (stay.state, stay.place, stay.purpose) == (BookingState.REQUESTED, None, "Stage de gériatrie")
    stored = confirm(stay)
    assert (stored.place, stored.state, stored.origin) == (2, BookingState.CONFIRMED, BookingOrigin.PORTAL)
    assert confirm(ask(dwelling, 20, 25)).place == 1


def test_what_is_taken_goes_on_the_waiting_list():
    dwelling = room()
    confirm(ask(dwelling, 10, 20))
    assert ask(dwelling, 19, 30).state == BookingState.WAITING
    assert ask(dwelling, 20, 30).state == BookingState.REQUESTED


def test_closed_days_and_those_of_another_calendar_wait_too():
    dwelling = room()
    BlockFactory(dwelling=dwelling, period=DateRange(day(10), day(20)))
    assert ask(dwelling, 19, 30).state == BookingState.WAITING


@pytest.mark.parametrize(
    ("values", "start", "end", "words"),
    [
        ({}, -1, 10, "Le jour d’arrivée est passé"),
        ({"min_stay_days": 30}, 10, 39, "au moins 30 jours"),
        ({"max_stay_days": 30}, 10, 41, "au plus 30 jours"),
        ({}, 290, 301, "n’offre pas ce logement"),
    ],
)
def test_a_stay_that_the_host_does_not_take_is_refused_in_words(values, start, end, words):
    dwelling = room(**values)
    with pytest.raises(StayRefused, match=words):
        ask(dwelling, start, end)
    assert not Booking.objects.exists()


def test_what_is_not_offered_yet_may_be_waited_for():
    dwelling = room()
    assert ask(dwelling, 290, 330, wait=True).state == BookingState.WAITING


@pytest.mark.parametrize("state", ["paused", "withdrawn", "draft"])
def test_a_dwelling_that_readers_do_not_see_cannot_be_asked_for(state):
    dwelling = room(**{state: True})
    with pytest.raises(StayRefused, match="n’est plus proposé"):
        ask(dwelling, 10, 20)


def test_a_paused_dwelling_still_answers_what_was_asked():
    dwelling = room()
    stay = ask(dwelling, 10, 20)
    Dwelling.objects.filter(pk=dwelling.pk).update(state=State.PAUSED)
    assert confirm(stay).state == BookingState.CONFIRMED


# --- Confirming ------------------------------------------------------------------------------


def test_confirming_twice_changes_nothing():
    dwelling = room(residence=True, places=2)
    stay = confirm(ask(dwelling, 10, 20))
    again = actions.confirm_stay(booking=Booking.objects.get(pk=stay.pk), at=timezone.now() + timedelta(hours=1))
    assert (again.place, again.confirmed_at) == (1, stay.confirmed_at)
    assert Booking.objects.confirmed().count() == 1


def test_the_second_of_two_requests_is_refused_and_stays_asked_for():
    dwelling = room()
    first, second = ask(dwelling, 10, 20), ask(dwelling, 19, 30)
    confirm(first)
    with pytest.raises(StayRefused, match="Aucune chambre n’est libre"):
        confirm(second)
    second.refresh_from_db()
    assert (second.state, second.place) == (BookingState.REQUESTED, None)


def test_closed_days_are_opened_before_a_stay_is_confirmed():
    dwelling = room()
    stay = ask(dwelling, 10, 20)
    actions.close(dwelling=dwelling, start=day(12), end=day(13))
    with pytest.raises(StayRefused, match="fermées"):
        confirm(stay)
    actions.reopen(dwelling=dwelling, start=day(12), end=day(13))
    assert confirm(stay).place == 1


@pytest.mark.parametrize("verb", ["refuse_stay", "cancel_stay"])
def test_what_ended_is_not_confirmed(verb):
    stay = ask(room(), 10, 20)
    getattr(actions, verb)(booking=stay, reason="Travaux", at=timezone.now())
    with pytest.raises(StayRefused, match="nouvelle demande"):
        confirm(stay)
    stay.refresh_from_db()
    assert (stay.reason, stay.place) == ("Travaux", None)
    assert stay.ended_at


def test_a_stay_that_is_over_is_not_confirmed():
    stay = ask(room(), 10, 20)
    with pytest.raises(StayRefused, match="est passé"):
        actions.confirm_stay(booking=stay, at=timezone.now() + timedelta(days=20))


def test_a_confirmed_stay_is_cancelled_and_not_refused():
    stay = confirm(ask(room(), 10, 20))
    with pytest.raises(StayRefused, match="annulez-le"):
        actions.refuse_stay(booking=stay, reason="Non", at=timezone.now())
    actions.cancel_stay(booking=stay, reason="Fuite d’eau", at=timezone.now())
    stay.refresh_from_db()
    assert (stay.state, stay.reason) == (BookingState.CANCELLED, "Fuite d’eau")


# --- The waiting list ------------------------------------------------------------------------


def test_who_asked_first_leaves_the_list_first_and_one_room_makes_one_request():
    dwelling = room()
    held = confirm(ask(dwelling, 10, 40))
    first, second, later = ask(dwelling, 10, 30), ask(dwelling, 12, 35), ask(dwelling, 35, 40)
    assert actions.first_waiting(dwelling=dwelling, start=day(0), end=day(300)) == first
    assert list(actions.waiting_for(dwelling=dwelling, start=day(36), end=day(60))) == [later]
    assert actions.cancel_stay(booking=held, reason="", at=timezone.now()) == [first, later]
    assert actions.cancel_stay(booking=held, reason="", at=timezone.now()) == []
    second.refresh_from_db()
    assert second.state == BookingState.WAITING
    assert actions.refuse_stay(booking=first, reason="", at=timezone.now()) == [second]


def test_whoever_waits_leaves_the_list_when_the_host_opens_days():
    dwelling = room()
    stay = ask(dwelling, 290, 320, wait=True)
    actions.offer(dwelling=dwelling, start=day(300), end=day(310))
    assert state_of(stay) == BookingState.WAITING
    actions.offer(dwelling=dwelling, start=day(310), end=day(320))
    assert state_of(stay) == BookingState.REQUESTED


def test_whoever_waits_leaves_the_list_when_closed_days_or_a_room_open():
    dwelling = room(residence=True, places=1)
    confirm(ask(dwelling, 10, 20))
    actions.close(dwelling=dwelling, start=day(40), end=day(50))
    for_room, for_days = ask(dwelling, 10, 20), ask(dwelling, 45, 60)
    actions.reopen(dwelling=dwelling, start=day(40), end=day(50))
    assert (state_of(for_room), state_of(for_days)) == (BookingState.WAITING, BookingState.REQUESTED)
    actions.change_places(dwelling=dwelling, places=2)
    assert state_of(for_room) == BookingState.REQUESTED


def test_nobody_leaves_the_list_of_a_dwelling_that_is_not_shown_until_it_comes_back():
    dwelling = room()
    held = confirm(ask(dwelling, 10, 20))
    waiting = ask(dwelling, 10, 20)
    Dwelling.objects.filter(pk=dwelling.pk).update(state=State.PAUSED)
    assert actions.cancel_stay(booking=held, at=timezone.now()) == []
    assert actions.promote_all(at=timezone.now()) == []
    Dwelling.objects.filter(pk=dwelling.pk).update(state=State.PUBLISHED)
    assert actions.promote_all(at=timezone.now()) == [waiting]
    assert actions.promote_all(at=timezone.now()) == []


def test_whoever_tells_people_hears_of_every_step_in_its_transaction(monkeypatch):
    heard = []
    monkeypatch.setattr(stays, "_tellers", [])
    actions.tell_of_stays(lambda stay, at: heard.append((stay.pk, stay.state)))
    dwelling = room()
    first, second = ask(dwelling, 10, 20), ask(dwelling, 10, 20)
    confirm(first)
    confirm(first)
    third = ask(dwelling, 10, 20)
    actions.refuse_stay(booking=second, at=timezone.now())
    actions.cancel_stay(booking=first, reason="Travaux", at=timezone.now())
    actions.cancel_stay(booking=first, reason="Travaux", at=timezone.now())
    assert heard == [
        (first.pk, "confirmed"),
        (second.pk, "refused"),
        (first.pk, "cancelled"),
        (third.pk, "requested"),
    ]


# --- What the host writes --------------------------------------------------------------------


def test_the_host_writes_a_stay_agreed_elsewhere():
    dwelling = room()
    stay = actions.note_stay(dwelling=dwelling, start=day(400), end=day(420), note="Ma nièce", at=timezone.now())
    assert (stay.origin, stay.place, stay.note) == (BookingOrigin.HOST, 1, "Ma nièce")
    with pytest.raises(StayRefused, match="Aucune chambre"):
        actions.note_stay(dwelling=dwelling, start=day(410), end=day(411), at=timezone.now())


def test_a_stay_goes_on_once_in_the_same_room():
    dwelling = room(residence=True, places=3)
    BookingFactory(dwelling=dwelling, place=1, period=DateRange(day(10), day(20)))
    stay = confirm(ask(dwelling, 10, 20, purpose="Stage"))
    longer = actions.prolong_stay(booking=stay, start=day(20), end=day(200), at=timezone.now())
    assert (longer.place, longer.prolongs, longer.purpose) == (2, stay, "Stage")
    assert actions.prolong_stay(booking=stay, start=day(20), end=day(200), at=timezone.now()) == longer
    assert Booking.objects.confirmed().count() == 3


def test_rooms_that_are_held_are_not_taken_away():
    dwelling = room(residence=True, places=3)
    BookingFactory(dwelling=dwelling, place=3, period=DateRange(day(-20), day(0)))
    BookingFactory(dwelling=dwelling, place=2, period=DateRange(day(10), day(20)))
    with pytest.raises(StayRefused, match="La chambre 2 est prise"):
        actions.change_places(dwelling=dwelling, places=1)
    Booking.objects.filter(place=2).update(origin=BookingOrigin.KEPT)
    with pytest.raises(StayRefused, match="La chambre 2 est gardée"):
        actions.change_places(dwelling=dwelling, places=1)
    for wrong in (0, 201):
        with pytest.raises(StayRefused, match="entre 1 et 200"):
            actions.change_places(dwelling=dwelling, places=wrong)
    actions.change_places(dwelling=dwelling, places=2)
    assert Dwelling.objects.get(pk=dwelling.pk).places == dwelling.places == 2


# --- What is read of it ----------------------------------------------------------------------


def free_days(dwelling):
    return [((first - day(0)).days, (last - day(0)).days) for first, last in calendar.free_periods(dwelling, day(0))]


def test_free_periods_are_what_is_offered_less_closed_days_and_nights_when_every_room_is_held():
    dwelling = DwellingFactory(residence=True, places=2, offered=(day(-30), day(100)))
    actions.offer(dwelling=dwelling, start=day(200), end=day(210))
    BlockFactory(dwelling=dwelling, period=DateRange(day(0), day(5)))
    BlockFactory(dwelling=dwelling, period=DateRange(day(202), day(203)))
    BookingFactory(dwelling=dwelling, place=1, period=DateRange(day(-10), day(30)))
    BookingFactory(dwelling=dwelling, place=2, period=DateRange(day(20), day(25)))
    BookingFactory(dwelling=dwelling, place=2, period=DateRange(day(25), day(40)))
    BookingFactory(dwelling=dwelling, place=1, period=DateRange(day(30), day(50)))
    BookingFactory(dwelling=dwelling, state=BookingState.CANCELLED, period=DateRange(day(60), day(70)))
    BookingFactory(dwelling=dwelling, state=BookingState.REQUESTED, period=DateRange(day(60), day(70)))
    assert free_days(dwelling) == [(5, 20), (40, 100), (200, 202), (203, 210)]


def test_what_a_free_period_says_is_what_the_search_finds():
    draw = Random(3)
    dwelling = DwellingFactory(residence=True, places=3, offered=(day(0), day(60)))
    for place in (1, 2, 3):
        start = 0
        while (start := start + draw.randint(1, 12)) < 55:
            end = start + draw.randint(1, 9)
            BookingFactory(dwelling=dwelling, place=place, period=DateRange(day(start), day(end)))
            start = end
    BlockFactory(dwelling=dwelling, period=DateRange(day(33), day(36)))
    free = calendar.free_periods(dwelling, day(0))
    for first in range(60):
        for last in range(first + 1, 61, 3):
            found = Dwelling.objects.free(day(first), day(last)).filter(pk=dwelling.pk).exists()
            assert found == any(start <= day(first) and day(last) <= end for start, end in free), (first, last)


def test_a_residence_free_room_after_room_is_not_told_free_all_along(client):
    """Two rooms, each free in turn: every month has its room, no stay of the whole year has one."""
    today = timezone.localdate()
    turn, year = today + timedelta(days=180), today + timedelta(days=360)
    dwelling = DwellingFactory(residence=True, places=2, offered=(today, year))
    BookingFactory(dwelling=dwelling, place=1, period=DateRange(turn, year))
    BookingFactory(dwelling=dwelling, place=2, period=DateRange(today, turn))
    assert calendar.free_periods(dwelling, today) == [(today, turn), (turn, year)]
    page = client.get(f"{dwelling.get_absolute_url()}?du={today}&au={year}").text
    assert "Pas libre du" in page
    assert "Un séjour garde la même chambre du premier au dernier jour" in page
    for first, last in ((today, turn), (turn, year)):
        assert french.date_range(first, last) in page
    request = client.get(f"/contact/ecrire/logement/{dwelling.pk}/?du={today}&au={year}")
    assert [each["query"] for each in request.context["form"].free] == [f"?du={today}&au={turn}", f"?du={turn}&au={year}"]


def test_the_year_ahead_is_told_month_by_month():
    today = date(2026, 6, 15)
    dwelling = DwellingFactory(offered=(date(2026, 6, 1), date(2026, 11, 1)))
    BookingFactory(dwelling=dwelling, period=DateRange(date(2026, 7, 10), date(2026, 9, 1)))
    shown = calendar.months(dwelling, today)
    assert [month.state for month in shown] == ["free", "partly", "taken", "free", "free", *["taken"] * 7]
    assert shown[1].free == ((date(2026, 7, 1), date(2026, 7, 10)),)
    assert (shown[0].label, shown[1].words, shown[-1].label) == ("juin 2026", "libre en partie", "mai 2027")


def test_the_last_day_of_a_month_and_a_stay_that_ends_with_the_year():
    dwelling = DwellingFactory(offered=(date(2026, 12, 1), date(2027, 1, 1)))
    shown = calendar.months(dwelling, date(2026, 12, 31))
    assert [month.state for month in shown[:2]] == ["free", "taken"]


def test_a_room_without_an_end_shows_three_years():
    dwelling = DwellingFactory(offered=(date(2026, 6, 1), date(2099, 12, 31)))
    shown = calendar.months(dwelling, date(2026, 6, 15))
    assert (len(shown), shown[-1].label, shown[-1].state) == (36, "mai 2029", "free")


def test_months_and_free_periods_cost_three_queries_whatever_there_is(django_assert_num_queries):
    dwelling = room()
    with django_assert_num_queries(3):
        calendar.months(dwelling, day(0))
    for rank in range(6):
        BookingFactory(dwelling=dwelling, period=DateRange(day(rank * 20), day(rank * 20 + 10)))
        BlockFactory(dwelling=dwelling, period=DateRange(day(rank * 20 + 12), day(rank * 20 + 13)))
    with django_assert_num_queries(3):
        free = calendar.free_periods(dwelling, day(0))
    with django_assert_num_queries(0):
        calendar.months(dwelling, day(0), free=free)
