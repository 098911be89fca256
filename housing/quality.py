"""What interns and locums look for in a dwelling, what this one says, and what it still could: a help to write, never a condition (N1)."""

from core.announced.quality import Meter, Point
from core.announced.rules import is_empty
from housing.enums import DwellingKind, Equipment

SHARED_HOME = (DwellingKind.ROOM, DwellingKind.SHARED)
POINTS = (
    # Field, what is looked for, why it matters. In the order in which one reads.
    ("periods", "des dates libres", "Un semestre commence à jour fixe\u00a0: sans dates, personne ne sait si c’est pour lui."),
    ("internet", "l’accès à internet", "Les gardes se préparent et les cours se suivent en ligne."),
    ("kitchen", "une cuisine à utiliser", "Six mois sans cuisine, c’est non."),
    ("own_bathroom", "une salle d’eau à soi", "La première question pour une chambre chez l’habitant."),
    ("desk", "un bureau", "Un interne écrit une thèse."),
    ("washing_machine", "un lave-linge", "Les blouses se lavent souvent."),
    ("other_occupants", "qui d’autre vit là", "Un nombre suffit\u00a0: seul, à deux, à quatre."),
    ("car", "s’il faut une voiture, et où la garer", "Beaucoup d’internes n’en ont pas, les autres doivent la garer."),
    ("visitors", "les visites", "Un conjoint vient le week-end."),
    ("max_stay_days", "la durée possible", "Un remplaçant reste une semaine, un interne six mois."),
    ("description", "le mot de l’hôte", "Le quartier, le calme, la vue\u00a0: c’est ce qui donne envie."),
    ("photos", "une photographie", "La chambre et la lumière\u00a0: une annonce sans image est peu ouverte."),
)
EQUIPMENT = {item.value for item in Equipment}


def meter(dwelling, *, periods=0, photos=None):
    """The `Meter` of a dwelling; `periods` is how many it is offered for, `photos` how many it has, None where none can be added."""
    asked = [Point(*point) for point in POINTS]
    if dwelling.kind not in SHARED_HOME:
        asked = [point for point in asked if point.field not in ("own_bathroom", "other_occupants")]
    if photos is None:
        asked = [point for point in asked if point.field != "photos"]
    says = {"periods": periods > 0, "photos": bool(photos), "car": dwelling.car_needed or bool(dwelling.parking)}
    says |= {item: item in dwelling.equipment for item in EQUIPMENT}
    return Meter.of(asked, {point.field: says[point.field] if point.field in says else given(dwelling, point.field) for point in asked})


def given(dwelling, field):
    """Whether somebody gave this fact."""
    return not is_empty(getattr(dwelling, field))
