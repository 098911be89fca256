"""What the opening page of the rubrique shows of places and semesters."""

from django.db.models import Count
from django.utils import timezone
from django.utils.http import urlencode

from agenda import presenters as agenda
from agenda.enums import TRAINEES
from agenda.models import Event
from core import french
from core.french import NBSP
from housing.asked import read_places, written
from interns import presenters
from interns.directory import AHEAD
from interns.enums import MARKERS
from interns.models import TrainingPlace
from interns.together import fields
from territories import semesters

FIELDS = 2
"""Places that the page asks for: interns often have two at once. The lists ask for a third."""
PREVIEWED = 3
EVENTS = 3
CHOICES = {"hiver": "septembre à mi-octobre", "été": "mars à mi-avril"}
"""When interns choose (glossary, section 4: FNSIP-BM, SSIPI-MG); each faculty has its own days."""


def context(now, data):
    """Everything that the opening page reads besides the editorial blocks; `lieu` and `demi` of `data` name places to be near.

    Five queries without places.
    """
    today = timezone.localdate(now)
    near, asked, problems = read_places(data.getlist("lieu"), data.getlist("demi"))
    calendar = semesters.upcoming(today, AHEAD, current=True)
    ahead = [semester for semester in calendar if semester.start > today]
    shown = TrainingPlace.objects.visible()
    counts = dict(shown.order_by().values_list("setting").annotate(Count("pk")))
    codes = [semester.code for semester in ahead]
    latest = shown.for_cards(codes).order_by("is_demo", "-updated_at", "-pk")[:PREVIEWED] if counts else []
    return {
        "place_count": sum(counts.values()),
        "place_counts": [
            {"marker": marker, "label": french.plural(counts[setting], marker.label.lower(), marker.plural_label.lower())}
            for setting, marker in MARKERS.items()
            if setting in counts
        ],
        "offers": [presenters.card(place, today) for place in latest],
        "calendar": [line(semester, today, near) for semester in calendar],
        "near": near_in_words(near),
        "near_query": query(near),
        **fields(asked, near, max(FIELDS, len(asked))),
        "semesters": [{"code": each.code, "label": each.label, "selected": each == ahead[0]} for each in calendar],
        "problems": problems,
        "robots": "noindex" if data else "",
        "events": [agenda.line(event) for event in events(now)],
        "events_query": "".join(f"{'&' if rank else '?'}pour={stage}" for rank, stage in enumerate(TRAINEES)),
    }


def events(now):
    """The next events for those of this rubrique. One query."""
    return Event.objects.visible(now).coming(now).taking_place().for_stages(TRAINEES).by_day().for_lines()[:EVENTS]


def near_in_words(near):
    """`de Sault`, `de Sault et d’Apt`."""
    *others, last = (place.anchor.after_near for place in near) if near else [""]
    return f"{', '.join(others)} et {last}" if others else last


def query(near, **asked):
    """The end of an address that asks for something near places."""
    pairs = [*written(near), *asked.items()]
    return f"?{urlencode(pairs)}" if pairs else ""


def line(semester, today, near=()):
    """One semester of the calendar, with what is left until it begins or ends."""
    if semester.start <= today:
        left = (semester.end - today).days
        told = "se termine aujourd’hui" if not left else f"en cours, se termine dans {french.plural(left, 'jour')}"
    else:
        left = (semester.start - today).days
        told = "commence demain" if left == 1 else f"commence dans {french.plural(left, 'jour')}"
    return {
        "label": f"Semestre d’{semester.season}",
        "dates": semester.dates,
        "told": told,
        "is_current": semester.start <= today,
        "choice": CHOICES[semester.season],
        "code": semester.code,
        # Nobody sleeps in a semester that ends today.
        "rooms_query": query(near, semestre=semester.code) if semester.end > today else query(near),
        "title": f"{semester.label[0].upper()}{semester.label[1:]}{NBSP}: {told}",
    }
