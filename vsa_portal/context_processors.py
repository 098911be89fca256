"""What the frame of every page shows. No query, no session: public pages stay free of cookies."""

from functools import cache

from django.conf import settings
from django.urls import get_script_prefix, reverse

from core.links import origin

RUBRIQUES = (
    ("exercer", "Exercer la médecine en Vaucluse", "opportunities:landing"),
    ("s-installer", "S’installer", "aids:landing"),
    ("internes", "Internes", "interns:landing"),
    ("agenda", "Agenda", "agenda:landing"),
    ("collectif", "Le collectif VSA", "collective:landing"),
)
"""The five rubriques in their order: first part of the path, name, address (source: mission M18)."""

ENGLISH = {
    "exercer": "Practising in Vaucluse",
    "s-installer": "Settling here",
    "internes": "Interns",
    "agenda": "Events",
    "collectif": "Who we are",
}
"""What the menu calls them on the pages for doctors trained abroad, which stand under the page `en`."""

PART_OF = {"territoires": "exercer"}
"""First parts of the path that belong to a rubrique of another name."""

LINKS = {
    "home": "home",
    "search": "search",
    "offers": "opportunities:offer_list",
    "places": "places:index",
    "finder": "places:finder",
    "feed": "opportunities:offer_feed",
    "figures": "territories:figures",
    "news": "collective:news_list",
    "housing": "housing:dwelling_list",
    "interns": "interns:landing",
    "aids": "aids:landing",
    "agenda": "agenda:landing",
    "collective": "collective:landing",
    "selection": "contacts:selection_home",
    "glossary": "pages:glossary",
    "write": "contacts:write_adviser",
    "team": "admin:index",
}
"""Addresses named in the header, the footer and the plain pages."""

PAGES = {
    "accessibility": "accessibilite",
    "legal": "mentions-legales",
    "terms": "conditions-utilisation",
    "privacy": "donnees-personnelles",
    "cookies": "cookies",
    "contact": "contact",
    "plan": "plan-du-site",
    "sources": "sources",
    "english": "en",
    "cpts_guide": "exercer/cpts",
    "leaving": "exercer/trouver-un-successeur",
}
"""The same, of pages that the project ships (`reference/pages`) and that the law, the frame or the pages of territories need."""


@cache
def _addresses(script_prefix):
    """Addresses of the frame, resolved once: reversing twenty of them costs as much as a query."""
    rubriques = [{"part": part, "label": label, "english": ENGLISH[part], "url": reverse(name)} for part, label, name in RUBRIQUES]
    pages = {key: reverse("pages:page", args=[path]) for key, path in PAGES.items()}
    return rubriques, {key: reverse(name) for key, name in LINKS.items()} | pages


def portal(request):
    """Menu, links, contact of the team, mode, and the canonical address unless a view gives its own."""
    rubriques, links = _addresses(get_script_prefix())
    site = origin(request)
    part = request.path.lstrip("/").partition("/")[0]
    return {
        "rubriques": rubriques,
        "current_rubrique": PART_OF.get(part, part),
        "frame_language": "en" if part == PAGES["english"] else "fr",
        "links": links,
        "contact_email": settings.CONTACT_EMAIL,
        "accessibility_state": settings.ACCESSIBILITY_STATE,
        "is_demo_site": not settings.PRODUCTION,
        "site_origin": site,
        "canonical_url": f"{site}{request.path}",
        "robots": "",
    }
