"""Public addresses of the territory."""

from django.db.models import Count, Sum
from django.http import HttpResponse, HttpResponsePermanentRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from core import french
from core.caching import stamp, versioned, wants_fragment
from core.links import origin
from territories import anchors, detail, geojson, presenters, table
from territories.directory import Directory, by_epci
from territories.figures import commune_tables, comparisons, populations, sections
from territories.models import Commune, Cpts, Epci, FacilityKind, HealthFacility, KeyFigure

SUGGESTED = 8


@require_safe
@cache_control(public=True, max_age=3600)
def commune_search(request):
    """Communes that answer the parameter `q`, as JSON for `static/js/commune-field.js`: `{"communes": [...]}`, eight at most.

    A text that means nothing gives an empty list. One query; reference data change once or twice a
    year, so that browsers and proxies may keep an answer for an hour.
    """
    communes = Commune.objects.matching(request.GET.get("q", ""))[:SUGGESTED]
    return JsonResponse({"communes": [suggestion(commune) for commune in communes]}, json_dumps_params={"ensure_ascii": False})


def suggestion(commune):
    return {
        "name": commune.name,
        "postal_code": commune.postal_code,
        "postal_codes": commune.postal_codes,
        "epci": commune.epci_short_name,
        "latitude": commune.latitude,
        "longitude": commune.longitude,
        "insee": commune.insee,
    }


@require_safe
@cache_control(public=True, max_age=600)
def anchor_search(request):
    """Places that answer the parameter `q`, as JSON for `static/js/anchor-field.js`: `{"places": [...]}`, eight at most.

    One query a kind of places; staff close facilities, so that an answer is kept for ten minutes only.
    """
    found = anchors.suggestions(request.GET.get("q", ""))
    places = [{"token": each.token, "name": each.label, "text": each.text, "detail": each.detail, "kind": each.kind} for each in found]
    return JsonResponse({"places": places}, json_dumps_params={"ensure_ascii": False})


@require_safe
@versioned(stamp(KeyFigure, Cpts))
def figures(request):
    """Every published key figure by territory, the comparisons between levels, the populations summed from the communes.

    Three queries besides the version.
    """
    now = timezone.now()
    shown = list(KeyFigure.objects.visible().with_territory())
    latest = max((figure.updated_at for figure in shown), default=None)
    epcis = Epci.objects.annotate(commune_count=Count("communes"), people=Sum("communes__population")).order_by("short_name")
    context = {
        "sections": sections(shown, now),
        "commune_tables": commune_tables(shown, now),
        "comparisons": comparisons(shown, now),
        "populations": populations(epcis, Cpts.objects.with_territory().order_by("short_name")),
        "updated": french.date(timezone.localtime(latest)) if latest else "",
    }
    return render(request, "territories/figures.html", context)


facilities_version = versioned(stamp(HealthFacility, FacilityKind, Cpts))


@require_safe
@facilities_version
def facility_list(request):
    """The directory of health facilities: the whole page, or the part that htmx swaps."""
    directory = Directory(request.GET)
    context = directory.context(origin(request))
    if wants_fragment(request):
        return render(request, "territories/_results.html", context)
    return render(request, "territories/healthfacility_list.html", context | {"by_epci": by_epci(directory.epcis.values())})


@require_safe
@facilities_version
def facility_map(request):
    """The same facilities as the list, all of them, for the map."""
    directory = Directory(request.GET)
    center = directory.filterset.center
    text = geojson.collection(directory.rows, (center, directory.filterset.radius_km) if center else None)
    return HttpResponse(text, content_type="application/geo+json")


@require_safe
@facilities_version
def facility_table(request):
    """The same facilities as the list, all of them, as a CSV file."""
    response = HttpResponse(
        table.rows(Directory(request.GET).facilities.select_related("kind", "commune")), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="etablissements-de-sante-vaucluse.csv"'
    response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
def facility_card(request, pk):
    """The facts of one facility, for the panel of the map."""
    facility = get_object_or_404(HealthFacility.objects.visible().select_related("kind", "commune"), pk=pk)
    response = render(request, "components/popup.html", {"card": presenters.card(facility, timezone.localdate())})
    response["X-Robots-Tag"] = "noindex"  # a part of a page, that has a page of its own
    return response


@require_safe
@facilities_version
def facility_around(request, pk):
    """One facility and those around it, for the map of its page: itself, then the same neighbours as the page lists."""
    facility = get_object_or_404(HealthFacility.objects.visible().select_related("kind", "commune"), pk=pk)
    return HttpResponse(geojson.collection([facility, *detail.around(facility)]), content_type="application/geo+json")


@require_safe
@facilities_version
def facility_detail(request, pk, slug):
    """The page of one facility that readers may see."""
    facility = get_object_or_404(HealthFacility.objects.visible().for_detail(), pk=pk)
    if slug != facility.slug:
        return HttpResponsePermanentRedirect(facility.get_absolute_url())
    return render(request, "territories/healthfacility_detail.html", detail.context(facility, origin=origin(request)))
