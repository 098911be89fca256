"""Earlier versions of an offer in words that staff read."""

from datetime import date, datetime

from django.utils import timezone
from simple_history.template_utils import HistoricalRecordContextHelper, ObjDiffDisplay

from core import french
from opportunities.enums import HalfDay


class FrenchDiffDisplay(ObjDiffDisplay):
    def shortened_str(self, prefix, num_skipped_chars, suffix):
        return f"{prefix}[…]{suffix}"


class OfferChanges(HistoricalRecordContextHelper):
    """Values of a change written as on the form: labels of choices, French dates, names of half-days."""

    def prepare_delta_change_value(self, change, value):
        field = self.model._meta.get_field(change.field)
        if value is None or value == "" or value == [] or getattr(value, "pk", value) is None:
            return "vide"
        if isinstance(value, bool):
            return "oui" if value else "non"
        if isinstance(value, list):
            return ", ".join(HalfDay(item).label for item in value)
        if isinstance(value, datetime):
            return french.date(timezone.localtime(value))
        if isinstance(value, date):
            return french.date(value)
        return dict(field.flatchoices).get(value, value) if field.choices else value

    def get_obj_diff_display(self):
        return FrenchDiffDisplay(max_length=self.max_displayed_delta_change_chars)
