"""Travel times between communes, as they were imported or asked of a routing service; where there is none, distances are used."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q

from core.days import past_day
from territories.models.places import Commune
from territories.querysets import TravelTimeQuerySet

LONGEST_MINUTES = 600
"""Vaucluse is crossed in less than three hours: beyond ten, the number is something else than minutes."""


class TravelTime(models.Model):
    """Minutes by road from one commune to another, town hall to town hall. One row a direction."""

    origin = models.ForeignKey(Commune, models.CASCADE, related_name="+", verbose_name="départ", db_index=False)
    destination = models.ForeignKey(Commune, models.CASCADE, related_name="+", verbose_name="arrivée")
    minutes = models.PositiveSmallIntegerField("durée en minutes", validators=[MaxValueValidator(LONGEST_MINUTES)])
    source = models.CharField("source", max_length=200, help_text="D’où vient la durée, tel que le lisent les visiteurs.")
    measured_on = models.DateField("date", validators=[past_day])

    objects = TravelTimeQuerySet.as_manager()

    class Meta:
        verbose_name = "temps de trajet"
        verbose_name_plural = "temps de trajet"
        ordering = ["origin", "destination"]
        constraints = [
            models.UniqueConstraint(
                fields=["origin", "destination"],
                name="travel_time_once_a_pair",
                violation_error_message="Ce trajet a déjà sa durée.",
            ),
            models.CheckConstraint(
                condition=Q(minutes__lte=LONGEST_MINUTES),
                name="travel_time_is_plausible",
                violation_error_message=f"Un trajet dure {LONGEST_MINUTES} minutes au plus.",
            ),
            models.CheckConstraint(
                condition=~Q(origin=F("destination")),
                name="travel_time_between_two_communes",
                violation_error_message="Le départ et l’arrivée sont deux communes différentes.",
            ),
        ]

    def __str__(self):
        return f"{self.origin} → {self.destination}\u00a0: {self.minutes}\u00a0min"
