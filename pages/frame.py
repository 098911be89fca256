"""What surrounds the blocks of a page: its place in the tree, its menu, its translations, its date and sources."""

import re

from django.db.models import Q
from django.utils import timezone

from core import french, prepared
from core.prepared import Slot
from core.structured import script_text
from pages import presenters
from pages.enums import RUBRIQUES, Language
from pages.glossary import Annotator, Word
from pages.models import Page, Term

ENGLISH_MONTHS = (
    *("", "January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
WORDS = {
    Language.FRENCH: {
        "home": "Accueil",
        "crumbs": "Fil d’Ariane",
        "updated": "Mis à jour le",
        "menu": "Dans cette rubrique",
        "below": "À lire ensuite",
    },
    Language.ENGLISH: {
        "home": "Home",
        "crumbs": "Breadcrumb",
        "updated": "Updated on",
        "menu": "In this section",
        "below": "Read next",
    },
}
"""What the frame of a page says, in the language of the page."""
LOCALES = {Language.FRENCH: "fr_FR", Language.ENGLISH: "en_GB"}
URL = re.compile(r"^(?P<label>.*?)[\s,:—–-]*(?P<url>https?://\S+)$")


def context(page, *, at, site, preview=False):
    """Everything that the template of a page reads, in five queries and one for each sort of record that its blocks show."""
    branch = prepared.records(branch_of, page.path.partition("/")[0], at=at)
    language = Language(page.language)
    found = presenters.pieces(page, annotator(page), at)
    return {
        "page": page,
        "pieces": found,
        "words": WORDS[language],
        "locale": LOCALES[language],
        "trail": trail(page, branch),
        "menu": menu(page, branch),
        "below": [one for one in branch if parent_path(one) == page.path],
        "alternates": alternates(page, at, site),
        "description": page.seo_description or page.summary,
        "updated": updated(page),
        "sources": [source(line) for line in presenters.lines(page.sources)],
        "json_ld": questions(found),
        "is_preview": preview,
    }


def annotator(page):
    """The terms that the page may explain; the glossary is in French."""
    return Annotator(prepared.rows(every_term) if page.language == Language.FRENCH else ())


def branch_of(root):
    """The visible pages of one branch, for `core.prepared`."""
    return Page.objects.visible(Slot("at")).under(root).for_links()


def every_term():
    """Every term as a page explains it, for `core.prepared`."""
    return Term.objects.values_list(*Word._fields)


def versions_of():
    """The visible versions of a page in each language, itself among them, for `core.prepared`."""
    return Page.objects.visible(Slot("at")).filter(Q(pk=Slot("original")) | Q(translation_of=Slot("original"))).for_links()


def parent_path(page):
    return page.path.rpartition("/")[0]


def trail(page, branch):
    """The pages above, visible ones only, from the root down."""
    return [one for one in branch if page.path.startswith(f"{one.path}/")]


def menu(page, branch):
    """The menu of the rubrique: its first level, and below the current page or its ancestors one level more.

    Nothing for a page that stands alone. Each entry: the page, whether it is the current one, its own entries.
    """
    root = page.path.partition("/")[0]
    entries = [entry(one, page, branch, deeper=True) for one in branch if parent_path(one) == root and shown(one, page)]
    if not entries:
        return None
    first = next((one for one in branch if one.path == root), None)
    return {"root": first, "is_root": page.path == root, "entries": entries}


def entry(one, page, branch, *, deeper=False):
    is_open = deeper and f"{page.path}/".startswith(f"{one.path}/")
    children = [entry(child, page, branch) for child in branch if parent_path(child) == one.path and shown(child, page)] if is_open else []
    return {"page": one, "is_current": one.pk == page.pk, "children": children}


def shown(one, page):
    """Whether a menu names a page: staff say so, and the page that is read is always in its own menu."""
    return one.in_menu or one.pk == page.pk


def alternates(page, at, site):
    """The visible versions of the same page in each language, itself among them; nothing for a page in one language."""
    original = page.translation_of_id or page.pk
    found = prepared.records(versions_of, at=at, original=original)
    versions = sorted(found, key=lambda one: one.language != Language.FRENCH)
    if len(versions) < 2:
        return []
    return [{"language": one.language, "url": f"{site}{one.get_absolute_url()}", "page": one} for one in versions]


def updated(page):
    """When the content was last read and found right, for readers and for machines."""
    date = page.reviewed_on or timezone.localdate(page.updated_at)
    words = french.date(date) if page.language == Language.FRENCH else f"{date.day} {ENGLISH_MONTHS[date.month]} {date.year}"
    return {"iso": date.isoformat(), "words": words}


def source(line):
    """A line of the sources: its words, and the address at its end if there is one."""
    match = URL.match(line)
    if not match:
        return {"label": line, "url": ""}
    return {"label": match["label"] or presenters.host(match["url"]), "url": match["url"]}


def questions(pieces):
    """Structured data of the questions of a page, when it has two or more."""
    pairs = [pair for piece in pieces for pair in piece.get("plain", [])]
    if len(pairs) < 2:
        return ""
    entities = [{"@type": "Question", "name": name, "acceptedAnswer": {"@type": "Answer", "text": text}} for name, text in pairs]
    return script_text([{"@type": "FAQPage", "mainEntity": entities}])


def landing(path, at):
    """The root page of a rubrique and the pages below it that its menu names, for the opening page; None without one."""
    branch = list(Page.objects.visible(at).under(path).defer("search_text", "search_vector", "supplied")) if path in RUBRIQUES else []
    root = next((one for one in branch if one.path == path), None)
    return root, [one for one in branch if parent_path(one) == path and one.in_menu]
