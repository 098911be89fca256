"""The search form of the directory of facilities, read from the address, and the filter by commune that other lists use too."""

import django_filters

from core.filters import BoxFilter, CodesFilter, ListFilterSet, WholeNumberFilter, WordsFilter, bounds
from territories.enums import FacilityStatus, Service
from territories.forms import CommuneField
from territories.models import HealthFacility

DEFAULT_RADIUS_KM = 20
MIN_RADIUS_KM, MAX_RADIUS_KM = 1, 50
MAX_WORDS_LENGTH = 100
SERVICES = {service.value: service for service in Service}
STATUSES = {status.value: status for status in FacilityStatus}


class CommuneFilter(django_filters.Filter):
    field_class = CommuneField


class PlaceFilterSet(ListFilterSet):
    """What lists of things at places have in common: words, a circle around a commune, the box of the map."""

    q = WordsFilter(
        label="Mots-clés",
        method="filter_words",
        max_length=MAX_WORDS_LENGTH,
        error_messages={"max_length": f"Les mots-clés tiennent en {MAX_WORDS_LENGTH} caractères\u00a0: cherchez avec moins de mots."},
    )
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
    zone = BoxFilter(label="Zone de la carte", method="filter_box")

    @property
    def center(self):
        """The commune that distances are counted from, or None."""
        return self.form.cleaned_data.get("commune")

    @property
    def radius_km(self):
        """Kilometres around `center`, straight line."""
        return self.form.cleaned_data.get("rayon") or DEFAULT_RADIUS_KM

    def filter_words(self, queryset, name, value):
        return queryset.matching(value)

    def filter_commune(self, queryset, name, commune):
        return queryset.near(commune, self.radius_km) if commune else queryset

    def filter_box(self, queryset, name, value):
        return queryset.within(value) if value else queryset


class FacilityFilterSet(PlaceFilterSet):
    """GET parameters of `/territoires/etablissements/`, its map and its table. `type` is kept for the list to count by kind."""

    type = CodesFilter(label="Type d’établissement", method="keep")
    service = CodesFilter(label="Service", method="filter_services")
    statut = CodesFilter(label="Statut", method="filter_statuses")
    epci = CodesFilter(label="Intercommunalité", method="filter_epcis")
    cpts = CodesFilter(label="CPTS", method="filter_cpts")

    class Meta:
        model = HealthFacility
        fields = []

    def __init__(self, data, *args, choices, **kwargs):
        super().__init__(data, *args, choices={**choices, "service": SERVICES, "statut": STATUSES}, **kwargs)

    @property
    def kinds(self):
        """The kinds asked for, as they are known; none stands for all."""
        return [self.form.fields["type"].known[code] for code in self.form.cleaned_data.get("type", ())]

    def filter_services(self, queryset, name, codes):
        return queryset.with_services(codes) if codes else queryset

    def filter_statuses(self, queryset, name, codes):
        return queryset.of_statuses(codes) if codes else queryset

    def filter_epcis(self, queryset, name, codes):
        known = self.form.fields[name].known
        return queryset.in_epcis([known[code].pk for code in codes]) if codes else queryset

    def filter_cpts(self, queryset, name, codes):
        known = self.form.fields[name].known
        return queryset.in_cpts([known[code].pk for code in codes]) if codes else queryset
