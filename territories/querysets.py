"""What the rest of the portal may ask about communes, health facilities, CPTS, zonings and key figures."""

from decimal import Decimal
from typing import NamedTuple

from django.db import models
from django.db.models import Case, Count, F, IntegerField, Q, Sum, When
from django.utils import timezone

from core import prepared
from core.geography import DistanceKm
from core.placed import PLAIN_NAME, PlacedQuerySet
from core.rows import Columns, read
from core.search import Match, answer_to_name, fold, mistyped_letters
from territories.enums import CountOf, FigureLevel, PointPrecision
from territories.rows import FACILITY_FIELDS, FacilityRow, Town

LONGEST_TEXT = 100
"""Characters read of what a person types; no name of commune comes near."""

SHORTEST_PART = 3
"""Letters or digits from which the beginning of a name, if it fits one commune best, designates it."""

ROUNDED = Decimal("0.05")
"""Share by which a published population may differ from the count of the portal: it is said in round numbers."""

SUGGESTED = 3
"""Names proposed for a text that fits no commune."""

WRITTEN_AT_ONCE = 2000
"""Travel times of one statement."""


class Wanted(NamedTuple):
    """What a person typed: a folded name and a code (postal or INSEE, maybe only its beginning); either may be empty."""

    name: str
    code: str

    @classmethod
    def read(cls, text):
        """`84800 L’Isle-sur-la-Sorgue`, `Apt (84400)`, `84 400`, `Avignon cedex 9`..."""
        words = fold(text[:LONGEST_TEXT]).split()
        if "cedex" in words:
            words = words[: words.index("cedex")]
        digits = [word for word in words if word.isascii() and word.isdigit()]
        return cls(" ".join(word for word in words if word not in digits), "".join(digits))


class Place(NamedTuple):
    """The part of a commune that a text is compared with: its folded name and its codes."""

    name: str
    postal_codes: list
    insee: str


class Resolution(NamedTuple):
    """What a typed text designates: one commune, or several to choose from, or at best names that resemble it."""

    commune: models.Model | None = None
    choices: tuple = ()
    suggestions: tuple = ()


class CommuneQuerySet(models.QuerySet):
    def matching(self, text, near=True):
        """The list of communes whose name, words of the name or postal code begin like the text, best answers first.

        Case, accents, hyphens, apostrophes and leading articles do not count. When nothing begins
        so, and `near` names are wanted: the commune of that INSEE code, or names within a letter or two. Equal answers come by
        population. Each commune bears how it answers in `match` (a `Match`) and its EPCI's name in
        `epci_short_name`. One query; none when the text holds neither letter nor digit.
        """
        wanted = Wanted.read(text)
        if not any(wanted):
            return []
        names = [field.attname for field in self.model._meta.concrete_fields]
        name, codes, insee = (names.index(attribute) for attribute in ("search_name", "postal_codes", "insee"))
        rows = list(by_population(self, names)) if self.query.has_filters() else prepared.rows(every_commune, self.model, tuple(names))
        found = []
        for match, _, rank in best_answers(wanted, [Place(row[name], row[codes], row[insee]) for row in rows], near):
            commune = self.model.from_db(self.db, names, rows[rank][:-1])
            commune.match, commune.epci_short_name = match, rows[rank][-1]
            found.append(commune)
        return found

    def reached_from(self, point, km):
        """Communes some part of which may lie within `km` kilometres of `point`; none that does is left out.

        Annotates `distance_km`, from `point` to the town hall.
        """
        return self.annotate(distance_km=DistanceKm(point)).filter(distance_km__lte=km + F("reach_km"))

    def resolve(self, text):
        """The commune that the text designates, as a `Resolution`, in one query for a name in full and two at most.

        A complete name or code designates its commune. An incomplete one too, from three characters,
        when a single commune answers best. A resemblance never does: it only suggests.
        """
        wanted = Wanted.read(text)
        if wanted.name and not wanted.code and len(named := self.filter(search_name=wanted.name)[:2]) == 1:
            return Resolution(commune=named[0])
        found = self.matching(text)
        if not found:
            return Resolution()
        if found[0].match == Match.NEAR and wanted.name:
            return Resolution(suggestions=tuple(found[:SUGGESTED]))
        best = tuple(commune for commune in found if commune.match == found[0].match)
        if len(best) == 1 and (best[0].match == Match.EXACT or len(wanted.name + wanted.code) >= SHORTEST_PART):
            return Resolution(commune=best[0])
        return Resolution(choices=best)


def by_population(communes, names):
    """The rows of communes with these columns and the name of their EPCI, the largest first."""
    return communes.order_by("-population", "name").values_list(*names, "epci__short_name")


def every_commune(model, names):
    """The same of all of them, for `core.prepared`."""
    return by_population(model.objects, names)


def best_answers(wanted, places, near=True):
    """Sorted `(match, errors, rank)` of the places that answer, `rank` being their position among `places`.

    `errors` counts mistyped letters, 0 unless the match is `NEAR`; `NEAR` answers are looked for
    only when there is no better one. Some INSEE codes are also postal codes: the postal code,
    which people know, wins.
    """
    if not any(wanted):
        return []
    found = [(match, 0, rank) for rank, place in enumerate(places) if (match := answer(wanted, place)) is not None]
    if not found and near:
        found = [(Match.NEAR, errors, rank) for rank, place in enumerate(places) if (errors := errors_of(wanted, place)) is not None]
    return sorted(found)


def answer(wanted, place):
    """The match of a place, from `EXACT` to `WORDS`, or None."""
    if not wanted.name:
        return answer_to_code(wanted.code, place.postal_codes)
    if wanted.code and answer_to_code(wanted.code, place.postal_codes) is None:
        return None
    return answer_to_name(wanted.name, place.name)


def errors_of(wanted, place):
    """Mistyped letters of a place that does not answer but may be meant, or None; a wrong postal code counts for nothing."""
    if not wanted.name:
        return 0 if wanted.code == place.insee else None
    return 0 if answer_to_name(wanted.name, place.name) is not None else mistyped_letters(wanted.name, place.name)


def answer_to_code(code, postal_codes):
    """The match of a postal code, or of its beginning, or None."""
    if code in postal_codes:
        return Match.EXACT
    return Match.PREFIX if any(postal_code.startswith(code) for postal_code in postal_codes) else None


class CptsQuerySet(models.QuerySet):
    def with_territory(self):
        """Annotates `commune_count` and `population` of its communes in Vaucluse (None without any)."""
        return self.annotate(commune_count=Count("communes"), population=Sum("communes__population"))


def facility_rows(found, kinds, measured=False):
    """The `FacilityRow`s of the rows of a query made `for_rows`."""
    if measured:
        return [FacilityRow(kinds[row[3]], Town(*row[:3]), *row[4:]) for row in found]
    return [FacilityRow(kinds[row[3]], Town(*row[:3]), None, *row[4:]) for row in found]


class FacilityQuerySet(PlacedQuerySet):
    def visible(self):
        """Facilities that readers may see: known to be open, of a kind that is shown."""
        return self.filter(is_open=True, kind__active=True)

    def for_detail(self):
        """With everything that the page of a facility reads, in one query."""
        return self.select_related("kind", "commune__epci", "commune__cpts")

    def rows(self, kinds):
        """The list of these facilities, in their order, as `FacilityRow`s with their `distance_km` if it is annotated. One query.

        `kinds` gives what stands for the kind of a row, from its primary key.
        """
        return facility_rows(read(self.for_rows()), kinds, "distance_km" in self.query.annotations)

    def for_rows(self):
        """What `facility_rows` reads, with `distance_km` when the query has it."""
        measured = ["distance_km"] if "distance_km" in self.query.annotations else []
        columns = ("commune__name", "commune__postal_codes", "commune__area_km2", "kind_id", *measured, "pk")
        return self.annotate(columns=Columns(*FACILITY_FIELDS)).values_list(*columns, "columns")

    def of_kinds(self, kinds):
        """Facilities of one of these kinds (records or primary keys)."""
        return self.filter(kind__in=kinds)

    def with_services(self, services):
        """Facilities that have at least one of these services (values of `enums.Service`)."""
        wanted = Q()
        for service in services:
            wanted |= Q(**{service: True})
        return self.filter(wanted)

    def of_statuses(self, statuses):
        """Facilities of one of these legal statuses."""
        return self.filter(status__in=statuses)

    def in_communes(self, communes):
        """Facilities of these communes (records or primary keys)."""
        return self.filter(commune__in=communes)

    def in_epcis(self, epcis):
        """Facilities of the communes of these intercommunalités (records or primary keys)."""
        return self.filter(commune__epci__in=epcis)

    def in_cpts(self, cpts):
        """Facilities of the communes of these CPTS (records or primary keys)."""
        return self.filter(commune__cpts__in=cpts)

    def by_kind(self):
        """In the order of the kinds, then of the alphabet."""
        return self.order_by("kind__position", PLAIN_NAME, "pk")

    def stale(self, day):
        """Open facilities whose source, and last check by staff if any, are older than that day, or that have no dated source."""
        return self.filter(
            Q(source_date__lt=day) | Q(source_date__isnull=True),
            Q(verified_on__lt=day) | Q(verified_on__isnull=True),
            is_open=True,
            is_demo=False,
        )

    def unplaced(self):
        """Open facilities known by their commune only, itinerant ones aside: staff may place them."""
        return self.filter(is_open=True, is_demo=False, point_precision=PointPrecision.COMMUNE, kind__itinerant=False)

    def count_by_kind(self):
        """How many of these facilities there are of each kind, by the primary key of the kind."""
        return dict(self.order_by().values_list("kind").annotate(Count("pk")))


class ZoningQuerySet(models.QuerySet):
    def confirmed(self):
        """Zonings that staff have read in the official order or list: the only ones told to readers."""
        return self.filter(confirmed=True)

    def unconfirmed(self):
        """Zonings that wait for somebody to read the official order or list."""
        return self.filter(confirmed=False)

    def of_scheme(self, scheme):
        """Zonings of one scheme (a `ZoningScheme`)."""
        return self.filter(scheme=scheme)


class FigureQuerySet(models.QuerySet):
    def visible(self):
        """Figures that readers may see: those that are confirmed."""
        return self.filter(published=True)

    def featured(self):
        """Figures of the home page, in the order of the team."""
        return self.visible().filter(featured=True).order_by("position", "pk")

    def stale(self, at):
        """Figures whose day of review has come and gone, the longest overdue first."""
        return self.filter(review_on__lt=timezone.localdate(at)).order_by("review_on", "pk")

    def of(self, territory):
        """Figures of a commune, an EPCI or a CPTS."""
        return self.filter(**{territory._meta.model_name: territory})

    def at_level(self, level):
        """Figures of one level (a `FigureLevel`)."""
        return self.filter(level=level)

    def series(self, code):
        """The same thing measured at several levels, from the smallest to the largest."""
        rank = Case(*(When(level=level, then=order) for order, level in enumerate(FigureLevel)), output_field=IntegerField())
        return self.filter(code=code).order_by(rank, "position", "pk")

    def with_territory(self):
        """Reads with the figures their territories and the kind they count, so that what readers are told costs no query."""
        return self.select_related("commune", "epci", "cpts", "counted_kind")

    def countable(self):
        """Figures that the portal can count by itself."""
        return self.exclude(count_of="")

    def with_gap(self):
        """Figures that say something else than what the portal counts; `rules.has_gap` is the same rule in Python."""
        about = Q(counted__gt=F("value") * (1 + ROUNDED)) | Q(counted__lt=F("value") * (1 - ROUNDED))
        exact = Q(counted__gt=F("value")) | Q(counted__lt=F("value"))
        return self.filter(Q(count_of=CountOf.POPULATION) & about | ~Q(count_of=CountOf.POPULATION) & exact)


class TravelTimeQuerySet(models.QuerySet):
    def minutes_to(self, destination_ids):
        """Minutes by `(origin, destination)`, from every commune to these (primary keys); pairs that nobody measured are left out.

        A direction that is missing takes the minutes of the other one. Within one commune nothing is measured. One query.
        """
        destinations = set(destination_ids)
        asked = self.filter(Q(origin__in=destinations) | Q(destination__in=destinations)).order_by()
        rows = list(asked.values_list("origin", "destination", "minutes")) if destinations else []
        back = {(destination, origin): minutes for origin, destination, minutes in rows if origin in destinations}
        return back | {(origin, destination): minutes for origin, destination, minutes in rows if destination in destinations}

    def keep(self, times, *, source, day):
        """Write these times, new or not, as of this source and day; what another process writes meanwhile is no obstacle."""
        for time in times:
            time.source, time.measured_on = source, day
        fields = ["minutes", "source", "measured_on"]
        self.bulk_create(times, WRITTEN_AT_ONCE, update_conflicts=True, update_fields=fields, unique_fields=["origin", "destination"])
