"""What comes with an offer that its publisher writes and keeps alone: proposed changes, a new address, who was found, pages opened."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone

from core import french
from core.models import Linked
from opportunities.enums import ChangeState, FoundHow, FoundWho
from opportunities.models.offers import Opportunity


class ProposedChange(models.Model):
    """What a publisher wants to change of a published offer, and the team reads first. The offer stays as it is until then."""

    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="proposed_changes", verbose_name="offre")
    values = models.JSONField("valeurs proposées", encoder=DjangoJSONEncoder, help_text="Par champ de l’offre.")
    created_at = models.DateTimeField("proposée le", default=timezone.now)
    state = models.CharField("état", max_length=8, choices=ChangeState, default=ChangeState.OPEN)
    decided_at = models.DateTimeField("décidée le", null=True, blank=True)
    reason = models.TextField("motif", max_length=1000, blank=True)

    class Meta:
        verbose_name = "modification proposée"
        verbose_name_plural = "modifications proposées"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["opportunity"], condition=models.Q(state=ChangeState.OPEN), name="opp_change_one_open"),
        ]

    def __str__(self):
        return f"Modification de {self.opportunity.title}"


class ContactChange(Linked):
    """An address that is to become the contact of an offer, once whoever reads it has pressed the button of our mail."""

    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="contact_changes", verbose_name="offre")
    email = models.EmailField("nouvelle adresse", max_length=254)
    created_at = models.DateTimeField("demandé le", default=timezone.now)

    class Meta:
        verbose_name = "changement d’adresse"
        verbose_name_plural = "changements d’adresse"
        ordering = ["-created_at", "-pk"]

    def __str__(self):
        return f"Nouvelle adresse de {self.opportunity.title}"


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


class DayViews(models.Model):
    """How often the page of an offer was opened on a day. Nothing is known of who opened it."""

    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="day_views", verbose_name="offre")
    day = models.DateField("jour")
    count = models.PositiveIntegerField("pages ouvertes", default=0)

    class Meta:
        verbose_name = "pages ouvertes"
        verbose_name_plural = "pages ouvertes"
        constraints = [models.UniqueConstraint(fields=["opportunity", "day"], name="opp_views_once_a_day")]

    def __str__(self):
        return f"{self.opportunity_id}, {self.day}"
