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


@transaction.atomic
def pass_on(*, conversation, word, actor, at):
    """The recipient reads a word that was kept back, and has to answer. Raises `ConversationRefused` for any other."""
    lock(conversation)
    message = kept_back(conversation).filter(pk=word).first() if word.isdecimal() and len(word) < 18 else None
    if message is None:
        raise ConversationRefused("Ce mot n’attend pas, ou plus, d’être transmis.")
    message.to_recipient = True
    message.save(update_fields=["to_recipient"])
    note(conversation, at, "Mot relu par l’équipe, et transmis au destinataire", actor)
    letters.to_recipient(conversation, "more_recipient", at, key=str(message.pk), said=letters.mail.quote(message.text))
    conversation.adviser, conversation.with_team, conversation.waiting_since = actor, False, at
    return move(conversation, Stage.WAITING, at)
