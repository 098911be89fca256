"""The buttons of an offer: which are offered in which state, and what pressing one does."""

from django.contrib import messages
from django.utils import timezone

from core import french
from core.french import NBSP
from opportunities import actions, rules
from opportunities.enums import REASON_REQUIRED, TRANSITIONS, State

TRANSITION_VERBS = [
    # verb, state entered, label, tone of the button
    ("publish", State.PUBLISHED, "Publier", "main"),
    ("pause", State.PAUSED, "Mettre en pause", ""),
    ("fill", State.FILLED, "Pourvue", ""),
    ("send_back", State.DRAFT, "Renvoyer en brouillon", ""),
    ("withdraw", State.WITHDRAWN, "Retirer", "danger"),
]
REPUBLISH_LABELS = {
    State.PAUSED: "Reprendre la publication",
    State.FILLED: "Publier de nouveau",
    State.EXPIRED: "Publier de nouveau",
    State.WITHDRAWN: "Publier de nouveau",
}

STAFF_VERBS = {**actions.VERBS, "ask_agreement": actions.ask_agreement}

DONE = {
    "submit": "remise à relire",
    "publish": "publiée",
    "pause": "mise en pause",
    "fill": "marquée pourvue",
    "withdraw": "retirée",
    "send_back": "renvoyée en brouillon",
    "extend": "prolongée",
    "confirm": "confirmée",
    "ask_agreement": "soumise à l’accord du médecin",
}
"""What has been done, to complete "L’offre est ..."."""


def buttons_of(offer):
    """The buttons allowed in the offer's state, in reading order: dictionaries for the template."""
    if offer is None:
        return [_button("publish", "Publier", "main")]
    allowed = TRANSITIONS[State(offer.state)]
    buttons = [
        _button(verb, REPUBLISH_LABELS.get(offer.state, label) if verb == "publish" else label, tone, needs_reason=state in REASON_REQUIRED)
        for verb, state, label, tone in TRANSITION_VERBS
        if state in allowed
    ]
    if offer.state == State.PUBLISHED:
        buttons.insert(0, _button("confirm", "Confirmer", "main"))
    elif rules.may_agree(offer):
        buttons.insert(0, _button("ask_agreement", "Demander l’accord du médecin", "main"))
    if offer.state in (State.PUBLISHED, State.PAUSED):
        buttons.insert(1, _button("extend", "Prolonger"))
    return buttons


def _button(verb, label, tone="", needs_reason=False):
    return {"verb": verb, "label": label, "tone": tone, "needs_reason": needs_reason}


def perform(request, offer, verb, **details):
    """Call the verb for the person of the request and tell them the outcome; returns whether it was done."""
    try:
        STAFF_VERBS[verb](offer=offer, actor=request.user, at=timezone.now(), **details)
    except actions.TransitionRefused as refusal:
        for text in refusal.messages:
            messages.error(request, text)
        return False
    messages.success(request, f"«{NBSP}{offer.title}{NBSP}» est {DONE[verb]}{_until(offer, verb)}.")
    return True


def _until(offer, verb):
    if verb in ("publish", "extend"):
        return f" jusqu’au {french.date(timezone.localtime(offer.expires_at))}"
    return ""
