"""French typography of a text: apostrophes, non-breaking spaces, quotation marks.

Source of the rules: Lexique des règles typographiques en usage à l'Imprimerie nationale; the project's
own choice is a non-breaking space, narrow or not, before `; : ? ! %` and `€` and inside « ».
"""

import re
from html.parser import HTMLParser

from tests.consistency.source import PLACEHOLDER, markup

NBSP = "\u00a0\u202f"
LETTER = r"[^\W\d_]"
FAULTS = {
    "straight apostrophe": rf"(?:{LETTER}|{PLACEHOLDER})'(?:{LETTER}|{PLACEHOLDER})",
    "straight quotation marks": rf"(?<![\w=])\"{LETTER}[^\"\n]*\"",
    "no non-breaking space before double punctuation": rf"(?<![{NBSP}?!;:])[;:?!](?=$|[\s»)])",
    "no non-breaking space after «": rf"«(?![{NBSP}])",
    "no non-breaking space before »": rf"(?<![{NBSP}])»",
    "no non-breaking space between a number and its unit": rf"[\d{PLACEHOLDER}] ?(?<![{NBSP}])[%€]|\d (?:km|m²|€)(?!\w)",
    "three dots for an ellipsis": r"\.\.\.",
}
INLINE_TAGS = {
    "a",
    "abbr",
    "b",
    "bdi",
    "cite",
    "code",
    "data",
    "em",
    "i",
    "kbd",
    "mark",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
    "time",
    "wbr",
}
SILENT_TAGS = {"script", "style", "template", "svg", "code", "pre"}
READ_ATTRIBUTES = {"alt", "aria-label", "aria-description", "label", "placeholder", "title"}
BREAK = "\n\n"


def faults(text):
    """What is wrong in a visible text, as (rule, extract)."""
    for rule, pattern in FAULTS.items():
        for match in re.finditer(pattern, text):
            yield rule, text[max(0, match.start() - 20) : match.end() + 10].strip()


class VisibleText(HTMLParser):
    """Collects what a reader of a template sees or hears; blocks are separated by a blank line."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.parts, self.silent = [], []

    def handle_starttag(self, tag, attributes):
        if tag in SILENT_TAGS:
            self.silent.append(tag)
        if tag not in INLINE_TAGS:
            self.parts.append(BREAK)
        values = dict(attributes)
        read = {name: value for name, value in values.items() if name in READ_ATTRIBUTES or name.startswith("data-text")}
        if tag == "meta" and values.get("name") == "description":
            read["content"] = values.get("content")
        for value in read.values():
            self.parts += [BREAK, value or "", BREAK]

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        self.handle_endtag(tag)

    def handle_endtag(self, tag):
        if tag in self.silent:
            self.silent.remove(tag)
        if tag not in INLINE_TAGS:
            self.parts.append(BREAK)

    def handle_data(self, data):
        if not self.silent:
            self.parts.append(data)


def visible_text(template):
    """The visible text of a template, template variables replaced by `PLACEHOLDER`."""
    parser = VisibleText()
    parser.feed(markup(template))
    parser.close()
    return "".join(parser.parts)
