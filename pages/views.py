"""Public addresses of the editorial pages: the pages themselves, the glossary, the documents to download."""

import unicodedata
from itertools import groupby

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from core import prepared
from core.caching import stamp, versioned
from core.links import origin
from core.prepared import Slot
from opportunities.models import Opportunity
from pages import frame
from pages.models import Page, Redirect, Term
from pages.records import SHOWN

version = stamp(*SHOWN, also=Opportunity.objects.version)
"""What any page may show."""


@require_safe
@versioned(version)
def page(request, path):
    """A page, or where it has gone."""
    now = timezone.now()
    found = prepared.records(of_path, at=now, path=path)
    if not found:
        return moved(path)
    return render(request, "pages/page_detail.html", frame.context(found[0], at=now, site=origin(request)))


def of_path():
    """The visible page of one address, for `core.prepared`."""
    return Page.objects.visible(Slot("at")).defer("search_text", "search_vector", "supplied").filter(path=Slot("path"))


def moved(path):
    """The permanent redirect of an address that is no longer one, asked again each time: a page may take the address."""
    redirect = Redirect.objects.select_related("page").filter(old_path=path).first()
    if redirect is None or not redirect.is_open(timezone.now()):
        raise Http404
    response = HttpResponsePermanentRedirect(redirect.target())
    patch_cache_control(response, public=True, no_cache=True)
    return response


@require_safe
@versioned(stamp(Term))
def glossary(request):
    """Every term, by its first letter."""
    terms = sorted(Term.objects.all(), key=lambda term: folded(term.term))
    letters = [(letter, list(found)) for letter, found in groupby(terms, key=lambda term: folded(term.term)[:1].upper())]
    return render(request, "pages/glossary.html", {"letters": letters, "count": len(terms)})


def folded(text):
    """For alphabetical order: without accents nor case."""
    return "".join(char for char in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(char))


@require_safe
def document(request, key, name):
    """A document that a page offers, to download and never to run in the browser.

    Its key is random: one that is not published yet cannot be guessed.
    """
    path = f"documents/{key}/{name}.pdf"
    if not default_storage.exists(path):
        raise Http404
    response = FileResponse(default_storage.open(path), as_attachment=True, filename=f"{name}.pdf", content_type="application/pdf")
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'"
    response["Cache-Control"] = "public, max-age=86400"
    return response
