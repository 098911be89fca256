"""What staff see beside an offer: its quality, its twins, the change that its publisher proposes, how often its page was opened."""

from django.db.models import Sum
from django.urls import reverse

from core.querysets import OPEN_STATES
from opportunities import quality, rules
from opportunities.enums import ChangeState, State
from opportunities.models import Opportunity

TWINS_SHOWN = 5


def about(offer):
    """What the screen of one offer reads."""
    waiting = offer.proposed_changes.filter(state=ChangeState.OPEN).first()
    twins = (
        Opportunity.objects.twins_of(offer).order_by("-updated_at", "-pk")
        if offer.state in (State.DRAFT, *OPEN_STATES)
        else Opportunity.objects.none()
    )
    return {
        "meter": quality.meter(offer, photos=quality.photos_of(offer, may_add=True)),
        "twins": [(twin, reverse("admin:opportunities_opportunity_change", args=[twin.pk])) for twin in twins[:TWINS_SHOWN]],
        "waiting_url": reverse("admin:opportunities_proposedchange_change", args=[waiting.pk]) if waiting else "",
        "views": offer.day_views.aggregate(total=Sum("count"))["total"] or 0,
        "answer_due": rules.answer_due(offer.submitted_at) if offer.state == State.SUBMITTED and offer.submitted_at else None,
    }
