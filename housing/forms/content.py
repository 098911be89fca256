"""The content of a dwelling in a form: rules and constraints beside their field. Staff and hosts share it."""

from django import forms

from core.announced import forms as announced
from housing import actions, rules
from housing.enums import Audience, Equipment
from housing.models import Dwelling
from territories.forms import CommuneField

CONSTRAINT_FIELDS = {
    "dwelling_point_is_complete": "exact_longitude",
    "dwelling_has_places": "places",
    "dwelling_stay_range": "max_stay_days",
    "dwelling_energy_cost_range": "energy_cost_max",
    "dwelling_mobility_without_deposit": "deposit",
    "dwelling_free_has_no_rent": "rent",
    "dwelling_published_is_lawful": "expires_at",
    "dwelling_published_has_energy_class": "energy_class",
    "dwelling_expires_after_publication": "expires_at",
}
"""The field beside which the message of a constraint of `Dwelling` is shown."""


def several(label, choices):
    """Boxes to tick, stored as an array."""
    return forms.MultipleChoiceField(label=label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple)


class ContentForm(announced.ContentForm):
    """A dwelling as somebody writes it."""

    constraint_fields, public_texts, days = CONSTRAINT_FIELDS, rules.PUBLIC_TEXTS, ("energy_diagnosed_on",)

    commune = CommuneField(label="commune", required=False, help_text="Nom ou code postal.")
    equipment = several("équipements", Equipment.choices)
    audience = several("pour", Audience.choices)

    class Meta:
        model = Dwelling
        fields = []

    def clean(self):
        data = super().clean()
        if (data.get("exact_latitude") is None) != (data.get("exact_longitude") is None):
            if not (self.has_error("exact_latitude") or self.has_error("exact_longitude")):
                self.add_error("exact_longitude", "Un point a une latitude et une longitude\u00a0: donnez les deux, ou aucune.")
            data["exact_latitude"] = data["exact_longitude"] = None
        for name in ("capacity", "places"):
            if name in self.fields and data.get(name) is None:
                data[name] = 1
        return data

    def derive(self):
        """The point that readers are shown: near its place, or that of the commune."""
        if self.instance.exact_point is None or self.instance.commune_id:
            actions.refresh_place(self.instance)

    def missing(self, at):
        """What keeps the dwelling from going further."""
        return rules.missing_for_publication(self.instance, at)
