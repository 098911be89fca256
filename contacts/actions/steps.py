"""What the verbs of a conversation share: refusing, locking, moving, writing down."""

import logging
from datetime import timedelta

from django.utils import timezone

from contacts.enums import Channel, Outcome, Side, Stage
from contacts.models import Conversation, Message
from housing import actions as housing
from housing.enums import BookingState
from housing.models import Booking, Dwelling

logger = logging.getLogger(__name__)

AGAIN = timedelta(minutes=10)
"""The same words again within this time are one button pressed twice."""


PENDING = (BookingState.REQUESTED, BookingState.WAITING)
SAID_NO = (Outcome.NO, Outcome.FILLED, Outcome.GONE)
"""Ends of a conversation that say no to the stay; the others give it up."""


class ConversationRefused(Exception):
    """The verb cannot be done now; the text says why, in French."""


def announced(conversation):
    """The offer, the room or the event that a conversation is about, or None."""
    return conversation.offer or conversation.dwelling or conversation.event


def calendar_first(dwelling_id):
    """Lock the dwelling that a conversation is about, as every verb of its calendar does before it tells anybody.

    Always before the conversation: two that meet would otherwise each hold what the other waits for.
    """
    if dwelling_id:
        Dwelling.objects.select_for_update(no_key=True).filter(pk=dwelling_id).values_list("pk").first()


def lock(conversation):
    """Reload the row under lock until the end of the transaction."""
    calendar_first(conversation.dwelling_id)
    conversation.refresh_from_db(from_queryset=Conversation.objects.select_for_update(of=("self",)))


def day(at):
    """A day in Vaucluse as the key of an event."""
    return f"{timezone.localdate(at):%Y%m%d}"


def stamp(at):
    """A moment as the key of an event."""
    return f"{at:%Y%m%dT%H%M%S}"


def move(conversation, stage, at):
    """Put a conversation into a stage."""
    conversation.stage, conversation.moved_at = stage, at
    conversation.save()
    return conversation


def close(conversation, outcome, at):
    """End a conversation in this way, and with it the stay that it asked for, unless that is confirmed."""
    conversation.outcome, conversation.closed_at = outcome, at
    move(conversation, Stage.CLOSED, at)
    stay = Booking.objects.filter(pk=conversation.booking_id).first()
    if stay and stay.state in PENDING:
        end = housing.refuse_stay if outcome in SAID_NO else housing.cancel_stay
        end(booking=stay, reason=conversation.get_refusal_display() or conversation.get_outcome_display(), at=at)
    return conversation


def add(conversation, side, text, at, **values):
    """Write a message down."""
    return Message.objects.create(conversation=conversation, side=side, text=text.strip(), written_at=at, **values)


def note(conversation, at, text, actor=None):
    """Write down what the portal did or learned; both the author and the team read it among the steps."""
    return add(conversation, Side.PORTAL, text, at, channel=Channel.AUTO, actor=actor)


def each(at, *due):
    """Take every step, `(step, rows)`, for each row that it is due for; returns how many were taken.

    A row that fails holds up no other. It is written to the log, and raised at the end, so that the job is seen to have failed.
    """
    taken, failures = 0, []
    for step, found in due:
        for pk in list(found.order_by("pk").values_list("pk", flat=True)):
            try:
                taken += bool(step(pk, at))
            except Exception as failure:
                logger.exception("%s %s: %s failed", found.model.__name__, pk, step.__name__)
                failures.append(failure)
    if failures:
        raise ExceptionGroup("Steps of conversations failed", failures)
    return taken
