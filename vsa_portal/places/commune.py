"""The page of one commune: where it lies, who lives there, what care is around, what can be done there."""

from django.db.models import TextField
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode

from core import prepared
from core.french import NBSP, kilometres, number, plural
from core.geography import Point
from core.prepared import Slot
from territories.enums import FigureLevel
from territories.models import Commune, Zoning
from territories.silhouette import silhouette
from territories.surroundings import NEAR_KM, WIDE_KM, Surroundings, summary
from vsa_portal.places import life, parts
from vsa_portal.places.figures import Figures
from vsa_portal.places.land import Land, total

NEIGHBOURS = 6


def context(commune, *, now, url):
    """Everything the template reads. `commune` is as `named` gives it; `url` is its full address."""
    point = Point(commune.latitude, commune.longitude)
    land, around = Land(), Surroundings(point)
    figures = Figures(now, commune=commune, epci=commune.epci, cpts=commune.cpts)
    place = next(place for place in land.places if place.pk == commune.pk)
    zonings = prepared.records(zonings_of, commune=commune.pk)
    towns = land.towns_near(point, commune.pk)
    offers = parts.offers_around(point, now)
    presences, kind_counts = around.presences(), around.by_kind()
    title = f"{commune.name}, commune de Vaucluse"
    page = {
        "commune": commune,
        "lead": lead(commune, land, place, around, towns),
        "description": description(commune, around, offers["total"]),
        "facts": facts(commune, land, place),
        "access": parts.access(around),
        "towns": parts.towns(towns),
        "poles": parts.poles(point),
        "drawing": drawing(commune),
        "presences": presences,
        "presence_summary": summary(presences),
        "kind_counts": kind_counts,
        "not_imported": [parts.uncapitalized(kind.plural_label) for kind in around.not_imported()],
        "none_within": [parts.uncapitalized(kind.plural_label) for kind in around.none_within()],
        "facilities": around.within(WIDE_KM),
        "facilities_open": parts.FACILITIES_OPEN,
        **parts.facilities_urls([row.kind for row in kind_counts], commune=commune.name, rayon=WIDE_KM),
        "near_km": NEAR_KM,
        "wide_km": WIDE_KM,
        "zonings": parts.zonings(zonings),
        "updated": parts.updated(zonings, figures.own, (one.facility for one in around.found)),
        "density_chart": parts.density_chart(levels(commune, land, place)),
        **figures.cards(FigureLevel.COMMUNE),
        "comparisons": figures.comparisons(),
        "population_chart": parts.population_chart(land.of_epci(commune.epci_id), commune.pk),
        "offers": offers,
        **parts.offers_urls(commune=commune.name, rayon=parts.OFFERS_KM),
        "offers_km": parts.OFFERS_KM,
        "neighbours": [neighbour(km, other) for km, other in land.near(point, commune.pk)[:NEIGHBOURS]],
        "compare_url": f"{reverse('places:compare')}?{urlencode({'commune': commune.slug})}",
        "has_demo": any(card.is_demo for card in offers["cards"]) or any(one.facility.is_demo for one in around.found),
        "canonical_url": url,
    }
    return page | life.of_commune(commune, now) | parts.share_links(title, url)


def named(slug):
    """The commune of that address with everything that its page reads of it and of what it belongs to; None without one."""
    return next(iter(prepared.records(of_address, slug=slug)), None)


def of_address():
    """One commune, for `core.prepared`."""
    outlines = {"own_outline": "outline__geometry", "epci_outline": "epci__outline__geometry"}
    texts = {name: Cast(geometry, TextField()) for name, geometry in outlines.items()}
    return Commune.objects.select_related("epci", "cpts").annotate(**texts).filter(slug=Slot("slug"))


def zonings_of():
    """The zonings of one commune, for `core.prepared`."""
    return Zoning.objects.filter(commune=Slot("commune"))


def neighbour(km, place):
    return {"name": place.name, "url": place.get_absolute_url(), "away": kilometres(km), "population": plural(place.population, "habitant")}


def lead(commune, land, place, around, towns):
    """One or two sentences that no other commune has: people, size, rank, the nearest hospital, the nearest town."""
    people = plural(commune.population, "habitant")
    first = format_html("{} sur {}, {} de Vaucluse", people, parts.area_text(commune.area_km2), rank_text(land.rank(place)))
    rest = []
    if hospital := around.hospital:
        rest.append(f"l’hôpital le plus proche ({hospital.facility.name}) est {hospital.away}")
    if towns:
        km, town = towns[0]
        rest.append(f"{town.name} est à {kilometres(km)}")
    return format_html("{}. À vol d’oiseau, {}.", first, " et ".join(rest)) if rest else format_html("{}.", first)


def rank_text(rank):
    """`commune la plus peuplée`, or `14e` before it."""
    return format_html("{} commune la plus peuplée", ordinal(rank)) if rank > 1 else "commune la plus peuplée"


def ordinal(rank):
    """`1re`, `14e`, its ending raised."""
    return format_html("{}<sup>{}</sup>", rank, "re" if rank == 1 else "e")


def description(commune, around, offer_count):
    """What search engines show under the title."""
    parts_told = [f"Exercer la médecine à {commune.name} ({commune.postal_code})", f"{plural(commune.population, 'habitant')}"]
    near = len(around.within(NEAR_KM))
    if near:
        parts_told.append(f"{plural(near, 'établissement de santé', 'établissements de santé')} à moins de {NEAR_KM}{NBSP}km")
    if offer_count:
        parts_told.append(f"{plural(offer_count, 'offre')} à moins de {parts.OFFERS_KM}{NBSP}km")
    return ", ".join(parts_told) + ". Urgences, CHU, zonages, chiffres et sources."


def epci_people(epci, land):
    """`54 993 habitants`; `9 627 habitants, dont 9 505 en Vaucluse` when it goes beyond the département."""
    inside = total(land.of_epci(epci.pk)).population
    return plural(epci.population, "habitant") + (f", dont {number(inside)} en Vaucluse" if inside < epci.population else "")


def facts(commune, land, place):
    """The ruled table of facts: label, value, small words, address."""
    epci, cpts = commune.epci, commune.cpts
    codes = ", ".join(commune.postal_codes)
    rows = [
        (
            "Population",
            plural(commune.population, "habitant"),
            format_html("{} sur {} en Vaucluse", ordinal(land.rank(place)), len(land.places)),
            "",
        ),
        ("Superficie", parts.area_text(commune.area_km2), "", ""),
        ("Densité", parts.density_text(commune.population, commune.area_km2), "", ""),
        ("Intercommunalité", epci.short_name, epci_people(epci, land), epci.get_absolute_url()),
    ]
    if cpts:
        rows.append(("CPTS", cpts.name, f"{plural(len(land.of_cpts(cpts.pk)), 'commune')} en Vaucluse", cpts.get_absolute_url()))
    rows.append(("Codes postaux" if "," in codes else "Code postal", codes, f"code INSEE {commune.insee}", ""))
    return rows


def levels(commune, land, place):
    """The commune and the territories it belongs to, smallest first, for a comparison."""
    found = [(commune.name, total([place]), True), (commune.epci.short_name, total(land.of_epci(commune.epci_id)), False)]
    if commune.cpts:
        found.append((f"CPTS {commune.cpts.short_name}", total(land.of_cpts(commune.cpts_id)), False))
    return [*found, ("Vaucluse", land.whole, False)]


def drawing(commune):
    """The commune in its intercommunalité, in the département."""
    epci = commune.epci
    return silhouette(
        key="contour",
        title=f"{commune.name} en Vaucluse",
        summary=f"{commune.name}, en ocre, dans l’intercommunalité {epci.short_name} (teinte claire) et le département.",
        areas=[("around", commune.epci_outline), ("subject", commune.own_outline)],
    )
