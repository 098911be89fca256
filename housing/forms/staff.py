"""Forms of the staff side."""

from django import forms

from core.announced import forms as announced
from core.announced.forms import LastDayField, StaffContent, VersionField
from core.french import NBSP
from core.widgets import CoordinateInput, PointWidget
from housing.forms.content import ContentForm
from housing.models import DwellingPhoto


class DwellingForm(StaffContent, ContentForm):
    """A dwelling as staff write it."""

    expires_at = LastDayField(
        label="dernier jour de publication", required=False, help_text=f"Vide{NBSP}: trois mois après la publication."
    )
    version = VersionField(label="version", required=False)
    """When the dwelling that the person has before them was last changed."""

    class Meta(ContentForm.Meta):
        fields = []  # named by the fieldsets of the screen
        widgets = {
            "host_kind": forms.RadioSelect,
            "exact_latitude": CoordinateInput(),
            "exact_longitude": PointWidget(latitude="exact_latitude", commune="commune"),
        }


class PhotoForm(announced.PhotoForm):
    """A photograph of a dwelling."""

    class Meta(announced.PhotoForm.Meta):
        model = DwellingPhoto
