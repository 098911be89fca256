"""What comes with a dwelling: the steps of its life, what its host proposes, who came, what readers say."""

from django.db import models
from django.utils import timezone

from core import french
from core.announced.models import NewContact, Opened, Proposal, Report, StateStep
from core.enums import ChangeState
from housing.enums import LetHow, LetTo, ReportReason
from housing.models.dwellings import Dwelling


def of_dwelling(related_name):
    """The key of what belongs to a dwelling."""
    return models.ForeignKey(Dwelling, models.CASCADE, related_name=related_name, verbose_name="annonce")


class StateChange(StateStep):
    """One step in the life of a dwelling."""

    row_field = "dwelling"
    dwelling = of_dwelling("state_changes")


class ProposedChange(Proposal):
    """What a host wants to change of a published dwelling."""

    row_field = "dwelling"
    dwelling = of_dwelling("proposed_changes")

    class Meta(Proposal.Meta):
        constraints = [
            models.UniqueConstraint(fields=["dwelling"], condition=models.Q(state=ChangeState.OPEN), name="dwelling_change_one_open"),
        ]


class ContactChange(NewContact):
    """An address that is to become the contact of a dwelling."""

    row_field = "dwelling"
    dwelling = of_dwelling("contact_changes")


class DwellingOutcome(models.Model):
    """Who came to live there, and how, in the words of closed lists: what the figures of impact count. No name."""

    dwelling = of_dwelling("outcomes")
    who = models.CharField("qui", max_length=10, choices=LetTo, blank=True)
    how = models.CharField("comment", max_length=10, choices=LetHow, blank=True)
    at = models.DateTimeField("dit le", default=timezone.now)

    class Meta:
        verbose_name = "logement qui n’est plus à louer"
        verbose_name_plural = "logements qui ne sont plus à louer"
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"{self.dwelling.title}, {french.date(timezone.localtime(self.at))}"


class DayViews(Opened):
    """How often the page of a dwelling was opened on a day."""

    row_field = "dwelling"
    dwelling = of_dwelling("day_views")

    class Meta(Opened.Meta):
        constraints = [models.UniqueConstraint(fields=["dwelling", "day"], name="dwelling_views_once_a_day")]


class DwellingReport(Report):
    """What a reader says is no longer true of a dwelling."""

    row_field = "dwelling"
    dwelling = of_dwelling("reports")
    reason = models.CharField("motif", max_length=10, choices=ReportReason)

    class Meta(Report.Meta):
        indexes = [models.Index("created_at", condition=models.Q(settled_at__isnull=True), name="dwelling_report_open")]
