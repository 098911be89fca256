"""One search, two answers side by side: what an intern may do, and where they may sleep (mission M29); the fields that ask for both."""

from functools import cached_property

from django.http import QueryDict
from django.utils import timezone
from django.utils.http import urlencode

from core import french
from core.french import NBSP
from core.links import address
from housing.asked import MOST_HALF_DAYS, place_fields, read_places, written
from housing.search import Search as Rooms
from interns.directory import AHEAD
from interns.models import TrainingPlace
from opportunities import presenters as offers
from opportunities.models import Opportunity, OpportunityKind
from territories import anchors, semesters

KINDS = ("locum_occasional", "locum_regular", "assistant_post", "internship_site")
"""Kinds of offers that are for interns: locums with a licence, posts of assistant, places of internship (glossary, sections 2 and 3)."""
SHOWN = 8
"""Answers of each sort; the rest is behind the link of its list."""
RADII = (10, 20, 30, 50)
DEFAULT_RADIUS_KM = 20


class Together:
    """What `data` (the GET parameters) asks for: `lieu` with `demi`, three at most, `rayon` and `semestre`."""

    def __init__(self, data, now):
        self.data, self.now = data, now
        self.today = timezone.localdate(now)
        self.near, self.asked, self.problems = read_places(data.getlist("lieu"), data.getlist("demi"))
        self.anchors = [place.anchor for place in self.near]
        self.semesters = semesters.upcoming(self.today, AHEAD, current=True)
        self.semester = self._semester()
        self.radius_km = self._radius()

    def _semester(self):
        """The semester asked for; none stands for any time."""
        code = self.data.get("semestre", "")
        found = next((each for each in self.semesters if each.code == code), None)
        if code and found is None:
            self.problems.append(f"{french.quoted(code)} n’est pas un semestre à venir{NBSP}: choisissez-en un dans la liste.")
        return found

    def _radius(self):
        asked = self.data.get("rayon", "")
        if asked and asked not in map(str, RADII):
            self.problems.append(f"Ce rayon n’est pas proposé{NBSP}: il est remis à {DEFAULT_RADIUS_KM}{NBSP}km.")
        return int(asked) if asked in map(str, RADII) else DEFAULT_RADIUS_KM

    @cached_property
    def offers(self):
        """Cards of offers, the nearest first, or the most recently confirmed when no place is asked for. One query a place."""
        kinds = {kind.pk: kind for kind in OpportunityKind.objects.filter(code__in=KINDS, active=True)}
        found = Opportunity.objects.visible(self.now).of_kinds(kinds)
        if self.semester:
            found = found.overlapping(start=max(self.semester.start, self.today), end=self.semester.end)
        rows = nearest(found.for_cards(), self.anchors, self.radius_km) if self.anchors else found.for_cards().by_freshness()
        return [offers.card(offer, kinds[offer.kind_id], self.now) for offer in rows[:SHOWN]]

    @cached_property
    def rooms(self):
        """The same places, radius and nights asked of the list of rooms, which sorts them by the way to all of the places."""
        radius = [("rayon", self.radius_km)] if self.near else []
        return Rooms(QueryDict(urlencode([*self.tokens, *radius, *self.when])), self.now)

    @property
    def tokens(self):
        return written(self.near)

    @property
    def when(self):
        return [("semestre", self.semester.code)] if self.semester else []

    @cached_property
    def training(self):
        """Training places around the first place. One query."""
        found = TrainingPlace.objects.visible()
        return (found.near(self.anchors[0].point, self.radius_km) if self.anchors else found).count()

    def context(self):
        """Everything that the page reads, ready to print."""
        first, rooms = self._commune(), self.rooms
        near = [("commune", first), ("rayon", self.radius_km)] if first else []
        dates = [("du", max(self.semester.start, self.today).isoformat()), ("au", self.semester.end.isoformat())] if self.semester else []
        kinds = [("type", code) for code in KINDS]
        return {
            "problems": self.problems,
            **fields(self.asked, self.near, anchors.MOST_PLACES),
            "radii": [{"value": km, "label": f"{km}{NBSP}km à vol d’oiseau", "selected": km == self.radius_km} for km in RADII],
            "semesters": [{"code": each.code, "label": each.label, "selected": each == self.semester} for each in self.semesters],
            "around": ", ".join(anchor.label for anchor in self.anchors),
            "radius": self.radius_km,
            "several": len(self.anchors) > 1,
            "semester": self.semester.label if self.semester else "",
            "offers": self.offers,
            "offers_url": f"{address('opportunities:offer_list')}?{urlencode([*kinds, *near, *dates])}",
            "rooms": rooms.cards[:SHOWN],
            "rooms_title": rooms.title,
            "rooms_lead": rooms.lead,
            "rooms_url": address("housing:dwelling_list") + rooms.query(),
            "need_url": address("contacts:needs_new") + rooms.need_query(),
            "landing_url": address("interns:landing") + (f"?{urlencode(self.tokens)}" if self.tokens else ""),
            "training": self.training,
            "training_url": f"{address('interns:place_list')}{f'?{urlencode([*near, *self.when])}' if near or self.when else ''}",
            "robots": "noindex" if self.data else "",
        }

    def _commune(self):
        """The name of the commune of the first place, for lists that search around communes."""
        if not self.anchors:
            return ""
        return anchors.Commune.objects.values_list("name", flat=True).get(pk=self.anchors[0].commune_id)


LABELS = ("Près de", "Et de (facultatif)", "Et encore de (facultatif)")


def fields(asked, near, count):
    """What `interns/_near.html` reads: `count` fields of places, and the half-days that one may spend at each."""
    return {"fields": place_fields(asked, near, LABELS[:count]), "shares": range(1, MOST_HALF_DAYS + 1)}


def nearest(offers, places, km):
    """The offers within `km` of one of these places, each once with the distance to the nearest of them, nearest first."""
    found = {}
    for anchor in places:
        for offer in offers.near(anchor.point, km).by_distance(anchor.point)[:SHOWN]:
            if offer.pk not in found or offer.distance_km < found[offer.pk].distance_km:
                found[offer.pk] = offer
    return sorted(found.values(), key=lambda offer: (offer.distance_km, offer.pk))
