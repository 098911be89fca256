"""Closed lists of what people and the portal write to each other."""

from django.db import models


class SelectedKind(models.TextChoices):
    """What "Ma sélection" may hold."""

    OFFER = "offre", "offre d’exercice"
    COMMUNE = "commune", "commune"
