"""Proposing a dwelling without an account: choose a kind, write, look, send. Public pages that set no cookie."""

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from core import told
from core.announced import rules
from core.announced.writing import BEGUN
from core.private import private, without_account
from core.requests import client_address
from housing.enums import MARKERS, DwellingKind
from housing.forms import PublishForm
from housing.keep import PAGES
from housing.preview import CODES, shown

KINDS = {code: kind for kind, code in CODES.items()}
DEFINITIONS = {
    DwellingKind.ROOM: "Chez vous, avec une cuisine et une salle d’eau à partager ou non. C’est le formulaire le plus court.",
    DwellingKind.STUDIO: "Une pièce avec sa cuisine et sa salle d’eau.",
    DwellingKind.FLAT: "Deux pièces ou plus.",
    DwellingKind.HOUSE: "Entière, pour une famille ou plusieurs internes.",
    DwellingKind.RESIDENCE: "Plusieurs chambres identiques\u00a0: internat, résidence, maison des internes.",
    DwellingKind.SHARED: "Une chambre dans un logement que plusieurs louent.",
}


@without_account
def choose(request):
    """The kinds of dwelling; or, after a first save, what to do next."""
    done = told.word(request)
    kinds = [
        {"url": reverse("housing:publish_write", args=[CODES[kind]]), "label": kind.label, "definition": text, "marker": MARKERS[kind]}
        for kind, text in DEFINITIONS.items()
    ]
    context = {
        "kinds": kinds,
        "done": done if done in BEGUN else "",
        "title": BEGUN.get(done, "Proposer un logement"),
        "words": PAGES.words,
        "publish_url": reverse("housing:publish"),
        "unconfirmed_days": rules.UNCONFIRMED_DAYS,
        "robots": "noindex" if done else "",
    }
    return render(request, "housing/publish_choose.html", context)


@without_account
def write(request, code):
    """The form of one kind. The button says what is done with what was written; nothing of it is ever lost."""
    if code not in KINDS:
        raise Http404
    return PAGES.write(
        request,
        lambda data, act: PublishForm(data, kind=KINDS[code], act=act, machine=client_address(request)),
        "housing/publish.html",
        lambda form: {"kind": kind_of(form.asked)},
    )


def kind_of(kind):
    """What the template of the form reads of a kind."""
    return {"label": kind.label, "definition": DEFINITIONS[kind]}


@csrf_exempt
@require_POST
def meter(request):
    """The quality meter and the preview of what is being written; nothing is kept."""
    form = PublishForm(request.POST, kind=KINDS.get(request.GET.get("type", ""), DwellingKind.ROOM))
    form.full_clean()
    return private(render(request, "core/announced/_live.html", {**shown(form, ""), "words": PAGES.words}))


@require_safe
def charter(request):
    """What hosts promise."""
    return render(request, "housing/charter.html")
