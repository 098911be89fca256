"""Three questions to who replaced a doctor, once the last day is past: asked once, answered on the page of the conversation.

Whoever was introduced through an availability has a page for them alone.

Nothing follows from the answers by itself: a call of the team only when it is asked for.
"""

from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from contacts.actions import letters
from contacts.actions.conversations import to_team
from contacts.actions.steps import ConversationRefused, each, lock, note
from contacts.enums import Handover, Outcome
from contacts.models import Afterword, Conversation, Need, NeedMatch
from contacts.rules.what_next import last_day
from core import mail, signed
from core.links import absolute

ASK_AFTER_DAYS, FORGET_AFTER_DAYS = 2, 45
"""Asked from the second day after the last one on; after an outage longer than the other nobody remembers."""


def is_due(conversation, today):
    """Whether who wrote may answer now: a yes that nobody took back, and past the last day of the replacement."""
    end = last_day(conversation) if conversation.outcome == Outcome.INTERESTED else None
    return end is not None and end < today and not Afterword.objects.filter(conversation=conversation).exists()


def ask(*, at):
    """Write to everybody whose replacement is over; returns how many messages were written."""
    first, last = _lately(at)
    messages, introduced = Conversation.objects.replaced(first, last), NeedMatch.objects.replaced(first, last)
    return each(at, (_ask, messages), (_ask_introduced, introduced))


def _lately(at):
    """First and last of the days after which one is asked."""
    today = timezone.localdate(at)
    return today - timedelta(days=FORGET_AFTER_DAYS), today - timedelta(days=ASK_AFTER_DAYS)


@transaction.atomic
def _ask(pk, at):
    held = Conversation.objects.select_for_update(skip_locked=True, of=("self",)).select_related("offer__kind")
    conversation = held.filter(pk=pk, erased_at__isnull=True).first()
    if conversation is None or not is_due(conversation, timezone.localdate(at)):
        return False
    return letters.to_sender(conversation, "locum_over", at).is_new


@transaction.atomic
def answer(*, conversation, values, at):
    """Keep the three answers, and give the conversation to the team when its author wants a call. Raises `ConversationRefused`."""
    lock(conversation)
    if not is_due(conversation, timezone.localdate(at)):
        raise ConversationRefused("Vous avez déjà répondu, ou ce remplacement n’est pas terminé.")
    afterword = Afterword.objects.create(conversation=conversation, answered_at=at, **values)
    note(conversation, at, "A répondu aux trois questions d’après le remplacement")
    if afterword.call_asked:
        conversation.closed_at = None  # classified or not, somebody has to call
        to_team(conversation, Handover.CALL, at)
        letters.to_sender(conversation, "call_promised", at)
    return afterword


# --- Introduced through an availability ----------------------------------------------------------

AFTER = "contacts.needs_after"
"""Purpose of the link to the questions."""
LIFETIME = timedelta(days=60)


def is_due_introduced(match, today):
    """Whether the doctor of an availability may answer now."""
    ends = [day for day in (match.need.ends_on, match.offer.ends_on) if day]
    over = match.introduced_at is not None and match.offer.kind.is_locum and bool(ends) and min(ends) < today
    return over and not Afterword.objects.filter(match=match).exists()


@transaction.atomic
def _ask_introduced(pk, at):
    match = _introduced(NeedMatch.objects.replaced(*_lately(at)), skip_locked=True).filter(pk=pk).first()
    if match is None or not is_due_introduced(match, timezone.localdate(at)):
        return False
    return mail.post(
        event=f"contacts.need_over:{match.pk}",
        recipient=match.need.email,
        template="contacts/mail/needs_over.txt",
        context={"offer": match.offer, "url": absolute(reverse("contacts:needs_after", args=[signed.sign(AFTER, match)]))},
        reason="le portail vous a mis en relation à propos de cette offre",
        about=match,
        at=at,
    ).is_new


def _introduced(rows, **options):
    return rows.select_related("need", "offer__kind").select_for_update(of=("self",), **options)


@transaction.atomic
def answer_introduced(*, match, values, at):
    """Keep the three answers; who wants a call waits for the team with their need. Raises `ConversationRefused`."""
    match = _introduced(NeedMatch.objects).get(pk=match.pk)
    if not is_due_introduced(match, timezone.localdate(at)):
        raise ConversationRefused("Vous avez déjà répondu, ou ce remplacement n’est pas terminé.")
    afterword = Afterword.objects.create(match=match, answered_at=at, **values)
    if afterword.call_asked:
        Need.objects.filter(pk=match.need_id).update(seen_at=None)
    return afterword
