"""Who may, and why not: pure functions about dwellings. The codes (LOG-01...) are those of the legal duties that each rule keeps."""

import re
from datetime import date
from typing import NamedTuple

from django.utils import timezone

from core import french
from core.announced import rules as announced
from core.announced.rules import (
    Problem,
    changed_for_readers,
    doubtful,
    found_wordings,
    is_empty,
    without_codes,
    wrong_expiry,
)
from core.french import NBSP
from core.geography import distance_km
from core.guard import ADDRESS, LINK, PHONE
from core.search import fold
from housing.enums import ChargesMode, DwellingKind, EnergyClass, Lease

# --- Publication -------------------------------------------------------------------------------

PUBLIC_TEXTS = ("title", "description", "rules_note", "energy_exempt_reason", "organisation")
"""Fields that people write freely and that everyone reads."""
WORDED = ("title", "description", "rules_note")
"""Those that are read for expressions to look at again."""
PRIVATE_TEXTS = ("title", "description", "rules_note", "energy_exempt_reason")
"""Those that say nothing by which somebody is found; an organisation bears its name."""

MONTH_DAYS, TEN_MONTHS_DAYS = 28, 306
"""A month and ten months, at their shortest and longest: the bounds of a mobility lease (LOG-05)."""


def missing_for_publication(dwelling, at):
    """What keeps a dwelling from being published at that moment, one `Problem` each; empty when it is ready."""
    return [
        *_missing_place(dwelling),
        *_missing_facts(dwelling),
        *_wrong_money(dwelling),
        *_wrong_lease(dwelling),
        *_high_deposit(dwelling),
        *_wrong_energy(dwelling, at),
        *_told_too_much(dwelling),
        *_tourist(dwelling),
        *wrong_expiry(dwelling, at, "annonce"),
    ]


def missing_to_submit(dwelling, at):
    """What keeps a host from handing a dwelling over: as for publication; the team places its point, from its address."""
    problems = [problem for problem in missing_for_publication(dwelling, at) if problem.field != "expires_at"]
    if not dwelling.address:
        problems.append(Problem("address", "Donnez le numéro et la rue, ou le lieu-dit. Ils ne sont jamais publiés."))
    return problems


ASKED = (
    ("title", "Donnez un titre à l’annonce."),
    ("living_area_m2", "Indiquez la surface habitable."),
    ("lease", "Choisissez la forme de la location."),
    ("rent", "Indiquez le loyer mensuel hors charges. Un hébergement gratuit a un loyer de 0."),
    ("charges", "Indiquez les charges mensuelles\u00a0: 0 s’il n’y en a pas."),
    ("charges_mode", "Dites comment les charges se paient."),
    ("deposit", "Indiquez le dépôt de garantie\u00a0: 0 s’il n’y en a pas."),
    ("inventory_fee", "Indiquez les honoraires d’état des lieux à la charge du locataire\u00a0: 0 s’il n’y en a pas."),
    ("energy_class", "Indiquez la classe énergie, ou «\u00a0non soumis\u00a0» et pourquoi."),
    ("climate_class", "Indiquez la classe climat, ou «\u00a0non soumis\u00a0» et pourquoi."),
)
"""Facts that every announcement gives (LOG-01, LOG-02, LOG-05), and how they are asked for."""


def _missing_facts(dwelling):
    problems = [Problem(name, message) for name, message in ASKED if is_empty(getattr(dwelling, name))]
    if dwelling.living_area_m2 is not None and dwelling.living_area_m2 <= 0:
        problems.append(Problem("living_area_m2", "Une surface est positive."))
    if not dwelling.right_to_let:
        problems.append(Problem("right_to_let", "Attestez que vous avez le droit de louer, ou l’accord écrit de votre bailleur."))
    return problems


def _missing_place(dwelling):
    if dwelling.commune_id is None:
        return [Problem("commune", "Choisissez la commune.")]
    if dwelling.exact_point and distance_km(dwelling.commune, dwelling.exact_point) > dwelling.commune.reach_km:
        return [
            Problem(
                "exact_latitude",
                f"Le point est hors de la commune choisie ({dwelling.commune}){NBSP}: déplacez-le ou changez de commune.",
            )
        ]
    return []


def _wrong_money(dwelling):
    """What amounts say together (LOG-01)."""
    problems = []
    if dwelling.rent is not None and dwelling.rent <= 0 and dwelling.lease != Lease.FREE:
        problems.append(Problem("rent", "Le loyer est supérieur à 0\u00a0€, sauf pour un hébergement gratuit."))
    if dwelling.rent and dwelling.lease == Lease.FREE:
        problems.append(Problem("rent", "Un hébergement gratuit a un loyer de 0."))
    if dwelling.charges and dwelling.charges_mode == ChargesMode.NONE:
        problems.append(Problem("charges_mode", "Des charges sont indiquées\u00a0: forfait, ou provision\u00a0?"))
    if dwelling.charges == 0 and dwelling.charges_mode in (ChargesMode.FLAT, ChargesMode.PROVISION):
        problems.append(Problem("charges", "Indiquez le montant des charges, ou choisissez «\u00a0pas de charges\u00a0»."))
    if dwelling.agency_fee is not None and dwelling.inventory_fee and dwelling.inventory_fee > dwelling.agency_fee:
        problems.append(
            Problem("inventory_fee", "Les honoraires d’état des lieux font partie des honoraires\u00a0: ils ne les dépassent pas.")
        )
    return problems


def _wrong_lease(dwelling):
    """What each form of letting asks for (LOG-05)."""
    problems = []
    if dwelling.lease in (Lease.FURNISHED, Lease.MOBILITY) and not dwelling.is_furnished:
        problems.append(Problem("is_furnished", f"Un {dwelling.get_lease_display()} porte sur un logement meublé."))
    if dwelling.lease == Lease.UNFURNISHED and dwelling.is_furnished:
        problems.append(Problem("is_furnished", "Un bail vide porte sur un logement non meublé."))
    if dwelling.lease == Lease.MOBILITY:
        if dwelling.deposit:
            problems.append(Problem("deposit", "Un bail mobilité est sans dépôt de garantie\u00a0: mettez 0."))
        if not dwelling.min_stay_days or dwelling.min_stay_days < MONTH_DAYS:
            problems.append(Problem("min_stay_days", "Un bail mobilité dure au moins un mois."))
        if not dwelling.max_stay_days or dwelling.max_stay_days > TEN_MONTHS_DAYS:
            problems.append(Problem("max_stay_days", "Un bail mobilité dure dix mois au plus."))
    return problems


def most_deposit(dwelling):
    """How many months of rent without charges a deposit may reach, and the article that says so; None where no law binds it.

    Act of 6 July 1989: article 25-6 for a furnished main home, article 22 for an unfurnished one, and article 8-1 for a shared one, which
    is either. A room in the home of a host, a dwelling that a body provides and a free one are not bound unless they are a main home.
    """
    if dwelling.lease not in (Lease.FURNISHED, Lease.UNFURNISHED, Lease.SHARED):
        return None
    return (2, "25-6") if dwelling.is_furnished else (1, "22")


def _high_deposit(dwelling):
    most = most_deposit(dwelling)
    if most is None or not dwelling.rent or not dwelling.deposit or dwelling.deposit <= most[0] * dwelling.rent:
        return []
    months, article = most
    return [
        Problem(
            "deposit",
            f"Le dépôt de garantie est de {'deux' if months == 2 else 'un'} mois de loyer hors charges au plus, ici "
            f"{french.euros(months * dwelling.rent)} (loi du 6\u00a0juillet\u00a01989, article\u00a0{article}).",
        )
    ]


LEAST_AREA = 9
WHOLE = (DwellingKind.STUDIO, DwellingKind.FLAT, DwellingKind.HOUSE)


def is_small(kind, area):
    """Whether a whole dwelling is under 9 m²: decent only with 20 m³ (decree 2002-120 of 30 January 2002, article 4), not asked for."""
    return kind in WHOLE and area is not None and area < LEAST_AREA


FORBIDDEN = ((date(2025, 1, 1), EnergyClass.G), (date(2028, 1, 1), EnergyClass.F), (date(2034, 1, 1), EnergyClass.E))
"""From which day a class is no longer let (LOG-03)."""
CLASSED = frozenset(EnergyClass) - {EnergyClass.EXEMPT}
EXCESSIVE = (EnergyClass.F, EnergyClass.G)


def forbidden_classes(day):
    """Energy classes that may not be let on that day."""
    return {energy_class for since, energy_class in FORBIDDEN if since <= day}


def forbidden_in_words(dwelling, day):
    """Why a dwelling may not be let on that day, by its class; empty when it may."""
    since = next((since for since, energy_class in FORBIDDEN if energy_class == dwelling.energy_class and since <= day), None)
    return f"Un logement classé {dwelling.energy_class} ne se loue plus depuis le 1er janvier {since.year}." if since else ""


def energy_mention(dwelling):
    """What an announcement must say in words of its energy class (LOG-02), or nothing."""
    return "Logement à consommation énergétique excessive" if dwelling.energy_class in EXCESSIVE else ""


def _wrong_energy(dwelling, at):
    """Classes, costs and years (LOG-02, LOG-03)."""
    today = timezone.localdate(at)
    problems = []
    if message := forbidden_in_words(dwelling, today):
        problems.append(Problem("energy_class", message))
    exempt = [name for name in ("energy_class", "climate_class") if getattr(dwelling, name) == EnergyClass.EXEMPT]
    if len(exempt) == 1:
        problems.append(Problem(exempt[0], "Un logement non soumis au diagnostic n’a ni classe énergie ni classe climat."))
    if exempt and not dwelling.energy_exempt_reason.strip():
        problems.append(Problem("energy_exempt_reason", "Dites pourquoi le logement n’est pas soumis au diagnostic."))
    if dwelling.energy_class in CLASSED:
        problems += [Problem(name, message) for name, message in COSTS if getattr(dwelling, name) is None]
    if dwelling.energy_price_year and dwelling.energy_price_year > today.year:
        problems.append(Problem("energy_price_year", "L’année des prix est celle du diagnostic\u00a0: elle n’est pas à venir."))
    if dwelling.energy_diagnosed_on and dwelling.energy_diagnosed_on > today:
        problems.append(Problem("energy_diagnosed_on", "Un diagnostic a déjà été fait\u00a0: cette date est à venir."))
    return problems


COSTS = (
    ("energy_cost_min", "Indiquez la dépense d’énergie annuelle la plus basse, écrite sur le diagnostic."),
    ("energy_cost_max", "Indiquez la dépense d’énergie annuelle la plus haute, écrite sur le diagnostic."),
    ("energy_price_year", "Indiquez l’année des prix de l’énergie, écrite sur le diagnostic."),
)


# --- What texts may not say ---------------------------------------------------------------------

STREET = re.compile(
    r"\b\d{1,4}\s?(?:bis|ter|quater)?,?\s+(?:rue|avenue|av\.|boulevard|bd|chemin|impasse|allées?|place|route|cours|quai|montée|traverse|lotissement)\b",
    re.IGNORECASE,
)
TOURISM = re.compile(
    r"\bmeublée?s? de tourisme|\blocations? (?:saisonnières?|touristiques?|de vacances)|\bairbnb\b|\babritel\b|\bbooking\b"
    r"|\b(?:à|par) (?:la )?nuitée|(?:€|euros?) (?:par|la|/) ?nuit\b",
    re.IGNORECASE,
)


def plain(text):
    """A text with the spaces of a keyboard."""
    return text.replace(NBSP, " ").replace("\u202f", " ")


def _told_too_much(dwelling):
    """Texts by which a host is found, or a place: whoever reads them could knock at the door."""
    problems = []
    for name in PRIVATE_TEXTS:
        text = plain(getattr(dwelling, name))
        if PHONE.search(text) or ADDRESS.search(text) or LINK.search(text):
            problems.append(Problem(name, "Ce texte est lu par tous\u00a0: retirez-en le téléphone, l’adresse électronique ou le lien."))
        elif STREET.search(text) or _holds(text, dwelling.address, words=2):
            problems.append(Problem(name, "Ce texte est lu par tous\u00a0: retirez-en l’adresse du logement."))
        elif _holds(text, dwelling.contact_name, words=2):
            problems.append(Problem(name, "Ce texte est lu par tous\u00a0: retirez-en votre nom."))
    return problems


def _holds(text, told, *, words):
    """Whether a text holds another one, of at least so many words, whatever its accents."""
    wanted = fold(told)
    return len(wanted.split()) >= words and f" {wanted} " in f" {fold(text)} "


def _tourist(dwelling):
    """Tourist lets are not what the portal is for, with a number or without (LOG-06)."""
    return [
        Problem(name, "Le portail ne publie pas de location touristique ou à la nuit, avec un numéro ou sans.")
        for name in WORDED
        if TOURISM.search(plain(getattr(dwelling, name)))
    ]


ALONE = r"(?:seule?s?|uniquement|seulement|exclusivement)"
SEX, FAMILY, ORIGIN, AGE, HEALTH, TOURIST = (
    "Le sexe ne se choisit pas (LOG-07).",
    "La situation de famille ne se choisit pas (LOG-07).",
    "L’origine et la religion ne se choisissent pas (LOG-07).",
    "L’âge ne se choisit pas (LOG-07).",
    "L’état de santé ne se choisit pas (LOG-07).",
    "Le portail ne publie pas de location touristique (LOG-06).",
)
WORDINGS = (
    (rf"\b(?:hommes?|garçons?|messieurs|femmes?|filles?|dames?) {ALONE}\b|\bde sexe (?:masculin|féminin)\b", SEX),
    (r"\b(?:pas|sans|ni) (?:d['’]\s?)?enfants?\b|\bcélibataires?\b|\bpersonnes? seules?\b", FAMILY),
    (rf"\bcouples? (?:mariés?|{ALONE})\b", FAMILY),
    (rf"\borigines?\b|\bnationalités?\b|\bfrançaise?s? (?:{ALONE}|exigée?s?)\b|\breligions?\b|\bconfessions?\b", ORIGIN),
    (r"\bmoins de \d{2} ans\b|\bjeunes? (?:couple|personne|actif|homme|femme|fille)s?\b|\bâge (?:maximum|minimum|limite)\b", AGE),
    (r"\bpersonnes? valides?\b|\bbonne santé\b|\bhandicap", HEALTH),
    (r"\bgîtes?\b|\bvacances\b|\bpar nuit\b", TOURIST),
    (r"\bespèces\b|\bmandat cash\b|\bwestern union\b|\bavant (?:la|toute) visite\b", "Un paiement avant la visite est une ruse connue."),
)
"""Expressions that a reader of the team must look at again, with the rule that they may break. Nothing is refused on these words."""


SMALL = (
    "À relire\u00a0: {area}\u00a0m². Une pièce principale a au moins 9\u00a0m² sous 2,20\u00a0m, ou 20\u00a0m³ "
    "(décret du 30\u00a0janvier\u00a02002, article\u00a04)\u00a0: la hauteur est à vérifier."
)


def wording_warnings(dwelling):
    """Warnings for staff about the public texts of a dwelling, and about its area."""
    small = [SMALL.format(area=french.number(dwelling.living_area_m2))] if is_small(dwelling.kind, dwelling.living_area_m2) else []
    return small + wording_of(" \n ".join(getattr(dwelling, name) for name in WORDED))


def wording_for_host(dwelling):
    """The same in the words of who writes."""
    return without_codes(wording_warnings(dwelling))


def wording_of(text):
    """The expressions of one text to look at again, each with why."""
    return found_wordings(text, WORDINGS)


# --- What hosts do alone -----------------------------------------------------------------------

PLACE = ("commune_id", "address", "exact_latitude", "exact_longitude")
SENSITIVE = ("kind", "host_kind", "organisation", "facility_id", *PLACE, "lease", "energy_class", "climate_class", "energy_exempt_reason")
"""Columns of a published dwelling that the team reads again before readers see them: what it is, where, whose, under which lease."""
PAID = ("rent", "charges", "deposit", "agency_fee", "inventory_fee")
"""Amounts that wait for the team when they go up; less is shown at once."""


def to_read_again(before, values):
    """Names of `values` (by column) that the team reads before readers do, if they differ from `before`.

    Sensitive columns, amounts that go up, an area under 9 m², and texts that hold an expression to look at again.
    """
    changed = changed_for_readers(before, values)
    small = {"living_area_m2"} if is_small(values.get("kind", before.kind), values.get("living_area_m2")) else set()
    dearer = {name for name in changed & {*PAID} if values[name] is None or values[name] > (getattr(before, name) or 0)}
    return (changed & ({*SENSITIVE} | small)) | dearer | doubtful(before, values, changed & {*WORDED}, wording_of)


# --- What readers are told ---------------------------------------------------------------------


class Told(NamedTuple):
    """A sentence with the address that it leads to."""

    text: str
    url: str
    label: str


GEORISKS = Told(
    "Les informations sur les risques auxquels ce bien est exposé sont disponibles sur le site Géorisques\u00a0: www.georisques.gouv.fr.",
    "https://www.georisques.gouv.fr",
    "georisques.gouv.fr",
)
"""How one learns of the risks of a place (LOG-04), on every announcement."""

OUTLIVED = (
    "Un bail mobilité dure dix mois au plus, prolongation comprise\u00a0: au-delà, il faut signer un bail meublé "
    "(loi du 6\u00a0juillet\u00a01989, article\u00a025-14)."
)


def outlived(dwelling, arrival, departure):
    """What becomes of the lease of a stay that lasts longer than a mobility lease may; empty for any other (LOG-05)."""
    return OUTLIVED if dwelling.lease == Lease.MOBILITY and (departure - arrival).days > TEN_MONTHS_DAYS else ""


LEASES = {
    DwellingKind.ROOM: (Lease.LODGER, Lease.FREE),
    DwellingKind.STUDIO: (Lease.FURNISHED, Lease.MOBILITY, Lease.UNFURNISHED, Lease.PROVIDED, Lease.FREE),
    DwellingKind.FLAT: (Lease.FURNISHED, Lease.MOBILITY, Lease.UNFURNISHED, Lease.PROVIDED, Lease.FREE),
    DwellingKind.HOUSE: (Lease.FURNISHED, Lease.MOBILITY, Lease.UNFURNISHED, Lease.PROVIDED, Lease.FREE),
    DwellingKind.RESIDENCE: (Lease.PROVIDED, Lease.FURNISHED, Lease.MOBILITY, Lease.FREE),
    DwellingKind.SHARED: (Lease.SHARED, Lease.MOBILITY, Lease.FURNISHED, Lease.PROVIDED, Lease.FREE),
}
"""The forms of letting that each kind of dwelling knows."""


def default_expiry(at):
    """When a dwelling published or confirmed at that moment leaves the lists by itself."""
    return announced.default_expiry(at)
