"""Pieces that the portal makes itself, to put anywhere in a page: one template each, and what it reads.

A template is included with the context of the page: the frame's variables (`contact_email`, `links`, `sprite`...) and `piece`,
which holds what the function named here returns.
"""

from dataclasses import dataclass

from django.conf import settings
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.urls import reverse

from pages import reach
from pages.enums import RUBRIQUES, Language
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


LISTS = {
    "exercer": [
        ("Toutes les offres d’exercice", "opportunities:offer_list"),
        ("Établissements de santé", "territories:facility_list"),
        ("Les communes et les CPTS", "places:index"),
        ("Chiffres clés", "territories:figures"),
        ("Comparer des communes", "places:compare"),
        ("Trouver mon territoire", "places:finder"),
    ],
    "s-installer": [("Se loger", "housing:dwelling_list")],
    "internes": [("Terrains de stage", "interns:place_list"), ("Offres et chambres, une seule recherche", "interns:together")],
    "agenda": [("Toutes les rencontres", "agenda:event_list")],
    "collectif": [
        ("Qui fait quoi", "collective:desks"),
        ("Réalisations", "collective:achievements"),
        ("Actualités", "collective:news_list"),
        ("Témoignages", "collective:testimonials"),
        ("On parle de nous", "collective:press"),
    ],
}
"""The lists of each rubrique: their name and the name of their address."""
PORTAL = [("Accueil", "home"), ("Recherche", "search"), ("Glossaire", "pages:glossary")]


def sitemap(at):
    """Every visible page under its rubrique, with the lists of the rubrique; the others after them; English apart. One query."""
    pages = list(Page.objects.visible(at).in_tree_order().for_links())
    french = [page for page in pages if page.language == Language.FRENCH]
    roots = {page.path: page for page in french if page.is_rubrique}
    trees = [tree(roots[part].title, links(LISTS[part]), below(part, french), roots[part]) for part in RUBRIQUES if part in roots]
    others = [page for page in french if page.path.partition("/")[0] not in RUBRIQUES]
    return {
        "trees": [*trees, tree("Le portail", links(PORTAL), others)],
        "english": [page for page in pages if page.language == Language.ENGLISH],
    }


def tree(label, lists, pages, root=None):
    return {"label": label, "url": root.get_absolute_url() if root else "", "lists": lists, "pages": pages}


def links(named):
    return [{"label": label, "url": reverse(name)} for label, name in named]


def below(part, pages):
    return [page for page in pages if page.path.startswith(f"{part}/")]


def reach_map(at):
    """Vaucluse and the poles around it."""
    return {"reach": reach.reach()}


INSERTS = {
    "legal_identity": Piece("Mentions d’identité (éditeur, hébergeur)", "pages/inserts/legal_identity.html", legal_identity),
    "sitemap": Piece("Plan du site", "pages/inserts/sitemap.html", sitemap),
    "contact": Piece("Coordonnées de l’équipe", "pages/inserts/contact.html", legal_identity),
    "diagram_vsa": Piece("Schéma du dispositif VSA", "pages/inserts/diagram_vsa.html"),
    "accessibility_state": Piece("État de conformité d’accessibilité", "pages/inserts/accessibility_state.html"),
    "reach_map": Piece("Carte du Vaucluse et de ses pôles", "pages/inserts/reach_map.html", reach_map),
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
