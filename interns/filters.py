"""The search form of the training places, read from the address."""

from core.filters import CodesFilter, TickFilter
from interns.enums import Level, Setting
from interns.models import TrainingPlace
from territories.filters import PlaceFilterSet

LEVELS = {level.value: level for level in Level}
SETTINGS = {setting.value: setting for setting in Setting}


class TrainingFilterSet(PlaceFilterSet):
    """GET parameters of `/internes/terrains/` and its map."""

    niveau = CodesFilter(label="Niveau", method="filter_levels")
    specialite = CodesFilter(label="Spécialité", method="filter_specialties")
    cadre = CodesFilter(label="Cadre", method="filter_settings")
    semestre = CodesFilter(label="Semestre", method="filter_semesters")
    logement = TickFilter(
        label="Logement sur place",
        method="filter_lodging",
        error_messages={"invalid": "Logement sur place\u00a0: {} n’est ni oui ni non, ce filtre est laissé de côté."},
    )

    class Meta:
        model = TrainingPlace
        fields = []

    def __init__(self, data, *args, choices, **kwargs):
        super().__init__(data, *args, choices={**choices, "niveau": LEVELS, "cadre": SETTINGS}, **kwargs)

    def filter_levels(self, queryset, name, codes):
        return queryset.at_levels(codes) if codes else queryset

    def filter_specialties(self, queryset, name, codes):
        known = self.form.fields[name].known
        return queryset.of_specialties([known[code].pk for code in codes]) if codes else queryset

    def filter_settings(self, queryset, name, codes):
        return queryset.of_settings(codes) if codes else queryset

    def filter_semesters(self, queryset, name, codes):
        return queryset.with_places_in(codes) if codes else queryset

    def filter_lodging(self, queryset, name, value):
        return queryset.with_lodging() if value else queryset
