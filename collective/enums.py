"""Choices of the collective."""

from django.db import models


class Circle(models.TextChoices):
    """How near a partner stands to the decisions (mission: M7, M68, M69, M96, M66)."""

    PILOT = "pilot", "Pilote"
    MEMBER = "member", "Membre du collectif"
    REFLECTION = "reflection", "Groupe de réflexion"
    EVENT = "event", "Partenaire d’événements"
    CPTS = "cpts", "CPTS"


class PartnerKind(models.TextChoices):
    """What sort of body a partner is."""

    AGENCY = "agency", "Agence"
    STATE = "state", "Service de l’État"
    LOCAL_AUTHORITY = "local_authority", "Collectivité"
    EPCI = "epci", "Intercommunalité"
    ORDER = "order", "Ordre professionnel"
    INSURANCE = "insurance", "Organisme de protection sociale"
    NETWORK = "network", "Réseau de soignants"
    HOSPITAL = "hospital", "Établissement de santé"
    FIRM = "firm", "Entreprise"
    BANK = "bank", "Banque"
    ASSOCIATION = "association", "Association"


class DatePrecision(models.TextChoices):
    """How much of a date the source tells."""

    DAY = "day", "le jour"
    MONTH = "month", "le mois"
    YEAR = "year", "l’année"


class DeskTheme(models.TextChoices):
    """What a question to a desk is about."""

    ORDER = "ordre", "L’Ordre et les contrats"
    INSURANCE = "assurance-maladie", "L’Assurance maladie"
    AIDS = "aides", "Les zones et les aides"
    START = "demarches", "Les démarches d’installation"
    EMPLOYMENT = "salariat", "Le salariat"
    NETWORK = "reseau", "Les confrères et le réseau"
    LIFE = "vie", "Logement et famille"
    SUPPORT = "entraide", "Quand cela ne va pas"


class AchievementKind(models.TextChoices):
    """What sort of thing was done (mission: M2)."""

    COLLECTIVE = "collective", "Vie du collectif"
    SETTLEMENT = "settlement", "Installation"
    RECRUITMENT = "recruitment", "Recrutement"
    EVENT = "event", "Rencontre"
    SERVICE = "service", "Service aux médecins"


class Rubrique(models.TextChoices):
    """The five rubriques of the portal; the values are the first parts of their addresses."""

    PRACTICE = "exercer", "Exercer la médecine en Vaucluse"
    SETTLE = "s-installer", "S’installer"
    INTERNS = "internes", "Internes"
    AGENDA = "agenda", "Agenda"
    COLLECTIVE = "collectif", "Le collectif VSA"
