"""Closed lists of the agenda."""

from django.db import models


class State(models.TextChoices):
    """Where an event stands. Once published it never goes back to being a draft: its readers are told what became of it."""

    DRAFT = "draft", "brouillon"
    PUBLISHED = "published", "publiée"
    POSTPONED = "postponed", "reportée"
    CANCELLED = "cancelled", "annulée"


class Stage(models.TextChoices):
    """For whom an event is, by stage of a career (glossary, sections 3 and 4); codes are those that people write under."""

    EXTERN = "extern", "étudiants (externes)"
    INTERN = "intern", "internes"
    JUNIOR_DOCTOR = "junior_doctor", "docteurs juniors"
    LOCUM = "locum", "remplaçants"
    SETTLING = "settling", "médecins qui pensent s’installer"
    SETTLED = "settled", "médecins installés"
    SALARIED = "salaried", "médecins salariés ou hospitaliers"
    RETIRED = "retired", "médecins retraités ou proches de la retraite"
    ACTOR = "actor", "acteurs du territoire"


TRAINEES = (Stage.EXTERN, Stage.INTERN, Stage.JUNIOR_DOCTOR)
"""Those of the rubrique Internes."""
NEWCOMERS = (Stage.INTERN, Stage.JUNIOR_DOCTOR, Stage.LOCUM)
"""Those who come to stay in a room for some time."""


class Role(models.TextChoices):
    """What an actor does for an event."""

    ORGANISER = "organiser", "organise"
    SUPPORT = "support", "accompagne"
    PARTNER = "partner", "partenaire"
    GUEST = "guest", "invité"


class ActorKind(models.TextChoices):
    """What sort of actor it is (mission: M96)."""

    CPTS = "cpts", "CPTS"
    HOSPITAL = "hospital", "hôpital ou clinique"
    PRACTICE = "practice", "cabinet, maison ou centre de santé"
    EPCI = "epci", "intercommunalité"
    COMMUNE = "commune", "commune"
    DEPARTMENT = "department", "Département, Région, État"
    AGENCY = "agency", "agence ou opérateur public"
    INSURANCE = "insurance", "Assurance Maladie, MSA"
    FACULTY = "faculty", "faculté"
    ASSOCIATION = "association", "association ou syndicat"
    ORDER = "order", "Ordre professionnel"
    FIRM = "firm", "entreprise"
    BANK = "bank", "banque ou assurance"
    OTHER = "other", "autre"


class EventGlyph(models.TextChoices):
    """Drawing inside the marker of a kind of event, a symbol `k-…` of the icon sprite."""

    CALENDAR = "evenement", "calendrier"
    PEOPLE = "collaboration", "deux personnes"
    HOUSE = "local", "maison"
    CAP = "training", "toque"
    RINGS = "association", "anneaux"
    TEAM = "msp", "maison et deux personnes"
    SHARED = "shared", "cercle partagé"
