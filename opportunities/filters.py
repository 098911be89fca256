"""The search form of the offers, read from the address.

Each filter names a word of `OpportunityQuerySet`. A parameter that means nothing is left out with a
message; the others still apply, and the page is always shown.
"""

from datetime import date
from math import isfinite

import django_filters
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from core import french
from core.geography import Box
from opportunities.enums import HalfDay
from opportunities.models import Opportunity
from territories.forms import CommuneField

DEFAULT_RADIUS_KM = 20
MIN_RADIUS_KM, MAX_RADIUS_KM = 5, 50
MAX_WORDS_LENGTH = 100
HALF_DAYS = {str(value): value for value in HalfDay.values}
DATE_FORMATS = ["%Y-%m-%d", "%d/%m/%Y"]


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
    """A day that a person may mean: between 2000 and 2100."""

    default_validators = [MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2100, 12, 31))]


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


class CommuneFilter(django_filters.Filter):
    field_class = CommuneField


def bounds(low, high, text):
    return {"min_value": low, "max_value": high, "error_messages": {"invalid": text}}


def day(what):
    text = f"{{}} n’est pas une date de {what}\u00a0: écrivez jour/mois/année, par exemple 15/02/2027."
    return {"input_formats": DATE_FORMATS, "error_messages": {"invalid": text}}


def left_out(codes):
    """`« a » n’existe pas, ce choix est laissé de côté`, for one or several codes; three are named."""
    if len(codes) == 1:
        return f"{french.quoted(codes[0])} n’existe pas, ce choix est laissé de côté"
    others = f" et {french.plural(len(codes) - 3, 'autre')}" if len(codes) > 3 else ""
    return f"{', '.join(map(french.quoted, codes[:3]))}{others} n’existent pas, ces choix sont laissés de côté"


class OpportunityFilterSet(django_filters.FilterSet):
    """GET parameters of `/exercer/offres/`, its map and its feed. `choices` gives the lists known at run time."""

    q = WordsFilter(
        label="Mots-clés",
        method="filter_words",
        max_length=MAX_WORDS_LENGTH,
        error_messages={"max_length": f"Les mots-clés tiennent en {MAX_WORDS_LENGTH} caractères\u00a0: cherchez avec moins de mots."},
    )
    type = CodesFilter(label="Type d’offre", method="filter_kinds")
    cadre = CodesFilter(label="Cadre d’exercice", method="filter_settings")
    epci = CodesFilter(label="Intercommunalité", method="filter_epcis")
    jours = CodesFilter(label="Demi-journées", method="filter_half_days")
    rayon = WholeNumberFilter(
        label="Rayon",
        method="keep",
        **bounds(
            MIN_RADIUS_KM,
            MAX_RADIUS_KM,
            f"Le rayon va de {MIN_RADIUS_KM} à {MAX_RADIUS_KM}\u00a0km\u00a0: il est remis à {DEFAULT_RADIUS_KM}\u00a0km.",
        ),
    )
    commune = CommuneFilter(label="Commune", method="filter_commune")
    du = DayFilter(label="À partir du", method="filter_from", **day("début"))
    au = DayFilter(label="Jusqu’au", method="filter_until", **day("fin"))
    part = WholeNumberFilter(
        label="Part d’honoraires minimum",
        method="filter_fee_share",
        **bounds(0, 100, "{} n’est pas une part d’honoraires\u00a0: écrivez un nombre entier de 0 à 100."),
    )
    logement = TickFilter(
        label="Logement possible",
        method="filter_lodging",
        error_messages={"invalid": "Logement possible\u00a0: {} n’est ni oui ni non, ce filtre est laissé de côté."},
    )
    depuis = DayFilter(label="Publiées depuis le", method="filter_since", **day("publication"))
    zone = BoxFilter(label="Zone de la carte", method="filter_box")

    class Meta:
        model = Opportunity
        fields = []

    def __init__(self, data, *args, choices, **kwargs):
        # Only what the address names is built: copying every filter and field costs a page more than its queries.
        self.base_filters = {name: each for name, each in self.base_filters.items() if name in data}
        super().__init__(data, *args, **kwargs)
        for name, known in {**choices, "jours": HALF_DAYS}.items():
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
        start, end = self.form.cleaned_data.get("du"), self.form.cleaned_data.get("au")
        if start and end and end < start:
            found["au"] = "La date de fin vient avant la date de début\u00a0: elle est laissée de côté."
        return found

    @property
    def center(self):
        """The commune that distances are counted from, or None."""
        return self.form.cleaned_data.get("commune")

    @property
    def radius_km(self):
        """Kilometres around `center`, straight line."""
        return self.form.cleaned_data.get("rayon") or DEFAULT_RADIUS_KM

    def keep(self, queryset, name, value):
        return queryset

    def filter_words(self, queryset, name, value):
        return queryset.matching(value)

    def filter_kinds(self, queryset, name, codes):
        known = self.form.fields[name].known
        return queryset.of_kinds([known[code].pk for code in codes]) if codes else queryset

    def filter_settings(self, queryset, name, codes):
        known = self.form.fields[name].known
        return queryset.in_settings([known[code].pk for code in codes]) if codes else queryset

    def filter_epcis(self, queryset, name, codes):
        known = self.form.fields[name].known
        return queryset.in_communes({pk for code in codes for pk in known[code].communes}) if codes else queryset

    def filter_half_days(self, queryset, name, codes):
        known = self.form.fields[name].known
        return queryset.on_half_days([known[code] for code in codes]) if codes else queryset

    def filter_commune(self, queryset, name, commune):
        return queryset.near(commune, self.radius_km)

    def filter_from(self, queryset, name, value):
        return queryset.overlapping(start=value)

    def filter_until(self, queryset, name, value):
        start = self.form.cleaned_data.get("du")
        return queryset if start and value < start else queryset.overlapping(end=value)

    def filter_fee_share(self, queryset, name, value):
        return queryset.fee_share_at_least(value) if value else queryset

    def filter_lodging(self, queryset, name, value):
        return queryset.with_lodging() if value else queryset

    def filter_since(self, queryset, name, value):
        return queryset.published_since(value)

    def filter_box(self, queryset, name, value):
        return queryset.within(value)
