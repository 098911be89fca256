"""The tree of pages."""

from content_editor.models import Region
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import get_script_prefix
from simple_history.models import HistoricalRecords

from core.models import Dated, Supplied
from core.text_search import search_column
from pages.enums import RUBRIQUES, Language, State
from pages.querysets import PageQuerySet

valid_link = RegexValidator(
    r"^(/(?!/)|https?://|mailto:|tel:)[^\s\\]*$",
    "Une adresse du portail («\u00a0/exercer/offres/\u00a0»), ou une adresse complète («\u00a0https://…\u00a0»).",
)
"""An address that a link may lead to: never a script."""


class Page(Supplied, Dated):
    """A page that staff compose of blocks. Its address follows from its place in the tree."""

    regions = [Region(key="main", title="Contenu")]

    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, verbose_name="sous la page", related_name="children", null=True, blank=True
    )
    slug = models.SlugField(
        "fin de l’adresse",
        max_length=80,
        validators=[RegexValidator(r"^[a-z0-9]+(-[a-z0-9]+)*$", "Lettres minuscules sans accent, chiffres et tirets.")],
        help_text="Minuscules, chiffres et tirets. L’ancienne adresse renverra à la nouvelle.",
    )
    path = models.CharField("adresse", max_length=400, unique=True, editable=False)
    position = models.PositiveSmallIntegerField("ordre", default=0, help_text="Parmi les pages de même niveau, le plus petit d’abord.")
    tree_order = models.CharField("ordre dans l’arbre", max_length=500, editable=False, db_index=True, default="")
    title = models.CharField("titre", max_length=120)
    menu_title = models.CharField("titre court", max_length=45, blank=True, help_text="Dans les menus\u00a0; vide\u00a0: le titre.")
    in_menu = models.BooleanField("dans le menu de la rubrique", default=True)
    summary = models.TextField("en une ou deux phrases", max_length=400, blank=True, help_text="Sous le titre et dans les listes.")
    seo_description = models.CharField(
        "description pour les moteurs", max_length=200, blank=True, help_text="Vide\u00a0: le résumé ci-dessus."
    )
    language = models.CharField("langue", max_length=2, choices=Language, default=Language.FRENCH)
    translation_of = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        verbose_name="traduction de",
        related_name="translations",
        null=True,
        blank=True,
        help_text="La page française que celle-ci dit dans une autre langue.",
    )
    state = models.CharField("état", max_length=10, choices=State, default=State.DRAFT)
    publish_at = models.DateTimeField("visible à partir du", null=True, blank=True, help_text="Vide\u00a0: dès qu’elle est publiée.")
    unpublish_at = models.DateTimeField("visible jusqu’au", null=True, blank=True)
    reviewed_on = models.DateField(
        "relue le",
        null=True,
        blank=True,
        help_text="«\u00a0Mis à jour le…\u00a0» pour les lecteurs. Après six mois, à relire.",
    )
    sources = models.TextField("sources", blank=True, help_text="Une par ligne\u00a0; l’adresse en fin de ligne devient un lien.")
    content = models.JSONField("blocs", default=list, blank=True)
    """What the blocks hold, as saved: it makes each version of the history complete. In no form; "editable" so that versions compare it."""
    search_text = models.TextField(editable=False, default="", blank=True)
    """The words of the blocks, for the search of the portal."""
    search_vector = search_column("title", "summary", "search_text")

    history = HistoricalRecords(verbose_name="version", excluded_fields=["search_text", "search_vector", "tree_order", "supplied"])
    objects = PageQuerySet.as_manager()

    class Meta:
        verbose_name = "page"
        ordering = ["tree_order", "pk"]
        indexes = [models.Index(fields=["state", "reviewed_on"], name="page_to_review"), GinIndex("search_vector", name="page_search")]
        constraints = [
            models.UniqueConstraint(
                fields=["parent", "slug"],
                name="page_slug_is_unique_among_siblings",
                nulls_distinct=False,
                violation_error_message="Une autre page a déjà cette adresse à cet endroit.",
            ),
            models.CheckConstraint(
                condition=Q(publish_at__isnull=True) | Q(unpublish_at__isnull=True) | Q(unpublish_at__gt=F("publish_at")),
                name="page_ends_after_it_begins",
                violation_error_message="La fin de la publication vient avant son début.",
            ),
            models.CheckConstraint(
                condition=Q(translation_of__isnull=True) | ~Q(translation_of=F("id")),
                name="page_is_not_its_own_translation",
                violation_error_message="Une page n’est pas la traduction d’elle-même.",
            ),
        ]

    def __str__(self):
        return self.label

    def save(self, *args, **kwargs):
        """Its address and its rank follow from its parent; `actions.save_page` brings what is below along."""
        self.path, self.tree_order = self.place()
        super().save(*args, **kwargs)

    def place(self):
        """Path and rank that follow from the parent, as it is stored."""
        rank = f"{self.position:05d}-{self.slug}"
        if self.parent is None:
            return self.slug, rank
        return f"{self.parent.path}/{self.slug}", f"{self.parent.tree_order}/{rank}"

    def get_absolute_url(self):
        return f"{get_script_prefix()}{self.path}/"

    @property
    def label(self):
        """The title as menus and breadcrumbs write it."""
        return self.menu_title or self.title

    @property
    def depth(self):
        return self.path.count("/")

    @property
    def is_rubrique(self):
        """Whether it stands for a rubrique, whose opening page shows its blocks."""
        return self.path in RUBRIQUES

    def is_visible(self, at):
        """As `PageQuerySet.visible`, of a page at hand."""
        return (
            self.state == State.PUBLISHED
            and (self.publish_at is None or self.publish_at <= at)
            and (self.unpublish_at is None or self.unpublish_at > at)
        )
