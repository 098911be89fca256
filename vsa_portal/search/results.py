"""What a search of the portal finds, in the words of the page."""

import re
from dataclasses import dataclass, field
from functools import cached_property

from django.urls import reverse
from django.utils.http import urlencode

from core import french, prepared
from core.pagination import COUNT_CEILING
from core.prepared import Slot
from core.search import Match
from core.text_search import typed_words
from opportunities import presenters
from opportunities.models import Opportunity
from opportunities.querysets import plain_words
from opportunities.rows import EXPLAIN, expected
from territories.models import Commune
from vsa_portal.context_processors import RUBRIQUES
from vsa_portal.search import words
from vsa_portal.search.finders import FINDERS, Hit, answers

BEST = 4
"""Answers of a kind shown beside the others."""
MOST = 60
"""Answers shown of one kind alone."""
NEAR = 3
"""Communes proposed for a name that none bears."""
FEW = 3
"""Answers up to which a rare word may be the slip of a common one."""
SURE = 10
"""As in `opportunities.search`: an estimate so far above the ceiling is believed."""
ELSEWHERE = "portail"
"""The last group: what belongs to no rubrique."""
OFFERS, COMMUNES = "offres", "communes"


@dataclass
class Section:
    """The answers of one kind."""

    code: str
    label: str
    count: int
    hits: list
    more_url: str = ""
    is_capped: bool = False
    shows_kinds: bool = False
    """Whether each answer says what it is: an offer has several kinds, a commune is a commune."""

    @property
    def count_text(self):
        return f"plus de {french.number(COUNT_CEILING)}" if self.is_capped else french.number(self.count)

    @property
    def is_cut(self):
        return self.count > len(self.hits)


@dataclass
class Group:
    """The answers of one rubrique."""

    part: str
    label: str
    sections: list = field(default_factory=list)

    @property
    def count(self):
        return sum(section.count for section in self.sections)

    @property
    def count_text(self):
        more = "plus de " if any(section.is_capped for section in self.sections) else ""
        return f"{more}{french.number(self.count)}"


class Found(list):
    """Sections, with how many answers they hold in all."""

    @property
    def total(self):
        return sum(section.count for section in self)


class SiteSearch:
    """What `text` finds among what readers may see at `now`; `only` is the code of one kind, or "".

    Nine queries at most: offers (counted, read), communes, all other kinds in one, and the same once
    more with corrected words when nothing was found, after one that corrects them.
    """

    def __init__(self, text, now, only=""):
        self.text = french.one_line(text)
        self.now = now
        self.only = only if only in {OFFERS, COMMUNES, *FINDERS} else ""
        self.words = typed_words(self.text)
        self.notice = ""
        self.asked = self.text
        self.named = []
        self.names_a_commune = False

    @property
    def is_too_vague(self):
        return bool(self.text) and not self.words

    @cached_property
    def found(self):
        """Sections of what answers; words that find nothing are corrected or, if they are right, taken apart."""
        if not self.words:
            return Found()
        found = self._find(" ".join(re.findall(r"\w+", self.text)), self.words)
        if found.total or self.only:
            return found
        return self._search_again() or found

    def _search_again(self):
        """With the mistyped words corrected; when all are known, with any of them. Nothing when that finds nothing either."""
        better = words.corrected(self.words)
        any_of = better == self.words
        if any_of and len(better) < 2:
            return None
        text = (" or " if any_of else " ").join(better)
        found = self._find(text, better, any_of)
        if not found.total:
            return None
        if any_of:
            self.notice = "Rien ne contient tous ces mots\u00a0: voici ce qui en contient un au moins."
        else:
            self.notice = f"Rien avec {french.quoted(self.text)}\u00a0: voici ce que donne {french.quoted(text)}."
            self.asked = text
        return found

    def _find(self, text, asked, any_of=False):
        """`text` is what the lists of offers and communes would be asked; with "or" between the words for any of them."""
        limit = MOST if self.only else BEST
        finders = [finder for code, finder in FINDERS.items() if self.only in ("", code)]
        offers = self._offers(text, limit) if self.only in ("", OFFERS) else []
        communes = self._communes(text, limit) if self.only in ("", COMMUNES) and not any_of else []
        first = communes + offers if self.names_a_commune else offers + communes
        return Found(
            [
                *first,
                *self._others(finders, text, answers([finder.code for finder in finders], asked, self.now, limit=limit, any_of=any_of)),
            ]
        )

    def _offers(self, text, limit):
        asked = {"at": self.now, "words": plain_words(text)}
        count = counted(asked)
        if not count:
            return []
        cards = [presenters.card(offer, offer.kind, self.now) for offer in prepared.records(latest_offers, limit, **asked)]
        hits = [Hit(card.title, card.url, f"{card.place} · {card.freshness}", card.kind_label, card.is_demo) for card in cards]
        more = f"{reverse('opportunities:offer_list')}?{urlencode({'q': text})}"
        shown = Section(OFFERS, "Offres d’exercice", min(count, COUNT_CEILING), hits, more if count > len(hits) else "", shows_kinds=True)
        shown.is_capped = count > COUNT_CEILING
        return [shown]

    def _communes(self, text, limit):
        self.named.append(text)
        communes = Commune.objects.matching(text, near=False)
        self.names_a_commune = bool(communes) and communes[0].match == Match.EXACT
        hits = [commune_hit(commune) for commune in communes[:limit]]
        more = self.address(dans=COMMUNES) if len(communes) > len(hits) and not self.only else ""
        return [Section(COMMUNES, "Communes", len(communes), hits, more)] if hits else []

    @cached_property
    def meant(self):
        """Communes whose names resemble what was asked, for a search that found nothing."""
        if self.found.total:
            return []
        near = (Commune.objects.matching(text)[:NEAR] for text in self.named)
        return next(([commune_hit(commune) for commune in found] for found in near if found), [])

    @cached_property
    def perhaps(self):
        """Words a letter away, and the address of their search, for one that found little: its word may be a slip."""
        if not 0 < self.found.total <= FEW or self.notice or self.only or self.names_a_commune:
            return None
        other = words.neighbours(self.words)
        text = " ".join(other or ())
        if not text or not SiteSearch(text, self.now)._find(text, other).total:  # known words are those of last night
            return None
        return {"text": text, "url": f"{reverse('search')}?{urlencode({'q': text})}"}

    def _others(self, finders, text, rows):
        by_code = {}
        for row in rows:
            by_code.setdefault(row.code, []).append(row)
        sections = []
        for finder in finders:
            if rows := sorted(by_code.get(finder.code, ()), key=lambda row: (row.is_demo, -row.rank)):
                more = finder.more(text) or ("" if self.only else self.address(dans=finder.code))
                hits = [finder.hit(row) for row in rows]
                sections.append(Section(finder.code, finder.plural, rows[0].total, hits, more if rows[0].total > len(rows) else ""))
        return sections

    @property
    def groups(self):
        """The sections by rubrique, in the order of the menu; what belongs to none comes last."""
        rubrique_of = {OFFERS: "exercer", COMMUNES: "exercer", **{code: finder.rubrique for code, finder in FINDERS.items()}}
        groups = {part: Group(part, label) for part, label, _ in RUBRIQUES}
        groups[ELSEWHERE] = Group(ELSEWHERE, "Le portail")
        for section in self.found:
            groups[rubrique_of[section.code] or ELSEWHERE].sections.append(section)
        return [group for group in groups.values() if group.sections]

    @property
    def title(self):
        """The heading of the page."""
        if not self.words:
            return "Rechercher dans le portail"
        count = self.found.total
        if not count:
            return f"Rien pour {french.quoted(self.text)}"
        more = "Plus de " if any(section.is_capped for section in self.found) else ""
        return f"{more}{french.plural(count, 'résultat')} pour {french.quoted(self.asked)}"

    def address(self, **changes):
        """The search for the same words, changed."""
        return f"{reverse('search')}?{urlencode({'q': self.asked, **changes})}"

    @property
    def everywhere(self):
        """The same search among all kinds."""
        return self.address()


def counted(asked):
    """How many offers answer, up to one above the ceiling."""
    if expected(prepared.rows(offers_found, around=EXPLAIN, **asked)) > SURE * COUNT_CEILING:
        return COUNT_CEILING + 1
    return prepared.rows(offers_found, COUNT_CEILING + 1, around="SELECT count(*) FROM ({}) AS found", **asked)[0][0]


def offers_found(most=None):
    """Visible offers that hold the words, for `core.prepared`."""
    return Opportunity.objects.visible(Slot("at")).matching(Slot("words")).order_by().values_list("pk")[:most]


def latest_offers(limit):
    """The same, those confirmed last, with what a card reads."""
    found = Opportunity.objects.visible(Slot("at")).matching(Slot("words"))
    return found.for_cards().select_related("kind").by_freshness()[:limit]


def commune_hit(commune):
    detail = f"{', '.join(commune.postal_codes)} · {commune.epci_short_name}"
    return Hit(commune.name, commune.get_absolute_url(), detail, "Commune")
