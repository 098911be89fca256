"""The records that the blocks of a page show, read at once: a query a sort of record, however many blocks ask for it."""

from functools import cached_property

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from collective.models import News, Partner, PressItem, Testimonial
from collective.presenters import news_card
from opportunities import presenters as offers
from opportunities.models import Opportunity, OpportunityKind
from pages.enums import ListKind, MapSource
from pages.models import CallToAction, Figures, ListBlock, Page
from territories.models import HealthFacility, KeyFigure

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
        keys = {block.page_id for block in self.of(CallToAction)}
        return Page.objects.visible(self.at).for_links().in_bulk(keys - {None})

    @cached_property
    def kinds(self):
        return OpportunityKind.objects.filter(active=True).in_bulk()

    @cached_property
    def all_figures(self):
        chosen = {key for block in self.of(Figures) for key in block.keys["figures"]}
        found = KeyFigure.objects.visible().filter(pk__in=chosen) | KeyFigure.objects.featured()
        return list(found.with_territory().order_by("position", "pk"))

    @cached_property
    def testimonials(self):
        return list(Testimonial.objects.visible(self.at).for_cards())

    @cached_property
    def news(self):
        return list(News.objects.visible(self.at).by_date().for_cards()[:NEWS_READ])

    @cached_property
    def press(self):
        return list(PressItem.objects.visible(self.at)[: max(block.count for block in self.lists_of(ListKind.PRESS))])

    @cached_property
    def partners(self):
        return list(Partner.objects.visible(self.at).for_plates().order_by("position", "name"))

    @cached_property
    def facilities(self):
        return list(HealthFacility.objects.visible().select_related("kind", "commune").by_name())

    @cached_property
    def offers(self):
        """The freshest offers of each kind that a list asks for, as many as the longest list shows."""
        lists = self.lists_of(ListKind.OFFERS)
        found = Opportunity.objects.visible(self.at)
        if all(block.keys["offer_kinds"] for block in lists):
            found = found.of_kinds({key for block in lists for key in block.keys["offer_kinds"]})
        rank = Window(RowNumber(), partition_by="kind", order_by=[F("confirmed_at").desc(), F("pk").desc()])
        found = found.annotate(rank=rank).filter(rank__lte=max(block.count for block in lists))
        return list(found.for_cards().select_related("kind").by_freshness())

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
        return [one for one in self.testimonials if tag is None or tag in {known.pk for known in one.tags.all()}]

    def items_of(self, block):
        """What a list shows: records, or cards of offers and news."""
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
