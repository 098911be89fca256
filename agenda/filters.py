"""The search form of the agenda, read from the address."""

from agenda.enums import Stage
from agenda.models import Event
from core.filters import CodesFilter, TickFilter
from territories.filters import PlaceFilterSet

STAGES = {stage.value: stage for stage in Stage}


def tick(label, method):
    """A box of the form; what is neither yes nor no is left out with a message."""
    text = f"{label}\u00a0: {{}} n’est ni oui ni non, ce filtre est laissé de côté."
    return TickFilter(label=label, method=method, error_messages={"invalid": text})


class EventFilterSet(PlaceFilterSet):
    """GET parameters of `/agenda/rencontres/`, its map and its feeds. `passees` is kept for the list, which knows the moment."""

    type = CodesFilter(label="Type", method="filter_kinds")
    pour = CodesFilter(label="Pour qui", method="filter_stages")
    profession = CodesFilter(label="Profession", method="filter_professions")
    epci = CodesFilter(label="Intercommunalité", method="filter_epcis")
    enligne = tick("À distance", "filter_online")
    gratuit = tick("Gratuit", "filter_free")
    passees = tick("Rencontres passées", "keep")

    class Meta:
        model = Event
        fields = []

    def __init__(self, data, *args, choices, **kwargs):
        super().__init__(data, *args, choices={**choices, "pour": STAGES}, **kwargs)

    def filter_kinds(self, queryset, name, codes):
        return queryset.of_kinds(self.keys(name, codes)) if codes else queryset

    def filter_stages(self, queryset, name, codes):
        return queryset.for_stages(codes) if codes else queryset

    def filter_professions(self, queryset, name, codes):
        return queryset.for_professions(self.keys(name, codes)) if codes else queryset

    def filter_epcis(self, queryset, name, codes):
        return queryset.in_epcis(self.keys(name, codes)) if codes else queryset

    def filter_online(self, queryset, name, value):
        return queryset.online() if value else queryset

    def filter_free(self, queryset, name, value):
        return queryset.free() if value else queryset

    def keys(self, name, codes):
        """The primary keys of what these codes stand for."""
        return [self.form.fields[name].known[code].pk for code in codes]
