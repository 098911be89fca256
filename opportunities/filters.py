"""The search form of the offers, read from the address.

Each filter names a word of `OpportunityQuerySet`. A parameter that means nothing is left out with a
message; the others still apply, and the page is always shown.
"""

from core.filters import BoxFilter, CodesFilter, DayFilter, ListFilterSet, TickFilter, WholeNumberFilter, WordsFilter, bounds
from opportunities.enums import HalfDay
from opportunities.models import Opportunity
from territories.filters import CommuneFilter

DEFAULT_RADIUS_KM = 20
MIN_RADIUS_KM, MAX_RADIUS_KM = 5, 50
MAX_WORDS_LENGTH = 100
HALF_DAYS = {str(value): value for value in HalfDay.values}
DATE_FORMATS = ["%Y-%m-%d", "%d/%m/%Y"]


def day(what):
    text = f"{{}} n’est pas une date de {what}\u00a0: écrivez jour/mois/année, par exemple 15/02/2027."
    return {"input_formats": DATE_FORMATS, "error_messages": {"invalid": text}}


class OpportunityFilterSet(ListFilterSet):
    """GET parameters of `/exercer/offres/`, its map and its feed. `choices` gives the lists known at run time."""

    q = WordsFilter(
        label="Mots-clés",
        method="filter_words",
        max_length=MAX_WORDS_LENGTH,
        error_messages={"max_length": f"Les mots-clés tiennent en {MAX_WORDS_LENGTH} caractères\u00a0: cherchez avec moins de mots."},
    )
    type = CodesFilter(label="Type d’offre", method="filter_kinds")
    cadre = CodesFilter(label="Cadre d’exercice", method="filter_settings")
    epci = CodesFilter(label="Intercommunalité", method="filter_areas")
    cpts = CodesFilter(label="CPTS", method="filter_areas")
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
        super().__init__(data, *args, choices={**choices, "jours": HALF_DAYS}, **kwargs)

    @property
    def complaints(self):
        """As of every list, and the order of the two dates."""
        found = super().complaints
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

    def filter_words(self, queryset, name, value):
        return queryset.matching(value)

    def filter_kinds(self, queryset, name, codes):
        known = self.form.fields[name].known
        return queryset.of_kinds([known[code].pk for code in codes]) if codes else queryset

    def filter_settings(self, queryset, name, codes):
        known = self.form.fields[name].known
        return queryset.in_settings([known[code].pk for code in codes]) if codes else queryset

    def filter_areas(self, queryset, name, codes):
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
