"""Steps of confidence: proposed by the adviser, agreed by both, told then, and written down (N23).

Nothing of a step is told before both have agreed; who declines says so once, and the other learns only that it goes no further.
Whatever comes of a step gives the conversation back to the team, which speaks to both and proposes the next one.
"""

from datetime import timedelta

from django.db import transaction

from contacts.actions import conversations as verbs
from contacts.actions import letters, steps
from contacts.actions.steps import ConversationRefused
from contacts.enums import OPEN, DisclosureStep, Outcome, Side, Stage
from contacts.models import Conversation, Disclosure
from contacts.rules import conversations as rules
from core.enums import MailState
from core.guard import ADDRESS, LINK, PHONE
from core.models import Mail
from core.search import fold

CANDIDATE, DOCTOR = "contacts.disclose.candidate", "contacts.disclose.doctor"
"""Purposes of the links, one a side."""
REMINDER_DAYS, TEAM_DAYS = 3, 7
"""So long after a step reached somebody who says nothing they are reminded, once; then the team speaks to them."""


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
    if waiting is None or is_over(waiting, conversation):
        return ""
    purpose, name = (CANDIDATE, "disclosure_candidate") if side == Side.SENDER else (DOCTOR, "disclosure_doctor")
    return letters.path_of(letters.page(purpose, name, waiting))


def stands(conversation):
    """Where a conversation stands for its author (`rules.stands`); a step that waits for them goes first."""
    if not rules.is_in_confidence(conversation) or not waiting_url(conversation, Side.SENDER):
        return rules.stands(conversation)
    return "Une étape attend votre réponse", "L’équipe la propose au médecin et à vous. Rien n’est dit avant vos deux accords."


def whereabouts(conversation):
    """The commune of the practice, as `(label, value)`, once this candidate was told it."""
    offer = conversation.offer
    if not offer or not offer.is_confidential:
        return ()
    told = conversation.disclosures.filter(step=DisclosureStep.COMMUNE, told_at__isnull=False).exists()
    return (("Commune du cabinet", offer.commune.name),) if told else ()


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
    for side in WHO:
        _ask(disclosure, side, at, key=str(disclosure.pk))
    return disclosure


def _ask(disclosure, side, at, *, key, since=None):
    """The question to one side, with its link; `since` makes it a reminder."""
    conversation = disclosure.conversation
    said = {"key": key, "what": disclosure.get_step_display(), "since": since}
    if side == Side.SENDER:
        url = letters.page(CANDIDATE, "disclosure_candidate", disclosure)
        return letters.to_sender(conversation, "disclose_candidate", at, agree_url=url, **said)
    url = letters.page(DOCTOR, "disclosure_doctor", disclosure)
    return letters.to_recipient(
        conversation, "disclose_doctor", at, agree_url=url, profile=letters.mail.quote(profile_of(conversation)), **said
    )


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
    if disclosure.told_at or disclosure.declined_at:
        return None
    return _ask(disclosure, side, at, key=f"{disclosure.pk}:{steps.day(at)}")


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
    _to_team(disclosure, conversation, "disclosure_told", at)
    return True


@transaction.atomic
def decline(*, disclosure, side, at):
    """One of both does not want this step: nothing is told, the team sees it and speaks to both."""
    conversation = _lock(disclosure)
    _check(disclosure, conversation)
    disclosure.declined_at, disclosure.declined_by = at, side
    disclosure.save()
    steps.note(conversation, at, f"Étape non acceptée\u00a0: {disclosure.get_step_display()}")
    _to_team(disclosure, conversation, "disclosure_declined", at, who=WHO[side])
    return disclosure


def _to_team(disclosure, conversation, letter, at, side="", **said):
    """The team hears of it once (of each `side`), and has the conversation in its queue until the two are in touch. Whether it is new."""
    key = ":".join(filter(None, [str(disclosure.pk), side]))
    sent = letters.to_team(conversation, letter, at, key=key, what=disclosure.get_step_display(), **said)
    if sent.is_new and not conversation.introduced_at:
        conversation.with_team = True
        steps.move(conversation, Stage.ADVISER, at)
    return sent.is_new


def tell_withdrawn(conversation, at, **about):
    """The candidate ends an open conversation: the doctor hears it who was asked anything about them."""
    asked = conversation.disclosures.exclude(declined_by=Side.ADVISER).first()
    if asked is None or not rules.is_in_confidence(conversation):
        return None
    profile = letters.mail.quote(text) if (text := profile_of(conversation)) else ""
    return letters.to_recipient(conversation, "disclosure_withdrawn", at, since=asked.proposed_at, profile=profile, **about)


def unanswered(at):
    """Steps that wait long enough for a reminder."""
    waiting = Disclosure.objects.filter(told_at__isnull=True, declined_at__isnull=True, conversation__stage__in=OPEN)
    return waiting.filter(proposed_at__lte=at - timedelta(days=REMINDER_DAYS))


@transaction.atomic
def follow(pk, at):
    """Remind who says nothing to a step, then give it to the team; returns how many letters left."""
    step = Disclosure.objects.select_related("conversation__offer", "conversation__recipient").filter(pk=pk)
    held = Conversation.objects.select_for_update(skip_locked=True, of=("self",)).filter(disclosures=pk).first()
    disclosure = held and step.first()
    if not disclosure or is_over(disclosure, conversation := disclosure.conversation):
        return 0
    agreed = {Side.SENDER: disclosure.candidate_agreed_at, Side.RECIPIENT: disclosure.doctor_agreed_at}
    silent = {side: _asked_at(disclosure, side, at) for side in WHO if not agreed[side]}
    late = [side for side, since in silent.items() if since and rules.due_days(since, at, TEAM_DAYS)]
    due = [side for side, since in silent.items() if side not in late and since and rules.due_days(since, at, REMINDER_DAYS)]
    told = sum(_to_team(disclosure, conversation, "disclosure_silent", at, side=side, who=WHO[side]) for side in late)
    return told + sum(_remind(disclosure, side, at) for side in due)


def _remind(disclosure, side, at):
    sent = _ask(disclosure, side, at, key=f"{disclosure.pk}:rappel", since=disclosure.proposed_at)
    if sent.is_new:
        steps.note(disclosure.conversation, at, f"Étape rappelée, sans réponse de {WHO[side]}\u00a0: {disclosure.get_step_display()}")
    return sent.is_new


def _asked_at(disclosure, side, at):
    """Since when one side has been able to answer: None while our message waits; an absence of the doctor does not count."""
    conversation = disclosure.conversation
    letter, address = ("candidate", conversation.email) if side == Side.SENDER else ("doctor", conversation.recipient.email)
    event = f"contacts.disclose_{letter}:{conversation.pk}:{disclosure.pk}"
    asked = Mail.objects.filter(event=event, recipient_key=letters.mail.key_of(address)).first()
    if asked and asked.state == MailState.WAITING:
        return None
    since = asked.sent_at if asked and asked.sent_at else disclosure.proposed_at
    return since if side == Side.SENDER else rules.without_absence(conversation.recipient, since, at)


WHO = {Side.SENDER: "le candidat", Side.RECIPIENT: "le médecin"}


def _lock(disclosure):
    """The conversation first, then the step: the order in which `propose` locks them."""
    steps.lock(disclosure.conversation)
    disclosure.refresh_from_db(from_queryset=Disclosure.objects.select_for_update(of=("self",)).select_related("conversation"))
    return disclosure.conversation


def is_over(disclosure, conversation):
    """Whether a step waits for nobody any more: it has its answer, or what it is about has ended."""
    offer = conversation.offer
    over = offer is None or not offer.is_confidential or offer.state in rules.OVER
    return bool(over or disclosure.told_at or disclosure.declined_at or not rules.is_open(conversation))


def _check(disclosure, conversation):
    if is_over(disclosure, conversation):
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
        conversation.answered_at = conversation.answered_at or at
        steps.move(conversation, Stage.ANSWERED, at)
        letters.to_sender(conversation, "introduced_sender", at, contact=verbs.contact_of(conversation), said="")
        conversation.with_team = False
        conversation.save(update_fields=["with_team"])
        letters.to_recipient(conversation, "introduced_recipient", at)
