"""How much a selection holds, and how long."""

from datetime import timedelta

from django.utils import timezone

ITEMS = 30
"""More is no longer a choice."""
NOTES = 100
"""Of one selection, those taken away and not yet erased among them."""
COMPARED = 4
"""Columns that can be read side by side."""
KEPT = timedelta(days=365)
"""How long a selection that nobody opens stays (docs/registre.md)."""
PUT_BACK = timedelta(days=7)
"""How long what was taken away may be put back."""


def erased_on(selection):
    """The day on which a selection goes unless somebody opens it before."""
    return timezone.localdate(selection.opened_at + KEPT)
