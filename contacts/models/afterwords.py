"""What somebody says of a replacement once it is over: three questions (journey 2)."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from contacts.enums import Settling, TookPlace, Willing
from contacts.models.conversations import Conversation
from contacts.models.needs import NeedMatch


class Afterword(models.Model):
    """The answers of who replaced a doctor met by a message or an availability. Read by the team, never by the publisher."""

    conversation = models.OneToOneField(Conversation, models.CASCADE, null=True, related_name="afterword", editable=False)
    match = models.OneToOneField(NeedMatch, models.CASCADE, null=True, related_name="afterword", editable=False)
    took_place = models.CharField("a eu lieu", max_length=6, choices=TookPlace)
    would_return = models.CharField("reviendrait", max_length=5, choices=Willing, blank=True, help_text="De qui l’a fait.")
    settling = models.CharField("envie de s’installer", max_length=5, choices=Settling)
    text = models.TextField("un mot", max_length=2000, blank=True)
    call_asked = models.BooleanField("demande à être rappelé", default=False)
    answered_at = models.DateTimeField("répondu le", default=timezone.now)

    class Meta:
        verbose_name = "suite d’un remplacement"
        verbose_name_plural = "suites de remplacements"
        ordering = ["-answered_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(conversation__isnull=True) ^ Q(match__isnull=True), name="contacts_afterword_of_message_or_availability"
            )
        ]

    def __str__(self):
        return f"{self.conversation or self.match}, {self.get_took_place_display()}"

    @property
    def facts(self):
        """The answers as the team reads them: `(label, value)`."""
        closed = [(self._meta.get_field(name).verbose_name, getattr(self, f"get_{name}_display")()) for name in CLOSED]
        return [fact for fact in (*closed, ("un mot", self.text), ("rappel", "demandé" if self.call_asked else "")) if fact[1]]


CLOSED = ("took_place", "would_return", "settling")
"""Answers chosen in a list."""
