"""Public addresses of the territory."""

from django.http import JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from territories.models import Commune

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
