"""What became of an event that somebody counts on: cancelled, postponed, at another day or place.

Whoever wrote about it and whoever an alert told of it hear at once, whatever the rhythm; who did both, once, as an author.
"""

from datetime import timedelta

from django.db import transaction

from agenda.enums import State
from agenda.models import Event
from contacts.actions import letters
from contacts.actions.alerts import MANAGE, OFF, private_url
from contacts.actions.digests import REASON
from contacts.actions.steps import each, lock, note, stamp
from contacts.enums import Stage
from contacts.models import AlertItem, Conversation
from contacts.rules.events import COMING
from contacts.searches import Events, told_as
from core import mail
from core.links import absolute

LOOK_BACK = timedelta(days=7)
"""A change of longer ago that nobody was told of, after an outage, is on the page of the event."""


def tell(*, at):
    """Tell whoever counts on an event to come that is no longer as they read it; returns how many messages."""
    changed = Event.objects.visible(at).coming(at).filter(updated_at__gt=at - LOOK_BACK).for_lines()
    now = {event.pk: told_as(event) for event in changed.order_by()}
    authors = Conversation.objects.counting_on_events().filter(event__in=now).values_list("pk", "event", "told_as")
    items = _told().filter(object_id__in=now).values_list("pk", "object_id", "told_as")
    wrong, stale = ([pk for pk, event, said in found if said != now[event]] for found in (authors, items))
    return each(at, (_tell_author, Conversation.objects.filter(pk__in=wrong)), (_tell_follower, AlertItem.objects.filter(pk__in=stale)))


@transaction.atomic
def _tell_author(pk, at):
    """Once for what is true now."""
    conversation = Conversation.objects.counting_on_events().filter(pk=pk).first()
    if conversation is None:
        return False
    lock(conversation)
    event = Event.objects.visible(at).coming(at).for_lines().filter(pk=conversation.event_id).first()
    still = event and Conversation.objects.counting_on_events().filter(pk=pk).exists()
    if not still or conversation.told_as == (now := told_as(event)):
        return False
    letters.to_sender(
        conversation,
        "event_changed",
        at,
        key=f"{event.sequence}:{stamp(at)}",
        **_change(event, conversation.told_as, now),
        then=_then(conversation, event),
    )
    note(conversation, at, f"La rencontre a changé\u00a0: {now}.")
    conversation.told_as = now
    conversation.save(update_fields=["told_as"])
    return True


def _then(conversation, event):
    """What an author may expect after a change."""
    if event.state == State.POSTPONED:
        return "Nous vous dirons la nouvelle date dès qu’elle sera publiée."
    if event.state == State.CANCELLED:
        return ""
    if conversation.introduced_at and conversation.aim in COMING:
        return "L’organisateur vous attend à ce nouveau rendez-vous. Si vous ne pouvez plus venir, dites-le-lui."
    return "" if conversation.stage == Stage.CLOSED else "Votre message suit son cours\u00a0: vous n’avez rien à récrire."


def _change(event, before, now):
    """What both messages say of a change."""
    return {
        "title": f"{event.title} (exemple)" if event.is_demo else event.title,
        "before": before,
        "now": now,
        "reason": event.state_reason,
        "url": absolute(event.get_absolute_url()),
    }


def _told():
    """What active alerts told of events."""
    return AlertItem.objects.filter(
        kind=Events.key, alert__confirmed_at__isnull=False, alert__stopped_at__isnull=True, mail__isnull=False
    ).exclude(told_as="")


@transaction.atomic
def _tell_follower(pk, at):
    """Once for what is true now: what was told is what the next change is compared with. An author has heard it as one."""
    item = _told().select_for_update(skip_locked=True, of=("self",)).select_related("subscriber").filter(pk=pk).first()
    event = item and Event.objects.visible(at).coming(at).for_lines().filter(pk=item.object_id).first()
    if not event or item.told_as == (now := told_as(event)):
        return False
    item.told_as, before = now, item.told_as
    item.save(update_fields=["told_as"])
    if Conversation.objects.hearing_of(event).filter(email__iexact=item.subscriber.email).exists():
        return False
    mail.post(
        event=f"contacts.alerts_event_changed:{item.pk}:{event.sequence}:{at:%Y%m%dT%H%M%S}",
        recipient=item.subscriber.email,
        template="contacts/mail/alerts_event_changed.txt",
        context={
            **_change(event, before, now),
            "manage_url": private_url("alerts_manage", MANAGE, item.subscriber),
        },
        reason=REASON,
        about=item.subscriber,
        unsubscribe_url=private_url("alerts_off", OFF, item.subscriber),
        at=at,
    )
    return True
