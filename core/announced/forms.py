"""What the forms of every announcement share: rules and constraints beside their field, photographs, reasons, versions."""

from datetime import datetime

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.forms.utils import ErrorDict
from django.utils import timezone

from core import french
from core.announced.rules import end_of_day
from core.days import near_day, plausible_day
from core.enums import State
from core.forms import PhotoField, say_numbers, visible_text
from core.french import NBSP
from core.images import delete_photo, store_photo
from core.validators import no_security_number
from core.widgets import DayInput

PREFER_NOT = ("", "Je préfère ne pas le dire")


class ContentForm(forms.ModelForm):
    """An announcement as somebody writes it. Whatever the state, what is saved keeps the rules of that state."""

    constraint_fields = {}
    """The field beside which the message of a constraint of the table is shown, by its name."""
    public_texts = ()
    """Fields that people write freely and that everyone reads."""
    days = ()
    """Fields that hold a day on which something takes place."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        rules_of = [("title", visible_text), *((name, near_day) for name in self.days)]
        rules_of += [(name, no_security_number) for name in self.public_texts]
        for name, validator in rules_of:
            if name in self.fields:
                self.fields[name].validators.append(validator)
        say_numbers(self, self._meta.model)

    # --- What an app says ----------------------------------------------------------------------

    def derive(self):
        """Set what follows from the content of the row, before its rules are checked."""
        raise NotImplementedError

    def missing(self, at):
        """What keeps the row from going further, as `core.announced.rules.Problem`s."""
        raise NotImplementedError

    # -------------------------------------------------------------------------------------------

    @property
    def must_be_complete(self):
        """Whether what is missing for a publication is said now."""
        return self.instance.state == State.PUBLISHED

    def clean(self):
        data = super().clean()
        return data | {name: french.typeset(data[name]) for name in self.public_texts if data.get(name)}

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
        """Each broken rule and constraint beside its field, on the row as it would be stored."""
        self.derive()
        problems = [problem for problem in self._missing_now() if not self.has_error(problem.field)]
        named = {field for field, _ in problems}
        for constraint in self.instance._meta.constraints:
            field = self.constraint_fields.get(constraint.name, NON_FIELD_ERRORS)
            try:
                constraint.validate(type(self.instance), self.instance)
            except ValidationError as error:
                if field not in named and not self.has_error(field):
                    problems += [(field, message) for message in error.messages]
        for field, message in problems:
            self.add_error(field if field in self.fields else None, message)

    def _missing_now(self):
        return self.missing(timezone.now()) if self.must_be_complete else []

    def as_typed(self):
        """Read what was typed, and say nothing about it."""
        self.full_clean()
        self._errors = ErrorDict()


def dress(form, required, *, always, autocomplete, help_texts):
    """Give the fields of a public form their look: which are asked (`wanted`), what the browser may complete, what helps."""
    for name, field in form.fields.items():
        widget = field.widget
        if isinstance(widget, forms.Select):
            widget.attrs["class"] = "select"
            empty = "À choisir" if name in required else "Non précisé"
            widget.choices = [(value, label if value else empty) for value, label in widget.choices if value or name not in always]
        elif "class" not in widget.attrs and isinstance(widget, (forms.TextInput, forms.NumberInput, forms.Textarea, DayInput)):
            widget.attrs["class"] = "input"
        if name in autocomplete:
            widget.attrs["autocomplete"] = autocomplete[name]
        field.wanted = name in required
        field.required = name in ("title", "contact_email", "kind")
        field.help_text = help_texts.get(name, field.help_text)
        label = field.label or ""
        field.label = f"{label[:1].upper()}{label[1:]}"
        widget.is_required = False


def sections(form, fieldsets, folded=()):
    """`(title, bound fields, fold)` of each subject that has some; `fold` is empty, or for those that are `folded`, `closed` or `open`.

    One in which something stands, or is to be corrected, is open.
    """
    found = ((title, [form[name] for name in names if name in form.fields]) for title, names in fieldsets)
    return [(title, fields, _fold(fields) if title in folded else "") for title, fields in found if fields]


def _fold(fields):
    return "open" if any(field.errors or field.value() not in (None, "") for field in fields) else "closed"


class FoundForm(forms.Form):
    """Whom an announcement found, and how: said after it was filled. An app gives the closed lists."""

    who_choices = how_choices = ()
    who = forms.ChoiceField(label="Avec qui\u00a0?", required=False)
    how = forms.ChoiceField(label="Comment vous êtes-vous trouvés\u00a0?", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, choices in (("who", self.who_choices), ("how", self.how_choices)):
            self.fields[name].choices = [PREFER_NOT, *choices]
            self.fields[name].widget.attrs["class"] = "select"


class FilledForm(FoundForm):
    """The same while filling it. Nothing is required: what is filled leaves the lists first."""

    note = forms.CharField(
        label="Un mot pour l’équipe",
        required=False,
        max_length=300,
        help_text="Lu par l’équipe seule. Sans nom de personne.",
        widget=forms.TextInput({"class": "input"}),
    )


class PhotoForm(forms.ModelForm):
    """A photograph with its text; what is stored is never the file received (`core.images`)."""

    image = PhotoField(label="photographie", help_text=f"JPEG, PNG, WebP ou AVIF, 8{NBSP}Mo au plus.")

    class Meta:
        fields = ["image", "alternative_text", "credit", "position"]

    def clean_alternative_text(self):
        text = self.cleaned_data["alternative_text"]
        visible_text(text)
        return text

    def save(self, commit=True):
        upload = self.cleaned_data.get("image")
        model = type(self.instance)
        if hasattr(upload, "decoded"):
            former = model.objects.filter(pk=self.instance.pk).values_list("image", "width").first()
            if former:
                transaction.on_commit(lambda: delete_photo(*former))
            self.instance.image = store_photo(upload.decoded, model._meta.get_field("image").upload_to.rstrip("/"))
        return super().save(commit)


class OwnPhoto:
    """A photograph that a publisher adds: it comes after the others."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields.pop("position", None)
        for name in ("alternative_text", "credit"):
            self.fields[name].widget.attrs["class"] = "input"


# --- Staff -------------------------------------------------------------------------------------


class LastDayField(forms.DateField):
    """A moment of expiry written as the last day on which something is shown."""

    widget = DayInput

    def to_python(self, value):
        day = super().to_python(value)
        if day is None:
            return None
        plausible_day(day)
        return end_of_day(day)

    def prepare_value(self, value):
        return timezone.localdate(value) if isinstance(value, datetime) else value

    def has_changed(self, initial, data):
        return str(self.prepare_value(initial) or "") != str(data or "")


class VersionField(forms.CharField):
    """Carries the version that a form was opened with; nobody types it."""

    widget = forms.HiddenInput

    def has_changed(self, initial, data):
        return False


class StaffContent:
    """A `ContentForm` as staff write it: they may publish with it, and overwrite nobody unknowingly."""

    noun = "annonce"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "version" in self.fields and self.instance.pk:
            self.initial["version"] = self.instance.updated_at.isoformat()

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
        """Tell once that somebody changed the row meanwhile; the same form sent again is then saved."""
        now = self.initial.get("version")
        if version and now and version != now:
            self.data = self.data.copy()
            self.data[self.add_prefix("version")] = now
            raise ValidationError(self._who_was_faster(), code="changed")

    def _who_was_faster(self):
        version = self.instance.history.select_related("history_user").first()
        who = (version and version.history_user) or "Le portail"
        return (
            f"{who} a modifié cette {self.noun} le {french.moment(self.instance.updated_at)}, après que vous l’avez ouverte. "
            f"Rien n’est perdu, rien n’est encore enregistré{NBSP}: comparez avec l’historique, puis enregistrez de nouveau pour garder "
            "votre texte."
        )


class ReasonForm(forms.Form):
    """Why something is withdrawn or sent back (DSA-01)."""

    reason = forms.CharField(label="Motif", max_length=1000, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args, told="", **kwargs):
        """`told` says to whom the reason is sent."""
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = f"Gardé dans l’historique. {told}".strip()
