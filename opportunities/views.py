"""Public pages of the offers. All of them read `visible(now)` and nothing else."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from core import diary
from core.caching import opening_stamp, versioned, wants_fragment
from core.filters import BoxField
from core.links import origin
from opportunities import actions, detail, feeds, geojson, presenters, rules
from opportunities.models import Opportunity, OpportunityKind
from opportunities.querysets import VERSION_SQL
from opportunities.search import Search


@require_safe
@versioned(opening_stamp(sql=[VERSION_SQL]))
def landing(request):
    """The rubrique "Exercer la médecine en Vaucluse": every kind of offer with how many are open."""
    now = timezone.now()
    fresh = Count("pk", filter=Q(confirmed_at__gt=now - timedelta(days=rules.CONFIRM_AFTER_DAYS)))
    found = list(Opportunity.objects.visible(now).order_by().values_list("kind").annotate(count=Count("pk"), fresh=fresh))
    counts, fresh_count = {kind: count for kind, count, _ in found}, sum(fresh for _, _, fresh in found)
    url = reverse("opportunities:offer_list")
    kinds = [
        {
            "code": kind.code,
            "label": kind.label,
            "definition": kind.definition,
            "shape": kind.shape,
            "glyph": kind.glyph,
            "tone": kind.tone,
            "count": counts.get(kind.pk, 0),
            "url": f"{url}?type={kind.code}",
        }
        for kind in OpportunityKind.objects.filter(active=True)
    ]
    total = sum(counts.values())
    context = {"kinds": kinds, "total": total, "fresh_rate": round(100 * fresh_count / total) if total else None}
    return render(request, "opportunities/landing.html", {**context, "retired_after": rules.RETIRE_AFTER_DAYS})


@require_safe
@versioned(Opportunity.objects.version)
def offer_list(request):
    """The list of offers: the whole page, or the part that htmx swaps."""
    context = Search(request.GET, now=timezone.now()).context(origin(request))
    return render(request, f"opportunities/{'_results' if wants_fragment(request) else 'opportunity_list'}.html", context)


@require_safe
@versioned(Opportunity.objects.version)
def offer_map(request):
    """The same offers as the list, for the map. `vue` is the box the map shows, it changes only how points are grouped."""
    try:
        view = BoxField(required=False).clean(request.GET.get("vue"))
    except ValidationError:
        view = None
    text = geojson.collection(Search(request.GET, now=timezone.now()), view)
    return HttpResponse(text, content_type="application/geo+json")


offer_feed = require_safe(versioned(Opportunity.objects.version)(feeds.OfferFeed()))
"""The same offers as the list, for readers of feeds."""


@require_safe
@versioned(Opportunity.objects.version)
def offer_calendar(request):
    """The locums of the list that have days, for diaries."""
    return HttpResponse(feeds.calendar(Search(request.GET, now=timezone.now())), content_type=diary.CONTENT_TYPE)


@require_safe
def offer_card(request, pk):
    """The facts of one visible offer, for the popup of the map."""
    now = timezone.now()
    offer = get_object_or_404(Opportunity.objects.visible(now).select_related("kind", "commune__epci"), pk=pk)
    response = render(request, "components/popup.html", {"card": presenters.card(offer, offer.kind, now)})
    response["X-Robots-Tag"] = "noindex"  # a part of a page, that has a page of its own
    return response


@csrf_exempt
@require_POST
def offer_seen(request, pk):
    """The script of a page says that it was opened; what is counted is the offer and the day."""
    actions.count_view(pk=pk, at=timezone.now())
    return HttpResponse(status=204)


@require_safe
@versioned(Opportunity.objects.version)
def offer_detail(request, pk, slug):
    """One offer. It keeps its page once it is over, and says so; a draft has no page."""
    offer = get_object_or_404(Opportunity.objects.with_page().for_detail(), pk=pk)
    if slug != offer.slug:
        return HttpResponsePermanentRedirect(offer.get_absolute_url())
    return render(request, "opportunities/opportunity_detail.html", detail_context(offer, request))


def detail_context(offer, request, preview=False):
    """What the template of an offer reads. `preview` shows any state to staff as readers would see it published."""
    return detail.context(offer, now=timezone.now(), origin=origin(request), preview=preview)
