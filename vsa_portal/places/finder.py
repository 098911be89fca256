"""Find my territory: preferences read from the address, facts of the 151 communes, the ranked answer. Rules: `places.rules`."""

from bisect import bisect_left, bisect_right
from typing import NamedTuple

from django.db.models import Count
from django.db.models.functions import Round
from django.urls import reverse
from django.utils.http import urlencode

from core.french import number, quoted
from core.geography import KM_PER_DEGREE, Point, distance_km
from opportunities.enums import LocationPrecision
from opportunities.models import Opportunity
from territories.enums import Zone, ZoningScheme
from territories.forms import ambiguity, ignorance
from territories.models import Commune, HealthFacility, Zoning
from territories.poles import by_distance
from territories.querysets import LONGEST_TEXT
from territories.silhouette import dotted, silhouette
from territories.surroundings import is_hospital
from vsa_portal.places import parts, rules
from vsa_portal.places.land import Land

SHOWN = 12
FACILITY_FIELDS = ("name", "latitude", "longitude", "emergency", "maternity", "psychiatry", "beds", "kind__code")
DISTANCES = (10, 20, 30, 45)
PREFERENCES = (
    ("hopital", "Un hôpital tout près"),
    ("urgences", "Un service d’urgences tout près"),
    ("etablissements", "Beaucoup d’établissements de santé alentour"),
    ("chu", "Un CHU et une faculté accessibles"),
    ("gare", "Avignon et sa gare TGV accessibles"),
    ("offres", "Des offres ouvertes alentour"),
    ("frr", "Une zone France ruralités revitalisation"),
)
"""In the order of the form; the size of the commune and the place of one's choice have fields of their own."""
WEIGHTS = (("", "Sans importance"), ("un-peu", "Un peu"), ("beaucoup", "Beaucoup"))
SIZES = (("", "Sans importance"), ("village", "Un village"), ("bourg", "Un bourg"), ("ville", "Une ville"))
EXAMPLES = (
    ("Un village, avec un hôpital tout près", {"hopital": "beaucoup", "taille": "village"}),
    ("Un bourg, avec Avignon et sa gare TGV à portée", {"gare": "beaucoup", "taille": "bourg"}),
    ("La campagne en zone FRR, sans être loin des urgences", {"frr": "beaucoup", "urgences": "un-peu"}),
    ("Des offres ouvertes alentour, un CHU accessible", {"offres": "beaucoup", "chu": "un-peu"}),
)
"""Searches to start from, shown while nothing is asked."""
UNKNOWN = {
    "hopital": "Aucun hôpital n’est encore enregistré\u00a0: ce souhait est laissé de côté.",
    "urgences": "Aucun service d’urgences n’est encore enregistré\u00a0: ce souhait est laissé de côté.",
    "etablissements": "Aucun établissement n’est encore enregistré\u00a0: ce souhait est laissé de côté.",
    "frr": "Le zonage FRR n’est pas encore confirmé\u00a0: ce souhait est laissé de côté.",
}


class Wish(NamedTuple):
    """What the address asks, cleaned: weights by preference, a size, a place with its kilometres, and what was not understood."""

    weights: dict
    size: str
    place: Commune | None
    place_text: str
    km: int
    messages: list


def read(data):
    """The `Wish` of GET parameters. A value that means nothing is left out with a message. At most two queries, for the place."""
    weights, messages = {}, []
    for name in [*rules.READERS, "taille-compte"]:
        word = data.get(name if name != "lieu" else "lieu-compte", "")
        if word in rules.WEIGHTS:
            weights[name] = rules.WEIGHTS[word]
        elif word:
            messages.append(f"{quoted(word)} n’est pas un poids\u00a0: choisissez dans la liste.")
    size = data.get("taille", "")
    if size and size not in rules.SIZES:
        messages.append(f"{quoted(size)} n’est pas une taille de commune\u00a0: choisissez dans la liste.")
        size = ""
    weights["taille"] = weights.pop("taille-compte", 1 if size else 0)
    place, text = _place(data.get("lieu", ""), messages)
    if place:
        weights.setdefault("lieu", 1)
    elif weights.pop("lieu", 0) and not text:
        messages.append("Écrivez le nom de la commune près de laquelle vous voulez vivre.")
    return Wish(weights, size, place, text, _km(data.get("km", ""), messages), messages)


def _place(text, messages):
    text = text.strip()[:LONGEST_TEXT]
    if not text:
        return None, ""
    found = Commune.objects.resolve(text)
    if not found.commune:
        messages.append(ambiguity(text, found.choices) if found.choices else ignorance(text, found.suggestions))
    return found.commune, found.commune.name if found.commune else text


def _km(text, messages):
    if text in map(str, DISTANCES):
        return int(text)
    if text:
        messages.append(f"{quoted(text)} n’est pas une distance de la liste\u00a0: {DISTANCES[1]} kilomètres sont retenus.")
    return DISTANCES[1]


def context(wish, *, now, url):
    """Everything the template reads. The same queries whatever is wished: communes, facilities, zonings, offers."""
    wanted = any(wish.weights.values())
    land, known = Land(), set()
    facts = facts_of(land, wish, now, known) if wanted else []
    messages = [*wish.messages, *(UNKNOWN[name] for name in UNKNOWN if wish.weights.get(name) and name not in known and wanted)]
    found = rules.ranked(facts, wish.weights, wish.size)[:SHOWN] if wanted else []
    places = {place.pk: place for place in land.places}
    answers = [answer(rank, one, places[one.facts.pk]) for rank, one in enumerate(found, 1)]
    return {
        "fields": [field(name, text, wish) for name, text in PREFERENCES],
        "weights": WEIGHTS,
        "sizes": SIZES,
        "size": wish.size,
        "size_weight": _word(wish.weights.get("taille", 0)) if wish.size else "",
        "place_text": wish.place_text,
        "place_weight": _word(wish.weights.get("lieu", 0)),
        "distances": [(str(km), f"{km}\u00a0km") for km in DISTANCES],
        "km": str(wish.km),
        "examples": [(text, f"{reverse('places:finder')}?{urlencode(asked)}") for text, asked in EXAMPLES],
        "messages_told": messages,
        "is_asked": wanted,
        "answers": answers,
        "drawing": drawing(answers) if answers else None,
        "compare_url": parts.compare_url([one["place"] for one in answers]) if len(answers) > 1 else "",
        "canonical_url": url,
        "robots": "noindex" if wanted or wish.messages else "",
        "village": number(rules.VILLAGE),
        "town": number(rules.TOWN),
        "shown": len(answers),
        "whole": len(land.places),
        **parts.share_links("Trouver mon territoire en Vaucluse", url),
    }


def _word(weight):
    return next((word for word, value in rules.WEIGHTS.items() if value == weight), "")


def field(name, text, wish):
    return {"name": name, "label": text, "value": _word(wish.weights.get(name, 0))}


def answer(rank, one, place):
    """One commune of the answer."""
    return {"rank": rank, "place": place, "score": one.score, "reasons": one.reasons, "cautions": one.cautions}


def drawing(answers):
    """The numbers of the list on the département."""
    labels = dotted((str(one["rank"]), one["place"]) for one in answers)
    summary = "Les numéros sont ceux de la liste, posés sur la mairie de chaque commune."
    return silhouette(key="carte", title="Les communes qui répondent le mieux", summary=summary, areas=[], labels=labels)


def facts_of(land, wish, now, known):
    """The `rules.Facts` of every commune; `known` receives the preferences that something is known of."""
    facilities = list(HealthFacility.objects.visible().select_related("kind").only(*FACILITY_FIELDS).order_by("latitude", "pk"))
    hospitals = [facility for facility in facilities if is_hospital(facility)]
    emergencies = [facility for facility in facilities if facility.emergency]
    zones = dict(Zoning.objects.confirmed().of_scheme(ZoningScheme.FRR).values_list("commune", "zone"))
    offers = _public_points(now)
    train = next((place for place in land.places if place.slug == "avignon"), None)
    rows_of = {"hopital": hospitals, "urgences": emergencies, "etablissements": facilities, "frr": zones}
    known.update(name for name, rows in rows_of.items() if rows)
    near_facilities = Near([(facility.point, 1) for facility in facilities], rules.DENSITY_KM)
    near_offers = Near(offers, rules.OFFERS_KM)
    facts = []
    for place in land.places:
        point = Point(place.latitude, place.longitude)
        facts.append(
            rules.Facts(
                pk=place.pk,
                name=place.name,
                population=place.population,
                hospital=_nearest(point, hospitals),
                emergency=_nearest(point, emergencies),
                pole=_pole(point),
                train_km=distance_km(point, train) if train else None,
                facilities=near_facilities.count(point) if facilities else None,
                offers=near_offers.count(point),
                frr=frr_words(zones.get(place.pk)) if zones else None,
                chosen=(distance_km(point, wish.place), wish.km, wish.place.name) if wish.place else None,
            )
        )
    return facts


def _public_points(now):
    """Where the visible offers are whose commune readers may know, southernmost first, and how many: `(Point, count)`.

    To the hundredth of a degree, about a kilometre, so that the database counts them however many there are.
    """
    offers = Opportunity.objects.visible(now).exclude(location_precision=LocationPrecision.EPCI).order_by()
    cells = offers.values_list(Round("latitude", precision=2), Round("longitude", precision=2)).annotate(count=Count("pk"))
    return sorted((Point(latitude, longitude), count) for latitude, longitude, count in cells if latitude is not None)


def _nearest(point, facilities):
    return min(((distance_km(point, facility), facility.name) for facility in facilities), default=None)


def _pole(point):
    km, pole = by_distance(point)[0]
    return km, pole.name


def frr_words(zone):
    """The zone as the reasons name it; empty outside of every zone."""
    return "" if zone in (None, Zone.FRR_NONE) else Zone(zone).label


class Near:
    """Counts what lies within some kilometres, among `(Point, count)` from south to north: only those of the band are measured."""

    def __init__(self, points, km):
        self.points, self.km = points, km
        self.latitudes = [point.latitude for point, _ in points]
        self.band = km / KM_PER_DEGREE

    def count(self, point):
        """How many lie within the distance of `point`."""
        start = bisect_left(self.latitudes, point.latitude - self.band)
        end = bisect_right(self.latitudes, point.latitude + self.band)
        return sum(count for other, count in self.points[start:end] if distance_km(point, other) <= self.km)


def address(wish):
    """The search as an address to share, without what says nothing."""
    pairs = [(name, _word(wish.weights.get(name, 0))) for name, _ in PREFERENCES]
    if wish.size:
        pairs += [("taille", wish.size), ("taille-compte", _word(wish.weights.get("taille", 0)))]
    if wish.place:
        pairs += [("lieu", wish.place.slug), ("km", wish.km), ("lieu-compte", _word(wish.weights.get("lieu", 0)))]
    query = urlencode([(name, value) for name, value in pairs if value])
    return f"{reverse('places:finder')}{'?' if query else ''}{query}"
