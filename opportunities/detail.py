"""The page of one offer: its facts, what is around, what is like it, and what search engines are told."""

from django.urls import reverse
from django.utils import timezone

from core import french
from core.french import NBSP
from core.geography import distance_km
from core.images import srcset
from core.links import mailto
from core.structured import breadcrumb, script_text
from opportunities import presenters
from opportunities.enums import LocationPrecision, State
from opportunities.models import Opportunity
from opportunities.structured import job_posting
from territories.models import Commune, HealthFacility
from territories.poles import by_distance

TOWN_POPULATION = 10_000
"""A commune of this size or more is named as a town one would drive to."""
SIMILAR = 3
PHOTO_SIZES = "(width >= 60rem) 22rem, 92vw"
"""How wide a photograph is shown; see static/css/components/detail.css."""

NOTICES = {
    State.PAUSED: ("Offre en pause", "Le cabinet a suspendu cette offre pour un temps."),
    State.FILLED: ("Offre pourvue", "Un médecin a été trouvé. Bonne nouvelle pour les patients."),
    State.EXPIRED: ("Offre expirée", "La date de validité est passée, ou l’annonceur n’a plus donné de nouvelles."),
    State.WITHDRAWN: ("Offre retirée", "Cette offre n’est plus proposée."),
}


def context(offer, *, now, origin, preview=False):
    """Everything the template reads. `origin` is the scheme and host of absolute links.

    Six queries at most besides the offer itself: other places, photographs, towns, similar offers (two), its facility if it has one.
    """
    visible = preview or is_visible(offer, now)
    discreet = offer.location_precision == LocationPrecision.EPCI
    url = origin + offer.get_absolute_url()
    card = presenters.card(offer, offer.kind, now)
    same_kind = f"{reverse('opportunities:offer_list')}?type={offer.kind.code}"
    page = {
        "offer": offer,
        "card": card,
        "sections": presenters.sections(offer),
        "paragraphs": [text for text in (part.strip() for part in offer.description.split("\n")) if text],
        "freshness": card.freshness,
        "is_old": card.is_old,
        "trace": trace(offer),
        "around": around(offer),
        "similar": similar(offer, now),
        "more_similar_url": same_kind,
        "photos": [] if discreet else [picture(photo) for photo in offer.photos.all()],
        "places": [] if discreet else other_places(offer),
        "is_visible": visible,
        "notice": notice(offer, visible, preview),
        "reminders": reminders(offer),
        "report_url": reverse("opportunities:offer_report", args=[offer.pk]) if visible and not preview else "",
        "seen_url": reverse("opportunities:offer_seen", args=[offer.pk]) if visible and not preview else "",
        "facility": None
        if discreet or offer.facility_id is None
        else HealthFacility.objects.visible().filter(pk=offer.facility_id).first(),
        "share_mail_url": mailto("", offer.title, f"{offer.title}\n{card.place}\n{url}\n"),
        "canonical_url": url,
        "json_ld": json_ld(offer, url, origin) if visible and not preview else "",
        "map": map_of(offer),
        "robots": "" if visible and not preview else "noindex",
        "is_preview": preview,
        "edit_url": reverse("admin:opportunities_opportunity_change", args=[offer.pk]) if preview else "",
        "has_demo": offer.is_demo,
        "summary": offer.summary,
    }
    if offer.state == State.WITHDRAWN and not preview:
        page |= WITHDRAWN
    return page


WITHDRAWN = {
    "summary": "",
    "sections": [],
    "paragraphs": [],
    "photos": [],
    "places": [],
    "around": [],
    "map": None,
    "reminders": [],
    "facility": None,
}
"""What is left unsaid of an offer that was withdrawn, perhaps because it should never have been read (DSA-01)."""


def other_places(offer):
    """Further places of work, each with its commune."""
    places = offer.other_places.select_related("commune")
    return [f"{place.label}, {place.commune}" if place.label else place.commune.name for place in places]


def is_visible(offer, at):
    """The rule of `OpportunityQuerySet.visible` for one row that is already loaded."""
    return offer.state == State.PUBLISHED and offer.published_at <= at < offer.expires_at


def notice(offer, visible, preview):
    """What a reader must know before the facts: the offer is over, or not public yet."""
    if preview:
        return {"title": "Aperçu", "text": f"Seule l’équipe voit cette page. État de l’offre{NBSP}: {offer.get_state_display()}."}
    if visible:
        return None
    title, text = NOTICES.get(offer.state, NOTICES[State.EXPIRED])
    if offer.closed_at:
        title = f"{title} le {french.date(timezone.localtime(offer.closed_at))}"
    return {"title": title, "text": text}


def trace(offer):
    """The dated steps that readers may know."""
    steps = [
        (offer.published_at, "publiée, relue par l’équipe VSA"),
        (offer.confirmed_at if offer.confirmed_at != offer.published_at else None, "confirmée par l’annonceur"),
        (offer.closed_at if offer.state in NOTICES else None, offer.get_state_display()),
        (offer.expires_at if offer.state == State.PUBLISHED else None, "fin de publication, sauf nouvelle confirmation"),
    ]
    return [{"date": timezone.localtime(at), "text": text} for at, text in steps if at]


def around(offer):
    """What lies around the place that readers are shown: the nearest towns, the intercommunalité, the commune."""
    if offer.point is None or offer.commune_id is None:
        return []
    commune, epci = offer.commune, offer.commune.epci
    facts = []
    if offer.location_precision != LocationPrecision.EPCI:
        facts.append(
            {
                "icon": "pin",
                "label": commune.name,
                "url": commune.get_absolute_url(),
                "value": f"{french.plural(commune.population, 'habitant')}, {french.number(round(commune.area_km2))}{NBSP}km²",
            }
        )
    people = french.plural(epci.population, "habitant")
    facts.append({"icon": "map", "label": "Intercommunalité", "url": epci.get_absolute_url(), "value": f"{epci.short_name}, {people}"})
    towns = Commune.objects.filter(population__gte=TOWN_POPULATION).only("name", "latitude", "longitude")
    if offer.location_precision == LocationPrecision.EPCI:
        ranked = sorted((distance_km(offer.point, town), town.name) for town in towns)
    else:
        ranked = sorted((distance_km(offer.point, town), town.name) for town in towns if town.pk != commune.pk)
    since = " du centre du secteur," if offer.location_precision == LocationPrecision.EPCI else ""
    facts += [{"icon": "map", "label": name, "value": f"à {french.kilometres(km)}{since} à vol d’oiseau"} for km, name in ranked[:3]]
    if offer.location_precision != LocationPrecision.EPCI:
        facts.append({"icon": "train", "label": "CHU et facultés de médecine", "value": poles(offer.point)})
    return facts


def poles(point):
    """`Nîmes 45 km, Marseille 70 km…`, in a straight line (mission M45)."""
    return ", ".join(f"{pole.name} {french.kilometres(km)}" for km, pole in by_distance(point)) + " à vol d’oiseau"


def similar(offer, now):
    """Three visible offers a reader of this one may want: the same kind first, the nearest first."""
    others = Opportunity.objects.visible(now).exclude(pk=offer.pk).for_cards().select_related("kind")
    found = list(others.of_kinds([offer.kind_id]).by_freshness()[:60])
    if offer.point is not None:
        found.sort(key=lambda other: distance_km(offer.point, other))
        if len(found) < SIMILAR:
            found += others.exclude(kind=offer.kind_id).near(offer.point, 30).by_freshness()[: SIMILAR - len(found)]
    return [presenters.card(other, other.kind, now) for other in found[:SIMILAR]]


def picture(photo):
    """A photograph as the template writes it: addresses of every width, size of the largest, text, credit."""
    name, width = photo.image.name, photo.width
    return {
        "src": photo.image.url,
        "srcset": srcset(name, width, "webp"),
        "srcset_avif": srcset(name, width, "avif"),
        "sizes": PHOTO_SIZES,
        "width": width,
        "height": photo.height,
        "alt": photo.alternative_text,
        "credit": photo.credit,
    }


def reminders(offer):
    """Duties that go with the kind of offer (DEO-01, DEO-02, DEO-04)."""
    texts = []
    if offer.kind.contract_to_order:
        texts.append(
            {
                "title": "Le contrat va à l’Ordre",
                "text": "Tout contrat d’exercice est communiqué au conseil départemental de l’Ordre dans le mois de sa signature "
                "(article L.\u00a04113-9 du code de la santé publique).",
            }
        )
    if offer.kind.is_locum:
        texts.append(
            {
                "title": "Après trois mois de remplacement",
                "text": "Sauf accord, pas d’installation pendant deux ans en concurrence directe avec le médecin remplacé "
                "(article 86 du code de déontologie).",
            }
        )
    if offer.price is not None:
        texts.append(
            {
                "title": "Un droit de présentation",
                "text": "On ne vend pas de patients. Le montant porte sur le matériel, les parts et la présentation de la patientèle, "
                "qui garde le libre choix de son médecin.",
            }
        )
    return texts


def map_of(offer):
    """What the map of the page draws: a point, or an area when the address is kept back."""
    if offer.point is None:
        return None
    exact = offer.location_precision == LocationPrecision.EXACT
    return {
        "latitude": offer.latitude,
        "longitude": offer.longitude,
        "radius_km": offer.radius_km,
        "label": f"{offer.kind.label}{NBSP}: {offer.title}",
        "shape": offer.kind.shape,
        "glyph": offer.kind.glyph,
        "tone": offer.kind.tone,
        "precise": exact,
        "caption": "Lieu exact." if exact else "Zone approximative\u00a0: l’adresse exacte n’est pas publiée.",
    }


def json_ld(offer, url, origin):
    """Structured data as text that is safe inside a script element."""
    crumbs = [
        ("Accueil", "/"),
        ("Exercer la médecine en Vaucluse", reverse("opportunities:landing")),
        ("Offres d’exercice", reverse("opportunities:offer_list")),
        (offer.title, offer.get_absolute_url()),
    ]
    graph = [breadcrumb(crumbs, origin)]
    if offer.kind.is_employment:
        graph.append(job_posting(offer, url))
    return script_text(graph)
