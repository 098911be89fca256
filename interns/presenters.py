"""A training place as readers see it. Pure functions of a place whose `specialty`, `facility` and `commune` are loaded."""

from django.utils.text import capfirst

from core import french
from core.french import NBSP
from interns.enums import Lodging
from territories import presenters, semesters
from territories.presenters import FacilityCard


def card(place, today):
    """The card of a place, whose `upcoming` are its capacities in the semesters to come (`for_cards`)."""
    distance = getattr(place, "distance_km", None)
    kind = place.kind
    return FacilityCard(
        pk=place.pk,
        url=place.get_absolute_url(),
        title=place.name,
        kind_label=kind.label,
        shape=kind.shape,
        glyph=kind.glyph,
        tone=kind.tone,
        place=where(place),
        facts=tuple(fact for fact in facts(place) if fact[1]),
        freshness=freshness(place),
        is_checked=not place.is_demo and presenters.is_checked(place),
        is_old=not place.is_demo and presenters.is_old(place, today),
        is_demo=place.is_demo,
        distance="" if distance is None else f"à {french.kilometres(distance)}",
        note=unplaced(place),
    )


def unplaced(place):
    """What a card says of a point that is not that of the place."""
    if presenters.is_placed(place):
        return ""
    return "point à la mairie" if place.address else "adresse exacte à préciser"


def facts(place):
    return [
        ("Spécialité", place.specialty.label),
        ("Niveaux", levels(place)),
        ("Places", ", ".join(capacity_text(each) for each in place.upcoming)),
        ("Logement", "sur place" if place.lodging == Lodging.YES else ""),
    ]


def levels(place):
    """`Externe, Saspas`: the levels it is approved for."""
    return capfirst(", ".join(place.level_labels))


def where(place):
    """The facility if it is in one, then the address and the commune."""
    address = presenters.place(place)
    return f"{place.facility.name}, {address}" if place.facility else address


def capacity_text(capacity):
    """`2 (été 2027)`, `aucune (hiver 2027-2028)`: short, for a card."""
    semester, year = semesters.computed(capacity.semester), capacity.semester[:4]
    years = f"{year}-{int(year) + 1}" if semester and semester.season == "hiver" else year
    season = f" ({semester.season} {years})" if semester else ""
    return f"{capacity.places or 'aucune'}{season}"


def freshness(place):
    """Where the facts come from, or when the team checked them."""
    return "terrain inventé pour l’exemple" if place.is_demo else presenters.freshness(place)


def lodging(place):
    """Whether one may sleep on site, in a sentence."""
    words = {Lodging.YES: "Oui", Lodging.NO: "Non", Lodging.UNKNOWN: "Non renseigné"}[place.lodging]
    return f"{words}{NBSP}: {place.lodging_note}" if place.lodging_note else words


def capacity(each):
    """One line of the table of places: the semester, how many."""
    semester = semesters.computed(each.semester)
    many = french.plural(each.places, "place", "places") if each.places else "aucune place"
    return (semester.label if semester else each.semester, many)


def note(each):
    """What a former intern says, as the page shows it: the semester and the words, nobody."""
    semester = semesters.computed(each.semester)
    paragraphs = [line for line in (part.strip() for part in each.text.split("\n")) if line]
    return {"semester": semester.label if semester else each.semester, "paragraphs": paragraphs, "is_demo": each.is_demo}


def nearby_card(place):
    """The card of a neighbour in a short row: its distance goes with its place."""
    kind = place.kind
    return {
        "pk": place.pk,
        "url": place.get_absolute_url(),
        "title": place.name,
        "kind_label": place.specialty.label,
        "shape": kind.shape,
        "glyph": kind.glyph,
        "tone": kind.tone,
        "is_demo": place.is_demo,
        "place": f"{place.commune.name}, à {french.kilometres(place.distance_km)}",
    }
