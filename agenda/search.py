"""One search of the agenda: what was asked, what was found, in the words of the page. List, map and feeds build the same one."""

from functools import cached_property
from itertools import groupby
from urllib.parse import urlencode

from agenda import presenters
from agenda.enums import Stage
from agenda.filters import EventFilterSet
from agenda.models import Event, EventKind
from core import french
from core.links import address
from core.listing import in_one_way
from territories.listing import PlaceListing
from territories.models import Epci, Profession

NOT_FOLLOWED = ("passees",)
"""Parameters without a meaning for who wants to hear of what is new."""


class EventSearch(PlaceListing):
    """The events that `data` (the GET parameters) asks for, among those that readers may see: to come, or over if asked."""

    PARAMETERS = frozenset({*EventFilterSet.base_filters, "tri"})
    LIST, MAP = "agenda:event_list", "agenda:event_map"
    SORTS = {"date": "date", "distance": "distance"}
    NEAREST_FIRST = False
    ONE, MANY, NO = "rencontre", "rencontres", "Aucune"

    def __init__(self, data, now, among=None):
        """`among` narrows the events that are looked at."""
        self.data, self.now = data, now
        self.kinds = {kind.code: kind for kind in EventKind.objects.filter(active=True)}
        self.professions = {each.code: each for each in Profession.objects.all()}
        self.epcis = {epci.slug: epci for epci in Epci.objects.only("slug", "short_name")}
        choices = {"type": self.kinds, "profession": self.professions, "epci": self.epcis}
        self.filterset = EventFilterSet(data, Event.objects.visible(now) if among is None else among, choices=choices)
        self.complaints = self.filterset.complaints

    @property
    def is_past(self):
        """Whether the archive is asked for."""
        return bool(self.filterset.form.cleaned_data.get("passees"))

    @property
    def found(self):
        """The events found, in no order."""
        return self.filterset.qs.past(self.now) if self.is_past else self.filterset.qs.coming(self.now)

    @cached_property
    def count(self):
        return self.found.count()

    @property
    def events(self):
        """The events found, in the order asked for."""
        found, center = self.found, self.filterset.center
        if self.sort == "distance":
            return found.by_distance(center)
        found = found.with_distance(center) if center else found
        return found.latest_first() if self.is_past else found.by_day()

    @property
    def rows(self):
        """Those that stand somewhere, with what the map reads, in one query."""
        return self.events.filter(latitude__isnull=False).for_lines()

    @cached_property
    def page(self):
        """The events of the current page, in two queries."""
        return list(self.events.for_cards()[self.window.rows]) if self.count else []

    @cached_property
    def cards(self):
        return [presenters.card(event, self.now) for event in self.page]

    @property
    def months(self):
        """The cards of the current page by the month in which each begins; one group without a name when they are not by date."""
        if self.sort == "distance":
            return [{"label": "", "cards": self.cards}]
        pairs = zip(self.page, self.cards, strict=True)
        return [
            {"label": f"{french.MONTHS[month]} {year}", "cards": [card for _, card in group]}
            for (year, month), group in groupby(pairs, key=lambda pair: (pair[0].first_day.year, pair[0].first_day.month))
        ]

    @property
    def title(self):
        which = ("passée", "passées") if self.is_past else ("à venir", "à venir")
        if not self.count:
            return f"Aucune rencontre {which[0]}"
        return french.plural(self.count, f"rencontre {which[0]}", f"rencontres {which[1]}")

    @property
    def summary(self):
        """As of every such list, and what no map can show."""
        nowhere = sum(1 for event in self.page if event.commune_id is None)
        if not nowhere:
            return super().summary
        return f"{super().summary} À distance seulement, et donc absentes de la carte\u00a0: {french.number(nowhere)} sur cette page."

    def chosen_codes(self):
        """See `PlaceListing`."""
        labels = {
            "type": lambda code: self.kinds[code].label,
            "pour": lambda code: Stage(code).label,
            "profession": lambda code: self.professions[code].label,
            "epci": lambda code: self.epcis[code].short_name,
        }
        return self.labelled(labels)

    def chosen_values(self):
        """As of every such list, and the ticks."""
        yield from super().chosen_values()
        asked = self.filterset.form.cleaned_data
        for name, label in (("enligne", "à distance"), ("gratuit", "gratuites"), ("passees", "passées")):
            if asked.get(name):
                yield [name], label

    @property
    def criteria(self):
        """What is asked, in words."""
        return [label for *_, label in (*self.chosen_codes(), *self.chosen_values())]

    def understood(self, without=()):
        """What is asked as a query string, one for all the ways to write it; what means nothing, the page and the order are left out."""
        asked = {**self.filterset.form.cleaned_data, "rayon": self.filterset.center and self.filterset.radius_km}
        return urlencode(in_one_way(asked, self.data, without=without, unclear=self.complaints.keys() - {"rayon"}))

    def context(self, origin):
        """Everything that the templates of the list read, ready to print; `origin` begins canonical links."""
        without = self.query(without=["passees", "tri", "zone"])
        url = address(self.LIST)
        return {
            **super().context(origin),
            "lead": "Pour se rencontrer, visiter, apprendre. On s’inscrit auprès de l’organisateur.",
            "kinds": list(self.kinds.values()),
            "months": self.months,
            "is_past": self.is_past,
            "coming_url": url + without,
            "past_url": url + self.query(without=["passees", "tri", "zone"], passees="1"),
            "feed_url": address("agenda:feed") + without,
            "calendar_url": (calendar := address("agenda:calendar") + without),
            "calendar_address": origin + calendar,
            "alert_url": address("contacts:alerts_new") + "&".join(filter(None, ["?sujet=rencontre", self.understood(NOT_FOLLOWED)])),
            "alert_label": "Recevoir les nouvelles rencontres",
        }

    def filters(self):
        """The state of the filter panel: every option, and whether it is on."""
        on = {name: set(self.data.getlist(name)) for name in ("type", "pour", "profession", "epci")}
        asked = self.filterset.form.cleaned_data
        return {
            **super().filters(),
            "kinds": [{"kind": kind, "checked": code in on["type"]} for code, kind in self.kinds.items()],
            "stages": [{"code": stage.value, "label": stage.label, "checked": stage.value in on["pour"]} for stage in Stage],
            "professions": [
                {"code": code, "label": each.label, "checked": code in on["profession"]} for code, each in self.professions.items()
            ],
            "epcis": [{"code": code, "label": each.short_name, "selected": code in on["epci"]} for code, each in self.epcis.items()],
            **{name: bool(asked.get(name)) for name in ("enligne", "gratuit", "passees")},
        }
