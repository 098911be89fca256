"""What a conversation is about has another contact: the conversation is theirs, and both sides read where it stands."""

from django.db import transaction

from contacts.actions import letters
from contacts.actions.conversations import address_of, contact_of, pass_on
from contacts.actions.steps import announced, lock, note, stamp
from contacts.enums import Handover, Outcome, Reply, Side, Stage
from contacts.models import Conversation, Recipient
from contacts.rules import conversations as rules
from core.models import new_link_key


@transaction.atomic
def redirect(*, conversation, at):
    """The conversation follows a new address, links of the former one are void. Returns whether it moved.

    What nobody has answered is passed on again, and what the team has because the former address refused mail leaves at last; of the
    rest the new contact reads what happened so far.
    """
    lock(conversation)
    address = address_of(conversation)
    if not address or not Conversation.objects.misdirected().filter(pk=conversation.pk).exists():
        return False
    conversation.recipient = Recipient.objects.get_or_create(email=address)[0]
    conversation.answer_key = new_link_key()
    if conversation.stage == Stage.WAITING:
        conversation.waiting_since = at
    conversation.save()
    for disclosure in conversation.disclosures.filter(told_at__isnull=True):
        disclosure.link_key, disclosure.doctor_agreed_at = new_link_key(), None
        disclosure.save(update_fields=["link_key", "doctor_agreed_at"])
    note(conversation, at, "L’adresse du destinataire a changé\u00a0: la conversation suit la nouvelle")
    if conversation.relayed_at:
        _tell(conversation, at)
    elif conversation.stage == Stage.ADVISER and conversation.handover == Handover.UNREACHABLE:
        _pass_on(conversation, at)
    return True


def _pass_on(conversation, at):
    """What was never passed on leaves, with a new receipt, as long as what it is about holds."""
    if rules.what_became(announced(conversation), at):
        return
    conversation.handover, conversation.with_team, conversation.waiting_since = Handover.NONE, False, at
    pass_on(conversation, at)


def _tell(conversation, at):
    said = conversation.messages.filter(to_recipient=True)
    if conversation.stage == Stage.WAITING and not said.exists():
        late, away = rules.deadline(conversation), rules.away_until(conversation)
        letters.to_recipient(conversation, "relay", at, key=stamp(at), late=late, away=away)
        return
    question = said.filter(side=Side.RECIPIENT, answer=Reply.QUESTION).last()
    word = said.filter(side=Side.SENDER).last()
    letters.to_recipient(
        conversation,
        "redirected",
        at,
        key=stamp(at),
        question=letters.mail.quote(question.text) if question and question.text else "",
        word=letters.mail.quote(word.text) if word else "",
        is_booked=conversation.outcome == Outcome.BOOKED,
    )
    if conversation.introduced_at:
        letters.to_sender(conversation, "redirected_sender", at, key=stamp(at), contact=contact_of(conversation))
