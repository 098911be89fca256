"""What readers say of an offer."""

from django.db import models

from core.announced.models import Report
from opportunities.enums import ReportReason
from opportunities.models.offers import Opportunity


class OfferReport(Report):
    """What a reader says is no longer true of an offer."""

    row_field = "opportunity"
    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="reports", verbose_name="offre")
    reason = models.CharField("motif", max_length=10, choices=ReportReason)

    class Meta(Report.Meta):
        indexes = [models.Index("created_at", condition=models.Q(settled_at__isnull=True), name="opp_report_open")]
