"""Form fields that several apps share."""

from django import forms
from django.core.exceptions import ValidationError

from core import french, images
from core.days import plausible_day
from core.validators import no_security_number
from core.widgets import PhotoInput


def keep_plausible(form, *names):
    """Refuse the days and moments of these fields that no one can mean. Called from `clean`."""
    for name in names:
        value = form.cleaned_data.get(name)
        if value is not None:
            try:
                plausible_day(value)
            except ValidationError as error:
                form.add_error(name, error)


def visible_text(text):
    """Refuse a text made of invisible marks only, which a required field would take for an answer."""
    if text and not french.one_line(text):
        raise ValidationError("Ce texte ne contient aucun caractère visible.")


class TypesetField(forms.CharField):
    """A text that readers see, with the apostrophes and spaces of French typography whatever the keyboard gave."""

    def to_python(self, value):
        text = super().to_python(value)
        return french.typeset(text) if text else text


class WordsField(TypesetField):
    """What a visitor writes freely: something visible, and no number of the Sécurité sociale."""

    default_validators = [visible_text, no_security_number]

    def __init__(self, *, rows=8, **kwargs):
        super().__init__(**{"max_length": 4000, "widget": forms.Textarea({"rows": rows, "class": "input"}), **kwargs})


class LineField(TypesetField):
    """One line of text, without invisible marks."""

    default_validators = [visible_text]

    def clean(self, value):
        return french.one_line(super().clean(value))


class PhotoField(forms.FileField):
    """A photograph, refused in French when it is too heavy, too large, disguised or broken (`core.images`).

    The cleaned value is the uploaded file with the decoded image as `decoded`; `store_photo` writes it.
    """

    widget = PhotoInput

    def widget_attrs(self, widget):
        return {**super().widget_attrs(widget), "accept": images.ACCEPT}

    def clean(self, data, initial=None):
        upload = super().clean(data, initial)
        if data:
            upload.decoded = images.read_photo(upload)
        return upload
