"""The home page."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from agenda.models import Event, EventKind
from collective.models import News, Partner, Testimonial
from core import french, prepared
from core.caching import stamp, versioned
from opportunities.lists import Lists
from opportunities.models import Opportunity
from pages.models import HomeSection, Page
from territories.models import KeyFigure
from vsa_portal.home.parts import Home, shown_sections

VERSION = stamp(HomeSection, KeyFigure, Event, EventKind, Testimonial, News, Partner, Page, also=Opportunity.objects.version)


@require_safe
@versioned(VERSION)
def home(request):
    """For whom and what, one search, then the parts in the order of staff. Twelve queries at most, the two of the version among them."""
    page = Home(Lists(), timezone.now())
    parts = [part for section in prepared.records(shown_sections) if (part := page.part(section))]
    context = {
        "parts": parts,
        "offers": french.plural(page.counts.total, "offre"),
        "has_offers": page.counts.total > 0,
        "pages": page.pages,
        "has_demo": any(part.shown.get("has_demo") for part in parts),
    }
    return render(request, "portal/home.html", context)
