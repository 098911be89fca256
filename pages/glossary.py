"""Terms of the glossary inside rich text: the first time a page says one, a button opens its definition."""

import re
from functools import lru_cache
from html import unescape
from typing import NamedTuple

from django.utils.html import format_html

from core.links import address
from core.prose import MARKUP

SILENT = {"a", "h2", "h3", "button"}
"""Elements in which no button may stand."""

BEFORE, AFTER = r"[(«]?\u00a0?(?:\b\w{1,6}’)?", r"\)?(?:\u00a0?[:;!?»]|[,.…])?"
"""Signs that stay on the line of a term: browsers part a button from them, « l’ARS\u00a0: » and « (CPTS) » included."""
BUTTON = '<button class="term" type="button" popovertarget="terme-{slug}">{word}</button>'
GLUED = f'<span class="term-line">{{before}}{BUTTON}{{after}}</span>'
DEFINITION = (
    '<span class="term__def" id="terme-{slug}" popover role="note"><b>{term}</b>{expansion}{separator}{definition} '
    '<a href="{url}">Glossaire</a></span>'
)


class Word(NamedTuple):
    """A term as a page explains it."""

    term: str
    slug: str
    expansion: str
    definition: str
    aliases: tuple


@lru_cache(maxsize=4)
def vocabulary(rows):
    """The `Word` of each writing, and the pattern that finds them: made once for the same terms, which change a few times a month."""
    terms = {}
    for word in map(Word._make, rows):
        for writing in filter(None, (word.term, *word.aliases)):
            terms.setdefault(writing, word)
            if writing[0].islower():
                terms.setdefault(writing[0].upper() + writing[1:], word)
    writings = "|".join(re.escape(writing) for writing in sorted(terms, key=len, reverse=True))
    return terms, re.compile(rf"({BEFORE})(?<![\w'-])({writings})(?![\w-])({AFTER})") if writings else None


class Annotator:
    """Marks terms in the texts of one page, each once. `terms` are rows with the columns of `Word`."""

    def __init__(self, terms):
        self.terms, self.pattern = vocabulary(tuple((*row[:-1], tuple(row[-1])) for row in terms))
        self.seen = set()

    def annotate(self, html):
        """The same HTML, clean already, with the terms that the page has not explained yet."""
        if self.pattern is None:
            return html
        open_tags, parts = [], []
        for part in MARKUP.split(html):
            if part.startswith("<"):
                _follow(open_tags, part)
            elif not SILENT & set(open_tags):
                part = self._mark(part)
            parts.append(part)
        return "".join(parts)

    def _mark(self, text):
        def replace(match):
            before, word, after = match.groups()
            term = self.terms[word]
            if term.slug in self.seen:
                return match[0]
            self.seen.add(term.slug)
            return format_html(
                (GLUED if before or after else BUTTON) + DEFINITION,
                before=before,
                after=after,
                slug=term.slug,
                word=unescape(word),
                term=term.term,
                expansion=f" ({term.expansion})" if term.expansion else "",
                separator="\u00a0: ",
                definition=term.definition,
                url=f"{address('pages:glossary')}#{term.slug}",
            )

        return self.pattern.sub(replace, text)


def _follow(open_tags, tag):
    """Keep the list of elements that a position of the text lies in."""
    name = re.match(r"</?(\w+)", tag)
    if name is None or name[1] == "br":
        return
    if not tag.startswith("</"):
        open_tags.append(name[1])
    elif name[1] in open_tags:
        del open_tags[len(open_tags) - 1 - open_tags[::-1].index(name[1]) :]
