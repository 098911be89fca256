"""The content of an offer in a form: what the kind asks, rules and constraints beside their field. Staff and publishers share it."""

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils import timezone

from core import french
from core.days import plausible_day
from core.forms import visible_text
from core.french import NBSP
from core.validators import no_security_number
from opportunities import actions, rules
from opportunities.enums import HalfDay, KindField, LocationPrecision, State
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


class ContentForm(forms.ModelForm):
    """An offer as somebody writes it. Whatever the state, what is saved keeps the rules of that state."""

    commune = CommuneField(label="commune", required=False, help_text="Nom ou code postal.")
    half_days = forms.TypedMultipleChoiceField(
        label="demi-journées", choices=HalfDay, coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.dropped = []
        """Facts given that the kind does not ask for: emptied, and told to the person."""
        rules_of = [("title", visible_text), ("starts_on", plausible_day), ("ends_on", plausible_day)]
        rules_of += [(name, no_security_number) for name in rules.PUBLIC_TEXTS]
        for name, validator in rules_of:
            if name in self.fields:
                self.fields[name].validators.append(validator)

    @property
    def must_be_complete(self):
        """Whether what is missing for a publication is said now."""
        return self.instance.state == State.PUBLISHED

    def clean(self):
        data = super().clean()
        data |= {name: french.typeset(data[name]) for name in rules.PUBLIC_TEXTS if data.get(name)}
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

    def _update_errors(self, errors):
        """Errors of fields; those of constraints are said beside their field by `_check_rules`, not on top."""
        by_field = errors.update_error_dict({})
        by_field.pop(NON_FIELD_ERRORS, None)
        if by_field:
            super()._update_errors(ValidationError(by_field))

    def _post_clean(self):
        super()._post_clean()
        self._check_rules()

    def _check_rules(self):
        """Each broken rule and constraint beside its field, on the offer as it would be stored."""
        actions.refresh_place(self.instance)
        problems = []
        if self.must_be_complete:
            problems = self._publication_problems()
        named = {field for field, _ in problems}
        for constraint in Opportunity._meta.constraints:
            field = CONSTRAINT_FIELDS.get(constraint.name, NON_FIELD_ERRORS)
            try:
                constraint.validate(Opportunity, self.instance)
            except ValidationError as error:
                if field not in named and not self.has_error(field):
                    problems += [(field, message) for message in error.messages]
        for field, message in problems:
            self.add_error(field if field in self.fields else None, message)

    def _publication_problems(self):
        if self.instance.kind_id is None:
            return []
        problems = self.missing(timezone.now())
        return [problem for problem in problems if not self.has_error(problem.field)]

    def missing(self, at):
        """What keeps the offer from going further, as `rules.Problem`s."""
        return rules.missing_for_publication(self.instance, at)
