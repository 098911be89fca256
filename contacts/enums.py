"""Closed lists of what people and the portal write to each other."""

from django.db import models


class SelectedKind(models.TextChoices):
    """What "Ma sélection" may hold."""

    OFFER = "offre", "offre d’exercice"
    COMMUNE = "commune", "commune"


class Rhythm(models.TextChoices):
    """How often an alert writes."""

    AT_ONCE = "at_once", "dès qu’il y a du nouveau"
    DAILY = "daily", "une fois par jour, le matin"
    WEEKLY = "weekly", "une fois par semaine, le lundi matin"
