"""No message ends in silence: who does not answer is reminded, then the team takes over and who wrote is told.

Every step is a message whose event names the moment from which an answer is awaited: running a step twice, at once or after a day of
outage, tells nothing twice. The clock starts when our message reached a server, never before.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower
from django.utils.text import capfirst

from agenda.models import Event
from collective.models import Partner
from contacts.actions import conversations as verbs
from contacts.actions import disclosures, endings, letters, redirects, steps
from contacts.enums import OPEN, Handover, Outcome, Reply, Side, Stage
from contacts.models import Conversation, Recipient
from contacts.rules import conversations as rules
from contacts.rules import days
from core import mail
from core.enums import MailState
from core.models import Mail, new_link_key
from housing.models import Dwelling
from opportunities.models import Opportunity

FOR_THE_AUTHOR = Q(event__regex=r"^contacts\.(relay|more_recipient|redirected):")
"""Messages to a recipient that carry what the author wrote."""
FOR_THE_SENDER = Q(event__regex=r"^contacts\.(question|introduced_sender|more_sender|room_visit_sender|room_booked_sender):")
"""Messages to an author that carry what somebody answered."""
NO_AUTHOR = capfirst(Handover.NO_AUTHOR.label)
"""What the steps say of it, as after a bounce (`inbound`)."""
GIVEN_UP = (MailState.FAILED, MailState.DROPPED)


def chase(*, at):
    """Every step that is due, each on its own (`steps.each`); returns how many were taken."""
    rows = Conversation.objects
    reminded, recalled = (at - timedelta(days=days) for days in (rules.REMINDERS_DAYS[0], rules.SENDER_REMINDER_DAYS))
    return steps.each(
        at,
        (_redirect, rows.misdirected()),
        (_tell_gone, rows.about_what_is_over(list(rules.OVER), at)),
        (_tell_over, rows.to_tell_over(list(rules.OVER), at)),
        (_stop_asking, rows.taken_no_more()),
        (_tell_unreachable, rows.filter(stage=Stage.WAITING, pk__in=_unreached(FOR_THE_AUTHOR))),
        (_tell_no_author, rows.filter(stage__in=OPEN, pk__in=_unreached(FOR_THE_SENDER))),
        (_remind_or_hand_over, rows.to_chase(reminded, at)),
        (_remind_author_or_lapse, rows.filter(stage=Stage.ASKED, waiting_since__lte=recalled)),
        (disclosures.follow, disclosures.unanswered(at)),
        (_not_forgotten, rows.without_a_word(at)),
    )


def _redirect(pk, at):
    return redirects.redirect(conversation=Conversation.objects.get(pk=pk), at=at)


def _tell_gone(pk, at):
    return endings.tell_gone(conversation=Conversation.objects.get(pk=pk), at=at)


def _tell_over(pk, at):
    return endings.tell_over(conversation=Conversation.objects.get(pk=pk), at=at)


def _unreached(messages):
    """Keys of conversations of which one of these messages was given up."""
    return Mail.objects.filter(messages, state__in=GIVEN_UP).values("about_id")


def _held(pk, *stages):
    """The conversation, locked, if it still stands so and nobody else holds it."""
    steps.calendar_first(Conversation.objects.filter(pk=pk).values_list("dwelling_id", flat=True).first())
    return Conversation.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=pk, stage__in=stages).first()


@transaction.atomic
def _stop_asking(pk, at):
    """Who pauses is reminded of nothing more; where no address is left, nobody would be."""
    conversation = _held(pk, Stage.WAITING, Stage.ASKED)
    found = conversation and Conversation.objects.taken_no_more().filter(pk=pk).first()
    if not found:
        return False
    if found.contact != "":
        return verbs.hand_over(conversation=conversation, why=Handover.PAUSED, at=at)
    conversation.recipient, conversation.answer_key = None, new_link_key()  # an address that was taken away reads nothing more
    conversation.save(update_fields=["recipient", "answer_key"])
    return verbs.hand_over(conversation=conversation, why=Handover.NO_ADDRESS, at=at)


@transaction.atomic
def _tell_unreachable(pk, at):
    conversation = _held(pk, Stage.WAITING)
    last = conversation and _last_word(conversation)
    if not last or last.state not in GIVEN_UP:
        return False
    return verbs.hand_over(conversation=conversation, why=Handover.UNREACHABLE, at=at)


@transaction.atomic
def _tell_no_author(pk, at):
    """Who does not receive an answer is not who does not answer: the team looks for them, once for what was lost until then."""
    conversation = _held(pk, *OPEN)
    if conversation is None:
        return False
    known = conversation.messages.filter(side=Side.PORTAL, text=NO_AUTHOR).last()
    lost = Mail.objects.about(conversation).filter(FOR_THE_SENDER, state__in=GIVEN_UP)
    if not (lost.filter(created_at__gt=known.written_at) if known else lost).exists():
        return False
    steps.note(conversation, at, NO_AUTHOR)
    if conversation.stage != Stage.ADVISER:
        return verbs.hand_over(conversation=conversation, why=Handover.NO_AUTHOR, at=at)
    if not rules.awaits_call(conversation):
        verbs.to_team(conversation, Handover.NO_AUTHOR, at)
    return True


@transaction.atomic
def _remind_or_hand_over(pk, at):
    """The latest step that is due, and no earlier one: after an outage nobody gets two reminders in a row."""
    conversation = _held(pk, Stage.WAITING)
    since = conversation and _asked_at(conversation)
    if since is None:
        return False
    since, eve = rules.without_absence(conversation.recipient, since, at), days.eve_of(conversation)
    if rules.due_days(since, at, rules.HAND_OVER_DAYS) or (eve and at >= eve):
        return verbs.hand_over(conversation=conversation, why=Handover.SILENCE, at=at)
    for number in range(len(rules.REMINDERS_DAYS), 0, -1):
        if rules.due_days(since, at, rules.REMINDERS_DAYS[number - 1]):
            return _remind(conversation, number, at)
    return False


def _remind(conversation, number, at):
    key = f"{number}:{steps.stamp(conversation.waiting_since)}"
    late, away = rules.deadline(conversation), rules.away_until(conversation)
    word = conversation.messages.filter(side=Side.SENDER, to_recipient=True).last()
    theirs = conversation.messages.filter(side=Side.RECIPIENT).last()
    last, asked = mail.quote(word.text) if word else "", bool(theirs and theirs.answer == Reply.QUESTION)
    sent = letters.to_recipient(conversation, "remind", at, key=key, number=number, late=late, away=away, last=last, asked=asked)
    if sent.is_new:
        steps.note(conversation, at, "Rappel envoyé au destinataire")
    return sent.is_new


def _asked_at(conversation):
    """Since when the recipient has been able to answer: None while our message waits in the queue, or if it was given up."""
    last = _last_word(conversation)
    if last is None or last.state != MailState.SENT:
        return None
    began = last.created_at <= conversation.waiting_since + timedelta(hours=1)  # a later word does not begin the wait anew
    return max(conversation.waiting_since, last.sent_at) if began else conversation.waiting_since


def _last_word(conversation):
    """The last message that we sent to the recipient for the author."""
    if conversation.recipient is None:
        return None
    told = Mail.objects.about(conversation).filter(recipient_key=mail.key_of(conversation.recipient.email))
    return told.filter(FOR_THE_AUTHOR).order_by("-created_at", "-pk").first()


@transaction.atomic
def _remind_author_or_lapse(pk, at):
    conversation = _held(pk, Stage.ASKED)
    if conversation is None:
        return False
    if rules.due_days(conversation.waiting_since, at, rules.SENDER_LAPSES_DAYS):
        steps.close(conversation, Outcome.LAPSED, at)
        letters.to_sender(conversation, "lapsed", at)
        letters.to_recipient(conversation, "lapsed_recipient", at)
        return True
    key = steps.stamp(conversation.waiting_since)
    last = conversation.messages.exclude(answer="").last()
    said = mail.quote(last.text) if last and last.text else ""
    return letters.to_sender(conversation, "remind_sender", at, key=key, said=said).is_new


@transaction.atomic
def _not_forgotten(pk, at):
    conversation = _held(pk, Stage.ADVISER, Stage.HELD)
    return bool(conversation and letters.to_sender(conversation, "not_forgotten", at).is_new)


def erase_old(*, at):
    """Forget what was never confirmed after a week, and names and words a year after the last movement; returns how many."""
    forgotten = endings.forget_unconfirmed(conversations=Conversation.objects.never_confirmed(at - rules.UNCONFIRMED_KEPT))
    for one in list(Conversation.objects.to_erase(at - rules.KEPT).order_by("pk")):
        endings.erase(conversation=one, by_author=False, at=at)
        forgotten += 1
    forget_recipients(at=at)
    return forgotten


def forget_recipients(*, at):
    """Forget addresses of nothing that is announced any more, of no partner, and without a conversation left; returns how many."""
    held = Conversation.objects.filter(recipient=OuterRef("pk"), erased_at__isnull=True)
    offer = Opportunity.objects.annotate(contact=Lower("contact_email")).filter(contact=OuterRef("email"))
    dwelling = Dwelling.objects.annotate(contact=Lower("contact_email")).filter(contact=OuterRef("email"))
    event = Event.objects.annotate(contact=Lower("contact_email")).filter(contact=OuterRef("email"))
    partner = Partner.objects.annotate(contact=Lower("email")).filter(contact=OuterRef("email"))
    old = Recipient.objects.filter(created_at__lt=at - timedelta(days=1))
    return old.exclude(Exists(held)).exclude(Exists(offer)).exclude(Exists(dwelling) | Exists(event)).exclude(Exists(partner)).delete()[0]
