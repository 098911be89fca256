"""What was done, and what was written about it."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.urls import reverse
from simple_history.models import HistoricalRecords

from collective.enums import AchievementKind, DatePrecision
from collective.models.partners import Partner, Sourced
from collective.querysets import DatedFactQuerySet
from core import french
from core.days import past_day
from core.models import Dated, Supplied
from core.text_search import search_column
from territories.models import Commune


class DatedFact(Supplied, Dated):
    """Something that happened on a day, in a month or in a year, as far as its source tells."""

    happened_on = models.DateField("date", validators=[past_day], help_text="Si seul le mois ou l’année est connu, mettez le premier jour.")
    precision = models.CharField("ce qui est connu de la date", max_length=5, choices=DatePrecision, default=DatePrecision.DAY)
    active = models.BooleanField("affiché", default=True)
    date_note = models.CharField(
        "date écrite autrement", max_length=120, blank=True, help_text="Lue à la place de la date\u00a0: «\u00a02022 ou 2023\u00a0»."
    )
    staff_note = models.CharField("note interne", max_length=300, blank=True, help_text="Jamais publiée.")

    class Meta:
        abstract = True
        ordering = ["-happened_on", "-pk"]

    @property
    def when(self):
        """The date for a reader, with no more than what is known."""
        if self.date_note:
            return self.date_note
        if self.precision == DatePrecision.YEAR:
            return str(self.happened_on.year)
        if self.precision == DatePrecision.MONTH:
            return f"{french.MONTHS[self.happened_on.month]} {self.happened_on.year}"
        return french.date(self.happened_on)

    @property
    def iso(self):
        """The date as the attribute `datetime` writes it, cut to what is known."""
        return self.happened_on.isoformat()[: {DatePrecision.YEAR: 4, DatePrecision.MONTH: 7}.get(self.precision, 10)]


class Achievement(DatedFact, Sourced):
    """Something that the collective or one of its members did (mission: M2, M74)."""

    kind = models.CharField("nature", max_length=12, choices=AchievementKind)
    title = models.CharField("titre", max_length=160)
    text = models.TextField("texte", blank=True, max_length=1500)
    partner = models.ForeignKey(
        Partner, on_delete=models.SET_NULL, verbose_name="partenaire", related_name="achievements", null=True, blank=True
    )
    commune = models.ForeignKey(Commune, on_delete=models.PROTECT, verbose_name="commune", related_name="+", null=True, blank=True)
    link_url = models.CharField("lien", max_length=300, blank=True, help_text="Adresse complète, ou chemin du portail.")
    link_label = models.CharField("libellé du lien", max_length=120, blank=True)
    search_vector = search_column("title", "text")

    history = HistoricalRecords(verbose_name="version", excluded_fields=["supplied", "search_vector"])
    objects = DatedFactQuerySet.as_manager()

    class Meta(DatedFact.Meta):
        verbose_name = "réalisation"
        indexes = [GinIndex("search_vector", name="achievement_search")]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(source=""),
                name="collective_achievement_has_source",
                violation_error_message="Une réalisation est donnée avec sa source.",
            )
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return f"{reverse('collective:achievements')}#realisation-{self.pk}"


class PressItem(DatedFact):
    """An article about VSA or about health in Vaucluse (mission: M85). The date is the one of its publication."""

    title = models.CharField("titre", max_length=200)
    outlet = models.CharField("média", max_length=80)
    url = models.URLField("adresse", max_length=500)
    summary = models.CharField(
        "de quoi il parle", max_length=300, blank=True, help_text="Avec vos mots\u00a0: l’article reste à son auteur."
    )
    search_vector = search_column("title", "outlet", "summary")

    history = HistoricalRecords(verbose_name="version", excluded_fields=["supplied", "search_vector"])
    objects = DatedFactQuerySet.as_manager()

    class Meta(DatedFact.Meta):
        verbose_name = "article de presse"
        verbose_name_plural = "articles de presse"
        indexes = [GinIndex("search_vector", name="press_search")]

    def __str__(self):
        return f"{self.outlet}\u00a0: {self.title}"

    def get_absolute_url(self):
        return f"{reverse('collective:press')}#article-{self.pk}"
