"""Earlier versions of a page in words that staff read."""

from datetime import date, datetime

from django.utils import timezone
from simple_history.template_utils import HistoricalRecordContextHelper

from core import french
from core.prose import plain_text
from pages.models import BLOCKS

LABELS = {kind.__name__: str(kind._meta.verbose_name) for kind in BLOCKS}
WORDS = 12


class PageChanges(HistoricalRecordContextHelper):
    """Values of a change as on the form; blocks are told one by one with their first words."""

    max_displayed_delta_change_chars = 400

    def prepare_delta_change_value(self, change, value):
        field = self.model._meta.get_field(change.field)
        if field.name == "content":
            return " · ".join(told(block) for block in value) or "aucun bloc"
        if value is None or value == "" or getattr(value, "pk", value) is None:
            return "vide"
        if isinstance(value, bool):
            return "oui" if value else "non"
        if isinstance(value, datetime):
            return french.date(timezone.localtime(value))
        if isinstance(value, date):
            return french.date(value)
        return dict(field.flatchoices).get(value, value) if field.choices else value


def told(block):
    """A block in a few words."""
    texts = (plain_text(str(block.get(name) or "")) for name in ("title", "question", "text", "label", "name", "alternative_text"))
    words = next((text for text in texts if text), "").split()
    label = LABELS.get(block.get("kind"), "bloc disparu")
    return f"{label} «\u00a0{' '.join(words[:WORDS])}{'…' if len(words) > WORDS else ''}\u00a0»" if words else label
