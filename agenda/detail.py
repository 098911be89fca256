"""The page of one event: its facts, who stands behind it, and what search engines are told."""

from django.urls import reverse
from django.utils import timezone

from agenda import presenters
from agenda.enums import Role, State
from agenda.models import Event
from core import french
from core.french import NBSP
from core.links import address, mailto
from core.structured import breadcrumb, script_text
from territories import detail as territory
from territories.presenters import is_placed, radius_km

AROUND_KM = 20
MOST_OTHERS = 3
COMMUNES_NAMED = 60
STATUSES = {State.CANCELLED: "EventCancelled", State.POSTPONED: "EventPostponed"}
ROLES = {
    Role.ORGANISER: ("Organisée par", "Organisée par"),
    Role.SUPPORT: ("Avec l’appui de", "Avec l’appui de"),
    Role.PARTNER: ("Partenaire", "Partenaires"),
    Role.GUEST: ("Invité", "Invités"),
}


def context(event, *, now, origin, preview=False):
    """Everything the template reads, in two queries. `origin` begins absolute links; `preview` shows staff what readers would see."""
    url = origin + event.get_absolute_url()
    actors = list(event.actors.all())
    event.organisers = [actor for actor in actors if actor.role == Role.ORGANISER]
    others = Event.objects.visible(now).coming(now).taking_place().exclude(pk=event.pk).by_day().for_cards()[:MOST_OTHERS]
    hidden = preview or event.is_demo
    return {
        "event": event,
        "kind": event.kind,
        "commune": event.commune,
        "card": presenters.card(event, now),
        "when": presenters.when(event),
        "where": presenters.where(event),
        "is_over": event.is_over(now),
        "is_on": event.state not in STATUSES,
        "former_day": french.date(event.former_day) if event.former_day else "",
        "facts": [fact for fact in facts(event) if fact[1]],
        "roles": roles(actors),
        "communes": communes(event),
        "joining": territory.lines(event.how_to_join),
        "registration": presenters.registration(event, now) if event.register_by else "",
        "is_closed": bool(event.register_by) and event.register_by < timezone.localdate(now),
        "map": point(event) if event.commune else None,
        "map_caption": caption(event) if event.commune else "",
        "around_km": AROUND_KM,
        "near_query": f"?commune={event.commune.insee}&rayon={AROUND_KM}" if event.commune else "",
        "diary_url": reverse("agenda:event_diary", args=[event.pk]),
        "offers": [presenters.card(other, now) for other in others],
        "share_mail_url": mailto("", event.title, f"{event.title}\n{presenters.when(event)}\n{presenters.where(event)}\n{url}\n"),
        "canonical_url": url,
        "robots": "noindex" if hidden else "",
        "json_ld": "" if hidden else json_ld(event, url, origin),
        "is_preview": preview,
        "edit_url": reverse("admin:agenda_event_change", args=[event.pk]) if preview else "",
        "updated_on": timezone.localtime(event.updated_at),
    }


def facts(event):
    """The table of facts, as (label, value, address of its page)."""
    professions = ", ".join(profession.label for profession in event.professions.all())
    return [
        ("Quand", presenters.when(event), ""),
        ("Où", presenters.street(event), ""),
        ("À distance", "oui, de chez soi" if event.is_online else "", event.online_url),
        ("Pour qui", presenters.stages(event) or "Ouverte à tous", ""),
        ("Professions", professions, ""),
        ("Prix", presenters.price(event).capitalize() if event.is_free else event.price, ""),
    ]


def point(event):
    """Where the map puts it, as `components/map.html` reads it."""
    marker = {name: getattr(event.kind, name) for name in ("shape", "glyph", "tone")}
    return {"latitude": event.latitude, "longitude": event.longitude, "radius_km": radius_km(event), "label": event.title, **marker}


def caption(event):
    """How sure the point of the map is."""
    if is_placed(event):
        return f"Point {event.get_point_precision_display()}."
    return f"Adresse exacte non donnée{NBSP}: le point est à la mairie, la zone est celle de la commune."


def roles(actors):
    """Those who stand behind it, by role, in the order of the roles."""
    groups = [(role, [actor for actor in actors if actor.role == role]) for role in Role]
    return [{"label": ROLES[role][len(group) > 1], "actors": group} for role, group in groups if group]


def communes(event):
    """The communes that join, counted and named: `avec 38 communes`."""
    joined = list(event.communes.all())
    if not joined:
        return None
    return {"count": french.plural(len(joined), "commune"), "names": joined[:COMMUNES_NAMED], "more": max(0, len(joined) - COMMUNES_NAMED)}


def json_ld(event, url, origin):
    """Structured data of a real event (schema.org `Event`), cancelled or postponed when it is."""
    crumbs = [
        ("Accueil", "/"),
        ("Agenda", address("agenda:landing")),
        ("Rencontres", address("agenda:event_list")),
        (event.title, event.get_absolute_url()),
    ]
    moved = event.state == State.PUBLISHED and event.former_day
    mode = "Mixed" if event.is_online and event.commune else "Online" if event.is_online else "Offline"
    found = {
        "@type": "Event",
        "name": event.title,
        "description": event.summary,
        "url": url,
        "inLanguage": "fr",
        "startDate": edge(event, event.first_day, event.starts_at),
        "endDate": edge(event, event.last_day, event.ends_at if event.end_time else None),
        "eventStatus": f"https://schema.org/{'EventRescheduled' if moved else STATUSES.get(event.state, 'EventScheduled')}",
        "eventAttendanceMode": f"https://schema.org/{mode}EventAttendanceMode",
        "location": places(event, url),
        "organizer": [organizer(actor, origin) for actor in event.organisers],
        "isAccessibleForFree": True if event.is_free else None,
        "previousStartDate": event.former_day.isoformat() if moved else None,
        "image": [origin + event.src] if event.image else None,
    }
    return script_text([breadcrumb(crumbs, origin), {name: value for name, value in found.items() if value}])


def edge(event, day, moment):
    """A day, or a moment when hours are told."""
    return timezone.localtime(moment).isoformat() if moment and not event.is_all_day else day.isoformat()


def places(event, url):
    """Where it takes place, online included."""
    found = []
    if event.commune:
        place = territory.thing(event, "Place", url)
        place["name"] = event.venue or event.commune.name
        found.append(place)
    if event.is_online:
        found.append({"@type": "VirtualLocation", "url": event.online_url or url})
    return found


def organizer(actor, origin):
    link = actor.link
    told = {"@type": "Organization", "name": actor.name}
    return told | {"url": origin + link if link.startswith("/") else link} if link else told
