"""Public pages of the dwellings. All of them read `visible(now)` and nothing else."""

from dataclasses import replace

from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.caching import versioned, wants_fragment
from core.filters import BoxField
from core.links import origin
from housing import detail, geojson, presenters
from housing.feeds import DwellingFeed
from housing.models import Dwelling
from housing.search import Search


@require_safe
@versioned(Dwelling.objects.version)
def dwelling_list(request):
    """The list of dwellings: the whole page, or the part that htmx swaps."""
    context = Search(request.GET, now=timezone.now()).context(origin(request))
    return render(request, f"housing/{'_results' if wants_fragment(request) else 'dwelling_list'}.html", context)


@require_safe
@versioned(Dwelling.objects.version)
def dwelling_map(request):
    """The same dwellings as the list, for the map. `vue` is the box the map shows, it changes only how points are grouped."""
    try:
        view = BoxField(required=False).clean(request.GET.get("vue"))
    except ValidationError:
        view = None
    return HttpResponse(geojson.collection(Search(request.GET, now=timezone.now()), view), content_type="application/geo+json")


dwelling_feed = require_safe(versioned(Dwelling.objects.version)(DwellingFeed()))
"""The same dwellings as the list, for readers of feeds."""


@require_safe
def dwelling_card(request, pk):
    """The facts of one visible dwelling, for the panel of the map."""
    dwelling = get_object_or_404(Dwelling.objects.visible(timezone.now()).for_cards(), pk=pk)
    card = presenters.card(dwelling)
    response = render(request, "components/popup.html", {"card": replace(card, facts=(("Loyer", card.rent), *card.facts))})
    response["X-Robots-Tag"] = "noindex"  # a part of a page, that has a page of its own
    return response


@require_safe
@versioned(Dwelling.objects.version)
def dwelling_detail(request, pk, slug):
    """One dwelling. It keeps its page once it is over, and says so; a draft has no page."""
    dwelling = get_object_or_404(Dwelling.objects.with_page().for_detail(), pk=pk)
    if slug != dwelling.slug:
        return HttpResponsePermanentRedirect(dwelling.get_absolute_url())
    now = timezone.now()
    context = detail.context(dwelling, now=now, origin=origin(request), search=Search(request.GET, now=now) if request.GET else None)
    return render(request, "housing/dwelling_detail.html", context)
