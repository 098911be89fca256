"""The doors of the home page: by stage of life, the searches and pages that lead further."""

from django.utils.http import urlencode

from core import prepared
from core.links import address
from core.prepared import Slot
from pages.models import Page

SEARCHES = {
    "training": ("internship_site",),
    "dates": ("locum_occasional",),
    "regular": ("locum_regular",),
    "team": ("succession", "collaboration", "association_offer"),
    "employment": ("salaried_post", "shared_practice"),
    "creation": ("new_practice",),
    "slower": ("locum_occasional", "locum_regular", "advanced_consultations"),
}
"""Each a search by kinds of offer. A kind that staff renamed or put away is left out."""

PAGES = {
    "internship": "internes/pourquoi-un-stage",
    "junior": "internes/docteur-junior",
    "supervisor": "internes/devenir-maitre-de-stage",
    "intern_aids": "internes/aides",
    "intern_housing": "internes/logement",
    "locum": "s-installer/remplacer",
    "settled": "s-installer/medecin-installe",
    "modes": "s-installer/choisir-son-mode-d-exercice",
    "support": "s-installer/etre-accompagne",
    "aids": "s-installer/comprendre-les-aides",
    "housing": "s-installer/bien-se-loger",
    "successor": "exercer/trouver-un-successeur",
    "retired": "exercer/medecins-retraites",
    "why": "exercer/pourquoi-le-vaucluse",
    "hosts": "collectif/accueillir-un-medecin",
    "english": "en",
}
"""Editorial pages that the home page names, each only while readers may see it."""


def searches(kinds, counts):
    """For each search that leads somewhere: its address and how many offers it holds today.

    `kinds` are the active kinds by code, `counts` the visible offers by primary key of their kind.
    """
    url = address("opportunities:offer_list")
    found = {}
    for name, wanted in SEARCHES.items():
        known = [code for code in wanted if code in kinds]
        if known:
            found[name] = {
                "url": f"{url}?{urlencode([('type', code) for code in known])}",
                "count": sum(counts[kinds[code].pk] for code in known),
            }
    return found


def pages(now):
    """Addresses of the pages of `PAGES` that are visible, by name. One query."""
    shown = {path for (path,) in prepared.rows(visible_paths, at=now)}
    return {name: f"{address('home')}{path}/" if path in shown else "" for name, path in PAGES.items()}


def visible_paths():
    """Those of the pages of `PAGES` that are visible."""
    return Page.objects.visible(Slot("at")).filter(path__in=PAGES.values()).values_list("path")
