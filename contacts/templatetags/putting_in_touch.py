"""What pages of lower apps show of the people who receive messages."""

from django import template
from django.utils import timezone

from contacts import targets
from contacts.actions.recipients import recipient_of

register = template.Library()


@register.simple_tag
def answer_promise(offer):
    """How the publisher of an offer answers, in words, once five people wrote (N4); the team answers for a confidential one."""
    return "" if offer.is_confidential else targets.promise(recipient_of(offer), timezone.now())
