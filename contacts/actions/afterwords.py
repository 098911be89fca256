"""Three questions to who replaced a doctor, once the last day is past: asked once, answered on the page of the conversation.

Nothing follows from the answers by itself: a call of the team only when it is asked for.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from contacts.actions import letters
from contacts.actions.conversations import to_team
from contacts.actions.steps import ConversationRefused, lock, note
from contacts.enums import Handover, Outcome
from contacts.models import Afterword, Conversation
from contacts.rules.what_next import last_day

ASK_AFTER_DAYS, FORGET_AFTER_DAYS = 2, 45
"""Asked from the second day after the last one on; after an outage longer than the other nobody remembers."""


def is_due(conversation, today):
    """Whether who wrote may answer now: a yes that nobody took back, and past the last day of the replacement."""
    end = last_day(conversation) if conversation.outcome == Outcome.INTERESTED else None
    return end is not None and end < today and not Afterword.objects.filter(conversation=conversation).exists()


def ask(*, at):
    """Write to everybody whose replacement is over; returns how many messages were written."""
    today = timezone.localdate(at)
    last = (today - timedelta(days=FORGET_AFTER_DAYS), today - timedelta(days=ASK_AFTER_DAYS))
    return sum(_ask(pk, at) for pk in list(Conversation.objects.replaced(*last).order_by("pk").values_list("pk", flat=True)))


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
