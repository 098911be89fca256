"""Closed lists of training places (glossary, sections 3 and 4)."""

from dataclasses import dataclass

from django.db import models


class Setting(models.TextChoices):
    """Where one learns: in a service, or at the side of a maître de stage."""

    HOSPITAL = "hospital", "service hospitalier"
    AMBULATORY = "ambulatory", "cabinet, maison ou centre de santé"


class Level(models.TextChoices):
    """For whom a place is approved. Codes are those of the glossary."""

    EXTERN = "extern", "externe"
    FOUNDATION = "intern_foundation", "phase socle, niveau 1"
    ADVANCED = "intern_advanced", "approfondissement"
    SASPAS = "internship_saspas", "Saspas"
    JUNIOR = "junior_doctor", "docteur junior"


LEVEL_HINTS = {
    Level.EXTERN: "étudiant de deuxième cycle",
    Level.FOUNDATION: "première année d’internat\u00a0: urgences, stage praticien de niveau\u00a01",
    Level.ADVANCED: "deuxième et troisième années",
    Level.SASPAS: "stage autonome en soins primaires ambulatoires supervisé",
    Level.JUNIOR: "quatrième année",
}


class Lodging(models.TextChoices):
    """Whether one may sleep on site."""

    YES = "yes", "oui"
    NO = "no", "non"
    UNKNOWN = "unknown", "non renseigné"


class NoteState(models.TextChoices):
    """Where the description of a former intern stands."""

    WAITING = "waiting", "adresse à confirmer"
    TO_READ = "to_read", "à relire"
    PUBLISHED = "published", "publié"
    REFUSED = "refused", "refusé"


@dataclass(frozen=True)
class Marker:
    """How a setting is drawn on maps and in lists."""

    code: str
    label: str
    plural_label: str
    shape: str
    glyph: str
    tone: str


MARKERS = {
    Setting.HOSPITAL: Marker("hospital", "Service hospitalier", "Services hospitaliers", "square", "hospital", "sorgue"),
    Setting.AMBULATORY: Marker("ambulatory", "Stage en cabinet", "Stages en cabinet", "arch", "training", "olive"),
}
