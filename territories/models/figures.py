"""Key figures of the territory: a value with its unit, the territory it is true of, its source, its date, its next review."""

from fractions import Fraction

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from core import french
from core.days import near_day, past_day
from core.links import address
from core.models import Dated
from territories.enums import COUNTED_LEVELS, CountOf, FigureLevel, FigureNotation, FigureQualifier
from territories.models.health import Cpts, FacilityKind, Kept
from territories.models.places import Commune, Epci
from territories.querysets import FigureQuerySet

MILLION = 1_000_000
NOT_PUBLISHED = "valeur non publiée dans la source"
DEPARTMENT, REGION, NATION = "Vaucluse", "Provence-Alpes-Côte d’Azur", "France"
UNTOLD = ["created_at", "updated_at", "counted", "counted_at"]
"""Fields that no version keeps: nobody types them."""
FRACTIONS = {Fraction(1, 2): "la moitié", Fraction(1, 3): "un tiers", Fraction(2, 3): "deux tiers", Fraction(1, 4): "un quart"}
FRACTIONS |= {Fraction(3, 4): "trois quarts"}


def at_level(level, **territory):
    """The condition that a figure of that level names this territory and no other."""
    named = {f"{name}__isnull": name not in territory for name in ("commune", "epci", "cpts")}
    return Q(level=level, **named)


class KeyFigure(Kept, Dated):
    """A figure of the territory (mission M20). The same `code` at several levels is the same thing measured: they compare."""

    code = models.CharField(
        "code",
        max_length=50,
        validators=[RegexValidator(r"^[a-z0-9]+(-[a-z0-9]+)*$", "Lettres minuscules sans accent, chiffres et traits d’union.")],
        help_text="Le même pour la même mesure à plusieurs niveaux\u00a0: c’est ce qui les compare. Il sert d’ancre dans les adresses.",
    )
    title = models.CharField("intitulé", max_length=120, help_text="Se lit seul\u00a0: «\u00a0Médecins généralistes en activité\u00a0».")
    label = models.CharField(
        "libellé", max_length=160, help_text="Se lit après la valeur\u00a0: «\u00a0hôpitaux\u00a0», «\u00a0de trajet depuis Paris\u00a0»."
    )
    value = models.DecimalField(
        "valeur",
        max_digits=16,
        decimal_places=4,
        null=True,
        blank=True,
        help_text="Telle que la source la donne. Vide si elle en parle sans l’écrire\u00a0: on lira «\u00a0non publiée\u00a0».",
    )
    notation = models.CharField("écriture", max_length=10, choices=FigureNotation, default=FigureNotation.NUMBER)
    qualifier = models.CharField("précision", max_length=10, choices=FigureQualifier, blank=True)
    unit = models.CharField(
        "unité", max_length=60, blank=True, help_text="Ce qui est compté\u00a0: habitants, médecins, patients par médecin…"
    )

    level = models.CharField("niveau", max_length=12, choices=FigureLevel, default=FigureLevel.DEPARTEMENT)
    commune = models.ForeignKey(Commune, models.PROTECT, related_name="figures", verbose_name="commune", null=True, blank=True)
    epci = models.ForeignKey(Epci, models.PROTECT, related_name="figures", verbose_name="intercommunalité", null=True, blank=True)
    cpts = models.ForeignKey(Cpts, models.PROTECT, related_name="figures", verbose_name="CPTS", null=True, blank=True)

    source = models.CharField("source", max_length=300, help_text="Qui le dit, et où.")
    source_url = models.URLField("adresse de la source", max_length=400, blank=True)
    observed_on = models.DateField(
        "date du chiffre", validators=[past_day], help_text="Si la source ne donne qu’un mois ou une année, son premier jour."
    )
    period = models.CharField(
        "période",
        max_length=80,
        blank=True,
        help_text="Ce que les lecteurs lisent au lieu de la date\u00a0: «\u00a02025\u00a0», «\u00a0janvier 2023\u00a0».",
    )
    review_on = models.DateField(
        "à revoir le",
        validators=[near_day],
        help_text="Passé ce jour, l’équipe est prévenue et les lecteurs lisent que le chiffre est en relecture.",
    )
    note = models.CharField("remarque", max_length=300, blank=True, help_text="Pour les lecteurs\u00a0: ce que le chiffre ne dit pas.")

    published = models.BooleanField("publié", default=True, help_text="Décoché tant qu’il n’est pas confirmé.")
    featured = models.BooleanField("à la une", default=False, help_text="Montré à l’accueil.")
    position = models.PositiveSmallIntegerField("ordre", default=0)

    count_of = models.CharField(
        "compté par le portail", max_length=12, choices=CountOf, blank=True, help_text="Compté chaque nuit, pour signaler un écart."
    )
    counted_kind = models.ForeignKey(
        FacilityKind, models.PROTECT, related_name="+", verbose_name="type d’établissement compté", null=True, blank=True
    )
    counted = models.PositiveIntegerField("compte du portail", null=True, blank=True, editable=False)
    counted_at = models.DateTimeField("compté le", null=True, blank=True, editable=False)

    history = HistoricalRecords(verbose_name="version", excluded_fields=UNTOLD)
    objects = FigureQuerySet.as_manager()

    class Meta:
        verbose_name = "chiffre clé"
        verbose_name_plural = "chiffres clés"
        ordering = ["position", "title", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=at_level(FigureLevel.COMMUNE, commune=True)
                | at_level(FigureLevel.EPCI, epci=True)
                | at_level(FigureLevel.CPTS, cpts=True)
                | at_level(FigureLevel.DEPARTEMENT)
                | at_level(FigureLevel.REGION)
                | at_level(FigureLevel.NATION),
                name="figure_level_names_its_territory",
                violation_error_message="Choisissez le territoire du niveau (commune, intercommunalité ou CPTS), et aucun autre.",
            ),
            models.UniqueConstraint(
                fields=["code", "level", "commune", "epci", "cpts"],
                name="figure_once_a_territory",
                nulls_distinct=False,
                violation_error_message="Ce territoire a déjà un chiffre de ce code\u00a0: modifiez-le.",
            ),
            models.CheckConstraint(
                condition=Q(featured=False) | Q(published=True, value__isnull=False),
                name="figure_featured_is_published",
                violation_error_message="Un chiffre à la une est publié et a une valeur.",
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=True) | Q(value__gte=0),
                name="figure_value_is_positive",
                violation_error_message="Une valeur est positive ou nulle.",
            ),
            models.CheckConstraint(
                condition=Q(review_on__gt=F("observed_on")),
                name="figure_review_after_date",
                violation_error_message="La date de relecture vient après celle du chiffre.",
            ),
            models.CheckConstraint(
                condition=Q(count_of=CountOf.FACILITIES, counted_kind__isnull=False)
                | (~Q(count_of=CountOf.FACILITIES) & Q(counted_kind__isnull=True)),
                name="figure_counts_a_kind",
                violation_error_message="Pour compter des établissements, choisissez leur type\u00a0; sinon, laissez-le vide.",
            ),
            models.CheckConstraint(
                condition=Q(count_of="") | Q(level__in=COUNTED_LEVELS),
                name="figure_counted_in_vaucluse",
                violation_error_message="Le portail ne compte que dans le Vaucluse\u00a0: pas à l’échelle de la région ni du pays.",
            ),
        ]
        indexes = [
            models.Index(fields=["position"], name="figure_featured", condition=Q(featured=True)),
            models.Index(fields=["review_on"], name="figure_review"),
        ]

    def __str__(self):
        return f"{self.title} ({self.territory_name})"

    def get_absolute_url(self):
        return f"{address('territories:figures')}#{self.anchor}"

    @property
    def anchor(self):
        """Where the figure stands on the page of figures: its code, and the key of its territory unless it is the département."""
        return self.code if self.level == FigureLevel.DEPARTEMENT else f"{self.code}-{self.level}{getattr(self.territory, 'pk', '')}"

    @property
    def territory(self):
        """The commune, EPCI or CPTS that the figure is true of; None for the département, the region and the country."""
        return self.commune or self.epci or self.cpts

    @property
    def territory_name(self):
        """The name of the territory for readers."""
        wide = {FigureLevel.DEPARTEMENT: DEPARTMENT, FigureLevel.REGION: REGION, FigureLevel.NATION: NATION}
        return wide.get(self.level) or str(self.territory)

    @property
    def display(self):
        """The value as readers read it: « 9 millions », « 2 h 40 », « 1 222 », « plus de 500 », « deux tiers »."""
        if self.value is None:
            return NOT_PUBLISHED
        text = WRITERS[self.notation](self.value)
        return f"{self.get_qualifier_display()} {text}" if self.qualifier else text

    @property
    def dated(self):
        """The moment that the figure is true of: the period that the source gives, or else its date."""
        return self.period or french.date(self.observed_on)


def written_number(value):
    """Thousands apart; whole and tenths of millions in words."""
    if value >= MILLION and value % (MILLION // 10) == 0:
        millions = value / MILLION
        return f"{french.number(millions)}{french.NBSP}million{'s' if millions >= 2 else ''}"
    return french.number(value)


def written_minutes(value):
    """`160` → `2 h 40`; less than an hour in minutes."""
    hours, minutes = divmod(round(value), 60)
    if not hours:
        return f"{minutes}{french.NBSP}min"
    return f"{hours}{french.NBSP}h{french.NBSP}{minutes:02}" if minutes else f"{hours}{french.NBSP}h"


def written_fraction(value):
    """`0.6667` → `deux tiers`; what has no name of its own as `3/5`."""
    fraction = Fraction(value).limit_denominator(12)
    return FRACTIONS.get(fraction) or str(fraction)


WRITERS = {
    FigureNotation.NUMBER: written_number,
    FigureNotation.MINUTES: written_minutes,
    FigureNotation.PERCENT: french.percent,
    FigureNotation.FRACTION: written_fraction,
}
