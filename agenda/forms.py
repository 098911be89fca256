"""An event as staff write it."""

from django import forms

from agenda.enums import Stage, State
from agenda.models import Event
from core.forms import IllustratedForm
from core.widgets import CoordinateInput, PointWidget
from territories.enums import PointPrecision
from territories.forms import CommuneField, FacilityForm
from territories.models import Commune, Profession


class EventForm(IllustratedForm, FacilityForm):
    """An event: a commune that is typed or none, a point on the map, several stages, a state that never goes back."""

    folder = "rencontres"
    commune = CommuneField(label="commune", required=False, help_text="Nom ou code postal. Vide pour une rencontre à distance seulement.")
    stages = forms.TypedMultipleChoiceField(
        label="pour qui", choices=Stage.choices, required=False, widget=forms.CheckboxSelectMultiple, help_text="Rien\u00a0: pour tous."
    )
    professions = forms.ModelMultipleChoiceField(
        Profession.objects.all(), label="professions", required=False, widget=forms.CheckboxSelectMultiple, help_text="Rien\u00a0: toutes."
    )
    communes = forms.ModelMultipleChoiceField(
        Commune.objects.all(),
        label="communes associées",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Celles qui s’y joignent, au-delà du lieu\u00a0: la page les compte et les nomme.",
    )

    class Meta:
        model = Event
        fields = []  # named by the fieldsets of the screen
        widgets = {"latitude": CoordinateInput(), "longitude": PointWidget(commune="commune")}

    def clean(self):
        data = super().clean()
        if self.instance.published_at and data.get("state") == State.DRAFT:
            self.add_error("state", "Des lecteurs l’ont vue\u00a0: annulez-la ou reportez-la, avec le motif.")
        if not data.get("commune") and data.get("point_precision") != PointPrecision.COMMUNE:
            data["point_precision"] = PointPrecision.COMMUNE  # nowhere has no point, whatever was chosen
        return data
