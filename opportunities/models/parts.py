"""What goes with an offer: further places, photographs, the steps of its life, the words it is found by."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models

from core.announced.models import StateStep
from core.illustrated import Photo, told
from opportunities.models.offers import Opportunity
from opportunities.querysets import SearchWordQuerySet
from territories.models import Commune


class OtherPlace(models.Model):
    """A further place of work of the same offer, shown to readers at the precision of its commune."""

    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="other_places")
    commune = models.ForeignKey(Commune, on_delete=models.PROTECT, verbose_name="commune", related_name="+")
    label = models.CharField("nom du lieu", max_length=120, blank=True)
    latitude = models.FloatField("latitude", editable=False)
    longitude = models.FloatField("longitude", editable=False)

    class Meta:
        verbose_name = "autre lieu d’exercice"
        verbose_name_plural = "autres lieux d’exercice"
        ordering = ["pk"]

    def __str__(self):
        return self.label or self.commune.name

    def save(self, *args, **kwargs):
        self.latitude, self.longitude = self.commune.latitude, self.commune.longitude
        super().save(*args, **kwargs)


class OpportunityPhoto(Photo):
    """A photograph of an offer."""

    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="photos")
    image = models.ImageField("photographie", upload_to="offres/", width_field="width", height_field="height")

    class Meta(Photo.Meta):
        constraints = [told("opportunity_photo_has_text")]


class StateChange(StateStep):
    """One step in the life of an offer."""

    row_field = "opportunity"
    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="state_changes")


class SearchWord(models.Model):
    """A word that occurs in offers, against which a mistyped word of a search is corrected (trigrams)."""

    word = models.CharField(max_length=60, primary_key=True)

    objects = SearchWordQuerySet.as_manager()

    class Meta:
        verbose_name = "mot de recherche"
        verbose_name_plural = "mots de recherche"
        indexes = [GinIndex(fields=["word"], opclasses=["gin_trgm_ops"], name="searchword_trigrams")]

    def __str__(self):
        return self.word
