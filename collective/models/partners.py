"""Partners, and the questions that each of them answers."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.urls import reverse
from simple_history.models import HistoricalRecords

from collective.enums import Circle, DeskTheme, PartnerKind
from collective.querysets import DeskQuerySet, PartnerQuerySet
from core.days import past_day
from core.illustrated import Illustrated
from core.links import address
from core.models import Dated, Supplied
from core.prose import ProseField
from core.text_search import search_column
from core.validators import phone_number
from territories.models import Commune, Cpts, Epci


class Sourced(models.Model):
    """A row whose facts come from somewhere."""

    source = models.CharField("source", max_length=200, blank=True, help_text="D’où viennent les faits, lisible par un visiteur.")
    source_url = models.URLField("adresse de la source", blank=True, max_length=400)
    source_date = models.CharField(
        "date de la source", max_length=40, blank=True, help_text="Comme elle est connue\u00a0: «\u00a02025\u00a0»."
    )

    class Meta:
        abstract = True


class Partner(Supplied, Illustrated, Sourced, Dated):
    """A body of the collective or beside it. Its image is its logo, put there by staff."""

    circle = models.CharField("cercle", max_length=10, choices=Circle)
    joins_events = models.BooleanField(
        "aussi partenaire d’événements", default=False, help_text="Pour un pilote ou un membre qui s’associe aussi à des rencontres."
    )
    kind = models.CharField("nature", max_length=20, choices=PartnerKind)
    name = models.CharField("nom", max_length=120, unique=True)
    short_name = models.CharField("nom court", max_length=40, blank=True, help_text="Sigle ou nom d’usage\u00a0: «\u00a0ARS\u00a0».")
    slug = models.SlugField("adresse", max_length=80, unique=True, help_text="Dernière partie de l’adresse de la page.")
    caption = models.CharField(
        "précision", max_length=60, blank=True, help_text="Sous le nom, dans les cercles\u00a0: «\u00a0agence pilote\u00a0»."
    )
    role = models.CharField("rôle dans le collectif", max_length=200, blank=True)
    summary = models.CharField("en une phrase", max_length=300, blank=True)
    text = ProseField("texte", blank=True)
    website = models.URLField("site", blank=True)
    email = models.EmailField("courriel", blank=True, help_text="Adresse d’un service, jamais d’une personne sans son accord.")
    phone = models.CharField("téléphone", max_length=30, blank=True, validators=[phone_number])
    commune = models.ForeignKey(Commune, on_delete=models.PROTECT, verbose_name="commune", related_name="+", null=True, blank=True)
    epci = models.ForeignKey(Epci, on_delete=models.PROTECT, verbose_name="intercommunalité", related_name="+", null=True, blank=True)
    cpts = models.ForeignKey(Cpts, on_delete=models.PROTECT, verbose_name="CPTS", related_name="+", null=True, blank=True)
    position = models.PositiveSmallIntegerField("ordre", default=0, help_text="Dans son cercle, le plus petit d’abord.")
    active = models.BooleanField("affiché", default=True, help_text="Décoché, le partenaire et ses questions disparaissent du site.")

    search_vector = search_column("name", "short_name", "caption", "role", "summary", "text")

    history = HistoricalRecords(verbose_name="version", excluded_fields=["supplied", "search_vector"])
    objects = PartnerQuerySet.as_manager()

    class Meta(Illustrated.Meta):
        verbose_name = "partenaire"
        ordering = ["position", "name"]
        indexes = [
            models.Index(fields=["circle", "position"], name="partner_circle_position"),
            GinIndex("search_vector", name="partner_search"),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        """Its page, if there is something to read on it; else where it stands among the others."""
        if self.text:
            return address("collective:partner", self.slug)
        return f"{address('collective:landing')}#{self.slug}"

    @property
    def usual_name(self):
        """The name as people say it."""
        return self.short_name or self.name


class PartnerPart(models.Model):
    """A row inside the form of a partner, in the order given there."""

    position = models.PositiveSmallIntegerField("ordre", default=0)

    class Meta:
        abstract = True
        ordering = ["position", "pk"]


class PartnerLink(PartnerPart):
    """A page of the partner, or of the portal, that a reader may want."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="links")
    label = models.CharField("libellé", max_length=120)
    url = models.CharField("adresse", max_length=300, help_text="Adresse complète, ou chemin du portail\u00a0: /s-installer/.")

    class Meta(PartnerPart.Meta):
        verbose_name = "lien"

    def __str__(self):
        return self.label


class PartnerFigure(PartnerPart):
    """A figure that belongs to the partner itself, with where it comes from (mission: M75, M79, M80)."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="figures")
    value = models.CharField("valeur", max_length=30, help_text="Comme on la lit\u00a0: «\u00a0plus de 500\u00a0».")
    label = models.CharField("libellé", max_length=120)
    source = models.CharField("source et date", max_length=200)

    class Meta(PartnerPart.Meta):
        verbose_name = "chiffre"

    def __str__(self):
        return f"{self.value} {self.label}"


class PartnerContact(PartnerPart):
    """Whom to reach there, for one need; a service rather than a person."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="contacts")
    need = models.CharField("pour", max_length=120, help_text="Le besoin\u00a0: «\u00a0S’inscrire au tableau\u00a0».")
    service = models.CharField("service", max_length=120, blank=True)
    email = models.EmailField("courriel", blank=True)
    phone = models.CharField("téléphone", max_length=30, blank=True, validators=[phone_number])
    url = models.URLField("page", blank=True)
    hours = models.CharField("horaires", max_length=120, blank=True)

    class Meta(PartnerPart.Meta):
        verbose_name = "contact"
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(email="", phone="", url=""),
                name="collective_contact_is_reachable",
                violation_error_message="Un contact a un courriel, un téléphone ou une page.",
            )
        ]

    def __str__(self):
        return self.need


class Desk(Supplied, Sourced, Dated):
    """One question, the right desk (N12)."""

    question = models.CharField("question", max_length=160, unique=True)
    anchor = models.SlugField("ancre", max_length=60, unique=True, help_text="Fin de l’adresse qui mène droit à cette question.")
    theme = models.CharField("sujet", max_length=20, choices=DeskTheme)
    partner = models.ForeignKey(
        Partner, on_delete=models.PROTECT, verbose_name="guichet", related_name="desks", null=True, blank=True,
        help_text="Vide quand le guichet n’est pas un partenaire\u00a0: écrivez alors son nom.",
    )  # fmt: skip
    desk_name = models.CharField("nom du guichet", max_length=120, blank=True, help_text="Vide\u00a0: celui du partenaire.")
    answer = models.CharField("réponse", max_length=400, help_text="Ce que fait ce guichet, en une ou deux phrases.")
    deadline = models.CharField("délai", max_length=160, blank=True, help_text="Seulement si une source le donne.")
    link_url = models.CharField("lien utile", max_length=300, blank=True, help_text="Adresse complète, ou chemin du portail.")
    link_label = models.CharField("libellé du lien", max_length=120, blank=True)
    words = models.CharField(
        "autres mots", max_length=200, blank=True, help_text="Ce qu’on pourrait taper pour la trouver\u00a0: rpps, tableau…"
    )
    checked_on = models.DateField(
        "vérifiée le", validators=[past_day], null=True, blank=True, help_text="Par le guichet lui-même ou par l’équipe."
    )
    position = models.PositiveSmallIntegerField("ordre", default=0)
    active = models.BooleanField("affichée", default=True)

    search_vector = search_column("question", "answer", "words", "desk_name")

    history = HistoricalRecords(verbose_name="version", excluded_fields=["supplied", "search_vector"])
    objects = DeskQuerySet.as_manager()

    class Meta:
        verbose_name = "question à un guichet"
        verbose_name_plural = "qui fait quoi"
        indexes = [GinIndex("search_vector", name="desk_search")]
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(partner__isnull=False) | ~models.Q(desk_name=""),
                name="collective_desk_is_named",
                violation_error_message="Choisissez un partenaire, ou écrivez le nom du guichet.",
            ),
            models.CheckConstraint(
                condition=models.Q(deadline="") | ~models.Q(source=""),
                name="collective_deadline_has_source",
                violation_error_message="Un délai est donné avec sa source.",
            ),
        ]

    def __str__(self):
        return self.question

    def get_absolute_url(self):
        return f"{reverse('collective:desks')}#{self.anchor}"

    @property
    def who(self):
        """The desk, by its name."""
        return self.desk_name or self.partner.usual_name
