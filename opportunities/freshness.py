"""Keeping offers true: the publisher is asked, reminded, and an offer of which nobody says anything any more leaves the lists.

Every step is a message, written once for an offer and its last confirmation (`core.mail`): running a step twice, at once or after a
day of outage, tells nothing twice. Times are arguments.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from core import french, mail
from core.enums import MailState
from core.links import absolute
from core.models import Mail, new_link_key
from opportunities import actions, rules
from opportunities.actions.telling import REASON, tell
from opportunities.enums import ReportReason, State
from opportunities.models import OfferReport, Opportunity
from opportunities.private_link import keep_url

STEPS = {
    "confirm": "opportunities/mail/confirm.txt",
    "remind": "opportunities/mail/remind.txt",
    "retired": "opportunities/mail/retired.txt",
    "ended": "opportunities/mail/ended.txt",
}
"""What is written to a publisher, in this order."""
REMIND_AFTER_ASKING_DAYS = 7
ASKED_A_DAY = 5
"""Reports that one publisher is asked about in a day; the team looks at the others."""
ERASED_AFTER = timedelta(days=90)
"""How long the words and the address of a reader stay after the end of their report (docs/registre.md)."""


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
    if not _messages(offer, "confirm").exists():
        return _write(offer, "confirm", at, leaves_at=min(leaves_at(offer, at), offer.expires_at)).is_new
    asked = _asked(offer)
    late = offer.confirmed_at <= at - timedelta(days=rules.REMIND_AFTER_DAYS)
    if asked and late and asked <= at - timedelta(days=REMIND_AFTER_ASKING_DAYS) and leaves_at(offer, asked) > at:
        return _write(offer, "remind", at, leaves_at=min(leaves_at(offer, asked), offer.expires_at)).is_new
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


def _messages(offer, step):
    """What was written to the contact of today about this confirmation."""
    return Mail.objects.filter(event=_event(offer, step), recipient_key=mail.key_of(offer.contact_email))


def _asked(offer):
    """When our question reached the contact, or None: a message that waits or failed asks nobody."""
    return _messages(offer, "confirm").filter(state=MailState.SENT).values_list("sent_at", flat=True).first()


def tell_ended(*, at):
    """Tell publishers whose offers reached their last day since yesterday, dated locums aside; returns how many messages were written."""
    ended = Opportunity.objects.filter(state=State.EXPIRED, closed_at__gt=at - timedelta(days=2)).exclude(contact_email="")
    return sum(_tell_ended(pk, at) for pk in _keys(ended.exclude(kind__is_locum=True, ends_on__isnull=False)))


@transaction.atomic
def _tell_ended(pk, at):
    offer = Opportunity.objects.select_for_update().get(pk=pk)
    told = offer.state != State.EXPIRED or _messages(offer, "retired").exists()
    return False if told else _write(offer, "ended", at).is_new


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
    return tell(offer, "link", at, daily=True)


@transaction.atomic
def report(*, offer, reason, text="", email="", at):
    """Write down what a reader says of an offer, ask its publisher at once, and thank who left an address, once a day each.

    What may be unlawful goes to the team instead, and so does what the publisher was asked too often today. Returns the `OfferReport`.
    """
    row = OfferReport.objects.create(opportunity=offer, reason=reason, text=text, email=email, created_at=at)
    if offer.contact_email and reason != ReportReason.UNLAWFUL and _may_ask(offer, at):
        mail.post(
            event=f"{_event(offer, 'reported')}:{timezone.localdate(at):%Y%m%d}",
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
            event=f"opportunities.report_receipt:{offer.pk}:{timezone.localdate(at):%Y%m%d}",
            recipient=email,
            template="opportunities/mail/report_receipt.txt",
            context={"offer": offer, "what": row.get_reason_display(), "asked": row.asked, "url": absolute(offer.get_absolute_url())},
            reason="vous avez signalé cette offre et laissé votre adresse",
            about=row,
            at=at,
        )
    return row


def _may_ask(offer, at):
    """Whether the publisher was asked less than `ASKED_A_DAY` times since yesterday, all offers together."""
    asked = Mail.objects.filter(recipient_key=mail.key_of(offer.contact_email), event__startswith="opportunities.reported:")
    return asked.filter(created_at__gt=at - timedelta(days=1)).count() < ASKED_A_DAY


@transaction.atomic
def revoke_links(*, offers):
    """Make void the private links sent for these offers; returns how many offers."""
    locked = list(offers.select_for_update(of=("self",)))
    for offer in locked:
        Opportunity.objects.filter(pk=offer.pk).update(link_key=new_link_key())
    return len(locked)


def erase_old_reports(*, at):
    """Forget words and addresses of reports that ended long ago; returns how many."""
    ended = OfferReport.objects.filter(settled_at__lt=at - ERASED_AFTER)
    return ended.exclude(text="", email="").update(text="", email="")
