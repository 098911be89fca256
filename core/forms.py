"""Form fields that several apps share, and the form of a row with one image."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import transaction

from core import french, images
from core.days import YEARS, plausible_day
from core.french import NBSP
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


NUMBERS = ("invalid", "min_value", "max_value", "max_digits", "max_decimal_places", "max_whole_digits")
"""Everything that can be wrong with a number."""


def say_numbers(form, model=None):
    """Give each number of a form one message that says what is expected, in place of Django's; `model` has limits of its own."""
    known = {field.name: field for field in model._meta.fields} if model else {}
    for name, field in form.fields.items():
        if isinstance(field, forms.IntegerField):  # numbers with decimals are a kind of these
            validators = [*field.validators, *(known[name].validators if name in known else ())]
            field.error_messages |= dict.fromkeys(NUMBERS, number_expected(field, validators))


def number_expected(field, validators):
    """`Écrivez un nombre entier de 1 à 30.`"""
    lowest = max((each.limit_value for each in validators if isinstance(each, MinValueValidator)), default=None)
    highest = min((each.limit_value for each in validators if isinstance(each, MaxValueValidator)), default=None)
    if (lowest, highest) == (YEARS[0], YEARS[-1]):
        return f"Écrivez une année de {lowest} à {highest}."
    decimals = getattr(field, "decimal_places", None)
    words = ["Écrivez un nombre" if isinstance(field, (forms.DecimalField, forms.FloatField)) else "Écrivez un nombre entier"]
    if lowest is not None and highest is not None:
        words.append(f" de {french.number(lowest)} à {french.number(highest)}")
    if decimals:
        words.append(f", {french.plural(decimals, 'chiffre')} après la virgule au plus")
    return f"{''.join(words)}."


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


IMAGE_HELP = f"JPEG, PNG, WebP ou AVIF, 8{NBSP}Mo et au moins 200{NBSP}pixels de côté."


class IllustratedForm(forms.ModelForm):
    """A row of `core.illustrated.Illustrated`: what is stored is never the file received, and it has a text and a credit."""

    folder = ""
    image = PhotoField(label="image", required=False, help_text=IMAGE_HELP)

    def clean(self):
        data = super().clean()
        if data.get("image"):
            for name, missing in (
                ("image_alt", "Dites ce que montre l’image, pour qui ne la voit pas."),
                ("image_credit", "Dites qui a fait cette image, ou qui autorise à la montrer."),
            ):
                if name not in self.errors and not data.get(name):
                    self.add_error(name, missing)
        return data

    def save(self, commit=True):
        former = type(self.instance)._default_manager.filter(pk=self.instance.pk).values_list("image", "image_width").first()
        upload = self.cleaned_data.get("image")
        stored = images.store_photo(upload.decoded, self.folder) if hasattr(upload, "decoded") else None
        if stored:
            self.instance.image = stored
        elif not self.instance.image:
            self.instance.image_width = self.instance.image_height = 0
        if former and former[0] and former[0] != self.instance.image.name:
            transaction.on_commit(lambda: images.delete_photo(*former))
        return super().save(commit)
