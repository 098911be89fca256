"""Publishing an offer without an account: choose a kind, write, look, send. Public pages that set no cookie."""

from copy import copy
from dataclasses import replace

from django.forms.utils import ErrorDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from core import known, told
from core.private import private, without_account
from core.requests import client_address
from opportunities import actions, presenters, quality, rules
from opportunities.enums import LocationPrecision
from opportunities.forms import PublishForm, SuccessionForm
from opportunities.models import OpportunityKind
from opportunities.private_link import keep_path

SUCCESSION = "succession"
"""Code of the kind of offer that may be written in confidence here."""
DONE = {
    "brouillon": "Votre brouillon est gardé.",
    "envoi": "Encore un geste\u00a0: confirmez votre adresse.",
    "efface": "Le brouillon est effacé.",
}


@without_account
def choose(request):
    """The kinds of offer, each with its definition; or, after a first save, what to do next."""
    done = told.word(request)
    context = {
        "kinds": OpportunityKind.objects.filter(active=True),
        "done": done if done in DONE else "",
        "title": DONE.get(done, "Publier une offre"),
        "unconfirmed_days": rules.UNCONFIRMED_DAYS,
        "robots": "noindex" if done else "",
    }
    return render(request, "opportunities/publish_choose.html", context)


@without_account
def write(request, code):
    """The form of one kind. The button says what is done with what was written; nothing of it is ever lost."""
    kind = get_object_or_404(OpportunityKind.objects.filter(active=True), code=code)
    return _write(request, kind, PublishForm, "opportunities/publish.html")


@without_account
def succession(request):
    """The same for a doctor who looks for a successor in confidence (N23, journey 4)."""
    kind = get_object_or_404(OpportunityKind.objects.filter(active=True), code=SUCCESSION)
    return _write(request, kind, SuccessionForm, "opportunities/succession.html")


def _write(request, kind, form_class, template):
    act = request.POST.get("act", "")
    if request.method != "POST":
        form = form_class(kind=kind)
    else:
        form = form_class(request.POST, kind=kind, act=act, machine=client_address(request))
        if act == "type":  # only the fields change
            as_typed(form)
        elif form.is_valid() and act in ("brouillon", "envoyer"):
            try:
                return _kept(request, form, send=act == "envoyer")
            except actions.TransitionRefused as refusal:
                form.add_error(None, refusal.messages)
    context = {
        "form": form,
        "kind": form.asked,
        "is_succession": form.asked.code == SUCCESSION,
        "publish_url": reverse("opportunities:publish"),
        "unconfirmed_days": rules.UNCONFIRMED_DAYS,
        "robots": "noindex" if form.is_bound else "",
    }
    return render(request, template, context | shown(form, act))


def as_typed(form):
    """Read what was typed, and say nothing about it."""
    form.full_clean()
    form._errors = ErrorDict()


def _kept(request, form, *, send):
    """Keep the draft and lead on: to the private page for a browser that confirmed this address, else to the mail that was sent."""
    email = form.cleaned_data["contact_email"]
    confirmed = known.knows(request, email)
    offer = actions.begin(offer=form.instance, confirmed=confirmed, send=send, at=timezone.now())
    form.count()
    if confirmed:
        return told.redirect(keep_path(offer), "submit" if send else "draft")
    return told.redirect(reverse("opportunities:publish"), "envoi" if send else "brouillon")


def shown(form, act):
    """What the page shows beside the form: the quality meter, and the offer as a doctor will see it, unfolded when asked."""
    asked = act == "apercu" and form.errors is not None  # asking for the errors reads the form
    return {"meter": quality.meter(form.instance), "preview": preview(form.instance), "preview_asked": asked}


def preview(offer):
    """The card and the facts of an offer that may not be stored yet."""
    offer = copy(offer)
    offer.pk = offer.pk or 0
    card = presenters.card(offer, offer.kind, timezone.now())
    return {
        "card": replace(
            card, url="#apercu", title=card.title or "Sans titre", closed="", freshness="Confirmée à la publication", is_old=False
        ),
        "summary": offer.summary,
        "sections": presenters.sections(offer),
        "paragraphs": [text for text in (part.strip() for part in offer.description.split("\n")) if text],
        "discreet_place": offer.location_precision == LocationPrecision.EPCI,
        "in_confidence": offer.is_confidential,
        "warnings": rules.wording_for_publisher(offer),
    }


@csrf_exempt
@require_POST
def meter(request):
    """The quality meter and the preview of what is being written; nothing is kept.

    The address says which form it is; the kind that was typed, where there is such a field, counts before that of the page.
    """
    code = request.POST.get("kind") or request.GET.get("type", "")
    kind = OpportunityKind.objects.filter(code=code.replace("\0", "")).first()
    kind = kind or OpportunityKind.objects.filter(active=True).first()
    form = (SuccessionForm if request.GET.get("confiance") else PublishForm)(request.POST, kind=kind)
    form.full_clean()
    return private(render(request, "opportunities/_live.html", {"meter": quality.meter(form.instance), "preview": preview(form.instance)}))
