"""What the publisher of an offer does through a private link, and what a reader reports: pages without an account.

Neither sets a cookie. The link itself is what allows: it is signed, for this purpose, for two months, and a new `link_key` makes it
void. So these POSTs need no token against forgery: a page elsewhere does not know the link.
"""

from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from core import signed
from core.enums import MailState
from core.requests import client_address
from opportunities import actions, freshness, presenters
from opportunities.enums import TRANSITIONS, State
from opportunities.forms import ReportForm
from opportunities.models import Opportunity

OFFERS = Opportunity.objects.with_page().select_related("kind", "commune__epci")
BUTTONS = {
    "confirm": (State.PUBLISHED, "Oui, elle tient toujours"),
    "fill": (State.FILLED, "Elle est pourvue"),
    "pause": (State.PAUSED, "La mettre en pause"),
    "publish": (State.PUBLISHED, "La remettre en ligne"),
}
"""Verb, the state it leads to, and what its button says."""
DONE = {
    "confirm": "C’est noté\u00a0: les lecteurs voient que l’offre est confirmée d’aujourd’hui.",
    "fill": "C’est noté\u00a0: l’offre a quitté les listes. Bonne nouvelle pour les patients.",
    "pause": "L’offre est en pause. Le même lien la remet en ligne.",
    "publish": "L’offre est de nouveau en ligne.",
    "link": "Un nouveau lien part à l’adresse du contact de l’offre, une fois par jour au plus.",
}


THANKS = {
    "annonceur": "Merci. L’annonceur est interrogé dès maintenant. S’il ne répond pas sous deux jours, l’équipe regarde l’offre elle-même.",
    "equipe": "Merci. L’équipe regarde l’offre elle-même.",
}
"""What a reader is told, by who was asked."""


def buttons(offer):
    """The verbs that the state of the offer allows, as `(verb, label)`."""
    if offer.state == State.PUBLISHED:
        return [(verb, BUTTONS[verb][1]) for verb in ("confirm", "fill", "pause")]
    allowed = TRANSITIONS[State(offer.state)]
    # What the team took away, or what found its doctor, comes back through the team.
    ours = offer.state not in (State.WITHDRAWN, State.FILLED)
    return [(verb, BUTTONS[verb][1]) for verb in ("publish", "fill") if ours and BUTTONS[verb][0] in allowed]


def done(offer, verb):
    """What was just done, if the offer still stands so."""
    return DONE[verb] if verb in BUTTONS and offer.state == BUTTONS[verb][0] else ""


def private(response):
    """Of nobody else: no index, no copy, and no site that we lead to learns the address."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def offer_keep(request, token):
    """The publisher's page: a GET shows the offer and its buttons, a POST does what one of them says."""
    try:
        offer = signed.read(freshness.PURPOSE, token, OFFERS, freshness.LIFETIME)
    except signed.LinkExpired as expired:
        return private(_expired(request, expired.row))
    except signed.LinkRefused:
        return private(render(request, "opportunities/keep.html", {"refused": True, "robots": "noindex"}, status=404))
    problems = []
    if request.method == "POST":
        verb = request.POST.get("verb", "")
        if verb in dict(buttons(offer)):
            try:
                _perform(offer, verb, request.POST.get("how", ""))
            except actions.TransitionRefused as refusal:
                problems = refusal.messages
            else:
                return private(HttpResponseRedirect(f"{request.path}?fait={verb}"))
        else:
            problems = [f"L’offre est maintenant {offer.get_state_display()}\u00a0: ce bouton n’a plus d’effet."]
    now = timezone.now()
    context = {
        "offer": offer,
        "card": presenters.card(offer, offer.kind, now),
        "buttons": buttons(offer),
        "done": done(offer, request.GET.get("fait", "")) if not problems else "",
        "problems": problems,
        "robots": "noindex",
    }
    return private(render(request, "opportunities/keep.html", context))


def _perform(offer, verb, how):
    at = timezone.now()
    if verb == "fill":
        actions.fill(offer=offer, at=at, reason=how.replace("\0", "").strip()[:300])
    else:
        actions.VERBS[verb](offer=offer, at=at)


def _expired(request, offer):
    """A link that was right, once. The fresh one goes to the contact of the offer, whoever asks for it."""
    context = {"expired": True, "robots": "noindex"}
    if request.method == "POST":
        sent = freshness.send_fresh_link(offer=offer, at=timezone.now())
        known = sent is not None and sent.state not in (MailState.FAILED, MailState.DROPPED)
        context |= {"done": DONE["link"] if known else "", "unreachable": not known}
    return render(request, "opportunities/keep.html", context, status=410)


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def offer_report(request, pk):
    """A reader says what is no longer true of an offer, without an account and without an address if they like."""
    offer = get_object_or_404(Opportunity.objects.visible(timezone.now()).select_related("kind", "commune__epci"), pk=pk)
    form = ReportForm(request.POST or None, machine=client_address(request))
    if request.method == "POST" and form.is_valid():
        asked = form.save(offer).asked
        page = reverse("opportunities:offer_report", args=[pk])
        return HttpResponseRedirect(f"{page}?fait={'annonceur' if asked else 'equipe'}")
    done = THANKS.get(request.GET.get("fait", "")) if request.method != "POST" else None
    context = {"offer": offer, "form": form, "done": done, "robots": "noindex"}
    return private(render(request, "opportunities/report.html", context))
