"""The offer itself."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.text import slugify
from simple_history.models import HistoricalRecords

from core.geography import Point
from core.models import Announced
from core.text_search import search_column
from opportunities.enums import (
    DutyRota,
    HalfDay,
    HomeVisits,
    LocationPrecision,
    PublisherKind,
    SalaryPeriod,
    Secretary,
    State,
    TariffSector,
)
from opportunities.models.kinds import OpportunityKind, PracticeSetting
from opportunities.querysets import OpportunityQuerySet
from opportunities.rows import offer_address
from territories.models import Commune, HealthFacility, Profession


def year_reference(year, number):
    """The public reference of an offer: `VSA-2026-0042`."""
    return f"VSA-{year}-{number:04d}"


def valid_share():
    return [MinValueValidator(0, "Une part va de 0 à 100, en pour cent."), MaxValueValidator(100, "Une part va de 0 à 100, en pour cent.")]


COUNTED = ["published_at", "expires_at", "lodging", "fee_share", "starts_on", "ends_on"]
"""What filters ask, kept inside the indexes of freshness: a search is counted without reading its offers."""


class Opportunity(Announced):
    """An offer of practice. The point, the commune list and the search text are those that readers may know."""

    # NULL rather than empty: drafts have no reference yet, and only NULL may repeat in a unique column.
    reference = models.CharField("référence", max_length=20, unique=True, editable=False, null=True)  # noqa: DJ001
    kind = models.ForeignKey(OpportunityKind, on_delete=models.PROTECT, verbose_name="type d’offre", related_name="opportunities")
    profession = models.ForeignKey(Profession, on_delete=models.PROTECT, verbose_name="profession", related_name="+")
    setting = models.ForeignKey(
        PracticeSetting, on_delete=models.PROTECT, verbose_name="cadre d’exercice", related_name="+", null=True, blank=True
    )
    slug = models.SlugField("adresse", max_length=80, editable=False, default="offre")
    title = models.CharField("titre", max_length=120, help_text="Ce qu’un médecin lirait d’abord : « Tous les jeudis à Sault ».")
    summary = models.CharField("en une phrase", max_length=220, blank=True)
    description = models.TextField(
        "le mot du cabinet",
        blank=True,
        max_length=6000,
        help_text="L’équipe, une journée, ce qui vous plaît ici. Aucune donnée de patient.",
    )

    # Where
    commune = models.ForeignKey(Commune, on_delete=models.PROTECT, verbose_name="commune", related_name="+", null=True, blank=True)
    location_precision = models.CharField("précision du lieu", max_length=8, choices=LocationPrecision, default=LocationPrecision.COMMUNE)
    workplace = models.CharField("nom du lieu", max_length=120, blank=True, help_text="Montré seulement à l’adresse exacte.")
    address = models.CharField("adresse", max_length=160, blank=True, help_text="Numéro et rue, montrés seulement à l’adresse exacte.")
    latitude = models.FloatField("latitude", null=True, blank=True, validators=[MinValueValidator(-90), MaxValueValidator(90)])
    longitude = models.FloatField("longitude", null=True, blank=True, validators=[MinValueValidator(-180), MaxValueValidator(180)])
    radius_km = models.FloatField("rayon de la zone (km)", default=0, editable=False)
    commune_ids = ArrayField(models.BigIntegerField(), default=list, editable=False, verbose_name="communes de recherche")
    other_commune_ids = ArrayField(models.BigIntegerField(), default=list, editable=False, verbose_name="communes des autres lieux")

    is_confidential = models.BooleanField(
        "confidentielle",
        default=False,
        help_text="Lieu à l’intercommunalité, tout contact par l’équipe, texte approuvé par l’annonceur avant publication.",
    )
    text_agreed = models.CharField("texte approuvé", max_length=40, blank=True, editable=False)

    # When
    starts_on = models.DateField("début", null=True, blank=True)
    ends_on = models.DateField("fin", null=True, blank=True)
    flexible_start = models.BooleanField("date souple", default=False, help_text="Sans date : « dès que possible ».")
    partial_coverage = models.BooleanField("couverture partielle possible", default=False)
    days_per_week = models.DecimalField(
        "jours par semaine",
        max_digits=2,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(0.5), MaxValueValidator(6)],
    )
    half_days = ArrayField(models.SmallIntegerField(choices=HalfDay), verbose_name="demi-journées", default=list, blank=True)

    # On what terms
    fee_share = models.DecimalField(
        "part des honoraires (%)",
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=valid_share(),
        help_text="Part reversée au médecin qui vient. Pour une collaboration : 100 moins la redevance.",
    )
    salary_min = models.PositiveIntegerField("salaire, de (€)", null=True, blank=True)
    salary_max = models.PositiveIntegerField("à (€)", null=True, blank=True)
    salary_period = models.CharField("période", max_length=6, choices=SalaryPeriod, blank=True)
    price = models.PositiveIntegerField(
        "montant de la reprise (€)",
        null=True,
        blank=True,
        help_text="Matériel, parts, droit de présentation. Facultatif ; jamais un prix par patient (DEO-02).",
    )
    monthly_charges = models.PositiveIntegerField("charges mensuelles (€)", null=True, blank=True)
    terms_note = models.CharField("précision sur les conditions", max_length=200, blank=True)

    # The practice
    patients_per_day = models.PositiveSmallIntegerField("patients par jour", null=True, blank=True, validators=[MaxValueValidator(100)])
    patient_list = models.PositiveIntegerField(
        "patientèle (patients médecin traitant)", null=True, blank=True, validators=[MaxValueValidator(20000)]
    )
    tariff_sector = models.CharField("secteur conventionnel", max_length=15, choices=TariffSector, blank=True)
    software = models.CharField("logiciel", max_length=80, blank=True)
    secretary = models.CharField("secrétariat", max_length=8, choices=Secretary, blank=True)
    home_visits = models.CharField("visites à domicile", max_length=8, choices=HomeVisits, blank=True)
    duty_rota = models.CharField("gardes (PDSA)", max_length=8, choices=DutyRota, blank=True)
    duty_note = models.CharField("précision sur les gardes", max_length=120, blank=True)
    team = models.CharField("équipe autour", max_length=200, blank=True)
    equipment = models.CharField("plateau technique", max_length=200, blank=True)
    lodging = models.BooleanField("logement possible", default=False)
    lodging_note = models.CharField("précision sur le logement", max_length=160, blank=True)
    msu_on_site = models.BooleanField("maître de stage universitaire sur place", default=False)
    retired_active_welcome = models.BooleanField("médecin retraité actif bienvenu", default=False)

    # Who publishes
    publisher_kind = models.CharField("publiée par", max_length=15, choices=PublisherKind, default=PublisherKind.PRACTICE)
    organisation = models.CharField(
        "nom public de l’organisme", max_length=120, blank=True, help_text="Vide : l’annonceur reste discret, l’équipe le connaît."
    )
    facility = models.ForeignKey(
        HealthFacility,
        on_delete=models.SET_NULL,
        verbose_name="établissement de l’annuaire",
        related_name="+",
        null=True,
        blank=True,
        help_text="Sa page est proposée aux lecteurs, sauf quand la commune reste discrète.",
    )

    # Search
    search_text = models.TextField(editable=False, default="", blank=True)
    search_vector = search_column("title", "search_text")

    history = HistoricalRecords(
        verbose_name="version",
        # What is derived, and the contact: a person's data are kept once, where they can be erased.
        excluded_fields=[
            *("search_text", "search_vector", "commune_ids", "other_commune_ids", "radius_km"),
            *("contact_name", "contact_email", "contact_phone", "link_key", "contact_confirmed_at"),
            *("facility", "by_publisher", "submitted_at"),
        ],
    )
    objects = OpportunityQuerySet.as_manager()

    class Meta:
        verbose_name = "offre d’exercice"
        verbose_name_plural = "offres d’exercice"
        ordering = ["-confirmed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_confidential=False) | Q(location_precision=LocationPrecision.EPCI, organisation="", facility__isnull=True),
                name="opportunity_confidential_names_nobody",
                violation_error_message="Une offre confidentielle s’arrête à l’intercommunalité, sans organisme ni établissement.",
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="opportunity_end_after_start",
                violation_error_message="La date de fin vient avant la date de début.",
            ),
            models.CheckConstraint(
                condition=Q(fee_share__isnull=True) | Q(fee_share__range=(0, 100)),
                name="opportunity_fee_share_is_percentage",
                violation_error_message="La part des honoraires va de 0 à 100, en pour cent.",
            ),
            models.CheckConstraint(
                condition=Q(salary_min__isnull=True) | Q(salary_max__isnull=True) | Q(salary_max__gte=F("salary_min")),
                name="opportunity_salary_range",
                violation_error_message="Le salaire maximum est inférieur au minimum.",
            ),
            models.CheckConstraint(
                condition=Q(salary_min__isnull=True, salary_max__isnull=True) | ~Q(salary_period=""),
                name="opportunity_salary_has_period",
                violation_error_message="Un salaire s’entend par mois, par an ou par jour : choisissez la période.",
            ),
            models.CheckConstraint(
                condition=Q(days_per_week__isnull=True) | Q(days_per_week__gt=0, days_per_week__lte=6),
                name="opportunity_days_per_week",
                violation_error_message="Le nombre de jours par semaine va d’une demi-journée à 6 jours.",
            ),
            models.CheckConstraint(
                # Said twice: a comparison with NULL is neither true nor false, and a check constraint lets it pass.
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__isnull=False, longitude__isnull=False, latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="opportunity_point_is_complete",
                violation_error_message="Un point a une latitude et une longitude.",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.PUBLISHED)
                | Q(
                    commune__isnull=False,
                    latitude__isnull=False,
                    published_at__isnull=False,
                    expires_at__isnull=False,
                    confirmed_at__isnull=False,
                ),
                name="opportunity_published_has_place_and_expiry",
                violation_error_message="Une offre publiée a un lieu, une date de confirmation et une date d’expiration.",
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(expires_at__isnull=True) | Q(expires_at__gt=F("published_at")),
                name="opportunity_expires_after_publication",
                violation_error_message="L’expiration vient avant la publication.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=State.values), name="opportunity_state_known", violation_error_message="Cet état n’existe pas."
            ),
        ]
        indexes = [
            models.Index(
                F("confirmed_at").desc(),
                F("id").desc(),
                name="opp_fresh",
                condition=Q(state=State.PUBLISHED),
                include=[*COUNTED, "latitude", "longitude", "commune_ids", "other_commune_ids"],
            ),
            models.Index(F("published_at").desc(), F("id").desc(), name="opp_published", condition=Q(state=State.PUBLISHED)),
            models.Index(
                F("kind"),
                F("confirmed_at").desc(),
                F("id").desc(),
                name="opp_kind_fresh",
                condition=Q(state=State.PUBLISHED),
                include=COUNTED,
            ),
            models.Index(F("starts_on").asc(nulls_last=True), F("id").desc(), name="opp_starts", condition=Q(state=State.PUBLISHED)),
            models.Index(
                fields=["latitude", "longitude"],
                include=["published_at", "expires_at"],
                name="opp_point",
                condition=Q(state=State.PUBLISHED),
            ),
            models.Index(fields=["expires_at"], name="opp_expires", condition=Q(state=State.PUBLISHED)),
            models.Index(fields=["state", "-updated_at"], name="opp_state"),
            models.Index(fields=["-updated_at"], name="opp_updated"),
            GinIndex("search_vector", name="opp_search"),
            GinIndex("commune_ids", name="opp_communes"),
            GinIndex("half_days", name="opp_half_days"),
        ]

    def __str__(self):
        return f"{self.reference or 'sans référence'} · {self.title}"

    def save(self, *args, **kwargs):
        words = self.title.replace("’", " ").replace("'", " ").replace("œ", "oe").replace("Œ", "Oe")
        self.slug = slugify(words)[:80].strip("-") or "offre"
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return offer_address(self.pk, self.slug)

    @property
    def point(self):
        """The point that readers are shown, or None."""
        return None if self.latitude is None else Point(self.latitude, self.longitude)
