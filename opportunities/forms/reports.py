"""What readers write about an offer."""

from django import forms

from accounts import announced
from opportunities.enums import ReportReason
from opportunities.freshness import FRESHNESS


class ReportForm(announced.ReportForm):
    """What a reader says is no longer true of an offer."""

    freshness = FRESHNESS
    reason = forms.ChoiceField(label="Que se passe-t-il\u00a0?", choices=ReportReason.choices, widget=forms.RadioSelect)
