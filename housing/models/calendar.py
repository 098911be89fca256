"""The calendar of a dwelling: when it is offered, who stays, what a calendar kept elsewhere says.

Periods are half-open ranges of days, `[arrival, departure)`: who leaves on a day and who arrives on it do not meet at night.
"""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GistIndex, SpGistIndex
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from core import french
from core.models import Linked
from housing.enums import BookingOrigin, BookingState
from housing.models.dwellings import Dwelling
from housing.querysets import BookingQuerySet, PeriodQuerySet


def bounded(name):
    """A period has two days and at least one night between them."""
    return models.CheckConstraint(
        condition=Q(period__isempty=False, period__lower_inf=False, period__upper_inf=False),
        name=name,
        violation_error_message="Une période a un premier et un dernier jour, dans cet ordre.",
    )


class Availability(models.Model):
    """A period in which the host offers the dwelling, stays aside. Periods of one dwelling never touch: `actions.offer` joins them."""

    dwelling = models.ForeignKey(Dwelling, models.CASCADE, related_name="availabilities", verbose_name="logement")
    period = DateRangeField("période")

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = "disponibilité"
        ordering = ["period"]
        constraints = [
            bounded("availability_is_bounded"),
            ExclusionConstraint(
                name="availability_apart",
                expressions=[("dwelling", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
                violation_error_message="Deux périodes de disponibilité se recouvrent.",
            ),
        ]
        # Which dwellings are offered from one day to another: the first question of a search.
        indexes = [SpGistIndex(fields=["period"], include=["dwelling"], name="availability_period")]

    def __str__(self):
        return french.date_range(self.period.lower, self.period.upper)


class Booking(Linked):
    """A stay, asked for or confirmed. Who stays is written in the conversation that asked for it, never here."""

    dwelling = models.ForeignKey(Dwelling, models.CASCADE, related_name="bookings", verbose_name="logement")
    place = models.PositiveSmallIntegerField(
        "chambre", null=True, blank=True, validators=[MinValueValidator(1)], help_text="Le numéro, parmi les chambres identiques."
    )
    period = DateRangeField("séjour", help_text="Du jour d’arrivée au jour de départ.")
    state = models.CharField("état", max_length=10, choices=BookingState, default=BookingState.REQUESTED)
    origin = models.CharField("origine", max_length=6, choices=BookingOrigin, default=BookingOrigin.PORTAL)
    purpose = models.CharField("pour", max_length=160, blank=True, help_text="Le stage ou le remplacement, tel que la demande le dit.")
    note = models.CharField("note de l’hôte", max_length=120, blank=True, help_text="Pour lui seul.")
    prolongs = models.ForeignKey(
        "self", models.SET_NULL, related_name="prolongations", verbose_name="prolonge", null=True, blank=True, editable=False
    )
    created_at = models.DateTimeField("demandé le", default=timezone.now)
    confirmed_at = models.DateTimeField("confirmé le", null=True, blank=True)
    ended_at = models.DateTimeField("refusé ou annulé le", null=True, blank=True)
    reason = models.CharField("motif", max_length=300, blank=True)

    objects = BookingQuerySet.as_manager()

    class Meta:
        verbose_name = "séjour"
        ordering = ["period", "pk"]
        constraints = [
            bounded("booking_is_bounded"),
            models.CheckConstraint(
                condition=~Q(state=BookingState.CONFIRMED) | Q(place__isnull=False, place__gte=1, confirmed_at__isnull=False),
                name="booking_confirmed_holds_a_place",
                violation_error_message="Un séjour confirmé occupe une chambre.",
            ),
            ExclusionConstraint(
                name="booking_one_a_place_and_night",
                expressions=[("dwelling", RangeOperators.EQUAL), ("place", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
                condition=Q(state=BookingState.CONFIRMED),
                violation_error_message="Cette chambre est déjà prise une de ces nuits.",
            ),
            models.UniqueConstraint(
                fields=["prolongs"],
                condition=Q(state=BookingState.CONFIRMED),
                name="booking_prolonged_once",
                violation_error_message="Ce séjour est déjà prolongé.",
            ),
        ]
        indexes = [
            SpGistIndex(fields=["period"], include=["dwelling", "place"], name="booking_nights", condition=Q(state=BookingState.CONFIRMED)),
            models.Index(fields=["dwelling", "state", "created_at"], name="booking_queue"),
        ]

    def __str__(self):
        return french.date_range(self.period.lower, self.period.upper)

    @property
    def arrival(self):
        """The first day of the whole stay, which this one may go on with; a query for each time that it was prolonged."""
        before = self.prolongs
        return before.arrival if before and before.state == BookingState.CONFIRMED else self.period.lower

    @property
    def departure(self):
        """The last day of the whole stay, which others may go on with; a query for each time that it was prolonged, and one."""
        after = self.prolongations.confirmed().first()
        return after.departure if after else self.period.upper


class ImportedCalendar(models.Model):
    """A calendar that the host keeps elsewhere, as an iCalendar address: its events are nights that are not free here."""

    dwelling = models.ForeignKey(Dwelling, models.CASCADE, related_name="imported_calendars", verbose_name="logement")
    url = models.URLField("adresse du calendrier", max_length=600)
    tried_at = models.DateTimeField("essayé le", null=True, blank=True, editable=False)
    read_at = models.DateTimeField("lu le", null=True, blank=True)
    failures = models.PositiveSmallIntegerField("échecs de suite", default=0, editable=False)
    problem = models.CharField("problème", max_length=200, blank=True)
    created_at = models.DateTimeField("ajouté le", default=timezone.now)

    class Meta:
        verbose_name = "calendrier importé"
        verbose_name_plural = "calendriers importés"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["dwelling", "url"], name="imported_calendar_once")]

    def __str__(self):
        return self.url


class Block(models.Model):
    """Nights that are not free: closed by the host (`calendar` empty), or taken in a calendar kept elsewhere. All places at once."""

    dwelling = models.ForeignKey(Dwelling, models.CASCADE, related_name="blocks", verbose_name="logement")
    calendar = models.ForeignKey(
        ImportedCalendar, models.CASCADE, related_name="blocks", verbose_name="calendrier importé", null=True, blank=True
    )
    uid = models.CharField("identifiant de l’événement", max_length=300, blank=True)
    period = DateRangeField("période")

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = "période bloquée"
        verbose_name_plural = "périodes bloquées"
        ordering = ["period", "pk"]
        constraints = [bounded("block_is_bounded")]
        indexes = [GistIndex("dwelling", "period", name="block_period"), models.Index(fields=["calendar", "uid"], name="block_event")]

    def __str__(self):
        return french.date_range(self.period.lower, self.period.upper)
