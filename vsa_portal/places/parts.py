"""Parts that pages of several territories share: drawings, charts, zonings, what is near, offers around."""

from urllib.parse import urlencode

from django.db.models import Count, Q, Window
from django.urls import reverse
from django.utils import timezone

from core import charts, prepared
from core.french import NBSP, date, kilometres, number, plural
from core.geography import HERE, KM, circle_asked
from core.links import mailto
from core.prepared import Slot
from opportunities import presenters
from opportunities.models import Opportunity
from opportunities.querysets import communes_around
from territories.enums import AUTHORITIES, ZoningScheme
from territories.poles import by_distance

OFFERS_SHOWN = 6
OFFERS_KM = 20
FACILITIES_OPEN = 60
"""Above so many facilities their list, as complete as their map, is folded."""
TOWNS_SHOWN = 3
POPULATION_SOURCE = "Population municipale (INSEE)\u00a0; superficie calculée sur les contours simplifiés de l’IGN."


def offers_around(point, now):
    """Cards of the visible offers nearest to a point, how many there are within `OFFERS_KM` and how many name their team.

    The place of an offer is the one that readers may know: an offer that keeps its commune back is told by its intercommunalité.
    """
    asked = circle_asked(point, OFFERS_KM) | communes_around(point, OFFERS_KM)
    return told(prepared.records(nearest_offers, at=now, **asked), now)


def offers_in(commune_ids, now):
    """The same for the offers that take place in some communes, as far as readers are told; the latest confirmed first."""
    return told(prepared.records(offers_of_communes, at=now, communes=list(commune_ids)), now)


def nearest_offers():
    """Offers of a circle, for `core.prepared`."""
    around = Opportunity.objects.visible(Slot("at")).around(HERE, KM, Slot("reached"), Slot("inside"))
    return counted(around.by_distance(HERE))


def offers_of_communes():
    """Offers of some communes, for `core.prepared`."""
    return counted(Opportunity.objects.visible(Slot("at")).in_communes(Slot("communes")).by_freshness())


def counted(found):
    """The first few offers of a query, with how many there are and how many name their team."""
    numbers = {"total": Window(Count("pk")), "teams": Window(Count("pk", filter=~Q(team="")))}
    return found.annotate(**numbers).for_cards().select_related("kind", "commune__epci")[:OFFERS_SHOWN]


def told(shown, now):
    """Cards of these offers, with the numbers that they bear."""
    first = shown[0] if shown else None
    cards = [presenters.card(offer, offer.kind, now) for offer in shown]
    return {"cards": cards, "total": first.total if first else 0, "teams": first.teams if first else 0}


def offers_urls(**parameters):
    """The search of offers with these parameters, and where one asks to be told of what is new there."""
    query = urlencode(parameters)
    return {"offers_url": f"{reverse('opportunities:offer_list')}?{query}", "alert_url": f"{reverse('contacts:alerts_new')}?{query}"}


def facilities_urls(kinds, **parameters):
    """Where the same facilities are listed and mapped, and the legend of that map."""
    query = urlencode(parameters)
    return {
        "facility_list_url": f"{reverse('territories:facility_list')}?{query}",
        "facility_map_url": f"{reverse('territories:facility_map')}?{query}",
        "map_kinds": kinds,
    }


def day_beside(source, day):
    """The day of a source, unless its name tells it, or its month, already."""
    told = date(day) if day else ""
    return "" if told.partition(" ")[2] in source else told


def zonings(rows):
    """Both zonings of a commune for a reader: what is confirmed with its source, else whom to ask."""
    by_scheme = {row.scheme: row for row in rows}
    told = []
    for scheme in ZoningScheme:
        row = by_scheme.get(scheme)
        confirmed = row is not None and row.confirmed
        told.append(
            {
                "label": scheme.label[:1].upper() + scheme.label[1:],
                "text": row.text if row else AUTHORITIES[scheme],
                "confirmed": confirmed,
                "source": row.source if confirmed else "",
                "source_url": row.source_url if confirmed else "",
                "dated": day_beside(row.source, row.source_date) if confirmed else "",
            }
        )
    return told


def access(surroundings):
    """The nearest hospital, emergency department and maternity, as rows for a list of facts."""
    rows = (
        ("k-hospital", "Hôpital", surroundings.hospital),
        ("k-emergency", "Urgences", surroundings.emergency),
        ("k-child", "Maternité", surroundings.maternity),
    )
    return [
        {"icon": icon, "label": label, "name": found.facility.name, "url": found.url, "away": found.away}
        for icon, label, found in rows
        if found
    ]


def poles(point):
    """Distances to the towns with a CHU and a faculty of medicine, nearest first (mission M44, M45)."""
    return [
        {"name": pole.name, "away": f"à {kilometres(km)}", "text": f"{pole.hospital}, {pole.faculty}"} for km, pole in by_distance(point)
    ]


def towns(found):
    """The nearest towns for a list of facts."""
    return [{"name": place.name, "url": place.get_absolute_url(), "away": f"à {kilometres(km)}"} for km, place in found[:TOWNS_SHOWN]]


def density_text(population, area_km2):
    """`1 234 habitants par km²`."""
    return f"{number(round(population / area_km2))}{NBSP}habitants par{NBSP}km²" if area_km2 else ""


def area_text(area_km2):
    """`44 km²`, with a decimal under ten."""
    return f"{number(round(area_km2, 1) if area_km2 < 10 else round(area_km2))}{NBSP}km²"


def density_chart(levels, key="densite"):
    """Inhabitants per square kilometre at several levels; `levels` are (label, total, is it the subject)."""
    rows = [
        charts.Row(label, total.density, f"{number(round(total.density))} hab./km²", is_subject)
        for label, total, is_subject in levels
        if total.density
    ]
    return charts.bars(rows, key=key, title="Densité de population", columns=("Territoire", "Habitants par km²"), note=POPULATION_SOURCE)


def population_chart(places, subject, key="population", ceiling=8):
    """Inhabitants of the largest communes of a territory, the subject among them whatever its size."""
    largest = sorted(places, key=lambda place: (-place.population, place.slug))[:ceiling]
    if subject is not None and subject not in {place.pk for place in largest}:
        largest[-1:] = [place for place in places if place.pk == subject]
    rows = [charts.Row(place.name, place.population, number(place.population), place.pk == subject) for place in largest]
    more = len(places) - len(rows)
    note = (
        f"Les {len(rows)} communes montrées sont les plus peuplées\u00a0; {plural(more, 'autre n’est', 'autres ne sont')} pas dessinées. "
        if more > 0
        else ""
    )
    return charts.bars(rows, key=key, title="Population des communes", columns=("Commune", "Habitants"), note=note + POPULATION_SOURCE)


def updated(*groups):
    """The day of the last change among the records that a page shows, in words; empty without any."""
    latest = max((record.updated_at for group in groups for record in group), default=None)
    return date(timezone.localtime(latest)) if latest else ""


def uncapitalized(text):
    """`Hôpitaux` inside a sentence; an acronym keeps its capitals."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def share_links(title, url):
    """Ways to pass a page on that need no third party."""
    return {"share_mail_url": mailto("", title, f"{title}\n{url}\n")}


def compare_url(places, ceiling=3):
    """The comparison of these communes, the largest first when they are too many."""
    chosen = sorted(places, key=lambda place: -place.population)[:ceiling] if len(places) > ceiling else places
    return f"{reverse('places:compare')}?{urlencode([('commune', place.slug) for place in chosen])}"
