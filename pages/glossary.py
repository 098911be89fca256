"""Terms of the glossary inside rich text: the first time a page says one, a button opens its definition."""

import re
from html import unescape

from django.utils.html import format_html

from core.prose import MARKUP

SILENT = {"a", "h2", "h3", "button"}
"""Elements in which no button may stand."""

BUTTON = (
    '{before}<button class="term" type="button" popovertarget="terme-{slug}">{word}</button>{after}'
    '<span class="term__def" id="terme-{slug}" popover role="note"><b>{term}</b>{expansion}{separator}{definition} '
    '<a href="{url}">Glossaire</a></span>'
)


class Annotator:
    """Marks terms in the texts of one page, each once."""

    def __init__(self, terms):
        self.terms = {}
        for term in terms:
            for writing in filter(None, (term.term, *term.aliases)):
                self.terms.setdefault(writing, term)
                if writing[0].islower():
                    self.terms.setdefault(writing[0].upper() + writing[1:], term)
        words = "|".join(re.escape(word) for word in sorted(self.terms, key=len, reverse=True))
        self.pattern = re.compile(rf"(?<![\w'-])({words})(?![\w-])") if words else None
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
            term = self.terms[match[1]]
            if term.pk in self.seen:
                return match[0]
            self.seen.add(term.pk)
            return format_html(
                BUTTON,
                before=_joiner(match.string[: match.start()][-1:]),
                after=_joiner(match.string[match.end() :][:1]),
                slug=term.slug,
                word=unescape(match[1]),
                term=term.term,
                expansion=f" ({term.expansion})" if term.expansion else "",
                separator="\u00a0: ",
                definition=term.definition,
                url=term.get_absolute_url(),
            )

        return self.pattern.sub(replace, text)


def _joiner(neighbour):
    """What keeps a button on the line of the sign beside it, « l’ARS, » or « l’ARS\u00a0: », which browsers would part."""
    return "" if neighbour in {"", " ", "\n"} else "\u2060"


def _follow(open_tags, tag):
    """Keep the list of elements that a position of the text lies in."""
    name = re.match(r"</?(\w+)", tag)
    if name is None or name[1] == "br":
        return
    if not tag.startswith("</"):
        open_tags.append(name[1])
    elif name[1] in open_tags:
        del open_tags[len(open_tags) - 1 - open_tags[::-1].index(name[1]) :]
