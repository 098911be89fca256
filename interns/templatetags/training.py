"""What pages of lower apps show of training places."""

from django import template
from django.utils import timezone

from interns import presenters
from interns.models import TrainingPlace

register = template.Library()

AROUND_KM = 30
MOST = 4


@register.simple_tag
def training_around(point):
    """Cards of the nearest training places around a point, as the crow flies; none without a point. Two queries."""
    if point is None:
        return []
    found = TrainingPlace.objects.visible().near(point, AROUND_KM).by_distance(point).for_cards()[:MOST]
    return [presenters.card(place, timezone.localdate()) for place in found]
