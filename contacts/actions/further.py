"""A further word of an author that the team reads before its recipient does: passed on, word by word, by somebody who has read it."""

from django.db import transaction

from contacts.actions import letters
from contacts.actions.steps import ConversationRefused, lock, move, note
from contacts.enums import Handover, Side, Stage
from contacts.rules import conversations as rules


def kept_back(conversation):
    """Words that came since one of them looked doubtful, and that the recipient has not read."""
    words = conversation.messages.filter(side=Side.SENDER, to_recipient=False).exclude(text="")
    passable = rules.is_open(conversation) and conversation.relayed_at and conversation.recipient_id and not conversation.introduced_at
    if not passable or conversation.handover != Handover.DOUBTFUL:
        return words.none()
    return words.filter(written_at__gte=conversation.handed_over_at)


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
