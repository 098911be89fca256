"""What may be asked of a page and of a redirect, and why not. Nothing here writes."""

from datetime import timedelta

from django.urls import Resolver404, resolve

from core.french import NBSP
from core.links import without_own_host
from pages.enums import RUBRIQUES

REVIEW_AFTER = timedelta(days=182)
"""Mission M19: a page that nobody has read again for six months is shown to staff."""
LEVELS = 5
"""Depth of the tree; beyond it an address is no longer read."""
LONGEST_PATH = 400
"""Characters of an address; what the database keeps."""
RESERVED = {"static", "media", "equipe"}
"""Beginnings of addresses that never are those of a page."""
HOPS = 10


def address_problem(path):
    """Why a page may not have this address (its path without outer slashes), or an empty text."""
    if path.count("/") >= LEVELS:
        return f"Cette page serait trop profonde{NBSP}: {LEVELS} niveaux au plus."
    if len(path) > LONGEST_PATH:
        return f"Cette adresse serait trop longue{NBSP}: {LONGEST_PATH} caractères au plus, pages du dessus comprises. Raccourcissez-la."
    if path.partition("/")[0] in RESERVED:
        return f"L’adresse /{path}/ est réservée au fonctionnement du portail."
    if path in RUBRIQUES:
        return ""
    try:
        found = resolve(f"/{path}/")
    except Resolver404:
        return f"L’adresse /{path}/ n’est pas lisible{NBSP}: minuscules sans accent, chiffres et tirets."
    if found.view_name != "pages:page":
        return f"L’adresse /{path}/ est déjà celle d’une autre partie du portail{NBSP}: choisissez-en une autre."
    return ""


def parent_problem(page, parent):
    """Why a page may not stand under another, or an empty text."""
    if parent is None or page.pk is None:
        return ""
    if parent.pk == page.pk or parent.path.startswith(f"{page.path}/"):
        return "Une page ne se range ni sous elle-même, ni sous une page qu’elle contient."
    return ""


def translation_problem(original, key, language):
    """Why the page of that key and language may not be called the translation of another, or an empty text."""
    if original is None:
        return ""
    if original.pk == key:
        return "Une page n’est pas la traduction d’elle-même."
    if original.language == language:
        return f"Ces deux pages sont dans la même langue{NBSP}: changez la langue de l’une, ou retirez ce lien."
    if original.translation_of_id:
        return "Choisissez la page d’origine, pas une de ses traductions."
    return ""


def redirect_problem(old_path, url, others):
    """Why a redirect may not be kept, or an empty text; `others` are the addresses of the manual ones by old path."""
    if not url:
        return ""
    seen, path = {old_path}, own_path(url)
    for _ in range(HOPS):
        if path is None:
            return ""
        if path in seen:
            return f"Cette redirection tourne en rond{NBSP}: /{old_path}/ finirait par se renvoyer à elle-même."
        seen.add(path)
        path = own_path(others[path]) if path in others else None
    return f"Trop de redirections à la suite{NBSP}: menez directement à la dernière adresse."


def own_path(url):
    """The path of an address of the portal without its outer slashes, or None for another site."""
    url = without_own_host(url)
    if not url.startswith("/") or url.startswith("//"):
        return None
    return url.partition("?")[0].partition("#")[0].strip("/")


def review_limit(today):
    """Pages read again before this day are to be read once more."""
    return today - REVIEW_AFTER
