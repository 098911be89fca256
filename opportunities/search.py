"""One search of the offers: what was asked, what was found, in the words of the page.

List, map and feed build the same `Search` from the same address, so that they cannot disagree.
"""

import re
from datetime import timedelta
from functools import cached_property

from django.db.models import Min
from django.utils.http import urlencode

from core import french
from core.links import address
from core.listing import Listing, in_one_way
from core.pagination import COUNT_CEILING, Window
from opportunities import presenters, rules
from opportunities.enums import HalfDay
from opportunities.filters import MAX_RADIUS_KM, MAX_WORDS_LENGTH, OpportunityFilterSet
from opportunities.lists import Lists
from opportunities.models import Opportunity, SearchWord
from opportunities.rows import Figures
from territories.models import Commune

LEFT_OUT_WORD = re.compile(r"(?:^|\s)-\w")
"""A word that readers do not want, which a correction would look for."""
SURE = 10
"""An estimate so many times above the ceiling of the count is believed: "plus de 1 000" stays true if it is ten times too high."""
POOR = 2
"""So few offers are a poor answer: readers are asked what they look for."""
RADII = (5, 10, 15, 20, 30, MAX_RADIUS_KM)
OWN_INDEX = ("q", "cadre", "epci", "cpts", "jours", "zone")
SORTS = {"fraicheur": "confirmées d’abord", "debut": "date de début", "distance": "distance"}
SHORT_HALF_DAYS = [f"{day} {part}" for day in ("lun.", "mar.", "mer.", "jeu.", "ven.", "sam.") for part in ("matin", "après-midi")]


class Search(Listing):
    """The offers that `data` (the GET parameters) asks for, among those visible at `now`."""

    PARAMETERS = frozenset({*OpportunityFilterSet.base_filters, "tri"})
    """What an address of the list may say, besides the page; anything else is left out of links."""

    def __init__(self, data, now, among=None, lists=None):
        """`among` are other offers to search than those of readers, `lists` those of an earlier search of the same moment."""
        self.data, self.now = data, now
        self.among = Opportunity.objects.visible(now) if among is None else among
        self.lists = lists or Lists()
        self.notices = []
        self.filterset = self._filterset(data)
        self.complaints = self.filterset.complaints

    def _filterset(self, data):
        return OpportunityFilterSet(data, self.among, choices=self._options())

    def _options(self):
        """The options of each parameter that takes codes."""
        return {"type": self.lists.kinds, "cadre": self.lists.settings, "epci": self.lists.epcis, "cpts": self.lists.cptss}

    @cached_property
    def figures(self):
        """How many offers (counted up to the ceiling), how many confirmed lately, how near the nearest.

        Words that find nothing are corrected or dropped once, and the reader is told.
        """
        figures = self._measure()
        words = self.filterset.form.cleaned_data.get("q")
        if figures.count or not words:
            return figures
        if not Opportunity.objects.understands(words):
            self._replace_words("")
            self.notices.append(f"{french.quoted(words)} est trop vague pour chercher\u00a0: voici les offres sans ces mots.")
            return self._measure()
        corrected = SearchWord.objects.corrected(words)[:MAX_WORDS_LENGTH]
        if corrected == words.lower() or LEFT_OUT_WORD.search(words):
            return figures
        asked = self.filterset
        self._replace_words(corrected)
        better = self._measure()
        if not better.count:
            self.filterset = asked
            return figures
        self.notices.append(f"Aucune offre avec {french.quoted(words)}\u00a0: voici celles pour {french.quoted(corrected)}.")
        return better

    def _measure(self):
        # Without order when a filter has an index of its own, which stops at the ceiling; else in the order of `opp_fresh`.
        found, asked = self.filterset.qs, self.filterset.form.cleaned_data
        rows = found.order_by() if any(asked.get(name) for name in OWN_INDEX) else found.by_freshness()
        if self.filterset.center:
            rows = rows.with_distance(self.filterset.center)
        elif asked.get("q") and found.estimate() > SURE * COUNT_CEILING:
            return Figures(COUNT_CEILING + 1, 0, None)  # the index of words is read whole before a first offer is counted
        return rows[: COUNT_CEILING + 1].figures(fresh_since=self.now - timedelta(days=rules.CONFIRM_AFTER_DAYS))

    def _replace_words(self, words):
        data = self.data.copy()
        data["q"] = words
        self.filterset = self._filterset(data)

    @property
    def offers(self):
        """The offers found, unordered, after any correction of the words."""
        if self.data.get("q"):
            self.figures  # noqa: B018  corrects the words
        return self.filterset.qs

    @property
    def count(self):
        return self.figures.count

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
        rows = self.in_order(self.offers)
        if self.filterset.center and self.sort != "distance":
            rows = rows.with_distance(self.filterset.center)
        kinds, found = self.lists.kinds_by_pk, rows[self.window.rows].card_rows(self.lists.place)
        return [presenters.card(offer, kinds[offer.kind_id], self.now) for offer in found]

    # In words

    @property
    def title(self):
        if self.is_capped:
            return f"Plus de {french.number(COUNT_CEILING)} offres d’exercice"
        return french.plural(self.count, "offre d’exercice", "offres d’exercice") if self.count else "Aucune offre d’exercice"

    @property
    def lead(self):
        fresh = self.figures.fresh
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
        nearest = self.figures.nearest
        if nearest is None:
            return f"{offers}. La liste montre les mêmes que la carte."
        where = f"dans un rayon de {self.filterset.radius_km}\u00a0km à vol d’oiseau autour de la mairie ({self.filterset.center})"
        if self.is_capped:
            return f"{offers} {where}."
        return f"{offers} {where}, {'la plus proche ' if self.count > 1 else ''}à {french.kilometres(nearest)}."

    # Addresses

    @cached_property
    def chips(self):
        """The filters in force, each with the address of the same search without it."""
        self.offers  # noqa: B018  corrects the words
        url = address("opportunities:offer_list")
        return [
            *({"label": label, "url": url + self.query_without_code(name, code)} for name, code, label in self._chosen_codes()),
            *({"label": label, "url": url + self.query(without=names)} for names, label in self._chosen_values()),
        ]

    @property
    def criteria(self):
        """What is asked, in words, as it was typed."""
        return [label for *_, label in (*self._chosen_codes(), *self._chosen_values())]

    def understood(self, without=()):
        """What is asked as a query string, one for all the ways to write it; what means nothing, the page and the order are left out."""
        asked = {**self.filterset.form.cleaned_data, "rayon": self.filterset.center and self.filterset.radius_km}
        return urlencode(in_one_way(asked, self.data, without=without, unclear=self.complaints.keys() - {"rayon"}))

    def _chosen_codes(self):
        asked = self.filterset.form.cleaned_data
        for name, known in self._options().items():
            for code in asked.get(name, ()):
                yield name, code, known[code].label
        for half_day in asked.get("jours", ()):
            yield "jours", half_day, HalfDay(int(half_day)).label

    def _chosen_values(self):
        asked = self.filterset.form.cleaned_data
        words = {
            "q": french.quoted,
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
        url = address("opportunities:offer_list")
        cards = self.cards
        errors = [*self.complaints.values(), *filter(None, [self.window.notice])]
        return {
            "title": self.title,
            "alert_label": "Recevoir les nouvelles offres",
            "lead": self.lead,
            "summary": self.summary,
            "count_text": self.title,
            "offers": cards,
            "is_empty": not cards,
            "has_demo": any(card.is_demo for card in cards),
            "widen": self.widen(url),
            "chips": self.chips,
            "clear_url": url,
            "errors": errors,
            "notices": self.notices,
            "meant": self.meant(url),
            "filters": self.filters(),
            "sorts": [
                {"value": value, "label": label, "selected": value == self.sort}
                for value, label in SORTS.items()
                if value != "distance" or self.filterset.center
            ],
            "pages": self.pages(url),
            "list_url": url,
            "map_url": address("opportunities:offer_map") + self.query(),
            "need_query": self.query(without=["tri", "zone"]),
            "is_poor": self.count <= POOR,
            "feed_url": address("opportunities:offer_feed") + self.query(without=["tri"]),
            "calendar_url": address("opportunities:offer_calendar") + self.query(without=["tri"]),
            "calendar_label": "Dates des remplacements dans mon agenda",
            "alert_url": address("contacts:alerts_new") + self.query(without=["tri"]),
            "robots": "noindex" if errors or not cards or self.data.get("q") or self.data.get("zone") else "",
            "canonical_url": origin + url + self.query(without=["tri"], **({"page": self.window.number} if self.window.number > 1 else {})),
        }

    def meant(self, url):
        """The communes that an unclear text may mean, each with the address of the same search there."""
        if "commune" not in self.complaints:
            return []
        found = Commune.objects.resolve(self.data["commune"])
        names = [commune.name for commune in found.choices or found.suggestions]
        return [{"label": name, "url": url + self.query(commune=name)} for name in names]

    def widen(self, url):
        """The same search in the smallest larger circle that holds an offer, when this one is empty; None when there is none."""
        if self.count or not self.filterset.center:
            return None
        data = self.data.copy()
        data.pop("commune")
        elsewhere = self._filterset(data)
        elsewhere.complaints  # noqa: B018  reads the form
        nearest = elsewhere.qs.order_by().with_distance(self.filterset.center).aggregate(km=Min("distance_km"))["km"]
        larger = next((radius for radius in RADII if nearest is not None and radius >= nearest), None)
        if larger is None:
            return None
        return {"label": f"Chercher à {larger}\u00a0km à vol d’oiseau", "url": url + self.query(rayon=larger)}

    def filters(self):
        """The state of the filter panel: every option, and whether it is on."""
        data, lists = self.data, self.lists
        on = {name: set(data.getlist(name)) for name in ("type", "cadre", "epci", "cpts", "jours")}
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
                for kind in lists.kinds.values()
                if kind.active
            ],
            "settings": [{"code": each.code, "label": each.label, "checked": each.code in on["cadre"]} for each in lists.settings.values()],
            "epcis": [{"slug": each.code, "label": each.label, "selected": each.code in on["epci"]} for each in lists.epcis.values()],
            "cptss": [{"slug": each.code, "label": each.label, "selected": each.code in on["cpts"]} for each in lists.cptss.values()],
            "radii": [{"value": value, "label": f"{value}\u00a0km à vol d’oiseau", "selected": value == radius} for value in radii],
            "half_days": [
                {"value": value, "label": label, "short": SHORT_HALF_DAYS[value], "checked": str(value) in on["jours"]}
                for value, label in HalfDay.choices
            ],
            "values": self._typed(),
            "lodging": bool(self.filterset.form.cleaned_data.get("logement")),
            "active_count": len(self.chips),
            "field_errors": {
                name: self.complaints.get(name, "")
                for name in ("q", "type", "cadre", "epci", "cpts", "commune", "rayon", "du", "au", "part", "jours", "depuis", "zone")
            },
        }

    def _typed(self):
        """What each field shows: what was typed, even wrong; a date or a number that could not be read stands in its message."""
        read = self.filterset.form.cleaned_data
        words = {name: french.one_line(self.data.get(name, "")) for name in ("q", "commune", "zone", "tri")}
        return words | {name: "" if read.get(name) is None else str(read[name]) for name in ("du", "au", "part", "depuis")}
