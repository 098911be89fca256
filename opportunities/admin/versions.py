"""Earlier versions of an offer in words that staff read."""

from core.staff import Changes
from opportunities.enums import HalfDay


class OfferChanges(Changes):
    """Half-days by their names."""

    def in_words(self, field, value):
        if isinstance(value, list):
            return ", ".join(HalfDay(item).label for item in value)
        return super().in_words(field, value)
