"""What became of an event that an alert told of: cancelled, postponed, at another day or place. Told at once, whatever the rhythm."""

from datetime import timedelta

from django.db import transaction

from agenda.models import Event
from contacts.actions.alerts import MANAGE, OFF, private_url
from contacts.actions.digests import REASON
from contacts.models import AlertItem
from contacts.searches import Events, told_as
from core import mail
from core.links import absolute

LOOK_BACK = timedelta(days=7)
"""A change of longer ago that nobody was told of, after an outage, is on the page of the event."""


def tell(*, at):
    """Tell whoever was told of an event to come that is no longer so, and still has that alert; returns how many messages."""
    changed = Event.objects.visible(at).coming(at).filter(updated_at__gt=at - LOOK_BACK).for_lines()
    events = {event.pk: event for event in changed.order_by()}
    items = _told().filter(object_id__in=events).order_by("pk").values_list("pk", "object_id", "told_as")
    return sum(_tell(pk, at) for pk, event, said in list(items) if said != told_as(events[event]))


def _told():
    """What active alerts told of events."""
    return AlertItem.objects.filter(
        kind=Events.key, alert__confirmed_at__isnull=False, alert__stopped_at__isnull=True, mail__isnull=False
    ).exclude(told_as="")


@transaction.atomic
def _tell(pk, at):
    """Once for what is true now: what was told is what the next change is compared with."""
    item = _told().select_for_update(skip_locked=True, of=("self",)).select_related("subscriber").filter(pk=pk).first()
    event = item and Event.objects.visible(at).coming(at).for_lines().filter(pk=item.object_id).first()
    if not event or item.told_as == (now := told_as(event)):
        return False
    mail.post(
        event=f"contacts.alerts_event_changed:{item.pk}:{event.sequence}:{at:%Y%m%dT%H%M%S}",
        recipient=item.subscriber.email,
        template="contacts/mail/alerts_event_changed.txt",
        context={
            "title": f"{event.title} (exemple)" if event.is_demo else event.title,
            "before": item.told_as,
            "now": now,
            "reason": event.state_reason,
            "url": absolute(event.get_absolute_url()),
            "manage_url": private_url("alerts_manage", MANAGE, item.subscriber),
        },
        reason=REASON,
        about=item.subscriber,
        unsubscribe_url=private_url("alerts_off", OFF, item.subscriber),
        at=at,
    )
    item.told_as = now
    item.save(update_fields=["told_as"])
    return True
