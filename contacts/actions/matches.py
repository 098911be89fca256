"""Offers and needs that fit: found, told to who looks, told to publishers without a name.

Each of these steps may run at any time, twice, or late.
"""

from collections import defaultdict
from itertools import islice

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from contacts.actions import introductions, unsent
from contacts.actions import needs as needs_actions
from contacts.models import AlertItem, AvailabilityMute, Need, NeedMatch, Recipient
from contacts.needs_links import keep_url
from contacts.querysets.needs import offers_for
from contacts.rules import needs as rules
from contacts.searches import Offers
from core import mail, signed
from core.links import absolute
from core.models import Mail
from opportunities import presenters

MUTE = "contacts.needs_mute"
FOUND_AT_ONCE = 60
"""Offers that come to fit one need in one run, the latest published first."""
LISTED = 12
"""Offers that one message tells of for one need; it says how many more the next one brings."""
SHOWN_A_DAY = 5
"""Doctors that a publisher hears of for one offer in one message; the others come with the next."""
PUBLISHER_REASON = "votre adresse est celle du contact de ces offres"


def find(*, at):
    """Note the offers that have come to fit a need; returns how many."""
    return sum(_find(pk, at) for pk in list(Need.objects.to_match(at).order_by("pk").values_list("pk", flat=True)))


@transaction.atomic
def _find(pk, at):
    need = _needs(at).select_for_update(skip_locked=True, of=("self",)).filter(pk=pk).first()
    if need is None:
        return 0
    known = NeedMatch.objects.filter(need=need, offer=OuterRef("pk"))
    offers = offers_for(need, at).exclude(Exists(known)).select_related("kind", "commune__epci").order_by("-published_at", "-pk")
    fitting = list(islice((offer for offer in offers.iterator() if rules.fits(need, offer) is not None), FOUND_AT_ONCE))
    NeedMatch.objects.bulk_create([NeedMatch(need=need, offer=offer, found_at=at) for offer in fitting], ignore_conflicts=True)
    return len(fitting)


def _needs(at):
    return Need.objects.to_match(at).select_related("commune").prefetch_related("kinds", "epcis")


def still_fitting(need, keys, at):
    """Those offers of these keys that are seen at that moment and still fit, each with its reasons as `reasons`."""
    found = []
    for offer in offers_for(need, at).filter(pk__in=keys).select_related("kind", "commune__epci").order_by("-published_at", "-pk"):
        offer.reasons = rules.fits(need, offer)
        if offer.reasons is not None:
            found.append(offer)
    return found


def tell_people(*, at):
    """Tell people of the offers that fit what they look for, in one message a day at most; returns how many messages.

    Once an offer, whatever the number of needs and alerts of an address that find it.
    """
    waiting = NeedMatch.objects.to_tell(at).order_by("need__email").values_list("need__email", flat=True).distinct()
    return sum(_tell(email, at) for email in list(waiting))


@transaction.atomic
def _tell(email, at):
    mail.one_at_a_time(email)
    needs = list(_needs(at).filter(notify=True, email=email).select_for_update(skip_locked=True, of=("self",)).order_by("pk"))
    event = f"contacts.needs_found:{timezone.localdate(at):%Y%m%d}"
    if not needs or Mail.objects.filter(event=event, recipient_key=mail.key_of(email)).exists():
        return False
    waiting = _by_need(NeedMatch.objects.to_tell(at).filter(need__in=needs))
    groups = [(need, still_fitting(need, waiting[need.pk], at)) for need in needs if need.pk in waiting]
    _forget_stale(waiting, {need.pk: offers for need, offers in groups})
    groups, known = _new_to(email, groups)
    NeedMatch.objects.filter(pk__in=known).update(told_at=at)
    if not groups:
        return False
    first = groups[0][0]
    written = mail.post(
        event=event,
        recipient=email,
        template="contacts/mail/needs_found.txt",
        context={
            "count": len({offer.pk for _, offers in groups for offer in offers}),
            "groups": [_told(need, offers) for need, offers in groups],
        },
        reason=needs_actions.REASON,
        about=first,
        unsubscribe_url=needs_actions.stop_url(first),
        at=at,
    )
    for need, offers in groups if written.is_new else ():
        NeedMatch.objects.filter(need=need, offer__in=offers[:LISTED]).update(told_at=at, told_in=written)
    return written.is_new


def _new_to(email, groups):
    """What a message says that this address has not read: needs with their offers, each offer for the first need that lists it.

    With them the keys of the matches whose offer is told by an alert, or for another need.
    """
    keys = {offer.pk for _, offers in groups for offer in offers}
    told = set(AlertItem.objects.filter(subscriber__email=email, kind=Offers.key, object_id__in=keys).values_list("object_id", flat=True))
    told |= set(NeedMatch.objects.told_to(email).filter(offer__in=keys).values_list("offer_id", flat=True))
    new, known = [], Q(pk__in=[])
    for need, offers in groups:
        fresh = [offer for offer in offers if offer.pk not in told]
        known |= Q(need=need, offer__in=[offer.pk for offer in offers if offer.pk in told])
        told |= {offer.pk for offer in fresh[:LISTED]}
        if fresh:
            new.append((need, fresh))
    return new, NeedMatch.objects.filter(known).values("pk")


def _by_need(matches):
    keys = defaultdict(list)
    for need, offer in matches.order_by("pk").values_list("need_id", "offer_id"):
        keys[need].append(offer)
    return keys


def _forget_stale(waiting, fitting):
    """What fitted when it was found and does no longer is found again, should it fit once more."""
    stale = {need: set(keys) - {offer.pk for offer in fitting.get(need, ())} for need, keys in waiting.items()}
    for need, keys in stale.items():
        if keys:
            NeedMatch.objects.filter(need=need, offer__in=keys, told_at__isnull=True, shown_at__isnull=True).delete()


def _told(need, offers):
    """What the message says of one need."""
    rows = [
        {
            "title": f"{offer.title} (exemple)" if offer.is_demo else offer.title,
            "place": presenters.place(offer),
            "when": presenters.period(offer),
            "reasons": ", ".join(offer.reasons),
            "url": absolute(offer.get_absolute_url()),
        }
        for offer in offers[:LISTED]
    ]
    return {"rows": rows, "more": len(offers) - len(rows), "keep_url": keep_url(need)}


def tell_publishers(*, at):
    """Tell publishers, without a name, of doctors available for their offers, in one message a day at most; returns how many."""
    waiting = NeedMatch.objects.to_show(at).order_by("offer__contact_email").values_list("offer__contact_email", flat=True).distinct()
    return sum(_show(email, at) for email in list(waiting))


@transaction.atomic
def _show(email, at):
    event = f"contacts.availabilities:{timezone.localdate(at):%Y%m%d}"
    if not _hears(email):
        return False
    if Mail.objects.filter(event=event, recipient_key=mail.key_of(email)).exists():
        return False
    waiting = NeedMatch.objects.to_show(at).filter(offer__contact_email__iexact=email)
    matches = list(waiting.select_for_update(skip_locked=True, of=("self",)).order_by("offer_id", "pk"))
    offers = _proposed(matches, at)
    if not offers:
        return False
    written = mail.post(
        event=event,
        recipient=email,
        template="contacts/mail/needs_available.txt",
        context={"offers": offers, "count": sum(len(offer["doctors"]) for offer in offers)},
        reason=PUBLISHER_REASON,
        about=offers[0]["offer"],
        unsubscribe_url=mute_url(offers[0]["offer"], every=True),
        at=at,
    )
    if written.is_new:
        NeedMatch.objects.filter(pk__in=[doctor["pk"] for offer in offers for doctor in offer["doctors"]]).update(
            shown_at=at, shown_in=written
        )
    return written.is_new


def _hears(email):
    """Whether a publisher of this address wants to hear of doctors at all."""
    is_paused = Recipient.objects.filter(email=email.lower(), paused=True).exists()
    return not is_paused and not AvailabilityMute.objects.filter(address_key=mail.key_of(email)).exists()


def _proposed(matches, at):
    """What the message to a publisher says of each offer: the doctors who may be proposed, if both still stand."""
    fitting = _fitting(matches, at)
    rows, doctors = {}, set()
    for match in matches:
        need, offer = fitting.get((match.need_id, match.offer_id), (None, None))
        if offer is None or not rules.is_proposed(need, offer):
            continue
        if (doctor := (offer.pk, need.email)) in doctors:
            continue
        doctors.add(doctor)
        row = rows.setdefault(offer.pk, {"offer": offer, "doctors": [], "mute_url": mute_url(offer)})
        if len(row["doctors"]) < SHOWN_A_DAY:
            words = rules.availability(need, offer)
            row["doctors"].append({"pk": match.pk, "words": words, "url": introductions.request_url(match)})
    return list(rows.values())


def _fitting(matches, at):
    """Needs and offers of these matches that both stand at that moment and still fit, by their keys."""
    keys = defaultdict(list)
    for match in matches:
        keys[match.need_id].append(match.offer_id)
    needs = _needs(at).filter(pk__in=keys)
    return {(need.pk, offer.pk): (need, offer) for need in needs for offer in still_fitting(need, keys[need.pk], at)}


def refresh_waiting(*, at):
    """Take back the messages that no server took yet and that tell of what fits no longer, or to who does not want it; returns how many."""
    told = NeedMatch.objects.filter(told_in__in=Mail.objects.unsent())
    shown = NeedMatch.objects.filter(shown_in__in=Mail.objects.unsent()).select_related("shown_in")
    fitting = _fitting([*told, *shown], at)
    stale = {match.told_in_id for match in told if not _is_wanted(*fitting.get((match.need_id, match.offer_id), (None, None)))}
    stale |= {match.shown_in_id for match in shown if not _is_shown_to(match, *fitting.get((match.need_id, match.offer_id), (None, None)))}
    return unsent.take_back(mails=Mail.objects.filter(pk__in=stale))


def _is_wanted(need, offer):
    return offer is not None and need.notify


def _is_shown_to(match, need, offer):
    """Whether the publisher to whom a waiting message tells of this doctor is the one of the offer still, and wants it."""
    if offer is None or not rules.is_proposed(need, offer):
        return False
    return offer.contact_email.lower() == match.shown_in.recipient.lower() and _hears(offer.contact_email)


def mute_url(offer, *, every=False):
    """Where a publisher says that they want to hear of no doctor for this offer, or for any of theirs."""
    name = "contacts:needs_mute_all" if every else "contacts:needs_mute"
    return absolute(reverse(name, args=[signed.sign(MUTE, offer)]))


@transaction.atomic
def mute(*, offer, every, at):
    """Tell the publisher of this offer of no doctor any more; with `every`, for all of their offers, those to come too."""
    if every and offer.contact_email:
        AvailabilityMute.objects.get_or_create(address_key=mail.key_of(offer.contact_email), defaults={"created_at": at})
    else:
        AvailabilityMute.objects.get_or_create(offer=offer, defaults={"created_at": at})
    shown = Q(offer__contact_email__iexact=offer.contact_email) if every and offer.contact_email else Q(offer=offer)
    unsent.take_back(mails=Mail.objects.filter(pk__in=NeedMatch.objects.filter(shown).values("shown_in")))
