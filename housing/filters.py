"""The search form of the dwellings, read from the address. Places, half-days and the stay are read by `housing.search`."""

from core.filters import BoxFilter, CodesFilter, ListFilterSet, TickFilter, WholeNumberFilter, WordsFilter, bounds
from housing.enums import Audience, DwellingKind, HostKind
from housing.models import Dwelling

MAX_RENT = 5000
MIN_KM, MAX_KM = 5, 80
MAX_WORDS_LENGTH = 100
CODES = {
    "type": {value: value for value in DwellingKind.values},
    "hote": {value: value for value in HostKind.values},
    "pour": {value: value for value in Audience.values},
}


def tick(label, method):
    invalid = f"{label}\u00a0: {{}} n’est ni oui ni non, ce filtre est laissé de côté."
    return TickFilter(label=label, method=method, error_messages={"invalid": invalid})


class DwellingFilterSet(ListFilterSet):
    """GET parameters of `/s-installer/logement/` that narrow the list, each by a word of `DwellingQuerySet`."""

    q = WordsFilter(
        label="Mots-clés",
        method="filter_words",
        max_length=MAX_WORDS_LENGTH,
        error_messages={"max_length": f"Les mots-clés tiennent en {MAX_WORDS_LENGTH} caractères\u00a0: cherchez avec moins de mots."},
    )
    loyer = WholeNumberFilter(
        label="Loyer charges comprises, au plus",
        method="filter_rent",
        **bounds(0, MAX_RENT, f"{{}} n’est pas un loyer\u00a0: écrivez un nombre d’euros, de 0 à {MAX_RENT}."),
    )
    rayon = WholeNumberFilter(
        label="Distance",
        method="keep",
        **bounds(MIN_KM, MAX_KM, f"{{}} n’est pas une distance\u00a0: choisissez de {MIN_KM} à {MAX_KM}\u00a0km."),
    )
    type = CodesFilter(label="Type de logement", method="filter_kinds")
    hote = CodesFilter(label="Proposé par", method="filter_hosts")
    pour = CodesFilter(label="Pour", method="filter_audience")
    meuble = tick("Meublé", "filter_furnished")
    acces = tick("Accès de plain-pied ou par ascenseur", "filter_access")
    animaux = tick("Animaux acceptés", "filter_pets")
    zone = BoxFilter(label="Zone de la carte", method="filter_box")

    class Meta:
        model = Dwelling
        fields = []

    def __init__(self, data, *args, **kwargs):
        super().__init__(data, *args, choices=CODES, **kwargs)

    def filter_words(self, queryset, name, value):
        return queryset.matching(value) if value else queryset

    def filter_rent(self, queryset, name, value):
        return queryset if value is None else queryset.at_most(value)

    def filter_kinds(self, queryset, name, codes):
        return queryset.of_kinds(codes) if codes else queryset

    def filter_hosts(self, queryset, name, codes):
        return queryset.of_hosts(codes) if codes else queryset

    def filter_audience(self, queryset, name, codes):
        for code in codes:
            queryset = queryset.open_to(code)
        return queryset

    def filter_furnished(self, queryset, name, value):
        return queryset.furnished() if value else queryset

    def filter_access(self, queryset, name, value):
        return queryset.step_free_access() if value else queryset

    def filter_pets(self, queryset, name, value):
        return queryset.with_pets() if value else queryset

    def filter_box(self, queryset, name, value):
        return queryset.within(value) if value else queryset
