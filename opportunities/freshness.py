"""Keeping offers true: the publisher is asked, reminded, and an offer of which nobody says anything any more leaves the lists.

Every step is a message, written once for an offer and its last confirmation (`core.mail`): running a step twice, at once or after a
day of outage, tells nothing twice. Times are arguments.
"""

from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from core import french, mail, signed
from core.links import absolute
from core.models import Mail
from opportunities import actions, rules
from opportunities.enums import ReportReason
from opportunities.models import OfferReport, Opportunity

STEPS = {
    "confirm": "opportunities/mail/confirm.txt",
    "remind": "opportunities/mail/remind.txt",
    "retired": "opportunities/mail/retired.txt",
}
"""What is written to a publisher, in this order."""
PURPOSE = "opportunities.keep"
LIFETIME = timedelta(days=60)
"""How long the private link of a publisher opens; a fresh one is a button away, and goes to the address that the offer has."""
REASON = "votre adresse est celle du contact de cette offre"
ERASED_AFTER = timedelta(days=90)
"""How long the words and the address of a reader stay after the end of their report (docs/registre.md)."""


def keep_url(offer):
    """The private page of the publisher of an offer."""
    return absolute(reverse("opportunities:offer_keep", args=[signed.sign(PURPOSE, offer)]))


def ask_publishers(*, at):
    """Ask whether offers of which nothing was heard for 30 days still hold, and remind after 40; returns how many messages were written."""
    keys = _keys(Opportunity.objects.silent_since(at - timedelta(days=rules.CONFIRM_AFTER_DAYS)).exclude(contact_email=""))
    return sum(_ask(pk, at) for pk in keys)


def retire_silent(*, at):
    """Take offers of which nothing was heard for 45 days out of the lists, and tell their publishers; returns how many."""
    return sum(_retire(pk, at) for pk in _keys(Opportunity.objects.silent_since(at - timedelta(days=rules.RETIRE_AFTER_DAYS))))


def _keys(offers):
    return list(offers.order_by("pk").values_list("pk", flat=True))


def _held(pk, since):
    """The offer, locked, if it is still silent and nobody else holds it."""
    return Opportunity.objects.silent_since(since).select_for_update(skip_locked=True, of=("self",)).filter(pk=pk).first()


@transaction.atomic
def _ask(pk, at):
    offer = _held(pk, at - timedelta(days=rules.CONFIRM_AFTER_DAYS))
    if offer is None:
        return False
    asked = _asked(offer)
    if asked is None:
        return _write(offer, "confirm", at, leaves_at=leaves_at(offer, at)).is_new
    if offer.confirmed_at <= at - timedelta(days=rules.REMIND_AFTER_DAYS) and asked <= at - timedelta(days=7):
        return _write(offer, "remind", at, leaves_at=leaves_at(offer, asked)).is_new
    return False


@transaction.atomic
def _retire(pk, at):
    offer = _held(pk, at - timedelta(days=rules.RETIRE_AFTER_DAYS))
    if offer is None:
        return False
    asked = _asked(offer)
    if offer.contact_email and (asked is None or leaves_at(offer, asked) > at):
        return False
    confirmed_at = offer.confirmed_at
    actions.retire(offer=offer, at=at)
    if offer.contact_email:
        _write(offer, "retired", at, confirmed_at=confirmed_at)
    return True


def leaves_at(offer, asked):
    """When a silent offer leaves the lists: 45 days after its last confirmation, and never within two weeks of our question."""
    return max(offer.confirmed_at + timedelta(days=rules.RETIRE_AFTER_DAYS), asked + timedelta(days=rules.ASKED_BEFORE_DAYS))


def _event(offer, step):
    return f"opportunities.{step}:{offer.pk}:{offer.confirmed_at:%Y%m%dT%H%M%S}"


def _asked(offer):
    """When the publisher was asked about this confirmation, or None."""
    return Mail.objects.filter(event=_event(offer, "confirm")).values_list("created_at", flat=True).first()


def _write(offer, step, at, **context):
    """One message to the publisher, with the private link."""
    days = {name: french.date(timezone.localtime(moment)) for name, moment in context.items()}
    confirmed = french.date(timezone.localtime(context.get("confirmed_at", offer.confirmed_at)))
    return mail.post(
        event=_event(offer, step),
        recipient=offer.contact_email,
        template=STEPS[step],
        context={"offer": offer, "confirmed": confirmed, "keep_url": keep_url(offer), **days},
        reason=REASON,
        about=offer,
        at=at,
    )


@transaction.atomic
def send_fresh_link(*, offer, at):
    """Send the publisher a link that opens, once a day at most."""
    if not offer.contact_email:
        return None
    return mail.post(
        event=f"opportunities.link:{offer.pk}:{timezone.localdate(at):%Y%m%d}",
        recipient=offer.contact_email,
        template="opportunities/mail/link.txt",
        context={"offer": offer, "keep_url": keep_url(offer)},
        reason=REASON,
        about=offer,
        at=at,
    )


@transaction.atomic
def report(*, offer, reason, text="", email="", at):
    """Write down what a reader says of an offer, ask its publisher at once, and thank who left an address.

    The publisher is asked once a day whatever is reported; what may be unlawful goes to the team instead. Returns the `OfferReport`.
    """
    row = OfferReport.objects.create(opportunity=offer, reason=reason, text=text, email=email, created_at=at)
    if offer.contact_email and reason != ReportReason.UNLAWFUL:
        mail.post(
            event=f"opportunities.reported:{offer.pk}:{timezone.localdate(at):%Y%m%d}",
            recipient=offer.contact_email,
            template="opportunities/mail/reported.txt",
            context={"offer": offer, "what": row.get_reason_display(), "text": mail.quote(text), "keep_url": keep_url(offer)},
            reason=REASON,
            about=offer,
            at=at,
        )
        row.asked = True
        row.save(update_fields=["asked"])
    if email:
        mail.post(
            event=f"opportunities.report_receipt:{row.pk}",
            recipient=email,
            template="opportunities/mail/report_receipt.txt",
            context={"offer": offer, "what": row.get_reason_display(), "asked": row.asked, "url": absolute(offer.get_absolute_url())},
            reason="vous avez signalé cette offre et laissé votre adresse",
            about=row,
            at=at,
        )
    return row


def erase_old_reports(*, at):
    """Forget words and addresses of reports that ended long ago; returns how many."""
    ended = OfferReport.objects.filter(settled_at__lt=at - ERASED_AFTER)
    return ended.exclude(text="", email="").update(text="", email="")
