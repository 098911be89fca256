"""The filters of the news, read from the address: what means nothing is left out with a message, the rest applies."""

import re

import django_filters
from django import forms

from collective.enums import Rubrique
from collective.models import News
from core import french
from territories.models import Commune, Cpts, Epci

FIRST_YEAR, LAST_YEAR = 2000, 2100
TERRITORY = re.compile(r"(commune|cpts|epci)-([a-z0-9-]+)")
TERRITORIES = {"commune": (Commune, "of_commune"), "cpts": (Cpts, "of_cpts"), "epci": (Epci, "of_epci")}
"""Parts of an address `territoire=commune-apt`, the table they name and the word of the queryset."""


class RubriqueField(forms.ChoiceField):
    """One of the five rubriques."""

    def __init__(self, **kwargs):
        super().__init__(choices=[("", "Toutes"), *Rubrique.choices], **kwargs)


class YearField(forms.IntegerField):
    """A year that news may be of."""

    def __init__(self, **kwargs):
        super().__init__(min_value=FIRST_YEAR, max_value=LAST_YEAR, **kwargs)


class TerritoryField(forms.CharField):
    """`commune-apt`, `cpts-pays-dapt` or `epci-grand-avignon`: the record it names, with the word that filters by it."""

    def to_python(self, value):
        text = super().to_python(value)
        if not text:
            return None
        match = TERRITORY.fullmatch(text)
        found = match and TERRITORIES[match[1]][0].objects.filter(slug=match[2]).first()
        if not found:
            raise forms.ValidationError("unknown")
        return TERRITORIES[match[1]][1], found


class RubriqueFilter(django_filters.Filter):
    field_class = RubriqueField


class YearFilter(django_filters.Filter):
    field_class = YearField


class TerritoryFilter(django_filters.Filter):
    field_class = TerritoryField


class NewsFilterSet(django_filters.FilterSet):
    """The news of a rubrique, of a territory, of a year."""

    rubrique = RubriqueFilter(label="rubrique", method="of_rubrique", required=False)
    territoire = TerritoryFilter(label="territoire", method="of_territory", required=False)
    annee = YearFilter(label="année", method="of_year", required=False)

    class Meta:
        model = News
        fields = []

    WRONG = {
        "rubrique": "La rubrique {} n’existe pas\u00a0: ce filtre est laissé de côté.",
        "territoire": "Le territoire {} n’existe pas\u00a0: ce filtre est laissé de côté.",
        "annee": "L’année {} n’est pas lisible\u00a0: ce filtre est laissé de côté.",
    }

    @property
    def complaints(self):
        """A sentence for each parameter that meant nothing."""
        return [self.WRONG[name].format(french.quoted(self.data.get(name, ""))) for name in self.form.errors]

    @property
    def asked(self):
        """The parameters that mean something, as they stand in an address."""
        return {name: self.data[name].strip() for name, value in self.form.cleaned_data.items() if value}

    def filter_queryset(self, queryset):
        """Apply what is understood; the form of django-filter would apply nothing when one parameter is wrong."""
        for name, value in self.form.cleaned_data.items():
            if value:
                queryset = self.filters[name].filter(queryset, value)
        return queryset

    @property
    def qs(self):
        """The news found."""
        if not hasattr(self, "_found"):
            self.form.is_valid()
            self._found = self.filter_queryset(self.queryset.all())
        return self._found

    def of_rubrique(self, queryset, name, value):
        """Only this rubrique."""
        return queryset.of_rubrique(value)

    def of_year(self, queryset, name, value):
        """Only this year."""
        return queryset.of_year(value)

    def of_territory(self, queryset, name, value):
        """Only this territory, with the communes it holds."""
        word, territory = value
        return getattr(queryset, word)(territory)
