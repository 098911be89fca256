"""Editorial pages on the opening page of a rubrique, whichever app shows it."""

from django import template
from django.utils import timezone

from pages import frame, presenters

register = template.Library()
KEY = "editorial_landing"


def landing(context, path):
    """The root page of a rubrique and those below it, read once for both tags."""
    kept = context.render_context.setdefault(KEY, {})
    if path not in kept:
        kept[path] = frame.landing(path, timezone.now())
    return kept[path]


@register.inclusion_tag("pages/_landing_menu.html", takes_context=True)
def page_menu(context, path):
    """The pages of a rubrique to read, with their summaries; nothing when there is none. `path` is that of the rubrique."""
    pages = landing(context, path)[1]
    return {"pages": pages, "updated": max((frame.updated(page) for page in pages), key=lambda day: day["iso"], default=None)}


@register.inclusion_tag("pages/_landing_blocks.html", takes_context=True)
def page_blocks(context, path):
    """The blocks that staff gave the root page of a rubrique; nothing when there is none."""
    root = landing(context, path)[0]
    found = presenters.pieces(root, frame.annotator(root), timezone.now()) if root and root.content else []
    return {**context.flatten(), "pieces": found}
