"""A confidential offer is public in the words that its doctor has read: the team shows them, the doctor agrees (N23)."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from core import mail
from core.links import absolute
from core.models import Mail
from opportunities import rules
from opportunities.actions.life import LIFE, TransitionRefused
from opportunities.models import Opportunity

REMIND_AFTER = timedelta(days=5)
"""A doctor who was asked for their agreement, and says nothing, is reminded once."""


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
    if Opportunity.objects.filter(pk=offer.pk).exclude(text_agreed=digest).update(text_agreed=digest):
        mail.post(
            event=f"{LIFE.event('agreed', offer)}:{at:%Y%m%dT%H%M%S}",
            recipient=settings.CONTACT_EMAIL,
            template="opportunities/mail/agreed.txt",
            context={"offer": offer, "screen_url": absolute(reverse("admin:opportunities_opportunity_change", args=[offer.pk]))},
            reason="vous êtes de l’équipe, et une annonce confidentielle attend d’être publiée",
            about=offer,
            at=at,
        )
    return offer


def remind_doctors(*, at):
    """Remind doctors who have not said for five days whether a text is theirs; returns how many messages were written."""
    return sum(_remind(pk, at) for pk in list(_silent(at).values_list("pk", flat=True)))


def _silent(at):
    return Opportunity.objects.filter(is_confidential=True, closed_at__isnull=True).exclude(contact_email="").order_by("pk")


@transaction.atomic
def _remind(pk, at):
    offer = _silent(at).select_for_update(skip_locked=True, of=("self",)).filter(pk=pk).first()
    if offer is None or not rules.may_agree(offer):
        return False
    asked, again = (Q(event__startswith=f"{LIFE.event(step, offer)}:") for step in ("agree", "agree_again"))
    last = Mail.objects.filter(asked | again).order_by("-created_at", "-pk").first()
    if last is None or last.created_at > at - REMIND_AFTER or last.event.startswith(LIFE.event("agree_again", offer)):
        return False
    LIFE.tell(offer, "agree_again", at)
    return True
