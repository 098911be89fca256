"""What readers write about an offer."""

from django import forms
from django.utils import timezone

from accounts.actions import note_failure
from accounts.public import PublicEmailField, PublicForm
from accounts.rules import Limit, fingerprint, may_try
from core.forms import WordsField
from opportunities import freshness
from opportunities.enums import ReportReason

RECEIPTS = 3
"""Receipts to one address in a quarter of an hour."""


class ReportForm(PublicForm):
    """What a reader says is no longer true of an offer."""

    reason = forms.ChoiceField(label="Que se passe-t-il\u00a0?", choices=ReportReason.choices, widget=forms.RadioSelect)
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

    def save(self, offer):
        at = timezone.now()
        data = self.cleaned_data
        told = [Limit(fingerprint("report-to", data["email"].lower()), RECEIPTS)] if data["email"] else []
        email = data["email"] if may_try(told, at) else ""  # somebody else's, perhaps: the report counts, the address does not
        note_failure(limits=[*self.limits(), *told], at=at)
        return freshness.report(offer=offer, reason=data["reason"], text=data["text"], email=email, at=at)
