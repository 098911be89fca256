"""Care in the territory: health facilities and their kinds, CPTS, zonings."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.text import slugify
from simple_history.models import HistoricalRecords

from core.days import past_day
from core.links import address
from core.models import Dated, MarkedKind
from core.text_search import search_column
from core.validators import phone_number
from territories.enums import AUTHORITIES, ZONES, FacilityStatus, PointPrecision, SchemaType, Service, Zone, ZoningScheme
from territories.models.places import Commune, Placed
from territories.querysets import CptsQuerySet, FacilityQuerySet, ZoningQuerySet
from territories.rows import facility_address, source_text


class Sourced(models.Model):
    """Where a fact comes from and at what date it was true."""

    source = models.CharField("source", max_length=200, blank=True, help_text="Qui le dit\u00a0: «\u00a0SAE 2023 (DREES)\u00a0».")
    source_url = models.URLField("adresse de la source", max_length=300, blank=True)
    source_date = models.DateField(
        "date de la source", validators=[past_day], null=True, blank=True, help_text="La date à laquelle le fait était vrai."
    )

    class Meta:
        abstract = True

    @property
    def source_text(self):
        """The source for readers, with its date."""
        return source_text(self.source, self.source_date)


class Kept(models.Model):
    """A row that imports bring up to date, except for the fields that staff have changed by hand.

    The admin writes the names of those fields; `territories.importers` leaves them as they are and says so.
    """

    kept_fields = ArrayField(
        models.CharField(max_length=40), verbose_name="champs tenus par l’équipe", default=list, blank=True, editable=False
    )

    class Meta:
        abstract = True

    def keep(self, names):
        """Take over these fields from the imports; the row is saved by the caller."""
        self.kept_fields = sorted({*self.kept_fields, *names})


class FacilityKind(MarkedKind, Dated):
    """A kind of health facility (mission M51, M75, M76, M101): a layer of the map."""

    plural_label = models.CharField("libellé au pluriel", max_length=70, help_text="Pour les titres et les décomptes.")
    schema_type = models.CharField("type schema.org", max_length=20, choices=SchemaType, default=SchemaType.ORGANIZATION)
    itinerant = models.BooleanField(
        "itinérant", default=False, help_text="La fiche montre le secteur parcouru et les horaires de passage plutôt qu’une adresse."
    )
    finess_categories = ArrayField(
        models.CharField(max_length=3),
        verbose_name="catégories FINESS",
        default=list,
        blank=True,
        help_text="Codes à trois chiffres, séparés par des virgules, que l’import FINESS range sous ce type.",
    )

    history = HistoricalRecords(verbose_name="version")

    class Meta(MarkedKind.Meta):
        verbose_name = "type d’établissement"
        verbose_name_plural = "types d’établissement"


class Cpts(Sourced, Kept, Dated):
    """A communauté professionnelle territoriale de santé: carers of a territory under a contract with the ARS and the CPAM."""

    name = models.CharField("nom", max_length=120, unique=True)
    short_name = models.CharField("nom court", max_length=80, help_text="Pour les listes, sans «\u00a0CPTS\u00a0».")
    slug = models.SlugField(
        "adresse", max_length=80, unique=True, help_text="Fin de l’adresse de la page\u00a0; ne la changez plus ensuite."
    )
    website = models.URLField("site", max_length=300, blank=True)
    email = models.EmailField("courriel", blank=True)
    phone = models.CharField("téléphone", max_length=30, blank=True, validators=[phone_number])
    mission = models.TextField("mission", max_length=4000, blank=True, help_text="Ce qu’elle fait, un paragraphe par idée.")
    outside_note = models.CharField(
        "hors du Vaucluse", max_length=200, blank=True, help_text="Ce que son territoire a de plus, dans un autre département."
    )
    staff_note = models.TextField("note interne", max_length=2000, blank=True, help_text="Jamais publiée.")
    search_vector = search_column("name", "mission", "outside_note")

    history = HistoricalRecords(verbose_name="version", excluded_fields=["created_at", "updated_at", "search_vector"])
    objects = CptsQuerySet.as_manager()

    class Meta:
        verbose_name = "CPTS"
        verbose_name_plural = "CPTS"
        ordering = ["short_name"]
        indexes = [GinIndex("search_vector", name="cpts_search")]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return address("places:cpts", self.slug)


class HealthFacility(Placed, Sourced, Kept, Dated):
    """A place of care, or of practice, of the territory. One row a place: services are fields, not rows of their own."""

    kind = models.ForeignKey(FacilityKind, on_delete=models.PROTECT, related_name="facilities", verbose_name="type")
    name = models.CharField("nom", max_length=160)
    slug = models.SlugField("adresse de la page", max_length=80, editable=False, default="etablissement")
    # NULL rather than empty: only NULL may repeat in a unique column.
    finess = models.CharField(
        "numéro FINESS",
        max_length=9,
        unique=True,
        null=True,
        blank=True,
        validators=[RegexValidator(r"^\d[\dAB]\d{7}$", "Un numéro FINESS compte neuf caractères, par exemple 840001861.")],
        help_text="De l’établissement (ET). Vide s’il n’en a pas ou si on l’ignore.",
    )
    code = models.SlugField(
        "code de référence",
        max_length=60,
        unique=True,
        null=True,
        blank=True,
        editable=False,
        help_text="Clé stable d’un établissement des fichiers de référence qui n’a pas de numéro FINESS.",
    )
    status = models.CharField("statut", max_length=12, choices=FacilityStatus, blank=True)

    # Services
    emergency = models.BooleanField("service d’urgences", default=False)
    smur = models.BooleanField("SMUR", default=False, help_text="Structure mobile d’urgence et de réanimation.")
    maternity = models.BooleanField("maternité", default=False)
    psychiatry = models.BooleanField("santé mentale", default=False)
    beds = models.PositiveIntegerField(
        "lits de médecine, chirurgie, obstétrique", null=True, blank=True, validators=[MaxValueValidator(20000)], help_text="Lits MCO."
    )
    equipment = models.TextField(
        "plateau technique", max_length=2000, blank=True, help_text="Imagerie, bloc, laboratoire… une idée par ligne."
    )
    description = models.TextField("présentation", max_length=4000, blank=True)

    # Where
    commune = models.ForeignKey(Commune, on_delete=models.PROTECT, related_name="facilities", verbose_name="commune")
    area = models.CharField("secteur parcouru", max_length=200, blank=True, help_text="Pour un service itinérant.")
    timetable = models.TextField(
        "horaires", max_length=2000, blank=True, help_text="Jours et lieux de passage\u00a0; vide si on les ignore."
    )

    # How to reach it
    website = models.URLField("site", max_length=300, blank=True)
    phone = models.CharField("téléphone", max_length=30, blank=True, validators=[phone_number])
    email = models.EmailField("courriel public", blank=True)

    # Life
    is_open = models.BooleanField(
        "ouvert", default=True, help_text="Décoché\u00a0: fermé, ou ouverture pas encore vérifiée\u00a0; l’établissement n’est plus montré."
    )
    verified_on = models.DateField(
        "vérifié le", validators=[past_day], null=True, blank=True, help_text="Le jour où l’équipe s’est assurée de la fiche."
    )
    staff_note = models.TextField("note interne", max_length=2000, blank=True, help_text="Jamais publiée\u00a0: ce qui reste à vérifier.")
    is_demo = models.BooleanField("démonstration", default=False, help_text="Établissement inventé, marqué «\u00a0exemple\u00a0» partout.")

    # Search
    search_text = models.TextField(editable=False, default="", blank=True)
    """Kind, commune and services in words: what the row is also found by (`public_words`)."""
    search_vector = search_column("name", "search_text", "address", "area", "equipment", "description")

    history = HistoricalRecords(
        verbose_name="version", excluded_fields=["created_at", "updated_at", "slug", "search_text", "search_vector"]
    )
    objects = FacilityQuerySet.as_manager()

    class Meta:
        verbose_name = "établissement"
        verbose_name_plural = "établissements"
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="facility_point_on_earth",
                violation_error_message="Une latitude va de -90 à 90, une longitude de -180 à 180.",
            ),
            models.CheckConstraint(
                condition=Q(point_precision__in=PointPrecision.values),
                name="facility_precision_known",
                violation_error_message="Cette précision n’existe pas.",
            ),
            models.CheckConstraint(
                condition=Q(source_date__isnull=True) | ~Q(source=""),
                name="facility_date_has_source",
                violation_error_message="Une date de source demande une source.",
            ),
            models.CheckConstraint(
                condition=Q(is_demo=False) | Q(finess__isnull=True),
                name="facility_demo_has_no_finess",
                violation_error_message="Un établissement inventé n’a pas de numéro FINESS.",
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "name"], name="facility_kind", condition=Q(is_open=True)),
            models.Index(fields=["name", "id"], name="facility_name", condition=Q(is_open=True)),
            models.Index(fields=["latitude", "longitude"], name="facility_point", condition=Q(is_open=True)),
            models.Index(fields=["source_date"], name="facility_source_date"),
            GinIndex("search_vector", name="facility_search"),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.complete()
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return facility_address(self.pk, self.slug)

    def complete(self):
        """Fill in what follows from the other fields; for `bulk_create`, which does not call `save`."""
        self.slug = slugify(self.name.replace("’", " ").replace("'", " "))[:80].strip("-") or "etablissement"
        self.finess, self.code = self.finess or None, self.code or None
        self.search_text = self.public_words()
        self.stand_somewhere()

    def public_words(self):
        """What it is called and where it is, besides its own columns."""
        services = [label for name, label in Service.choices if getattr(self, name)]
        codes = [self.postal_code, *self.commune.postal_codes, "CH" if self.name.startswith("Centre hospitalier") else ""]
        return " ".join([self.kind.label, self.kind.plural_label, self.commune.name, *codes, self.finess or "", *services])


class Zoning(Sourced, Kept, Dated):
    """The zone that a commune lies in, by one scheme. A zone not confirmed is never told to readers: see `text`."""

    commune = models.ForeignKey(Commune, on_delete=models.CASCADE, related_name="zonings", verbose_name="commune")
    scheme = models.CharField("zonage", max_length=3, choices=ZoningScheme)
    zone = models.CharField("zone", max_length=15, choices=Zone)
    confirmed = models.BooleanField(
        "confirmé",
        default=False,
        help_text="Coché après lecture de l’arrêté ou de la liste officielle. "
        "Décoché, les visiteurs lisent «\u00a0à confirmer auprès de l’ARS\u00a0».",
    )
    note = models.CharField("précision", max_length=300, blank=True)

    history = HistoricalRecords(verbose_name="version", excluded_fields=["created_at", "updated_at"])
    objects = ZoningQuerySet.as_manager()

    class Meta:
        verbose_name = "zonage"
        ordering = ["commune__name", "scheme"]
        constraints = [
            models.UniqueConstraint(
                fields=["commune", "scheme"],
                name="zoning_once_a_scheme",
                violation_error_message="Cette commune a déjà une ligne pour ce zonage\u00a0: modifiez-la.",
            ),
            models.CheckConstraint(
                condition=Q(scheme="gp", zone__in=ZONES[ZoningScheme.GP]) | Q(scheme="frr", zone__in=ZONES[ZoningScheme.FRR]),
                name="zoning_zone_of_its_scheme",
                violation_error_message="Cette zone n’est pas de ce zonage\u00a0: ZIP, ZAC et hors zonage pour l’ARS, les autres pour FRR.",
            ),
            models.CheckConstraint(
                condition=Q(confirmed=False) | (~Q(source="") & Q(source_date__isnull=False)),
                name="zoning_confirmed_has_source",
                violation_error_message="Un zonage confirmé a une source et une date.",
            ),
        ]
        indexes = [models.Index(fields=["scheme", "confirmed", "zone"], name="zoning_lookup")]

    def __str__(self):
        return f"{self.commune}\u00a0: {self.get_scheme_display()}"

    @property
    def text(self):
        """What readers are told: the zone once confirmed, else whom to ask."""
        return self.get_zone_display() if self.confirmed else AUTHORITIES[self.scheme]
