"""Rich text that people write on the staff side: one set of extensions, cleaned whenever it is saved.

`ProseField` stores HTML and nothing else: no image, no script, no style, no class. What is pasted from elsewhere is reduced to
the tags named here (`nh3`), and French apostrophes and spaces are put right in the text between them.
"""

import re
from html import unescape

import nh3
from django_prose_editor.fields import ProseEditorField

from core import french

EXTENSIONS = {
    "Bold": True,
    "Italic": True,
    "Heading": {"levels": [2, 3]},
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Blockquote": True,
    "HardBreak": True,
    "Link": {"enableTarget": False, "protocols": ["https", "http", "mailto", "tel"]},
    "Table": True,
    "TableRow": True,
    "TableHeader": True,
    "TableCell": True,
}
TAGS = {"p", "h2", "h3", "strong", "em", "ul", "ol", "li", "blockquote", "br", "a", "table", "thead", "tbody", "tr", "th", "td"}
ATTRIBUTES = {"a": {"href"}, "th": {"colspan", "rowspan"}, "td": {"colspan", "rowspan"}, "ol": {"start"}}
CLEANER = nh3.Cleaner(tags=TAGS, attributes=ATTRIBUTES, url_schemes={"https", "http", "mailto", "tel"}, link_rel=None)
MARKUP = re.compile(r"(<[^>]*>)")


def clean_html(html):
    """The same text with the allowed tags only, typeset in French; nothing at all when no word is left."""
    cleaned = CLEANER.clean(html).replace("&nbsp;", french.NBSP)
    if not plain_text(cleaned).strip():
        return ""
    return "".join(part if part.startswith("<") else french.typeset(part) for part in MARKUP.split(cleaned))


def plain_text(html):
    """The words of an HTML text on one line, for searches and excerpts."""
    spaced = re.sub(r"<(?:/(?:p|h2|h3|li|tr|td|th|blockquote)|br)>", " ", html)
    return french.one_line(unescape(nh3.clean(spaced, tags=set())))


class ProseField(ProseEditorField):
    """A text with headings, lists, links and tables, written in an editor and cleaned before it is stored, whoever stores it."""

    def __init__(self, *args, **kwargs):
        kwargs |= {"extensions": EXTENSIONS, "sanitize": clean_html}
        super().__init__(*args, **kwargs)

    def pre_save(self, model_instance, add):
        html = clean_html(super().pre_save(model_instance, add) or "")
        setattr(model_instance, self.attname, html)
        return html
