"""Closed lists of what puts people in touch."""

from django.db import models


class Target(models.TextChoices):
    """Whom one writes to."""

    OFFER = "offer", "l’annonceur d’une offre"
    ROOM = "room", "l’hôte d’un logement"
    EVENT = "event", "l’organisateur d’une rencontre"
    PARTNER = "partner", "un partenaire"
    ADVISER = "adviser", "l’équipe VSA"


class Standing(models.TextChoices):
    """Who writes, in the terms of the glossary (sections 3 and 4)."""

    EXTERN = "extern", "externe"
    INTERN = "intern", "interne en médecine générale"
    OTHER_INTERN = "other_intern", "interne d’une autre spécialité"
    JUNIOR_DOCTOR = "junior_doctor", "docteur junior"
    LICENSED_LOCUM = "licensed_locum", "remplaçant avec licence"
    QUALIFIED_LOCUM = "qualified_locum", "médecin thésé, remplaçant ou non installé"
    SETTLED = "settled", "médecin installé"
    SALARIED = "salaried", "médecin salarié ou hospitalier"
    RETIRED = "retired", "médecin retraité ou proche de la retraite"
    ABROAD = "abroad", "médecin diplômé hors de France"
    ACTOR = "actor", "acteur du territoire (cabinet, commune, CPTS, hôpital, hôte)"
    OTHER = "other", "autre"


class Aim(models.TextChoices):
    """What for, of a message about an offer or an event (`AIMS` says which goes with what)."""

    LOCUM = "locum", "remplacer"
    SETTLE = "settle", "m’installer, m’associer ou collaborer"
    SALARY = "salary", "travailler comme salarié"
    TRAIN = "train", "faire un stage"
    VISIT = "visit", "visiter, rencontrer l’équipe"
    JOIN = "join", "participer"
    FAMILY = "family", "participer avec ma famille"
    PROPOSE = "propose", "proposer quelque chose"
    ASK = "ask", "poser une question"


AIMS = {
    Target.OFFER: (Aim.LOCUM, Aim.SETTLE, Aim.SALARY, Aim.TRAIN, Aim.VISIT, Aim.ASK),
    Target.EVENT: (Aim.JOIN, Aim.FAMILY, Aim.PROPOSE, Aim.ASK),
}


class Topic(models.TextChoices):
    """What for, of a message to the team or to a partner."""

    PRACTICE = "practice", "un exercice, une installation"
    LOCUM = "locum", "un remplacement"
    TRAINING = "training", "un stage"
    HOUSING = "housing", "un logement"
    AIDS = "aids", "les aides"
    FAMILY = "family", "l’emploi du conjoint, la famille"
    SUCCESSION = "succession", "ma succession"
    PUBLISH = "publish", "publier une offre, un logement, une rencontre"
    PRESS = "press", "la presse"
    PRIVACY = "privacy", "mes données personnelles"
    ACCESS = "access", "un obstacle d’accessibilité"
    OTHER = "other", "autre chose"


class Stage(models.TextChoices):
    """Where a conversation stands: who has to do something now."""

    UNCONFIRMED = "unconfirmed", "adresse à confirmer"
    HELD = "held", "retenu pour relecture"
    WAITING = "waiting", "transmis, réponse attendue"
    ASKED = "asked", "question posée à l’auteur"
    ADVISER = "adviser", "suivi par l’équipe"
    LISTED = "listed", "en liste d’attente"
    PROPOSED = "proposed", "place libérée, proposée à l’auteur"
    ANSWERED = "answered", "répondu"
    CLOSED = "closed", "clos"


OPEN = (Stage.WAITING, Stage.ASKED, Stage.ADVISER, Stage.ANSWERED)
"""Stages in which both may still write."""
IN_QUEUE = (Stage.LISTED, Stage.PROPOSED)
"""Stages of a stay that waits for a room, of which its host has nothing to answer."""


class Outcome(models.TextChoices):
    """How a conversation ended, or what was answered last."""

    NONE = "", "—"
    INTERESTED = "interested", "intéressé, coordonnées échangées"
    BOOKED = "booked", "séjour confirmé, coordonnées échangées"
    VISIT = "visit", "visite proposée, coordonnées échangées"
    QUESTION = "question", "question"
    REPLIED = "replied", "réponse écrite"
    NO = "no", "non"
    FILLED = "filled", "déjà pourvu"
    HELPED = "helped", "réponse de l’équipe"
    GONE = "gone", "l’offre a quitté le portail"
    LAPSED = "lapsed", "sans suite de l’auteur"
    WITHDRAWN = "withdrawn", "arrêté par l’auteur"
    CANCELLED = "cancelled", "séjour annulé"
    REFUSED = "refused", "non transmis"
    TWIN = "twin", "déjà demandé par la même personne"


class Reply(models.TextChoices):
    """What the recipient of a message answers in one click."""

    ACCEPTED = "accepted", "Oui, je confirme le séjour"
    INTERESTED = "interested", "Je suis intéressé"
    VISIT = "visit", "Proposer d’abord une visite"
    QUESTION = "question", "J’ai une question"
    NO = "no", "Non, pas cette fois"
    FILLED = "filled", "C’est déjà pourvu"
    CANCELLED = "cancelled", "J’annule ce séjour"


class Refusal(models.TextChoices):
    """Why not; told to who wrote."""

    DATES = "dates", "les dates ne conviennent pas"
    FOUND = "found", "quelqu’un d’autre est déjà pressenti"
    PROFILE = "profile", "nous cherchons un autre exercice ou un autre rythme"
    FULL = "full", "c’est complet"
    AUDIENCE = "audience", "la rencontre s’adresse à un autre public"
    CHANGED = "changed", "le projet a changé"
    OTHER = "other", "une autre raison"


class Side(models.TextChoices):
    """Who wrote a message."""

    SENDER = "sender", "l’auteur"
    RECIPIENT = "recipient", "le destinataire"
    ADVISER = "adviser", "l’équipe VSA"
    PORTAL = "portal", "le portail"


class Channel(models.TextChoices):
    """How a message came."""

    PAGE = "page", "page du portail"
    MAIL = "mail", "courriel"
    STAFF = "staff", "écran de l’équipe"
    AUTO = "auto", "automatique"


class Handover(models.TextChoices):
    """Why the team follows a conversation."""

    NONE = "", "—"
    ADDRESSED = "addressed", "écrit à l’équipe"
    SILENCE = "silence", "sans réponse à temps"
    UNREACHABLE = "unreachable", "l’adresse du destinataire ne répond pas"
    PAUSED = "paused", "le destinataire a suspendu les messages"
    CAPPED = "capped", "le destinataire a reçu assez de demandes ce mois-ci"
    NO_ADDRESS = "no_address", "le destinataire n’a pas d’adresse"
    CONFIDENTIAL = "confidential", "offre confidentielle"
    ASKED_FOR = "asked_for", "à la demande de l’auteur"
    CALL = "call", "demande à être rappelé, après un remplacement"
    TAKEN = "taken", "un conseiller le prend en main"
    UNDECIDED = "undecided", "sans oui ni non du destinataire à temps"
    TAKEN_AWAY = "taken_away", "l’équipe a retiré l’annonce d’un séjour confirmé"
    DOUBTFUL = "doubtful", "message à relire"
    NO_AUTHOR = "no_author", "l’adresse de l’auteur ne répond pas"


class TookPlace(models.TextChoices):
    """Whether a replacement happened."""

    YES = "yes", "oui"
    PARTLY = "partly", "en partie"
    OTHER = "other", "non, quelqu’un d’autre l’a fait"
    NO = "no", "non, il n’a pas eu lieu"


class Willing(models.TextChoices):
    """Whether somebody would come back."""

    YES = "yes", "oui"
    MAYBE = "maybe", "peut-être"
    NO = "no", "non"


class Settling(models.TextChoices):
    """Whether somebody thinks of settling in Vaucluse."""

    YES = "yes", "oui, j’y pense"
    LATER = "later", "plus tard"
    NO = "no", "non"


class SelectedKind(models.TextChoices):
    """What "Ma sélection" may hold."""

    OFFER = "offre", "offre d’exercice"
    COMMUNE = "commune", "commune"
    ROOM = "logement", "logement"


class Rhythm(models.TextChoices):
    """How often an alert writes."""

    AT_ONCE = "at_once", "dès qu’il y a du nouveau"
    DAILY = "daily", "une fois par jour, le matin"
    WEEKLY = "weekly", "une fois par semaine, le lundi matin"


class NeedSubject(models.TextChoices):
    """What somebody looks for."""

    EXERCISE = "exercise", "un exercice"
    LODGING = "lodging", "un logement"


class Answer(models.TextChoices):
    """What a doctor says to being put in touch, or what it ended with."""

    YES = "yes", "oui"
    NO = "no", "non"
    LATER = "later", "plus tard"
    SILENT = "silent", "sans réponse"
    OVER = "over", "sans objet, l’offre n’est plus en ligne"


class Asked(models.TextChoices):
    """What became of a request for an alert, as its page may tell it."""

    MAIL = "courriel", "un message est parti, ou pas: cela ne regarde que l’adresse"
    BEGUN = "suivie", "l’alerte a commencé"
    ALREADY = "deja", "la personne suit déjà cette recherche"
    FULL = "complet", "la personne suit déjà assez de recherches"


class DisclosureStep(models.TextChoices):
    """What a doctor who looks for a successor and a candidate tell each other, in this order, each agreed by both (N23)."""

    PROFILE = "profile", "le parcours du candidat, sans son nom"
    COMMUNE = "commune", "la commune du cabinet"
    IDENTITY = "identity", "les noms et les coordonnées des deux"
