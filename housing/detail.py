"""What the page of one dwelling shows."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from core import french
from core.enums import State
from core.french import NBSP
from core.geography import distance_km
from core.structured import breadcrumb, script_text
from housing import calendar, presenters, rules
from housing.actions.stays import stay_problems
from housing.enums import MARKERS, Lease
from housing.models import Dwelling
from housing.rows import card_row
from territories import semesters
from territories.models import HealthFacility

SIMILAR = 3
AROUND_KM = 25
FACILITIES = 4
PERIODS_TOLD = 3
NOTICES = {
    State.PAUSED: ("Cette annonce est en pause", "Son hôte l’a mise en pause\u00a0; elle reviendra peut-être."),
    State.FILLED: ("Ce logement n’est plus à louer", "La fiche reste consultable, elle a quitté les listes."),
    State.EXPIRED: ("Cette annonce est arrivée à sa date de fin", "Elle a quitté les listes."),
    State.WITHDRAWN: ("Cette annonce est retirée", "Elle n’est plus proposée."),
}
"""What a page says once the dwelling is over."""


def context(dwelling, *, now, origin, search=None, preview=False):
    """Everything that the template of a dwelling reads, ready to print.

    `search` says which places and nights its reader looks for; `preview` shows any state to the team and the host.
    """
    visible = is_visible(dwelling, now)
    url = origin + dwelling.get_absolute_url()
    return {
        "dwelling": dwelling,
        "card": presenters.card(dwelling),
        "sections": presenters.sections(dwelling),
        "paragraphs": [text for text in (part.strip() for part in dwelling.description.split("\n")) if text],
        "photos": [presenters.picture(photo, presenters.WIDE_PHOTO_SIZES) for photo in dwelling.photos.all()],
        "facility": dwelling.facility,
        "notice": notice(dwelling, visible, preview),
        "is_visible": visible,
        "is_preview": preview,
        "yours": yours(dwelling, search) if search and visible else None,
        "ask_query": search.carried if search else "",
        "calendar": months(dwelling, now),
        "mentions": mentions(dwelling),
        "map": map_of(dwelling),
        "around": around(dwelling),
        "semesters": semester_links(dwelling, now),
        "similar": similar(dwelling, now),
        "json_ld": json_ld(dwelling, url, origin) if visible else "",
        "report_url": reverse("housing:dwelling_report", args=[dwelling.pk]) if visible and not preview else "",
        "seen_url": reverse("housing:dwelling_seen", args=[dwelling.pk]) if visible and not preview else "",
        "canonical_url": url,
        "robots": "" if visible else "noindex",
    }


def is_visible(dwelling, at):
    """The rule of `DwellingQuerySet.visible` for one row that is already loaded."""
    return dwelling.state == State.PUBLISHED and dwelling.published_at <= at < dwelling.expires_at


def notice(dwelling, visible, preview):
    """What a reader must know before the facts."""
    if preview:
        return {"title": "Aperçu", "text": f"Vous seul voyez cette page. État de l’annonce{NBSP}: {dwelling.get_state_display()}."}
    if visible:
        return None
    title, text = NOTICES.get(dwelling.state, NOTICES[State.EXPIRED])
    if dwelling.closed_at:
        title = f"{title} depuis le {french.date(timezone.localtime(dwelling.closed_at))}"
    return {"title": title, "text": text}


def yours(dwelling, search):
    """What the reader asked: the way to each of their places, what of their nights. None when nothing was asked."""
    if not (search.near or search.stay):
        return None
    commute, nights = search.commute, nights_in_words(dwelling, search) if search.stay else ""
    return {"ways": presenters.ways(dwelling, commute), "week": presenters.week(dwelling, commute), "nights": nights}


def nights_in_words(dwelling, search):
    """Why the host does not take a stay of so many days, as the request says it; or whether some room is free."""
    stay = search.stay
    if problems := stay_problems(dwelling, stay.start, stay.end, search.today):
        return " ".join(problems)
    free = Dwelling.objects.filter(pk=dwelling.pk).free(stay.start, stay.end).exists()
    return f"{'Libre' if free else 'Pas libre'} {presenters.when(stay)}{'' if free else ', ou pas pour toutes ces nuits'}."


def told(month):
    """First and last night of each free period of a month that is free in part."""
    return [(first, last - timedelta(days=1)) for first, last in month.free] if month.state == calendar.PARTLY else []


def free_in_words(periods, today):
    """`Libre du 2 novembre 2026 au 3 mai 2027, puis d’autres dates.`: the first periods that are free, from arrival to departure."""
    told = [_from_to(first, last, today) for first, last in periods[:PERIODS_TOLD]]
    listed = " et ".join(filter(None, [", ".join(told[:-1]), told[-1]]))
    return f"Libre {listed}{', puis à d’autres dates' if len(periods) > PERIODS_TOLD else ''}."


def _from_to(first, last, today):
    if last > today + timedelta(days=calendar.MOST_MONTHS * 30):  # a host who types a far year means « without an end »
        return "dès maintenant" if first <= today else f"à partir du {french.date(first)}"
    return f"jusqu’au {french.date(last)}" if first <= today else french.date_range(first, last)


def months(dwelling, now):
    """The year ahead and what is free after it, month by month, in words: free, free in part (and when), taken. None without a night.

    `at_once`: the periods of one room, where months read together would promise a stay that changes rooms.
    """
    today = timezone.localdate(now)
    free = calendar.free_periods(dwelling, today)
    if not free:
        return None
    shown = calendar.months(dwelling, today, free=free)
    rows = [
        {
            "label": month.label,
            "state": month.state,
            "words": month.words,
            "periods": [french.date_range(*nights) for nights in told(month)],
        }
        for month in shown
    ]
    year, later = rows[: calendar.MONTHS], rows[calendar.MONTHS :]
    return {
        "year": year,
        "told": "" if calendar.is_shared(free) else free_in_words(free, today),
        "at_once": [french.date_range(*period) for period in free] if calendar.is_shared(free) else [],
        "later": later,
        "later_label": later and (later[0]["label"] if len(later) == 1 else f"De {later[0]['label']} à {later[-1]['label']}"),
        "is_later_only": not any(month.free for month in shown[: calendar.MONTHS]),
    }


def mentions(dwelling):
    """Sentences that the law or prudence asks beside the facts (LOG-02, LOG-05, LOG-08)."""
    texts = [mention] if (mention := rules.energy_mention(dwelling)) else []
    if dwelling.lease == Lease.MOBILITY:
        texts.append("Bail mobilité\u00a0: de 1 à 10 mois, sans dépôt de garantie, pour des études, un stage, une mutation ou une mission.")
    return texts


def map_of(dwelling):
    """What the map draws: a circle that holds the dwelling, never its place."""
    if dwelling.point is None:
        return None
    marker = MARKERS[dwelling.kind]
    return {
        "latitude": dwelling.latitude,
        "longitude": dwelling.longitude,
        "radius_km": dwelling.radius_km,
        "label": f"{presenters.kind_label(dwelling)}{NBSP}: {dwelling.title}",
        "shape": marker.shape,
        "glyph": marker.glyph,
        "tone": marker.tone,
        "caption": "Le logement est quelque part dans ce cercle\u00a0: l’hôte donne l’adresse à la personne qui vient.",
    }


def around(dwelling):
    """The commune, and the nearest hospitals and clinics as the crow flies from the point shown."""
    if dwelling.point is None or dwelling.commune_id is None:
        return []
    commune = dwelling.commune
    facts = [
        {
            "icon": "pin",
            "label": commune.name,
            "url": commune.get_absolute_url(),
            "value": french.plural(commune.population, "habitant"),
        }
    ]
    near = HealthFacility.objects.visible().filter(kind__code__in=("hospital", "clinic", "msp", "health_centre"))
    found = list(near.near(dwelling.point, AROUND_KM).select_related("kind", "commune"))
    found.sort(key=lambda facility: distance_km(dwelling.point, facility))
    return facts + [
        {
            "icon": f"k-{facility.kind.glyph}",
            "label": facility.name,
            "url": facility.get_absolute_url(),
            "value": f"à {french.kilometres(distance_km(dwelling.point, facility))} à vol d’oiseau",
        }
        for facility in found[:FACILITIES]
    ]


def semester_links(dwelling, now):
    """The same list around this commune for the semester under way and the next two."""
    if dwelling.commune_id is None:
        return []
    url, today = reverse("housing:dwelling_list"), timezone.localdate(now)
    return [
        {"label": each.label, "url": f"{url}?lieu=commune-{dwelling.commune.insee}&semestre={each.code}"}
        for each in semesters.upcoming(today, 2, current=True)
        if each.end > today
    ]


def similar(dwelling, now):
    """Cards of the nearest other dwellings that readers may see."""
    if dwelling.point is None:
        return []
    others = Dwelling.objects.visible(now).exclude(pk=dwelling.pk).near(dwelling.point, AROUND_KM)
    return [presenters.card(card_row(*row)) for row in others.by_distance({dwelling.point: 1}).for_card_rows()[:SIMILAR]]


def json_ld(dwelling, url, origin):
    """Structured data as text that is safe inside a script element: an Accommodation, with its commune and without a point."""
    crumbs = [
        ("Accueil", "/"),
        ("S’installer", reverse("aids:landing")),
        ("Se loger", reverse("housing:dwelling_list")),
        (dwelling.title, dwelling.get_absolute_url()),
    ]
    accommodation = {
        "@type": "Accommodation",
        "name": dwelling.title,
        "url": url,
        "accommodationCategory": presenters.KINDS[dwelling.kind],
        "address": {
            "@type": "PostalAddress",
            "addressLocality": dwelling.commune.name,
            "postalCode": dwelling.commune.postal_code,
            "addressRegion": "Vaucluse",
            "addressCountry": "FR",
        },
        "floorSize": {"@type": "QuantitativeValue", "value": float(dwelling.living_area_m2), "unitCode": "MTK"},
        "occupancy": {"@type": "QuantitativeValue", "maxValue": dwelling.capacity},
        "petsAllowed": {"yes": True, "no": False}.get(dwelling.pets),
        "amenityFeature": [
            {"@type": "LocationFeatureSpecification", "name": presenters.EQUIPMENT[code], "value": True}
            for code in dwelling.equipment
            if code in presenters.EQUIPMENT
        ],
    }
    return script_text([breadcrumb(crumbs, origin), {name: value for name, value in accommodation.items() if value not in (None, [])}])
