"""Training places of interns, how many they take each semester, and what former interns say of them.

Places are described, persons never rated: there is no score anywhere.
"""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from simple_history.models import HistoricalRecords

from core.days import past_day
from core.links import address
from core.models import Dated, Linked
from core.text_search import search_column
from interns.enums import MARKERS, Level, Lodging, NoteState, Setting
from interns.querysets import TrainingNoteQuerySet, TrainingPlaceQuerySet
from territories.models import Commune, HealthFacility, Placed, Sourced

MOST_PLACES = 50
"""Interns of one place in one semester: more is a slip."""


class SemesterField(models.CharField):
    """A semester of internship by the year and month of its start, as `territories.semesters` writes them."""

    def __init__(self, *args, **kwargs):
        known = RegexValidator(r"^20[0-9]{2}-(05|11)\Z", "Écrivez l’année et le mois de début\u00a0: 2026-11 ou 2027-05.")
        super().__init__(*args, **{"max_length": 7, "validators": [known], **kwargs})


class Specialty(Dated):
    """What one learns in a place: a list that staff edit."""

    code = models.SlugField("code", unique=True, help_text="Valeur stable, employée dans les adresses.")
    label = models.CharField("libellé", max_length=80, unique=True)
    position = models.PositiveSmallIntegerField("ordre", default=0)
    active = models.BooleanField("proposée", default=True)

    class Meta:
        verbose_name = "spécialité de stage"
        verbose_name_plural = "spécialités de stage"
        ordering = ["position", "label"]

    def __str__(self):
        return self.label


class TrainingPlace(Placed, Sourced, Dated):
    """A place of internship: a service of a hospital, or a practice where a maître de stage (MSU) welcomes students."""

    name = models.CharField("nom", max_length=160, help_text="Le service ou le cabinet, jamais le nom d’une personne sans son accord.")
    slug = models.SlugField("adresse de la page", max_length=80, editable=False, default="terrain")
    setting = models.CharField("cadre", max_length=10, choices=Setting)
    levels = ArrayField(
        models.CharField(max_length=20, choices=Level), verbose_name="niveaux", default=list, blank=True, help_text="Ceux de l’agrément."
    )
    specialty = models.ForeignKey(Specialty, on_delete=models.PROTECT, related_name="places", verbose_name="spécialité")
    description = models.TextField("présentation", max_length=4000, blank=True, help_text="Ce que l’on y apprend, un paragraphe par idée.")

    # Where
    facility = models.ForeignKey(
        HealthFacility,
        on_delete=models.SET_NULL,
        related_name="training_places",
        verbose_name="établissement",
        null=True,
        blank=True,
        help_text="S’il est au répertoire\u00a0: commune, adresse et point sont alors les siens.",
    )
    commune = models.ForeignKey(Commune, on_delete=models.PROTECT, related_name="training_places", verbose_name="commune")
    transport = models.TextField("accès", max_length=1000, blank=True, help_text="Gare, ligne de bus, voiture nécessaire ou non.")
    lodging = models.CharField("logement sur place", max_length=7, choices=Lodging, default=Lodging.UNKNOWN)
    lodging_note = models.CharField(
        "précision sur le logement", max_length=300, blank=True, help_text="Internat, chambre de garde, à qui demander."
    )
    equipment = models.TextField("plateau technique", max_length=2000, blank=True, help_text="Une idée par ligne.")

    # Who supervises: shown with the agreement of the person, told nowhere else, kept out of the history so that erasing it erases it.
    supervisor_name = models.CharField(
        "maître de stage", max_length=120, blank=True, help_text="Montré sur la page avec son accord, nulle part ailleurs."
    )
    supervisor_consent_on = models.DateField("accord donné le", validators=[past_day], null=True, blank=True)
    supervisor_proof = models.CharField(
        "preuve de l’accord",
        max_length=200,
        blank=True,
        help_text="Où elle se trouve\u00a0: courriel du…, formulaire signé. Jamais publiée.",
    )

    # Life
    published = models.BooleanField("visible", default=False, help_text="Décoché\u00a0: brouillon, que l’équipe seule voit.")
    verified_on = models.DateField("vérifié le", validators=[past_day], null=True, blank=True)
    staff_note = models.TextField("note interne", max_length=2000, blank=True, help_text="Jamais publiée.")
    is_demo = models.BooleanField("démonstration", default=False, help_text="Terrain inventé, marqué «\u00a0exemple\u00a0» partout.")

    # Search
    search_text = models.TextField(editable=False, default="", blank=True)
    """Setting, levels, specialty, facility and commune in words (`public_words`); never a person."""
    search_vector = search_column("name", "search_text", "equipment", "description")

    history = HistoricalRecords(
        verbose_name="version",
        excluded_fields=["created_at", "updated_at", "slug", "search_text", "search_vector", "supervisor_name", "supervisor_proof"],
    )
    objects = TrainingPlaceQuerySet.as_manager()

    class Meta:
        verbose_name = "terrain de stage"
        verbose_name_plural = "terrains de stage"
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(supervisor_name="") | (Q(supervisor_consent_on__isnull=False) & ~Q(supervisor_proof="")),
                name="training_supervisor_agreed",
                violation_error_message="Un nom ne se montre qu’avec l’accord de la personne\u00a0: donnez sa date et sa preuve.",
            ),
            models.CheckConstraint(
                condition=Q(published=False) | Q(is_demo=True) | (~Q(source="") & Q(source_date__isnull=False)),
                name="training_shown_has_source",
                violation_error_message="Un terrain visible dit sa source et sa date.",
            ),
            models.CheckConstraint(
                condition=Q(published=False) | Q(levels__len__gt=0),
                name="training_shown_has_levels",
                violation_error_message="Un terrain visible dit à quels niveaux il est ouvert.",
            ),
            models.CheckConstraint(
                condition=Q(levels__contained_by=Level.values),
                name="training_levels_known",
                violation_error_message="Ce niveau n’existe pas.",
            ),
            models.CheckConstraint(
                condition=Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="training_point_on_earth",
                violation_error_message="Une latitude va de -90 à 90, une longitude de -180 à 180.",
            ),
        ]
        indexes = [
            models.Index(fields=["setting", "name"], name="training_setting", condition=Q(published=True)),
            models.Index(fields=["latitude", "longitude"], name="training_point", condition=Q(published=True)),
            GinIndex("levels", name="training_levels"),
            GinIndex("search_vector", name="training_search"),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.complete()
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return f"{address('interns:place_list')}{self.pk}-{self.slug}/"

    def get_note_url(self):
        """Where a former intern describes it."""
        return reverse("interns:note_new", args=[self.pk, self.slug])

    def clean(self):
        super().clean()
        if (self.supervisor_consent_on or self.supervisor_proof) and not self.supervisor_name:
            raise ValidationError({"supervisor_name": "Il y a un accord, mais pas de nom\u00a0: effacez l’accord, ou dites de qui il est."})

    def complete(self):
        """Fill in what follows from the other fields; a place in a facility stands where the facility does."""
        if self.facility:
            for name in ("commune", "address", "postal_code", "latitude", "longitude", "point_precision"):
                setattr(self, name, getattr(self.facility, name))
        self.stand_somewhere()
        self.slug = slugify(self.name.replace("’", " ").replace("'", " "))[:80].strip("-") or "terrain"
        self.search_text = self.public_words()

    def public_words(self):
        """What it is and where it is, besides its own columns."""
        levels = [level.label for level in Level if level in self.levels]
        known_as = [self.kind.label, "terrain de stage", "MSU" if self.setting == Setting.AMBULATORY else "", self.specialty.label]
        facility = [self.facility.name] if self.facility else []
        return " ".join(filter(None, [*known_as, *levels, *facility, self.commune.name, *self.commune.postal_codes]))

    @property
    def kind(self):
        """The marker of its setting."""
        return MARKERS[self.setting]

    @property
    def level_labels(self):
        """Its levels in words, in the order of the studies."""
        return [level.label for level in Level if level in self.levels]


class TrainingCapacity(Dated):
    """How many a place takes in one semester; 0 says that it takes nobody."""

    place = models.ForeignKey(TrainingPlace, on_delete=models.CASCADE, related_name="capacities", verbose_name="terrain")
    semester = SemesterField("semestre", help_text="Année et mois de début\u00a0: 2026-11 pour l’hiver, 2027-05 pour l’été.")
    places = models.PositiveSmallIntegerField("places", validators=[MaxValueValidator(MOST_PLACES)])

    class Meta:
        verbose_name = "places d’un semestre"
        verbose_name_plural = "places par semestre"
        ordering = ["semester"]
        constraints = [
            models.UniqueConstraint(
                fields=["place", "semester"],
                name="training_capacity_once_a_semester",
                violation_error_message="Ce semestre est déjà dans la liste.",
            ),
        ]
        indexes = [models.Index(fields=["semester", "place"], name="training_capacity_open", condition=Q(places__gt=0))]

    def __str__(self):
        return f"{self.semester}\u00a0: {self.places}"


class TrainingNote(Linked, Dated):
    """What a former intern says of a place: read by the team, then shown without any name."""

    place = models.ForeignKey(TrainingPlace, on_delete=models.CASCADE, related_name="notes", verbose_name="terrain")
    semester = SemesterField("semestre du stage")
    text = models.TextField("ce qu’il ou elle en dit", max_length=2000)
    email = models.EmailField(
        "courriel de l’auteur", max_length=254, blank=True, help_text="Jamais montré\u00a0; effacé 90 jours après la relecture."
    )
    state = models.CharField("état", max_length=9, choices=NoteState, default=NoteState.WAITING)
    flags = models.CharField(
        "à regarder", max_length=300, blank=True, help_text="Ce que le texte contient et qui demande une relecture attentive."
    )
    confirmed_at = models.DateTimeField("confirmé le", null=True, blank=True)
    decided_at = models.DateTimeField("relu le", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, related_name="+", verbose_name="relu par", null=True, blank=True
    )
    reason = models.TextField("motif du refus", max_length=1000, blank=True, help_text="Dit à l’auteur par courriel.")
    written_at = models.DateTimeField("écrit le", default=timezone.now)
    is_demo = models.BooleanField("démonstration", default=False)

    objects = TrainingNoteQuerySet.as_manager()

    class Meta:
        verbose_name = "description par un ancien interne"
        verbose_name_plural = "descriptions par d’anciens internes"
        ordering = ["-semester", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=NoteState.REFUSED) | ~Q(reason=""),
                name="training_note_refusal_has_reason",
                violation_error_message="Un refus est toujours expliqué.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[NoteState.WAITING, NoteState.TO_READ]) | Q(decided_at__isnull=False),
                name="training_note_decision_has_day",
            ),
            models.CheckConstraint(
                condition=Q(state=NoteState.WAITING) | Q(confirmed_at__isnull=False),
                name="training_note_confirmed_first",
            ),
        ]
        indexes = [
            models.Index(fields=["place", "-semester"], name="training_note_shown", condition=Q(state="published")),
            models.Index(fields=["confirmed_at"], name="training_note_to_read", condition=Q(state="to_read")),
            models.Index(fields=["decided_at"], name="training_note_decided", condition=Q(decided_at__isnull=False)),
        ]

    def __str__(self):
        return f"{self.place}, {self.semester}"
