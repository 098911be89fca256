"""Pieces that the portal makes itself, to put anywhere in a page: one template each, and what it reads.

A template is included with the context of the page: the frame's variables (`contact_email`, `links`, `sprite`...) and `piece`,
which holds what the function named here returns.
"""

from dataclasses import dataclass

from django.conf import settings
from django.template import TemplateDoesNotExist
from django.template.loader import get_template

from pages.enums import Language
from pages.models import Page


@dataclass(frozen=True)
class Piece:
    label: str
    template: str
    context: object = None
    """A function of the moment that gives a dictionary, or None."""


def legal_identity(at):
    """Who publishes and who hosts, as the settings of this deployment say."""
    return {"notice": settings.LEGAL_NOTICE}


def sitemap(at):
    """Every visible page, in the order of the tree, by language; one query."""
    pages = list(Page.objects.visible(at).in_tree_order().for_links())
    return {"pages": [page for page in pages if page.language == Language.FRENCH], "english": [p for p in pages if p.language != "fr"]}


INSERTS = {
    "legal_identity": Piece("Mentions d’identité (éditeur, hébergeur)", "pages/inserts/legal_identity.html", legal_identity),
    "sitemap": Piece("Plan du site", "pages/inserts/sitemap.html", sitemap),
    "write_to_us": Piece("Écrire à l’équipe", "pages/inserts/write_to_us.html"),
    "contact": Piece("Coordonnées de l’équipe", "pages/inserts/contact.html"),
    "diagram_vsa": Piece("Schéma du dispositif VSA", "pages/inserts/diagram_vsa.html"),
    "accessibility_state": Piece("État de conformité d’accessibilité", "pages/inserts/accessibility_state.html"),
    "reach_map": Piece("Carte du Vaucluse et de ses pôles", "pages/inserts/reach_map.html"),
}


def available():
    """Those whose template is there, by name."""
    return {name: piece for name, piece in INSERTS.items() if _has_template(piece.template)}


def _has_template(name):
    try:
        get_template(name)
    except TemplateDoesNotExist:
        return False
    return True
