"""News of the collective and of the territory."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.text import slugify
from simple_history.models import HistoricalRecords

from collective.enums import Rubrique
from collective.models.partners import Partner
from collective.querysets import NewsQuerySet
from core.illustrated import Illustrated
from core.links import address
from core.models import Dated
from core.prose import ProseField
from core.text_search import search_column
from territories.models import Commune, Cpts, Epci


class News(Illustrated, Dated):
    """One piece of news (mission: M31). Shown from its date of publication; without one it is a draft."""

    title = models.CharField("titre", max_length=120)
    slug = models.SlugField("adresse", max_length=80, editable=False, default="actualite")
    summary = models.CharField("en une phrase", max_length=300, help_text="Lue dans les listes, le flux et les moteurs de recherche.")
    body = ProseField("texte", blank=True)
    rubrique = models.CharField("rubrique", max_length=12, choices=Rubrique, default=Rubrique.COLLECTIVE)
    commune = models.ForeignKey(Commune, on_delete=models.PROTECT, verbose_name="commune", related_name="+", null=True, blank=True)
    epci = models.ForeignKey(Epci, on_delete=models.PROTECT, verbose_name="intercommunalité", related_name="+", null=True, blank=True)
    cpts = models.ForeignKey(Cpts, on_delete=models.PROTECT, verbose_name="CPTS", related_name="+", null=True, blank=True)
    partners = models.ManyToManyField(Partner, verbose_name="partenaires", related_name="news", blank=True)
    author = models.CharField("signée par", max_length=80, default="L’équipe VSA", help_text="Une personne seulement avec son accord.")
    published_at = models.DateTimeField(
        "publication", null=True, blank=True, help_text="Vide\u00a0: brouillon. Dans l’avenir\u00a0: paraîtra seule, à cette heure."
    )
    reviewed_at = models.DateTimeField(
        "mise à jour du contenu",
        null=True,
        blank=True,
        help_text="À remplir quand le fond a changé\u00a0: la date est montrée aux lecteurs.",
    )
    is_demo = models.BooleanField("démonstration", default=False, help_text="Actualité inventée, marquée «\u00a0exemple\u00a0» partout.")

    search_vector = search_column("title", "summary", "body")

    history = HistoricalRecords(verbose_name="version", excluded_fields=["search_vector"])
    objects = NewsQuerySet.as_manager()

    class Meta(Illustrated.Meta):
        verbose_name = "actualité"
        ordering = ["-published_at", "-pk"]
        indexes = [
            models.Index(fields=["-published_at", "-id"], name="news_published"),
            models.Index(fields=["rubrique", "-published_at"], name="news_rubrique_published"),
            GinIndex("search_vector", name="news_search"),
        ]
        constraints = [
            *Illustrated.Meta.constraints,
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | ~Q(title="") & ~Q(summary=""),
                name="collective_published_news_is_told",
                violation_error_message="Une actualité publiée a un titre et une phrase.",
            ),
        ]

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        self.slug = slugify(self.title.replace("’", " ").replace("'", " "))[:80].strip("-") or "actualite"
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return address("collective:news_detail", self.pk, self.slug)

    @property
    def territory(self):
        """The commune, else the CPTS, else the intercommunalité, else None."""
        return self.commune or self.cpts or self.epci

    @property
    def changed_at(self):
        """When its content last changed, as readers are told: never before it was published."""
        return max(self.published_at, self.reviewed_at or self.published_at)
