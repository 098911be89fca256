"""Communes, their intercommunalités and outlines, and the professions that the territory welcomes."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models

from core.geography import Point
from core.links import address
from core.text_search import search_column
from territories.enums import PointPrecision
from territories.querysets import CommuneQuerySet


class Profession(models.Model):
    """A health profession that an offer, an event or an aid is meant for (source: mission M3)."""

    code = models.SlugField("code", unique=True)
    label = models.CharField("libellé", max_length=80, unique=True)
    position = models.PositiveSmallIntegerField("ordre", default=0)

    class Meta:
        verbose_name = "profession"
        ordering = ["position", "label"]

    def __str__(self):
        return self.label


class Epci(models.Model):
    """An intercommunalité (établissement public de coopération intercommunale), keyed on its SIREN.

    The point lies inside the part of Vaucluse: see `territories.importers.interior_point`.
    """

    siren = models.CharField("SIREN", max_length=9, unique=True)
    name = models.CharField("nom", max_length=120, help_text="Nom officiel, par exemple «\u00a0CC Ventoux Sud\u00a0».")
    slug = models.SlugField("adresse", max_length=120, unique=True)
    short_name = models.CharField("nom court", max_length=120)
    legal_form = models.CharField("nature", max_length=10, help_text="CC, CA, CU ou Métropole.")
    population = models.PositiveIntegerField("population", help_text="Habitants de toutes ses communes, y compris hors du Vaucluse.")
    latitude = models.FloatField("latitude", help_text="Point intérieur, degrés WGS84.")
    longitude = models.FloatField("longitude")
    area_km2 = models.FloatField("superficie en Vaucluse (km²)")
    search_vector = search_column("short_name", "name")

    class Meta:
        verbose_name = "intercommunalité"
        ordering = ["short_name"]
        indexes = [GinIndex("search_vector", name="epci_search")]

    def __str__(self):
        return self.short_name

    def get_absolute_url(self):
        return address("places:epci", self.slug)


class Commune(models.Model):
    """A commune of Vaucluse, keyed on its INSEE code. The point is the town hall."""

    insee = models.CharField("code INSEE", max_length=5, unique=True)
    name = models.CharField("nom", max_length=80)
    slug = models.SlugField("adresse", max_length=80, unique=True)
    search_name = models.CharField(
        "nom pour la recherche",
        max_length=80,
        help_text="Nom réduit par core.search.fold, article compris\u00a0: «\u00a0l isle sur la sorgue\u00a0».",
    )
    postal_codes = ArrayField(models.CharField(max_length=5), verbose_name="codes postaux", help_text="Le principal d’abord.")
    population = models.PositiveIntegerField("population municipale")
    area_km2 = models.FloatField("superficie (km²)")
    latitude = models.FloatField("latitude de la mairie")
    longitude = models.FloatField("longitude de la mairie")
    point_source = models.CharField("origine du point", max_length=20)
    reach_km = models.FloatField("portée (km)", help_text="De la mairie au point le plus éloigné du contour.")
    epci = models.ForeignKey(Epci, on_delete=models.PROTECT, related_name="communes", verbose_name="intercommunalité")

    cpts = models.ForeignKey(
        "territories.Cpts", on_delete=models.SET_NULL, related_name="communes", verbose_name="CPTS", null=True, blank=True
    )

    objects = CommuneQuerySet.as_manager()

    class Meta:
        verbose_name = "commune"
        ordering = ["name"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return address("places:commune", self.slug)

    @property
    def postal_code(self):
        return self.postal_codes[0]

    @property
    def point(self):
        """The town hall."""
        return Point(self.latitude, self.longitude)


class Outline(models.Model):
    """The limits of a territory, a GeoJSON geometry in WGS84, generalised.

    Kept apart from the territory itself, because lists read communes and EPCI by the dozen and
    never draw them: a page that does says `select_related("outline")`.
    """

    geometry = models.JSONField("géométrie", help_text="GeoJSON, degrés WGS84.")

    class Meta:
        abstract = True


class EpciOutline(Outline):
    """The limits of the part of an EPCI that lies in Vaucluse."""

    epci = models.OneToOneField(Epci, on_delete=models.CASCADE, primary_key=True, related_name="outline", verbose_name="intercommunalité")

    class Meta:
        verbose_name = "contour d’intercommunalité"
        verbose_name_plural = "contours d’intercommunalités"

    def __str__(self):
        return f"Contour\u00a0: {self.epci}"


class CommuneOutline(Outline):
    """The limits of a commune."""

    commune = models.OneToOneField(Commune, on_delete=models.CASCADE, primary_key=True, related_name="outline", verbose_name="commune")

    class Meta:
        verbose_name = "contour de commune"
        verbose_name_plural = "contours de communes"

    def __str__(self):
        return f"Contour\u00a0: {self.commune}"


class Placed(models.Model):
    """What stands at its own point in a `commune` or, for want of one, at its town hall."""

    address = models.CharField("adresse", max_length=160, blank=True, help_text="Numéro et rue, sans la commune.")
    postal_code = models.CharField(
        "code postal",
        max_length=5,
        blank=True,
        validators=[RegexValidator(r"^\d{5}$", "Un code postal compte cinq chiffres.")],
        help_text="Vide\u00a0: le code principal de la commune.",
    )
    latitude = models.FloatField("latitude", blank=True, validators=[MinValueValidator(-90), MaxValueValidator(90)])
    longitude = models.FloatField("longitude", blank=True, validators=[MinValueValidator(-180), MaxValueValidator(180)])
    point_precision = models.CharField(
        "précision du point",
        max_length=8,
        choices=PointPrecision,
        default=PointPrecision.COMMUNE,
        help_text="«\u00a0Dans la commune seulement\u00a0»\u00a0: le point est mis à la mairie, et la carte montre une zone.",
    )

    class Meta:
        abstract = True

    def clean(self):
        super().clean()
        if self.point_precision != PointPrecision.COMMUNE and (self.latitude is None or self.longitude is None):
            raise ValidationError({"latitude": "Placez le point, ou choisissez «\u00a0dans la commune seulement\u00a0»."})

    def stand_somewhere(self):
        """Without a point of its own it stands at the town hall."""
        if self.point_precision == PointPrecision.COMMUNE or self.latitude is None or self.longitude is None:
            self.point_precision = PointPrecision.COMMUNE
            self.latitude, self.longitude = self.commune.latitude, self.commune.longitude

    @property
    def point(self):
        """Where the map shows it: its own point, or the town hall of its commune."""
        return Point(self.latitude, self.longitude)
