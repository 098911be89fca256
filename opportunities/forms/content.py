"""The content of an offer in a form: what the kind asks, rules and constraints beside their field. Staff and publishers share it."""

from django import forms

from core.announced import forms as announced
from core.french import NBSP
from opportunities import actions, rules
from opportunities.enums import HalfDay, KindField, LocationPrecision
from opportunities.models import Opportunity
from territories.forms import CommuneField

CONSTRAINT_FIELDS = {
    "opportunity_end_after_start": "ends_on",
    "opportunity_fee_share_is_percentage": "fee_share",
    "opportunity_salary_range": "salary_max",
    "opportunity_salary_has_period": "salary_period",
    "opportunity_days_per_week": "days_per_week",
    "opportunity_point_is_complete": "latitude",
    "opportunity_published_has_place_and_expiry": "expires_at",
    "opportunity_expires_after_publication": "expires_at",
    "opportunity_confidential_names_nobody": "is_confidential",
}
"""The field beside which the message of a constraint of `Opportunity` is shown."""

COMPANIONS = {"duty_note": KindField.DUTY_ROTA, "lodging_note": KindField.LODGING}
"""Fields that make sense only beside another one."""


class ContentForm(announced.ContentForm):
    """An offer as somebody writes it."""

    constraint_fields, public_texts, days = CONSTRAINT_FIELDS, rules.PUBLIC_TEXTS, ("starts_on", "ends_on")

    commune = CommuneField(label="commune", required=False, help_text="Nom ou code postal.")
    half_days = forms.TypedMultipleChoiceField(
        label="demi-journées", choices=HalfDay, coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.dropped = []
        """Facts given that the kind does not ask for: emptied, and told to the person."""

    def derive(self):
        """The place that readers are shown."""
        actions.refresh_place(self.instance)

    def missing(self, at):
        """What keeps the offer from going further; nothing is asked before a kind is chosen."""
        return [] if self.instance.kind_id is None else rules.missing_for_publication(self.instance, at)

    def clean(self):
        data = super().clean()
        kind = data.get("kind")
        if kind is not None:
            self._drop_facts_not_asked(kind, data)
        if data.get("location_precision") == LocationPrecision.EXACT and self.initial.get("location_precision") != LocationPrecision.EXACT:
            self._forget_area_point(data)
        return data

    def _forget_area_point(self, data):
        """The centre of an area that was shown so far is nobody's address: an exact place is placed."""
        if not {"latitude", "longitude"} & set(self.changed_data):
            data["latitude"] = data["longitude"] = None

    def _drop_facts_not_asked(self, kind, data):
        unasked = {name for name in KindField.values if name not in kind.shown_fields}
        unasked |= {note for note, owner in COMPANIONS.items() if owner in unasked}
        for name in sorted(unasked & data.keys()):
            if not rules.is_empty(data[name]):
                self.dropped.append(f"{self.fields[name].label}{NBSP}: {self._in_words(name, data[name])}")
            data[name] = Opportunity._meta.get_field(name).get_default()

    def _in_words(self, name, value):
        choices = dict(Opportunity._meta.get_field(name).flatchoices)
        if isinstance(value, list):
            return ", ".join(HalfDay(item).label for item in value)
        return "oui" if value is True else choices.get(value, value)
