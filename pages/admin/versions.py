"""Earlier versions of a page in words that staff read."""

from core.prose import plain_text
from core.staff import Changes
from pages.models import BLOCKS

LABELS = {kind.__name__: str(kind._meta.verbose_name) for kind in BLOCKS}
WORDS = 12


class PageChanges(Changes):
    """Blocks are told one by one with their first words."""

    def prepare_delta_change_value(self, change, value):
        if change.field == "content":
            return " · ".join(told(block) for block in value) or "aucun bloc"
        return super().prepare_delta_change_value(change, value)


def told(block):
    """A block in a few words."""
    texts = (plain_text(str(block.get(name) or "")) for name in ("title", "question", "text", "label", "name", "alternative_text"))
    words = next((text for text in texts if text), "").split()
    label = LABELS.get(block.get("kind"), "bloc disparu")
    return f"{label} «\u00a0{' '.join(words[:WORDS])}{'…' if len(words) > WORDS else ''}\u00a0»" if words else label
