"""What the search of the portal looks through: one class a kind of record. A new app adds its own to `FINDERS`."""

from abc import ABC, abstractmethod
from typing import NamedTuple
from urllib.parse import urlencode

from django.db.models import BooleanField, Case, Count, F, FloatField, Func, TextField, Value, When, Window
from django.db.models.functions import Cast, Concat

from agenda.models import Event
from collective.models import Achievement, Desk, News, Partner, PressItem, Testimonial
from core import prepared
from core.links import address
from core.prepared import Slot
from core.text_search import Answers, Question, words_asked
from housing.enums import DwellingKind
from housing.models import Dwelling
from interns.models import TrainingPlace
from pages.enums import RUBRIQUES
from pages.models import Page, Term
from territories.models import Cpts, Epci, HealthFacility


class Hit(NamedTuple):
    """One answer, ready to print."""

    title: str
    url: str
    detail: str = ""
    kind: str = ""
    is_demo: bool = False


class Row(NamedTuple):
    """One row of the common query, the same columns for every kind."""

    code: str
    pk: int
    title: str
    detail: str
    key: str
    is_demo: bool
    total: int
    rank: float


def found(codes, words, any_of, limit):
    """The common query: the best answers of these kinds, for `core.prepared`, which fills in the words and the moment."""
    question = Question.unasked(words, any_of)
    first, *others = [FINDERS[code].found(question, Slot("at"), limit) for code in codes]
    return first.union(*others, all=True) if others else first


def answers(codes, words, at, *, limit, any_of=False):
    """Every `Row` that the kinds of these codes find for the words, at most `limit` a kind, in no order. One query."""
    if not codes:
        return []
    return map(Row._make, prepared.rows(found, tuple(codes), len(words), any_of, limit, at=at, **words_asked(words)))


class Finder(ABC):
    """A kind of record with a `search_vector` (`core.text_search.search_column`).

    `title`, `detail` and `key` are expressions over its columns; `key` is what its address is made of.
    """

    code = ""
    label = ""
    """What one answer is called."""
    plural = ""
    rubrique = ""
    """The first part of the address of its rubrique, as in `context_processors.RUBRIQUES`."""
    title = F("title")
    detail = Value("")
    key = F("slug")
    is_demo = Value(False)
    learnt = ("title",)
    """Columns whose words correct mistyped ones."""

    @abstractmethod
    def visible(self, at):
        """Its records that readers may see at that moment."""

    @abstractmethod
    def address(self, row):
        """The page of a row."""

    def more(self, text):
        """The list of its own where the same words find the same records, or "" when the search shows them itself."""
        return ""

    def found(self, question, at, limit):
        """The best answers as rows of the common query, each with how many there are in all; invented records come last."""
        vector = F("search_vector")
        return (
            self.visible(at)
            .filter(Answers(vector, question))
            .order_by()
            .annotate(
                hit_code=Value(self.code, output_field=TextField()),
                hit_pk=F("pk"),
                hit_title=as_text(self.title),
                hit_detail=as_text(self.detail),
                hit_key=as_text(self.key),
                hit_demo=Cast(self.is_demo, BooleanField()),
                hit_total=Window(Count("pk")),
                hit_rank=Func(vector, question, function="ts_rank", output_field=FloatField()),
            )
            .order_by("hit_demo", "-hit_rank", "hit_title", "hit_pk")
            .values_list(*(f"hit_{name}" for name in ("code", "pk", "title", "detail", "key", "demo", "total", "rank")))[:limit]
        )

    def hit(self, row):
        """An answer as the page prints it."""
        return Hit(row.title, self.address(row), row.detail, self.label, row.is_demo)


def as_text(expression):
    return Cast(expression, TextField())


def query_string(**parameters):
    """`?q=…`, without those that say nothing."""
    return f"?{urlencode({name: value for name, value in parameters.items() if value})}"


class PageFinder(Finder):
    """Editorial pages of one rubrique, or those of none."""

    label, plural = "Page", "Pages"
    detail = F("summary")
    key = F("path")
    learnt = ("title", "summary", "search_text")

    def __init__(self, rubrique):
        self.rubrique = rubrique
        self.code = f"pages-{rubrique or 'portail'}"

    def visible(self, at):
        pages = Page.objects.visible(at)
        return pages.under(self.rubrique) if self.rubrique else pages.exclude(path__regex=f"^({'|'.join(RUBRIQUES)})(/|$)")

    def address(self, row):
        return f"{address('home')}{row.key}/"


class TermFinder(Finder):
    """Terms of the glossary."""

    code, label, plural = "glossaire", "Mot du glossaire", "Glossaire"
    title = F("term")
    detail = F("definition")
    learnt = ("term", "expansion", "definition")

    def visible(self, at):
        return Term.objects.all()

    def address(self, row):
        return f"{address('pages:glossary')}#{row.key}"


class FacilityFinder(Finder):
    """Hospitals, clinics, maisons de santé, pharmacies..."""

    code, label, plural, rubrique = "etablissements", "Établissement", "Établissements de santé", "exercer"
    title = F("name")
    detail = Concat(F("kind__label"), Value(" · "), F("commune__name"))
    is_demo = F("is_demo")
    learnt = ("name", "search_text", "area")

    def visible(self, at):
        return HealthFacility.objects.visible()

    def address(self, row):
        return f"{address('territories:facility_list')}{row.pk}-{row.key}/"

    def more(self, text):
        return address("territories:facility_list") + query_string(q=text)


class TrainingFinder(Finder):
    """Training places of interns."""

    code, label, plural, rubrique = "terrains", "Terrain de stage", "Terrains de stage", "internes"
    title = F("name")
    detail = Concat(F("specialty__label"), Value(" · "), F("commune__name"))
    is_demo = F("is_demo")
    learnt = ("name", "search_text")

    def visible(self, at):
        return TrainingPlace.objects.visible()

    def address(self, row):
        return f"{address('interns:place_list')}{row.pk}-{row.key}/"

    def more(self, text):
        return address("interns:place_list") + query_string(q=text)


class EventFinder(Finder):
    """Events that take place and are not over, by their words, their commune and who stands behind them."""

    code, label, plural, rubrique = "rencontres", "Rencontre", "Rencontres", "agenda"
    detail = Concat(F("kind__label"), Value(" · "), F("summary"))
    is_demo = F("is_demo")
    learnt = ("title", "search_text")

    def visible(self, at):
        return Event.objects.visible(at).taking_place().coming(at)

    def address(self, row):
        return f"{address('agenda:event_list')}{row.pk}-{row.key}/"

    def more(self, text):
        return address("agenda:event_list") + query_string(q=text)


class DwellingFinder(Finder):
    """Rooms and dwellings to let, by their words and their commune."""

    code, label, plural, rubrique = "logements", "Logement", "Logements", "s-installer"
    detail = Concat(F("commune__name"), Value(" · "), F("kind_label"))
    is_demo = F("is_demo")

    def visible(self, at):
        kinds = Case(*(When(kind=code, then=Value(label)) for code, label in DwellingKind.choices), default=Value(""))
        return Dwelling.objects.visible(at).annotate(kind_label=kinds)

    def address(self, row):
        return f"{address('housing:dwelling_list')}{row.pk}-{row.key}/"

    def more(self, text):
        return address("housing:dwelling_list") + query_string(q=text)


class CptsFinder(Finder):
    """The communautés professionnelles territoriales de santé."""

    code, label, plural, rubrique = "cpts", "CPTS", "CPTS", "exercer"
    title = F("name")
    learnt = ("name", "mission")

    def visible(self, at):
        return Cpts.objects.all()

    def address(self, row):
        return address("places:cpts", row.key)


class EpciFinder(Finder):
    """The intercommunalités."""

    code, label, plural, rubrique = "intercommunalites", "Intercommunalité", "Intercommunalités", "exercer"
    title = F("short_name")
    learnt = ("short_name",)

    def visible(self, at):
        return Epci.objects.all()

    def address(self, row):
        return address("places:epci", row.key)


class PartnerFinder(Finder):
    """Partners of the collective, in any circle; those without a page stand among the others."""

    code, label, plural, rubrique = "partenaires", "Partenaire", "Partenaires", "collectif"
    title = F("name")
    detail = F("role")
    key = Concat(Case(When(text="", then=Value("#")), default=Value("")), F("slug"))
    learnt = ("name", "short_name", "role", "summary")

    def visible(self, at):
        return Partner.objects.visible(at)

    def address(self, row):
        if row.key.startswith("#"):
            return address("collective:landing") + row.key
        return address("collective:partner", row.key)


class DeskFinder(Finder):
    """Questions, each with the right desk."""

    code, label, plural, rubrique = "guichets", "Qui fait quoi", "Qui fait quoi", "collectif"
    title = F("question")
    detail = F("answer")
    key = F("anchor")
    learnt = ("question", "answer", "words")

    def visible(self, at):
        return Desk.objects.visible(at)

    def address(self, row):
        return f"{address('collective:desks')}#{row.key}"

    def more(self, text):
        return address("collective:desks") + query_string(q=text)


class NewsFinder(Finder):
    """News whose publication has come."""

    code, label, plural, rubrique = "actualites", "Actualité", "Actualités", "collectif"
    detail = F("summary")
    is_demo = F("is_demo")
    learnt = ("title", "summary")

    def visible(self, at):
        return News.objects.visible(at)

    def address(self, row):
        return address("collective:news_detail", row.pk, row.key)


class TestimonialFinder(Finder):
    """Words of people who agreed to be quoted."""

    code, label, plural, rubrique = "temoignages", "Témoignage", "Témoignages", "collectif"
    title = F("name")
    detail = F("role")
    key = Value("")
    learnt = ("name", "role", "place", "quote")

    def visible(self, at):
        return Testimonial.objects.visible(at)

    def address(self, row):
        return f"{address('collective:testimonials')}#temoignage-{row.pk}"


class PressFinder(Finder):
    """Articles about the collective or about health in Vaucluse; the portal gives their address."""

    code, label, plural, rubrique = "presse", "Article de presse", "Revue de presse", "collectif"
    detail = F("outlet")
    key = Value("")
    learnt = ("title", "outlet")

    def visible(self, at):
        return PressItem.objects.visible(at)

    def address(self, row):
        return f"{address('collective:press')}#article-{row.pk}"


class AchievementFinder(Finder):
    """What the collective and its members did."""

    code, label, plural, rubrique = "realisations", "Réalisation", "Réalisations", "collectif"
    key = Value("")

    def visible(self, at):
        return Achievement.objects.visible(at)

    def address(self, row):
        return f"{address('collective:achievements')}#realisation-{row.pk}"


FINDERS = {
    finder.code: finder
    for finder in (
        *map(PageFinder, RUBRIQUES),
        FacilityFinder(),
        TrainingFinder(),
        DwellingFinder(),
        EventFinder(),
        CptsFinder(),
        EpciFinder(),
        PartnerFinder(),
        DeskFinder(),
        NewsFinder(),
        TestimonialFinder(),
        AchievementFinder(),
        PressFinder(),
        PageFinder(""),
        TermFinder(),
    )
}
"""The kinds by code, in the order of the page."""
