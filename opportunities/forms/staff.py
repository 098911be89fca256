"""Forms of the staff side."""

import json
from datetime import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from core import french
from core.days import plausible_day
from core.forms import PhotoField, visible_text
from core.french import NBSP, THIN
from core.images import delete_photo, store_photo
from core.widgets import CoordinateInput, DayInput, PointWidget
from opportunities import rules
from opportunities.enums import KindField, LocationPrecision
from opportunities.forms.content import COMPANIONS, ContentForm
from opportunities.models import Opportunity, OpportunityKind, OpportunityPhoto, OtherPlace
from territories.forms import CommuneField


class LastDayField(forms.DateField):
    """A moment of expiry written as the last day on which an offer is shown."""

    widget = DayInput

    def to_python(self, value):
        day = super().to_python(value)
        if day is None:
            return None
        plausible_day(day)
        return rules.end_of_day(day)

    def prepare_value(self, value):
        return timezone.localdate(value) if isinstance(value, datetime) else value

    def has_changed(self, initial, data):
        return str(self.prepare_value(initial) or "") != str(data or "")


class VersionField(forms.CharField):
    """Carries the version that a form was opened with; nobody types it."""

    widget = forms.HiddenInput

    def has_changed(self, initial, data):
        return False


class OfferForm(ContentForm):
    """An offer as staff write it."""

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
        if "version" in self.fields and self.instance.pk:
            self.initial["version"] = self.instance.updated_at.isoformat()
        if "kind" in self.fields:  # absent when the person may only read
            kind = self.fields["kind"]
            kind.queryset = OpportunityKind.objects.filter(Q(active=True) | Q(pk=self.instance.kind_id))
            kind.widget = forms.Select({"data-kinds": kinds_as_json()}, kind.widget.choices)
        for name in ("profession", "setting"):
            if name in self.fields:  # lists of their own screens: no buttons to add to them from here
                self.fields[name].widget = forms.Select(choices=self.fields[name].widget.choices)

    @property
    def is_publishing(self):
        return "_publish" in self.data

    @property
    def must_be_complete(self):
        return self.is_publishing or super().must_be_complete

    def clean(self):
        data = super().clean()
        self._refuse_to_overwrite(data.get("version"))
        expiry = data.get("expires_at")
        if self.is_publishing and expiry and expiry <= timezone.now() and "expires_at" not in self.changed_data:
            data["expires_at"] = None  # the end of the last publication: the new one gets its own
        return data

    def _refuse_to_overwrite(self, version):
        """Tell once that somebody changed the offer meanwhile; the same form sent again is then saved."""
        now = self.initial.get("version")
        if version and now and version != now:
            self.data = self.data.copy()
            self.data[self.add_prefix("version")] = now
            raise ValidationError(self._who_was_faster(), code="changed")

    def _who_was_faster(self):
        version = self.instance.history.select_related("history_user").first()
        who = (version and version.history_user) or "Le portail"
        return (
            f"{who} a modifié cette offre le {french.moment(self.instance.updated_at)}, après que vous l’avez ouverte. "
            f"Rien n’est perdu, rien n’est encore enregistré{NBSP}: comparez avec l’historique, puis enregistrez de nouveau pour garder "
            "votre texte."
        )


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


class PhotoForm(forms.ModelForm):
    """A photograph with its text; what is stored is never the file received (`core.images`)."""

    image = PhotoField(label="photographie", help_text=f"JPEG, PNG, WebP ou AVIF, 8{NBSP}Mo au plus.")

    class Meta:
        model = OpportunityPhoto
        fields = ["image", "alternative_text", "credit", "position"]

    def clean_alternative_text(self):
        text = self.cleaned_data["alternative_text"]
        visible_text(text)
        return text

    def save(self, commit=True):
        upload = self.cleaned_data.get("image")
        if hasattr(upload, "decoded"):
            former = OpportunityPhoto.objects.filter(pk=self.instance.pk).values_list("image", "width").first()
            if former:
                transaction.on_commit(lambda: delete_photo(*former))
            self.instance.image = store_photo(upload.decoded, "offres")
        return super().save(commit)


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


class ReasonForm(forms.Form):
    """Why an offer is withdrawn or sent back (DSA-01)."""

    reason = forms.CharField(
        label="Motif",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Gardé dans l’historique, et envoyé à l’annonceur s’il a une adresse.",
    )
