"""What one may ask of the offers. Each word's docstring is the rule."""

from django.contrib.postgres.search import SearchQuery
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from core.geography import DistanceKm, box_around
from opportunities.enums import State


class OpportunityQuerySet(models.QuerySet):
    def published(self):
        """Offers that staff have approved and that nobody has paused, filled, withdrawn or let expire."""
        return self.filter(state=State.PUBLISHED)

    def open(self, at):
        """Offers whose publication has come and whose expiry has not, at that moment."""
        return self.filter(published_at__lte=at, expires_at__gt=at)

    def visible(self, at):
        """Offers that readers may see at that moment: the only rule of visibility of the portal."""
        return self.published().open(at)

    def near(self, point, km):
        """Offers with a place of work within `km` kilometres of `point`, in a straight line."""
        other = self.model.other_places.rel.related_model
        return self.filter(
            within_km(point, km) | Q(has_other_places=True) & Exists(other.objects.filter(within_km(point, km), opportunity=OuterRef("pk")))
        )

    def within(self, box):
        """Offers whose main place, as shown to readers, lies in the box."""
        return self.filter(latitude__range=(box.south, box.north), longitude__range=(box.west, box.east))

    def in_communes(self, commune_ids):
        """Offers with a place of work in one of these communes (those told to readers)."""
        return self.filter(commune_ids__overlap=list(commune_ids))

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

    def matching(self, words):
        """Offers whose text holds these words, French endings and accents aside."""
        return self.filter(search_vector=SearchQuery(words, config="fr", search_type="websearch"))

    def by_freshness(self):
        """Most recently confirmed first."""
        return self.order_by(F("confirmed_at").desc(), F("pk").desc())

    def by_start(self):
        """Earliest start first, offers without a date last."""
        return self.order_by(F("starts_on").asc(nulls_last=True), F("pk").desc())

    def by_distance(self, point):
        """Nearest main place first; annotates `distance_km`."""
        return self.annotate(distance_km=DistanceKm(point)).order_by("distance_km", F("pk").desc())


def within_km(point, km):
    """Rows whose `latitude` and `longitude` lie within `km` kilometres: a box the index serves, then the circle."""
    box = box_around(point, km)
    return Q(latitude__range=(box.south, box.north), longitude__range=(box.west, box.east)) & Q(
        models.lookups.LessThanOrEqual(DistanceKm(point), km)
    )
