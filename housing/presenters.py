"""A dwelling as readers see it: the few facts of a card, the ruled tables of a page.

Pure functions, called for each row of a list. Nothing here reads the address or the exact place.
"""

from dataclasses import dataclass
from typing import NamedTuple

from django.utils import timezone

from core import french
from core.enums import State
from core.french import NBSP
from core.geography import distance_km
from housing.asked import one_way, told_apart
from housing.enums import MARKERS, Allowed, Audience, ChargesMode, DwellingKind, EnergyClass, Equipment, HostKind, Internet, Lease, Parking

NEW_FOR_DAYS = 7
OLD_AFTER_DAYS = 30
"""Beyond, readers see that the last confirmation is old."""
PHOTO_SIZES, WIDE_PHOTO_SIZES = "(min-width: 48rem) 15rem, 100vw", "(min-width: 48rem) 40rem, 100vw"
KINDS, HOSTS, EQUIPMENT, AUDIENCES, INTERNET, ALLOWED = (
    dict(choices.choices) for choices in (DwellingKind, HostKind, Equipment, Audience, Internet, Allowed)
)


@dataclass(frozen=True, slots=True)
class Card:
    """What the template of a card shows; every value is ready to print."""

    pk: int
    url: str
    title: str
    kind_label: str
    shape: str
    glyph: str
    tone: str
    place: str
    rent: str
    price: tuple
    """The rent as a card shows it: what stands out, and what it is of."""
    ways: tuple
    """To each place asked for: (name, "12 min de route" or "à 8 km"); the head of the list says that it is as the crow flies."""
    week: str
    facts: tuple
    freshness: str
    is_old: bool
    is_new: bool
    is_demo: bool
    closed: str = ""
    is_checked: bool = True
    photo: "Picture | None" = None
    note: str = ""
    months: tuple = ()
    """Of the semester asked for, all of which it is free: "nov.", "déc."."""


def card(dwelling, search=None, photo=None):
    """The card of a dwelling or of its `CardRow`; `search` says which places distances are told to, and for which nights it is free."""
    marker = MARKERS[dwelling.kind]
    now = search.now if search else timezone.now()
    return Card(
        pk=dwelling.pk,
        url=dwelling.get_absolute_url() + (search.carried if search else ""),
        title=dwelling.title,
        kind_label=kind_label(dwelling),
        shape=marker.shape,
        glyph=marker.glyph,
        tone=marker.tone,
        place=place(dwelling),
        rent=rent(dwelling),
        price=price(dwelling),
        ways=card_ways(dwelling, search.commute) if search else (),
        week=week(dwelling, search.commute) if search else "",
        facts=card_facts(dwelling),
        freshness=freshness(dwelling),
        is_old=is_old(dwelling, now),
        is_new=bool(dwelling.published_at and (now - dwelling.published_at).days < NEW_FOR_DAYS),
        is_demo=dwelling.is_demo,
        closed="" if dwelling.state == State.PUBLISHED else State(dwelling.state).label,
        photo=picture(photo) if photo else None,
        note=f"Libre {when(search.stay)}" if search and search.stay else "",
        months=months(search.stay) if search and search.stay else (),
    )


def kind_label(dwelling):
    """`Chambre chez l’habitant`, `Chambre en résidence ou internat, 6 identiques`."""
    label = KINDS[dwelling.kind]
    label = label[0].upper() + label[1:]
    return label if dwelling.places == 1 else f"{label}, {dwelling.places}{NBSP}identiques"


def place(dwelling):
    """`Sault, Ventoux Sud`."""
    if dwelling.commune_id is None:
        return "Lieu à préciser"
    return f"{dwelling.commune.name}, {dwelling.commune.epci.short_name}"


def a_month(euros):
    """`380 €/mois`, cents only when there are some."""
    return f"{french.euros(euros)}/mois"


def rent(dwelling):
    """`380 €/mois charges comprises` (LOG-01)."""
    if dwelling.monthly_total is None:
        return ""
    return f"{a_month(dwelling.monthly_total)} charges comprises" if dwelling.monthly_total else "Hébergement gratuit"


def price(dwelling):
    """`("380 €", "par mois, charges comprises")`."""
    if not dwelling.monthly_total:
        return rent(dwelling), ""
    return french.euros(dwelling.monthly_total), "par mois, charges comprises"


def months(stay):
    """The months of a semester that are still to come when the stay begins; none for other nights."""
    if not stay.semester:
        return ()
    return tuple(french.SHORT_MONTHS[month] for year, month in stay.semester.months if (year, month) >= (stay.start.year, stay.start.month))


def when(stay):
    """`pour novembre 2026 à avril 2027`, `du 2 au 20 janvier 2027`."""
    return f"de {stay.semester.label}" if stay.semester else french.date_range(stay.start, stay.end)


def near_in_words(place, places):
    """`Vaison-la-Romaine`, with the half-days when they tell places apart."""
    if len(places) == 1:
        return f"près {place.anchor.after_near}"
    share = f", {french.plural(place.half_days, 'demi-journée')}" if told_apart(places) else ""
    return f"près {place.anchor.after_near}{share}"


def ways(dwelling, commute):
    """How far each place is: in kilometres as the crow flies, and in minutes of road when they are known."""
    return tuple((name, way(km, minutes)) for name, km, minutes in _measured(dwelling, commute))


def card_ways(dwelling, commute):
    """The same on a card: minutes alone, or kilometres alone, where the head of the list says that all of them are as the crow flies."""
    told = []
    for name, km, minutes in _measured(dwelling, commute):
        short = by_road(minutes) if minutes is not None else french.kilometres(km) if km is not None else ""
        told.append((name, way(km, None) if commute.by_road and minutes is None else short))
    return tuple(told)


def _measured(dwelling, commute):
    """Each place asked for with its kilometres and its minutes, None where they are not known."""
    for place in commute.near:
        minutes = one_way(dwelling.commune_id, place, commute.minutes) if commute.by_road else None
        yield place.anchor.text, distance_km(dwelling.point, place.point) if dwelling.point else None, minutes


def way(km, minutes):
    """`12 min de route, à 8 km à vol d’oiseau`; without minutes when nobody measured them."""
    crow = f"à {french.kilometres(km)} à vol d’oiseau" if km is not None else ""
    if minutes is None:
        return crow
    return ", ".join(filter(None, [by_road(minutes), crow]))


def by_road(minutes):
    """`12 min de route`, `dans la même commune`."""
    return f"{minutes}{NBSP}min de route" if minutes else "dans la même commune"


def week(dwelling, commute):
    """`environ 2 h 40 de route par semaine, pour 6 demi-journées`: when times of the road are known, and half-days were chosen."""
    minutes = commute.weekly.get(dwelling.commune_id)
    if not minutes or not commute.is_shared_out:
        return ""
    half_days = sum(place.half_days for place in commute.near)
    hours, rest = divmod(round(minutes / 10) * 10, 60)
    time = " ".join([*([f"{hours}{NBSP}h"] if hours else []), *([f"{rest:02}" if hours else f"{rest}{NBSP}min"] if rest else [])])
    return f"environ {time or f'10{NBSP}min'} de route par semaine, pour {half_days}{NBSP}demi-journées"


def is_old(dwelling, now):
    """Whether the last confirmation is older than the promise made to readers."""
    return dwelling.confirmed_at is None or (now - dwelling.confirmed_at).days >= OLD_AFTER_DAYS


def freshness(dwelling):
    if dwelling.confirmed_at is None:
        return "Pas encore confirmée"
    return f"Confirmée le {french.date(timezone.localtime(dwelling.confirmed_at))}"


def area(dwelling):
    return f"{french.number(dwelling.living_area_m2)}{NBSP}m²" if dwelling.living_area_m2 else ""


def stay_lengths(dwelling):
    """`de 1 à 6 mois`, in days when they are no months."""
    low, high = dwelling.min_stay_days, dwelling.max_stay_days
    if low and high:
        return f"de {length(low)} à {length(high)}"
    return f"{length(low)} au moins" if low else f"{length(high)} au plus" if high else ""


def length(days):
    """`6 mois` for 180 to 186 days, `45 jours`."""
    months = round(days / 30.4)
    return f"{months}{NBSP}mois" if months and abs(days - months * 30.4) <= max(2, months) else french.plural(days, "jour")


def card_facts(dwelling):
    """At most four facts, those that an intern compares first; those that are not known are not shown."""
    facts = [
        ("Surface", area(dwelling)),
        ("Meublé", "oui" if dwelling.is_furnished else "non"),
        ("Internet", INTERNET[dwelling.internet] if dwelling.internet else ""),
        ("Voiture", "indispensable" if dwelling.car_needed else ""),
        ("Animaux", ALLOWED[dwelling.pets] if dwelling.pets else ""),
        ("Accès", "de plain-pied ou ascenseur" if dwelling.step_free else ""),
        ("Séjour", stay_lengths(dwelling)),
    ]
    return tuple([fact for fact in facts if fact[1]][:4])


class Picture(NamedTuple):
    """A photograph as templates write it."""

    src: str
    srcset: str
    srcset_avif: str
    width: int
    height: int
    alt: str
    credit: str
    sizes: str


def picture(photo, sizes=PHOTO_SIZES):
    """The addresses of every width of a photograph, the size of the largest, its text, its credit."""
    return Picture(photo.src, photo.srcset, photo.srcset_avif, photo.width, photo.height, photo.alternative_text, photo.credit, sizes)


# --- The page ----------------------------------------------------------------------------------


def sections(dwelling):
    """The facts of a dwelling by subject, as (id, title, rows); rows are (label, value, small print), empty ones left out."""
    tables = (
        ("logement", "Le logement", _what(dwelling)),
        ("conditions", "Loyer et conditions", _terms(dwelling)),
        ("regles", "La vie sur place", _rules(dwelling)),
        ("energie", "Énergie et risques", _energy(dwelling)),
        ("annonce", "L’annonce", _notice(dwelling)),
    )
    kept = ((id_, title, [row for row in rows if row[1]]) for id_, title, rows in tables)
    return [table for table in kept if table[2]]


def _what(dwelling):
    return [
        ("Type", kind_label(dwelling), ""),
        ("Surface habitable", area(dwelling), ""),
        ("Pièces", french.number(dwelling.room_count) if dwelling.room_count else "", ""),
        ("Personnes", french.plural(dwelling.capacity, "personne"), "par chambre" if dwelling.places > 1 else ""),
        ("Meublé", "oui" if dwelling.is_furnished else "non", ""),
        ("Équipements", ", ".join(EQUIPMENT[code] for code in dwelling.equipment if code in EQUIPMENT), ""),
        ("Internet", dwelling.get_internet_display() if dwelling.internet != Internet.UNKNOWN else "", ""),
        ("Stationnement", dwelling.get_parking_display() if dwelling.parking != Parking.UNKNOWN else "", ""),
        ("Accès", "de plain-pied ou par ascenseur" if dwelling.step_free else "avec des marches, ou non précisé", ""),
        ("Voiture", "indispensable" if dwelling.car_needed else "", ""),
    ]


def _terms(dwelling):
    money = lambda amount: "" if amount is None else french.euros(amount) if amount else "aucun"  # noqa: E731
    charges = "aucune"
    if dwelling.charges:
        charges = f"{french.euros(dwelling.charges)} par mois"
    inventory = f"dont {french.euros(dwelling.inventory_fee)} d’état des lieux" if dwelling.inventory_fee else ""
    return [
        ("Loyer", rent(dwelling), f"hors charges\u00a0: {french.euros(dwelling.rent)}" if dwelling.rent else ""),
        ("Charges", charges, dwelling.get_charges_mode_display() if dwelling.charges_mode not in ("", ChargesMode.NONE) else ""),
        ("Dépôt de garantie", money(dwelling.deposit), ""),
        ("Honoraires du locataire", money(dwelling.agency_fee), inventory),
        ("Honoraires d’état des lieux", "" if dwelling.agency_fee else money(dwelling.inventory_fee), "à la charge du locataire"),
        ("Location", Lease(dwelling.lease).label if dwelling.lease else "", ""),
        ("Durée du séjour", stay_lengths(dwelling), ""),
        ("Pour", ", ".join(AUDIENCES[code] for code in dwelling.audience if code in AUDIENCES), ""),
    ]


def _rules(dwelling):
    allowed = lambda value: "" if value == Allowed.UNKNOWN else Allowed(value).label  # noqa: E731
    others = dwelling.other_occupants
    return [
        (
            "Qui vit là",
            "" if others is None else "personne d’autre" if not others else french.plural(others, "autre personne", "autres personnes"),
            "",
        ),
        ("Animaux", allowed(dwelling.pets), ""),
        ("Visites", allowed(dwelling.visitors), ""),
        ("Fumer à l’intérieur", allowed(dwelling.smoking), ""),
        ("Autres règles", dwelling.rules_note, ""),
    ]


def _others(count):
    if count is None:
        return ""
    return french.plural(count, "autre personne", "autres personnes") if count else "personne d’autre"


def _energy(dwelling):
    if dwelling.energy_class == EnergyClass.EXEMPT:
        return [("Diagnostic", "non soumis", dwelling.energy_exempt_reason)]
    low, high, year = dwelling.energy_cost_min, dwelling.energy_cost_max, dwelling.energy_price_year
    cost = f"de {french.number(low)} à {french.euros(high)} par an" if low is not None and high is not None else ""
    return [
        ("Classe énergie", dwelling.energy_class, ""),
        ("Classe climat", dwelling.climate_class, ""),
        ("Dépenses d’énergie estimées", cost, f"prix de l’énergie de {year}" if year else ""),
        ("Diagnostic du", french.date(dwelling.energy_diagnosed_on) if dwelling.energy_diagnosed_on else "", ""),
    ]


def _notice(dwelling):
    host = HOSTS[dwelling.host_kind]
    return [
        ("Proposé par", dwelling.organisation or host, host if dwelling.organisation else ""),
        ("Référence", dwelling.reference, ""),
        ("Valable jusqu’au", french.date(timezone.localtime(dwelling.expires_at)) if dwelling.expires_at else "", ""),
    ]
