"""Choices of the editorial pages."""

from django.db import models

RUBRIQUES = ("exercer", "s-installer", "internes", "agenda", "collectif")
"""First part of the address of the five rubriques: each has a root page, whose blocks are shown on the opening page of the rubrique."""


class State(models.TextChoices):
    DRAFT = "draft", "brouillon"
    PUBLISHED = "published", "publiée"


class Language(models.TextChoices):
    FRENCH = "fr", "français"
    ENGLISH = "en", "anglais"


class ActionTarget(models.TextChoices):
    """Where a call to action leads."""

    PAGE = "page", "une page du portail"
    OFFERS = "offers", "la liste des offres"
    URL = "url", "une adresse"
    TEAM = "team", "un message à l’équipe"


class ActionStyle(models.TextChoices):
    PANEL = "panel", "encadré"
    BUTTON = "button", "bouton"
    LINE = "line", "bouton discret"


class MapSource(models.TextChoices):
    FACILITIES = "facilities", "établissements de santé"
    OFFERS = "offers", "offres d’exercice"


class ListKind(models.TextChoices):
    """What a list block shows; kinds whose records do not exist yet show nothing."""

    NEWS = "news", "actualités"
    OFFERS = "offers", "offres d’exercice"
    TESTIMONIALS = "testimonials", "témoignages"
    PRESS = "press", "revue de presse"
    EVENTS = "events", "rencontres à venir"
    AIDS = "aids", "aides"


class HomeKind(models.TextChoices):
    """The parts of the home page that staff order."""

    DOORS = "doors", "portes d’entrée par étape de vie"
    FIGURES = "figures", "chiffres clés"
    MAP = "map", "carte du département"
    LATEST_OFFERS = "latest_offers", "dernières offres confirmées"
    EVENTS = "events", "prochaines rencontres"
    TESTIMONIAL = "testimonial", "témoignages"
    NEWS = "news", "actualités"
    PARTNERS = "partners", "partenaires"
    ADVISER = "adviser", "quelqu’un vous répond"


class LinkStatus(models.TextChoices):
    """What the last checks say of a link; one that failed once is doubtful, three times in a row broken."""

    UNKNOWN = "unknown", "pas encore vérifié"
    OK = "ok", "répond"
    MOVED = "moved", "a déménagé"
    DOUBTFUL = "doubtful", "n’a pas répondu"
    BROKEN = "broken", "rompu"
    IGNORED = "ignored", "non vérifiable"
