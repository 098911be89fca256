"""What readers write about a dwelling."""

from django import forms

from accounts import announced
from housing.enums import ReportReason
from housing.freshness import FRESHNESS


class ReportForm(announced.ReportForm):
    """What a reader says is no longer true of a dwelling."""

    freshness = FRESHNESS
    reason = forms.ChoiceField(label="Que se passe-t-il\u00a0?", choices=ReportReason.choices, widget=forms.RadioSelect)
