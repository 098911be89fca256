"""The dwelling itself, and its photographs."""

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.text import slugify
from simple_history.models import HistoricalRecords

from core.days import YEARS
from core.enums import State
from core.geography import Point
from core.illustrated import Photo, told
from core.models import Announced
from core.text_search import search_column
from housing.enums import (
    Allowed,
    Audience,
    ChargesMode,
    DwellingKind,
    EnergyClass,
    Equipment,
    HostKind,
    Internet,
    Lease,
    Parking,
)
from housing.querysets import DwellingQuerySet
from housing.rows import dwelling_address
from territories.models import Commune, HealthFacility

COUNTED = ["published_at", "expires_at", "kind", "monthly_total", "latitude", "longitude", "commune", "places"]
"""What a search asks of every dwelling, kept inside the index that it walks."""

MOST_ENERGY = 99_999
"""Euros a year: more is a slip of the hand."""


def euros(label, **options):
    """An amount in euros, cents allowed, never negative."""
    highest = options.pop("highest", 10_000)
    validators = [
        MinValueValidator(0, "Un montant n’est pas négatif."),
        MaxValueValidator(highest, f"Ce montant dépasse {highest}\u00a0€."),
    ]
    return models.DecimalField(label, max_digits=7, decimal_places=2, null=True, blank=True, validators=validators, **options)


class Dwelling(Announced):
    """A dwelling, or several identical rooms of one residence (`places`). `latitude` and `longitude` are those that readers may know."""

    # NULL rather than empty: drafts have no reference yet, and only NULL may repeat in a unique column.
    reference = models.CharField("référence", max_length=20, unique=True, editable=False, null=True)  # noqa: DJ001
    kind = models.CharField("type", max_length=10, choices=DwellingKind)
    host_kind = models.CharField("proposé par", max_length=10, choices=HostKind, default=HostKind.PRIVATE)
    organisation = models.CharField(
        "nom public de l’organisme", max_length=120, blank=True, help_text="Vide pour un particulier\u00a0: son nom n’est jamais publié."
    )
    facility = models.ForeignKey(
        HealthFacility, models.SET_NULL, verbose_name="établissement de l’annuaire", related_name="+", null=True, blank=True
    )
    slug = models.SlugField("adresse de la page", max_length=80, editable=False, default="logement")
    title = models.CharField("titre", max_length=120, help_text="Par exemple «\u00a0Chambre calme à Sault\u00a0».")
    description = models.TextField("le mot de l’hôte", blank=True, max_length=4000, help_text="Ni nom, ni adresse, ni téléphone.")

    # Where
    commune = models.ForeignKey(Commune, models.PROTECT, verbose_name="commune", related_name="+", null=True, blank=True)
    address = models.CharField("adresse", max_length=160, blank=True, help_text="Numéro et rue. Jamais publiée.")
    exact_latitude = models.FloatField(
        "latitude exacte", null=True, blank=True, validators=[MinValueValidator(-90), MaxValueValidator(90)], help_text="Jamais publiée."
    )
    exact_longitude = models.FloatField(
        "longitude exacte", null=True, blank=True, validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )
    offset_north_m = models.FloatField(null=True, editable=False)
    offset_east_m = models.FloatField(null=True, editable=False)
    latitude = models.FloatField("latitude montrée", null=True, blank=True, editable=False)
    longitude = models.FloatField("longitude montrée", null=True, blank=True, editable=False)
    radius_km = models.FloatField("rayon de la zone (km)", default=0, editable=False)

    # What
    places = models.PositiveSmallIntegerField(
        "chambres identiques",
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(200)],
        help_text="Un internat en a plusieurs.",
    )
    capacity = models.PositiveSmallIntegerField(
        "personnes par logement ou par chambre", default=1, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )
    room_count = models.PositiveSmallIntegerField("pièces", null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(30)])
    living_area_m2 = models.DecimalField(
        "surface habitable (m²)",
        max_digits=5,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.1"), "Une surface est positive."), MaxValueValidator(2000)],
    )
    is_furnished = models.BooleanField("meublé", default=True)
    equipment = ArrayField(models.CharField(max_length=20, choices=Equipment), verbose_name="équipements", default=list, blank=True)
    internet = models.CharField("accès à internet", max_length=5, choices=Internet, blank=True, default=Internet.UNKNOWN)
    parking = models.CharField("stationnement", max_length=8, choices=Parking, blank=True, default=Parking.UNKNOWN)
    step_free = models.BooleanField("accès de plain-pied ou par ascenseur", default=False)
    car_needed = models.BooleanField("voiture indispensable", default=False)
    other_occupants = models.PositiveSmallIntegerField(
        "autres personnes dans le logement",
        null=True,
        blank=True,
        validators=[MaxValueValidator(100)],
        help_text="Un nombre seulement.",
    )

    # Rules
    pets = models.CharField("animaux", max_length=4, choices=Allowed, blank=True, default=Allowed.UNKNOWN)
    smoking = models.CharField("fumer à l’intérieur", max_length=4, choices=Allowed, blank=True, default=Allowed.UNKNOWN)
    visitors = models.CharField("visites", max_length=4, choices=Allowed, blank=True, default=Allowed.UNKNOWN)
    rules_note = models.CharField("autres règles", max_length=300, blank=True)
    audience = ArrayField(models.CharField(max_length=15, choices=Audience), verbose_name="pour", default=list, blank=True)
    min_stay_days = models.PositiveSmallIntegerField(
        "séjour minimum (jours)", null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(1100)]
    )
    max_stay_days = models.PositiveSmallIntegerField(
        "séjour maximum (jours)", null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(1100)]
    )

    # On what terms (LOG-01, LOG-05)
    lease = models.CharField("forme de la location", max_length=12, choices=Lease, blank=True)
    rent = euros("loyer mensuel hors charges (€)", help_text="0 pour un hébergement gratuit.")
    charges = euros("charges mensuelles (€)")
    charges_mode = models.CharField("mode des charges", max_length=10, choices=ChargesMode, blank=True)
    deposit = euros("dépôt de garantie (€)", help_text="0 s’il n’y en a pas.")
    agency_fee = euros("honoraires à la charge du locataire (€)", help_text="0 s’il n’y en a pas.")
    inventory_fee = euros("dont honoraires d’état des lieux (€)", help_text="0 s’il n’y en a pas.")
    monthly_total = models.GeneratedField(
        expression=F("rent") + F("charges"), output_field=models.DecimalField(max_digits=8, decimal_places=2, null=True), db_persist=True
    )
    right_to_let = models.BooleanField(
        "a le droit de louer ou de sous-louer",
        default=False,
        help_text="Attesté par l’hôte\u00a0; sous-louer exige l’accord écrit du bailleur.",
    )

    charter_accepted_at = models.DateTimeField("charte acceptée le", null=True, blank=True, editable=False)

    # Energy (LOG-02, LOG-03)
    energy_class = models.CharField("classe énergie", max_length=6, choices=EnergyClass, blank=True)
    climate_class = models.CharField("classe climat", max_length=6, choices=EnergyClass, blank=True)
    energy_exempt_reason = models.CharField("pourquoi sans diagnostic", max_length=160, blank=True)
    energy_cost_min = models.PositiveIntegerField(
        "dépenses d’énergie par an, de (€)", null=True, blank=True, validators=[MaxValueValidator(MOST_ENERGY)]
    )
    energy_cost_max = models.PositiveIntegerField("à (€)", null=True, blank=True, validators=[MaxValueValidator(MOST_ENERGY)])
    energy_price_year = models.PositiveSmallIntegerField(
        "année des prix", null=True, blank=True, validators=[MinValueValidator(YEARS[0]), MaxValueValidator(YEARS[-1])]
    )
    energy_diagnosed_on = models.DateField("date du diagnostic", null=True, blank=True)

    # Search
    search_text = models.TextField(editable=False, default="", blank=True)
    search_vector = search_column("title", "search_text")

    history = HistoricalRecords(
        verbose_name="version",
        # What is derived, and what is private: the contact and the exact place are kept once, where they can be erased.
        excluded_fields=[
            *("search_text", "search_vector", "monthly_total", "contact_name", "contact_email", "contact_phone", "link_key"),
            *("contact_confirmed_at", "address", "exact_latitude", "exact_longitude", "offset_north_m", "offset_east_m"),
            *("facility", "by_publisher", "submitted_at", "charter_accepted_at"),
        ],
    )
    objects = DwellingQuerySet.as_manager()

    class Meta:
        verbose_name = "annonce de logement"
        verbose_name_plural = "annonces de logement"
        ordering = ["-confirmed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(exact_latitude__isnull=True, exact_longitude__isnull=True)
                | Q(
                    exact_latitude__isnull=False,
                    exact_longitude__isnull=False,
                    exact_latitude__range=(-90, 90),
                    exact_longitude__range=(-180, 180),
                ),
                name="dwelling_point_is_complete",
                violation_error_message="Un point a une latitude et une longitude.",
            ),
            models.CheckConstraint(
                condition=Q(places__range=(1, 200)),
                name="dwelling_has_places",
                violation_error_message="Le nombre de chambres identiques va de 1 à 200.",
            ),
            models.CheckConstraint(
                condition=Q(min_stay_days__isnull=True) | Q(max_stay_days__isnull=True) | Q(max_stay_days__gte=F("min_stay_days")),
                name="dwelling_stay_range",
                violation_error_message="Le séjour maximum est plus court que le minimum.",
            ),
            models.CheckConstraint(
                condition=Q(energy_cost_min__isnull=True) | Q(energy_cost_max__isnull=True) | Q(energy_cost_max__gte=F("energy_cost_min")),
                name="dwelling_energy_cost_range",
                violation_error_message="La dépense d’énergie maximale est inférieure à la minimale.",
            ),
            models.CheckConstraint(
                condition=~Q(lease=Lease.MOBILITY) | Q(deposit__isnull=True) | Q(deposit=0),
                name="dwelling_mobility_without_deposit",
                violation_error_message="Un bail mobilité est sans dépôt de garantie\u00a0: mettez 0.",
            ),
            models.CheckConstraint(
                condition=~Q(lease=Lease.FREE) | Q(rent__isnull=True) | Q(rent=0),
                name="dwelling_free_has_no_rent",
                violation_error_message="Un hébergement gratuit a un loyer de 0.",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.PUBLISHED)
                | Q(
                    commune__isnull=False,
                    latitude__isnull=False,
                    longitude__isnull=False,
                    rent__isnull=False,
                    charges__isnull=False,
                    deposit__isnull=False,
                    living_area_m2__isnull=False,
                    inventory_fee__isnull=False,
                    right_to_let=True,
                    published_at__isnull=False,
                    expires_at__isnull=False,
                    confirmed_at__isnull=False,
                ),
                name="dwelling_published_is_lawful",
                violation_error_message="Une annonce publiée a un lieu, un loyer, des charges, un dépôt, une surface et une expiration.",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.PUBLISHED) | ~Q(energy_class="") & ~Q(energy_class=EnergyClass.G),
                name="dwelling_published_has_energy_class",
                violation_error_message="La classe énergie est obligatoire, et un logement classé G ne se loue plus.",
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(expires_at__isnull=True) | Q(expires_at__gt=F("published_at")),
                name="dwelling_expires_after_publication",
                violation_error_message="L’expiration vient avant la publication.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=State.values), name="dwelling_state_known", violation_error_message="Cet état n’existe pas."
            ),
        ]
        indexes = [
            models.Index(
                F("confirmed_at").desc(), F("id").desc(), name="dwelling_fresh", condition=Q(state=State.PUBLISHED), include=COUNTED
            ),
            models.Index(fields=["monthly_total"], name="dwelling_rent", condition=Q(state=State.PUBLISHED)),
            models.Index(fields=["commune"], name="dwelling_commune", condition=Q(state=State.PUBLISHED)),
            models.Index(fields=["latitude", "longitude"], name="dwelling_point", condition=Q(state=State.PUBLISHED)),
            models.Index(fields=["expires_at"], name="dwelling_expires", condition=Q(state=State.PUBLISHED)),
            models.Index(fields=["state", "-updated_at"], name="dwelling_state"),
            models.Index(fields=["-updated_at"], name="dwelling_updated"),
            models.Index(fields=["exact_latitude", "exact_longitude"], name="dwelling_exact_point"),
            GinIndex("search_vector", name="dwelling_search"),
        ]

    def __str__(self):
        return f"{self.reference or 'sans référence'} · {self.title}"

    def save(self, *args, **kwargs):
        words = self.title.replace("’", " ").replace("'", " ").replace("œ", "oe").replace("Œ", "Oe")
        self.slug = slugify(words)[:80].strip("-") or "logement"
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return dwelling_address(self.pk, self.slug)

    @property
    def point(self):
        """The point that readers are shown, or None."""
        return None if self.latitude is None else Point(self.latitude, self.longitude)

    @property
    def exact_point(self):
        """Where it is, for the host, the team and whoever has a confirmed stay there; or None."""
        return None if self.exact_latitude is None else Point(self.exact_latitude, self.exact_longitude)


def year_reference(year, number):
    """The public reference of a dwelling: `LOG-2026-0042`."""
    return f"LOG-{year}-{number:04d}"


class DwellingPhoto(Photo):
    """A photograph of a dwelling."""

    dwelling = models.ForeignKey(Dwelling, models.CASCADE, related_name="photos")
    image = models.ImageField("photographie", upload_to="logements/", width_field="width", height_field="height")

    class Meta(Photo.Meta):
        constraints = [told("dwelling_photo_has_text")]
