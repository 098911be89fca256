"""Public pages of the territories. They read what several apps hold, so they live above all of them."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from agenda.models import Event, EventActor, EventKind
from collective.models import News, Partner
from core.caching import stamp, versioned
from core.links import origin
from opportunities.models import Opportunity
from territories.models import Commune, Cpts, Epci, FacilityKind, HealthFacility, KeyFigure, Zoning
from vsa_portal.places import commune, group, overview
from vsa_portal.places import compare as comparison
from vsa_portal.places import finder as matching

VERSION = stamp(
    HealthFacility, FacilityKind, Cpts, Zoning, KeyFigure, Event, EventKind, EventActor, News, Partner, also=Opportunity.objects.version
)
"""What these pages depend on; communes and intercommunalités change once a year, within the minute of a page."""


def full_address(request, record):
    """The canonical address of a record's page."""
    return origin(request) + record.get_absolute_url()


@require_safe
@versioned(VERSION)
def index(request):
    """Every territory: the communes, the CPTS, the intercommunalités, and the ways to choose among them."""
    text = overview.asked(request.GET)
    found = Commune.objects.resolve(text) if text else None
    if found and found.commune:
        return redirect(found.commune)
    return render(request, "places/index.html", overview.context(text, found))


@require_safe
@versioned(VERSION)
def commune_detail(request, slug):
    """One commune."""
    found = commune.named(slug)
    if found is None:
        raise Http404
    return render(request, "places/commune_detail.html", commune.context(found, now=timezone.now(), url=full_address(request, found)))


@require_safe
@versioned(VERSION)
def cpts_detail(request, slug):
    """One communauté professionnelle territoriale de santé."""
    found = get_object_or_404(Cpts, slug=slug)
    return render(request, "places/cpts_detail.html", group.of_cpts(found, now=timezone.now(), url=full_address(request, found)))


@require_safe
@versioned(VERSION)
def epci_detail(request, slug):
    """One intercommunalité."""
    found = get_object_or_404(Epci.objects.select_related("outline"), slug=slug)
    return render(request, "places/epci_detail.html", group.of_epci(found, now=timezone.now(), url=full_address(request, found)))


@require_safe
@versioned(VERSION)
def compare(request):
    """Two to four communes side by side."""
    asked = comparison.read(request.GET.getlist("commune"))
    url = origin(request) + comparison.address(asked.communes)
    return render(request, "places/compare.html", comparison.context(asked, now=timezone.now(), url=url))


@require_safe
@versioned(VERSION)
def finder(request):
    """Communes ranked by a few preferences, with the reasons."""
    wish = matching.read(request.GET)
    url = origin(request) + matching.address(wish)
    return render(request, "places/finder.html", matching.context(wish, now=timezone.now(), url=url))
