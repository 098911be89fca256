"""The search form of the offers, read from the address.

Each filter names a word of `OpportunityQuerySet`. A parameter that means nothing is left out with a
message; the others still apply, and the page is always shown.
"""

from math import isfinite

import django_filters
from django import forms

from core.geography import Box
from opportunities.enums import HalfDay
from opportunities.models import Opportunity
from territories.forms import CommuneField
from territories.models import Commune

DEFAULT_RADIUS_KM = 20
MIN_RADIUS_KM, MAX_RADIUS_KM = 5, 50
DATE_FORMATS = ["%Y-%m-%d", "%d/%m/%Y"]


class CodesField(forms.Field):
    """Several codes of a list known at run time; keeps the known ones, remembers the others in `unknown`."""

    widget = forms.SelectMultiple

    def __init__(self, *, coerce=str, **kwargs):
        self.coerce, self.known, self.unknown = coerce, {}, []
        super().__init__(**kwargs)

    def clean(self, value):
        chosen = []
        self.unknown = []
        for text in value or []:
            try:
                code = self.coerce(text)
            except ValueError:
                code = None
            if code in self.known:
                chosen.append(code)
            elif text:
                self.unknown.append(text)
        return list(dict.fromkeys(chosen))


class BoxField(forms.CharField):
    """`west,south,east,north` in decimal degrees, as maps write it."""

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None
        try:
            west, south, east, north = (float(part) for part in text.split(","))
        except ValueError:
            west = south = east = north = float("nan")
        if not (all(map(isfinite, (west, south, east, north))) and -180 <= west < east <= 180 and -90 <= south < north <= 90):
            raise forms.ValidationError("La zone de la carte n’est pas lisible.")
        return Box(south, west, north, east)


class DayField(forms.DateField):
    """A day that a person may mean: between 2000 and 2100."""

    def clean(self, value):
        day = super().clean(value)
        if day is not None and not 2000 <= day.year <= 2100:
            raise forms.ValidationError(self.error_messages["invalid"])
        return day


class CodesFilter(django_filters.Filter):
    field_class = CodesField


class BoxFilter(django_filters.Filter):
    field_class = BoxField


class DayFilter(django_filters.Filter):
    field_class = DayField


class WholeNumberFilter(django_filters.Filter):
    field_class = forms.IntegerField


class TickFilter(django_filters.Filter):
    """`1` or `true` is on, `0`, `false` or nothing is off."""

    field_class = forms.BooleanField


class CommuneFilter(django_filters.Filter):
    field_class = CommuneField


def bounds(low, high, text):
    return {"min_value": low, "max_value": high, "error_messages": dict.fromkeys(("invalid", "min_value", "max_value"), text)}


def day(text):
    return {"input_formats": DATE_FORMATS, "error_messages": {"invalid": text}}


class OpportunityFilterSet(django_filters.FilterSet):
    """GET parameters of `/exercer/offres/`, its map and its feed. `choices` gives the lists known at run time."""

    q = django_filters.CharFilter(label="Mots", method="filter_words", max_length=100)
    type = CodesFilter(label="Type d’offre", method="filter_kinds")
    cadre = CodesFilter(label="Cadre d’exercice", method="filter_settings")
    epci = CodesFilter(label="Intercommunalité", method="filter_epcis")
    jours = CodesFilter(label="Demi-journées", method="filter_half_days", coerce=int)
    rayon = WholeNumberFilter(
        label="Rayon",
        method="keep",
        **bounds(
            MIN_RADIUS_KM,
            MAX_RADIUS_KM,
            f"Le rayon va de {MIN_RADIUS_KM} à {MAX_RADIUS_KM} km\u00a0: nous avons cherché à {DEFAULT_RADIUS_KM} km.",
        ),
    )
    commune = CommuneFilter(label="Commune", method="filter_commune")
    du = DayFilter(label="À partir du", method="filter_from", **day("La date de début s’écrit jour/mois/année, par exemple 15/02/2027."))
    au = DayFilter(label="Jusqu’au", method="filter_until", **day("La date de fin s’écrit jour/mois/année, par exemple 27/02/2027."))
    part = WholeNumberFilter(
        label="Part d’honoraires minimum",
        method="filter_fee_share",
        **bounds(0, 100, "La part d’honoraires est un nombre entier de 0 à 100."),
    )
    logement = TickFilter(widget=forms.TextInput, label="Logement possible", method="filter_lodging")
    depuis = DayFilter(label="Publiées depuis le", method="filter_since", **day("La date de publication s’écrit jour/mois/année."))
    zone = BoxFilter(label="Zone de la carte", method="filter_box")

    class Meta:
        model = Opportunity
        fields = []

    def __init__(self, *args, choices, **kwargs):
        super().__init__(*args, **kwargs)
        for name, known in {**choices, "jours": dict.fromkeys(HalfDay.values)}.items():
            self.form.fields[name].known = known

    @property
    def complaints(self):
        """French messages, one for each parameter or code that was left out, by parameter name."""
        found = {name: " ".join(texts) for name, texts in self.errors.items()}
        for name, field in self.form.fields.items():
            if unknown := getattr(field, "unknown", None):
                listed = ", ".join(f"«\u00a0{text[:40]}\u00a0»" for text in unknown[:3])
                found[name] = f"{self.filters[name].label}\u00a0: {listed} n’existe pas, ce filtre est laissé de côté."
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
        return queryset.of_kinds([known[code] for code in codes]) if codes else queryset

    def filter_settings(self, queryset, name, codes):
        known = self.form.fields[name].known
        return queryset.in_settings([known[code] for code in codes]) if codes else queryset

    def filter_epcis(self, queryset, name, codes):
        epcis = [self.form.fields[name].known[code] for code in codes]
        return queryset.in_communes(Commune.objects.filter(epci__in=epcis).order_by().values_list("pk", flat=True)) if epcis else queryset

    def filter_half_days(self, queryset, name, values):
        return queryset.on_half_days(values) if values else queryset

    def filter_commune(self, queryset, name, commune):
        return queryset.near(commune, self.radius_km)

    def filter_from(self, queryset, name, value):
        return queryset.overlapping(start=value)

    def filter_until(self, queryset, name, value):
        start = self.form.cleaned_data.get("du")
        return queryset if start and value < start else queryset.overlapping(end=value)

    def filter_fee_share(self, queryset, name, value):
        return queryset.fee_share_at_least(value)

    def filter_lodging(self, queryset, name, value):
        return queryset.with_lodging() if value else queryset

    def filter_since(self, queryset, name, value):
        return queryset.published_since(value)

    def filter_box(self, queryset, name, value):
        return queryset.within(value)
