"""How those who receive messages wish to be written to."""

from django.db import transaction

from contacts.models import Recipient
from core.jobs import defer_once


def recipient_of(offer, *, or_new=False):
    """The `Recipient` of an offer by the address of its contact: None, or a new one not saved, when nobody wrote yet."""
    email = offer.contact_email.strip().lower()
    found = Recipient.objects.filter(email=email).first() if email else None
    return found or (Recipient(email=email) if or_new else None)


@transaction.atomic
def save_wishes(*, recipient):
    """Keep what somebody wishes: messages that come from now on follow it, and after a pause those that wait go to the team, in a job."""
    wishes = {name: getattr(recipient, name) for name in ("paused", "monthly_cap", "absent_from", "absent_until")}
    if recipient.paused:
        defer_once("contacts.tasks.chase")
    return Recipient.objects.update_or_create(email=recipient.email, defaults=wishes)[0]
