"""The records that the blocks of a page show, read at once: a query a sort of record, however many blocks ask for it."""

from functools import cached_property

from django.db.models import F, Q, Window, prefetch_related_objects
from django.db.models.functions import RowNumber

from agenda import presenters as agenda
from agenda.models import Event, EventKind
from collective.models import News, Partner, PressItem, Testimonial
from collective.presenters import news_card
from core import prepared
from core.prepared import Among, Slot
from opportunities import presenters as offers
from opportunities.models import Opportunity, OpportunityKind
from pages.enums import ListKind, MapSource
from pages.models import CallToAction, Figures, ListBlock, Page, Term
from territories.models import FacilityKind, HealthFacility, KeyFigure

SHOWN = (Page, Term, KeyFigure, HealthFacility, FacilityKind, Testimonial, News, Partner, PressItem, Event, EventKind)
"""Tables that staff edit and that a page may show, offers apart."""
NEWS_READ = 60
"""News among which the lists of a page choose theirs; a rubrique silent for longer shows nothing new anyway."""


class Records:
    """What the blocks of one page need, at that moment. Each property is one query, asked when a block asks."""

    def __init__(self, blocks, at):
        self.blocks, self.at = blocks, at

    def of(self, kind):
        return [block for block in self.blocks if isinstance(block, kind)]

    def lists_of(self, subject):
        return [block for block in self.of(ListBlock) if block.subject == subject]

    # --- Read once -----------------------------------------------------------------------------

    @cached_property
    def pages(self):
        keys = {block.page_id for block in self.of(CallToAction)} - {None}
        return {page.pk: page for page in prepared.records(pages_named, at=self.at, keys=list(keys))} if keys else {}

    @cached_property
    def kinds(self):
        return {kind.pk: kind for kind in prepared.records(offer_kinds)}

    @cached_property
    def all_figures(self):
        chosen = {key for block in self.of(Figures) for key in block.keys["figures"]}
        return prepared.records(figures_named, keys=list(chosen))

    @cached_property
    def testimonials(self):
        return prepared.records(every_testimonial, at=self.at)

    @cached_property
    def news(self):
        return prepared.records(latest_news, at=self.at)

    @cached_property
    def press(self):
        return prepared.records(latest_press, max(block.count for block in self.lists_of(ListKind.PRESS)), at=self.at)

    @cached_property
    def events(self):
        return prepared.records(next_events, max(block.count for block in self.lists_of(ListKind.EVENTS)), at=self.at)

    @cached_property
    def partners(self):
        return prepared.records(every_partner, at=self.at)

    @cached_property
    def facilities(self):
        return prepared.records(every_facility)

    @cached_property
    def offers(self):
        """The freshest offers of each kind that a list asks for, as many as the longest list shows."""
        lists = self.lists_of(ListKind.OFFERS)
        most, keys = max(block.count for block in lists), {key for block in lists for key in block.keys["offer_kinds"]}
        some = all(block.keys["offer_kinds"] for block in lists)
        return prepared.records(freshest_offers, most, some, at=self.at, **({"keys": list(keys)} if some else {}))

    # --- Of one block --------------------------------------------------------------------------

    def figures_of(self, block):
        """The figures that a block names, else those of the home page."""
        keys = block.keys["figures"]
        return [figure for figure in self.all_figures if (figure.pk in keys if keys else figure.featured)]

    def testimonial_of(self, block):
        """The testimonial that a block names, else the first on its subject; None when nothing may be shown."""
        if block.testimonial_id:
            return next((one for one in self.testimonials if one.pk == block.testimonial_id), None)
        return next(iter(self._on_subject(block.tag_id)), None)

    def _on_subject(self, tag):
        if tag is None:
            return self.testimonials
        prefetch_related_objects(self.testimonials, "tags")  # read once, whatever the number of blocks
        return [one for one in self.testimonials if tag in {known.pk for known in one.tags.all()}]

    def items_of(self, block):
        """What a list shows: records, or cards of offers, news and events."""
        match block.subject:
            case ListKind.OFFERS:
                wanted = block.keys["offer_kinds"]
                found = [offer for offer in self.offers if not wanted or offer.kind_id in wanted][: block.count]
                return [offers.card(offer, offer.kind, self.at) for offer in found]
            case ListKind.NEWS:
                found = [one for one in self.news if not block.rubrique or one.rubrique == block.rubrique][: block.count]
                return [news_card(one) for one in found]
            case ListKind.TESTIMONIALS:
                found = self._on_subject(block.tag_id)
            case ListKind.PRESS:
                found = self.press
            case ListKind.EVENTS:
                return [agenda.line(event) for event in self.events[: block.count]]
            case _:  # records that the portal does not have yet
                found = []
        return found[: block.count]

    def partners_of(self, block):
        """The partners of a circle, as the collective counts them."""
        return [one for one in self.partners if one.circle == block.circle or (block.circle == "event" and one.joins_events)]

    def facilities_of(self, block):
        """The facilities of the kinds that a map names, or all."""
        keys = block.keys["facility_kinds"]
        return [one for one in self.facilities if not keys or one.kind_id in keys]

    def kinds_of(self, block):
        """The kinds that the legend of a map names."""
        if block.subject == MapSource.OFFERS:
            keys = block.keys["offer_kinds"]
            return [kind for key, kind in self.kinds.items() if not keys or key in keys]
        kinds = {facility.kind_id: facility.kind for facility in self.facilities_of(block)}
        return sorted(kinds.values(), key=lambda kind: (kind.position, kind.label))


# --- Queries for `core.prepared` -----------------------------------------------------------------


def pages_named():
    return Page.objects.visible(Slot("at")).for_links().filter(Among("pk", "keys"))


def offer_kinds():
    return OpportunityKind.objects.filter(active=True)


def figures_named():
    """The figures that blocks name, and those of the home page, which stand for no name."""
    return KeyFigure.objects.visible().filter(Q(Among("pk", "keys")) | Q(featured=True)).with_territory().order_by("position", "pk")


def every_testimonial():
    return Testimonial.objects.visible(Slot("at")).for_cards()


def latest_news():
    return News.objects.visible(Slot("at")).by_date().for_cards()[:NEWS_READ]


def latest_press(most):
    return PressItem.objects.visible(Slot("at"))[:most]


def next_events(most):
    return Event.objects.visible(Slot("at")).coming(Slot("at")).taking_place().by_day().for_lines()[:most]


def every_partner():
    return Partner.objects.visible(Slot("at")).for_plates().order_by("position", "name")


def every_facility():
    return HealthFacility.objects.visible().select_related("kind", "commune").by_name()


def freshest_offers(most, some):
    """The freshest offers of each kind, or of `some` kinds."""
    found = Opportunity.objects.visible(Slot("at"))
    rank = Window(RowNumber(), partition_by="kind", order_by=[F("confirmed_at").desc(), F("pk").desc()])
    found = (found.filter(Among("kind_id", "keys")) if some else found).annotate(rank=rank).filter(rank__lte=most)
    return found.for_cards().select_related("kind").by_freshness()
