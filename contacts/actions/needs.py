"""The life of a need: recorded, confirmed, changed, renewed, stopped, erased. Times are arguments; every message is written once."""

from datetime import timedelta

from django.core import signing
from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from contacts.actions import introductions, unsent
from contacts.models import Afterword, AvailabilityMute, Need, NeedMatch
from contacts.needs_links import keep_url
from contacts.rules import needs as rules
from core import french, mail, signed
from core.guard import suspicion
from core.links import absolute
from core.models import Mail

CONFIRM, STOP = "contacts.needs_confirm", "contacts.needs_stop"
"""Purposes of the links that a person receives."""
CONFIRM_WITHIN = timedelta(days=7)
ENDING_DAYS = 7
ERASED_AFTER = timedelta(days=30)
"""How long a need is kept after its end (docs/registre.md)."""
AGREEMENT_KEPT = timedelta(days=365)
"""How long it is kept when its doctor was put in touch: who agreed to what, and when."""
MUTE_KEPT = timedelta(days=3 * 365)
"""How long an address is spared that wants to hear of no available doctor."""
MAILS = {
    "confirm": "contacts/mail/needs_confirm.txt",
    "noted": "contacts/mail/needs_noted.txt",
    "released": "contacts/mail/needs_released.txt",
    "refused": "contacts/mail/needs_refused.txt",
    "ending": "contacts/mail/needs_ending.txt",
    "link": "contacts/mail/needs_link.txt",
}
"""What is written to who looks about their need."""
REASON = "vous avez dit sur le portail ce que vous cherchez"


class TooManyNeeds(Exception):
    """This address has as many needs as one may have."""


class NeedOver(Exception):
    """The need was stopped, or is over."""


def stop_url(need):
    """Where one click ends all messages about the needs of this address, whichever of them is erased by then."""
    return absolute(reverse("contacts:needs_stop", args=[signing.dumps(mail.key_of(need.email), salt=STOP)]))


@transaction.atomic
def record(*, need, kinds, epcis, places, months, known, at):
    """Save a need and ask its address to confirm, unless this browser is known; returns it, or None when that address is asked enough."""
    if not known and not mail.may_ask(need.email, at):
        return None
    need.created_at, need.expires_at = at, rules.expiry(months, need, at)
    need.held = held(need)
    need.save()
    _set_lists(need, kinds, epcis, places)
    if known:
        confirm(need=need, at=at)
    else:
        url = absolute(reverse("contacts:needs_confirm", args=[signed.sign(CONFIRM, need)]))
        write(need, "confirm", at, url=url)
    return need


def _set_lists(need, kinds, epcis, places):
    """What goes with a need."""
    need.kinds.set(kinds)
    need.epcis.set(epcis)
    set_places(need, places)


def set_places(need, places):
    """Near which places a room is looked for: `housing.asked.Near`s."""
    need.places.all().delete()
    for rank, place in enumerate(places, start=1):
        anchor = place.anchor
        need.places.create(
            rank=rank,
            token=anchor.token,
            label=anchor.text,
            commune_id=anchor.commune_id,
            latitude=anchor.point.latitude,
            longitude=anchor.point.longitude,
            half_days=place.half_days,
        )


def held(need):
    """Why the team reads this need before anything leaves; empty when there is no reason."""
    return ", ".join(suspicion(need.words))[:200]


@transaction.atomic
def confirm(*, need, at):
    """The address answers: from now on the need counts. Raises `TooManyNeeds`, `NeedOver`."""
    mail.one_at_a_time(need.email)
    need = _locked(need)
    if need.confirmed_at:
        return need
    if need.stopped_at or need.expires_at <= at:
        raise NeedOver(need.pk)
    others = Need.objects.of_address(need.email).filter(confirmed_at__isnull=False, stopped_at__isnull=True, expires_at__gt=at)
    if others.count() >= rules.NEEDS_OF_ONE_ADDRESS:
        raise TooManyNeeds(need.pk)
    need.confirmed_at = at
    need.save(update_fields=["confirmed_at"])
    write(need, "noted", at)
    return need


@transaction.atomic
def change(*, need, kinds, epcis, places, months, at):
    """Save what the person changed on their private page; a text that has to be read holds the need back again."""
    before = Need.objects.select_for_update().get(pk=need.pk)
    if before.stopped_at or before.expires_at <= at:
        raise NeedOver(need.pk)
    need.expires_at = rules.expiry(months, need, at)
    if need.words != before.words:
        need.held = held(need)
    need.save()
    _set_lists(need, kinds, epcis, places)
    unsent.take_back(mails=unsent.telling([need]) | unsent.showing([need]))
    need.matches.filter(told_at__isnull=True, shown_at__isnull=True).delete()
    need.lodgings.filter(told_at__isnull=True).delete()
    return need


@transaction.atomic
def renew(*, need, at):
    """For three months from now, within the days looked for. Raises `NeedOver` when that brings nothing."""
    need = _locked(need)
    until = rules.renewed(need, at)
    if need.stopped_at or until is None or not need.confirmed_at:
        raise NeedOver(need.pk)
    need.expires_at = until
    need.save(update_fields=["expires_at"])
    return need


@transaction.atomic
def stop(*, need, at):
    """Nothing more is looked for; publishers who wait for an answer are told."""
    need = _locked(need)
    if not need.stopped_at:
        need.stopped_at = at
        need.save(update_fields=["stopped_at"])
        unsent.forget(need=need)
        introductions.close_requests(need=need, at=at)
    return need


@transaction.atomic
def erase(*, need, at):
    """Forget a need and its mail at once, as its person asks; one whose doctor was put in touch is put away, and erased later.

    Returns whether nothing of it is left.
    """
    need = stop(need=need, at=at)
    if not met(need):
        _forget([need])
        return True
    need.notify, need.available, need.words = False, False, ""
    need.save(update_fields=["notify", "available", "words"])
    unsent.forget(need=need)  # stopped before, it may have been asked something since
    Afterword.objects.filter(match__need=need).update(text="", call_asked=False)
    return False


def met(need):
    """When the doctor of a need was last put in touch with a publisher, or None."""
    return need.matches.aggregate(last=Max("introduced_at"))["last"]


def kept_until(need):
    """Until when a need is kept after its end: thirty days, and a year after its doctor was put in touch."""
    ended = min(need.stopped_at or need.expires_at, need.expires_at) + ERASED_AFTER
    agreed = met(need)
    return max(ended, agreed + AGREEMENT_KEPT) if agreed else ended


def is_put_away(need):
    """Whether its person had erased what may be: what is left says who agreed to what."""
    return need.stopped_at is not None and not (need.words or need.notify or need.available) and met(need) is not None


def _forget(needs):
    """Delete needs with what was written to their people about them; publishers keep what they were told, without a name."""
    rows = Need.objects.filter(pk__in=[need.pk for need in needs])
    written = Mail.objects.about_any(rows) | Mail.objects.about_any(NeedMatch.objects.filter(need__in=rows))
    mail.erase_all(mails=written.filter(recipient_key__in={mail.key_of(need.email) for need in needs}))
    return rows.delete()[1].get("contacts.Need", 0)


@transaction.atomic
def stop_messages(*, key, at):
    """No message about offers any more for any need of the address of this key; a need that served nothing else is stopped.

    Returns how many.
    """
    needs = list(notifying(key).select_for_update().order_by("pk"))
    for each in needs:
        each.notify = False
        each.stopped_at = None if each.available else at
        each.save(update_fields=["notify", "stopped_at"])
    unsent.take_back(mails=unsent.telling(needs))
    return len(needs)


def notifying(key):
    """Needs that write of offers to the address of this key (`core.mail.key_of`), which is made of each address in turn."""
    writing = Need.objects.filter(stopped_at__isnull=True, notify=True)
    return Need.objects.filter(pk__in=[pk for pk, email in writing.values_list("pk", "email") if mail.key_of(email) == key])


@transaction.atomic
def let_through(*, need, at):
    """Staff read the text, and nothing is wrong with it."""
    need = _locked(need)
    if need.held:
        need.held = ""
        need.save(update_fields=["held"])
        if need.confirmed_at:
            write(need, "released", at, once=f"{at:%Y%m%dT%H%M%S}")
    return need


@transaction.atomic
def refuse(*, need, why, at):
    """Staff read the text and put the need aside; the person is told once why, and may answer."""
    is_open = not _locked(need).stopped_at
    need = stop(need=need, at=at)
    if is_open and need.confirmed_at:
        write(need, "refused", at, why=why)
    return need


def take_up(*, needs, at):
    """Staff look after these urgent needs; returns how many."""
    return needs.filter(seen_at__isnull=True).update(seen_at=at)


@transaction.atomic
def send_fresh_link(*, need, at):
    """Send the person a link to their page, once a day at most."""
    return write(need, "link", at, once=f"{timezone.localdate(at):%Y%m%d}")


@transaction.atomic
def send_fresh_confirmation(*, need, at):
    """Send the button of confirmation again, once a day at most; returns the `Mail`, or None when the address was asked enough."""
    if not mail.may_ask(need.email, at):
        return None
    url = absolute(reverse("contacts:needs_confirm", args=[signed.sign(CONFIRM, need)]))
    return write(need, "confirm", at, once=f"{timezone.localdate(at):%Y%m%d}", url=url)


def tell_ending(*, at):
    """Say to who looks that their need is over in a week, with the button that renews it; returns how many messages were written."""
    soon = Need.objects.active(at).filter(is_demo=False, expires_at__lte=at + timedelta(days=ENDING_DAYS))
    return sum(_tell_ending(pk, at) for pk in list(soon.order_by("pk").values_list("pk", flat=True)))


@transaction.atomic
def _tell_ending(pk, at):
    need = Need.objects.active(at).select_for_update(skip_locked=True).filter(pk=pk).first()
    if need is None or need.expires_at > at + timedelta(days=ENDING_DAYS) or need.created_at > at - timedelta(days=ENDING_DAYS):
        return False
    once = f"{timezone.localdate(need.expires_at):%Y%m%d}"
    last, erased = (french.date(timezone.localtime(moment)) for moment in (need.expires_at, kept_until(need)))
    return write(need, "ending", at, once=once, last=last, erased=erased, renewable=rules.renewed(need, at) is not None).is_new


@transaction.atomic
def erase_old(*, at):
    """Forget needs that were never confirmed, or that ended a while ago, and their mail; returns how many."""
    old = Need.objects.to_erase(unconfirmed=at - CONFIRM_WITHIN, ended=at - ERASED_AFTER, agreed=at - AGREEMENT_KEPT)
    AvailabilityMute.objects.filter(offer__isnull=True, created_at__lt=at - MUTE_KEPT).delete()
    return _forget(list(old.select_for_update(skip_locked=True, of=("self",)).order_by("pk")))


def write(need, step, at, *, once="", **context):
    """One message to who looks, with the link to their page."""
    return mail.post(
        event=":".join(filter(None, [f"contacts.need_{step}", str(need.pk), once])),
        recipient=need.email,
        template=MAILS[step],
        context={"need": need, "keep_url": keep_url(need), "until": french.date(timezone.localtime(need.expires_at)), **context},
        reason=REASON,
        about=need,
        at=at,
    )


def _locked(need):
    return Need.objects.select_for_update().get(pk=need.pk)
