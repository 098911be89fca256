"""Terms of the glossary, and the parts of the home page."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.urls import reverse
from simple_history.models import HistoricalRecords

from core.days import past_day
from core.models import Dated, Supplied
from core.text_search import search_column
from pages.enums import HomeKind
from pages.querysets import HomeSectionQuerySet


class Term(Supplied, Dated):
    """A word or an acronym that readers may not know, defined in one sentence."""

    term = models.CharField(
        "terme",
        max_length=60,
        unique=True,
        help_text="Comme il s’écrit dans les pages\u00a0: CPTS, docteur junior.",
    )
    slug = models.SlugField("ancre", max_length=60, unique=True)
    expansion = models.CharField("en toutes lettres", max_length=160, blank=True, help_text="Pour un sigle.")
    definition = models.CharField("définition courte", max_length=300, help_text="Une phrase, montrée dans les pages.")
    text = models.TextField("pour en savoir plus", blank=True, help_text="Un ou deux paragraphes, sur la page du glossaire.")
    aliases = ArrayField(
        models.CharField(max_length=60), verbose_name="autres écritures", default=list, blank=True, help_text="Pluriels et variantes."
    )
    source = models.CharField("source", max_length=200, blank=True)
    source_url = models.URLField("adresse de la source", max_length=400, blank=True)
    source_date = models.DateField("date de la source", validators=[past_day], null=True, blank=True)

    search_vector = search_column("term", "expansion", "definition", "text")

    history = HistoricalRecords(verbose_name="version", excluded_fields=["supplied", "search_vector"])

    class Meta:
        verbose_name = "terme du glossaire"
        verbose_name_plural = "termes du glossaire"
        ordering = ["slug"]
        indexes = [GinIndex("search_vector", name="term_search")]

    def __str__(self):
        return self.term

    def get_absolute_url(self):
        return f"{reverse('pages:glossary')}#{self.slug}"


class HomeSection(Dated):
    """A part of the home page: where it comes, whether it shows. Its content comes from the records it speaks of."""

    kind = models.CharField("partie", max_length=15, choices=HomeKind, unique=True)
    title = models.CharField("titre", max_length=90, blank=True, help_text="Vide\u00a0: le titre habituel.")
    position = models.PositiveSmallIntegerField("ordre", default=0)
    active = models.BooleanField("montrée", default=True, help_text="Une partie sans rien à montrer disparaît d’elle-même.")

    history = HistoricalRecords(verbose_name="version")
    objects = HomeSectionQuerySet.as_manager()

    class Meta:
        verbose_name = "partie de l’accueil"
        verbose_name_plural = "parties de l’accueil"
        ordering = ["position", "pk"]

    def __str__(self):
        return self.get_kind_display()
