"""Which communes suit a doctor's preferences, and why: pure rules over facts that are already read.

A preference has a weight (none, a bit, a lot). Each gives a commune a score from 0 to 1 and words for it, whichever way it
speaks; the rank is the weighted mean. Places are described, never judged: a low score is told as a fact to know.
"""

from dataclasses import dataclass
from typing import NamedTuple

from core.french import NBSP, kilometres, number, plural

WEIGHTS = {"un-peu": 1, "beaucoup": 3}
"""What the words of the form weigh; no word, no weight."""
GOOD, POOR = 0.6, 0.35
"""From the first a fact speaks for a place, under the second it is told among what to know."""

VILLAGE, TOWN = 2_000, 10_000
"""Inhabitants under which a commune is a village, and from which it is a town."""
SIZES = {"village": "un village", "bourg": "un bourg", "ville": "une ville"}

NEAR_HOSPITAL = (5, 35)
NEAR_TRAIN = (8, 60)
NEAR_POLE = (35, 100)
"""Kilometres in a straight line that count for 1, and from which a distance counts for 0."""
DENSITY_KM = 10
OFFERS_KM = 15
RICH_IN_FACILITIES = 10
RICH_IN_OFFERS = 5
"""How many facilities or offers around count for 1; more change nothing."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one commune. Distances in kilometres; None is "not known" and is left out of the score."""

    pk: int
    name: str
    population: int
    hospital: tuple | None = None  # (kilometres, name)
    emergency: tuple | None = None
    pole: tuple | None = None
    train_km: float | None = None
    facilities: int | None = None
    offers: int | None = None
    frr: str | None = None  # "" when the zoning is known and the commune is in none
    chosen: tuple | None = None  # (kilometres to the place of one's choice, kilometres wanted, its name)


class Reading(NamedTuple):
    """How one preference reads for a commune: from 0 to 1, in words, and the kilometres that part equals."""

    score: float
    text: str
    km: float = 0


class Ranked(NamedTuple):
    """A commune with its score in per cent, what speaks for it, what to know, and its facts."""

    facts: Facts
    score: int
    reasons: tuple
    cautions: tuple
    exact: float
    km: float


def closeness(km, bounds):
    """1 up to the first bound, 0 from the second, in a straight line between them."""
    best, worst = bounds
    return min(1.0, max(0.0, (worst - km) / (worst - best)))


def size_of(population):
    """`village`, `bourg` or `ville`, by the number of inhabitants."""
    return "village" if population < VILLAGE else "bourg" if population < TOWN else "ville"


def read_hospital(facts):
    """How far the nearest hospital is."""
    return _near(facts.hospital, NEAR_HOSPITAL, "hôpital")


def read_emergency(facts):
    """How far the nearest emergency department is."""
    return _near(facts.emergency, NEAR_HOSPITAL, "urgences")


def read_pole(facts):
    """How far the nearest town with a CHU and a faculty of medicine is."""
    return _near(facts.pole, NEAR_POLE, "CHU et faculté")


def read_train(facts):
    """How far Avignon and its station of fast trains are."""
    if facts.train_km is None:
        return None
    return Reading(closeness(facts.train_km, NEAR_TRAIN), f"Avignon, ville de la gare TGV, {_away(facts.train_km)}", facts.train_km)


def read_facilities(facts):
    """How many establishments of the directory lie within ten kilometres."""
    if facts.facilities is None:
        return None
    text = f"{plural(facts.facilities, 'établissement de santé', 'établissements de santé')} à moins de {DENSITY_KM}{NBSP}km"
    return Reading(min(1.0, facts.facilities / RICH_IN_FACILITIES), text)


def read_offers(facts):
    """How many offers of practice are open within fifteen kilometres, of those whose commune is public."""
    if facts.offers is None:
        return None
    text = f"{plural(facts.offers, 'offre ouverte', 'offres ouvertes')} à moins de {OFFERS_KM}{NBSP}km"
    return Reading(min(1.0, facts.offers / RICH_IN_OFFERS), text)


def read_frr(facts):
    """Whether the commune is in a zone France ruralités revitalisation."""
    if facts.frr is None:
        return None
    return Reading(1.0, facts.frr) if facts.frr else Reading(0.0, "hors des zones France ruralités revitalisation")


def read_chosen(facts):
    """How far the place of one's choice is; twice the kilometres wanted count for nothing."""
    if facts.chosen is None:
        return None
    km, wanted, name = facts.chosen
    score = 1.0 if km <= wanted else closeness(km, (wanted, 2 * wanted))
    return Reading(score, f"{name} {_away(km)}", km)


def read_size(facts, wanted):
    """Whether the commune has the size wanted; a bourg is half way between a village and a town."""
    size = size_of(facts.population)
    order = list(SIZES)
    score = 1 - abs(order.index(size) - order.index(wanted)) / 2
    return Reading(score, f"{SIZES[size]} de {plural(facts.population, 'habitant')}")


READERS = {
    "hopital": read_hospital,
    "urgences": read_emergency,
    "chu": read_pole,
    "gare": read_train,
    "etablissements": read_facilities,
    "offres": read_offers,
    "frr": read_frr,
    "lieu": read_chosen,
}
"""The preferences by the name they have in an address; the size of the commune stands apart, it is a choice and a weight."""


def readings(facts, weights, size=""):
    """Pairs of weight and `Reading` for the preferences that weigh something and that something is known of."""
    found = [(weights[name], reader(facts)) for name, reader in READERS.items() if weights.get(name)]
    if size and weights.get("taille"):
        found.append((weights["taille"], read_size(facts, size)))
    return [(weight, reading) for weight, reading in found if reading is not None]


def ranked(communes, weights, size=""):
    """The `Ranked` communes, best first; of equals the nearest to what was wished, then by name. Without the unknown."""
    found = [one for facts in communes if (one := _rank(facts, weights, size)) is not None]
    return sorted(found, key=lambda one: (-one.exact, one.km, one.facts.name))


def _rank(facts, weights, size):
    read = readings(facts, weights, size)
    total = sum(weight for weight, _ in read)
    if not total:
        return None
    score = 100 * sum(weight * reading.score for weight, reading in read) / total
    by_weight = sorted(read, key=lambda pair: -pair[0] * pair[1].score)
    reasons = tuple(reading.text for _, reading in by_weight if reading.score >= GOOD)
    cautions = tuple(reading.text for weight, reading in sorted(read, key=lambda pair: -pair[0]) if reading.score < POOR)
    return Ranked(facts, round(score), reasons, cautions, score, sum(reading.km for _, reading in read))


def _near(found, bounds, what):
    if found is None:
        return None
    km, name = found
    return Reading(closeness(km, bounds), f"{what}{NBSP}: {name} {_away(km)}", km)


def _away(km):
    return f"à {kilometres(km)}" if km >= 1 else "sur place"


def density(population, area_km2):
    """Inhabitants per square kilometre as readers see it: `1 234 hab./km²`."""
    return f"{number(round(population / area_km2))}{NBSP}hab./km²" if area_km2 else ""
