"""What a publisher is told of a step in the life of their offer, always with the private link."""

from django.utils import timezone

from core import mail
from opportunities.private_link import keep_url

STEPS = {
    "submitted": "opportunities/mail/submitted.txt",
    "published": "opportunities/mail/published.txt",
    "sent_back": "opportunities/mail/sent_back.txt",
    "withdrawn": "opportunities/mail/withdrawn.txt",
    "change_approved": "opportunities/mail/change_approved.txt",
    "change_refused": "opportunities/mail/change_refused.txt",
    "link": "opportunities/mail/link.txt",
    "agree": "opportunities/mail/agree.txt",
}
"""What a publisher is told of, and its words."""
REASON = "votre adresse est celle du contact de cette offre"


def tell(offer, step, at, *, daily=False, **context):
    """Write one message about this step to the contact of the offer, if it has one; returns the `Mail` or None.

    `daily`: once a day at most, whoever asks for it.
    """
    if not offer.contact_email:
        return None
    moment = f"{timezone.localdate(at):%Y%m%d}" if daily else f"{at:%Y%m%dT%H%M%S}"
    return mail.post(
        event=f"opportunities.{step}:{offer.pk}:{moment}",
        recipient=offer.contact_email,
        template=STEPS[step],
        context={"offer": offer, "keep_url": keep_url(offer), **context},
        reason=REASON,
        about=offer,
        at=at,
    )
