"""Verbs by key, for processes of their own."""

from contacts.actions import conversations as verbs
from contacts.models import Conversation


def confirm(*, pk, at):
    """What the button of the first mail does."""
    verbs.confirm(conversation=Conversation.objects.get(pk=pk), at=at)
