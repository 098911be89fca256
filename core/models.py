"""What the tables of several apps share; no table is made here."""

from django.db import models


class Dated(models.Model):
    """A row that knows when it was made and last changed; `core.caching.stamp` reads the latter."""

    created_at = models.DateTimeField("créé le", auto_now_add=True)
    updated_at = models.DateTimeField("modifié le", auto_now=True)

    class Meta:
        abstract = True
