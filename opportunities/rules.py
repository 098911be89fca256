"""Who may, and why not: pure functions about offers. No writes, no HTTP."""

import re
from decimal import Decimal
from hashlib import sha256

from django.utils import timezone

from core.announced import rules as announced
from core.announced.rules import (  # noqa: F401  what holds of whatever is announced is read here too
    ABANDONED_DAYS,
    ASKED_BEFORE_DAYS,
    CONFIRM_AFTER_DAYS,
    CONTACT,
    CONTACT_KEPT_DAYS,
    DECIDED_KEPT_DAYS,
    REACHES_SOMEBODY,
    REMIND_AFTER_DAYS,
    RETIRE_AFTER_DAYS,
    UNCONFIRMED_DAYS,
    Problem,
    answer_due,
    changed_for_readers,
    doubtful,
    end_of_day,
    found_wordings,
    is_empty,
    latest_expiry,
    without_codes,
    wrong_expiry,
)
from core.french import NBSP, date
from core.geography import distance_km
from core.search import fold
from opportunities.enums import KindField, LocationPrecision, State

# --- Publication -------------------------------------------------------------------------------


def missing_for_publication(offer, at):
    """What keeps an offer from being published at that moment, one `Problem` each; empty when it is ready."""
    return [*_missing_facts(offer), *_missing_place(offer), *_wrong_dates(offer, at), *_wrong_expiry(offer, at), *_not_agreed(offer)]


def _missing_facts(offer):
    """Facts that the kind requires; an employment contract always says its pay (EMP-05)."""
    kind = offer.kind
    required = [*kind.required_fields]
    if kind.is_employment:
        required += [name for name in (KindField.SALARY_MIN, KindField.SALARY_MAX, KindField.SALARY_PERIOD) if name not in required]
    labels = dict(KindField.choices)
    return [
        Problem(name, f"À renseigner avant de publier{NBSP}: {labels.get(name, name)} (type «{NBSP}{kind.label}{NBSP}»).")
        for name in required
        if is_empty(getattr(offer, name))
    ]


def _missing_place(offer):
    problems = []
    if offer.commune_id is None:
        problems.append(Problem("commune", "Choisissez la commune avant de publier."))
    elif offer.location_precision == LocationPrecision.EXACT and offer.point is None:
        problems.append(Problem("latitude", "Placez le point sur la carte, ou choisissez une précision moins fine."))
    elif offer.location_precision == LocationPrecision.EXACT and distance_km(offer.commune, offer.point) > offer.commune.reach_km:
        problems.append(
            Problem("latitude", f"Le point est hors de la commune choisie ({offer.commune}){NBSP}: déplacez-le ou changez de commune.")
        )
    elif offer.location_precision == LocationPrecision.EPCI:
        problems += _named_commune(offer)
    return problems


PUBLIC_TEXTS = (
    *("title", "summary", "description", "team", "equipment", "software"),
    *("terms_note", "lodging_note", "duty_note", "organisation"),
)
"""Fields that people write freely and that everyone reads."""


def _named_commune(offer):
    """Texts that give away a commune which is to stay unnamed, by name or by code; the name of its intercommunalité may hold it."""
    name, epci = f" {fold(offer.commune.name)} ", f" {fold(offer.commune.epci.short_name)} "
    codes = {*offer.commune.postal_codes, offer.commune.insee}
    texts = {field: f" {fold(getattr(offer, field))} ".replace(epci, " ") for field in PUBLIC_TEXTS}
    named = [
        Problem(field, f"Le lieu reste discret, mais ce texte nomme la commune ({offer.commune}).")
        for field, text in texts.items()
        if name in text
    ]
    coded = [
        Problem(field, f"Le lieu reste discret, mais ce texte donne un code de la commune ({', '.join(told)}).")
        for field, text in texts.items()
        if (told := [code for code in sorted(codes) if re.search(rf"\b{' ?'.join(code)}\b", text)])  # 84390, 84 390
    ]
    return named + coded


SHOWN_TO_AGREE = (
    *PUBLIC_TEXTS,
    *("kind_id", "setting_id", "commune_id", "location_precision", "workplace", "address", "publisher_kind", "facility_id"),
    *("starts_on", "ends_on", "flexible_start", "partial_coverage", "days_per_week", "half_days"),
    *("fee_share", "salary_min", "salary_max", "salary_period", "price", "monthly_charges"),
    *("patients_per_day", "patient_list", "tariff_sector", "secretary", "home_visits", "duty_rota"),
    *("lodging", "msu_on_site", "retired_active_welcome"),
)
"""What a doctor agrees to before a confidential offer is public: all that its page shows. A word changed since asks for it again."""


def shown_digest(offer):
    """What a confidential offer would show, as a short text to compare with `Opportunity.text_agreed`."""
    facts = (getattr(offer, name) for name in SHOWN_TO_AGREE)
    # 80 and 80.00 are one share, typed or stored.
    told = (f"{fact.normalize():f}" if isinstance(fact, Decimal) else str(fact) for fact in facts)
    return sha256("\x1f".join(told).encode()).hexdigest()[:40]


def is_agreed(offer):
    """Whether the doctor has read what a confidential offer shows now; no other offer needs it."""
    return not offer.is_confidential or offer.text_agreed == shown_digest(offer)


def may_agree(offer):
    """Whether a doctor has a text to read: the offer is confidential, not public, not over, and its words are not theirs yet.

    A draft that a publisher is still writing is nobody else's text.
    """
    waits = offer.state in (State.SUBMITTED, State.PAUSED, State.EXPIRED) or (offer.state == State.DRAFT and not offer.by_publisher)
    return waits and not is_agreed(offer)


def _not_agreed(offer):
    """A confidential offer is public in the words that its doctor has read, and in no others (N23)."""
    if is_agreed(offer):
        return []
    return [Problem("is_confidential", "Le médecin n’a pas encore approuvé ce texte\u00a0: demandez-lui son accord, puis publiez.")]


def _wrong_dates(offer, at):
    today = timezone.localdate(at)
    if offer.ends_on and offer.ends_on < today:
        return [Problem("ends_on", f"La date de fin est passée{NBSP}: changez les dates ou marquez l’offre pourvue.")]
    starts_once = KindField.STARTS_ON in offer.kind.required_fields and not offer.kind.is_locum and offer.ends_on is None
    # Asked at publication only: an offer that is out may be corrected after its first day.
    if starts_once and offer.state != State.PUBLISHED and offer.starts_on and offer.starts_on < today:
        # A succession is announced before the doctor leaves (DEO-07); so is any post known by its first day.
        return [Problem("starts_on", "La date de départ ou de début est passée. Indiquez une date à venir.")]
    return []


def _wrong_expiry(offer, at):
    if offer.ends_on and offer.ends_on < timezone.localdate(at):
        return []  # said of the last day already, which the expiry follows
    past = offer.expires_at and offer.expires_at <= at
    if not past and offer.expires_at and offer.kind.is_locum and offer.ends_on and offer.expires_at > end_of_day(offer.ends_on):
        return [Problem("expires_at", f"Un remplacement daté s’arrête avec sa dernière journée, le {date(offer.ends_on)}.")]
    return wrong_expiry(offer, at, "offre")


def default_expiry(offer, at):
    """When an offer published or extended at that moment ends by itself: with a day.

    A locum with an end date is shown through its last day, within a year; anything else for `PUBLICATION_DAYS` days.
    """
    if offer.kind.is_locum and offer.ends_on:
        return min(end_of_day(offer.ends_on), latest_expiry(at))
    return announced.default_expiry(at)


def kept_expiry(offer, at):
    """The expiry of an offer that comes back; None when it belongs to what is over, past or beyond the last day of a dated locum."""
    last = end_of_day(offer.ends_on) if offer.kind.is_locum and offer.ends_on else None
    if offer.expires_at is None or offer.expires_at <= at or (last and offer.expires_at > last):
        return None
    return offer.expires_at


# --- What publishers do alone ------------------------------------------------------------------

PLACE = ("commune_id", "location_precision", "workplace", "address")
SENSITIVE = ("kind_id", *PLACE, "publisher_kind", "organisation", "facility_id")
"""Columns of a published offer that the team reads again before readers see them: what the offer is, where, and in whose name."""


def to_read_again(before, values):
    """Names of `values` (by column) that the team reads before readers do, if they differ from `before`.

    Sensitive columns, and texts that hold an expression to look at again. Another kind asks for other facts: then all goes together.
    """
    changed = changed_for_readers(before, values)
    if "kind_id" in changed or before.is_confidential:
        return changed
    held = (changed & {*SENSITIVE}) | doubtful(before, values, changed & {*PUBLIC_TEXTS}, wording_of)
    # A text may name a commune that is not to be named, before or after the place has changed.
    is_discreet = LocationPrecision.EPCI in (before.location_precision, values.get("location_precision"))
    return held | (changed & {*PUBLIC_TEXTS}) if is_discreet and held & {*PLACE} else held


def missing_to_submit(offer, at):
    """What keeps a publisher from handing an offer over: as for publication, but the team places an exact point from its address.

    Its expiry is not theirs to write: it follows the dates (`kept_expiry`).
    """
    exact = offer.location_precision == LocationPrecision.EXACT
    later = {"is_confidential", "expires_at", *(["latitude"] if exact else [])}
    problems = [problem for problem in missing_for_publication(offer, at) if problem.field not in later]
    if exact and not offer.address:
        problems.append(
            Problem("address", f"Donnez le numéro et la rue{NBSP}: l’équipe place le point. Ou choisissez «{NBSP}dans la commune{NBSP}».")
        )
    return problems


# --- Wording -----------------------------------------------------------------------------------

WORDINGS = (
    (
        r"\bven(?:d|ds|dre|dons|dez) (?:sa|ma|la|une|notre) (?:clientèle|patientèle)"
        r"|\bventes? de (?:la |sa |ma )?(?:patientèle|clientèle|patients?)",
        "On ne vend pas des patients, on cède un droit de présentation (DEO-02).",
    ),
    (r"(?:€|euros?)\s*(?:par|/)\s*patients?\b|\bprix (?:par|du) patients?\b", "Un prix par patient est interdit (DEO-02)."),
    (r"\bmoins de \d{2} ans\b|\b\d{2} ans (?:au )?max(?:imum)?\b|\bâge maxim(?:um|al)\b", "Une offre ne fixe pas d’âge maximal (EMP-02)."),
    (
        r"\bjeunes?\b(?! (?:enfants?|patients?|parents?|mères?|public))",
        "«\u00a0Jeune\u00a0» renvoie à l’âge (EMP-01).",
    ),
    (
        r"\b(?:célibataires?|sans enfants?|mariée?s?|de sexe (?:masculin|féminin)|un homme|une femme)\b",
        "L’offre ne dépend ni du sexe ni de la situation de famille (EMP-01).",
    ),
    *REACHES_SOMEBODY,
    (r"\b(?:le|la) meilleure? (?:cabinet|maison|équipe|médecin)\b|\bmeilleure? que\b", "Pas de comparaison ni de superlatif (DEO-03)."),
)
"""Expressions that a reader of the team must look at again, with the rule of `obligations.md` they may break."""


WORDED = ("title", "summary", "description", "terms_note", "team", "lodging_note", "duty_note")
"""Fields that are read for such expressions."""


def wording_warnings(offer):
    """Warnings for staff about the public texts of an offer; nothing is refused on words alone."""
    warnings = wording_of(" \n ".join(getattr(offer, name) for name in WORDED))
    if offer.kind.is_employment and not re.search(r"\b[FH]\s?/\s?[FH]\b|\(e\)|·e\b|\bmédecins?\b", offer.title, re.IGNORECASE):
        warnings.append(f"Titre d’un poste salarié{NBSP}: précisez «{NBSP}F/H{NBSP}» ou une forme épicène (EMP-01).")
    return warnings


def wording_for_publisher(offer):
    """The same warnings in the words of who writes the offer."""
    return without_codes(wording_warnings(offer))


def wording_of(text):
    """The expressions of one text to look at again, each with why."""
    return found_wordings(text, WORDINGS)
