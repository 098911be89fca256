"""What the tables of several apps share; no table is made here."""

from django.db import models

from core.enums import MarkerGlyph, MarkerShape, MarkerTone


class Dated(models.Model):
    """A row that knows when it was made and last changed; `core.caching.stamp` reads the latter."""

    created_at = models.DateTimeField("créé le", auto_now_add=True)
    updated_at = models.DateTimeField("modifié le", auto_now=True)

    class Meta:
        abstract = True


class MarkedKind(models.Model):
    """A kind of things in a list that staff edit, with the marker that draws it on maps and in lists."""

    code = models.SlugField("code", unique=True, help_text="Valeur stable, employée dans les adresses et les flux.")
    label = models.CharField("libellé", max_length=60, unique=True)
    definition = models.CharField("définition", max_length=300, blank=True, help_text="Une phrase pour un lecteur qui découvre.")
    position = models.PositiveSmallIntegerField("ordre", default=0)
    active = models.BooleanField(
        "proposé", default=True, help_text="Décoché, ce type n’est plus proposé dans les formulaires et les filtres."
    )
    shape = models.CharField("forme du repère", max_length=10, choices=MarkerShape, default=MarkerShape.CIRCLE)
    glyph = models.CharField("dessin du repère", max_length=15, choices=MarkerGlyph, default=MarkerGlyph.CONSULTATION)
    tone = models.CharField("couleur du repère", max_length=8, choices=MarkerTone, default=MarkerTone.ACTION)

    class Meta:
        abstract = True
        ordering = ["position", "label"]

    def __str__(self):
        return self.label


class Supplied(models.Model):
    """A row that may come from a file of `reference/`; `core.supply` loads it and leaves alone what staff changed since."""

    # NULL rather than empty: rows that staff made have no key, and only NULL may repeat in a unique column.
    supply_key = models.CharField("clé du fichier", max_length=120, unique=True, null=True, editable=False)  # noqa: DJ001
    supplied = models.JSONField("valeurs fournies", default=dict, editable=False)

    class Meta:
        abstract = True
