"""Steps of confidence: proposed by the adviser, agreed by both, told then, and written down (N23).

Nothing of a step is told before both have agreed; who declines says so once, and the other learns only that it goes no further.
"""

from django.db import transaction

from contacts.actions import conversations as verbs
from contacts.actions import letters, steps
from contacts.actions.steps import ConversationRefused
from contacts.enums import DisclosureStep, Outcome, Side, Stage
from contacts.models import Disclosure
from contacts.rules import conversations as rules
from core.guard import ADDRESS, LINK, PHONE
from core.search import fold

CANDIDATE, DOCTOR = "contacts.disclose.candidate", "contacts.disclose.doctor"
"""Purposes of the links, one a side."""


def next_step(conversation):
    """The step that may be proposed now, or None: the one before was told, and none is waiting."""
    done = {one.step: one for one in conversation.disclosures.filter(declined_at__isnull=True)}
    if any(one.told_at is None for one in done.values()):
        return None
    return next((step for step in DisclosureStep if step not in done), None)


def waiting_url(conversation, side):
    """The page of the step that this side has not answered, or nothing."""
    mine = "candidate_agreed_at" if side == Side.SENDER else "doctor_agreed_at"
    waiting = conversation.disclosures.filter(told_at__isnull=True, declined_at__isnull=True, **{f"{mine}__isnull": True}).first()
    if waiting is None:
        return ""
    purpose, name = (CANDIDATE, "disclosure_candidate") if side == Side.SENDER else (DOCTOR, "disclosure_doctor")
    return letters.path_of(letters.page(purpose, name, waiting))


def profile_of(conversation):
    """What the doctor has read of a candidate, so that they know of whom a later step speaks."""
    told = conversation.disclosures.filter(step=DisclosureStep.PROFILE, told_at__isnull=False).first()
    return told.text if told else ""


@transaction.atomic
def propose(*, conversation, step, actor, at, text=""):
    """Ask both whether they agree to a step; `text` is the candidate's path in the words of the team, who read that it names nobody.

    Raises `ConversationRefused` out of order, outside of a confidential offer, or with a text that says who the candidate is.
    """
    steps.lock(conversation)
    if not conversation.offer or not conversation.offer.is_confidential or conversation.recipient is None:
        raise ConversationRefused("Ces étapes servent aux successions confidentielles, avec une adresse du médecin.")
    if not rules.is_open(conversation):
        raise ConversationRefused("Cette conversation est close.")
    if next_step(conversation) != step:
        raise ConversationRefused("Une étape attend une réponse, ou celle-ci n’est pas la suivante.")
    if step == DisclosureStep.PROFILE:
        _check_profile(conversation, text)
    disclosure = Disclosure.objects.create(conversation=conversation, step=step, actor=actor, text=text.strip(), proposed_at=at)
    steps.note(conversation, at, f"Étape proposée aux deux\u00a0: {disclosure.get_step_display()}", actor)
    what = {"what": disclosure.get_step_display(), "key": str(disclosure.pk)}
    url = letters.page(CANDIDATE, "disclosure_candidate", disclosure)
    letters.to_sender(conversation, "disclose_candidate", at, agree_url=url, **what)
    url = letters.page(DOCTOR, "disclosure_doctor", disclosure)
    letters.to_recipient(conversation, "disclose_doctor", at, agree_url=url, profile=letters.mail.quote(profile_of(conversation)), **what)
    return disclosure


def _check_profile(conversation, text):
    """The doctor learns the path of a candidate, not who it is: no part of the name, no address, no number."""
    if not text.strip():
        raise ConversationRefused("Écrivez le parcours du candidat, sans son nom\u00a0: le médecin et le candidat le liront tel quel.")
    words = set(fold(text).split())
    named = [part for part in fold(conversation.name).split() if len(part) > 2 and part in words]
    if named or any(pattern.search(text) for pattern in (LINK, ADDRESS, PHONE)):
        raise ConversationRefused("Ce texte dit qui est le candidat, ou comment le joindre. Ôtez son nom, ses adresses et ses numéros.")


@transaction.atomic
def send_again(*, disclosure, side, at):
    """The link of a step, again, to the side that asks for it: once a day at most."""
    conversation = disclosure.conversation
    key = f"{disclosure.pk}:{steps.day(at)}"
    if disclosure.told_at or disclosure.declined_at:
        return None
    if side == Side.SENDER:
        url = letters.page(CANDIDATE, "disclosure_candidate", disclosure)
        return letters.to_sender(conversation, "disclose_candidate", at, key=key, agree_url=url, what=disclosure.get_step_display())
    url = letters.page(DOCTOR, "disclosure_doctor", disclosure)
    profile = letters.mail.quote(profile_of(conversation))
    what = disclosure.get_step_display()
    return letters.to_recipient(conversation, "disclose_doctor", at, key=key, agree_url=url, profile=profile, what=what)


@transaction.atomic
def cancel(*, conversation, actor, at):
    """Take back the step that waits: nothing is told, and it may be proposed again. Raises `ConversationRefused` when none waits."""
    steps.lock(conversation)
    waiting = conversation.disclosures.filter(told_at__isnull=True, declined_at__isnull=True).first()
    if waiting is None:
        raise ConversationRefused("Aucune étape n’attend de réponse.")
    waiting.declined_at, waiting.declined_by = at, Side.ADVISER
    waiting.save()
    steps.note(conversation, at, f"Étape reprise par l’équipe\u00a0: {waiting.get_step_display()}", actor)
    return waiting


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
    steps.note(conversation, at, f"Étape acceptée par {WHO[side]}\u00a0: {disclosure.get_step_display()}")
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
    steps.note(conversation, at, f"Étape non acceptée\u00a0: {disclosure.get_step_display()}")
    letters.to_team(conversation, "disclosure_declined", at, key=str(disclosure.pk), what=disclosure.get_step_display(), who=WHO[side])
    return disclosure


WHO = {Side.SENDER: "le candidat", Side.RECIPIENT: "le médecin"}


def _lock(disclosure):
    """The conversation first, then the step: the order in which `propose` locks them."""
    steps.lock(disclosure.conversation)
    disclosure.refresh_from_db(from_queryset=Disclosure.objects.select_for_update(of=("self",)).select_related("conversation"))
    return disclosure.conversation


def _check(disclosure, conversation):
    offer = conversation.offer
    over = offer is None or not offer.is_confidential or offer.state in rules.OVER
    if over or disclosure.told_at or disclosure.declined_at or not rules.is_open(conversation):
        raise ConversationRefused("Cette étape a déjà sa réponse, ou la conversation est close.")


def _tell(disclosure, conversation, at):
    """What this step says, to whom it says it."""
    steps.note(conversation, at, f"Étape dite aux deux\u00a0: {disclosure.get_step_display()}")
    if disclosure.step == DisclosureStep.PROFILE:
        shown = [row for row in letters.facts(conversation) if row[0] != "Qui"]
        path = letters.mail.quote(disclosure.text)
        letters.to_recipient(conversation, "told_profile", at, key=str(disclosure.pk), shown=shown, path=path)
    elif disclosure.step == DisclosureStep.COMMUNE:
        letters.to_sender(conversation, "told_commune", at, commune=conversation.offer.commune.name)
    else:
        conversation.introduced_at, conversation.outcome = at, Outcome.INTERESTED
        conversation.relayed_at = conversation.relayed_at or at  # the doctor's page opens from now on
        steps.move(conversation, Stage.ANSWERED, at)
        letters.to_sender(conversation, "introduced_sender", at, contact=verbs.contact_of(conversation), said="")
        conversation.with_team = False
        conversation.save(update_fields=["with_team"])
        letters.to_recipient(conversation, "introduced_recipient", at)
