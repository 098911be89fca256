"""Stays: asked for, confirmed, refused, cancelled, put on the waiting list and taken from it.

A confirmed stay holds one room every night of it. Each verb locks the dwelling, so two of them never work on one calendar at once; the
exclusion constraint of `Booking` has the last word, whatever happens. Each is one transaction: cut short, it has done nothing.

Nobody is written to here: who knows the people registers with `tell_of_stays`, and tells them in the same transaction.
"""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from core import french
from core.french import NBSP
from housing.enums import BookingOrigin, BookingState
from housing.models import Availability, Block, Booking, Dwelling, ImportedCalendar

TAKEN = f"Aucune chambre n’est libre toutes ces nuits{NBSP}: un autre séjour est déjà confirmé."
ENDED = {BookingState.REFUSED, BookingState.CANCELLED}
REASON_LENGTH, NOTE_LENGTH, PURPOSE_LENGTH = (Booking._meta.get_field(name).max_length for name in ("reason", "note", "purpose"))
BACKWARDS = f"Le dernier jour vient avant le premier{NBSP}: il faut au moins une nuit entre les deux."
HORIZON_DAYS = 3 * 366
"""How far ahead a calendar is kept: six semesters."""
BEHIND_DAYS = 366
"""How long ago a period that is written down now may have begun."""
KEPT_DAYS = 366
"""How long what was written of a stay is kept after its end (docs/registre.md)."""

TWICE = timedelta(minutes=10)
"""The same stay noted again within this time is the same: a button pressed twice."""

_tellers = []


class StayRefused(Exception):
    """What was asked of a calendar cannot be done; `messages` says why, in French, one text per problem."""

    def __init__(self, *messages):
        super().__init__(" ".join(messages))
        self.messages = list(messages)


def lock(pk):
    """The stored dwelling, noted as changed now, whose calendar is ours until the transaction under way ends; readers do not wait."""
    Dwelling.objects.filter(pk=pk).update(updated_at=timezone.now())
    return Dwelling.objects.get(pk=pk)


def tell_of_stays(teller):
    """Have `teller(booking, at)` called in the transaction of each stay that was confirmed, refused, cancelled or left the waiting list.

    Its `state` says which; a stay that goes on has `prolongs`. Nobody is called for a stay that was just asked for.
    """
    _tellers.append(teller)


def _tell(stay, at):
    for teller in _tellers:
        teller(stay, at)


def check_period(start, end, today):
    """Refuse days that no calendar of a room can mean."""
    if start >= end:
        raise StayRefused(BACKWARDS)
    if end <= today:
        raise StayRefused(f"Ces dates sont passées{NBSP}: nous sommes le {french.date(today)}.")
    if start < today - timedelta(days=BEHIND_DAYS):
        raise StayRefused(f"Le premier jour est trop ancien{NBSP}: donnez une date de l’année qui vient de passer, ou à venir.")
    if end > today + timedelta(days=HORIZON_DAYS):
        raise StayRefused(f"Le dernier jour est trop loin{NBSP}: le calendrier va jusqu’au {french.date(horizon(today))}.")


def horizon(today):
    """The last day of calendars."""
    return today + timedelta(days=HORIZON_DAYS)


@transaction.atomic
def request_stay(*, dwelling, start, end, purpose="", wait=False, at):
    """Ask for a stay from `start` to `end` (departure): REQUESTED, or WAITING when no room is free all these nights. Returns the `Booking`.

    Refused for days that nobody can mean, that the host does not take (minimum, maximum) or does not offer. `wait` puts what is not offered
    yet on the waiting list instead: the next semester of a room, say.
    """
    today = timezone.localdate(at)
    check_period(start, end, today)
    stored = lock(dwelling.pk)
    if not Dwelling.objects.visible(at).filter(pk=stored.pk).exists():
        raise StayRefused("Ce logement n’est plus proposé.")
    problems = stay_problems(stored, start, end, today)
    offered = Dwelling.objects.offered(start, end).filter(pk=stored.pk).exists()
    if not offered and not wait:
        problems.append(f"L’hôte n’offre pas ce logement {french.date_range(start, end)}{NBSP}: choisissez dans les périodes libres.")
    if problems:
        raise StayRefused(*problems)
    free = offered and not _blocked(stored, start, end) and free_place(stored, start, end) is not None
    return Booking.objects.create(
        dwelling=stored,
        period=DateRange(start, end),
        state=BookingState.REQUESTED if free else BookingState.WAITING,
        purpose=french.one_line(purpose)[:PURPOSE_LENGTH],
        created_at=at,
    )


def stay_problems(dwelling, start, end, today):
    """Why a host does not take a stay of these days, whoever else stays; French sentences."""
    problems, days = [], (end - start).days
    if start < today:
        problems.append(f"Le jour d’arrivée est passé{NBSP}: nous sommes le {french.date(today)}.")
    if dwelling.min_stay_days and days < dwelling.min_stay_days:
        problems.append(f"L’hôte demande un séjour d’au moins {dwelling.min_stay_days} jours{NBSP}; le vôtre en compte {days}.")
    if dwelling.max_stay_days and days > dwelling.max_stay_days:
        problems.append(f"L’hôte accepte au plus {dwelling.max_stay_days} jours{NBSP}; votre séjour en compte {days}.")
    return problems


@transaction.atomic
def confirm_stay(*, booking, at):
    """Give the stay the first room that is free all its nights; twice is once. Returns the `Booking`.

    Refused when no room is free, when the host has closed some night, or when the stay is over, refused or cancelled.
    """
    dwelling = _lock(booking)
    if booking.state == BookingState.CONFIRMED:
        return booking
    if booking.state in ENDED:
        raise StayRefused(f"Ce séjour est {booking.get_state_display()}{NBSP}: il faut une nouvelle demande.")
    if booking.period.upper <= timezone.localdate(at):
        raise StayRefused(f"Ce séjour est passé{NBSP}: il ne peut plus être confirmé.")
    _check_open(dwelling, booking.period.lower, booking.period.upper)
    return _hold(dwelling, booking, at)


@transaction.atomic
def refuse_stay(*, booking, reason="", at):
    """The host says no to a stay that is not confirmed; twice is once. Returns the stays that leave the waiting list (`promote`)."""
    dwelling = _lock(booking)
    if booking.state in ENDED:
        return []
    if booking.state == BookingState.CONFIRMED:
        raise StayRefused(f"Ce séjour est confirmé{NBSP}: annulez-le, en disant pourquoi.")
    _end(booking, BookingState.REFUSED, reason, at)
    return promote(dwelling, at)


@transaction.atomic
def list_stay(*, booking, at):
    """Put a stay on the waiting list, because its room was taken meanwhile. Refused once it is confirmed, refused or cancelled."""
    _lock(booking)
    if booking.state not in (BookingState.REQUESTED, BookingState.WAITING):
        raise StayRefused(f"Ce séjour est {booking.get_state_display()}{NBSP}: il n’attend plus de chambre.")
    booking.state = BookingState.WAITING
    booking.save(update_fields=["state"])


@transaction.atomic
def cancel_stay(*, booking, reason="", at):
    """Give a stay up, confirmed or not; twice is once. Returns the stays that leave the waiting list (`promote`)."""
    dwelling = _lock(booking)
    if booking.state in ENDED:
        return []
    _end(booking, BookingState.CANCELLED, reason, at)
    return promote(dwelling, at)


def promote_all(*, at):
    """Let every waiting list move: for what came back online or was opened otherwise than by a verb. Returns the stays that left one."""
    keys = Dwelling.objects.visible(at).filter(bookings__state=BookingState.WAITING).order_by("pk").distinct().values_list("pk", flat=True)
    return [stay for pk in list(keys) for stay in _promote_one(pk, at)]


@transaction.atomic
def _promote_one(pk, at):
    return promote(lock(pk), at)


@transaction.atomic
def note_stay(*, dwelling, start, end, note="", at):
    """The host writes down a stay agreed elsewhere, which holds a room at once. Returns the `Booking`; refused when no room is free.

    Twice in a few minutes is once.
    """
    check_period(start, end, timezone.localdate(at))
    stay = Booking(dwelling=lock(dwelling.pk), period=DateRange(start, end), origin=BookingOrigin.HOST, created_at=at)
    stay.note = french.one_line(note)[:NOTE_LENGTH]
    same = Booking.objects.confirmed().filter(dwelling=stay.dwelling, period=stay.period, origin=stay.origin, note=stay.note)
    noted = same.filter(created_at__gt=at - TWICE).first()
    return noted or _hold(stay.dwelling, stay, at)


@transaction.atomic
def prolong_stay(*, booking, start, end, at):
    """Whoever stays goes on from `start` to `end`, in the same room if it is free; twice is once.

    Returns the new stay, whose `prolongs` is the old one.
    """
    dwelling = _lock(booking)
    going_on = booking.prolongations.confirmed().first()
    if going_on:
        return going_on
    if booking.state != BookingState.CONFIRMED:
        raise StayRefused(f"Ce séjour est {booking.get_state_display()}{NBSP}: il ne peut pas être prolongé.")
    check_period(start, end, timezone.localdate(at))
    _check_open(dwelling, start, end)
    Booking.objects.kept(start, end).filter(dwelling=dwelling, place=booking.place).delete()
    stay = Booking(dwelling=dwelling, period=DateRange(start, end), prolongs=booking, created_at=at)
    stay.origin, stay.purpose, stay.note = booking.origin, booking.purpose, booking.note
    return _hold(dwelling, stay, at, place=booking.place)


@transaction.atomic
def keep_room(*, stay, start, end, at):
    """Keep the room of a stay for nobody from `start` to `end`, so that others of the residence may be let; nothing if somebody has it.

    Returns the `Booking`, or None.
    """
    dwelling = lock(stay.dwelling_id)
    if Booking.objects.holding(start, end).filter(dwelling=dwelling, place=stay.place).exists():
        return None
    kept = Booking(dwelling=dwelling, place=stay.place, period=DateRange(start, end), origin=BookingOrigin.KEPT, created_at=at)
    kept.state, kept.confirmed_at = BookingState.CONFIRMED, at
    kept.save()
    return kept


@transaction.atomic
def free_room(*, dwelling, place, start, end, at):
    """Keep a room no longer from `start` to `end`; who waits for these nights leaves the list."""
    stored = lock(dwelling.pk)
    if Booking.objects.kept(start, end).filter(dwelling=stored, place=place).delete()[0]:
        promote(stored, at)


def first_waiting(*, dwelling, start, end):
    """Who asked first among those that wait for some night from `start` to `end`; a `Booking` or None."""
    return waiting_for(dwelling=dwelling, start=start, end=end).first()


def waiting_for(*, dwelling, start, end):
    """Those that wait for some night from `start` to `end`, whoever asked first first."""
    return Booking.objects.waiting().over(start, end).filter(dwelling=dwelling)


def free_place(dwelling, start, end, *, wished=None):
    """The lowest number of a room that nobody holds any night from `start` to `end`, or the one wished for; None when there is none."""
    held = set(Booking.objects.holding(start, end).filter(dwelling=dwelling).values_list("place", flat=True))
    places = range(1, dwelling.places + 1)
    return wished if wished in places and wished not in held else next((place for place in places if place not in held), None)


def _lock(booking):
    """The dwelling of a stay, ours until the transaction under way ends; the stay is read again meanwhile."""
    dwelling = lock(booking.dwelling_id)
    booking.refresh_from_db()
    booking.dwelling = dwelling
    return dwelling


def _check_open(dwelling, start, end):
    if _blocked(dwelling, start, end):
        raise StayRefused(
            "Le calendrier dit ces nuits fermées, ou prises dans votre autre calendrier. "
            f"Rouvrez-les d’abord, ou effacez l’événement là-bas{NBSP}; puis confirmez."
        )


def _blocked(dwelling, start, end):
    return Block.objects.filter(dwelling=dwelling, period__overlap=DateRange(start, end)).exists()


def _hold(dwelling, stay, at, *, place=None):
    """Confirm a stay in a free room and store it."""
    number = free_place(dwelling, stay.period.lower, stay.period.upper, wished=place)
    if number is None:
        raise StayRefused(TAKEN)
    before = stay.state
    stay.place, stay.state, stay.confirmed_at = number, BookingState.CONFIRMED, at
    try:
        with transaction.atomic():
            stay.save()
    except IntegrityError as error:
        stay.place, stay.state, stay.confirmed_at = None, before, None
        if "booking_one_a_place_and_night" not in str(error):
            raise
        raise StayRefused(TAKEN) from error
    _tell(stay, at)
    return stay


def _end(stay, state, reason, at):
    stay.state, stay.reason, stay.ended_at = state, french.one_line(reason)[:REASON_LENGTH], at
    stay.save(update_fields=["state", "reason", "ended_at"])
    _tell(stay, at)


def promote(dwelling, at):
    """Turn into requests the waiting stays of a locked dwelling for which a room is free, whoever asked first first; returns them.

    What the host has not answered yet counts as held: nobody leaves the list for a room that is being given.
    """
    waiting = list(Booking.objects.waiting().filter(dwelling=dwelling, period__startswith__gte=timezone.localdate(at)))
    if not waiting or not Dwelling.objects.visible(at).filter(pk=dwelling.pk).exists():
        return []
    promoted = []
    for stay in waiting:
        if _may_leave_list(dwelling, stay.period.lower, stay.period.upper):
            stay.state = BookingState.REQUESTED
            stay.save(update_fields=["state"])
            _tell(stay, at)
            promoted.append(stay)
    return promoted


def _may_leave_list(dwelling, start, end):
    """Whether a room is offered and free all these nights, those asked for and not answered yet held too."""
    if _blocked(dwelling, start, end) or not Dwelling.objects.offered(start, end).filter(pk=dwelling.pk).exists():
        return False
    others = Booking.objects.over(start, end).filter(dwelling=dwelling)
    held = others.confirmed().values("place").distinct().count() + others.filter(state=BookingState.REQUESTED).count()
    return held < dwelling.places


def erase_stays(*, at):
    """Forget what was written of stays that ended a year ago, and what their calendars held; returns how many stays were forgotten."""
    before = timezone.localdate(at) - timedelta(days=KEPT_DAYS)
    over = Booking.objects.filter(period__endswith__lte=before).exclude(purpose="", note="", reason="")
    Availability.objects.filter(period__endswith__lte=before).delete()
    Block.objects.filter(period__endswith__lte=before).delete()
    ImportedCalendar.objects.filter(dwelling__closed_at__lte=at - timedelta(days=KEPT_DAYS)).delete()
    return over.update(purpose="", note="", reason="")
