"""What changes events."""

from django.db import transaction

from agenda import rules
from agenda.enums import State
from agenda.models import Event


@transaction.atomic
def record(*, event, at):
    """Keep an event as staff wrote it.

    The first time it leaves the drafts it is published at that moment. Once published, what diaries hold and is no longer true raises
    its version, and a new first day keeps the one that was told first, which readers are reminded of.
    """
    before = Event.objects.select_for_update().defer("search_vector").filter(pk=event.pk).first() if event.pk else None
    if event.state != State.DRAFT and event.published_at is None:
        event.published_at = at
    if before and before.published_at:
        event.sequence = before.sequence + rules.changed_for_calendars(before, event)
        if before.first_day != event.first_day:
            event.former_day = before.former_day or before.first_day
    if event.former_day == event.first_day:
        event.former_day = None
    event.save()
    return event


def keep_words(*, event):
    """Have an event found by the names of its actors of today; nobody edited it, so it gets no version."""
    Event.objects.filter(pk=event.pk).update(search_text=event.public_words())


@transaction.atomic
def forget_contacts(*, at):
    """Erase the addresses of organisers of events that ended long ago. Returns how many."""
    over = Event.objects.with_address_over_before(at - rules.CONTACT_KEPT)
    return over.update(contact_email="", takes_messages=False)
