"""Needs and availabilities: what fits and why, who may be proposed, until when, and which numbers may be told. Pure functions."""

from collections import defaultdict
from datetime import date, timedelta
from typing import NamedTuple

from django.utils import timezone

from contacts.enums import Standing
from core import french
from core.geography import distance_km
from opportunities import presenters
from opportunities.enums import LocationPrecision
from opportunities.rules import end_of_day

# --- How long ----------------------------------------------------------------------------------

DURATIONS = {1: "1\u00a0mois", 3: "3\u00a0mois", 6: "6\u00a0mois"}
DEFAULT_MONTHS = 3
DAYS_A_MONTH = 30.5
LONGEST_DAYS = 365
"""No need is kept longer in one go, whatever its dates."""
NEEDS_OF_ONE_ADDRESS = 3
"""Active needs that one address may have at a time."""


def expiry(months, need, at):
    """When a need recorded or renewed at that moment is over: with a day, and never after the last day looked for.

    Dates that begin later than the duration asked for keep it until they are over, within `LONGEST_DAYS`.
    """
    today = timezone.localdate(at)
    last = today + timedelta(days=round(months * DAYS_A_MONTH))
    if need.starts_on and need.starts_on > last:
        last = min(need.ends_on or need.starts_on, today + timedelta(days=LONGEST_DAYS))
    return end_of_day(min(last, need.ends_on) if need.ends_on else last)


def renewed(need, at):
    """Until when the button that renews a need would make it last, or None when that brings nothing."""
    until = expiry(DEFAULT_MONTHS, need, at)
    return until if until > max(need.expires_at, at) else None


# --- What fits ---------------------------------------------------------------------------------


def fits(need, offer):
    """Why an offer that answers the search of a need (`querysets.needs.offers_for`) fits it, in French, or None when its dates do not.

    Reads `need.commune` and the kind and commune of the offer.
    """
    dates = dates_that_fit(need, offer)
    if dates is None:
        return None
    shared = sorted(set(need.half_days) & set(offer.half_days))
    lodging = "logement possible" if need.lodging and offer.lodging else ""
    return [reason for reason in (offer.kind.label, place(need, offer), dates, presenters.half_days(shared), lodging) if reason]


def dates_that_fit(need, offer):
    """`à vos dates`, `une partie de vos dates`, nothing to say, or None when the dates do not go together.

    A locum covers all the dates of the practice, or a part when the offer says that this will do. Anything else begins within the dates.
    """
    if not need.starts_on and not need.ends_on:
        return ""
    start, end = need.starts_on or date.min, need.ends_on or date.max
    first, last = offer.starts_on or date.min, offer.ends_on or date.max
    if first > end or last < start:
        return None
    if not offer.kind.is_locum:
        return ""
    if offer.ends_on is None and not need.ends_on:
        return "sans date de fin"
    if start <= first and last <= end:
        return "à vos dates"
    return "une partie des dates, ce que l’annonceur accepte" if offer.partial_coverage else None


def place(need, offer):
    """Where an offer is, seen from the commune of a need; a place that readers are not told stays untold."""
    if offer.location_precision == LocationPrecision.EPCI or need.commune is None or offer.point is None:
        return presenters.place(offer)
    km = distance_km(need.commune, offer.point)
    if km > need.radius_km and offer.other_commune_ids:
        return f"un des lieux à moins de {need.radius_km}\u00a0km de {need.commune}"
    return f"à {french.kilometres(km)} de {need.commune}"


def about_km(need, offer):
    """How far from the offer a doctor looks, by steps of five kilometres, so that it places nobody; empty when it is not known."""
    if need.commune is None or offer.point is None:
        return ""
    km = max(5, 5 * round(distance_km(need.commune, offer.point) / 5))
    return f"à {km}\u00a0km environ"


# --- Who may be proposed (DEO-05) --------------------------------------------------------------

LICENCE = "Remplacer demande une licence de remplacement délivrée par l’Ordre."
NEVER_PROPOSED = {
    Standing.EXTERN: LICENCE,
    Standing.INTERN: LICENCE,
    Standing.OTHER_INTERN: LICENCE,
    Standing.JUNIOR_DOCTOR: "Un docteur junior n’est ni remplaçant, ni collaborateur.",
    Standing.ABROAD: "Exercer demande d’être inscrit à l’Ordre\u00a0: choisissez votre situation d’inscrit dès que c’est fait.",
    Standing.ACTOR: "Se proposer aux annonceurs est pour les médecins.",
    Standing.OTHER: "Choisissez la situation qui dit que vous pouvez exercer, ou écrivez à l’équipe.",
}
"""Who may look, but not be proposed to a publisher, and why."""


def may_be_proposed(standing, kind):
    """Whether a doctor of this standing may be proposed for this kind of offer: a licence is for locums."""
    return standing not in NEVER_PROPOSED and (standing != Standing.LICENSED_LOCUM or kind.is_locum)


def is_proposed(need, offer):
    """Whether the publisher of an offer that fits hears of this doctor; a place kept back goes through the adviser, never so."""
    return need.available and offer.location_precision != LocationPrecision.EPCI and may_be_proposed(need.standing, offer.kind)


def availability(need, offer):
    """A doctor as a publisher is told of them: no name, no address, no town."""
    when = ""
    if need.starts_on and need.ends_on:
        when = french.date_range(need.starts_on, need.ends_on)
    elif need.starts_on:
        when = f"à partir du {french.date(need.starts_on)}"
    elif need.ends_on:
        when = f"jusqu’au {french.date(need.ends_on)}"
    days, who = presenters.half_days(need.half_days), need.get_standing_display()
    parts = (who[0].upper() + who[1:], when and f"disponible {when}", days, about_km(need, offer))
    return ", ".join(filter(None, parts))


# --- Numbers, never persons --------------------------------------------------------------------

FEWEST = 3
"""Under so many different people nothing is said."""


class Fact(NamedTuple):
    """That somebody looks for a kind of thing in an area; `area` is None for all of Vaucluse, `kind` for no kind in particular."""

    person: str
    area: int | None
    kind: str | None
    month: date | None


class Cell(NamedTuple):
    """How many people look for a kind of thing in an area, and of them how many from which months on."""

    area: int | None
    kind: str | None
    count: int
    months: tuple


def cells(facts):
    """The one table of numbers that is ever told. No total crosses two lines of it, so no subtraction gives a smaller number.

    A person counts once in a cell. Months are told while those who are left out are nobody, or `FEWEST` at least.
    """
    people = defaultdict(dict)
    for fact in facts:
        known = people[fact.area, fact.kind]
        month = known.get(fact.person, fact.month)
        known[fact.person] = min(month, fact.month) if month and fact.month else month or fact.month
    return [Cell(*key, len(known), _months(known.values())) for key, known in people.items() if len(known) >= FEWEST]


def _months(starts):
    left, told, counts = len(starts), [], defaultdict(int)
    for month in starts:
        counts[month] += 1
    for month, count in sorted(((month, count) for month, count in counts.items() if month), key=lambda pair: (-pair[1], pair[0])):
        if count >= FEWEST and (left == count or left - count >= FEWEST):
            told.append((month, count))
            left -= count
    return tuple(sorted(told))
