"""The parts of the home page: each from its records, or nothing when there is nothing to show."""

from dataclasses import dataclass, field

from agenda import presenters as agenda
from agenda.models import Event
from collective import presenters as collective
from collective.models import News, Partner, Testimonial
from core import french, prepared
from core.prepared import Slot
from opportunities import presenters
from opportunities.models import Opportunity
from opportunities.rows import card_rows
from pages.enums import HomeKind
from pages.models import HomeSection
from territories.figures import card as figure_card
from territories.models import KeyFigure
from vsa_portal.home import doors, map
from vsa_portal.home.counts import OfferCounts

LATEST, EVENTS, NEWS, FIGURES = 3, 3, 3, 6


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
            HomeKind.EVENTS: self.events,
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
        cards = [figure_card(figure, self.now) for figure in prepared.records(featured_figures)]
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
        kinds, offers = self.lists.kinds_by_pk, card_rows(prepared.rows(latest_offers, at=self.now), self.lists.place)
        cards = [presenters.card(offer, kinds[offer.kind_id], self.now) for offer in offers]
        if not cards:
            return None
        return Part(
            "portal/home/latest_offers.html",
            "Confirmées ces derniers jours",
            {"offers": cards, "has_demo": any(card.is_demo for card in cards)},
        )

    def events(self):
        """The next events that are to take place."""
        events = [agenda.line(event) for event in prepared.records(next_events, at=self.now)]
        has_demo = any(event["is_demo"] for event in events)
        return Part("portal/home/events.html", "Prochaines rencontres", {"events": events, "has_demo": has_demo}) if events else None

    def testimonial(self):
        """The words of one person who agreed to it."""
        found = prepared.records(first_testimonial, at=self.now)
        return Part("portal/home/testimonial.html", "Ils en parlent", {"testimonial": found[0]}) if found else None

    def news(self):
        """The last news."""
        cards = [collective.news_card(news) for news in prepared.records(latest_news, at=self.now)]
        return (
            Part("portal/home/news.html", "Actualités", {"cards": cards, "has_demo": any(card.is_demo for card in cards)})
            if cards
            else None
        )

    def partners(self):
        """Partners in their circles, nearest the decisions first."""
        circles = collective.rings(prepared.records(plates, at=self.now))
        return Part("portal/home/partners.html", "Le collectif VSA", {"circles": circles}) if circles else None

    def adviser(self):
        """Whom to write to: the team, no invented person."""
        return Part("portal/home/adviser.html", "Quelqu’un vous répond")


# Queries for `core.prepared`


def shown_sections():
    return HomeSection.objects.shown()


def featured_figures():
    return KeyFigure.objects.featured().with_territory()[:FIGURES]


def latest_offers():
    return Opportunity.objects.visible(Slot("at")).by_freshness()[:LATEST].for_card_rows()


def next_events():
    return Event.objects.visible(Slot("at")).coming(Slot("at")).taking_place().by_day().for_lines()[:EVENTS]


def first_testimonial():
    return Testimonial.objects.visible(Slot("at")).order_by("position", "pk")[:1]


def latest_news():
    return News.objects.visible(Slot("at")).for_cards().by_date()[:NEWS]


def plates():
    return Partner.objects.visible(Slot("at")).for_plates()
