"""What somebody says of a replacement once it is over: three questions (journey 2)."""

from django.db import models
from django.utils import timezone

from contacts.enums import Settling, TookPlace, Willing
from contacts.models.conversations import Conversation


class Afterword(models.Model):
    """The answers of who replaced a doctor met through the portal. Read by the team, never by the publisher."""

    conversation = models.OneToOneField(Conversation, models.CASCADE, related_name="afterword", editable=False)
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

    def __str__(self):
        return f"{self.conversation}, {self.get_took_place_display()}"
