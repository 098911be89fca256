"""What the search field proposes while one types: places first, then the best of the rest, then offers."""

from core import prepared
from core.prepared import Slot
from core.search import Match
from core.text_search import Question, typed_words, words_asked
from opportunities import presenters
from opportunities.models import Opportunity
from territories.models import Commune
from vsa_portal.search.finders import FINDERS, Hit, answers
from vsa_portal.search.results import commune_hit

MOST = 8
COMMUNES, OFFERS = 3, 2
"""How many of them at most, when there are others."""
OF_A_KIND = 3


def suggestions(text, now):
    """At most eight hits for what has been typed so far, the last word maybe unfinished. Three queries; none without words."""
    words = typed_words(text)
    if not words:
        return []
    communes = Commune.objects.matching(text)
    if any(commune.match == Match.EXACT for commune in communes):
        communes = [commune for commune in communes if commune.match == Match.EXACT]
    offers = offer_hits(words, now)
    others = other_hits(words, now)[: MOST - min(len(communes), COMMUNES) - len(offers)]
    places = [commune_hit(commune) for commune in communes[: MOST - len(others) - len(offers)]]
    return [*places, *others, *offers]


def latest_offers(count):
    """Offers that answer so many words, those confirmed last, for `core.prepared`."""
    found = Opportunity.objects.visible(Slot("at")).answering(Question.unasked(count))
    return found.for_cards().select_related("kind").by_freshness()[:OFFERS]


def offer_hits(words, now):
    """The most recently confirmed offers that answer."""
    found = prepared.records(latest_offers, len(words), at=now, **words_asked(words))
    cards = [presenters.card(offer, offer.kind, now) for offer in found]
    return [Hit(card.title, card.url, card.place, card.kind_label, card.is_demo) for card in cards]


def other_hits(words, now):
    """The best answers of all other kinds."""
    rows = sorted(answers(FINDERS, words, now, limit=OF_A_KIND), key=lambda row: (-row.rank, row.title))
    return [FINDERS[row.code].hit(row)._replace(detail="") for row in rows]
