"""An offer as readers see it: the few facts of a card, the ruled tables of a page.

Pure functions of an offer whose `commune__epci` is loaded. They are called for each row of a list,
so they build plain strings once and leave nothing for the template to compute.
"""

from dataclasses import dataclass, field

from django.utils import timezone

from core import french
from opportunities import rules
from opportunities.enums import DutyRota, HalfDay, HomeVisits, LocationPrecision, SalaryPeriod, Secretary, State

NEW_FOR_DAYS = 7

# Labels by value, nothing for nothing; `get_…_display()` rebuilds them at each call, and a list calls for many.
SECRETARY, HOME_VISITS, DUTY_ROTA, SALARY_PERIOD = (
    {"": "", **dict(choices.choices)} for choices in (Secretary, HomeVisits, DutyRota, SalaryPeriod)
)


@dataclass(frozen=True, slots=True)
class Card:
    """What the template of a card shows; every value is ready to print. Equal cards look the same."""

    pk: int
    url: str
    title: str
    kind_label: str
    shape: str
    glyph: str
    tone: str
    place: str
    facts: tuple
    freshness: str
    is_old: bool
    is_new: bool
    is_demo: bool
    distance: str = ""
    note: str = ""
    closed: str = ""
    is_checked: bool = True


def card(offer, kind, now):
    """The card of an offer; `distance_km` is read from the row when the query annotated it.

    Of a place kept back it is that of the middle of the intercommunalité: not told, it would be read as the place's.
    """
    distance = None if offer.location_precision == LocationPrecision.EPCI else getattr(offer, "distance_km", None)
    confirmed = offer.confirmed_at
    return Card(
        pk=offer.pk,
        url=offer.get_absolute_url(),
        title=offer.title,
        kind_label=kind.label,
        shape=kind.shape,
        glyph=kind.glyph,
        tone=kind.tone,
        place=place(offer),
        facts=card_facts(offer),
        freshness=freshness(offer),
        is_old=is_old(offer, now),
        is_new=bool(offer.published_at and (now - offer.published_at).days < NEW_FOR_DAYS),
        is_demo=offer.is_demo,
        distance="" if distance is None else f"à {french.kilometres(distance)}",
        note=note(offer),
        closed="" if offer.state == State.PUBLISHED and confirmed else offer.get_state_display(),
    )


def note(offer):
    """What else a doctor should know before opening the offer."""
    notes = []
    if offer.other_commune_ids:
        notes.append("plusieurs lieux d’exercice")
    if offer.partial_coverage:
        notes.append("couverture partielle acceptée")
    return " · ".join(notes)


def place(offer):
    """`Sault, Ventoux Sud`; only the intercommunalité when the commune is kept back."""
    if offer.commune_id is None:
        return "Lieu à préciser"
    return place_name(offer.commune, offer.location_precision)


def place_name(commune, precision):
    """A commune and its intercommunalité, or the latter alone, as far as the precision lets readers know."""
    epci = commune.epci.short_name
    return f"Secteur {epci}" if precision == LocationPrecision.EPCI else f"{commune.name}, {epci}"


def is_old(offer, now):
    """Whether the last confirmation is older than the promise made to readers (30 days)."""
    return offer.confirmed_at is None or (now - offer.confirmed_at).days >= rules.CONFIRM_AFTER_DAYS


def freshness(offer):
    if offer.confirmed_at is None:
        return "Pas encore confirmée"
    return f"Confirmée le {french.date(offer.confirmed_at.astimezone(timezone.get_default_timezone()))}"


def period(offer):
    """When the practice begins and ends, in words."""
    start, end = offer.starts_on, offer.ends_on
    if start and end:
        return french.date_range(start, end)
    if start:
        return f"vers le {french.date(start)}" if offer.flexible_start else f"à partir du {french.date(start)}"
    if end:
        return f"jusqu’au {french.date(end)}"
    return "dès que possible" if offer.flexible_start else ""


def rhythm(offer):
    days = offer.days_per_week
    return f"{french.plural(days, 'jour')} par semaine" if days else ""


def salary(offer):
    """`de 6 200 à 7 100 € brut par mois`, or one bound alone."""
    low, high, unit = offer.salary_min, offer.salary_max, SALARY_PERIOD[offer.salary_period]
    if low is None and high is None:
        return ""
    if low is None or high is None:
        return f"{'jusqu’à' if low is None else 'à partir de'} {french.euros(high if low is None else low)} {unit}"
    if low == high:
        return f"{french.euros(low)} {unit}"
    return f"de {french.number(low)} à {french.euros(high)} {unit}"


def fee_share(offer):
    return "" if offer.fee_share is None else french.percent(offer.fee_share)


def half_days(values):
    """`jeudi, vendredi`, or `mercredi toute la journée, samedi matin` when whole days and halves stand side by side."""
    chosen, whole, words = set(values), [], []
    for weekday, name in enumerate(("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi")):
        morning, afternoon = 2 * weekday in chosen, 2 * weekday + 1 in chosen
        if morning and afternoon:
            whole.append(name)
            words.append(name)
        elif morning or afternoon:
            words.append(HalfDay(2 * weekday + (0 if morning else 1)).label)
    mixed = len(whole) != len(words)
    return ", ".join(f"{word} toute la journée" if mixed and word in whole else word for word in words)


def card_facts(offer):
    """At most six facts, the ones a doctor compares first; facts that are not known are not shown."""
    facts = [
        ("Dates" if offer.ends_on else "Disponible", period(offer)),
        ("Part d’honoraires", fee_share(offer)),
        ("Salaire", salary(offer)),
        ("Demi-journées", half_days(offer.half_days)),
        ("Rythme", "" if offer.half_days else rhythm(offer)),
        ("Patientèle", french.plural(offer.patient_list, "patient") if offer.patient_list else ""),
        ("Équipe", offer.team),
        ("Secrétariat", SECRETARY[offer.secretary]),
        ("Gardes", DUTY_ROTA[offer.duty_rota]),
        ("Visites", HOME_VISITS[offer.home_visits]),
        ("Logement", (offer.lodging_note or "possible") if offer.lodging else ""),
        ("Logiciel", offer.software),
    ]
    return tuple([fact for fact in facts if fact[1]][:6])


@dataclass(slots=True)
class Section:
    """A ruled table of a page: rows are (label, value, small print)."""

    id: str
    title: str
    rows: list = field(default_factory=list)


def sections(offer):
    """The facts of an offer by subject; empty rows and empty sections are left out."""
    tables = (
        Section("activite", "L’activité", _activity(offer)),
        Section("conditions", "Les conditions", _terms(offer)),
        Section("cabinet", "Le cabinet et l’équipe", _practice(offer)),
        Section("annonce", "L’annonce", _notice(offer)),
    )
    for table in tables:
        table.rows = [row for row in table.rows if row[1]]
    return [table for table in tables if table.rows]


def _activity(offer):
    return [
        (
            "Dates" if offer.ends_on else "Disponible",
            period(offer) or "à convenir",
            "couverture partielle acceptée" if offer.partial_coverage else "",
        ),
        ("Rythme", rhythm(offer), ""),
        ("Demi-journées", half_days(offer.half_days), ""),
        ("Patients par jour", french.number(offer.patients_per_day) if offer.patients_per_day else "", ""),
        (
            "Patientèle",
            french.plural(offer.patient_list, "patient") if offer.patient_list else "",
            "patients médecin traitant" if offer.patient_list else "",
        ),
        ("Visites à domicile", HOME_VISITS[offer.home_visits], ""),
        ("Gardes (PDSA)", DUTY_ROTA[offer.duty_rota], offer.duty_note),
    ]


def _terms(offer):
    return [
        ("Part des honoraires", fee_share(offer), "reversée au médecin" if offer.fee_share is not None else ""),
        ("Salaire", salary(offer), ""),
        ("Reprise", french.euros(offer.price) if offer.price is not None else "", "matériel, parts et droit de présentation"),
        ("Charges", f"{french.euros(offer.monthly_charges)} par mois environ" if offer.monthly_charges is not None else "", ""),
        ("Secteur conventionnel", offer.get_tariff_sector_display(), ""),
        ("Précision", offer.terms_note, ""),
        ("Logement", "possible" if offer.lodging else "", offer.lodging_note),
    ]


def _practice(offer):
    exact = offer.location_precision == LocationPrecision.EXACT
    return [
        ("Cadre d’exercice", offer.setting.label if offer.setting_id else "", ""),
        ("Lieu", offer.workplace if exact else "", ""),
        ("Adresse", _address(offer) if exact and offer.address else "", ""),
        ("Équipe autour", offer.team, ""),
        ("Secrétariat", SECRETARY[offer.secretary], ""),
        ("Logiciel", offer.software, ""),
        ("Plateau technique", offer.equipment, ""),
        ("Maître de stage", "oui, sur place" if offer.msu_on_site else "", ""),
        ("Ouvert aussi", "aux médecins retraités actifs" if offer.retired_active_welcome else "", ""),
    ]


def _address(offer):
    town = f"{offer.commune.postal_code} {offer.commune.name}" if offer.commune_id else ""
    return ", ".join(part for part in (offer.address, town) if part)


def _notice(offer):
    return [
        (
            "Publiée par",
            offer.organisation or offer.get_publisher_kind_display(),
            offer.get_publisher_kind_display() if offer.organisation else "",
        ),
        ("Profession", offer.profession.label, ""),
        ("Référence", offer.reference, ""),
        ("Valable jusqu’au", french.date(timezone.localtime(offer.expires_at)) if offer.expires_at else "", ""),
    ]
