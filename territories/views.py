"""Public addresses of the territory."""

from django.db.models import Count, Sum
from django.http import JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from core import french
from core.caching import stamp, versioned
from territories.figures import commune_tables, comparisons, populations, sections
from territories.models import Commune, Cpts, Epci, KeyFigure

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
        "populations": populations(epcis, Cpts.objects.with_territory()),
        "updated": french.date(timezone.localtime(latest)) if latest else "",
    }
    return render(request, "territories/figures.html", context)
