"""A confidential offer is public in the words that its doctor has read: the team shows them, the doctor agrees (N23)."""

from django.db import transaction

from opportunities import rules
from opportunities.actions.life import LIFE, TransitionRefused
from opportunities.models import Opportunity


@transaction.atomic
def ask_agreement(*, offer, actor=None, at):
    """Send the doctor the text as readers will see it, behind their private link. Raises `TransitionRefused`."""
    LIFE.lock(offer)
    if not rules.may_agree(offer):
        raise TransitionRefused("L’accord se demande pour une offre confidentielle qui n’est ni en ligne, ni close, ni déjà approuvée.")
    if not offer.contact_email:
        raise TransitionRefused("Cette offre n’a pas d’adresse\u00a0: appelez le médecin, puis notez-la.")
    later = ("is_confidential", "expires_at")  # what is asked for now, and what publishing sets
    problems = [problem for problem in rules.missing_for_publication(offer, at) if problem.field not in later]
    if problems:
        raise TransitionRefused(*dict.fromkeys(problem.message for problem in problems))
    LIFE.tell(offer, "agree", at)
    return offer


@transaction.atomic
def agree(*, offer, digest, at):
    """The doctor has read the text of this digest. Refused when somebody has changed it meanwhile: it is read again."""
    LIFE.lock(offer)
    if digest != rules.shown_digest(offer):
        raise TransitionRefused("Le texte a changé pendant que vous le lisiez. Le voici\u00a0: relisez-le.")
    offer.text_agreed = digest
    Opportunity.objects.filter(pk=offer.pk).update(text_agreed=digest)
    return offer
