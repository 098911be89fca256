"""Public pages of the rubrique Internes. All of them read `visible()` and nothing else."""

from django.http import HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from agenda.models import Event, EventKind
from core.caching import opening_stamp, stamp, versioned, wants_fragment
from core.links import origin
from interns import detail, opening, presenters
from interns.directory import SHOWN_SEMESTERS, TrainingDirectory
from interns.models import Specialty, TrainingCapacity, TrainingNote, TrainingPlace
from interns.together import Together
from opportunities.querysets import VERSION_SQL
from territories import geojson, semesters
from territories.models import Cpts, FacilityKind, HealthFacility, InternshipSemester

SHOWN = (TrainingPlace, TrainingCapacity, TrainingNote, Specialty, HealthFacility, FacilityKind, Cpts, InternshipSemester)
"""What the pages of places show."""
places_version = versioned(stamp(*SHOWN))


@require_safe
@versioned(opening_stamp(*SHOWN, Event, EventKind, sql=[VERSION_SQL]))
def landing(request):
    """The rubrique: places, semesters, and the pages to read."""
    return render(request, "interns/landing.html", opening.context(timezone.now(), request.GET))


@require_safe
def together(request):
    """Offers for interns and rooms, side by side, near the same places."""
    return render(request, "interns/together.html", Together(request.GET, now=timezone.now()).context())


@require_safe
@places_version
def place_list(request):
    """The directory of training places: the whole page, or the part that htmx swaps."""
    context = TrainingDirectory(request.GET).context(origin(request))
    return render(request, f"interns/{'_results' if wants_fragment(request) else 'trainingplace_list'}.html", context)


@require_safe
@places_version
def place_map(request):
    """The same places as the list, all of them, for the map."""
    directory = TrainingDirectory(request.GET)
    center = directory.filterset.center
    text = geojson.collection(directory.rows, (center, directory.filterset.radius_km) if center else None)
    return HttpResponse(text, content_type="application/geo+json")


@require_safe
def place_card(request, pk):
    """The facts of one place, for the panel of the map."""
    today = timezone.localdate()
    codes = [semester.code for semester in semesters.upcoming(today, SHOWN_SEMESTERS)]
    place = get_object_or_404(TrainingPlace.objects.visible().for_cards(codes), pk=pk)
    response = render(request, "components/popup.html", {"card": presenters.card(place, today)})
    response["X-Robots-Tag"] = "noindex"  # a part of a page, that has a page of its own
    return response


@require_safe
@places_version
def place_around(request, pk):
    """One place and those around it, for the map of its page: itself, then the same neighbours as the page lists."""
    place = get_object_or_404(TrainingPlace.objects.visible().select_related("commune", "facility", "specialty"), pk=pk)
    return HttpResponse(geojson.collection([place, *detail.around(place)]), content_type="application/geo+json")


@require_safe
@places_version
def place_detail(request, pk, slug):
    """The page of one place that readers may see."""
    place = get_object_or_404(TrainingPlace.objects.visible().for_detail(), pk=pk)
    if slug != place.slug:
        return HttpResponsePermanentRedirect(place.get_absolute_url())
    return render(request, "interns/trainingplace_detail.html", detail.context(place, origin=origin(request)))
