"""A further word of an author that the team reads before its recipient does: passed on, word by word, by somebody who has read it."""

from django.db import transaction

from contacts.actions import letters
from contacts.actions.steps import ConversationRefused, lock, move, note
from contacts.enums import Stage
from contacts.rules import conversations as rules


def kept_back(conversation):
    """Words meant for the recipient that the team reads first, and that nobody has passed on."""
    passable = rules.is_open(conversation) and conversation.relayed_at and conversation.recipient_id and not conversation.introduced_at
    return conversation.messages.filter(read_first=True, to_recipient=False) if passable else conversation.messages.none()


def unread(conversation):
    """Those of `kept_back` that nobody of the team has looked at yet, nor answered."""
    return list(kept_back(conversation)) if rules.is_read_first(conversation) else []


@transaction.atomic
def pass_on(*, conversation, word, actor, at):
    """The recipient reads a word that was kept back, and has to answer. Raises `ConversationRefused` for any other."""
    lock(conversation)
    message = kept_back(conversation).filter(pk=word).first() if word.isdecimal() and len(word) < 18 else None
    if message is None:
        raise ConversationRefused("Ce mot n’attend pas, ou plus, d’être transmis.")
    note(conversation, at, "Mot relu par l’équipe, et transmis au destinataire", actor)
    _tell(conversation, message, at)
    conversation.adviser, conversation.with_team, conversation.waiting_since = actor, False, at
    return move(conversation, Stage.WAITING, at)


def after_answer(conversation, words, at):
    """The recipient has answered before the team had read these: it still reads them first, unless both know each other by now."""
    if not words or not rules.is_open(conversation):
        return
    if conversation.introduced_at:
        for message in words:
            _tell(conversation, message, at)
        return
    conversation.with_team = True
    conversation.save(update_fields=["with_team"])


def _tell(conversation, message, at):
    message.to_recipient = True
    message.save(update_fields=["to_recipient"])
    letters.to_recipient(conversation, "more_recipient", at, key=str(message.pk), said=letters.mail.quote(message.text))
