"""Blocks: what a page is made of, each a tiny model of django-content-editor.

A new one is added to `BLOCKS`, to the screens of `pages.admin.blocks` and to the presenters.
"""

from content_editor.models import create_plugin_base
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from collective.enums import Circle, Rubrique
from collective.models import Testimonial, TestimonialTag
from core.illustrated import Photographed
from core.prose import ProseField
from opportunities.models import OpportunityKind
from pages.enums import ActionStyle, ActionTarget, Language, ListKind, MapSource
from pages.models.tree import Page, valid_link
from territories.models import FacilityKind, KeyFigure

PagePlugin = create_plugin_base(Page)

TITLE_HELP = "Facultatif\u00a0; devient un intertitre de la page."


class Block(PagePlugin):
    """What all blocks share: they belong to a page and are read with it."""

    region = models.CharField("zone", max_length=20, default="main")
    ordering = models.IntegerField("ordre", default=0)

    class Meta(PagePlugin.Meta):
        abstract = True

    def __str__(self):
        return str(self._meta.verbose_name)


class RichText(Block):
    text = ProseField("texte")

    class Meta(Block.Meta):
        verbose_name = "texte"


class Image(Photographed, Block):
    """A photograph re-encoded by `core.images`. Its files outlive it: an earlier version of the page may come back."""

    image = models.ImageField("photographie", upload_to="pages/", width_field="width", height_field="height")
    width = models.PositiveIntegerField(editable=False, default=0)
    height = models.PositiveIntegerField(editable=False, default=0)
    alternative_text = models.CharField("texte alternatif", max_length=200, help_text="Ce que montre l’image, pour qui ne la voit pas.")
    caption = models.CharField("légende", max_length=200, blank=True)
    credit = models.CharField("crédit", max_length=120, help_text="Qui a pris la photographie, et qui autorise à la montrer.")

    class Meta(Block.Meta):
        verbose_name = "photographie"
        constraints = [
            models.CheckConstraint(
                condition=~Q(alternative_text="") & ~Q(credit=""),
                name="page_image_has_text_and_credit",
                violation_error_message="Une photographie a un texte alternatif et un crédit.",
            )
        ]


class Figures(Block):
    """Key figures as they are recorded: their value, source and date change here when they change there."""

    title = models.CharField("titre", max_length=90, blank=True, help_text=TITLE_HELP)
    figures = models.ManyToManyField(
        KeyFigure,
        verbose_name="chiffres",
        related_name="+",
        blank=True,
        help_text="Dans l’ordre des chiffres clés. Aucun\u00a0: ceux à la une.",
    )

    class Meta(Block.Meta):
        verbose_name = "chiffres clés"
        verbose_name_plural = "chiffres clés"


class Quotation(Block):
    text = models.TextField("citation", max_length=1200, help_text="Les mots exacts, sans guillemets\u00a0: ils sont ajoutés.")
    author = models.CharField("de qui", max_length=120)
    role = models.CharField("fonction, lieu", max_length=160, blank=True)
    source = models.CharField("source", max_length=200, help_text="Où ces mots ont été dits ou écrits, et quand.")
    source_url = models.URLField("adresse de la source", max_length=400, blank=True)

    class Meta(Block.Meta):
        verbose_name = "citation"


class CallToAction(Block):
    title = models.CharField("titre", max_length=90, blank=True, help_text="Pour un encadré.")
    text = models.CharField("texte", max_length=300, blank=True, help_text="Pour un encadré.")
    label = models.CharField("mots du bouton", max_length=60)
    target = models.CharField("mène à", max_length=10, choices=ActionTarget, default=ActionTarget.PAGE)
    page = models.ForeignKey(Page, on_delete=models.SET_NULL, verbose_name="page", related_name="+", null=True, blank=True)
    offer_kind = models.ForeignKey(
        OpportunityKind,
        on_delete=models.SET_NULL,
        verbose_name="type d’offre",
        related_name="+",
        null=True,
        blank=True,
        help_text="Vide\u00a0: toutes les offres.",
    )
    url = models.CharField(
        "adresse", max_length=400, blank=True, validators=[valid_link], help_text="«\u00a0/territoires/\u00a0» ou «\u00a0https://…\u00a0»."
    )
    subject = models.CharField("objet du message", max_length=120, blank=True)
    style = models.CharField("apparence", max_length=10, choices=ActionStyle, default=ActionStyle.BUTTON)

    class Meta(Block.Meta):
        verbose_name = "appel à l’action"
        verbose_name_plural = "appels à l’action"


class Question(Block):
    question = models.CharField("question", max_length=200)
    answer = ProseField("réponse")

    class Meta(Block.Meta):
        verbose_name = "question et réponse"
        verbose_name_plural = "questions et réponses"


class Step(Block):
    title = models.CharField("étape", max_length=120)
    text = ProseField("ce qui se passe", blank=True)
    who = models.CharField("avec qui", max_length=160, blank=True)
    where = models.CharField("où", max_length=160, blank=True)
    when = models.CharField("quand", max_length=160, blank=True)
    papers = models.TextField("papiers à préparer", max_length=1000, blank=True, help_text="Un par ligne.")

    class Meta(Block.Meta):
        verbose_name = "étape"


class Document(Block):
    """A file to download. It is kept when the block goes: an earlier version of the page may come back."""

    name = models.CharField("nom du document", max_length=120)
    description = models.CharField("ce qu’on y trouve", max_length=200, blank=True)
    file = models.FileField("fichier", upload_to="documents/")
    size = models.PositiveIntegerField("taille en octets", editable=False, default=0)
    language = models.CharField("langue", max_length=2, choices=Language, default=Language.FRENCH)

    class Meta(Block.Meta):
        verbose_name = "document à télécharger"
        verbose_name_plural = "documents à télécharger"


class Video(Block):
    """A link to a film on another site; nothing is asked of that site before it is followed."""

    title = models.CharField("titre", max_length=120)
    url = models.URLField("adresse", max_length=400)
    duration = models.CharField("durée", max_length=20, blank=True, help_text="«\u00a03\u00a0min\u00a0».")
    transcript = ProseField("ce qui y est dit", blank=True, help_text="Pour qui ne peut pas la voir ou l’entendre.")

    class Meta(Block.Meta):
        verbose_name = "vidéo"


class TestimonialBlock(Block):
    title = models.CharField("titre", max_length=90, blank=True, help_text=TITLE_HELP)
    testimonial = models.ForeignKey(
        Testimonial, on_delete=models.SET_NULL, verbose_name="témoignage", related_name="+", null=True, blank=True
    )
    tag = models.ForeignKey(
        TestimonialTag,
        on_delete=models.SET_NULL,
        verbose_name="ou un témoignage sur",
        related_name="+",
        null=True,
        blank=True,
        help_text="Le premier dans l’ordre de la liste des témoignages.",
    )

    class Meta(Block.Meta):
        verbose_name = "témoignage"


class MapBlock(Block):
    """Facilities or offers of some kinds on a map, with the equal list."""

    title = models.CharField("titre", max_length=90, blank=True, help_text=TITLE_HELP)
    subject = models.CharField("ce qu’elle montre", max_length=10, choices=MapSource, default=MapSource.FACILITIES)
    facility_kinds = models.ManyToManyField(
        FacilityKind, verbose_name="types d’établissement", related_name="+", blank=True, help_text="Aucun : tous."
    )
    offer_kinds = models.ManyToManyField(
        OpportunityKind, verbose_name="types d’offre", related_name="+", blank=True, help_text="Aucun : tous."
    )

    class Meta(Block.Meta):
        verbose_name = "carte"


class ListBlock(Block):
    """The latest of something; a list with nothing to show disappears, title included."""

    title = models.CharField("titre", max_length=90, blank=True, help_text=TITLE_HELP)
    subject = models.CharField("liste de", max_length=15, choices=ListKind)
    count = models.PositiveSmallIntegerField("combien", default=3, validators=[MinValueValidator(1), MaxValueValidator(12)])
    rubrique = models.CharField("de la rubrique", max_length=12, choices=Rubrique, blank=True, help_text="Pour des actualités.")
    tag = models.ForeignKey(
        TestimonialTag,
        on_delete=models.SET_NULL,
        verbose_name="sur le sujet",
        related_name="+",
        null=True,
        blank=True,
        help_text="Pour des témoignages.",
    )
    offer_kinds = models.ManyToManyField(
        OpportunityKind, verbose_name="des types", related_name="+", blank=True, help_text="Pour des offres. Aucun\u00a0: tous."
    )

    class Meta(Block.Meta):
        verbose_name = "liste"


class PartnersBlock(Block):
    title = models.CharField("titre", max_length=90, blank=True, help_text=TITLE_HELP)
    circle = models.CharField("cercle", max_length=10, choices=Circle)

    class Meta(Block.Meta):
        verbose_name = "partenaires"
        verbose_name_plural = "partenaires"


class Insert(Block):
    """One of the pieces that the portal makes itself (`pages.inserts`)."""

    name = models.CharField("élément", max_length=40)

    class Meta(Block.Meta):
        verbose_name = "élément du portail"
        verbose_name_plural = "éléments du portail"


BLOCKS = [
    RichText,
    Image,
    Figures,
    Quotation,
    TestimonialBlock,
    CallToAction,
    Question,
    Step,
    Document,
    Video,
    MapBlock,
    ListBlock,
    PartnersBlock,
    Insert,
]
