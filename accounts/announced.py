"""Public forms about whatever is announced (`core.announced`): a new address for its contact, what a reader reports."""

from django.utils import timezone

from accounts.actions import note_failure
from accounts.public import PublicEmailField, PublicForm
from accounts.rules import Limit, fingerprint, may_try
from core.forms import WordsField

RECEIPTS = 3
"""Receipts to one address in a quarter of an hour."""


class ContactForm(PublicForm):
    """A new address for the contact."""

    counter = "publish-contact"
    email = PublicEmailField(label="Nouvelle adresse", help_text="Nous y envoyons un lien à ouvrir\u00a0: rien ne change avant.")


class ReportForm(PublicForm):
    """What a reader says is no longer true. An app adds `reason`, its closed list, and says with which `freshness` it is written down."""

    freshness = None
    field_order = ["reason"]
    text = WordsField(
        label="Précisez, si vous voulez",
        required=False,
        max_length=1000,
        rows=4,
        help_text="L’annonceur le lira, sauf pour un texte illicite. Aucune donnée de santé, aucun nom de patient.",
    )
    email = PublicEmailField(required=False, help_text="Seulement pour vous dire la suite. L’annonceur ne la voit pas.")

    def limits(self):
        """The machine alone: an address is not told who else reports."""
        return [Limit(fingerprint("report", self.machine), self.FROM_MACHINE)]

    def save(self, row):
        at = timezone.now()
        data = self.cleaned_data
        told = [Limit(fingerprint("report-to", data["email"].lower()), RECEIPTS)] if data["email"] else []
        email = data["email"] if may_try(told, at) else ""  # somebody else's, perhaps: the report counts, the address does not
        note_failure(limits=[*self.limits(), *told], at=at)
        return self.freshness.report(row=row, reason=data["reason"], text=data["text"], email=email, at=at)
