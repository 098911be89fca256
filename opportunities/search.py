"""One search of the offers: what was asked, what was found, in the words of the page.

List, map and feed build the same `Search` from the same address, so that they cannot disagree.
"""

from datetime import timedelta
from functools import cached_property

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils.http import urlencode

from core import french
from core.pagination import COUNT_CEILING, Window
from opportunities import presenters
from opportunities.enums import HalfDay
from opportunities.filters import MAX_RADIUS_KM, OpportunityFilterSet
from opportunities.models import Opportunity, OpportunityKind, PracticeSetting, SearchWord
from territories.models import Epci

RADII = (5, 10, 15, 20, 30, MAX_RADIUS_KM)
SORTS = {"fraicheur": "confirmées d’abord", "debut": "date de début", "distance": "distance"}
SHORT_HALF_DAYS = [f"{day} {part}" for day in ("lun.", "mar.", "mer.", "jeu.", "ven.", "sam.") for part in ("matin", "après-midi")]


class Search:
    """The offers that `data` (the GET parameters) asks for, among those visible at `now`."""

    def __init__(self, data, now):
        self.data, self.now = data, now
        self.kinds = {kind.code: kind for kind in OpportunityKind.objects.all()}
        self.settings = {setting.code: setting for setting in PracticeSetting.objects.all()}
        self.epcis = {epci.slug: epci for epci in Epci.objects.only("slug", "short_name")}
        self.notices = []
        self.filterset = self._filterset(data)
        self.complaints = self.filterset.complaints

    def _filterset(self, data):
        choices = {"type": self.kinds, "cadre": self.settings, "epci": self.epcis}
        return OpportunityFilterSet(data, Opportunity.objects.visible(self.now), choices=choices)

    @cached_property
    def figures(self):
        """How many offers (counted up to the ceiling), how many confirmed lately, how near the nearest.

        Words that find nothing are corrected or dropped once, and the reader is told.
        """
        figures = self._measure()
        words = self.filterset.form.cleaned_data.get("q")
        if figures["count"] or not words:
            return figures
        if not Opportunity.objects.understands(words):
            self._replace_words("")
            self.notices.append(f"«\u00a0{words}\u00a0» est trop courant pour chercher\u00a0: voici les offres sans ces mots.")
            return self._measure()
        corrected = SearchWord.objects.corrected(words)
        if corrected == words.lower():
            return figures
        self._replace_words(corrected)
        self.notices.append(f"Aucune offre avec «\u00a0{words}\u00a0»\u00a0: voici celles pour «\u00a0{corrected}\u00a0».")
        return self._measure()

    def _measure(self):
        rows = self.filterset.qs.order_by()
        month_ago = self.now - timedelta(days=presenters.RECONFIRM_AFTER_DAYS)
        wanted = {"count": Count("pk"), "fresh": Count("pk", filter=Q(confirmed_at__gt=month_ago))}
        if self.filterset.center:
            rows = rows.with_distance(self.filterset.center)
            wanted["nearest"] = Min("distance_km")
        return rows[: COUNT_CEILING + 1].aggregate(**wanted)

    def _replace_words(self, words):
        data = self.data.copy()
        data["q"] = words
        self.filterset = self._filterset(data)
        self.complaints = self.filterset.complaints

    @property
    def offers(self):
        """The offers found, unordered, after any correction of the words."""
        self.figures  # noqa: B018  corrects the words
        return self.filterset.qs

    @property
    def count(self):
        return self.figures["count"]

    @property
    def is_capped(self):
        return self.count > COUNT_CEILING

    @cached_property
    def sort(self):
        """The order asked for; distance needs a commune to start from."""
        asked = self.data.get("tri", "fraicheur") or "fraicheur"
        if asked not in SORTS:
            self.complaints["tri"] = "Cet ordre de tri n’existe pas\u00a0: voici les offres les plus récemment confirmées."
        elif asked == "distance" and not self.filterset.center:
            self.complaints["tri"] = "Pour trier par distance, indiquez d’abord une commune."
        else:
            return asked
        return "fraicheur"

    def in_order(self, offers):
        """These offers in the order asked for."""
        if self.sort == "distance":
            return offers.by_distance(self.filterset.center)
        return offers.by_start() if self.sort == "debut" else offers.by_freshness()

    @cached_property
    def window(self):
        return Window(self.data.get("page"), self.count)

    @cached_property
    def cards(self):
        """The cards of the current page."""
        by_id = {kind.pk: kind for kind in self.kinds.values()}
        rows = self.in_order(self.offers).for_cards()
        if self.filterset.center and self.sort != "distance":
            rows = rows.with_distance(self.filterset.center)
        return [presenters.card(offer, by_id[offer.kind_id], self.now) for offer in rows[self.window.rows]]

    # In words

    @property
    def title(self):
        if self.is_capped:
            return f"Plus de {french.number(COUNT_CEILING)} offres d’exercice"
        return french.plural(self.count, "offre d’exercice", "offres d’exercice") if self.count else "Aucune offre d’exercice"

    @property
    def lead(self):
        fresh = self.figures["fresh"]
        if self.is_capped or not fresh:
            return ""
        if fresh == self.count:
            return "toutes confirmées depuis moins d’un mois" if fresh > 1 else "confirmée depuis moins d’un mois"
        return f"dont {french.plural(fresh, 'confirmée')} depuis moins d’un mois"

    @property
    def summary(self):
        """One sentence that says what the map shows."""
        offers = f"Plus de {french.number(COUNT_CEILING)} offres" if self.is_capped else french.plural(self.count, "offre")
        if not self.count:
            return "Aucune offre à montrer sur la carte."
        nearest = self.figures.get("nearest")
        if nearest is None:
            return f"{offers}. La liste montre les mêmes que la carte."
        where = f"dans un rayon de {self.filterset.radius_km}\u00a0km à vol d’oiseau autour de la mairie ({self.filterset.center})"
        if self.is_capped:
            return f"{offers} {where}."
        return f"{offers} {where}, {'la plus proche ' if self.count > 1 else ''}à {french.kilometres(nearest)}."

    # Addresses

    def query(self, without=(), **changes):
        """The parameters of this search as a query string, some left out or changed; never the page."""
        left_out = {"page", *without, *changes}
        pairs = [(name, value) for name, values in self.data.lists() for value in values if name not in left_out and value]
        pairs += [(name, value) for name, value in changes.items() if value]
        return f"?{urlencode(pairs)}" if pairs else ""

    def query_without_code(self, name, code):
        pairs = [
            (key, value)
            for key, values in self.data.lists()
            for value in values
            if value and key != "page" and (key, value) != (name, str(code))
        ]
        return f"?{urlencode(pairs)}" if pairs else ""

    @cached_property
    def chips(self):
        """The filters in force, each with the address of the same search without it."""
        url = reverse("opportunities:offer_list")
        return [
            *({"label": label, "url": url + self.query_without_code(name, code)} for name, code, label in self._chosen_codes()),
            *({"label": label, "url": url + self.query(without=names)} for names, label in self._chosen_values()),
        ]

    def _chosen_codes(self):
        asked = self.filterset.form.cleaned_data
        for name, known, text in (("type", self.kinds, "label"), ("cadre", self.settings, "label"), ("epci", self.epcis, "short_name")):
            for code in asked.get(name, ()):
                yield name, code, getattr(known[code], text)
        for half_day in asked.get("jours", ()):
            yield "jours", half_day, HalfDay(half_day).label

    def _chosen_values(self):
        asked = self.filterset.form.cleaned_data
        words = {
            "q": lambda text: f"«\u00a0{text}\u00a0»",
            "commune": lambda commune: f"{commune}, {self.filterset.radius_km}\u00a0km à vol d’oiseau",
            "du": lambda day: f"à partir du {french.date(day)}",
            "au": lambda day: f"jusqu’au {french.date(day)}",
            "part": lambda share: f"part d’honoraires d’au moins {french.percent(share)}",
            "logement": lambda _: "logement possible",
            "depuis": lambda day: f"publiées depuis le {french.date(day)}",
            "zone": lambda _: "zone de la carte",
        }
        for name, label in words.items():
            if asked.get(name) and name not in self.complaints:
                yield [name, "rayon"] if name == "commune" else [name], label(asked[name])

    def context(self, origin):
        """Everything that the templates of the list read, ready to print; `origin` begins canonical links."""
        url = reverse("opportunities:offer_list")
        cards = self.cards
        return {
            "title": self.title,
            "lead": self.lead,
            "summary": self.summary,
            "count_text": self.title,
            "offers": cards,
            "is_empty": not cards,
            "chips": self.chips,
            "clear_url": url,
            "errors": [*self.complaints.values(), *filter(None, [self.window.notice])],
            "notices": self.notices,
            "filters": self.filters(),
            "sorts": [
                {"value": value, "label": label, "selected": value == self.sort}
                for value, label in SORTS.items()
                if value != "distance" or self.filterset.center
            ],
            "pages": self.pages(url),
            "list_url": url,
            "map_url": reverse("opportunities:offer_map") + self.query(without=["tri"]),
            "feed_url": reverse("opportunities:offer_feed") + self.query(without=["tri"]),
            "robots": "noindex" if self.complaints or not cards or self.data.get("q") or self.data.get("zone") else "",
            "canonical_url": origin + url + self.query(without=["tri"], **({"page": self.window.number} if self.window.number > 1 else {})),
        }

    def filters(self):
        """The state of the filter panel: every option, and whether it is on. What was typed is kept, even when wrong."""
        data = self.data
        on = {name: set(data.getlist(name)) for name in ("type", "cadre", "epci", "jours")}
        radius = str(self.filterset.radius_km)
        radii = sorted({*map(str, RADII), radius}, key=int)
        return {
            "kinds": [
                {
                    "code": kind.code,
                    "label": kind.label,
                    "shape": kind.shape,
                    "glyph": kind.glyph,
                    "tone": kind.tone,
                    "checked": kind.code in on["type"],
                }
                for kind in self.kinds.values()
                if kind.active
            ],
            "settings": [{"code": code, "label": setting.label, "checked": code in on["cadre"]} for code, setting in self.settings.items()],
            "epcis": [{"slug": slug, "label": epci.short_name, "selected": slug in on["epci"]} for slug, epci in self.epcis.items()],
            "radii": [{"value": value, "label": f"{value}\u00a0km à vol d’oiseau", "selected": value == radius} for value in radii],
            "half_days": [
                {"value": value, "label": label, "short": SHORT_HALF_DAYS[value], "checked": str(value) in on["jours"]}
                for value, label in HalfDay.choices
            ],
            "values": {name: data.get(name, "") for name in ("q", "commune", "du", "au", "part", "depuis", "zone", "tri")},
            "lodging": bool(self.filterset.form.cleaned_data.get("logement")),
            "active_count": len(self.chips),
            "field_errors": {
                name: self.complaints.get(name, "")
                for name in ("q", "type", "cadre", "epci", "commune", "rayon", "du", "au", "part", "jours", "depuis", "zone")
            },
        }

    def pages(self, url):
        window = self.window
        if window.count == 1:
            return None
        address = lambda number: url + self.query(page=number if number > 1 else None)  # noqa: E731
        return {
            "links": [
                {"number": number, "url": address(number), "current": number == window.number} if number else None
                for number in window.numbers
            ],
            "previous": address(window.number - 1) if window.number > 1 else None,
            "next": address(window.number + 1) if window.number < window.count else None,
        }
