"""The one table of the project itself: the words that the site search knows."""

from django.contrib.postgres.indexes import GistIndex
from django.db import models


class KnownWord(models.Model):
    """A word of what readers may find, against which a mistyped one is corrected; learnt again every night (`search.words`)."""

    word = models.CharField("mot", max_length=60, primary_key=True)
    records = models.PositiveIntegerField("fiches et textes", default=1, help_text="Combien de fiches et de textes le contiennent.")

    class Meta:
        verbose_name = "mot connu de la recherche"
        verbose_name_plural = "mots connus de la recherche"
        indexes = [GistIndex(fields=["word"], opclasses=["gist_trgm_ops"], name="knownword_nearest")]

    def __str__(self):
        return self.word
