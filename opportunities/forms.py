"""Forms of the staff side."""

import json
from datetime import datetime

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.actions import note_failure
from accounts.public import PublicEmailField, PublicForm
from accounts.rules import Limit, fingerprint, may_try
from core import french
from core.days import plausible_day
from core.forms import PhotoField
from core.french import NBSP, THIN
from core.images import delete_photo, store_photo
from core.widgets import CoordinateInput, DayInput, PointWidget
from opportunities import actions, freshness, rules
from opportunities.enums import HalfDay, KindField, LocationPrecision, ReportReason, State
from opportunities.models import Opportunity, OpportunityKind, OpportunityPhoto, OtherPlace
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
}
"""The field beside which the message of a constraint of `Opportunity` is shown."""

RECEIPTS = 3
"""Receipts to one address in a quarter of an hour."""
COMPANIONS = {"duty_note": KindField.DUTY_ROTA, "lodging_note": KindField.LODGING}
"""Fields that make sense only beside another one."""


def visible_text(text):
    """Refuse a text made of invisible marks only, which a required field would take for an answer."""
    if not french.one_line(text):
        raise ValidationError("Ce texte ne contient aucun caractère visible.")


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


class OfferForm(forms.ModelForm):
    """An offer as staff write it. Whatever the state, what is saved keeps the rules of that state."""

    commune = CommuneField(label="commune", required=False, help_text="Nom ou code postal.")
    expires_at = LastDayField(
        label="dernier jour de publication",
        required=False,
        help_text=f"Vide{NBSP}: jusqu’au dernier jour d’un remplacement daté, sinon trois mois après la publication.",
    )
    half_days = forms.TypedMultipleChoiceField(
        label="demi-journées", choices=HalfDay, coerce=int, required=False, widget=forms.CheckboxSelectMultiple
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
        self.dropped = []
        """Facts given that the kind does not ask for: emptied, and told to the person."""
        for name, validator in (("title", visible_text), ("starts_on", plausible_day), ("ends_on", plausible_day)):
            if name in self.fields:
                self.fields[name].validators.append(validator)
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

    def clean(self):
        data = super().clean()
        self._refuse_to_overwrite(data.get("version"))
        data |= {name: french.typeset(data[name]) for name in rules.PUBLIC_TEXTS if data.get(name)}
        kind = data.get("kind")
        if kind is not None:
            self._drop_facts_not_asked(kind, data)
        if data.get("location_precision") == LocationPrecision.EXACT and self.initial.get("location_precision") != LocationPrecision.EXACT:
            self._forget_area_point(data)
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
        if self.is_publishing or self.instance.state == State.PUBLISHED:
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
        problems = rules.missing_for_publication(self.instance, timezone.now())
        return [problem for problem in problems if not self.has_error(problem.field)]


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


class ReportForm(PublicForm):
    """What a reader says is no longer true of an offer."""

    reason = forms.ChoiceField(label="Que se passe-t-il\u00a0?", choices=ReportReason.choices, widget=forms.RadioSelect)
    text = forms.CharField(
        label="Précisez, si vous voulez",
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 4, "class": "input"}),
        help_text="L’annonceur le lira, sauf pour un texte illicite. Aucune donnée de santé, aucun nom de patient.",
    )
    email = PublicEmailField(required=False, help_text="Seulement pour vous dire la suite. L’annonceur ne la voit pas.")

    def limits(self):
        """The machine alone: an address is not told who else reports."""
        return [Limit(fingerprint("report", self.machine), self.FROM_MACHINE)]

    def save(self, offer):
        at = timezone.now()
        data = self.cleaned_data
        told = [Limit(fingerprint("report-to", data["email"].lower()), RECEIPTS)] if data["email"] else []
        email = data["email"] if may_try(told, at) else ""  # somebody else's, perhaps: the report counts, the address does not
        note_failure(limits=[*self.limits(), *told], at=at)
        return freshness.report(offer=offer, reason=data["reason"], text=data["text"], email=email, at=at)


class ReasonForm(forms.Form):
    """Why an offer is withdrawn or sent back (DSA-01)."""

    reason = forms.CharField(
        label="Motif",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Gardé dans l’historique. Écrivez-le comme vous le diriez à l’annonceur.",
    )
