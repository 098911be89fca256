"""What one may ask of the offers. Each word's docstring is the rule."""

import re
from datetime import date, datetime, time

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchQuery
from django.db import connections, models
from django.db.models import Exists, F, Func, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from core import prepared
from core.geography import HERE, KM, WithinKm, circle_asked, plain
from core.prepared import Slot
from core.querysets import OPEN_STATES, Announcements
from core.rows import Columns, read
from core.text_search import Answers
from opportunities.rows import CARD_FIELDS, EXPLAIN, ROW_FIELDS, Figures, card_rows, expected
from territories.models import Commune

NO_START, NO_END = (
    models.Value(date(1900, 1, 1), output_field=models.DateField()),
    models.Value(date(2200, 1, 1), output_field=models.DateField()),
)
"""What stands for a day that an offer does not have."""
VERSION_SQL = "opportunities_version(%s)"
"""What every page of offers depends on at that moment; a function made by migration 0003."""


class OpportunityQuerySet(Announcements):
    def version(self, at):
        """What every page of offers depends on, as text: the last change, deletions among them, and the last expiry before `at`."""
        with connections[self.db].cursor() as cursor:
            cursor.execute(f"SELECT {VERSION_SQL}", [at])
            return cursor.fetchone()[0]

    def silent_since(self, moment):
        """Published offers of which the publisher has said nothing since; a one-off locum holds until its last day."""
        return super().silent_since(moment).exclude(kind__is_locum=True, kind__required_fields__contains=["ends_on"])

    def extendable(self):
        """All but dated locums, which end with their last day."""
        return self.exclude(kind__is_locum=True, ends_on__isnull=False)

    def twins(self, *, pk, kind, commune, start, end):
        """Offers still open of this kind that have a place in this commune and dates in common; values, or `OuterRef`s of them."""
        return (
            self.filter(state__in=OPEN_STATES, kind=kind)
            .exclude(pk=pk)
            .filter(Q(commune=commune) | Q(other_commune_ids__contains=ArrayOf(commune, output_field=ArrayField(models.BigIntegerField()))))
            .annotate(
                from_day=Coalesce("starts_on", NO_START),
                to_day=Coalesce("ends_on", NO_END),
                wanted_from=Coalesce(start, NO_START, output_field=models.DateField()),
                wanted_to=Coalesce(end, NO_END, output_field=models.DateField()),
            )
            .filter(from_day__lte=F("wanted_to"), to_day__gte=F("wanted_from"))
        )

    def twins_of(self, offer):
        """Offers still open that look like this one."""
        if offer.commune_id is None:
            return self.none()
        start, end = (models.Value(day, output_field=models.DateField()) for day in (offer.starts_on, offer.ends_on))
        return self.twins(pk=offer.pk, kind=offer.kind_id, commune=offer.commune_id, start=start, end=end)

    def with_twins(self):
        """Annotates `has_twin`: whether another open offer looks like this one."""
        twins = self.model._default_manager.twins(
            pk=OuterRef("pk"), kind=OuterRef("kind"), commune=OuterRef("commune"), start=OuterRef("starts_on"), end=OuterRef("ends_on")
        )
        return self.annotate(has_twin=Exists(twins))

    def for_detail(self):
        """With everything that the page of an offer reads, in one query."""
        return self.select_related("kind", "setting", "profession", "commune__epci").defer("search_text", "search_vector")

    def for_cards(self):
        """With what a card reads, and nothing else, as model instances: for a handful of offers, or when more is asked of them."""
        return self.select_related("commune__epci").only(*CARD_FIELDS)

    def card_rows(self, place):
        """The list of these offers, in their order, as `CardRow`s with their `distance_km` if it is annotated. One query.

        `place` gives what stands for the commune of a row, from its primary key.
        """
        return card_rows(read(self.for_card_rows()), place, "distance_km" in self.query.annotations)

    def for_card_rows(self):
        """What `rows.card_rows` reads, with `distance_km` when the query has it."""
        measured = ["distance_km"] if "distance_km" in self.query.annotations else []
        return self.annotate(card=Columns(*ROW_FIELDS)).values_list("pk", "commune_id", *measured, "card")

    def figures(self, fresh_since):
        """The `Figures` of these offers; `nearest` when `distance_km` is annotated. One query.

        Around the query of the rows, in SQL: through `aggregate` the ORM takes longer to write it than PostgreSQL to answer.
        """
        measured = "distance_km" in self.query.annotations
        wanted = ("confirmed_at", "distance_km") if measured else ("confirmed_at",)
        nearest = "min(distance_km)" if measured else "NULL"
        sql = f"SELECT count(*), count(*) FILTER (WHERE confirmed_at > %s), {nearest} FROM ({{}}) AS found"
        rows = read(self.values_list(*wanted), sql, [fresh_since])
        return Figures(*rows[0]) if rows else Figures(0, 0, None)

    def estimate(self):
        """About how many offers these are, as the planner of PostgreSQL expects from its statistics. One query, which reads none."""
        return expected(read(self.order_by().values_list("pk"), EXPLAIN))

    def of_kinds(self, kind_ids):
        """Offers of one of these kinds."""
        return self.filter(kind__in=kind_ids)

    def in_settings(self, setting_ids):
        """Offers in one of these settings of practice."""
        return self.filter(setting__in=setting_ids)

    def near(self, point, km):
        """Offers with a place of work within `km` kilometres of `point`, in a straight line.

        A further place counts at the town hall of its commune. The communes that the circle reaches
        are asked first: the database knows how many offers each has, and so when an index pays.
        """
        return self.around(point, km, **communes_around(point, km))

    def around(self, point, km, reached, inside):
        """The same, once it is known which communes the circle reaches and which have their town hall inside (keys or slots)."""
        return self.in_communes(reached).filter(Q(WithinKm(point, km)) | Q(other_commune_ids__overlap=keys(inside)))

    def within(self, box):
        """Offers whose main place, as shown to readers, lies in the box."""
        return self.filter(latitude__range=(box.south, box.north), longitude__range=(box.west, box.east))

    def in_communes(self, commune_ids):
        """Offers with a place of work in one of these communes, as far as readers are told."""
        return self.filter(commune_ids__overlap=keys(commune_ids))

    def overlapping(self, start=None, end=None):
        """Offers that take place at some time from `start` to `end`; without dates an offer is always open."""
        queryset = self
        if start is not None:
            queryset = queryset.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=start))
        if end is not None:
            queryset = queryset.filter(Q(starts_on__isnull=True) | Q(starts_on__lte=end))
        return queryset

    def on_half_days(self, half_days):
        """Offers that take place on at least one of these half-days."""
        return self.filter(half_days__overlap=list(half_days))

    def fee_share_at_least(self, percent):
        """Offers that say what share of the fees goes to the doctor, and give at least this much."""
        return self.filter(fee_share__gte=percent)

    def with_lodging(self):
        """Offers that come with a place to stay."""
        return self.filter(lodging=True)

    def published_since(self, day):
        """Offers published on that day or later."""
        return self.filter(published_at__gte=timezone.make_aware(datetime.combine(day, time.min)))

    def matching(self, words):
        """Offers whose text holds these words, French endings and accents aside; a slot is given `plain_words`."""
        asked = words if isinstance(words, Slot) else plain_words(words)
        return self.filter(search_vector=SearchQuery(asked, config="fr", search_type="websearch"))

    def answering(self, question):
        """Offers whose text answers a `core.text_search.Question`: half-typed words too."""
        return self.filter(Answers(F("search_vector"), question))

    def understands(self, words):
        """Whether a search for these words can find anything: stop words ("de la") and signs alone cannot."""
        if not re.search(r"\w", words):
            return False
        with connections[self.db].cursor() as cursor:
            cursor.execute("SELECT numnode(websearch_to_tsquery('fr', %s)) > 0", [plain_words(words)])
            return cursor.fetchone()[0]

    def by_freshness(self):
        """Most recently confirmed first."""
        return self.order_by(F("confirmed_at").desc(), F("pk").desc())

    def by_start(self):
        """Earliest start first, offers without a date last."""
        return self.order_by(F("starts_on").asc(nulls_last=True), F("pk").desc())

    def by_distance(self, point):
        """Nearest place of work first; annotates `distance_km`."""
        return self.with_distance(point).order_by("distance_km", F("pk").desc())

    def with_distance(self, point):
        """Annotates `distance_km`: kilometres from `point` to the nearest place of work, in a straight line."""
        return self.annotate(distance_km=NearestPlaceKm(point, self.model.other_places.rel.related_model._meta.db_table))


def keys(values):
    """Primary keys as one array parameter; the ORM would write each as an expression of its own, a hundred for a circle."""
    array = ArrayField(models.BigIntegerField())
    return Slot(values.name, array) if isinstance(values, Slot) else models.Value(list(values), array)


def communes_around(point, km):
    """Keys of the communes that a circle reaches, and of those whose town hall lies inside. One query."""
    found = prepared.rows(reached_communes, **circle_asked(point, km))
    return {"reached": [pk for pk, _ in found], "inside": [pk for pk, distance in found if distance <= km]}


def reached_communes():
    """Communes that a circle reaches, with the distance of their town hall, for `core.prepared`."""
    return Commune.objects.reached_from(HERE, KM).order_by().values_list("pk", "distance_km")


def plain_words(text):
    """A search as readers type it, for `websearch`: hyphens and apostrophes inside words part them, "st" is "saint".

    "les" and an "à" typed without accent go: PostgreSQL's French stop words lack them.
    """
    apart = re.sub(r"(?<=\w)[-'’ʼ](?=\w)", " ", text)
    return re.sub(r"\b(les|a)\b", " ", re.sub(r"\bst(e?)\b", r"saint\1", apart, flags=re.I), flags=re.I)


CORRECTION = """
SELECT typed.word, coalesce(known.word, near.word, typed.word)
FROM unnest(%s::text[]) WITH ORDINALITY AS typed(word, position)
LEFT JOIN {table} AS known ON known.word = unaccent(typed.word)
LEFT JOIN LATERAL (
    SELECT word FROM {table}
    WHERE known.word IS NULL AND word %% unaccent(typed.word)
    ORDER BY similarity(word, unaccent(typed.word)) DESC, word
    LIMIT 1
) AS near ON true
ORDER BY typed.position
"""


class SearchWordQuerySet(models.QuerySet):
    def corrected(self, text):
        """`text` in lower case with each word that occurs in no offer replaced by the nearest one that does (trigrams)."""
        words = re.findall(r"\w+", text.lower())[:12]
        with connections[self.db].cursor() as cursor:
            cursor.execute(CORRECTION.format(table=self.model._meta.db_table), [words])
            return " ".join(better for _, better in cursor.fetchall())


class ArrayOf(Func):
    """An array of one value."""

    template = "ARRAY[%(expressions)s]::bigint[]"


class NearestPlaceKm(Func):
    """Kilometres from `point` to the main place, or to the nearest other place of the few offers that have several.

    One expression in SQL: the same written with Case, Subquery and Least takes Django longer to compile
    than PostgreSQL to answer, twice a page.
    """

    output_field = models.FloatField()
    away = "((point({longitude}, {latitude}) <@> point(%s, %s)) * 1.609344)"

    def __init__(self, point, other_table, **extra):
        super().__init__("pk", "other_commune_ids", "longitude", "latitude", **extra)
        self.start = [plain(point.longitude), plain(point.latitude)]
        self.other_table = other_table

    def as_sql(self, compiler, connection, **context):
        """The expression for one row."""
        pk, others, longitude, latitude = (compiler.compile(expression)[0] for expression in self.source_expressions)
        main = self.away.format(longitude=longitude, latitude=latitude)
        other = self.away.format(longitude="o.longitude", latitude="o.latitude")
        nearest = f"SELECT min({other}) FROM {self.other_table} o WHERE o.opportunity_id = {pk}"
        return f"CASE WHEN {others} = '{{}}' THEN {main} ELSE LEAST({main}, ({nearest})) END", self.start * 3
