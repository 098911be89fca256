"""Fields of search forms that are read from the address of a list.

A parameter that means nothing is left out with a message; the others still apply, and the page is always shown.
"""

from datetime import date
from math import isfinite

import django_filters
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from core import french
from core.days import YEARS
from core.geography import Box


class CodesField(forms.Field):
    """Several codes of a list known at run time; keeps the known ones, remembers the others in `unknown`."""

    widget = forms.SelectMultiple

    def __init__(self, **kwargs):
        self.known, self.unknown = {}, []
        super().__init__(**kwargs)

    def clean(self, value):
        codes = [code for code in dict.fromkeys(value or []) if code]
        self.unknown = [code for code in codes if code not in self.known]
        return [code for code in codes if code in self.known]


class WordsField(forms.CharField):
    """Words to look for, on one line."""

    def to_python(self, value):
        return french.one_line(super().to_python(value))


class BoxField(forms.Field):
    """`west,south,east,north` in decimal degrees, as maps write it."""

    def clean(self, value):
        if not value:
            return None
        try:
            west, south, east, north = (float(part) for part in value.split(","))
        except ValueError:
            west = south = east = north = float("nan")
        if not (all(map(isfinite, (west, south, east, north))) and -180 <= west < east <= 180 and -90 <= south < north <= 90):
            raise forms.ValidationError("La zone de la carte n’est pas lisible.")
        return Box(south, west, north, east)


class Quoting:
    """A field whose one message, `invalid`, repeats what was typed in place of `{}`."""

    def clean(self, value):
        try:
            return super().clean(value)
        except forms.ValidationError:
            raise forms.ValidationError(self.error_messages["invalid"].format(french.quoted(value))) from None


class DayField(Quoting, forms.DateField):
    """A day that a person may mean, in the years of `core.days`."""

    default_validators = [MinValueValidator(date(YEARS[0], 1, 1)), MaxValueValidator(date(YEARS[-1], 12, 31))]


class WholeNumberField(Quoting, forms.IntegerField):
    """A whole number between two bounds."""


class TickField(Quoting, forms.Field):
    """`1`, `true`, `on` or `oui` is on; `0`, `false`, `off`, `non` or nothing is off."""

    widget = forms.TextInput
    MEANINGS = dict.fromkeys(("1", "true", "on", "oui"), True) | dict.fromkeys(("", "0", "false", "off", "non"), False)

    def to_python(self, value):
        try:
            return self.MEANINGS[(value or "").strip().lower()]
        except KeyError:
            raise forms.ValidationError(self.error_messages["invalid"]) from None


class WordsFilter(django_filters.Filter):
    field_class = WordsField


class CodesFilter(django_filters.Filter):
    field_class = CodesField


class BoxFilter(django_filters.Filter):
    field_class = BoxField


class DayFilter(django_filters.Filter):
    field_class = DayField


class WholeNumberFilter(django_filters.Filter):
    field_class = WholeNumberField


class TickFilter(django_filters.Filter):
    field_class = TickField


def bounds(low, high, text):
    return {"min_value": low, "max_value": high, "error_messages": {"invalid": text}}


def left_out(codes):
    """`« a » n’existe pas, ce choix est laissé de côté`, for one or several codes; three are named."""
    if len(codes) == 1:
        return f"{french.quoted(codes[0])} n’existe pas, ce choix est laissé de côté"
    others = f" et {french.plural(len(codes) - 3, 'autre')}" if len(codes) > 3 else ""
    return f"{', '.join(map(french.quoted, codes[:3]))}{others} n’existent pas, ces choix sont laissés de côté"


class ListFilterSet(django_filters.FilterSet):
    """GET parameters of a list. `choices` gives, by parameter, the codes known at run time with what each stands for."""

    def __init__(self, data, *args, choices, **kwargs):
        # Only what the address names is built: copying every filter and field costs a page more than its queries.
        self.base_filters = {name: each for name, each in self.base_filters.items() if name in data}
        super().__init__(data, *args, **kwargs)
        for name, known in choices.items():
            if name in self.form.fields:
                self.form.fields[name].known = known

    def get_form_class(self):
        """A form without fields, as most visits need, is not made anew."""
        return super().get_form_class() if self.filters else self._meta.form

    @property
    def complaints(self):
        """French messages, one for each parameter or code that was left out, by parameter name."""
        found = {name: " ".join(texts) for name, texts in self.errors.items()}
        for name, field in self.form.fields.items():
            if unknown := getattr(field, "unknown", None):
                found[name] = f"{self.filters[name].label}\u00a0: {left_out(unknown)}."
        return found

    def keep(self, queryset, name, value):
        """The filter of a parameter that another one reads, or the page itself."""
        return queryset
