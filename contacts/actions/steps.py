"""What the verbs of a conversation share: refusing, locking, moving, writing down."""

from datetime import timedelta

from django.utils import timezone

from contacts.enums import Channel, Side, Stage
from contacts.models import Conversation, Message

AGAIN = timedelta(minutes=10)
"""The same words again within this time are one button pressed twice."""


class ConversationRefused(Exception):
    """The verb cannot be done now; the text says why, in French."""


def lock(conversation):
    """Reload the row under lock until the end of the transaction."""
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
    """End a conversation in this way."""
    conversation.outcome, conversation.closed_at = outcome, at
    return move(conversation, Stage.CLOSED, at)


def add(conversation, side, text, at, **values):
    """Write a message down."""
    return Message.objects.create(conversation=conversation, side=side, text=text.strip(), written_at=at, **values)


def note(conversation, at, text, actor=None):
    """Write down what the portal did or learned; both the author and the team read it among the steps."""
    return add(conversation, Side.PORTAL, text, at, channel=Channel.AUTO, actor=actor)
