"""Closed lists that several apps share: how kinds are drawn on maps and in lists; states of mail and of what is announced."""

from django.db import models


class MailState(models.TextChoices):
    """Where a message stands."""

    WAITING = "waiting", "en attente"
    SENT = "sent", "envoyé"
    FAILED = "failed", "échec"
    DROPPED = "dropped", "classé sans suite"


class State(models.TextChoices):
    """Where an offer or a dwelling stands. Readers see the published ones only: `core.querysets.Announcements.visible`."""

    DRAFT = "draft", "brouillon"
    SUBMITTED = "submitted", "à relire"
    PUBLISHED = "published", "publiée"
    PAUSED = "paused", "en pause"
    FILLED = "filled", "pourvue"
    EXPIRED = "expired", "expirée"
    WITHDRAWN = "withdrawn", "retirée"


TRANSITIONS = {
    State.DRAFT: {State.SUBMITTED, State.PUBLISHED, State.WITHDRAWN},
    State.SUBMITTED: {State.DRAFT, State.PUBLISHED, State.WITHDRAWN},
    State.PUBLISHED: {State.PAUSED, State.FILLED, State.EXPIRED, State.WITHDRAWN},
    State.PAUSED: {State.PUBLISHED, State.FILLED, State.EXPIRED, State.WITHDRAWN},
    State.FILLED: {State.PUBLISHED, State.WITHDRAWN},
    State.EXPIRED: {State.PUBLISHED, State.FILLED, State.WITHDRAWN},
    State.WITHDRAWN: {State.DRAFT, State.PUBLISHED},
}
"""From each state, the states that may follow it. Nothing else changes the `state` of a row."""

REASON_REQUIRED = {State.WITHDRAWN, State.DRAFT}
"""States that are entered with a written reason (a refusal or a withdrawal is always explained, DSA-01)."""


class ChangeState(models.TextChoices):
    """What became of a change that a publisher proposed to something published."""

    OPEN = "open", "à relire"
    APPROVED = "approved", "approuvée"
    REFUSED = "refused", "refusée"
    REPLACED = "replaced", "remplacée par une autre"
    VOID = "void", "sans objet"


UNLAWFUL = "unlawful"
"""Why readers report a text that may be against the law: the team alone looks at it and settles it (DSA-01)."""


class MarkerShape(models.TextChoices):
    """Outline of a marker: kinds are told apart by shape, glyph and word, never by colour alone."""

    CIRCLE = "circle", "cercle"
    SQUARE = "square", "carré"
    HEXAGON = "hexagon", "hexagone"
    SHIELD = "shield", "écu"
    DIAMOND = "diamond", "losange"
    TRIANGLE = "triangle", "triangle"
    ARCH = "arch", "arche"
    HOUSE = "house", "maison"
    CROSS = "cross", "croix"
    PENNANT = "pennant", "fanion"


class MarkerTone(models.TextChoices):
    """Colour role of a marker, a token of the style sheet."""

    ACTION = "action", "lavande"
    OLIVE = "olive", "olive"
    OCHRE = "ochre", "ocre"
    SORGUE = "sorgue", "bleu Sorgue"


class MarkerGlyph(models.TextChoices):
    """Drawing inside a marker, a symbol `k-…` of the icon sprite."""

    LOCUM = "locum", "deux flèches (remplacement)"
    SUCCESSION = "succession", "clé (succession)"
    COLLABORATION = "collaboration", "deux personnes (collaboration)"
    ASSOCIATION = "association", "anneaux (association)"
    SALARIED = "salaried", "badge (salariat)"
    SHARED = "shared", "cercle partagé (temps partagé)"
    CONSULTATION = "consultation", "stéthoscope (consultations)"
    CREATION = "creation", "pousse (création)"
    TRAINING = "training", "toque (stage)"
    ASSISTANT = "assistant", "personne et plus (adjoint)"
    HOSPITAL = "hospital", "bâtiment et H (hôpital)"
    CLINIC = "clinic", "fronton et croix (clinique)"
    REHABILITATION = "rehabilitation", "personne en mouvement (rééducation)"
    MIND = "mind", "tête de profil (santé mentale)"
    RIBBON = "ribbon", "ruban (cancérologie)"
    DROP = "drop", "goutte (dialyse)"
    HOME_CARE = "home_care", "maison et cœur (soins à domicile)"
    MSP = "msp", "maison et deux personnes (MSP)"
    CENTRE = "centre", "croix dans un carré (centre de santé)"
    MOON = "moon", "lune (garde)"
    ELDERLY = "elderly", "personne et canne (EHPAD)"
    PHARMACY = "pharmacy", "croix (pharmacie)"
    FLASK = "flask", "fiole (laboratoire)"
    IMAGING = "imaging", "cadre et rayons (imagerie)"
    EMERGENCY = "emergency", "éclair (urgences)"
    BUS = "bus", "bus (itinérant)"
    SOLIDARITY = "solidarity", "mains et cœur (solidarités)"
    CHILD = "child", "enfant (crèche)"
