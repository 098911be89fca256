"""What one may ask of dwellings, of their calendars and of stays. Each word's docstring is the rule."""

from django.contrib.postgres.search import SearchQuery
from django.db import connections, models
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Count, Exists, ExpressionWrapper, F, Func, OuterRef, Prefetch, Q, Value

from core.geography import DistanceKm, WithinKm
from core.querysets import OPEN_STATES, Announcements
from core.text_search import Answers
from housing.enums import BookingState

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
SELECT concat_ws('/', count(*), max(updated_at),
    max(expires_at) FILTER (WHERE expires_at <= %s), max(published_at) FILTER (WHERE published_at <= %s))
FROM housing_dwelling
"""


class DwellingQuerySet(Announcements):
    def version(self, at):
        """What every page of dwellings depends on, as text. Whatever changes a calendar touches its dwelling (`actions.calendar`)."""
        with connections[self.db].cursor() as cursor:
            cursor.execute(VERSION_SQL, [at, at])
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

    def with_distances(self, points):
        """Annotates `km_1`, `km_2`...: kilometres to each of these points in a straight line, from the point that readers are shown."""
        return self.annotate(**{f"km_{rank}": DistanceKm(point) for rank, point in enumerate(points, start=1)})

    def by_distance(self, weights):
        """Nearest to all the points of `with_distances` first, each weighing so much; annotates `km`, the weighted mean."""
        total = sum(weights)
        mean = sum((F(f"km_{rank}") * (weight / total) for rank, weight in enumerate(weights, start=1)), Value(0.0))
        return self.annotate(km=ExpressionWrapper(mean, output_field=models.FloatField())).order_by("km", F("pk").desc())

    def by_road(self, minutes, weights):
        """Least road a week first, those of whose commune it is not known last, then as `by_distance`; `minutes` by commune."""
        return self.by_distance(weights).order_by(ByCommune(minutes).asc(nulls_last=True), "km", F("pk").desc())

    def for_cards(self):
        """With what a card reads, photographs in a second query."""
        photos = self.model.photos.rel.related_model.objects.order_by("position", "pk")
        return self.select_related("commune__epci").defer(*NOT_ON_CARDS).prefetch_related(Prefetch("photos", photos))

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
        full = self.model.bookings.rel.related_model.objects.holding(start, end).full()
        return self.offered(start, end).filter(~Exists(blocks)).exclude(pk__in=full)

    def matching(self, words):
        """Dwellings whose text holds these words, French endings and accents aside."""
        return self.filter(search_vector=SearchQuery(words, config="fr", search_type="websearch"))

    def answering(self, question):
        """Dwellings whose text answers a `core.text_search.Question`: half-typed words too."""
        return self.filter(Answers(F("search_vector"), question))

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
    """What a dictionary says of the commune of a row; NULL when it says nothing."""

    output_field = models.FloatField()

    def __init__(self, values, **extra):
        super().__init__("commune_id", **extra)
        self.params = [list(map(float, values.values())), list(values)]

    def as_sql(self, compiler, connection, **context):
        """The value of one row."""
        column, _ = compiler.compile(self.source_expressions[0])
        return f"(%s::float8[])[array_position(%s::bigint[], {column})]", self.params


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

    def holding(self, start, end):
        """Confirmed stays with a night from `start` to `end`."""
        return self.confirmed().filter(period__overlap=DateRange(start, end))

    def full(self):
        """Keys of the dwellings of which these stays hold every place."""
        return (
            self.order_by()
            .values("dwelling")
            .annotate(held=Count("place", distinct=True))
            .filter(held__gte=F("dwelling__places"))
            .values("dwelling")
        )

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
