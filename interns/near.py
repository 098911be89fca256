"""Training places as places that one may search near (`territories.anchors`): `stage-12`."""

from django.contrib.postgres.search import SearchRank
from django.db.models import F

from core.text_search import Question, typed_words
from interns.models import TrainingPlace
from territories.anchors import PROPOSED, Anchor, with_commune


class TrainingPlaces:
    """Training places that readers may see, at the point that the map shows."""

    prefix = "stage"

    def of_keys(self, keys):
        """The places of these primary keys, by key as text. One query."""
        found = self.places().filter(pk__in=keys)
        return {str(place.pk): self.anchor(place) for place in found}

    def suggest(self, text, near=True):
        """The places whose name, specialty, facility or commune hold these words, best first. One query, none without words."""
        words = typed_words(text)
        if not words:
            return []
        found = self.places().matching(text)
        ranked = found.annotate(rank=SearchRank(F("search_vector"), Question(words), normalization=2)).order_by("-rank", "name", "pk")
        return [self.anchor(place) for place in ranked[:PROPOSED]]

    def places(self):
        return TrainingPlace.objects.visible().select_related("commune", "specialty").defer("search_vector")

    def anchor(self, place):
        commune = place.commune.name
        return Anchor(
            token=f"{self.prefix}-{place.pk}",
            label=place.name,
            point=place.point,
            commune_id=place.commune_id,
            url=place.get_absolute_url(),
            text=with_commune(place.name, commune),
            detail=f"{place.specialty.label}, {commune}",
            kind="Terrain de stage",
        )
