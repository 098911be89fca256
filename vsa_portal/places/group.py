"""The page of a territory that groups communes: a CPTS or an intercommunalité."""

from django.db.models import Count

from core import charts
from core.french import plural
from territories.enums import FigureLevel
from territories.models import CommuneOutline, Cpts, Epci, FacilityKind, HealthFacility
from territories.silhouette import silhouette
from vsa_portal.places import life, parts
from vsa_portal.places.figures import Figures
from vsa_portal.places.land import Land, total


def of_cpts(cpts, *, now, url):
    """Everything the template of a CPTS reads."""
    land = Land()
    places = land.of_cpts(cpts.pk)
    page = common(cpts.name, f"CPTS {cpts.short_name}", places, land, now, url)
    figures = Figures(now, cpts=cpts)
    epcis = {epci.pk: epci for epci in Epci.objects.filter(pk__in={place.epci_id for place in places})}
    return page | {
        "cpts": cpts,
        **life.of_cpts(cpts, list(epcis), now),
        **parts.facilities_urls([row["kind"] for row in page["kind_counts"]], cpts=cpts.slug),
        "lead": f"{plural(len(places), 'commune')}, {page['population']}, dans {plural(len(epcis), 'intercommunalité')} de Vaucluse.",
        **parts.offers_urls(cpts=cpts.slug),
        "epcis": [covered(epci, places, land) for epci in sorted(epcis.values(), key=lambda epci: epci.slug)],
        "share_chart": charts.shares(
            [charts.Row(epci.short_name, sum(p.population for p in places if p.epci_id == epci.pk)) for epci in epcis.values()],
            key="part-epci",
            title="Habitants de la CPTS par intercommunalité",
            columns=("Intercommunalité", "Habitants de la CPTS"),
            note=parts.POPULATION_SOURCE,
        ),
        "drawing": drawing(cpts.name, places),
        **figures.cards(FigureLevel.CPTS),
        "updated": parts.updated([cpts], figures.own, page["facilities"]),
        "comparisons": figures.comparisons(),
        "age_chart": figures.ages(),
        "source_day": parts.day_beside(cpts.source, cpts.source_date),
        "missions": [text for text in (part.strip() for part in cpts.mission.split("\n")) if text],
    }


def of_epci(epci, *, now, url):
    """Everything the template of an intercommunalité reads."""
    land = Land()
    places = land.of_epci(epci.pk)
    page = common(epci.short_name, epci.short_name, places, land, now, url)
    figures = Figures(now, epci=epci)
    members = {place.cpts_id for place in places if place.cpts_id}
    return page | {
        "epci": epci,
        **life.of_epci(epci, now),
        **parts.facilities_urls([row["kind"] for row in page["kind_counts"]], epci=epci.slug),
        "lead": f"{plural(len(places), 'commune')} et {page['population']} en Vaucluse.",
        **parts.offers_urls(epci=epci.slug),
        "drawing": epci_drawing(epci, places),
        **figures.cards(FigureLevel.EPCI),
        "updated": parts.updated(figures.own, page["facilities"]),
        "comparisons": figures.comparisons(),
        "outside": epci.population - page["whole"].population,
        "cptss": [shared(cpts, places) for cpts in Cpts.objects.filter(pk__in=members)],
    }


def common(name, short_name, places, land, now, url):
    """What both pages say of their communes, their care and their offers."""
    whole = total(places)
    offers = parts.offers_in([place.pk for place in places], now)
    facilities = HealthFacility.objects.visible().in_communes([place.pk for place in places])
    counts = kind_counts(facilities)
    found = list(facilities.select_related("kind", "commune").by_kind())
    return {
        "places": places,
        "whole": whole,
        "population": plural(whole.population, "habitant"),
        "area": parts.area_text(whole.area_km2),
        "density": parts.density_text(whole.population, whole.area_km2),
        "density_chart": parts.density_chart([(short_name, whole, True), ("Vaucluse", land.whole, False)]),
        "population_chart": parts.population_chart(places, None),
        "kind_counts": counts,
        "facilities": found,
        "facilities_open": parts.FACILITIES_OPEN,
        "offers": offers,
        "compare_url": parts.compare_url(places),
        "canonical_url": url,
        "has_demo": any(one.is_demo for one in [*offers["cards"], *found]),
        **parts.share_links(name, url),
    }


def kind_counts(facilities):
    """How many facilities of each kind there are, kinds without any left out."""
    counts = dict(facilities.order_by().values_list("kind").annotate(Count("pk")))
    kinds = FacilityKind.objects.filter(pk__in=counts)
    return [
        {
            "kind": kind,
            "count": counts[kind.pk],
            "text": plural(counts[kind.pk], parts.uncapitalized(kind.label), parts.uncapitalized(kind.plural_label)),
        }
        for kind in kinds
    ]


def covered(epci, places, land):
    """An intercommunalité with how many of its communes the CPTS covers: `24 communes sur 25`."""
    inside, whole = [place for place in places if place.epci_id == epci.pk], land.of_epci(epci.pk)
    words = f"{plural(len(inside), 'commune')} sur {len(whole)} en Vaucluse"
    return {"name": epci.short_name, "url": epci.get_absolute_url(), "words": words, "communes": inside}


def shared(cpts, places):
    """A CPTS with how many of these communes it covers."""
    inside = sum(place.cpts_id == cpts.pk for place in places)
    return {"name": cpts.name, "url": cpts.get_absolute_url(), "words": f"{plural(inside, 'commune')} sur {len(places)}"}


def drawing(name, places):
    """The communes of a CPTS on the département."""
    outlines = dict(CommuneOutline.objects.filter(commune__in=[place.pk for place in places]).values_list("commune", "geometry"))
    return silhouette(
        key="contour",
        title=f"{name} en Vaucluse",
        summary=f"Les {plural(len(places), 'commune')} de la {name} en Vaucluse.",
        areas=[("around", outlines[place.pk]) for place in places if place.pk in outlines],
    )


def epci_drawing(epci, places):
    """An intercommunalité on the département."""
    return silhouette(
        key="contour",
        title=f"{epci.short_name} en Vaucluse",
        summary=f"{epci.short_name}\u00a0: {plural(len(places), 'commune')} en Vaucluse.",
        areas=[("around", epci.outline.geometry)],
    )
