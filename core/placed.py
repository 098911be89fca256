"""What querysets of things at places share, whatever the app."""

from django.db import models
from django.db.models import F, Func
from django.db.models.functions import Lower

from core.geography import DistanceKm, WithinKm
from core.text_search import Answers, Question, typed_words

PLAIN_NAME = Func(Lower("name"), function="unaccent")


class PlacedQuerySet(models.QuerySet):
    """Rows with a `name`, a point (`latitude`, `longitude`) and a `search_vector`."""

    def near(self, point, km):
        """Within `km` kilometres of `point`, in a straight line, at the point the map shows."""
        return self.filter(WithinKm(point, km))

    def within(self, box):
        """Whose point lies in the box."""
        return self.filter(latitude__range=(box.south, box.north), longitude__range=(box.west, box.east))

    def with_distance(self, point):
        """Annotates `distance_km`: kilometres from `point`, in a straight line."""
        return self.annotate(distance_km=DistanceKm(point))

    def by_distance(self, point):
        """Nearest first, then by name; annotates `distance_km`."""
        return self.with_distance(point).order_by("distance_km", "name", "pk")

    def by_name(self):
        """In alphabetical order, accents and case aside."""
        return self.order_by(PLAIN_NAME, "pk")

    def matching(self, words):
        """Whose texts hold these words, French endings and accents aside.

        The beginning of a word of the name will do. Words that say nothing by themselves ("de la") leave out nothing.
        """
        asked = typed_words(words)
        return self.filter(Answers(F("search_vector"), Question(asked))) if asked else self
