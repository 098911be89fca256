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


class NeedSubject(models.TextChoices):
    """What somebody looks for."""

    EXERCISE = "exercise", "un exercice"
    LODGING = "lodging", "un logement"


class Profile(models.TextChoices):
    """Who looks (glossary, section 4): the present status alone, not the project."""

    INTERN = "intern", "interne, sans licence de remplacement"
    LICENSED_LOCUM = "licensed_locum", "interne ou ancien interne, avec une licence de remplacement"
    JUNIOR_DOCTOR = "junior_doctor", "docteur junior"
    QUALIFIED_GP = "qualified_gp", "médecin thésé, remplaçant ou pas encore installé"
    SETTLED_GP = "settled_gp", "médecin installé"
    SALARIED_GP = "salaried_gp", "médecin salarié"
    RETIRED_ACTIVE_GP = "retired_active_gp", "médecin retraité actif"
    EU_GP = "eu_gp", "médecin diplômé dans l’Union européenne, inscription à l’Ordre en cours"
    PADHUE = "padhue", "médecin diplômé hors de l’Union européenne"
    OTHER = "other", "autre situation"


class Answer(models.TextChoices):
    """What a doctor says to being put in touch."""

    YES = "yes", "oui"
    NO = "no", "non"
    LATER = "later", "plus tard"
    SILENT = "silent", "sans réponse"
