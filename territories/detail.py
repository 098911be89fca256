"""The page of one health facility: its facts, what is around, and what search engines are told."""

from django.urls import reverse
from django.utils import timezone

from core import french
from core.links import address, mailto
from core.structured import breadcrumb, script_text
from territories import presenters
from territories.models import HealthFacility

AROUND_KM = 20
MOST_AROUND = 12
"""Neighbours shown, the nearest first."""


def around(facility):
    """The facilities within 20 km of one, itself apart, the nearest first, twelve at most."""
    others = HealthFacility.objects.visible().exclude(pk=facility.pk).near(facility.point, AROUND_KM)
    return others.by_distance(facility.point).select_related("kind", "commune")[:MOST_AROUND]


def context(facility, *, origin, preview=False):
    """Everything the template reads, in one query. `origin` begins absolute links; `preview` shows staff what readers would see."""
    today = timezone.localdate()
    url = origin + facility.get_absolute_url()
    neighbours = list(around(facility))
    card = presenters.card(facility, today)
    return {
        "facility": facility,
        "kind": facility.kind,
        "commune": facility.commune,
        "card": card,
        "facts": [fact for fact in facts(facility) if fact[1]],
        "equipment": lines(facility.equipment),
        "timetable": lines(facility.timetable),
        "paragraphs": lines(facility.description),
        "offers": [presenters.nearby_card(other, today) for other in neighbours],
        "around_url": reverse("territories:facility_around", args=[facility.pk]),
        "map_kinds": list({each.kind_id: each.kind for each in [facility, *neighbours]}.values()),
        "map_caption": caption(facility),
        "around_km": AROUND_KM,
        "same_kind_url": f"{address('territories:facility_list')}?type={facility.kind.code}",
        "near_url": f"{address('territories:facility_list')}?commune={facility.commune.insee}&rayon={AROUND_KM}",
        "share_mail_url": mailto("", facility.name, f"{facility.name}\n{card.place}\n{url}\n"),
        "canonical_url": url,
        "robots": "noindex" if preview or facility.is_demo else "",
        "json_ld": "" if preview or facility.is_demo else json_ld(facility, url, origin),
        "is_preview": preview,
        "edit_url": reverse("admin:territories_healthfacility_change", args=[facility.pk]) if preview else "",
        "updated_on": timezone.localtime(facility.updated_at),
        "source": "" if facility.is_demo else facility.source_text,
    }


def facts(facility):
    """The table of facts, as (label, value, small print)."""
    return [
        ("Type", facility.kind.label, facility.kind.definition),
        ("Statut", presenters.STATUSES[facility.status], ""),
        ("Services", ", ".join(presenters.services(facility)), ""),
        ("Lits", french.number(facility.beds) if facility.beds else "", "médecine, chirurgie, obstétrique"),
        ("Secteur", facility.area, ""),
        ("Adresse", presenters.place(facility), ""),
        ("Numéro FINESS", facility.finess or "", ""),
    ]


def caption(facility):
    """How sure the point of the map is."""
    if presenters.is_placed(facility):
        return f"Point {facility.get_point_precision_display()}."
    if facility.kind.itinerant:
        return "Service itinérant\u00a0: le point est à la mairie de la commune de départ, la zone est celle de la commune."
    return "Adresse exacte non connue\u00a0: le point est à la mairie, la zone est celle de la commune."


def lines(text):
    """The lines of a text that hold something."""
    return [line for line in (part.strip() for part in text.split("\n")) if line]


def json_ld(facility, url, origin):
    """Structured data of a real facility; the point only when it is its own."""
    crumbs = [
        ("Accueil", "/"),
        ("Exercer la médecine en Vaucluse", address("opportunities:landing")),
        ("Établissements de santé", address("territories:facility_list")),
        (facility.name, facility.get_absolute_url()),
    ]
    found = thing(facility, facility.kind.schema_type, url)
    optional = {
        "telephone": facility.phone,
        "sameAs": facility.website,
        "description": facility.description,
        "areaServed": facility.area,
        "identifier": facility.finess and {"@type": "PropertyValue", "propertyID": "FINESS", "value": facility.finess},
    }
    return script_text([breadcrumb(crumbs, origin), found | {name: value for name, value in optional.items() if value}])


def thing(row, schema_type, url):
    """What schema.org is told of anything that stands at a place (`territories.models.Placed`); the point only when it is its own."""
    place = {"@type": "PostalAddress", "addressLocality": row.commune.name, "addressRegion": "Vaucluse", "addressCountry": "FR"}
    if row.address:
        place["streetAddress"] = row.address
    if code := presenters.postal_code(row):
        place["postalCode"] = code
    found = {"@type": schema_type, "name": row.name, "url": url, "address": place}
    if presenters.is_placed(row):
        found["geo"] = {"@type": "GeoCoordinates", "latitude": row.latitude, "longitude": row.longitude}
    return found
