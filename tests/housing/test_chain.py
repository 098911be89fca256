"""From one semester to the next, and reminders of arrivals and departures."""

import re
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse
from django.utils import timezone

from core import french
from core.announced.admin_queues import to_confirm
from core.enums import State
from core.models import Mail
from housing import actions, chain, freshness
from housing.enums import BookingOrigin, BookingState
from housing.models import Availability, Booking, Dwelling
from tests.crowd import together
from tests.housing.factories import BookingFactory, DwellingFactory
from tests.housing.test_host_calendar import address as host_calendar_of

pytestmark = pytest.mark.django_db

WINTER = DateRange(date(2026, 11, 2), date(2027, 5, 3))
SUMMER = (date(2027, 5, 3), date(2027, 11, 2))
DUE = datetime(2027, 3, 5, 8, 13, tzinfo=ZoneInfo("Europe/Paris"))
"""The morning on which the host of a winter's stay is asked: 59 days before its end."""


@pytest.fixture
def host():
    """A room held for the winter of 2026, the clock at the morning when its host is asked."""
    with time_machine.travel(DUE, tick=False):
        yield DwellingFactory(offered=(WINTER.lower, WINTER.upper))


@pytest.fixture
def stay(host):
    return BookingFactory(dwelling=host, period=WINTER, confirmed_at=DUE - timedelta(days=150))


def ask(at=DUE):
    return chain.ask_hosts(at=at)


def page_of(choice):
    """The address behind the button of the mail that asks."""
    mail = Mail.objects.get(event__startswith="housing.next_semester:")
    return next(
        f"{found.path}?{found.query}" for url in re.findall(r"http\S+", mail.text) if f"choix={choice}" in (found := urlsplit(url)).query
    )


# --- Asking ----------------------------------------------------------------------------------


def test_the_host_is_asked_once_in_time(stay):
    assert ask(DUE - timedelta(days=2)) == 0
    assert ask() == 1
    assert ask() == ask(DUE + timedelta(days=30)) == 0
    mail = Mail.objects.get()
    assert mail.recipient == stay.dwelling.contact_email
    assert "mai à octobre 2027" in mail.text
    assert "du 2 novembre 2026 au 3 mai 2027" in mail.text


def test_after_an_outage_the_host_is_still_asked_and_not_once_the_stay_is_over(stay):
    assert ask(DUE + timedelta(days=60)) == 0
    assert ask(DUE + timedelta(days=50)) == 1


def test_a_host_who_changes_address_is_not_asked_again(stay):
    ask()
    Dwelling.objects.update(contact_email="autre@example.org")
    assert ask() == 0


@pytest.mark.parametrize("late", [-10, -3, 0, 3, 9])
def test_a_stay_near_the_end_of_a_semester_ends_with_it(host, late):
    BookingFactory(dwelling=host, period=DateRange(WINTER.lower, WINTER.upper + timedelta(days=late)))
    assert ask() + ask(DUE + timedelta(days=9)) == 1


@pytest.mark.parametrize("late", [-12, 12])
def test_a_stay_that_ends_within_a_semester_asks_nothing(host, late):
    BookingFactory(dwelling=host, period=DateRange(WINTER.lower, WINTER.upper + timedelta(days=late)))
    assert ask() + ask(DUE + timedelta(days=12)) == 0


@pytest.mark.parametrize(
    "settle",
    [
        lambda stay: actions.offer(dwelling=stay.dwelling, start=SUMMER[0], end=SUMMER[1]),
        lambda stay: actions.note_stay(dwelling=stay.dwelling, start=date(2027, 7, 1), end=date(2027, 8, 1), at=DUE),
        lambda stay: actions.prolong_stay(booking=stay, start=SUMMER[0], end=SUMMER[1], at=DUE),
        lambda stay: actions.cancel_stay(booking=stay, at=DUE),
        lambda stay: Dwelling.objects.update(state=State.WITHDRAWN, closed_at=DUE),
    ],
    ids=["offered", "promised", "prolonged", "cancelled", "withdrawn"],
)
def test_what_is_settled_is_not_asked(stay, settle):
    settle(stay)
    assert ask() == 0


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_ask_once(stay):
    for _ in range(3):
        together([ask, ask, ask])
        assert Mail.objects.filter(event__startswith="housing.next_semester:").count() == 1


def test_asking_costs_the_same_number_of_queries_for_each_stay(host, django_assert_num_queries):
    for place in (1, 2, 3):
        Dwelling.objects.update(places=place)
        BookingFactory(dwelling=host, place=place, period=WINTER)
    assert ask() == 3
    with django_assert_num_queries(25):  # 1, then 8 of each: savepoint, stay, semesters, prolonged, offered, promised, told, end
        assert ask() == 0


# --- Answering -------------------------------------------------------------------------------


def test_a_get_changes_nothing(client, stay):
    ask()
    before = list(Dwelling.objects.values()), list(Booking.objects.values()), list(Availability.objects.values())
    for choice in chain.ANSWERS:
        answer = client.get(page_of(choice))
        assert answer.status_code == 200
        assert re.search(r'value="(\w+)"', answer.text)[1] == choice  # what the mail said comes first
        assert not answer.cookies
    assert (list(Dwelling.objects.values()), list(Booking.objects.values()), list(Availability.objects.values())) == before


def test_the_room_is_free_it_is_offered_and_who_waits_is_first(client, stay):
    waiting = BookingFactory(dwelling=stay.dwelling, state=BookingState.WAITING, period=DateRange(*SUMMER))
    ask()
    answer = client.post(page_of("libre"), {"choix": "libre"})
    assert "la chambre est offerte du 3 mai au 2 novembre 2027" in answer.text
    dwelling = Dwelling.objects.get()
    assert dwelling.confirmed_at == DUE
    assert dwelling.availabilities.get().period == DateRange(WINTER.lower, SUMMER[1])
    waiting.refresh_from_db()
    assert waiting.state == BookingState.REQUESTED
    again = client.get(page_of("libre"))
    assert "déjà offerte ou promise" in again.text


def close_by_itself(room):
    """A word of the host on the day, then nothing: the announcement reaches its end while somebody stays there."""
    Dwelling.objects.update(
        published_at=DUE - timedelta(days=130), confirmed_at=DUE - timedelta(days=120), expires_at=DUE - timedelta(days=30)
    )
    assert actions.expire_due(at=DUE - timedelta(days=20)) == 1


def say_it_is_let(room):
    actions.declare_filled(dwelling=room, who="intern", how="portal", at=DUE - timedelta(days=60))


def pause_it(room):
    actions.pause(dwelling=room, at=DUE - timedelta(days=60))


@pytest.mark.parametrize("end", [close_by_itself, say_it_is_let, pause_it])
@pytest.mark.parametrize("offered", [False, True])
def test_the_host_of_an_announcement_that_ended_meanwhile_is_asked_and_puts_it_back(client, stay, end, offered):
    end(stay.dwelling)
    if offered and end != pause_it:  # readers do not find it: nothing is settled
        actions.offer(dwelling=stay.dwelling, start=SUMMER[0], end=SUMMER[1], at=DUE)
    assert ask() == 1
    assert ("n’est plus en ligne" in Mail.objects.get(event__startswith="housing.next").text) is (end != pause_it)
    answer = client.post(page_of("libre"), {"choix": "libre"})
    assert "l’annonce est de nouveau en ligne" in answer.text
    assert Dwelling.objects.visible(DUE).free(*SUMMER).exists()
    assert Dwelling.objects.get().state == State.PUBLISHED


def test_a_host_who_said_that_the_room_is_let_no_more_is_not_asked(stay):
    actions.declare_filled(dwelling=stay.dwelling, who="nobody", at=DUE - timedelta(days=60))
    assert ask() == 0


def test_who_stays_goes_on_in_a_room_whose_announcement_ended(client, stay):
    close_by_itself(stay.dwelling)
    ask()
    client.post(page_of("reste"), {"choix": "reste"})
    assert stay.prolongations.get().period == DateRange(*SUMMER)
    assert Dwelling.objects.get().state == State.EXPIRED


def test_free_puts_back_neither_what_the_team_took_away_nor_what_may_no_longer_be_let(client, stay):
    ask()
    Dwelling.objects.update(state=State.EXPIRED, closed_at=DUE, energy_class="G")
    answer = client.post(page_of("libre"), {"choix": "libre"})
    assert "ne se loue plus depuis le 1er janvier 2025" in answer.text
    assert Dwelling.objects.get().state == State.EXPIRED
    actions.withdraw(dwelling=stay.dwelling, reason="Doublon", at=DUE)
    answer = client.post(page_of("libre"), {"choix": "libre"})
    assert Dwelling.objects.get().state == State.WITHDRAWN


def test_nothing_is_asked_each_month_while_every_offered_night_is_held(stay):
    silent = DUE - timedelta(days=60)
    Dwelling.objects.update(confirmed_at=silent, expires_at=DUE + timedelta(days=1))
    assert freshness.ask_publishers(at=DUE) == freshness.retire_silent(at=DUE) == 0
    assert Dwelling.objects.get().state == State.PUBLISHED
    actions.offer(dwelling=stay.dwelling, start=SUMMER[0], end=SUMMER[0] + timedelta(days=2), at=DUE)
    assert freshness.ask_publishers(at=DUE) == 1


def test_a_residence_with_a_free_room_is_asked_each_month_and_stands_in_the_queue_of_the_team(host):
    Dwelling.objects.update(confirmed_at=DUE - timedelta(days=60), places=2)
    silent = Dwelling.objects.silent_since(DUE).asked_about(DUE)
    assert silent.exists(), "nobody stays, nothing is held"
    BookingFactory(dwelling=host, period=WINTER)
    assert silent.exists()
    leaves = BookingFactory(dwelling=host, place=2, period=DateRange(WINTER.lower, DUE.date() + timedelta(days=5)))
    assert silent.exists()
    BookingFactory(dwelling=host, place=2, period=DateRange(leaves.period.upper, WINTER.upper + timedelta(days=9)))
    assert not silent.exists()
    Booking.objects.update(origin=BookingOrigin.KEPT)
    assert silent.exists(), "nobody stays in rooms that are kept"
    Booking.objects.update(origin=BookingOrigin.PORTAL)
    assert not to_confirm(Dwelling.objects.all(), DUE).exists()
    assert freshness.ask_publishers(at=DUE) == 0
    actions.cancel_stay(booking=leaves, at=DUE)
    assert list(silent) == list(to_confirm(Dwelling.objects.all(), DUE)) == [host]
    assert freshness.ask_publishers(at=DUE) == 1


def test_the_message_names_the_room_and_leads_to_the_calendar(client, stay):
    Dwelling.objects.update(places=3)
    ask()
    mail = Mail.objects.get()
    assert f"«\u00a0{stay.dwelling.title}\u00a0», chambre 1 (du" in mail.text
    links = [urlsplit(url).path for url in re.findall(r"http\S+", mail.text)]
    assert any("Mon annonce" in client.get(link).text for link in links)


def test_the_intern_stays_in_the_same_room(client, stay):
    ask()
    answer = client.post(page_of("reste"), {"choix": "reste"})
    assert "le séjour continue jusqu’au 2 novembre 2027" in answer.text
    longer = stay.prolongations.get()
    assert (longer.state, longer.place, longer.period) == (BookingState.CONFIRMED, 1, DateRange(*SUMMER))
    client.post(page_of("reste"), {"choix": "reste"})
    assert Booking.objects.count() == 2
    assert "vous l’avez déjà dit" in client.get(page_of("libre")).text


@pytest.mark.parametrize(("lease", "told"), [("mobility", True), ("furnished", False)])
def test_a_mobility_lease_lasts_ten_months_and_whoever_decides_is_told_so(client, stay, lease, told):
    Dwelling.objects.update(lease=lease, is_furnished=True, deposit=0)
    ask()
    assert ("Si l’interne reste" in client.get(page_of("reste")).text) is told
    answer = client.post(page_of("reste"), {"choix": "reste"})
    assert ("article\u00a025-14" in answer.text) is told
    assert stay.prolongations.exists(), "it is told, not refused: another lease may be signed"


def test_no_changes_nothing(client, stay):
    ask()
    answer = client.post(page_of("non"), {"choix": "non"})
    assert "cette chambre n’est pas offerte après ce séjour" in answer.text
    assert Dwelling.objects.get().availabilities.get().period == WINTER
    assert ask(DUE + timedelta(days=10)) == 0


def test_a_room_that_was_promised_meanwhile_is_told(client, stay):
    ask()
    actions.note_stay(dwelling=stay.dwelling, start=date(2027, 6, 1), end=date(2027, 7, 1), at=DUE)
    answer = client.post(page_of("reste"), {"choix": "reste"})
    assert "Aucune chambre n’est libre" in answer.text
    assert not stay.prolongations.exists()


@pytest.mark.parametrize("choice", ["", "tout", "\x00"])
def test_an_answer_that_does_not_exist_does_nothing(client, stay, choice):
    ask()
    answer = client.post(page_of("non"), {"choix": choice})
    assert "n’a plus d’effet" in answer.text
    assert Dwelling.objects.get().availabilities.get().period == WINTER


def test_a_stay_cancelled_since_asks_nothing_any_more(client, stay):
    ask()
    actions.cancel_stay(booking=stay, reason="", at=DUE)
    answer = client.post(page_of("reste"), {"choix": "reste"})
    assert "il n’y a rien à répondre" in answer.text
    assert Booking.objects.count() == 1


def test_the_link_is_too_old_after_the_semester_and_says_where_to_go(client, stay):
    ask()
    url = page_of("libre")
    with time_machine.travel(DUE + timedelta(days=121), tick=False):
        answer = client.post(url, {"choix": "libre"})
    assert answer.status_code == 410
    assert "Ouvrez le calendrier" in answer.text
    assert Availability.objects.get().period == WINTER


# --- Reminders -------------------------------------------------------------------------------


def test_the_host_is_reminded_a_week_before_an_arrival_and_a_departure_once_each(stay):
    arrival, departure = (datetime(*day, 8, 13, tzinfo=ZoneInfo("Europe/Paris")) for day in ((2026, 10, 26), (2027, 4, 26)))
    Booking.objects.update(confirmed_at=arrival - timedelta(days=30))
    assert chain.remind_hosts(at=arrival - timedelta(days=1)) == 0
    assert chain.remind_hosts(at=arrival) == 1
    assert chain.remind_hosts(at=arrival + timedelta(days=3)) == 0
    assert chain.remind_hosts(at=departure - timedelta(days=1)) == 0
    assert chain.remind_hosts(at=departure) == chain.remind_hosts(at=departure) + 1
    assert list(Mail.objects.order_by("pk").values_list("subject", flat=True)) == [
        f"Arrivée lundi 2 novembre\u00a0: {stay.dwelling.title}",
        f"Départ lundi 3 mai\u00a0: {stay.dwelling.title}",
    ]


def test_nobody_is_reminded_of_what_was_just_said_cancelled_or_goes_on(host):
    today = timezone.localdate()
    soon = DateRange(today + timedelta(days=3), today + timedelta(days=60))
    BookingFactory(dwelling=host, period=soon)
    cancelled = BookingFactory(period=soon, confirmed_at=DUE - timedelta(days=9))
    actions.cancel_stay(booking=cancelled, at=DUE)
    going_on = BookingFactory(
        period=DateRange(today - timedelta(days=60), today + timedelta(days=3)), confirmed_at=DUE - timedelta(days=90)
    )
    actions.prolong_stay(booking=going_on, start=today + timedelta(days=3), end=today + timedelta(days=90), at=DUE - timedelta(days=9))
    assert chain.remind_hosts(at=DUE) == 0
    assert chain.remind_hosts(at=DUE + timedelta(days=2)) == 1


def test_a_stay_in_parts_is_reminded_of_as_one(host):
    """Prolonged before it began, and by less than two weeks at its end."""
    today = timezone.localdate()
    first = BookingFactory(
        dwelling=host, period=DateRange(today + timedelta(days=7), today + timedelta(days=20)), confirmed_at=DUE - timedelta(days=90)
    )
    end = today + timedelta(days=30)
    actions.prolong_stay(booking=first, start=first.period.upper, end=end, at=DUE - timedelta(days=9))
    whole = french.date_range(first.period.lower, end)
    assert chain.remind_hosts(at=DUE) == 1
    assert f"Séjour prévu\u00a0: {whole}" in Mail.objects.get().text
    assert chain.remind_hosts(at=DUE + timedelta(days=24)) == 1
    assert Mail.objects.filter(subject__startswith="Départ").count() == 1


def test_a_stay_whose_first_part_was_cancelled_has_its_reminder(host):
    today = timezone.localdate()
    first = BookingFactory(dwelling=host, period=DateRange(today + timedelta(days=2), today + timedelta(days=5)))
    longer = actions.prolong_stay(booking=first, start=first.period.upper, end=today + timedelta(days=60), at=DUE - timedelta(days=9))
    actions.cancel_stay(booking=first, at=DUE)
    assert chain.remind_hosts(at=DUE) == 1
    assert french.weekday(longer.period.lower) in Mail.objects.get().subject


def test_the_team_is_written_to_for_a_host_without_an_address_once(stay, settings):
    Dwelling.objects.update(contact_email="", contact_phone="06 00 00 00 01")
    assert ask() == 1
    assert ask() == 0
    assert chain.remind_hosts(at=DUE + timedelta(days=55)) == 1
    for mail in Mail.objects.all():
        assert mail.recipient == settings.CONTACT_EMAIL
        assert "Prévenez Camille Exemple au 06 00 00 00 01" in mail.text
        assert "Ouvrir le calendrier de ce logement" in mail.text
        assert reverse("admin:housing_dwelling_calendar", args=[stay.dwelling_id]) in mail.text


# --- Residences ------------------------------------------------------------------------------


@pytest.fixture
def residence(host):
    """Three rooms, each held for the winter, whose host was asked about each; an answer by the number of the room."""
    Dwelling.objects.update(places=3)
    stays = {place: BookingFactory(dwelling=host, place=place, period=WINTER, confirmed_at=DUE) for place in (1, 2, 3)}
    assert ask() == 3

    def say(place, choice):
        stay = Booking.objects.get(pk=stays[place].pk)
        return chain.answer(stay=stay, going_on=chain.next_of(stay, DUE.date()), choice=choice, at=DUE)

    return say


def rooms_given():
    """The rooms of the next semester that three persons who ask for it get."""
    room, given = Dwelling.objects.get(), []
    while Dwelling.objects.free(*SUMMER).exists():
        stay = actions.request_stay(dwelling=room, start=SUMMER[0], end=SUMMER[1], at=DUE)
        given.append(actions.confirm_stay(booking=stay, at=DUE).place)
    return given


def test_a_room_of_a_residence_whose_host_said_no_is_not_given(residence):
    residence(2, "non")
    assert "La chambre 3, dont vous n’avez encore rien dit, attend votre réponse." in residence(1, "libre")
    assert ask() == 0
    assert rooms_given() == [1]


def test_rooms_of_a_residence_are_offered_one_by_one(residence):
    assert "Les chambres 2 et 3" in residence(1, "libre")
    assert "réponse" not in residence(3, "libre")
    assert rooms_given() == [1, 3]


def test_a_host_changes_their_mind_about_a_room(client, residence):
    residence(2, "non")
    residence(1, "libre")
    residence(2, "libre")
    residence(3, "reste")
    assert Booking.objects.kept(*SUMMER).count() == 0
    assert rooms_given() == [1, 2]


def test_the_calendar_names_rooms_that_are_kept_and_lets_them(client, residence):
    residence(2, "non")
    residence(1, "libre")
    room = Dwelling.objects.get()
    url = host_calendar_of(room)
    page = client.get(url)
    assert [(kept.place, kept.period) for kept in page.context["kept"]] == [(2, DateRange(*SUMMER)), (3, DateRange(*SUMMER))]
    assert "La louer" in page.text
    answer = client.post(url, {"verb": f"let:{page.context['kept'][0].pk}"}, follow=True)
    assert "elle est proposée les nuits que vous offrez" in answer.text
    assert rooms_given() == [1, 2]
    assert chain.remind_hosts(at=DUE + timedelta(days=58)) == 5, "three departures, two arrivals, and none of nobody"


# --- What is forgotten -----------------------------------------------------------------------


def test_what_was_written_of_stays_is_forgotten_a_year_after_their_end(host):
    period = DateRange(date(2025, 11, 3), date(2026, 3, 1))
    old = BookingFactory(dwelling=host, period=period, note="Zoé", purpose="Stage", origin=BookingOrigin.HOST)
    recent = BookingFactory(dwelling=host, period=DateRange(date(2026, 3, 10), date(2026, 5, 1)), note="Noé")
    host.imported_calendars.create(url="https://agenda.example.org/secret.ics")
    assert actions.erase_stays(at=DUE) == 1
    assert actions.erase_stays(at=DUE) == 0
    old.refresh_from_db()
    recent.refresh_from_db()
    assert (old.note, old.purpose, old.state, recent.note) == ("", "", BookingState.CONFIRMED, "Noé")
    assert host.imported_calendars.exists()
    Dwelling.objects.filter(pk=host.pk).update(state=State.WITHDRAWN, closed_at=DUE - timedelta(days=367))
    actions.erase_stays(at=DUE)
    assert not host.imported_calendars.exists()
