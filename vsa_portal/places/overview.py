"""The page of all the territories: a search, the communes by intercommunalité, the ten CPTS on a map."""

from django.urls import reverse

from core.french import NBSP, plural
from core.geography import Point, distance_km
from territories.forms import ambiguity, ignorance
from territories.models import CommuneOutline, Cpts, Epci
from territories.querysets import LONGEST_TEXT
from territories.silhouette import label, silhouette
from vsa_portal.places.land import Land, total

TONES = ("one", "two", "three", "four")
CHOICES_LINKED = 12
MORE = (
    (
        "territories:facility_list",
        "Établissements de santé",
        "Hôpitaux, cliniques, maisons et centres de santé, en liste et sur une carte.",
    ),
    ("territories:figures", "Chiffres clés", "Population, médecins, distances, avec leur source et leur date."),
)
"""Other pages of the territory: name of the address, link, sentence."""


def context(text, found):
    """Everything the template reads. `text` was typed in the search and `found`, a `Resolution`, is what it may designate."""
    land = Land()
    epcis = list(Epci.objects.order_by("slug"))
    cptss = list(Cpts.objects.all())
    return {
        "text": text,
        "unresolved": unresolved(text, found),
        "whole": land.whole,
        "population": plural(land.whole.population, "habitant"),
        "epcis": [territory(epci, land.of_epci(epci.pk)) for epci in epcis],
        "cptss": [territory(cpts, land.of_cpts(cpts.pk), number) for number, cpts in enumerate(cptss, 1)],
        "drawing": cpts_drawing(land, cptss),
        "more": MORE,
        "compare_url": reverse("places:compare"),
        "finder_url": reverse("places:finder"),
    }


def asked(data):
    """The text typed in the search of communes."""
    return data.get("commune", "").strip()[:LONGEST_TEXT]


def unresolved(text, found):
    """What to say of a text that designates no commune by itself, with the communes it may mean."""
    if not text:
        return None
    message = ambiguity(text, found.choices) if found.choices else ignorance(text, found.suggestions)
    return {"message": message, "communes": [*found.choices, *found.suggestions][:CHOICES_LINKED]}


def territory(record, places, number=0):
    """One line of a list of territories, with its communes."""
    whole = total(places)
    return {
        "number": number,
        "name": record.name if number else record.short_name,
        "url": record.get_absolute_url(),
        "communes": places,
        "words": f"{plural(whole.communes, 'commune')}, {plural(whole.population, 'habitant')}",
    }


def cpts_drawing(land, cptss):
    """The communes tinted by CPTS, neighbours apart, each CPTS with the number it has in the list; None before the CPTS are loaded."""
    members = {cpts.pk: land.of_cpts(cpts.pk) for cpts in cptss}
    if not any(members.values()):
        return None
    outlines = dict(CommuneOutline.objects.values_list("commune", "geometry"))
    tones = tones_of(members, outlines)
    areas = [(tones[pk], outlines[place.pk]) for pk, places in members.items() for place in places if place.pk in outlines]
    labels = [label(str(number), middle(members[cpts.pk])) for number, cpts in enumerate(cptss, 1) if members[cpts.pk]]
    summary = (
        f"Les {len(cptss)} CPTS et leurs communes en Vaucluse. Les numéros renvoient à la liste{NBSP}; les teintes séparent les voisines."
    )
    return silhouette(key="cpts-carte", title="Les CPTS du Vaucluse", summary=summary, areas=areas, labels=labels)


def tones_of(members, outlines):
    """A tone for each group of communes, by its key, so that two groups with a common border differ (as far as the tones go)."""
    borders = {key: {point for place in places for point in points(outlines.get(place.pk))} for key, places in members.items()}
    tones = {}
    for key in sorted(borders, key=lambda key: -sum(bool(borders[key] & other) for other in borders.values())):
        taken = {tones[other] for other in tones if borders[key] & borders[other]}
        tones[key] = next((tone for tone in TONES if tone not in taken), TONES[len(tones) % len(TONES)])
    return tones


def points(geometry):
    """Every point of an outline; communes that touch share theirs."""
    if geometry is None:
        return
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    for polygon in polygons:
        for ring in polygon:
            yield from map(tuple, ring)


def middle(places):
    """The town hall nearest to the mean of all: a point that is surely inside the territory."""
    mean = Point(sum(place.latitude for place in places) / len(places), sum(place.longitude for place in places) / len(places))
    nearest = min(places, key=lambda place: distance_km(mean, place))
    return Point(nearest.latitude, nearest.longitude)
