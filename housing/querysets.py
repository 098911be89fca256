"""What one may ask of dwellings, of their calendars and of stays. Each word's docstring is the rule."""

from django.contrib.postgres.search import SearchQuery
from django.db import connections, models
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Count, Exists, F, Func, OuterRef, Q, Subquery, Value
from django.utils import timezone

from core.geography import DistanceKm, WithinKm
from core.querysets import OPEN_STATES, Announcements
from core.rows import read
from core.text_search import Answers
from housing.enums import BookingOrigin, BookingState
from housing.rows import ROW_FIELDS, Figures

NOT_ON_CARDS = (
    "search_text",
    "search_vector",
    "description",
    "address",
    "exact_latitude",
    "exact_longitude",
    "contact_name",
    "contact_phone",
)
"""Long texts, and what readers never see."""
VERSION_SQL = """
SELECT concat_ws('/',
    (SELECT max(updated_at) FROM housing_dwelling),
    (SELECT max(history_id) FROM housing_historicaldwelling),
    (SELECT max(expires_at) FROM housing_dwelling WHERE state = 'published' AND expires_at <= %s))
"""
"""The last change, deletions among them, and the last expiry: each the end of an index."""
FIGURES = "SELECT count(*), min(monthly_total), array_agg(pk) FROM ({}) AS found"
"""Around a query of keys and rents: PostgreSQL counts them and hands the keys over in their order."""


IS_HELD = """NOT EXISTS (SELECT 1 FROM generate_series(1, {places}) AS room WHERE NOT
    coalesce((SELECT range_agg(a.period * daterange({day}, NULL)) FROM housing_availability a
              WHERE a.dwelling_id = {pk} AND upper(a.period) > {day}), '{{}}')
    <@ coalesce((SELECT range_agg(b.period) FROM housing_booking b
                 WHERE b.dwelling_id = {pk} AND b.place = room AND b.state = 'confirmed'), '{{}}'))"""
"""Room by room: what is offered lies in the nights that its stays hold."""


class DwellingQuerySet(Announcements):
    def version(self, at):
        """What every page of dwellings depends on, as text. Whatever changes a calendar touches its dwelling (`actions.calendar`)."""
        with connections[self.db].cursor() as cursor:
            cursor.execute(VERSION_SQL, [at])
            return cursor.fetchone()[0]

    def for_detail(self):
        """With everything that the page of a dwelling reads, in one query."""
        return self.select_related("commune__epci", "facility").defer("search_text", "search_vector")

    def of_kinds(self, kinds):
        """Dwellings of one of these kinds."""
        return self.filter(kind__in=kinds)

    def of_hosts(self, host_kinds):
        """Dwellings let by one of these kinds of hosts."""
        return self.filter(host_kind__in=host_kinds)

    def at_most(self, euros):
        """Dwellings whose rent with charges is at most this a month."""
        return self.filter(monthly_total__lte=euros)

    def furnished(self):
        """Dwellings let with furniture."""
        return self.filter(is_furnished=True)

    def step_free_access(self):
        """Dwellings reached without a step, or by a lift."""
        return self.filter(step_free=True)

    def with_pets(self):
        """Dwellings whose host takes pets, or may."""
        return self.filter(pets__in=("yes", "ask"))

    def open_to(self, audience):
        """Dwellings let to somebody who is here for this; those that name nobody are for all."""
        return self.filter(Q(audience=[]) | Q(audience__contains=[audience]))

    def near(self, point, km):
        """Dwellings shown within `km` kilometres of `point`, in a straight line."""
        return self.filter(WithinKm(point, km))

    def within(self, box):
        """Dwellings whose point, as shown to readers, lies in the box."""
        return self.filter(latitude__range=(box.south, box.north), longitude__range=(box.west, box.east))

    def in_communes(self, commune_ids):
        """Dwellings in one of these communes."""
        return self.filter(commune__in=list(commune_ids))

    def by_distance(self, weights):
        """Nearest to all of these points first, `{point: weight}`, as the crow flies from the point that readers are shown."""
        return self.order_by(WeightedKm(weights), F("pk").desc())

    def by_road(self, minutes, weights):
        """Least road a week first, those of whose commune it is not known last, then as `by_distance`; `minutes` by commune."""
        return self.order_by(ByCommune(minutes).asc(nulls_last=True), WeightedKm(weights), F("pk").desc())

    def for_cards(self):
        """With what a card reads, as model instances: for a handful, or when more is asked of them."""
        return self.select_related("commune__epci").defer(*NOT_ON_CARDS)

    def for_card_rows(self):
        """What `rows.card_row` reads."""
        return self.values_list("pk", "commune_id", "commune__name", "commune__epci__short_name", *ROW_FIELDS)

    def figures(self, most):
        """The `Figures` of the first `most` of these dwellings, in their order. One query."""
        rows = read(self.values_list("pk", "monthly_total")[:most], FIGURES)
        count, least, keys = rows[0] if rows else (0, None, None)
        return Figures(count, least, keys or [])

    def for_stay_of(self, days):
        """Dwellings whose host takes stays of so many days."""
        return self.filter(Q(min_stay_days__isnull=True) | Q(min_stay_days__lte=days)).filter(
            Q(max_stay_days__isnull=True) | Q(max_stay_days__gte=days)
        )

    def offered(self, start, end):
        """Dwellings that their host offers every night from `start` to `end` (departure)."""
        offered = self.model.availabilities.rel.related_model.objects.filter(
            dwelling=OuterRef("pk"), period__contains=DateRange(start, end)
        )
        return self.filter(Exists(offered))

    def free(self, start, end):
        """Dwellings offered every night from `start` to `end` with a place that nobody holds on any of them."""
        stay = DateRange(start, end)
        blocks = self.model.blocks.rel.related_model.objects.filter(dwelling=OuterRef("pk"), period__overlap=stay)
        held = self.model.bookings.rel.related_model.objects.holding(start, end).held()
        return self.offered(start, end).filter(~Exists(blocks), HasPlace(held))

    def matching(self, words):
        """Dwellings whose text holds these words, French endings and accents aside."""
        return self.filter(search_vector=SearchQuery(words, config="fr", search_type="websearch"))

    def answering(self, question):
        """Dwellings whose text answers a `core.text_search.Question`: half-typed words too."""
        return self.filter(Answers(F("search_vector"), question))

    def asked_about(self, at):
        """All but those where somebody stays and every night that is offered is held; `chain` asks at a semester's end."""
        day = timezone.localdate(at)
        stays = self.model.bookings.rel.related_model.objects.confirmed().of_somebody().ahead(day).filter(dwelling=OuterRef("pk"))
        nights = self.model.availabilities.rel.related_model.objects.ahead(day).filter(dwelling=OuterRef("pk"))
        return self.exclude(Exists(stays), Exists(nights), IsHeld(day))

    def to_place(self):
        """Dwellings that are with the team or with readers, and whose point nobody has placed."""
        return self.filter(state__in=OPEN_STATES, exact_latitude__isnull=True)

    def twins(self, *, pk, kind, commune, email, address):
        """Dwellings still open of this kind in this commune, by the same contact or at the same address; values, or `OuterRef`s of them."""
        alike = (Q(contact_email=email) & ~Q(contact_email="")) | (Q(address__iexact=address) & ~Q(address=""))
        return self.filter(alike, state__in=OPEN_STATES, kind=kind, commune=commune).exclude(pk=pk)

    def twins_of(self, dwelling):
        """Dwellings still open that look like this one: the same room announced twice, or two rooms of one house."""
        if dwelling.commune_id is None:
            return self.none()
        email, address = dwelling.contact_email, dwelling.address
        return self.twins(pk=dwelling.pk, kind=dwelling.kind, commune=dwelling.commune_id, email=email, address=address)

    def with_twins(self):
        """Annotates `has_twin`: whether another open dwelling looks like this one."""
        keys = {"pk": "pk", "kind": "kind", "commune": "commune", "email": "contact_email", "address": "address"}
        twins = self.model._default_manager.twins(**{name: OuterRef(column) for name, column in keys.items()})
        return self.annotate(has_twin=Exists(twins))

    def by_freshness(self):
        """Most recently confirmed first."""
        return self.order_by(F("confirmed_at").desc(), F("pk").desc())

    def by_rent(self):
        """Least rent with charges first."""
        return self.order_by("monthly_total", F("pk").desc())


class ByCommune(Func):
    """What a dictionary says of the commune of a row; NULL when it says nothing.

    An array from the least key to the greatest: looking each commune up in a list of keys takes longer than three distances.
    """

    output_field = models.FloatField()

    def __init__(self, values, **extra):
        super().__init__("commune_id", **extra)
        first = min(values)
        numbers = map(values.get, range(first, max(values) + 1))
        self.params = [[None if number is None else float(number) for number in numbers], first - 1]

    def as_sql(self, compiler, connection, **context):
        """The value of one row."""
        column, _ = compiler.compile(self.source_expressions[0])
        return f"(%s::float8[])[{column} - %s]", self.params


class WeightedKm(Func):
    """The mean of the kilometres from the point of a row to points that weigh more or less, `{point: weight}`."""

    output_field = models.FloatField()

    def __init__(self, weights, **extra):
        super().__init__(*map(DistanceKm, weights), **extra)
        self.shares = [weight / sum(weights.values()) for weight in weights.values()]

    def as_sql(self, compiler, connection, **context):
        """The mean of one row."""
        terms = [compiler.compile(distance) for distance in self.source_expressions]
        sql = " + ".join(f"{distance} * %s" for distance, _ in terms)
        return f"({sql})", [number for (_, params), share in zip(terms, self.shares, strict=True) for number in (*params, share)]


class HasPlace(Func):
    """Whether a dwelling has more places than these stays hold, a query of `held`.

    Counted apart from the dwelling: within the row, or as a list of keys, PostgreSQL counts the stays of dwellings that nobody asked for.
    """

    output_field = models.BooleanField()

    def __init__(self, held, **extra):
        super().__init__(Subquery(held), "pk", "places", **extra)

    def as_sql(self, compiler, connection, **context):
        """The condition for one row."""
        (held, params), (pk, _), (places, _) = map(compiler.compile, self.source_expressions)
        return f"NOT EXISTS (SELECT 1 FROM {held} AS held WHERE held.dwelling = {pk} AND held.held >= {places})", params


class IsHeld(Func):
    """Whether each room of a dwelling is held by confirmed stays every night that is offered from a day on."""

    output_field = models.BooleanField()

    def __init__(self, day, **extra):
        super().__init__("pk", "places", Value(day, models.DateField()), **extra)

    def as_sql(self, compiler, connection, **context):
        """The condition for one row."""
        compiled = [compiler.compile(source) for source in self.source_expressions]
        (pk, _), (places, _), (day, params) = compiled
        return IS_HELD.format(pk=pk, places=places, day=day), [*params, *params]


class PeriodQuerySet(models.QuerySet):
    def ahead(self, day):
        """Periods that are not over on that day, earliest first."""
        return self.filter(period__endswith__gt=day).order_by("period")

    def touching(self, start, end):
        """Periods that overlap `[start, end)` or end or begin where it begins or ends."""
        return self.filter(Q(period__overlap=DateRange(start, end)) | Q(period__adjacent_to=DateRange(start, end)))


class BookingQuerySet(models.QuerySet):
    def confirmed(self):
        """Stays that hold a place."""
        return self.filter(state=BookingState.CONFIRMED)

    def of_somebody(self):
        """Stays, without the rooms that a host keeps for nobody."""
        return self.exclude(origin=BookingOrigin.KEPT)

    def kept(self, start, end):
        """Rooms that a host keeps for nobody some night from `start` to `end`."""
        return self.holding(start, end).filter(origin=BookingOrigin.KEPT)

    def holding(self, start, end):
        """Confirmed stays with a night from `start` to `end`."""
        return self.confirmed().filter(period__overlap=DateRange(start, end))

    def held(self):
        """How many places of each dwelling these stays hold, by key."""
        return self.order_by().values("dwelling").annotate(held=Count("place", distinct=True))

    def pending(self):
        """Stays asked for, or on the waiting list."""
        return self.filter(state__in=(BookingState.REQUESTED, BookingState.WAITING))

    def waiting(self):
        """Stays on the waiting list, whoever asked first first."""
        return self.filter(state=BookingState.WAITING).order_by("created_at", "pk")

    def over(self, start, end):
        """Stays with a night from `start` to `end`, in whatever state."""
        return self.filter(period__overlap=DateRange(start, end))

    def ahead(self, day):
        """Stays that are not over on that day."""
        return self.filter(period__endswith__gt=day)
