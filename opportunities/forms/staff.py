"""Forms of the staff side."""

import json

from django import forms
from django.db.models import Q

from core.announced import forms as announced
from core.announced.forms import LastDayField, StaffContent, VersionField
from core.french import NBSP, THIN
from core.widgets import CoordinateInput, PointWidget
from opportunities.enums import KindField, LocationPrecision
from opportunities.forms.content import COMPANIONS, ContentForm
from opportunities.models import Opportunity, OpportunityKind, OpportunityPhoto, OtherPlace
from territories.forms import CommuneField


class OfferForm(StaffContent, ContentForm):
    """An offer as staff write it."""

    noun = "offre"

    expires_at = LastDayField(
        label="dernier jour de publication",
        required=False,
        help_text=f"Vide{NBSP}: jusqu’au dernier jour d’un remplacement daté, sinon trois mois après la publication.",
    )

    version = VersionField(label="version", required=False)
    """When the offer that the person has before them was last changed."""

    class Meta:
        model = Opportunity
        fields = []  # named by the fieldsets of the screen
        widgets = {
            "location_precision": forms.RadioSelect,
            "summary": forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
            "latitude": CoordinateInput(),
            "longitude": PointWidget(commune="commune"),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "kind" in self.fields:  # absent when the person may only read
            kind = self.fields["kind"]
            kind.queryset = OpportunityKind.objects.filter(Q(active=True) | Q(pk=self.instance.kind_id))
            kind.widget = forms.Select({"data-kinds": kinds_as_json()}, kind.widget.choices)
        for name in ("profession", "setting"):
            if name in self.fields:  # lists of their own screens: no buttons to add to them from here
                self.fields[name].widget = forms.Select(choices=self.fields[name].widget.choices)


def kinds_as_json():
    """What each kind shows and requires, keyed by primary key, for the page's script."""
    kinds = OpportunityKind.objects.values_list("pk", "shown_fields", "required_fields", "definition", "is_employment")
    pay = [KindField.SALARY_MIN, KindField.SALARY_MAX, KindField.SALARY_PERIOD]
    table = {
        pk: {"shown": shown, "required": [*required, *(pay if is_employment else ())], "definition": definition}
        for pk, shown, required, definition, is_employment in kinds
    }
    return json.dumps(
        {"kinds": table, "governed": KindField.values, "companions": COMPANIONS, "exact": LocationPrecision.EXACT}, ensure_ascii=False
    )


class OtherPlaceForm(forms.ModelForm):
    commune = CommuneField(label="commune")

    class Meta:
        model = OtherPlace
        fields = ["commune", "label"]


class PhotoForm(announced.PhotoForm):
    """A photograph of an offer."""

    class Meta(announced.PhotoForm.Meta):
        model = OpportunityPhoto


class KindForm(forms.ModelForm):
    """A kind of offer; the facts it requires are among those it shows."""

    shown_fields = forms.MultipleChoiceField(
        label="champs proposés", choices=KindField, required=False, widget=forms.CheckboxSelectMultiple
    )
    required_fields = forms.MultipleChoiceField(
        label="champs obligatoires",
        choices=KindField,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=f"Exigés à la publication{THIN}; à choisir parmi les champs proposés.",
    )

    class Meta:
        model = OpportunityKind
        fields = []  # named by the fieldsets of the screen

    def clean(self):
        data = super().clean()
        labels = dict(KindField.choices)
        extra = [labels[name] for name in data.get("required_fields", []) if name not in data.get("shown_fields", [])]
        if extra:
            self.add_error("required_fields", f"Un champ obligatoire est d’abord proposé{NBSP}: cochez aussi {', '.join(extra)}.")
        return data
