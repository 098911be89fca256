"""The parts of the home page: each from its records, or nothing when there is nothing to show."""

from dataclasses import dataclass, field

from collective import presenters as collective
from collective.models import News, Partner, Testimonial
from core import french
from opportunities import presenters
from opportunities.models import Opportunity
from pages.enums import HomeKind
from territories.figures import card as figure_card
from territories.models import KeyFigure
from vsa_portal.home import doors, map
from vsa_portal.home.counts import OfferCounts

LATEST, NEWS, FIGURES = 3, 3, 6


@dataclass
class Part:
    """What the template of a part shows, its title and its context."""

    template: str
    title: str
    shown: dict = field(default_factory=dict)


class Home:
    """Makes the parts at one moment. `lists` are those of the pages of offers."""

    def __init__(self, lists, now):
        self.lists, self.now = lists, now
        self.counts = OfferCounts(lists, now)
        self.pages = doors.pages(now)

    def part(self, section):
        """The part that a `HomeSection` asks for, or None when it has nothing to show."""
        makers = {
            HomeKind.DOORS: self.doors,
            HomeKind.FIGURES: self.figures,
            HomeKind.MAP: self.map,
            HomeKind.LATEST_OFFERS: self.latest_offers,
            HomeKind.TESTIMONIAL: self.testimonial,
            HomeKind.NEWS: self.news,
            HomeKind.PARTNERS: self.partners,
            HomeKind.ADVISER: self.adviser,
        }
        part = makers[section.kind]() if section.kind in makers else None
        if part and section.title:
            part.title = section.title
        return part

    def doors(self):
        """Four stages of a career, and the door of those who welcome doctors."""
        kinds = {code: kind for code, kind in self.lists.kinds.items() if kind.active}
        return Part("portal/home/doors.html", "", {"doors": doors.searches(kinds, self.counts.by_kind)})

    def figures(self):
        """Key figures that staff put forward, as their records say them."""
        cards = [figure_card(figure, self.now) for figure in KeyFigure.objects.featured().with_territory()[:FIGURES]]
        if not cards:
            return None
        sources = list(dict.fromkeys(f"{card.source}, {card.dated}" for card in cards))
        return Part("portal/home/figures.html", "Le Vaucluse en quelques chiffres", {"cards": cards, "sources": sources})

    def map(self):
        """Offers by intercommunalité, on a map and in a table that say the same."""
        if not self.counts.total:
            return None
        areas = map.areas(self.lists.epcis.values(), self.counts.by_epci)
        context = {
            "areas": areas,
            "offers": french.plural(self.counts.total, "offre"),
            "communes": french.plural(self.counts.communes, "commune"),
        }
        return Part("portal/home/map.html", "Où êtes-vous attendu\u202f?", context)

    def latest_offers(self):
        """The offers that were confirmed last."""
        offers = Opportunity.objects.visible(self.now).for_cards().select_related("kind").by_freshness()[:LATEST]
        cards = [presenters.card(offer, offer.kind, self.now) for offer in offers]
        if not cards:
            return None
        return Part(
            "portal/home/latest_offers.html",
            "Confirmées ces derniers jours",
            {"offers": cards, "has_demo": any(card.is_demo for card in cards)},
        )

    def testimonial(self):
        """The words of one person who agreed to it."""
        found = Testimonial.objects.visible(self.now).order_by("position", "pk").first()
        return Part("portal/home/testimonial.html", "Ils en parlent", {"testimonial": found}) if found else None

    def news(self):
        """The last news."""
        cards = [collective.news_card(news) for news in News.objects.visible(self.now).for_cards().by_date()[:NEWS]]
        return (
            Part("portal/home/news.html", "Actualités", {"cards": cards, "has_demo": any(card.is_demo for card in cards)})
            if cards
            else None
        )

    def partners(self):
        """Partners in their circles, nearest the decisions first."""
        circles = collective.rings(list(Partner.objects.visible(self.now).for_plates()))
        return Part("portal/home/partners.html", "Le collectif VSA", {"circles": circles}) if circles else None

    def adviser(self):
        """Whom to write to: the team, no invented person."""
        return Part("portal/home/adviser.html", "Quelqu’un vous répond")
