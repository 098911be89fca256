"""Publishing an offer without an account: choose a kind, write, look, send. Public pages that set no cookie."""

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from core import told
from core.announced.writing import BEGUN
from core.private import private, without_account
from core.requests import client_address
from opportunities import quality, rules
from opportunities.forms import PublishForm, SuccessionForm
from opportunities.keep import PAGES
from opportunities.models import OpportunityKind
from opportunities.preview import PREVIEW, preview

SUCCESSION = "succession"
"""Code of the kind of offer that may be written in confidence here."""


@without_account
def choose(request):
    """The kinds of offer, each with its definition; or, after a first save, what to do next."""
    done = told.word(request)
    context = {
        "kinds": OpportunityKind.objects.filter(active=True),
        "done": done if done in BEGUN else "",
        "title": BEGUN.get(done, "Publier une offre"),
        "words": PAGES.words,
        "publish_url": reverse("opportunities:publish"),
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
    return PAGES.write(
        request,
        lambda data, act: form_class(data, kind=kind, act=act, machine=client_address(request)),
        template,
        lambda form: {"kind": form.asked, "is_succession": form.asked.code == SUCCESSION},
    )


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
    context = {"meter": quality.meter(form.instance), "preview": preview(form.instance), "preview_template": PREVIEW, "words": PAGES.words}
    return private(render(request, "core/announced/_live.html", context))
