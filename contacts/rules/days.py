"""The days that a message is about: a stay, a replacement, an event. Pure functions, no writes, no HTTP."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from agenda.enums import State
from contacts.enums import Target

MORNING = time(8)
"""When the team takes over on the eve of the days that a message is about."""
AT_LEAST = timedelta(hours=4)
"""Whoever is asked on that eve, or later, has so long to answer first."""


def days_of(conversation):
    """First and last day for which an answer is needed; None where none is known, as of an event that is put off."""
    if conversation.target == Target.ROOM:
        return conversation.starts_on, conversation.ends_on
    if event := conversation.event:
        if event.state == State.POSTPONED:
            return None, None
        return timezone.localdate(event.starts_at), timezone.localdate(event.ends_at)
    offer = conversation.offer
    if offer is None or not offer.kind.is_locum:
        return None, None
    return conversation.starts_on or offer.starts_on, conversation.ends_on or offer.ends_on


def eve_of(conversation):
    """The morning before the first day, or before the last one when they have begun (but a stay); None without days to come.

    Never sooner than `AT_LEAST` after the recipient was asked.
    """
    first, last = days_of(conversation)
    asked_on = timezone.localdate(conversation.waiting_since)
    needed = (first, first if conversation.target == Target.ROOM else last)
    day = next((day for day in needed if day and day >= asked_on), None)
    if day is None:
        return None
    return max(timezone.make_aware(datetime.combine(day - timedelta(days=1), MORNING)), conversation.waiting_since + AT_LEAST)


def are_past(conversation, at):
    """Whether the last day that a conversation is about has passed."""
    last = days_of(conversation)[1]
    return bool(last and last < timezone.localdate(at))
