"""What the publisher of an offer does through a private link, and what a reader reports: pages without an account.

Neither sets a cookie.
"""

from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from core.private import opened_by, private, without_account
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


@opened_by(
    freshness.PURPOSE,
    lambda: OFFERS,
    freshness.LIFETIME,
    what="votre offre",
    fresh=lambda row, at: freshness.send_fresh_link(offer=row, at=at),
)
def offer_keep(request, offer):
    """The publisher's page: a GET shows the offer and its buttons, a POST does what one of them says."""
    problems = []
    if request.method == "POST":
        verb = request.POST.get("verb", "")
        if verb in dict(buttons(offer)):
            try:
                _perform(offer, verb, request.POST.get("how", ""))
            except actions.TransitionRefused as refusal:
                problems = refusal.messages
            else:
                return HttpResponseRedirect(f"{request.path}?fait={verb}")
        else:
            problems = [f"L’offre est maintenant {offer.get_state_display()}\u00a0: ce bouton n’a plus d’effet."]
    now = timezone.now()
    context = {
        "offer": offer,
        "token": request.resolver_match.kwargs["token"],
        "card": presenters.card(offer, offer.kind, now),
        "buttons": buttons(offer),
        "done": done(offer, request.GET.get("fait", "")) if not problems else "",
        "problems": problems,
        "robots": "noindex",
    }
    return render(request, "opportunities/keep.html", context)


def _perform(offer, verb, how):
    at = timezone.now()
    if verb == "fill":
        actions.fill(offer=offer, at=at, reason=how.replace("\0", "").strip()[:300])
    else:
        actions.VERBS[verb](offer=offer, at=at)


@without_account
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
