"""Public pages of the agenda. All of them read `visible(now)` and nothing else."""

from django.http import HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from agenda import detail, feeds, presenters
from agenda.models import Event, EventActor, EventKind
from agenda.search import EventSearch
from core import diary
from core.caching import opening_stamp, stamp, versioned, wants_fragment
from core.links import origin
from territories import geojson

SHOWN = (Event, EventKind, EventActor)
"""What the pages of the agenda show."""
events_version = versioned(stamp(*SHOWN))
NEXT = 6
"""Events that the opening page shows."""


@require_safe
@versioned(opening_stamp(*SHOWN))
def landing(request):
    """The rubrique: the next events, ways to meet, and the pages to read. Three queries besides the version and the editorial pages."""
    now = timezone.now()
    coming = Event.objects.visible(now).coming(now)
    cards = [presenters.card(event, now) for event in coming.by_day().for_cards()[:NEXT]]
    return render(request, "agenda/landing.html", {"offers": cards, "count": coming.count() if cards else 0})


@require_safe
@events_version
def event_list(request):
    """The agenda, to come or past: the whole page, or the part that htmx swaps."""
    context = EventSearch(request.GET, timezone.now()).context(origin(request))
    return render(request, f"agenda/{'_results' if wants_fragment(request) else 'event_list'}.html", context)


@require_safe
@events_version
def event_map(request):
    """The same events as the list, those that stand somewhere, for the map."""
    search = EventSearch(request.GET, timezone.now())
    center = search.filterset.center
    text = geojson.collection(search.rows, (center, search.filterset.radius_km) if center else None)
    return HttpResponse(text, content_type="application/geo+json")


feed = require_safe(events_version(feeds.EventFeed()))
"""The same events as the list, for readers of feeds."""


@require_safe
@events_version
def calendar(request):
    """The same events as the list and those that ended lately, for diaries."""
    search = EventSearch(request.GET, timezone.now())
    return HttpResponse(feeds.calendar(feeds.name(search), feeds.of_search(search)), content_type=diary.CONTENT_TYPE)


@require_safe
def event_card(request, pk):
    """The facts of one event, for the panel of the map."""
    now = timezone.now()
    event = get_object_or_404(Event.objects.visible(now).for_cards(), pk=pk)
    response = render(request, "components/popup.html", {"card": presenters.card(event, now)})
    response["X-Robots-Tag"] = "noindex"  # a part of a page, that has a page of its own
    return response


@require_safe
@events_version
def event_diary(request, pk):
    """One event, for a diary."""
    event = get_object_or_404(Event.objects.visible(timezone.now()).select_related("kind", "commune"), pk=pk)
    response = HttpResponse(feeds.calendar(event.title, [event]), content_type=diary.CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{event.slug}.ics"'
    return response


@require_safe
@events_version
def event_detail(request, pk, slug):
    """One event. Cancelled, postponed or over, it keeps its page and says so; a draft has none."""
    now = timezone.now()
    event = get_object_or_404(Event.objects.visible(now).for_detail(), pk=pk)
    if slug != event.slug:
        return HttpResponsePermanentRedirect(event.get_absolute_url())
    return render(request, "agenda/event_detail.html", detail.context(event, now=now, origin=origin(request)))
