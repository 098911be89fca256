"""Steps of confidence: proposed by the adviser, agreed by both, told then, and written down (N23).

Nothing of a step is told before both have agreed; who declines says so once, and the other learns only that it goes no further.
"""

from django.db import transaction

from contacts.actions import conversations as verbs
from contacts.actions import letters
from contacts.enums import DisclosureStep, Outcome, Side, Stage
from contacts.models import Disclosure
from contacts.rules import conversations as rules

CANDIDATE, DOCTOR = "contacts.disclose.candidate", "contacts.disclose.doctor"
"""Purposes of the links, one a side."""


def next_step(conversation):
    """The step that may be proposed now, or None: the one before was told, and none is waiting."""
    done = {one.step: one for one in conversation.disclosures.filter(declined_at__isnull=True)}
    if any(one.told_at is None for one in done.values()):
        return None
    return next((step for step in DisclosureStep if step not in done), None)


@transaction.atomic
def propose(*, conversation, step, actor, at):
    """Ask both whether they agree to a step. Raises `ConversationRefused` out of order or outside of a confidential offer."""
    verbs.lock(conversation)
    if not conversation.offer or not conversation.offer.is_confidential or conversation.recipient is None:
        raise verbs.ConversationRefused("Ces étapes servent aux successions confidentielles, avec une adresse du médecin.")
    if not rules.is_open(conversation):
        raise verbs.ConversationRefused("Cette conversation est close.")
    if next_step(conversation) != step:
        raise verbs.ConversationRefused("Une étape attend une réponse, ou celle-ci n’est pas la suivante.")
    disclosure = Disclosure.objects.create(conversation=conversation, step=step, actor=actor, proposed_at=at)
    verbs.note(conversation, at, f"Étape proposée aux deux\u00a0: {disclosure.get_step_display()}", actor)
    what = {"what": disclosure.get_step_display(), "key": str(disclosure.pk)}
    url = letters.page(CANDIDATE, "disclosure_candidate", disclosure)
    letters.to_sender(conversation, "disclose_candidate", at, agree_url=url, **what)
    letters.to_recipient(conversation, "disclose_doctor", at, agree_url=letters.page(DOCTOR, "disclosure_doctor", disclosure), **what)
    return disclosure


@transaction.atomic
def agree(*, disclosure, side, at):
    """One of both agrees; once both have, the step is told. Returns whether it was told now."""
    conversation = _lock(disclosure)
    _check(disclosure, conversation)
    if side == Side.SENDER:
        disclosure.candidate_agreed_at = disclosure.candidate_agreed_at or at
    else:
        disclosure.doctor_agreed_at = disclosure.doctor_agreed_at or at
    disclosure.save()
    verbs.note(conversation, at, f"Étape acceptée par {WHO[side]}\u00a0: {disclosure.get_step_display()}")
    if disclosure.told_at or not (disclosure.candidate_agreed_at and disclosure.doctor_agreed_at):
        return False
    disclosure.told_at = at
    disclosure.save()
    _tell(disclosure, conversation, at)
    return True


@transaction.atomic
def decline(*, disclosure, side, at):
    """One of both does not want this step: nothing is told, the team sees it and speaks to both."""
    conversation = _lock(disclosure)
    _check(disclosure, conversation)
    disclosure.declined_at, disclosure.declined_by = at, side
    disclosure.save()
    verbs.note(conversation, at, f"Étape non acceptée\u00a0: {disclosure.get_step_display()}")
    letters.to_team(conversation, "disclosure_declined", at, key=str(disclosure.pk), what=disclosure.get_step_display(), who=WHO[side])
    return disclosure


WHO = {Side.SENDER: "le candidat", Side.RECIPIENT: "le médecin"}


def _lock(disclosure):
    """The conversation first, then the step: the order in which `propose` locks them."""
    verbs.lock(disclosure.conversation)
    disclosure.refresh_from_db(from_queryset=Disclosure.objects.select_for_update(of=("self",)).select_related("conversation"))
    return disclosure.conversation


def _check(disclosure, conversation):
    if disclosure.told_at or disclosure.declined_at or not rules.is_open(conversation):
        raise verbs.ConversationRefused("Cette étape a déjà sa réponse, ou la conversation est close.")


def _tell(disclosure, conversation, at):
    """What this step says, to whom it says it."""
    verbs.note(conversation, at, f"Étape dite aux deux\u00a0: {disclosure.get_step_display()}")
    if disclosure.step == DisclosureStep.PROFILE:
        shown = [row for row in letters.facts(conversation) if row[0] != "Qui"]
        letters.to_recipient(conversation, "told_profile", at, shown=shown)
    elif disclosure.step == DisclosureStep.COMMUNE:
        letters.to_sender(conversation, "told_commune", at, commune=conversation.offer.commune.name)
    else:
        conversation.introduced_at, conversation.outcome = at, Outcome.INTERESTED
        conversation.relayed_at = conversation.relayed_at or at  # the doctor's page opens from now on
        verbs.move(conversation, Stage.ANSWERED, at)
        letters.to_sender(conversation, "introduced_sender", at, contact=verbs.contact_of(conversation), said="")
        letters.to_recipient(conversation, "introduced_recipient", at)
