"""What goes with whatever is announced. Each app adds the key to its row, and says its name in `row_field`."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone

from core.enums import ChangeState, State
from core.models import Linked
from core.querysets import ReportQuerySet


class OfRow(models.Model):
    """A record that belongs to one announcement."""

    row_field = ""

    class Meta:
        abstract = True

    @property
    def row(self):
        """The announcement, whatever its app calls it."""
        return getattr(self, self.row_field)

    @property
    def row_id(self):
        return getattr(self, f"{self.row_field}_id")


class StateStep(OfRow):
    """One step in the life of an announcement: what became of it, when, by whom and why."""

    at = models.DateTimeField("le", default=timezone.now)
    before = models.CharField("avant", max_length=10, choices=State)
    after = models.CharField("après", max_length=10, choices=State)
    reason = models.TextField("motif", blank=True, max_length=1000)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, verbose_name="par", related_name="+"
    )

    class Meta:
        abstract = True
        verbose_name = "changement d’état"
        verbose_name_plural = "changements d’état"
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"{self.get_before_display()} → {self.get_after_display()}"


class Proposal(OfRow):
    """What a publisher wants to change of what is published, and the team reads first. It stays as it is until then."""

    values = models.JSONField("valeurs proposées", encoder=DjangoJSONEncoder, help_text="Par champ de l’offre.")
    created_at = models.DateTimeField("proposée le", default=timezone.now)
    state = models.CharField("état", max_length=8, choices=ChangeState, default=ChangeState.OPEN)
    decided_at = models.DateTimeField("décidée le", null=True, blank=True)
    reason = models.TextField("motif", max_length=1000, blank=True)

    class Meta:
        abstract = True
        verbose_name = "modification proposée"
        verbose_name_plural = "modifications proposées"
        ordering = ["-created_at", "-pk"]

    def __str__(self):
        return f"Modification de {self.row.title}"


class NewContact(OfRow, Linked):
    """An address that is to become the contact, once whoever reads it has pressed the button of our mail."""

    email = models.EmailField("nouvelle adresse", max_length=254)
    created_at = models.DateTimeField("demandé le", default=timezone.now)

    class Meta:
        abstract = True
        verbose_name = "changement d’adresse"
        verbose_name_plural = "changements d’adresse"
        ordering = ["-created_at", "-pk"]

    def __str__(self):
        return f"Nouvelle adresse de {self.row.title}"


class Opened(OfRow):
    """How often the page of an announcement was opened on a day. Nothing is known of who opened it."""

    day = models.DateField("jour")
    count = models.PositiveIntegerField("pages ouvertes", default=0)

    class Meta:
        abstract = True
        verbose_name = "pages ouvertes"
        verbose_name_plural = "pages ouvertes"

    def __str__(self):
        return f"{self.row_id}, {self.day}"


class Report(OfRow):
    """What a reader says is no longer true. The publisher is asked at once, staff after two days (N3, DSA-01)."""

    text = models.TextField("ce que dit le lecteur", max_length=1000, blank=True)
    email = models.EmailField("courriel du lecteur", blank=True, help_text="Pour lui répondre, s’il l’a voulu.")
    asked = models.BooleanField("annonceur interrogé", default=False)
    created_at = models.DateTimeField("reçu le", default=timezone.now)
    settled_at = models.DateTimeField("réglé le", null=True, blank=True)
    outcome = models.CharField("suite donnée", max_length=200, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        abstract = True
        verbose_name = "signalement"
        verbose_name_plural = "signalements"
        ordering = ["-created_at", "-pk"]

    def __str__(self):
        return f"{self.get_reason_display()}\u00a0: {self.row.title}"
