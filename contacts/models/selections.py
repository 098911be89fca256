"""“Ma sélection”: what one or two people keep to compare, without an account, behind a secret link."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from contacts.enums import SelectedKind
from contacts.querysets.selections import KeptQuerySet, SelectionQuerySet
from core.models import Linked


class Selection(Linked):
    """What somebody keeps. Nobody's: whoever has the link opens it, and no address goes with it."""

    created_at = models.DateTimeField("commencée le", default=timezone.now, editable=False)
    opened_at = models.DateTimeField("ouverte pour la dernière fois le", default=timezone.now, editable=False)

    objects = SelectionQuerySet.as_manager()

    class Meta:
        verbose_name = "sélection"
        indexes = [models.Index("opened_at", name="contacts_selection_opened")]

    def __str__(self):
        return f"Sélection nº\u00a0{self.pk}"


class SelectionItem(models.Model):
    """One thing that a selection holds: its kind and its key, never a copy, so that its page is always that of today."""

    selection = models.ForeignKey(Selection, models.CASCADE, related_name="items")
    kind = models.CharField("sorte", max_length=10, choices=SelectedKind)
    object_id = models.PositiveBigIntegerField("fiche")
    position = models.PositiveSmallIntegerField("ordre", default=0)
    added_at = models.DateTimeField("ajouté le", default=timezone.now, editable=False)
    removed_at = models.DateTimeField("retiré le", null=True, blank=True, editable=False)

    objects = KeptQuerySet.as_manager()

    class Meta:
        verbose_name = "élément de sélection"
        verbose_name_plural = "éléments de sélection"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["selection", "kind", "object_id"],
                name="contacts_selection_item_once",
                violation_error_message="Cet élément est déjà dans la sélection.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=SelectedKind.values),
                name="contacts_selection_item_kind_known",
                violation_error_message="Cette sorte d’élément n’existe pas.",
            ),
        ]

    def __str__(self):
        return self.key

    @property
    def key(self):
        """`offre-12`: what names the thing in a form, whatever the selection."""
        return f"{self.kind}-{self.object_id}"


class SelectionNote(models.Model):
    """What somebody wrote beside an item. Notes are added, never overwritten: two people writing at once lose nothing."""

    item = models.ForeignKey(SelectionItem, models.CASCADE, related_name="notes")
    writer = models.CharField("qui écrit", max_length=40, blank=True)
    text = models.TextField("note", max_length=500)
    remind_on = models.DateField("à se rappeler le", null=True, blank=True)
    written_at = models.DateTimeField("écrite le", default=timezone.now, editable=False)
    removed_at = models.DateTimeField("retirée le", null=True, blank=True, editable=False)

    objects = KeptQuerySet.as_manager()

    class Meta:
        verbose_name = "note de sélection"
        verbose_name_plural = "notes de sélection"
        ordering = ["written_at", "pk"]

    def __str__(self):
        return f"Note du {self.written_at:%d/%m/%Y}"
