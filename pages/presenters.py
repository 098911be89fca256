"""The blocks of a page as readers see them: pieces for the template, grouped, explained, with the records that they show."""

import re
from itertools import groupby
from urllib.parse import quote, urlencode, urlsplit

from django.urls import reverse
from django.utils.html import escape
from django.utils.text import slugify

from core import french
from core.french import NBSP
from core.prose import MARKUP, plain_text
from pages import inserts
from pages.enums import ActionStyle, ActionTarget, Language, ListKind, MapSource
from pages.models import (
    BLOCKS,
    CallToAction,
    Document,
    Figures,
    Image,
    Insert,
    ListBlock,
    MapBlock,
    PartnersBlock,
    Question,
    Quotation,
    RichText,
    Step,
    TestimonialBlock,
    Video,
)
from pages.models.contents import from_data
from pages.records import Records

GROUPED = (Question, Step, Document)
"""Consecutive blocks of these kinds make one piece."""

OTHER_LISTS = {
    ListKind.NEWS: ("collective:news_list", "Toutes les actualités"),
    ListKind.OFFERS: ("opportunities:offer_list", "Toutes les offres"),
    ListKind.TESTIMONIALS: ("collective:testimonials", "Tous les témoignages"),
    ListKind.PRESS: ("collective:press", "Toute la revue de presse"),
    ListKind.EVENTS: ("agenda:event_list", "Tout l’agenda"),
}


ROW, CELL = re.compile(r"<tr>(.*?)</tr>", re.DOTALL), re.compile(r"<(t[hd])( scope=\"col\")?>(.*?)</\1>", re.DOTALL)
WIDE = 3
"""Columns from which a table does not fit a phone."""


def stacked(table):
    """A table of `WIDE` columns or more as phones show it, each row a list: cells say their heading, roles that it is still a table.

    What has no row of headings, or cells that span several, stays as it is and scrolls.
    """
    rows = [CELL.findall(row) for row in ROW.findall(table)]
    heads = [escape(plain_text(words).strip()) for tag, _, words in rows[0] if tag == "th"] if rows else []
    if len(heads) < WIDE or {len(row) for row in rows} != {len(heads)}:
        return table
    told = [
        "".join(
            f'<th scope="col" role="columnheader">{words}</th>' if not rank else f'<td role="cell" data-label="{head}">{words}</td>'
            for head, (_, _, words) in zip(heads, row, strict=True)
        )
        for rank, row in enumerate(rows)
    ]
    lines = "".join(f'<tr role="row">{cells}</tr>' for cells in told)
    return f'<table class="stacked" role="table"><tbody role="rowgroup">{lines}</tbody></table>'


def blocks_of(page):
    """The blocks of a page, from what it keeps of them."""
    return [block for data in page.content if (block := from_data(page, data, BLOCKS)) is not None]


def pieces(page, annotator, at):
    """The blocks of a page as dictionaries that name their template; those with nothing to show are left out."""
    blocks = blocks_of(page)
    maker = Pieces(page, Records(blocks, at), annotator, at)
    return [piece for piece in maker.make(blocks) if piece]


class Pieces:
    """Makes the pieces of one page, in their order: what is said once a page (terms, maps) is counted here."""

    def __init__(self, page, records, annotator, at):
        self.page, self.records, self.annotator, self.at = page, records, annotator, at
        self.maps, self.tables, self.anchors, self.level = 0, 0, set(), 2

    def make(self, blocks):
        for kind, group in groupby(blocks, key=lambda block: (type(block), is_button(block))):
            group = list(group)
            if kind[0] in GROUPED or kind[1]:
                yield self.group(kind[0], group)
            else:
                yield from (self.one(block) for block in group)

    def group(self, kind, blocks):
        level = self.level  # that of their titles: under an intertitle if the page has one already
        if kind is Question:
            shown = [(one.question, self.prose(one.answer)) for one in blocks]
            return piece(
                "pages/blocks/questions.html",
                level=level,
                questions=shown,
                plain=[(one.question, plain_text(one.answer)) for one in blocks],
            )
        if kind is Step:
            return piece("pages/blocks/steps.html", level=level, steps=[self.step(one) for one in blocks])
        if kind is Document:
            return piece("pages/blocks/documents.html", documents=[document(one) for one in blocks])
        found = [action for one in blocks if (action := self.action(one))]
        return piece("pages/blocks/buttons.html", actions=found) if found else None

    def one(self, block):
        return getattr(self, MAKERS[type(block)])(block)

    # --- Words ---------------------------------------------------------------------------------

    def prose(self, html):
        """Rich text with anchors on its headings, tables that the keyboard scrolls, and the terms it is the first to say."""
        return self.annotator.annotate(self.with_tables(self.with_anchors(html)))

    def with_tables(self, html):
        """Each table in a region of its own, which scrolls on a phone and takes the focus; its headings are those of columns."""
        parts = html.replace("<th>", '<th scope="col">').split("<table>")
        for rank, part in enumerate(parts[1:], start=1):
            table, end, after = part.partition("</table>")
            if not end:  # it holds another, which scrolls for both
                parts[rank] = f"<table>{part}"
                continue
            self.tables += 1
            name = "Table" if self.page.language == Language.ENGLISH else "Tableau"
            region = f'<div class="table-wrap" role="region" tabindex="0" aria-label="{name} {self.tables}">'
            parts[rank] = f"{region}{stacked(f'<table>{table}</table>')}</div>{after}"
        return "".join(parts)

    def with_anchors(self, html):
        """An identifier on each heading, from its words, so that a link may lead there."""
        parts = MARKUP.split(html)
        for rank, part in enumerate(parts):
            if part in ("<h2>", "<h3>"):
                self.level = 3
                words = plain_text("".join(parts[rank + 1 : parts.index(f"</{part[1:]}", rank)]))
                parts[rank] = f'{part[:-1]} id="{self.anchor(words)}">'
        return "".join(parts)

    def anchor(self, words):
        base = slugify(words)[:50].strip("-") or "titre"
        free = next(name for rank in range(1, 999) if (name := base if rank == 1 else f"{base}-{rank}") not in self.anchors)
        self.anchors.add(free)
        return free

    def heading(self, title):
        """The title of a block with its anchor, or nothing."""
        self.level = 3 if title else self.level
        return {"title": title, "anchor": self.anchor(title) if title else ""}

    def rich_text(self, block):
        return piece("pages/blocks/rich_text.html", html=self.prose(block.text)) if block.text else None

    def quotation(self, block):
        return piece("pages/blocks/quotation.html", quotation=block, quote=french.typeset(block.text))

    def step(self, block):
        facts = [("Avec", block.who), ("Où", block.where), ("Quand", block.when)]
        if block.parent.language == Language.ENGLISH:
            facts = [("With", block.who), ("Where", block.where), ("When", block.when)]
        return {
            "title": block.title,
            "html": self.prose(block.text),
            "facts": [(label, value) for label, value in facts if value],
            "papers": lines(block.papers),
        }

    def video(self, block):
        return piece("pages/blocks/video.html", video=block, host=host(block.url), transcript=self.prose(block.transcript))

    def image(self, block):
        return piece("pages/blocks/image.html", image=block) if block.image else None

    # --- Links ---------------------------------------------------------------------------------

    def action(self, block):
        """A button, or nothing when the page it led to is not visible any more."""
        url = self.target(block)
        return {"url": url, "label": block.label, "style": block.style, "is_mail": block.target == ActionTarget.TEAM} if url else None

    def target(self, block):
        if block.target == ActionTarget.PAGE:
            page = self.records.pages.get(block.page_id)
            return page.get_absolute_url() if page else ""
        if block.target == ActionTarget.OFFERS:
            kind = self.records.kinds.get(block.offer_kind_id)
            return reverse("opportunities:offer_list") + (f"?{urlencode({'type': kind.code})}" if kind else "")
        if block.target == ActionTarget.TEAM:
            return reverse("contacts:write_adviser") + (f"?objet={quote(block.subject)}" if block.subject else "")
        return block.url

    def call(self, block):
        found = self.action(block)
        return piece("pages/blocks/call.html", action=found, call=block, **self.heading(block.title)) if found else None

    # --- Records -------------------------------------------------------------------------------

    def figures(self, block):
        found = self.records.figures_of(block)
        return piece("pages/blocks/figures.html", figures=found, **self.heading(block.title)) if found else None

    def testimonial(self, block):
        found = self.records.testimonial_of(block)
        return piece("pages/blocks/testimonials.html", testimonials=[found], more=None, **self.heading(block.title)) if found else None

    def partners(self, block):
        found = self.records.partners_of(block)
        return piece("pages/blocks/partners.html", partners=found, **self.heading(block.title or "Partenaires")) if found else None

    def list_of(self, block):
        items = self.records.items_of(block)
        if not items:
            return None
        name, label = OTHER_LISTS[block.subject]
        more = {"url": reverse(name) + self.query_of(block), "label": label}
        return piece(
            LIST_TEMPLATES[block.subject],
            more=more,
            **{block.subject: items},
            **self.heading(block.title or USUAL_TITLES.get(block.subject, "")),
        )

    def query_of(self, block):
        """The part of the address of a list that says the same as the block."""
        if block.subject == ListKind.OFFERS:
            pairs = [("type", kind.code) for key in block.keys["offer_kinds"] if (kind := self.records.kinds.get(key))]
        else:
            pairs = [("rubrique", block.rubrique)] if block.subject == ListKind.NEWS and block.rubrique else []
        return f"?{urlencode(pairs)}" if pairs else ""

    def map_of(self, block):
        """A map with the equal list; each map of a page has what follows it, by name."""
        self.maps += 1
        kinds = self.records.kinds_of(block)
        query = f"?{urlencode([('type', kind.code) for kind in kinds])}" if block.keys[CHOSEN_KINDS[block.subject]] else ""
        context = {"kinds": kinds, "after": f"apres-la-carte-{self.maps}", **self.heading(block.title or "Sur la carte")}
        name, list_name, card, template = MAPS[block.subject]
        context |= {
            "source": reverse(name) + query,
            "list_url": reverse(list_name) + query,
            "card_url": reverse(card, args=[0]),
        }
        if block.subject == MapSource.OFFERS:
            return piece(template, **context)
        found = self.records.facilities_of(block)
        return piece(template, facilities=found, **context) if found else None

    def insert(self, block):
        found = inserts.available().get(block.name)
        if found is None:
            return None
        return piece(found.template, **(found.context(self.at) if found.context else {}))


MAKERS = {
    RichText: "rich_text",
    Image: "image",
    Figures: "figures",
    Quotation: "quotation",
    TestimonialBlock: "testimonial",
    CallToAction: "call",
    Video: "video",
    MapBlock: "map_of",
    ListBlock: "list_of",
    PartnersBlock: "partners",
    Insert: "insert",
}
CHOSEN_KINDS = {MapSource.FACILITIES: "facility_kinds", MapSource.OFFERS: "offer_kinds"}
USUAL_TITLES = {
    ListKind.NEWS: "Actualités",
    ListKind.OFFERS: "Offres d’exercice",
    ListKind.PRESS: "Revue de presse",
    ListKind.EVENTS: "Prochaines rencontres",
}
"""Titles of lists whose items have titles of their own, when staff gave none: a page never skips a level."""
MAPS = {
    MapSource.OFFERS: ("opportunities:offer_map", "opportunities:offer_list", "opportunities:offer_card", "pages/blocks/map_offers.html"),
    MapSource.FACILITIES: (
        "territories:facility_map",
        "territories:facility_list",
        "territories:facility_card",
        "pages/blocks/map_facilities.html",
    ),
}
"""For each subject of a map: its GeoJSON, its list, the facts of one item, the template of the piece."""
LIST_TEMPLATES = {
    ListKind.NEWS: "pages/blocks/news.html",
    ListKind.OFFERS: "pages/blocks/offers.html",
    ListKind.TESTIMONIALS: "pages/blocks/testimonials.html",
    ListKind.PRESS: "pages/blocks/press.html",
    ListKind.EVENTS: "pages/blocks/events.html",
}


def piece(template, **values):
    return {"template": template, **values}


def is_button(block):
    return isinstance(block, CallToAction) and block.style != ActionStyle.PANEL


def document(block):
    """A file to download: its address, what it is, how heavy."""
    key, name = block.file.name.removesuffix(".pdf").split("/")[-2:]
    return {
        "url": reverse("pages:document", args=[key, name]),
        "name": block.name,
        "description": block.description,
        "size": weight(block.size),
        "language": "" if block.language == block.parent.language else block.get_language_display(),
        "hreflang": block.language,
    }


def weight(size):
    """`120 ko`, `1,2 Mo`."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))}{NBSP}ko"
    return f"{french.number(round(size / 1_000_000, 1))}{NBSP}Mo"


def lines(text):
    return [line.strip() for line in text.splitlines() if line.strip()]


def host(url):
    """The site that a link leads to, as a person says it."""
    return (urlsplit(url).hostname or "").removeprefix("www.")
