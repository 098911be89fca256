"""What readers say of an offer."""

from django.db import models
from django.utils import timezone

from opportunities.enums import ReportReason
from opportunities.models.offers import Opportunity
from opportunities.querysets import ReportQuerySet


class OfferReport(models.Model):
    """What a reader says is no longer true of an offer. The publisher is asked at once, staff after two days (N3, DSA-01)."""

    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="reports", verbose_name="offre")
    reason = models.CharField("motif", max_length=10, choices=ReportReason)
    text = models.TextField("ce que dit le lecteur", max_length=1000, blank=True)
    email = models.EmailField("courriel du lecteur", blank=True, help_text="Pour lui répondre, s’il l’a voulu.")
    asked = models.BooleanField("annonceur interrogé", default=False)
    created_at = models.DateTimeField("reçu le", default=timezone.now)
    settled_at = models.DateTimeField("réglé le", null=True, blank=True)
    outcome = models.CharField("suite donnée", max_length=200, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = "signalement"
        verbose_name_plural = "signalements"
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index("created_at", condition=models.Q(settled_at__isnull=True), name="opp_report_open")]

    def __str__(self):
        return f"{self.get_reason_display()}\u00a0: {self.opportunity.title}"
