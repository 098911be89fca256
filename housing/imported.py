"""Calendars that hosts keep elsewhere: followed, read every hour, and what they say kept when they do not answer.

A file is asked outside of any transaction, by one worker at a time (`tried_at`); what it says replaces what it said in one transaction,
with the dwelling locked. Cut short, nothing has changed, and the next run reads again.
"""

from datetime import timedelta
from hashlib import blake2b
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F, Q
from django.utils import timezone

from core import french, outside
from core.enums import State
from core.french import NBSP
from core.jobs import defer_once
from core.models import Mail
from housing import ical, letters
from housing.actions.stays import StayRefused, lock, promote
from housing.calendar import without
from housing.enums import BookingOrigin
from housing.ical_reading import Unreadable, nights
from housing.models import Block, Booking, ImportedCalendar

MOST = 3
"""Calendars of one dwelling."""
EVERY = timedelta(minutes=50)
"""A calendar is asked once an hour, whatever runs."""
AT_ONCE = 20
"""Calendars that one run reads: each may take half a minute, and other jobs wait. Another run, right behind them, reads the rest."""
AT_MOST_TOLD = 14
"""Stays that one message lists: its event names each."""
TWICE = "housing.taken_twice:"
MOST_BYTES = 1_000_000
HOPS = 3
TELL_AFTER = 3
"""Failures in a row before the host is told."""
AGENT = "Vaucluse Sante Attractivite, calendriers des logements (+{site})"
FOLLOWED = (State.SUBMITTED, State.PUBLISHED, State.PAUSED)
"""States of dwellings whose calendars are read: nobody has answered for a draft yet."""


@transaction.atomic
def follow(*, dwelling, url, at):
    """Follow a calendar kept elsewhere, read soon and every hour. Returns the `ImportedCalendar`; the same address twice is one."""
    lock(dwelling.pk)
    if ical.is_feed_of(url, dwelling):
        raise StayRefused(f"C’est l’adresse du calendrier de ce logement même{NBSP}: donnez celle de votre autre calendrier.")
    if dwelling.imported_calendars.exclude(url=url).count() >= MOST:
        raise StayRefused(f"Un logement suit au plus {MOST} autres calendriers{NBSP}: retirez-en un d’abord.")
    calendar, _ = ImportedCalendar.objects.get_or_create(dwelling=dwelling, url=url, defaults={"created_at": at})
    defer_once("housing.tasks.read_calendars")
    return calendar


@transaction.atomic
def forget(*, dwelling, pk, at):
    """Follow a calendar no longer; the nights that it took are open again."""
    stored = lock(dwelling.pk)
    ImportedCalendar.objects.filter(dwelling=dwelling, pk=pk).delete()
    promote(stored, at)


def read_due(*, at):
    """Read calendars that nobody has read for an hour, those that wait the longest first; returns how many were read."""
    due = ImportedCalendar.objects.filter(_due(at), dwelling__state__in=FOLLOWED).order_by(F("tried_at").asc(nulls_first=True), "pk")
    waiting = list(due.values_list("pk", flat=True)[: AT_ONCE + 1])
    done = sum(read(pk=pk, at=at) for pk in waiting[:AT_ONCE])
    if len(waiting) > AT_ONCE:
        defer_once("housing.tasks.read_calendars")
    return done


def _due(at):
    return Q(tried_at__isnull=True) | Q(tried_at__lte=at - EVERY)


def read(*, pk, at):
    """Read one calendar, unless another worker does; whether it was read. One that fails keeps what it said last."""
    if not ImportedCalendar.objects.filter(_due(at), pk=pk).update(tried_at=at):
        return False
    calendar = ImportedCalendar.objects.get(pk=pk)
    own = set(Booking.objects.filter(dwelling=calendar.dwelling_id).values_list("pk", flat=True))
    try:
        content = fetch(calendar.url)
        periods = nights(content, timezone.localdate(at), lambda uid: ical.own_stay(uid) in own)
    except (Unreadable, outside.Refused) as refusal:
        note_failure(calendar, str(refusal), at)
        return False
    except outside.UNREACHABLE as trouble:
        note_failure(calendar, f"L’autre site ne répond pas ({type(trouble).__name__}).", at)
        return False
    replace_nights(calendar, periods, at)
    return True


def fetch(url):
    """The content of a calendar, redirects followed; each address is judged before it is asked."""
    allow = settings.LOCAL_CALENDARS
    for _ in range(HOPS):
        schemes = ("http", "https") if urlsplit(url).hostname in allow else ("https",)
        agent = AGENT.format(site=settings.SITE_URL or "portail")
        reply = outside.ask(url, agent=agent, most=MOST_BYTES + 1, allow=allow, schemes=schemes)
        if reply.status in (301, 302, 303, 307, 308) and reply.location:
            url = urljoin(url, reply.location)
        elif reply.status != 200:
            raise Unreadable(f"L’autre site répond {reply.status}.")
        elif len(reply.body) > MOST_BYTES:
            raise Unreadable(f"Ce calendrier dépasse 1{NBSP}Mo.")
        else:
            return reply.body
    raise Unreadable("L’autre site renvoie sans fin d’une adresse à l’autre.")


@transaction.atomic
def replace_nights(calendar, periods, at):
    """What a calendar says now, in place of what it said. Who waits for nights that it leaves is told."""
    dwelling = lock(calendar.dwelling_id)
    if not ImportedCalendar.objects.filter(pk=calendar.pk).update(read_at=at, problem="", failures=0):
        return  # retired while it was read
    known = [(period.lower, period.upper) for period in Block.objects.filter(calendar=calendar).values_list("period", flat=True)]
    Block.objects.filter(calendar=calendar).delete()
    Block.objects.bulk_create(
        Block(dwelling=dwelling, calendar=calendar, uid=uid, period=DateRange(first, last)) for first, last, uid in periods
    )
    _tell_taken_twice(calendar, dwelling, [(first, last) for first, last, _ in periods], known, at)
    promote(dwelling, at)


def taken_twice(stay, periods):
    """Nights of a confirmed stay that these periods of another calendar hold, as `(first, last)`.

    None for a stay that the host wrote down and that one of them holds whole: it is agreed elsewhere, and stands in both.
    """
    first, last = stay.period.lower, stay.period.upper
    if stay.origin == BookingOrigin.HOST and any(start <= first and last <= end for start, end in periods):
        return []
    return [(max(start, first), min(end, last)) for start, end in sorted(periods) if start < last and end > first]


def _tell_taken_twice(calendar, dwelling, periods, known, at):
    """Tell the host of confirmed stays some night of which this reading is the first to say taken, once for a stay and these nights."""
    stays = Booking.objects.confirmed().of_somebody().ahead(timezone.localdate(at)).filter(dwelling=dwelling).order_by("place", "period")
    found = [(stay, nights) for stay in stays if without(nights := taken_twice(stay, periods), known)]
    events = Mail.objects.about(dwelling).filter(event__startswith=TWICE).values_list("event", flat=True)
    told = {key for event in events for key in event.split(":")}
    new = [(stay, nights) for stay, nights in found if _key(stay, nights) not in told]
    for some in (new[rank : rank + AT_MOST_TOLD] for rank in range(0, len(new), AT_MOST_TOLD)):
        letters.to_host(
            dwelling,
            ":".join(["taken_twice", *(_key(*each) for each in some)]),
            "housing/mail/taken_twice.txt",
            at,
            site=urlsplit(calendar.url).hostname,
            stays=[
                {
                    "stay": stay,
                    "nights": ", ".join(french.date_range(*each) for each in nights),
                    "dates": french.date_range(stay.period.lower, stay.period.upper),
                }
                for stay, nights in some
            ],
        )


def _key(stay, nights):
    """What names a stay and the nights of it that are taken twice, among those of one dwelling."""
    spans = "_".join(f"{first:%Y%m%d}-{last:%Y%m%d}" for first, last in nights)
    return blake2b(f"{stay.pk}:{spans}".encode(), digest_size=3).hexdigest()


@transaction.atomic
def note_failure(calendar, problem, at):
    """Write down why a calendar was not read; the host is told at the third time in a row, once."""
    ImportedCalendar.objects.filter(pk=calendar.pk).update(problem=french.one_line(problem)[:200], failures=F("failures") + 1)
    calendar = ImportedCalendar.objects.select_related("dwelling").filter(pk=calendar.pk).first()
    if calendar is None or calendar.failures < TELL_AFTER:
        return
    since = calendar.read_at or calendar.created_at
    letters.to_host(
        calendar.dwelling,
        f"calendar_failing:{calendar.pk}:{since:%Y%m%dT%H%M%S}",
        "housing/mail/calendar_failing.txt",
        at,
        site=urlsplit(calendar.url).hostname,
        problem=calendar.problem,
        read=french.moment(calendar.read_at) if calendar.read_at else "",
    )
