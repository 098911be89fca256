"""What doctors look for in an offer, what this one says, and what it still could: a help to write, never a condition (N1)."""

from core.announced.quality import Meter, Point
from opportunities import rules
from opportunities.enums import KindField, LocationPrecision

POINTS = (
    # Field, what doctors look for, why it matters to them. In the order in which they read.
    ("summary", "une phrase qui résume", "C’est ce qu’on lit dans la liste, avant d’ouvrir."),
    (KindField.STARTS_ON, "la date de début", "Sans date, un médecin ne sait pas s’il peut venir."),
    (KindField.ENDS_ON, "la date de fin", "Un remplaçant choisit d’après ses dates."),
    (KindField.HALF_DAYS, "les demi-journées", "La semaine se construit jour par jour, à plusieurs endroits parfois."),
    (KindField.DAYS_PER_WEEK, "le nombre de jours par semaine", "Le rythme décide, surtout avec des enfants."),
    (KindField.FEE_SHARE, "la part des honoraires", "C’est la première question d’un remplaçant."),
    (KindField.SALARY_MIN, "le salaire", "Un poste sans salaire est peu lu."),
    (KindField.PRICE, "le montant de la reprise", "Il évite un échange inutile, même s’il se discute."),
    (KindField.CHARGES, "les charges mensuelles", "Elles disent ce qui reste."),
    (KindField.PATIENT_LIST, "la patientèle", "Elle dit la charge de travail."),
    (KindField.PATIENTS_PER_DAY, "les patients par jour", "Une journée se juge à ce nombre."),
    (KindField.SOFTWARE, "le logiciel", "On s’y met plus vite quand on le connaît."),
    (KindField.SECRETARY, "le secrétariat", "Sur place, à distance ou aucun\u00a0: la journée n’est pas la même."),
    (KindField.HOME_VISITS, "les visites à domicile", "Elles comptent dans l’emploi du temps."),
    (KindField.DUTY_ROTA, "les gardes", "Savoir s’il y en a rassure, même quand il y en a."),
    (KindField.TEAM, "l’équipe autour", "Personne ne veut être seul."),
    (KindField.EQUIPMENT, "le plateau technique", "Il dit ce qu’on peut faire sur place."),
    (KindField.LODGING, "un logement possible", "Un médecin qui vient de loin commence par là."),
    ("setting", "le cadre d’exercice", "Cabinet seul, groupe, maison de santé\u00a0: c’est un choix de vie."),
    ("description", "le mot du cabinet", "Une journée, l’équipe, ce qui vous plaît ici\u00a0: c’est ce qui donne envie."),
)


def shows_photos(offer):
    """Whether readers see photographs of this offer: one would give away a place that is kept back."""
    return not offer.is_confidential and offer.location_precision != LocationPrecision.EPCI


def photos_of(offer, *, may_add):
    """How many photographs count, for `meter`; None where there is none and none may be added."""
    count = offer.photos.count() if shows_photos(offer) else 0
    return count if count or (may_add and shows_photos(offer)) else None


def meter(offer, photos=None):
    """The `Meter` of an offer with its kind; `photos` is how many it has, None where none can be added."""
    asked = [Point(*point) for point in POINTS if point[0] not in KindField.values or point[0] in offer.kind.shown_fields]
    says = {
        point.field: not rules.is_empty(getattr(offer, f"{point.field}_id" if point.field == "setting" else point.field)) for point in asked
    }
    if offer.flexible_start and "starts_on" in says:
        says["starts_on"] = True  # "as soon as possible" is an answer
    if photos is not None:
        asked.append(Point("photos", "une photographie", "Le cabinet, la vue, l’équipe\u00a0: on se projette."))
        says["photos"] = photos > 0
    return Meter.of(asked, says)
