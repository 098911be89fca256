"""What the search field proposes while one types: places first, then the best of the rest, then offers."""

from core.search import Match
from core.text_search import Question, typed_words
from opportunities import presenters
from opportunities.models import Opportunity
from territories.models import Commune
from vsa_portal.search.finders import FINDERS, Hit, Row
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
    question = Question(words)
    offers = offer_hits(question, now)
    others = other_hits(question, now)[: MOST - min(len(communes), COMMUNES) - len(offers)]
    places = [commune_hit(commune) for commune in communes[: MOST - len(others) - len(offers)]]
    return [*places, *others, *offers]


def offer_hits(question, now):
    """The most recently confirmed offers that answer."""
    found = Opportunity.objects.visible(now).answering(question).for_cards().select_related("kind").by_freshness()[:OFFERS]
    cards = [presenters.card(offer, offer.kind, now) for offer in found]
    return [Hit(card.title, card.url, card.place, card.kind_label, card.is_demo) for card in cards]


def other_hits(question, now):
    """The best answers of all other kinds."""
    first, *others = [finder.found(question, now, OF_A_KIND) for finder in FINDERS.values()]
    rows = sorted(map(Row._make, first.union(*others, all=True)), key=lambda row: (-row.rank, row.title))
    return [FINDERS[row.code].hit(row)._replace(detail="") for row in rows]
