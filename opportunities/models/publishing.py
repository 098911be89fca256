"""What comes with an offer that its publisher writes and keeps alone: proposed changes, a new address, who was found, pages opened."""

from django.db import models
from django.utils import timezone

from core import french
from core.announced.models import NewContact, Opened, Proposal
from opportunities.enums import ChangeState, FoundHow, FoundWho
from opportunities.models.offers import Opportunity


class ProposedChange(Proposal):
    """What a publisher wants to change of a published offer."""

    row_field = "opportunity"
    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="proposed_changes", verbose_name="offre")

    class Meta(Proposal.Meta):
        constraints = [
            models.UniqueConstraint(fields=["opportunity"], condition=models.Q(state=ChangeState.OPEN), name="opp_change_one_open"),
        ]


class ContactChange(NewContact):
    """An address that is to become the contact of an offer."""

    row_field = "opportunity"
    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="contact_changes", verbose_name="offre")


class OfferOutcome(models.Model):
    """Whom an offer found, and how, in the words of closed lists: what the figures of impact count. No name."""

    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="outcomes", verbose_name="offre")
    who = models.CharField("qui", max_length=10, choices=FoundWho, blank=True)
    how = models.CharField("comment", max_length=10, choices=FoundHow, blank=True)
    at = models.DateTimeField("dit le", default=timezone.now)

    class Meta:
        verbose_name = "offre pourvue"
        verbose_name_plural = "offres pourvues"
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"{self.opportunity.title}, {french.date(timezone.localtime(self.at))}"


class DayViews(Opened):
    """How often the page of an offer was opened on a day."""

    row_field = "opportunity"
    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="day_views", verbose_name="offre")

    class Meta(Opened.Meta):
        constraints = [models.UniqueConstraint(fields=["opportunity", "day"], name="opp_views_once_a_day")]
