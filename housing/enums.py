"""Closed lists of a dwelling to let and of its calendar. Its states are those of everything that is announced (`core.enums`)."""

from typing import NamedTuple

from django.db import models

from core.enums import UNLAWFUL, MarkerShape, MarkerTone


class DwellingKind(models.TextChoices):
    """What is let, and what draws it on maps (`MARKERS`)."""

    ROOM = "room", "chambre chez l’habitant"
    STUDIO = "studio", "studio"
    FLAT = "flat", "appartement"
    HOUSE = "house", "maison"
    RESIDENCE = "residence", "chambre en résidence ou internat"
    SHARED = "shared", "chambre en colocation"


class Marker(NamedTuple):
    """How a kind is drawn: `glyph` is a symbol `k-…` of the icon sprite."""

    shape: str
    glyph: str
    tone: str


MARKERS = {
    DwellingKind.ROOM: Marker(MarkerShape.HOUSE, "room", MarkerTone.OCHRE),
    DwellingKind.STUDIO: Marker(MarkerShape.SQUARE, "studio", MarkerTone.OCHRE),
    DwellingKind.FLAT: Marker(MarkerShape.CIRCLE, "flat", MarkerTone.SORGUE),
    DwellingKind.HOUSE: Marker(MarkerShape.ARCH, "house", MarkerTone.OLIVE),
    DwellingKind.RESIDENCE: Marker(MarkerShape.SHIELD, "residence", MarkerTone.ACTION),
    DwellingKind.SHARED: Marker(MarkerShape.HEXAGON, "shared_flat", MarkerTone.SORGUE),
}
"""Kinds are told apart by shape, glyph and word, never by colour alone."""


class HostKind(models.TextChoices):
    """Who lets, always told to readers (DSA-02)."""

    PRIVATE = "private", "un particulier"
    COMMUNE = "commune", "une commune ou une intercommunalité"
    HOSPITAL = "hospital", "un établissement de santé"
    CPTS = "cpts", "une CPTS"
    DEPARTMENT = "department", "le Département"
    OTHER = "other", "un autre organisme"


class Lease(models.TextChoices):
    """How it is let (LOG-05). Tourist lets are out of what the portal is for (LOG-06)."""

    UNFURNISHED = "unfurnished", "bail vide"
    FURNISHED = "furnished", "bail meublé"
    MOBILITY = "mobility", "bail mobilité (1 à 10 mois)"
    SHARED = "shared", "colocation"
    LODGER = "lodger", "chambre chez l’habitant"
    PROVIDED = "provided", "logement fourni par une collectivité ou un établissement"
    FREE = "free", "hébergement gratuit"


class ChargesMode(models.TextChoices):
    """How charges are paid (LOG-01)."""

    NONE = "none", "pas de charges"
    FLAT = "flat", "forfait"
    PROVISION = "provision", "provision, avec régularisation"


class EnergyClass(models.TextChoices):
    """Classes of the diagnostic de performance énergétique (LOG-02)."""

    A = "A", "A"
    B = "B", "B"
    C = "C", "C"
    D = "D", "D"
    E = "E", "E"
    F = "F", "F"
    G = "G", "G"
    EXEMPT = "exempt", "non soumis au diagnostic"


class Equipment(models.TextChoices):
    """What is there to use."""

    KITCHEN = "kitchen", "cuisine équipée"
    OWN_BATHROOM = "own_bathroom", "salle d’eau privée"
    WASHING_MACHINE = "washing_machine", "lave-linge"
    DESK = "desk", "bureau pour travailler"
    LINEN = "linen", "draps et linge fournis"
    HEATING = "heating", "chauffage dans la chambre"
    COOLING = "cooling", "climatisation"
    OUTSIDE = "outside", "jardin, terrasse ou balcon"
    BIKE_SHED = "bike_shed", "abri pour vélos"
    POOL = "pool", "piscine"


class Allowed(models.TextChoices):
    """Whether something is allowed: pets, smoking, visitors."""

    UNKNOWN = "", "non précisé"
    YES = "yes", "oui"
    ASK = "ask", "à demander"
    NO = "no", "non"


class Internet(models.TextChoices):
    """What connects to the network."""

    UNKNOWN = "", "non précisé"
    NONE = "none", "aucun"
    WIFI = "wifi", "wifi"
    FIBRE = "fibre", "fibre"


class Parking(models.TextChoices):
    """Where a car stays."""

    UNKNOWN = "", "non précisé"
    NONE = "none", "aucun"
    STREET = "street", "dans la rue"
    PRIVATE = "private", "place privée"


class Audience(models.TextChoices):
    """Whom it is let to, by what they are here for and by nothing else (LOG-07)."""

    EXTERN = "extern", "externes en stage"
    INTERN = "intern", "internes en stage"
    JUNIOR_DOCTOR = "junior_doctor", "docteurs juniors"
    LOCUM = "locum", "remplaçants"
    SETTLING = "settling", "médecins qui s’installent, avec leur famille"
    OTHER_CARER = "other_carer", "autres soignants"


class BookingState(models.TextChoices):
    """Where a stay stands. Only a confirmed one holds a place."""

    REQUESTED = "requested", "demandé"
    WAITING = "waiting", "en liste d’attente"
    CONFIRMED = "confirmed", "confirmé"
    REFUSED = "refused", "refusé"
    CANCELLED = "cancelled", "annulé"


class BookingOrigin(models.TextChoices):
    """Who wrote a stay into the calendar."""

    PORTAL = "portal", "demande faite sur le portail"
    HOST = "host", "noté par l’hôte"
    KEPT = "kept", "chambre gardée"
    """Nobody stays: the host let another room of the residence for these nights, and said no for this one, or nothing yet."""


class ReportReason(models.TextChoices):
    """What a reader says of a dwelling."""

    LET = "let", "il n’est plus à louer"
    WRONG = "wrong", "une information est fausse"
    SILENT = "silent", "personne ne répond"
    UNLAWFUL = UNLAWFUL, "annonce trompeuse, discriminatoire ou illicite, ou paiement demandé avant la visite"


class LetTo(models.TextChoices):
    """Who came to live there, as the host says: for the figures of impact, never a name."""

    INTERN = "intern", "un interne ou un externe en stage"
    JUNIOR = "junior", "un docteur junior"
    LOCUM = "locum", "un remplaçant"
    SETTLING = "settling", "un médecin qui s’installe"
    CARER = "carer", "un autre soignant"
    OTHER = "other", "une autre personne"
    NOBODY = "nobody", "personne\u00a0: il n’est plus proposé"


class LetHow(models.TextChoices):
    """How host and guest came to know each other."""

    PORTAL = "portal", "par ce portail"
    TEAM = "team", "par l’équipe VSA"
    HOSPITAL = "hospital", "par l’hôpital, la faculté ou un maître de stage"
    WORD = "word", "par le bouche-à-oreille"
    ADVERT = "advert", "par une autre annonce"
    OTHER = "other", "autrement"
