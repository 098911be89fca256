"""One search of the training places: what was asked, what was found, in the words of the page. List and map build the same one."""

from functools import cached_property

from django.db.models import Count, Q
from django.utils import timezone

from core import french
from core.french import NBSP
from interns import presenters
from interns.enums import LEVEL_HINTS, MARKERS, Level, Setting
from interns.filters import TrainingFilterSet
from interns.models import Specialty, TrainingPlace
from territories import semesters
from territories.listing import PlaceListing

AHEAD = 3
"""Semesters to come that one may search for, besides the one under way."""
SHOWN_SEMESTERS = 2
"""Semesters of which a card tells the places."""


class TrainingDirectory(PlaceListing):
    """The training places that `data` (the GET parameters) asks for, among those that readers may see."""

    PARAMETERS = frozenset({*TrainingFilterSet.base_filters, "tri"})
    LIST, MAP = "interns:place_list", "interns:place_map"
    SORTS = {"cadre": "type de lieu", "nom": "nom", "distance": "distance"}
    ONE, MANY = "terrain de stage", "terrains de stage"

    def __init__(self, data):
        self.data = data
        self.today = timezone.localdate()
        self.semesters = {each.code: each for each in semesters.upcoming(self.today, AHEAD, current=True)}
        self.specialties = {each.code: each for each in known_specialties()}
        choices = {"specialite": self.specialties, "semestre": self.semesters}
        self.filterset = TrainingFilterSet(data, TrainingPlace.objects.visible(), choices=choices)
        self.complaints = self.filterset.complaints

    @cached_property
    def count(self):
        return self.filterset.qs.count()

    @property
    def places(self):
        """The places found, in the order asked for."""
        found, center = self.filterset.qs, self.filterset.center
        if self.sort == "distance":
            return found.by_distance(center)
        found = found.with_distance(center) if center else found
        return found.by_name() if self.sort == "nom" else found.by_setting()

    @property
    def rows(self):
        """The same with what the map reads, in one query."""
        return self.places.select_related("facility", "commune", "specialty").defer("search_vector")

    @cached_property
    def cards(self):
        """The cards of the current page, in two queries."""
        if not self.count:
            return []
        told = self.filterset.form.cleaned_data.get("semestre") or [each.code for each in self.ahead[:SHOWN_SEMESTERS]]
        return [presenters.card(place, self.today) for place in self.places.for_cards(told)[self.window.rows]]

    @property
    def ahead(self):
        """The semesters that have not begun."""
        return [each for each in self.semesters.values() if each.start > self.today]

    @property
    def title(self):
        return french.plural(self.count, "terrain de stage", "terrains de stage") if self.count else "Aucun terrain de stage"

    def chosen_codes(self):
        """See `PlaceListing`."""
        labels = {
            "niveau": lambda code: Level(code).label,
            "specialite": lambda code: self.specialties[code].label,
            "cadre": lambda code: Setting(code).label,
            "semestre": lambda code: f"places de {self.semesters[code].label}",
        }
        return self.labelled(labels)

    def chosen_values(self):
        """As of every such list, and the bed."""
        yield from super().chosen_values()
        if self.filterset.form.cleaned_data.get("logement"):
            yield ["logement"], "logement sur place"

    def context(self, origin):
        """Everything that the templates of the list read, ready to print; `origin` begins canonical links."""
        return {
            **super().context(origin),
            "lead": "L’affectation passe par la faculté et l’ARS. Le portail signale et décrit les lieux.",
            "kinds": list(MARKERS.values()),
        }

    def filters(self):
        """The state of the filter panel: every option, and whether it is on."""
        on = {name: set(self.data.getlist(name)) for name in ("niveau", "specialite", "cadre", "semestre")}
        return {
            **super().filters(),
            "levels": [
                {"code": level.value, "label": level.label, "hint": LEVEL_HINTS[level], "checked": level in on["niveau"]} for level in Level
            ],
            "specialties": [
                {"code": code, "label": f"{each.label} ({each.shown})", "checked": code in on["specialite"]}
                for code, each in self.specialties.items()
                if each.shown or code in on["specialite"]
            ],
            "settings": [{"kind": MARKERS[setting], "checked": setting in on["cadre"]} for setting in Setting],
            "semesters": [
                {"code": code, "label": f"{str(each.season).capitalize()}{NBSP}: {each.label}", "checked": code in on["semestre"]}
                for code, each in self.semesters.items()
            ],
            "lodging": bool(self.filterset.form.cleaned_data.get("logement")),
        }


def known_specialties():
    """Every specialty that is proposed, with how many places that readers may see it has (`shown`). One query."""
    shown = Count("places", filter=Q(places__published=True))
    return Specialty.objects.filter(active=True).annotate(shown=shown).order_by("position", "label")
