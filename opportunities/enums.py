"""Closed lists of an offer of practice. Its states are those of everything that is announced (`core.enums`)."""

from django.db import models

from core.enums import REASON_REQUIRED, TRANSITIONS, UNLAWFUL, ChangeState, State  # noqa: F401  those of everything that is announced


class ReportReason(models.TextChoices):
    """What a reader says of an offer."""

    FILLED = "filled", "le poste est pourvu"
    OVER = "over", "les dates sont passées"
    WRONG = "wrong", "une information est fausse"
    SILENT = "silent", "personne ne répond"
    UNLAWFUL = UNLAWFUL, "le texte est illicite ou trompeur"


class LocationPrecision(models.TextChoices):
    """How precisely readers are told the place. Only `EXACT` keeps a point and an address of its own."""

    EXACT = "exact", "à l’adresse exacte"
    COMMUNE = "commune", "dans la commune, sans adresse"
    EPCI = "epci", "dans l’intercommunalité, sans nommer la commune"


class Secretary(models.TextChoices):
    ON_SITE = "on_site", "sur place"
    REMOTE = "remote", "à distance"
    BOTH = "both", "sur place et à distance"
    NONE = "none", "aucun"


class HomeVisits(models.TextChoices):
    NONE = "none", "aucune"
    FEW = "few", "quelques-unes"
    REGULAR = "regular", "régulières"


class DutyRota(models.TextChoices):
    """Taking part in the permanence des soins ambulatoires (PDSA)."""

    NONE = "none", "non"
    OPTIONAL = "optional", "possible"
    EXPECTED = "expected", "prévue"


class TariffSector(models.TextChoices):
    SECTOR_1 = "sector_1", "secteur 1"
    SECTOR_2 = "sector_2", "secteur 2"
    SECTOR_2_OPTAM = "sector_2_optam", "secteur 2 Optam"


class SalaryPeriod(models.TextChoices):
    MONTH = "month", "brut par mois"
    YEAR = "year", "brut par an"
    DAY = "day", "brut par jour"


class PublisherKind(models.TextChoices):
    """Who publishes, always told to readers (DSA-02)."""

    DOCTOR = "doctor", "un médecin"
    PRACTICE = "practice", "un cabinet"
    MSP = "msp", "une maison de santé"
    HEALTH_CENTRE = "health_centre", "un centre de santé"
    HOSPITAL = "hospital", "un établissement de santé"
    COMMUNE = "commune", "une commune ou une intercommunalité"
    DEPARTMENT = "department", "le Département"
    CPTS = "cpts", "une CPTS"
    VSA = "vsa", "l’équipe VSA"
    OTHER = "other", "un autre organisme"


class HalfDay(models.IntegerChoices):
    """Half-days of a working week, Monday morning first: `2 * weekday + (1 if afternoon)`."""

    MON_AM = 0, "lundi matin"
    MON_PM = 1, "lundi après-midi"
    TUE_AM = 2, "mardi matin"
    TUE_PM = 3, "mardi après-midi"
    WED_AM = 4, "mercredi matin"
    WED_PM = 5, "mercredi après-midi"
    THU_AM = 6, "jeudi matin"
    THU_PM = 7, "jeudi après-midi"
    FRI_AM = 8, "vendredi matin"
    FRI_PM = 9, "vendredi après-midi"
    SAT_AM = 10, "samedi matin"
    SAT_PM = 11, "samedi après-midi"


class KindField(models.TextChoices):
    """Facts that a kind of offer may ask for; names are those of the fields of `Opportunity`."""

    STARTS_ON = "starts_on", "date de début"
    ENDS_ON = "ends_on", "date de fin"
    DAYS_PER_WEEK = "days_per_week", "jours par semaine"
    HALF_DAYS = "half_days", "demi-journées"
    PARTIAL_COVERAGE = "partial_coverage", "couverture partielle possible"
    FEE_SHARE = "fee_share", "part des honoraires"
    SALARY_MIN = "salary_min", "salaire minimum"
    SALARY_MAX = "salary_max", "salaire maximum"
    SALARY_PERIOD = "salary_period", "période du salaire"
    PRICE = "price", "montant de la reprise"
    CHARGES = "monthly_charges", "charges mensuelles"
    PATIENTS_PER_DAY = "patients_per_day", "patients par jour"
    PATIENT_LIST = "patient_list", "patientèle"
    TARIFF_SECTOR = "tariff_sector", "secteur conventionnel"
    SOFTWARE = "software", "logiciel"
    SECRETARY = "secretary", "secrétariat"
    HOME_VISITS = "home_visits", "visites à domicile"
    DUTY_ROTA = "duty_rota", "gardes (PDSA)"
    TEAM = "team", "équipe autour"
    EQUIPMENT = "equipment", "plateau technique"
    LODGING = "lodging", "logement possible"
    MSU_ON_SITE = "msu_on_site", "maître de stage sur place"
    RETIRED_WELCOME = "retired_active_welcome", "médecin retraité actif bienvenu"


class FoundWho(models.TextChoices):
    """Who took an offer, as its publisher says: for the figures of impact, never a name."""

    LOCUM_HERE = "locum_here", "un médecin qui remplaçait déjà en Vaucluse"
    FIRST_PRACTICE = "first", "un médecin dont c’est la première installation"
    SETTLED_HERE = "settled", "un médecin déjà installé en Vaucluse"
    FROM_ELSEWHERE = "elsewhere", "un médecin venu d’un autre département"
    FROM_ABROAD = "abroad", "un médecin venu d’un autre pays"
    INTERN = "intern", "un interne ou un docteur junior"
    RETIRED = "retired", "un médecin retraité actif"
    OTHER = "other", "une autre personne"


class FoundHow(models.TextChoices):
    """How they came to know each other."""

    PORTAL = "portal", "par ce portail"
    TEAM = "team", "par l’équipe VSA"
    WORD = "word", "par le bouche-à-oreille"
    TRAINING = "training", "par la faculté ou un maître de stage"
    ADVERT = "advert", "par un autre site ou une autre annonce"
    AGENCY = "agency", "par un cabinet de recrutement"
    OTHER = "other", "autrement"
