"""What pages of lower apps show of the people who receive messages."""

from django import template
from django.utils import timezone

from contacts import needs_counts, targets
from contacts.actions import letters
from contacts.actions.recipients import recipient_of
from contacts.models import Conversation
from contacts.rules.needs import FEWEST

register = template.Library()


@register.simple_tag
def answer_promise(offer):
    """How the publisher of an offer answers, in words, once five people wrote (N4); the team answers for a confidential one."""
    return "" if offer.is_confidential else targets.promise(recipient_of(offer), timezone.now())


@register.simple_tag
def organiser_promise(event):
    """The same of the organiser of an event; empty when the team receives."""
    return targets.promise(recipient_of(event), timezone.now()) if event.takes_messages else ""


@register.simple_tag
def answered_at(stays):
    """`(stay, address)` of these requests for a room: where its host answers each, or nothing where nobody asked through the portal."""
    asked = Conversation.objects.filter(booking__in=stays, recipient__isnull=False, erased_at__isnull=True)
    paths = {one.booking_id: letters.path_of(letters.answer_url(one)) for one in asked}
    return [(stay, paths.get(stay.pk, "")) for stay in stays]


@register.inclusion_tag("contacts/_needs_near.html")
def needs_near(offer):
    """How many people look for such a place around it: lines of the table that anybody reads, never a person (N5)."""
    return _near(offer.commune.epci, {offer.kind.code, needs_counts.ANY_KIND}, "ce type d’offre")


@register.inclusion_tag("contacts/_needs_near.html")
def rooms_near(commune):
    """The same of those who look for a room around a commune."""
    return _near(commune.epci, {needs_counts.LODGING}, "un logement")


def _near(epci, kinds, what):
    rows = [row for row in needs_counts.rows(timezone.now()) if row.kind in kinds and row.area in (epci.slug, "")]
    return {"rows": rows, "epci": epci, "fewest": FEWEST, "what": what}
