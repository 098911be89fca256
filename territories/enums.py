"""Closed lists of the territory: how facilities stand, how sure their point is, the zonings of a commune, key figures."""

from django.db import models


class FacilityStatus(models.TextChoices):
    """Legal status of a facility, as FINESS groups them."""

    PUBLIC = "public", "public"
    NON_PROFIT = "non_profit", "privé à but non lucratif"
    PRIVATE = "private", "privé"


class PointPrecision(models.TextChoices):
    """How sure the point of a facility is. `COMMUNE` always stands at the town hall."""

    EXACT = "exact", "vérifié sur place ou sur plan"
    ADDRESS = "address", "à l’adresse"
    COMMUNE = "commune", "dans la commune seulement"


class Service(models.TextChoices):
    """What a facility may offer besides its kind: a layer of the map. Values are the boolean fields of `HealthFacility`."""

    EMERGENCY = "emergency", "Urgences"
    SMUR = "smur", "SMUR"
    MATERNITY = "maternity", "Maternité"
    PSYCHIATRY = "psychiatry", "Santé mentale"


class SchemaType(models.TextChoices):
    """The type of schema.org that search engines read for a kind of facility."""

    HOSPITAL = "Hospital", "Hospital (établissement hospitalier)"
    CLINIC = "MedicalClinic", "MedicalClinic (cabinet, centre, maison de santé)"
    PHARMACY = "Pharmacy", "Pharmacy (pharmacie)"
    LABORATORY = "DiagnosticLab", "DiagnosticLab (laboratoire, imagerie)"
    NURSING_HOME = "NursingHome", "NursingHome (EHPAD)"
    CHILD_CARE = "ChildCare", "ChildCare (crèche)"
    EMERGENCY = "EmergencyService", "EmergencyService (urgences)"
    ORGANIZATION = "MedicalOrganization", "MedicalOrganization (autre structure de soins)"


class ZoningScheme(models.TextChoices):
    """Official divisions of the territory that aids depend on (glossary, section 5)."""

    GP = "gp", "zonage des médecins (ARS)"
    FRR = "frr", "France ruralités revitalisation (FRR)"


class Zone(models.TextChoices):
    """Zones of both schemes; `ZONES` says which belongs to which."""

    ZIP = "zip", "zone d’intervention prioritaire (ZIP)"
    ZAC = "zac", "zone d’action complémentaire (ZAC)"
    HZ = "hz", "hors zonage"
    FRR = "frr", "zone FRR"
    FRR_PLUS = "frr_plus", "zone FRR+"
    FRR_BENEFICIARY = "frr_beneficiary", "ancienne ZRR qui garde les effets de FRR"
    FRR_NONE = "frr_none", "hors FRR"


ZONES = {
    ZoningScheme.GP: (Zone.ZIP, Zone.ZAC, Zone.HZ),
    ZoningScheme.FRR: (Zone.FRR, Zone.FRR_PLUS, Zone.FRR_BENEFICIARY, Zone.FRR_NONE),
}

AUTHORITIES = {ZoningScheme.GP: "à confirmer auprès de l’ARS", ZoningScheme.FRR: "à confirmer auprès des services fiscaux"}
"""What readers are told instead of a zone that is unknown or not confirmed."""


class FigureLevel(models.TextChoices):
    """The territory that a key figure is true of, from the smallest to the largest."""

    COMMUNE = "commune", "commune"
    EPCI = "epci", "intercommunalité"
    CPTS = "cpts", "CPTS"
    DEPARTEMENT = "departement", "département"
    REGION = "region", "région"
    NATION = "nation", "pays"


class FigureNotation(models.TextChoices):
    """How the value of a key figure is written for readers."""

    NUMBER = "number", "nombre"
    MINUTES = "minutes", "durée, valeur en minutes"
    PERCENT = "percent", "pourcentage"
    FRACTION = "fraction", "fraction, valeur entre 0 et 1"


class FigureQualifier(models.TextChoices):
    """What the source says of the precision of a value, written before it."""

    ABOUT = "about", "environ"
    MORE_THAN = "more_than", "plus de"
    LESS_THAN = "less_than", "moins de"
    UP_TO = "up_to", "jusqu’à"


class CountOf(models.TextChoices):
    """What the portal can count by itself and compare with a published figure."""

    FACILITIES = "facilities", "établissements d’un type"
    COMMUNES = "communes", "communes"
    POPULATION = "population", "habitants (populations des communes)"


COUNTED_LEVELS = (FigureLevel.COMMUNE, FigureLevel.EPCI, FigureLevel.CPTS, FigureLevel.DEPARTEMENT)
"""Levels that lie in Vaucluse, which the portal holds whole."""
