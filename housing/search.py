"""One search of the dwellings: what was asked, what was found, in the words of the page.

List, map and feed build the same `Search` from the same address, so that they cannot disagree. Distances are counted from the point
that readers are shown, never from the place itself.
"""

from functools import cached_property
from urllib.parse import parse_qsl

from django.utils import timezone
from django.utils.http import urlencode

from core import french, prepared
from core.links import address
from core.listing import Listing, in_one_way
from core.pagination import COUNT_CEILING, Window
from core.prepared import Among
from housing import presenters
from housing.asked import MOST_HALF_DAYS, Commute, place_fields, read_places, read_stay, told_apart, written
from housing.enums import MARKERS, Audience, DwellingKind, HostKind
from housing.filters import DwellingFilterSet
from housing.models import Dwelling, DwellingPhoto
from housing.rows import card_row
from territories import semesters

SORTS = {"distance": "distance", "loyer": "loyer", "fraicheur": "confirmés d’abord"}
RADII = (5, 10, 15, 20, 30, 50)
POOR = 2
"""So few dwellings are a poor answer: readers are asked what they look for."""
OWN = ("lieu", "demi", "semestre", "du", "au", "tri")
"""Parameters that the filter set does not read."""
SEMESTERS_PROPOSED = 3
LABELS = {"type": dict(DwellingKind.choices), "hote": dict(HostKind.choices), "pour": dict(Audience.choices)}


def card_rows():
    """What the cards of a page read, for `core.prepared`."""
    return Dwelling.objects.filter(Among("pk", "keys")).order_by().for_card_rows()


def first_photos():
    """The photograph of each of these dwellings that its card shows, for `core.prepared`."""
    return DwellingPhoto.objects.filter(Among("dwelling_id", "keys")).order_by("dwelling_id", "position", "pk").distinct("dwelling_id")


class Search(Listing):
    """The dwellings that `data` (the GET parameters) asks for, among those visible at `now`."""

    PARAMETERS = frozenset({*DwellingFilterSet.base_filters, *OWN})

    def __init__(self, data, now, among=None):
        self.data, self.now = data, now
        self.today = timezone.localdate(now)
        self.near, self.asked, place_problems = read_places(data.getlist("lieu"), data.getlist("demi"))
        self.stay, stay_problems, self.notices = read_stay(data, self.today)
        self.filterset = DwellingFilterSet(data, Dwelling.objects.visible(now) if among is None else among)
        self.complaints = self.filterset.complaints
        if place_problems:
            self.complaints["lieu"] = " ".join(place_problems)
        if stay_problems:
            self.complaints["du"] = " ".join(stay_problems)

    @cached_property
    def dwellings(self):
        """The dwellings found, unordered."""
        found = self.filterset.qs.order_by()
        if self.stay:
            found = found.free(self.stay.start, self.stay.end).for_stay_of(self.stay.days)
        if self.radius_km:
            for place in self.near:
                found = found.near(place.point, self.radius_km)
        return found

    @property
    def radius_km(self):
        """Kilometres from each of the places at most, or None."""
        return self.filterset.form.cleaned_data.get("rayon") if self.near else None

    @cached_property
    def figures(self):
        """How many dwellings (up to the ceiling), the least rent among them, their keys in order. One query."""
        return self.in_order(self.dwellings).figures(COUNT_CEILING + 1)

    @property
    def count(self):
        return self.figures.count

    @property
    def is_capped(self):
        return self.count > COUNT_CEILING

    @cached_property
    def commute(self):
        """The way to the places asked for."""
        return Commute(self.near)

    @cached_property
    def sort(self):
        """The order asked for; by distance when there are places to be near, unless told otherwise."""
        asked = self.data.get("tri") or ""
        if asked and asked not in SORTS:
            self.complaints["tri"] = "Cet ordre de tri n’existe pas."
        elif asked == "distance" and not self.near:
            self.complaints["tri"] = "Pour trier par distance, indiquez d’abord un lieu."
        elif asked:
            return asked
        return self.default_sort

    @property
    def default_sort(self):
        """The order of a search that names none: its form sends none either, so that places bring theirs."""
        return "distance" if self.near else "fraicheur"

    def in_order(self, dwellings):
        """These dwellings in the order asked for."""
        if self.sort == "distance":
            return self.commute.in_order(dwellings)
        return dwellings.by_rent() if self.sort == "loyer" else dwellings.by_freshness()

    @cached_property
    def window(self):
        return Window(self.data.get("page"), self.count)

    @cached_property
    def cards(self):
        """The cards of the current page. Two queries, none when nothing is found: the dwellings, their photographs."""
        keys = self.figures.keys[self.window.rows]
        if not keys:
            return []
        rows = {row[0]: card_row(*row) for row in prepared.rows(card_rows, keys=keys)}
        photos = {photo.dwelling_id: photo for photo in prepared.records(first_photos, keys=keys)}
        return [presenters.card(rows[key], self, photos.get(key)) for key in keys if key in rows]

    # In words

    @property
    def title(self):
        if self.is_capped:
            return f"Plus de {french.number(COUNT_CEILING)} logements"
        return french.plural(self.count, "logement") if self.count else "Aucun logement"

    @property
    def lead(self):
        if not self.count:
            return ""
        words = [f"{'libre' if self.count == 1 else 'libres'} {presenters.when(self.stay)}"] if self.stay else []
        if self.sort == "distance":
            words.append(self.order_in_words)
        elif self.near and not self.commute.by_road:
            words.append("distances à vol d’oiseau")
        return ", ".join(words)

    @cached_property
    def all_by_road(self):
        """Whether the last dwelling found has its minutes, and so all: those that have none come last. One query."""
        return Dwelling.objects.filter(pk=self.figures.keys[-1], commune__in=list(self.commute.weekly)).exists()

    @property
    def order_in_words(self):
        if self.commute.by_road:
            road = f"du moins au plus de route{' dans la semaine' if self.commute.is_shared_out else ''}"
            return road if self.all_by_road else f"{road}, puis du plus près au plus loin ceux dont la durée n’est pas connue"
        weighted = len(self.near) > 1 and len({place.half_days for place in self.near}) > 1
        return f"du plus près au plus loin à vol d’oiseau{', selon vos demi-journées' if weighted else ''}"

    @property
    def summary(self):
        """One sentence that says what the map shows."""
        if not self.count:
            return "Aucun logement à montrer sur la carte."
        found = f"Plus de {french.number(COUNT_CEILING)} logements" if self.is_capped else french.plural(self.count, "logement")
        least = self.figures.least
        rent = f", à partir de {presenters.a_month(least)} charges comprises" if least else ""
        return f"{found}{rent}. Chaque repère est une zone\u00a0: l’adresse n’est pas publiée. La liste montre les mêmes."

    # Addresses

    def pairs(self):
        """The parameters that were filled in: places by their token once understood, half-days only when they differ."""
        for asked in self.asked:
            if asked.text:
                yield "lieu", asked.token or asked.text
        if told_apart(self.near) and len(self.near) == len([each for each in self.asked if each.text]):
            yield from (("demi", str(place.half_days)) for place in self.near)
        yield from (pair for pair in super().pairs() if pair[0] not in ("lieu", "demi"))

    def without_place(self, place):
        """The same search without one of its places."""
        kept = [other for other in self.near if other is not place]
        pairs = [("lieu", other.anchor.token) for other in kept] + [("demi", str(other.half_days)) for other in kept]
        pairs += [pair for pair in super().pairs() if pair[0] not in ("lieu", "demi")]
        return f"?{urlencode(pairs)}" if pairs else ""

    @cached_property
    def chips(self):
        """The filters in force, each with the address of the same search without it."""
        url = address("housing:dwelling_list")
        return [
            *({"label": presenters.near_in_words(place, self.near), "url": url + self.without_place(place)} for place in self.near),
            *({"label": label, "url": url + self.query_without_code(name, code)} for name, code, label in self._chosen_codes()),
            *({"label": label, "url": url + self.query(without=names)} for names, label in self._chosen_values()),
        ]

    @property
    def criteria(self):
        """What is asked, in words."""
        places = [presenters.near_in_words(place, self.near) for place in self.near]
        return places + [label for *_, label in (*self._chosen_codes(), *self._chosen_values())]

    @property
    def wishes(self):
        """What is asked besides places, nights and rent, in words."""
        apart = {"semestre", "loyer", "rayon", "zone"}
        codes = [label for *_, label in self._chosen_codes()]
        return codes + [label for names, label in self._chosen_values() if names[0] not in apart]

    def understood(self, without=()):
        """What is asked as a query string, one for all the ways to write it; what means nothing, the page and the order are left out."""
        pairs = written(self.near)
        if self.stay and self.stay.semester:
            pairs.append(("semestre", self.stay.semester.code))
        elif self.stay:
            pairs += [("du", self.stay.start.isoformat()), ("au", self.stay.end.isoformat())]
        pairs += in_one_way(self.filterset.form.cleaned_data, self.data, unclear=self.complaints)
        return urlencode([pair for pair in pairs if pair[0] not in without])

    @cached_property
    def carried(self):
        """Places and nights as a query string, for links to the pages of dwellings and to the form that asks for one."""
        names = ("lieu", "demi", "semestre", "du", "au")
        pairs = [pair for pair in parse_qsl(self.understood()) if pair[0] in names]
        return f"?{urlencode(pairs)}" if pairs else ""

    def need_query(self):
        """What is asked, as the form of those who find nothing reads it."""
        return "&".join(filter(None, ["?quoi=logement", self.understood(without=["zone"])]))

    def _chosen_codes(self):
        asked = self.filterset.form.cleaned_data
        for name, labels in LABELS.items():
            for code in asked.get(name, ()):
                yield name, code, labels[code]

    def _chosen_values(self):
        asked = self.filterset.form.cleaned_data
        if self.stay:
            yield ["semestre", "du", "au"], presenters.when(self.stay)
        words = {
            "q": french.quoted,
            "loyer": lambda euros: f"{presenters.a_month(euros)} au plus, charges comprises",
            "rayon": lambda km: f"à {km}\u00a0km au plus" if self.near else "",
            "meuble": lambda _: "meublé",
            "acces": lambda _: "de plain-pied ou par ascenseur",
            "animaux": lambda _: "animaux acceptés ou à demander",
            "zone": lambda _: "zone de la carte",
        }
        for name, label in words.items():
            if asked.get(name) and name not in self.complaints and (text := label(asked[name])):
                yield [name], text

    def context(self, origin):
        """Everything that the templates of the list read, ready to print; `origin` begins canonical links."""
        url = address("housing:dwelling_list")
        cards, sort = self.cards, self.sort
        errors = [*self.complaints.values(), *filter(None, [self.window.notice])]
        page = {"page": self.window.number} if self.window.number > 1 else {}
        return {
            "title": self.title,
            "lead": self.lead,
            "summary": self.summary,
            "rooms": cards,
            "is_empty": not cards,
            "has_demo": any(card.is_demo for card in cards),
            "chips": self.chips,
            "clear_url": url,
            "errors": errors,
            "notices": self.notices,
            "filters": self.filters(),
            "sorts": [
                {"value": "" if value == self.default_sort else value, "label": label, "selected": value == sort}
                for value, label in SORTS.items()
                if value != "distance" or self.near
            ],
            "pages": self.pages(url),
            "list_url": url,
            "offer_url": address("housing:publish"),
            "map_url": address("housing:dwelling_map") + self.query(),
            "feed_url": address("housing:dwelling_feed") + self.query(without=["tri"]),
            "alert_url": address("contacts:alerts_new") + "&".join(filter(None, ["?sujet=logement", self.understood()])),
            "alert_label": "Recevoir les nouveaux logements",
            "need_url": address("contacts:needs_new") + self.need_query(),
            "is_poor": self.count <= POOR,
            "is_urgent": bool(self.stay) and (self.stay.start - self.today).days < 30,
            "robots": "noindex" if errors or self.query() else "",
            "canonical_url": origin + url + self.query(without=["tri"], **page),
        }

    def filters(self):
        """The state of the search form: every option, and whether it is on."""
        data = self.data
        on = {name: set(data.getlist(name)) for name in LABELS}
        asked = self.filterset.form.cleaned_data
        wanted = self.stay.semester.code if self.stay and self.stay.semester else ""
        radius = asked.get("rayon")
        return {
            "places": self._places(),
            "shares": list(range(1, MOST_HALF_DAYS + 1)),
            "semester": wanted,
            "semesters": [
                {"code": each.code, "label": each.label, "dates": each.dates, "checked": each.code == wanted} for each in self._semesters()
            ],
            "kinds": [
                {
                    "code": code,
                    "label": label,
                    "shape": MARKERS[code].shape,
                    "glyph": MARKERS[code].glyph,
                    "tone": MARKERS[code].tone,
                    "checked": code in on["type"],
                }
                for code, label in DwellingKind.choices
            ],
            "hosts": [{"code": code, "label": label, "checked": code in on["hote"]} for code, label in HostKind.choices],
            "audiences": [{"code": code, "label": label, "selected": code in on["pour"]} for code, label in Audience.choices],
            "radii": [
                {"value": str(value), "label": f"{value}\u00a0km au plus", "selected": value == radius}
                for value in sorted({*RADII, *([radius] if radius else [])})
            ],
            "values": self._typed(),
            "ticked": {name: bool(asked.get(name)) for name in ("meuble", "acces", "animaux")},
            "is_particular": bool(on["type"]) or any(asked.get(name) for name in ("q", "meuble", "acces", "animaux")),
            "is_for_somebody": bool(on["hote"] or on["pour"]),
            "active_count": len(self.chips),
            "field_errors": {name: self.complaints.get(name, "") for name in ("q", "lieu", "du", "loyer", "rayon")},
        }

    def _semesters(self):
        """Those that the form proposes, and the one that a link asked for."""
        proposed = semesters.upcoming(self.today, SEMESTERS_PROPOSED - 1, current=True)
        asked = self.stay.semester if self.stay else None
        return proposed if asked is None or asked in proposed else [*proposed, asked]

    def _places(self):
        """What the fields of places show."""
        labels = ("Stage ou commune", "Deuxième lieu", "Troisième lieu")
        return [
            each | {"field_id": f"f-lieu-{each['rank']}", "placeholder": "Vaison-la-Romaine" if each["rank"] == 1 else ""}
            for each in place_fields(self.asked, self.near, labels)
        ]

    def _typed(self):
        """What each field shows: what was typed, even wrong; a date or a number that could not be read stands in its message."""
        read = self.filterset.form.cleaned_data
        days = {} if self.stay is None or self.stay.semester else {"du": self.stay.start.isoformat(), "au": self.stay.end.isoformat()}
        return {
            "q": french.one_line(self.data.get("q", "")),
            "zone": french.one_line(self.data.get("zone", "")),
            "loyer": "" if read.get("loyer") is None else str(read["loyer"]),
            "du": days.get("du", ""),
            "au": days.get("au", ""),
        }
