"""Pages that see every app: the home page, the plain pages, the error pages."""

from django.conf import settings
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from core.caching import versioned
from core.links import origin
from opportunities import presenters
from opportunities.enums import LocationPrecision
from opportunities.models import Opportunity, OpportunityKind

LATEST = 3

DOORS = {
    "training": ("internship_site",),
    "dates": ("locum_occasional",),
    "regular": ("locum_regular",),
    "team": ("succession", "collaboration", "association_offer"),
    "employment": ("salaried_post", "shared_practice"),
    "creation": ("new_practice",),
    "slower": ("locum_occasional", "locum_regular", "advanced_consultations"),
}
"""The doors of the home page: each a search by kinds of offer. A kind that staff renamed or put away is left out."""


@require_safe
@versioned(Opportunity.objects.version)
def home(request):
    """For whom and what, one search, the four doors by stage of life, what was confirmed last.

    Four queries at most besides the version: kinds, offers by kind, communes, the latest offers.
    """
    now = timezone.now()
    visible = Opportunity.objects.visible(now)
    kinds = {kind.pk: kind for kind in OpportunityKind.objects.filter(active=True)}
    counts = dict(visible.order_by().values_list("kind").annotate(Count("pk")))
    named = visible.order_by().exclude(location_precision=LocationPrecision.EPCI)
    latest = [presenters.card(offer, offer.kind, now) for offer in visible.for_cards().select_related("kind").by_freshness()[:LATEST]]
    context = {
        "doors": doors(kinds, counts),
        "offer_count": sum(counts.values()),
        "commune_count": named.aggregate(count=Count("commune", distinct=True))["count"],
        "latest": latest,
        "has_demo": any(card.is_demo for card in latest),
    }
    return render(request, "portal/home.html", context)


def doors(kinds, counts):
    """For each door that leads somewhere: the address of its list and how many offers it holds today.

    `kinds` are the active kinds by primary key, `counts` the visible offers by primary key of their kind.
    """
    codes = {kind.code: pk for pk, kind in kinds.items()}
    url = reverse("opportunities:offer_list")
    found = {}
    for name, wanted in DOORS.items():
        known = [code for code in wanted if code in codes]
        if known:
            found[name] = {
                "url": f"{url}?{urlencode([('type', code) for code in known])}",
                "count": sum(counts.get(codes[code], 0) for code in known),
            }
    return found


@require_safe
def legal_notice(request):
    """Who publishes and who hosts (LCEN), as the settings of this deployment say; nothing is made up for a demonstration."""
    return render(request, "portal/legal_notice.html", {"notice": settings.LEGAL_NOTICE})


@require_safe
def robots(request):
    """What crawlers may read: everything but the staff side. Points to the sitemap."""
    lines = ("User-agent: *", f"Disallow: {reverse('admin:index')}", "", f"Sitemap: {origin(request)}{reverse('sitemap')}", "")
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


def error(request, status, template):
    return render(request, template, {"robots": "noindex"}, status=status)


def bad_request(request, exception):
    return error(request, 400, "400.html")


def permission_denied(request, exception):
    return error(request, 403, "403.html")


def csrf_failure(request, reason=""):
    """A form that Django refuses because nothing proves that it comes from one of our pages; `reason`, in English, is for its log."""
    return error(request, 403, "403_csrf.html")


def page_not_found(request, exception):
    return error(request, 404, "404.html")


def server_error(request):
    """A page that needs nothing: neither database, nor context, nor another template."""
    return HttpResponse(get_template("500.html").render(), status=500)
