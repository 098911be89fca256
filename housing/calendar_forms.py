"""Forms of a host's calendar. Whether the days can be is said by the verbs (`StayRefused`); here they are days at all."""

from django import forms

from core.days import near_day
from core.forms import LineField, say_numbers
from core.french import NBSP
from core.widgets import DayInput
from housing.models import Booking

ADDRESS_LENGTH = 600


class PeriodForm(forms.Form):
    """From a day to the day of departure."""

    start = forms.DateField(label="Premier jour", validators=[near_day], widget=DayInput({"class": "input"}))
    end = forms.DateField(
        label="Jour du départ",
        validators=[near_day],
        widget=DayInput({"class": "input"}),
        help_text="On n’y dort plus cette nuit-là.",
    )


class NoteForm(PeriodForm):
    """A stay agreed elsewhere."""

    note = LineField(
        label="Votre note",
        required=False,
        max_length=Booking._meta.get_field("note").max_length,
        widget=forms.TextInput({"class": "input", "autocomplete": "off"}),
        help_text="Pour vous seul, par exemple «\u00a0amis\u00a0». Sans nom de personne\u00a0: vous la retrouverez ici.",
    )


class CancelForm(forms.Form):
    """Why a confirmed stay is given up."""

    reason = LineField(
        label="Pourquoi",
        max_length=Booking._meta.get_field("reason").max_length,
        widget=forms.TextInput({"class": "input", "autocomplete": "off"}),
        help_text="La personne qui devait venir le lira, si elle a demandé sur le portail.",
    )


class ProlongForm(forms.Form):
    """Until when a confirmed stay goes on."""

    until = forms.DateField(
        label="Nouveau jour du départ",
        validators=[near_day],
        widget=DayInput({"class": "input"}),
        help_text="Le séjour continue dans la même chambre, si elle est libre. La personne est prévenue, si elle a demandé sur le portail.",
    )


class PlacesForm(forms.Form):
    """How many identical rooms there are."""

    places = forms.IntegerField(
        label="Chambres identiques", min_value=1, max_value=200, widget=forms.NumberInput({"class": "input", "inputmode": "numeric"})
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        say_numbers(self)


class CalendarAddressField(forms.URLField):
    """An address by https; `webcal:`, which diaries write, is the same."""

    def to_python(self, value):
        text = (value or "").strip()
        url = super().to_python(f"https{text[6:]}" if text.lower().startswith("webcal://") else text)
        if url and not url.lower().startswith("https://"):
            raise forms.ValidationError(f"L’adresse commence par https://{NBSP}: les autres se lisent en chemin.")
        return url


class ImportForm(forms.Form):
    """The address of a calendar kept elsewhere."""

    url = CalendarAddressField(
        label="Adresse de l’autre calendrier",
        max_length=ADDRESS_LENGTH,
        assume_scheme="https",
        widget=forms.URLInput({"class": "input", "inputmode": "url", "autocomplete": "off"}),
        help_text="L’adresse secrète au format iCal que donne votre agenda ou l’autre site. Elle commence par https://.",
    )
