"""`/recherche/` and what it suggests while one types. Never indexed: a search is no page."""

from django.http import JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from vsa_portal.search.results import SiteSearch
from vsa_portal.search.suggestions import suggestions

EXAMPLES = ("remplacement Sault", "maison de santé", "docteur junior", "MSU", "zonage", "hôpital Apt", "CPTS", "84400")
"""Searches proposed to who has no word yet."""


@require_safe
def search(request):
    """Everything that answers `q`, by rubrique; `dans` shows one kind alone."""
    asked = SiteSearch(request.GET.get("q", ""), timezone.now(), request.GET.get("dans", ""))
    found = asked.found
    context = {
        "search": asked,
        "groups": asked.groups,
        "has_words": bool(asked.words),
        "meant": asked.meant,
        "perhaps": asked.perhaps,
        "has_demo": any(hit.is_demo for section in found for hit in section.hits),
        "examples": EXAMPLES,
        "robots": "noindex",
    }
    return render(request, "portal/search.html", context)


@require_safe
@never_cache
def suggest(request):
    """At most eight answers to a text that is being typed, for `static/js/search-field.js`. Three queries, none for an empty text."""
    found = suggestions(request.GET.get("q", ""), timezone.now())
    return JsonResponse({"suggestions": [hit._asdict() for hit in found]}, json_dumps_params={"ensure_ascii": False})
