"""Rooms that fit what people look for: found, and told in the one message a day that needs have (`matches`).

Each of these steps may run at any time, twice, or late. What fits is read again when it is told: a room that was taken meanwhile is
forgotten, and found again should it come free.
"""

from collections import defaultdict
from itertools import islice

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from contacts.actions import needs as needs_actions
from contacts.actions import unsent
from contacts.actions.matches import FOUND_AT_ONCE, LISTED
from contacts.models import AlertItem, LodgingMatch, Need
from contacts.needs_links import keep_url
from contacts.querysets.needs import rooms_for
from contacts.searches import Rooms
from core import french, mail
from core.links import absolute
from core.models import Mail
from housing import presenters
from housing.asked import Commute


def find(*, at):
    """Note the rooms that have come to fit a need; returns how many."""
    return sum(_find(pk, at) for pk in list(Need.objects.to_lodge(at).order_by("pk").values_list("pk", flat=True)))


def _needs(at):
    return Need.objects.to_lodge(at).prefetch_related("places", "epcis")


@transaction.atomic
def _find(pk, at):
    need = _needs(at).select_for_update(skip_locked=True, of=("self",)).filter(pk=pk).first()
    if need is None:
        return 0
    known = LodgingMatch.objects.filter(need=need, dwelling=OuterRef("pk"))
    rooms = commute_of(need).in_order(rooms_for(need, at).exclude(Exists(known))).only("pk")
    fitting = list(islice(rooms, FOUND_AT_ONCE))
    LodgingMatch.objects.bulk_create([LodgingMatch(need=need, dwelling=room, found_at=at) for room in fitting], ignore_conflicts=True)
    return len(fitting)


def tell_people(*, at):
    """Tell people of the rooms that fit what they look for; returns how many messages were written."""
    waiting = LodgingMatch.objects.filter(told_at__isnull=True, need__in=Need.objects.to_lodge(at))
    return sum(_tell(email, at) for email in list(waiting.order_by("need__email").values_list("need__email", flat=True).distinct()))


@transaction.atomic
def _tell(email, at):
    mail.one_at_a_time(email)
    event = f"contacts.needs_found:{timezone.localdate(at):%Y%m%d}"
    needs = list(_needs(at).filter(email=email).select_for_update(skip_locked=True, of=("self",)).order_by("pk"))
    if not needs or Mail.objects.filter(event=event, recipient_key=mail.key_of(email)).exists():
        return False
    told = set(LodgingMatch.objects.told_to(email).values_list("dwelling_id", flat=True))
    told |= set(AlertItem.objects.filter(subscriber__email=email, kind=Rooms.key).values_list("object_id", flat=True))
    groups = []
    for need in needs:
        fresh = _still_fitting(need, at)
        LodgingMatch.objects.filter(need=need, dwelling__in=[room.pk for room in fresh if room.pk in told]).update(told_at=at)
        fresh = [room for room in fresh if room.pk not in told]
        if fresh:
            told |= {room.pk for room in fresh[:LISTED]}
            groups.append((need, fresh))
    if not groups:
        return False
    count = sum(min(len(rooms), LISTED) for _, rooms in groups)
    written = mail.post(
        event=event,
        recipient=email,
        template="contacts/mail/needs_rooms.txt",
        context={"count": count, "groups": [_group(need, rooms) for need, rooms in groups]},
        reason=needs_actions.REASON,
        about=groups[0][0],
        unsubscribe_url=needs_actions.stop_url(groups[0][0]),
        at=at,
    )
    for need, rooms in groups:
        LodgingMatch.objects.filter(need=need, dwelling__in=[room.pk for room in rooms[:LISTED]]).update(told_at=at, told_in=written)
    return written.is_new


def _still_fitting(need, at):
    """Rooms of which its person was not told that fit now; those that do no longer are forgotten."""
    waiting = LodgingMatch.objects.filter(need=need, told_at__isnull=True)
    rooms = rooms_for(need, at).filter(pk__in=waiting.values("dwelling")).select_related("commune__epci")
    found = list(commute_of(need).in_order(rooms))
    waiting.exclude(dwelling__in=found).delete()
    return found


def refresh_waiting(*, at):
    """Take back the messages that no server took yet and that tell of a room which fits no longer; returns how many."""
    told = defaultdict(list)
    for match in LodgingMatch.objects.filter(told_in__in=Mail.objects.unsent()):
        told[match.need_id].append(match)
    fitting = {
        (need.pk, room)
        for need in _needs(at).filter(pk__in=told)
        for room in rooms_for(need, at).filter(pk__in=[match.dwelling_id for match in told[need.pk]]).values_list("pk", flat=True)
    }
    stale = {match.told_in_id for matches in told.values() for match in matches if (match.need_id, match.dwelling_id) not in fitting}
    return unsent.take_back(mails=Mail.objects.filter(pk__in=stale))


def _group(need, rooms):
    """What the message says of one need."""
    commute = commute_of(need)
    return {
        "rows": [row(need, commute, room) for room in rooms[:LISTED]],
        "more": max(0, len(rooms) - LISTED),
        "keep_url": keep_url(need),
    }


def commute_of(need):
    """The way to the places of a need."""
    return Commute([place.near for place in need.places.all()])


def row(need, commute, room):
    """A room as a message tells it; the way to each place is what the list of rooms says."""
    away = [f"{name}{french.NBSP}: {way}" for name, way in presenters.ways(room, commute)]
    free = "libre à vos dates" if need.starts_on or need.ends_on else ""
    reasons = [presenters.kind_label(room), presenters.rent(room), *away, free]
    return {
        "title": f"{room.title} (exemple)" if room.is_demo else room.title,
        "place": presenters.place(room),
        "reasons": ", ".join(filter(None, reasons)),
        "url": absolute(room.get_absolute_url()),
    }
