"""A list of things at places, read from its address: what the directories of facilities and of training places have in common."""

from abc import ABC, abstractmethod
from functools import cached_property

from core import french
from core.links import address
from core.listing import Listing
from core.pagination import Window
from territories.models import Commune

RADII = (5, 10, 20, 30, 50)


class PlaceListing(Listing, ABC):
    """The state of such a list, in the words of its page.

    A subclass sets `data`, `filterset` (a `PlaceFilterSet`) and `complaints`, defines `count`, `title`, `cards` and `chosen_codes()`,
    and names its addresses `LIST` and `MAP`, its orders `SORTS`, the first by default, and what it lists, `ONE` and `MANY`.
    """

    LIST = MAP = ""
    SORTS = {}
    NEAREST_FIRST = True
    """Whether a circle changes the order by default."""
    ONE = MANY = ""
    NO = "Aucun"
    """With the gender of `ONE`."""

    @cached_property
    def sort(self):
        """The order asked for; by distance when there is a commune to start from, unless told otherwise."""
        asked = self.data.get("tri") or ""
        center = self.filterset.center
        if asked and asked not in self.SORTS:
            self.complaints["tri"] = "Cet ordre de tri n’existe pas."
        elif asked == "distance" and not center:
            self.complaints["tri"] = "Pour trier par distance, indiquez d’abord une commune."
        elif asked:
            return asked
        return "distance" if center and self.NEAREST_FIRST else next(iter(self.SORTS))

    @cached_property
    def window(self):
        return Window(self.data.get("page"), self.count)

    @property
    def summary(self):
        """One sentence that says what the map shows."""
        if not self.count:
            return f"{self.NO} {self.ONE} à montrer sur la carte."
        found = french.plural(self.count, self.ONE, self.MANY)
        if center := self.filterset.center:
            return f"{found} dans un rayon de {self.filterset.radius_km}\u00a0km à vol d’oiseau autour de la mairie ({center})."
        return f"{found}. La liste montre les mêmes que la carte."

    @cached_property
    def chips(self):
        """The filters in force, each with the address of the same search without it."""
        url = address(self.LIST)
        return [
            *({"label": label, "url": url + self.query_without_code(name, code)} for name, code, label in self.chosen_codes()),
            *({"label": label, "url": url + self.query(without=names)} for names, label in self.chosen_values()),
        ]

    @abstractmethod
    def chosen_codes(self):
        """The codes asked for, as (parameter, code, label)."""

    def labelled(self, labels):
        """The same from functions that give the label of a code, by parameter."""
        asked = self.filterset.form.cleaned_data
        return [(name, code, label(code)) for name, label in labels.items() for code in asked.get(name, ())]

    def chosen_values(self):
        """What else is asked, as (parameters that go together, label)."""
        asked = self.filterset.form.cleaned_data
        if words := asked.get("q"):
            yield ["q"], french.quoted(words)
        if commune := asked.get("commune"):
            yield ["commune", "rayon"], f"{commune}, {self.filterset.radius_km}\u00a0km à vol d’oiseau"
        if asked.get("zone"):
            yield ["zone"], "zone de la carte"

    def meant(self, url):
        """The communes that an unclear text may mean, each with the address of the same search there."""
        if "commune" not in self.complaints:
            return []
        found = Commune.objects.resolve(self.data["commune"])
        names = [commune.name for commune in found.choices or found.suggestions]
        return [{"label": name, "url": url + self.query(commune=name)} for name in names]

    def context(self, origin):
        """What the templates of such a list read, ready to print; `origin` begins canonical links."""
        url = address(self.LIST)
        cards, sort = self.cards, self.sort
        errors = [*self.complaints.values(), *filter(None, [self.window.notice])]
        page = {"page": self.window.number} if self.window.number > 1 else {}
        return {
            "title": self.title,
            "lead": "",
            "summary": self.summary,
            "offers": cards,
            "is_empty": not cards,
            "has_demo": any(card.is_demo for card in cards),
            "chips": self.chips,
            "clear_url": url,
            "errors": errors,
            "notices": [],
            "meant": self.meant(url),
            "filters": self.filters(),
            "sorts": [
                {"value": value, "label": label, "selected": value == sort}
                for value, label in self.SORTS.items()
                if value != "distance" or self.filterset.center
            ],
            "pages": self.pages(url),
            "list_url": url,
            "map_url": address(self.MAP) + self.query(),
            "robots": "noindex" if errors or (self.chips and not cards) or self.data.get("q") or self.data.get("zone") else "",
            "canonical_url": origin + url + self.query(without=["tri"], **page),
        }

    def filters(self):
        """What the filter panel of such a list shows: circle, words, complaints."""
        radius = str(self.filterset.radius_km)
        return {
            "radii": [
                {"value": value, "label": f"{value}\u00a0km à vol d’oiseau", "selected": value == radius}
                for value in sorted({*map(str, RADII), radius}, key=int)
            ],
            "values": {name: french.one_line(self.data.get(name, "")) for name in ("q", "commune", "zone")},
            "active_count": len(self.chips),
            "field_errors": {name: self.complaints.get(name, "") for name in ("q", "commune", "rayon")},
        }
