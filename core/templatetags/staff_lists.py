"""Staff lists on a phone: each row a card, each value after the title of its column."""

from django import template
from django.utils.html import conditional_escape, format_html, strip_tags
from django.utils.safestring import mark_safe
from django.utils.text import capfirst

register = template.Library()

EMPTY = {"", "-", "—"}
"""What a cell shows that has nothing to tell; a card leaves it out."""


@register.filter
def cells(result, headers):
    """The cells of a row as Django renders them, each with its role, the title of its column, and whether it tells nothing."""
    return [_cell(str(cell), header) for cell, header in zip(result, headers, strict=False)]


def _cell(html, header):
    role = "rowheader" if html.startswith("<th") else "cell"
    title = "" if role == "rowheader" or "action-checkbox" in html else capfirst(strip_tags(str(header["text"])))
    nothing = "" if strip_tags(html).strip() not in EMPTY or "<input" in html or "<img" in html else " data-empty"
    more = format_html(' role="{}" data-title="{}"{}', role, title, mark_safe(nothing))
    return mark_safe(html.replace(">", f"{conditional_escape(more)}>", 1))
