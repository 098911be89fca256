"""The page of one training place: its facts, what is around, and what search engines are told."""

from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst

from core.french import NBSP
from core.links import address, mailto
from core.structured import breadcrumb, script_text
from interns import presenters
from interns.models import TrainingPlace
from territories import presenters as territory
from territories import semesters
from territories.detail import AROUND_KM, MOST_AROUND, lines, thing

NEXT_SEMESTERS = 2
"""Semesters to come of which the rooms nearby are one click away; the one under way comes before them."""
NOTES_SHOWN = 30


def around(place):
    """The places within 20 km of one, itself apart, the nearest first, twelve at most."""
    others = TrainingPlace.objects.visible().exclude(pk=place.pk).near(place.point, AROUND_KM)
    return others.by_distance(place.point).select_related("specialty", "facility", "commune").defer("search_vector")[:MOST_AROUND]


def context(place, *, origin, preview=False):
    """Everything the template reads, in four queries. `origin` begins absolute links; `preview` shows staff what readers would see."""
    today = timezone.localdate()
    url = origin + place.get_absolute_url()
    ahead = semesters.upcoming(today, NEXT_SEMESTERS, current=True)
    place.upcoming = list(place.capacities.filter(semester__gte=ahead[0].code))
    neighbours = list(around(place))
    return {
        "place": place,
        "commune": place.commune,
        "card": presenters.card(place, today),
        "facts": [fact for fact in facts(place) if fact[1]],
        "capacities": [presenters.capacity(each) for each in place.upcoming],
        "equipment": lines(place.equipment),
        "paragraphs": lines(place.description),
        "transport": lines(place.transport),
        "notes": [presenters.note(each) for each in place.notes.visible().by_semester()[:NOTES_SHOWN]],
        "rooms": [
            {"label": semester.label, "query": f"?lieu=stage-{place.pk}&semestre={semester.code}"}
            for semester in ahead
            if semester.end > today  # nobody sleeps in a semester that ends today
        ],
        "offers": [presenters.nearby_card(other) for other in neighbours],
        "around_url": reverse("interns:place_around", args=[place.pk]),
        "map_kinds": list({each.setting: each.kind for each in [place, *neighbours]}.values()),
        "map_caption": caption(place),
        "around_km": AROUND_KM,
        "exercise_query": f"?commune={place.commune.insee}&rayon={AROUND_KM}",
        "share_mail_url": mailto("", place.name, f"{place.name}\n{presenters.where(place)}\n{url}\n"),
        "canonical_url": url,
        "robots": "noindex" if preview or place.is_demo else "",
        "json_ld": "" if preview or place.is_demo else json_ld(place, url, origin),
        "is_preview": preview,
        "edit_url": reverse("admin:interns_trainingplace_change", args=[place.pk]) if preview else "",
        "updated_on": timezone.localtime(place.updated_at),
        "source": "" if place.is_demo else place.source_text,
    }


def facts(place):
    """The table of facts, as (label, value, address of its page)."""
    return [
        ("Cadre", capfirst(place.get_setting_display()), ""),
        ("Spécialité", place.specialty.label, ""),
        ("Niveaux", presenters.levels(place), ""),
        ("Établissement", place.facility.name if place.facility else "", place.facility.get_absolute_url() if place.facility else ""),
        ("Adresse", territory.place(place), ""),
        ("Logement sur place", presenters.lodging(place), ""),
        ("Maître de stage", place.supervisor_name, ""),
    ]


def caption(place):
    """How sure the point of the map is."""
    if territory.is_placed(place):
        return f"Point {place.get_point_precision_display()}."
    known = "Adresse pas encore placée" if place.address else "Adresse exacte non connue"
    return f"{known}{NBSP}: le point est à la mairie, la zone est celle de la commune."


def json_ld(place, url, origin):
    """Structured data of a real place: a name and where it is, never a person."""
    crumbs = [
        ("Accueil", "/"),
        ("Internes", address("interns:landing")),
        ("Terrains de stage", address("interns:place_list")),
        (place.name, place.get_absolute_url()),
    ]
    found = thing(place, "Place", url)
    if place.description:
        found["description"] = place.description
    if place.facility:
        kind = place.facility.kind.schema_type
        found["containedInPlace"] = {"@type": kind, "name": place.facility.name, "url": origin + place.facility.get_absolute_url()}
    return script_text([breadcrumb(crumbs, origin), found])
