"""What a doctor who looks for a successor in confidence and a candidate tell each other: step by step, agreed by both, written down."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from contacts.enums import DisclosureStep, Side
from contacts.models.conversations import Conversation
from core.models import Linked


class Disclosure(Linked):
    """One step of confidence in a conversation: proposed by the adviser, told once the doctor and the candidate have both agreed."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, verbose_name="conversation", related_name="disclosures")
    step = models.CharField("étape", max_length=8, choices=DisclosureStep)
    text = models.TextField(
        "ce qui sera dit", max_length=4000, blank=True, help_text="Du parcours, dans les mots de l’équipe\u00a0: ni nom, ni coordonnées."
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name="proposée par", related_name="+", null=True, blank=True
    )
    proposed_at = models.DateTimeField("proposée le", default=timezone.now)
    candidate_agreed_at = models.DateTimeField("acceptée par le candidat le", null=True, blank=True)
    doctor_agreed_at = models.DateTimeField("acceptée par le médecin le", null=True, blank=True)
    declined_at = models.DateTimeField("refusée le", null=True, blank=True)
    declined_by = models.CharField("refusée par", max_length=9, choices=Side, blank=True)
    told_at = models.DateTimeField("dite le", null=True, blank=True)

    class Meta:
        verbose_name = "étape de confiance"
        verbose_name_plural = "étapes de confiance"
        ordering = ["proposed_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "step"], condition=Q(declined_at__isnull=True), name="disclosure_once_unless_declined"
            ),
            models.CheckConstraint(
                condition=Q(told_at__isnull=True) | Q(candidate_agreed_at__isnull=False, doctor_agreed_at__isnull=False),
                name="disclosure_told_when_both_agreed",
            ),
        ]

    def __str__(self):
        return self.get_step_display()
