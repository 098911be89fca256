"""Asking for a room: who comes, for which nights, what for; whether the room is free is said before anything is sent."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import cached_property

from contacts.forms.conversations import WriteForm
from core import french
from core.days import near_day
from core.forms import LineField
from core.french import NBSP
from core.widgets import DayInput
from housing.actions.stays import PURPOSE_LENGTH, StayRefused, check_period, stay_problems
from housing.calendar import free_periods
from housing.models import Dwelling

DAYS = ["%Y-%m-%d", "%d/%m/%Y"]
BAD_DAY = f"Cette date ne se lit pas{NBSP}: écrivez jour/mois/année, par exemple 02/11/2026."
PROPOSED = 3
"""Free periods that are told when the nights asked for are not."""


def day_field(label, help_text=""):
    """A day that must be told."""
    return forms.DateField(
        label=label,
        help_text=help_text,
        widget=DayInput({"class": "input"}),
        validators=[near_day],
        input_formats=DAYS,
        error_messages={"invalid": BAD_DAY, "required": "Indiquez ce jour."},
    )


class RoomForm(WriteForm):
    """A first message to a host."""

    starts_on = day_field("Arrivée")
    ends_on = day_field("Départ", "Le jour où vous partez\u00a0: vous ne dormez pas là cette nuit.")
    wait = forms.BooleanField(
        label="Je veux bien attendre\u00a0: inscrivez-moi sur la liste d’attente",
        required=False,
        help_text="Si la chambre se libère et que c’est votre tour, nous vous écrivons. Vous avez alors trois jours pour la prendre.",
    )
    purpose = LineField(
        label="Pour quel stage, remplacement ou poste",
        max_length=PURPOSE_LENGTH,
        widget=forms.TextInput({"class": "input"}),
        help_text="Le lieu suffit, par exemple un hôpital ou un cabinet.",
    )
    people = forms.IntegerField(
        label="Combien de personnes",
        min_value=1,
        max_value=20,
        initial=1,
        widget=forms.NumberInput({"class": "input", "min": 1, "max": 20, "inputmode": "numeric"}),
    )
    field_order = ["name", "standing", "starts_on", "ends_on", "wait", "purpose", "people", "text", "email", "phone", "consent"]

    def __init__(self, *args, dwelling, **kwargs):
        super().__init__(*args, **kwargs)
        self.dwelling = dwelling
        self.fields["text"].help_text = "Deux phrases sur vous, et ce qu’il vous faut. Aucune donnée de santé."

    @property
    def asked(self):
        """Without the waiting list while nothing says that the room is taken."""
        return [field for field in super().asked if field.name != "wait" or self.is_taken]

    @cached_property
    def nights(self):
        """`(arrival, departure)` as far as they are told and make sense, or None."""
        source = getattr(self, "cleaned_data", {}) if self.is_bound else self.initial
        start, end = source.get("starts_on"), source.get("ends_on")
        return (start, end) if start and end and start < end else None

    @cached_property
    def problems(self):
        """Why the host does not take these nights, whoever else stays; French sentences."""
        if self.nights is None:
            return []
        today = timezone.localdate()
        try:
            check_period(*self.nights, today)
        except StayRefused as refusal:
            return refusal.messages
        return stay_problems(self.dwelling, *self.nights, today)

    @cached_property
    def is_taken(self):
        """Whether the nights make sense, and no room is free all of them."""
        known = self.nights is not None and not self.problems
        return known and not Dwelling.objects.free(*self.nights).filter(pk=self.dwelling.pk).exists()

    @property
    def availability(self):
        """What the page says of the nights asked for: `(tone, sentence)`, or nothing."""
        if self.nights is None:
            return None
        dates = french.date_range(*self.nights)
        if self.problems:
            return "warn", " ".join(self.problems)
        if self.is_taken:
            return "warn", f"Pas libre toutes les nuits {dates}. Choisissez d’autres dates, ou demandez la liste d’attente."
        return "ok", f"Libre {dates}. Rien n’est réservé avant le oui de l’hôte."

    @cached_property
    def free(self):
        """Free periods that may suit instead, as `{"label", "query"}`, when the nights asked for do not go."""
        if not self.problems and not self.is_taken and self.nights is not None:
            return []
        today, shortest = timezone.localdate(), self.dwelling.min_stay_days or 1
        periods = [(first, last) for first, last in free_periods(self.dwelling, today) if (last - first).days >= shortest]
        return [
            {"label": french.date_range(first, last), "query": f"?du={first.isoformat()}&au={last.isoformat()}"}
            for first, last in periods[:PROPOSED]
        ]

    def clean_people(self):
        people = self.cleaned_data["people"]
        if people > self.dwelling.capacity:
            most = french.plural(self.dwelling.capacity, "personne")
            raise ValidationError(f"Ce logement est prévu pour {most} au plus. S’il en faut davantage, écrivez à l’équipe.")
        return people

    def clean(self):
        data = super().clean()
        if data.get("starts_on") and data.get("starts_on") == data.get("ends_on"):
            self.add_error("ends_on", "Il faut au moins une nuit entre l’arrivée et le départ.")
        for problem in self.problems:
            self.add_error("starts_on", problem)
        if self.is_taken and not data.get("wait"):
            self.add_error("wait", "La chambre n’est pas libre à ces dates\u00a0: changez-les, ou cochez cette case.")
        return data
