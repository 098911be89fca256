"""When a dwelling is offered and closed, and how many rooms it has.

A day that ends a period is the day of departure: nobody sleeps there that night. Every verb locks the dwelling first, so two of them never
work on one calendar at once; each is one transaction, so one that is cut short has done nothing. Whoever waits for nights that a verb opens
leaves the waiting list with it.
"""

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from core import french
from core.french import NBSP
from housing.actions.stays import BACKWARDS, StayRefused, check_period, lock, promote
from housing.enums import BookingOrigin
from housing.models import Availability, Block, Booking


@transaction.atomic
def offer(*, dwelling, start, end, at=None):
    """Offer the dwelling from `start` to `end` (departure), one period with those that it overlaps or touches. Returns that period."""
    check_period(start, end, timezone.localdate(at))
    stored = lock(dwelling.pk)
    period = _join(Availability, stored, start, end)
    promote(stored, at or timezone.now())
    return period


@transaction.atomic
def stop_offering(*, dwelling, start, end, at=None):
    """Offer it no longer from `start` to `end`; confirmed stays are kept."""
    _check_order(start, end)
    lock(dwelling.pk)
    _take_out(Availability, dwelling, start, end)


@transaction.atomic
def close(*, dwelling, start, end, at=None):
    """Close every room from `start` to `end`, offered or not; confirmed stays are kept. Returns the `Block`."""
    check_period(start, end, timezone.localdate(at))
    lock(dwelling.pk)
    return _join(Block, dwelling, start, end)


@transaction.atomic
def reopen(*, dwelling, start, end, at=None):
    """Open again what the host closed from `start` to `end`; what a calendar kept elsewhere says stays."""
    _check_order(start, end)
    stored = lock(dwelling.pk)
    _take_out(Block, stored, start, end)
    promote(stored, at or timezone.now())


@transaction.atomic
def change_places(*, dwelling, places, at=None):
    """Say how many identical rooms there are. Refused below the number of a room that somebody holds from today on."""
    if not 1 <= places <= 200:
        raise StayRefused("Indiquez un nombre de chambres entre 1 et 200.")
    stored = lock(dwelling.pk)
    stays = Booking.objects.confirmed().ahead(timezone.localdate(at)).filter(dwelling=stored)
    stay = stays.filter(place__gt=places).order_by("-place", "-period").first()
    if stay:
        leaves, is_kept = french.date(stay.period.upper), stay.origin == BookingOrigin.KEPT
        until = f"La chambre {stay.place} est {'gardée' if is_kept else 'prise'} jusqu’au {leaves}{NBSP}: "
        or_let = ", ou pressez d’abord «\u00a0La louer\u00a0» parmi les chambres gardées" if is_kept else ""
        raise StayRefused(f"{until}gardez au moins {stay.place} chambres d’ici là{or_let}.")
    stored.places = dwelling.places = places
    stored.save(update_fields=["places", "updated_at"])
    promote(stored, at or timezone.now())


@transaction.atomic
def follow_semester(before, after, at):
    """Keep offered for a semester whatever was offered for all that is left of it, by its former dates."""
    today = timezone.localdate(at)
    (start, end), (first, last) = before.nights, after.nights
    if min(end, last) <= today:
        return
    whole = Availability.objects.filter(period__contains=DateRange(max(start, today), end)).exclude(
        period__contains=DateRange(max(first, today), last)
    )
    for pk in list(whole.order_by("dwelling").values_list("dwelling", flat=True)):
        stored = lock(pk)
        if whole.filter(dwelling=stored).exists():
            _join(Availability, stored, max(first, today), last)
            promote(stored, at)


def _check_order(start, end):
    if start >= end:
        raise StayRefused(BACKWARDS)


def _own(model, dwelling):
    """The periods that the host wrote."""
    rows = model.objects.filter(dwelling=dwelling)
    return rows.filter(calendar=None) if model is Block else rows


def _join(model, dwelling, start, end):
    """One period with those that it overlaps or touches."""
    touched = list(_own(model, dwelling).touching(start, end))
    first = min([start, *(row.period.lower for row in touched)])
    last = max([end, *(row.period.upper for row in touched)])
    model.objects.filter(pk__in=[row.pk for row in touched]).delete()
    return model.objects.create(dwelling=dwelling, period=DateRange(first, last))


def _take_out(model, dwelling, start, end):
    """Keep of these periods what lies before `start` and from `end` on."""
    touched = list(_own(model, dwelling).filter(period__overlap=DateRange(start, end)))
    model.objects.filter(pk__in=[row.pk for row in touched]).delete()
    for row in touched:
        for first, last in ((row.period.lower, start), (end, row.period.upper)):
            if first < last:
                model.objects.create(dwelling=dwelling, period=DateRange(first, last))
