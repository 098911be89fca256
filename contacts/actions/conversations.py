"""The life of a conversation. Each verb is one transaction on the stored row, which it locks; what it tells is written with it.

A refusal raises `ConversationRefused` and changes nothing. Times are arguments. Whoever is told something is told once: events of mail
carry the moment that they follow.
"""

from contextlib import suppress

from django.db import transaction

from contacts.actions import letters
from contacts.enums import Channel, Handover, Outcome, Reply, Side, Stage, Target
from contacts.models import Conversation, Message, Recipient
from contacts.rules import conversations as rules
from core.models import new_link_key
from opportunities import actions as offers
from opportunities.enums import State


class ConversationRefused(Exception):
    """The verb cannot be done now; the text says why, in French."""


# --- Writing ---------------------------------------------------------------------------------------


@transaction.atomic
def write(*, target, values, offer=None, partner=None, doubts="", confirmed=False, at):
    """Keep what somebody writes. It leaves once the address is confirmed, at once if this browser did so lately.

    `values` are the fields of the author; `doubts` says what makes the team read it first, in French. Returns the `Conversation`.
    """
    recent = Conversation.objects.flood(at).count()
    about = offer.title if offer else partner.usual_name if partner else "Équipe VSA"
    conversation = Conversation.objects.create(
        target=target, offer=offer, partner=partner, about=about, doubts=doubts[:300], created_at=at, moved_at=at, **values
    )
    if confirmed:
        return confirm(conversation=conversation, at=at)
    letters.to_sender(conversation, "confirm", at + rules.slowed(recent), confirm_url=letters.confirm_url(conversation))
    return conversation


@transaction.atomic
def send_fresh_confirmation(*, conversation, at):
    """The link that confirms, again, to the address that was given: once a day at most."""
    if conversation.stage != Stage.UNCONFIRMED or not conversation.email:
        return None
    return letters.to_sender(conversation, "confirm", at, key=f"{at:%Y%m%d}", confirm_url=letters.confirm_url(conversation))


@transaction.atomic
def send_fresh_link(*, conversation, side, at):
    """The page of one side, again, to the address that the portal knows: once a day at most."""
    tell = letters.to_sender if side == Side.SENDER else letters.to_recipient
    return tell(conversation, f"link_{side.value}", at, key=f"{at:%Y%m%d}") if conversation.email else None


@transaction.atomic
def confirm(*, conversation, at):
    """The address is its author's: the message leaves, or waits for the team when something is doubtful. A second time does nothing."""
    lock(conversation)
    if conversation.stage != Stage.UNCONFIRMED:
        return conversation
    conversation.confirmed_at = at
    if conversation.doubts:
        move(conversation, Stage.HELD, at)
        letters.to_sender(conversation, "held", at)
        return conversation
    return _pass_on(conversation, at)


@transaction.atomic
def release(*, conversation, actor, at):
    """Somebody of the team has read what was kept back: it leaves."""
    lock(conversation)
    if conversation.stage != Stage.HELD:
        raise ConversationRefused("Ce message n’est plus retenu.")
    conversation.adviser = actor
    return _pass_on(conversation, at)


@transaction.atomic
def refuse(*, conversation, actor, reason, at):
    """What was kept back is not passed on; its author is told why (DSA-01)."""
    lock(conversation)
    if conversation.stage != Stage.HELD:
        raise ConversationRefused("Ce message n’est plus retenu.")
    if not reason.strip():
        raise ConversationRefused("Écrivez le motif\u00a0: l’auteur le lira.")
    conversation.adviser = actor
    note(conversation, at, f"Non transmis\u00a0: {reason.strip()}", actor)
    close(conversation, Outcome.REFUSED, at)
    letters.to_sender(conversation, "refused", at, why=reason.strip())
    return conversation


def _pass_on(conversation, at):
    """To the recipient if they take messages now, else to the team; the author has a receipt either way."""
    if conversation.offer and conversation.offer.state in rules.OVER:
        close(conversation, Outcome.GONE, at)
        letters.to_sender(conversation, "gone", at, what=rules.OVER[conversation.offer.state])
        return conversation
    address = _address_of(conversation)
    recipient = Recipient.objects.get_or_create(email=address)[0] if address else None
    conversation.recipient = recipient
    handover = _handover(conversation, recipient, at)
    if handover != Handover.NONE:
        _to_team(conversation, handover, at)
    else:
        conversation.relayed_at = at
        conversation.waiting_since = rules.clock_starts(recipient, at)
        move(conversation, Stage.WAITING, at)
        letters.to_recipient(conversation, "relay", at)
    letters.to_sender(conversation, "receipt", at, stands=rules.stands(conversation), other=rules.other_side(conversation))
    return conversation


def _address_of(conversation):
    if conversation.target == Target.OFFER and conversation.offer:
        return conversation.offer.contact_email.strip().lower()
    if conversation.target == Target.PARTNER and conversation.partner:
        return conversation.partner.email.strip().lower()
    return ""


def _handover(conversation, recipient, at):
    """Why the team answers in place of the recipient, if it does."""
    if conversation.target == Target.ADVISER:
        return Handover.ADDRESSED
    if conversation.offer and conversation.offer.is_confidential:
        return Handover.CONFIDENTIAL
    if recipient is None:
        return Handover.NO_ADDRESS
    # Under the lock of the recipient: two messages at once cannot both be the last of the month.
    Recipient.objects.select_for_update().get(pk=recipient.pk)
    received = Conversation.objects.of_recipient(recipient).filter(relayed_at__gte=rules.month_of(at)).count()
    return rules.refusal_of(recipient, received)


def _to_team(conversation, handover, at):
    conversation.handover, conversation.handed_over_at = handover, at
    move(conversation, Stage.ADVISER, at)
    letters.to_team(conversation, "team", at, key=stamp(at))


# --- Answering -------------------------------------------------------------------------------------


@transaction.atomic
def answer(*, conversation, reply, at, text="", refusal=""):
    """What the recipient answers in one click. Interested: both learn the address of the other. Filled: the offer leaves the lists too."""
    lock(conversation)
    if not rules.is_open(conversation):
        raise ConversationRefused("Cette conversation est close\u00a0: votre réponse n’est pas partie.")
    reply = Reply(reply)
    if reply == Reply.FILLED and not conversation.offer:
        raise ConversationRefused("Seule une offre peut être pourvue.")
    if conversation.introduced_at and reply in (Reply.INTERESTED, Reply.QUESTION):
        raise ConversationRefused("Vos coordonnées sont déjà échangées\u00a0: écrivez-lui directement, ou ci-dessous.")
    add(conversation, Side.RECIPIENT, text, at, answer=reply)
    conversation.answered_at = conversation.answered_at or at
    shown = {"said": letters.mail.quote(text) if text.strip() else ""}
    if reply == Reply.INTERESTED:
        conversation.introduced_at, conversation.outcome = at, Outcome.INTERESTED
        move(conversation, Stage.ANSWERED, at)
        letters.to_sender(conversation, "introduced_sender", at, contact=contact_of(conversation), **shown)
        letters.to_recipient(conversation, "introduced_recipient", at)
    elif reply == Reply.QUESTION:
        conversation.waiting_since, conversation.outcome = at, Outcome.QUESTION
        move(conversation, Stage.ASKED, at)
        letters.to_sender(conversation, "question", at, key=stamp(at), **shown)
    elif reply == Reply.NO:
        conversation.refusal = refusal
        close(conversation, Outcome.NO, at)
        letters.to_sender(conversation, "no", at, why=conversation.get_refusal_display(), **shown)
    else:
        close(conversation, Outcome.FILLED, at)
        letters.to_sender(conversation, "filled", at, **shown)
        _fill(conversation, at)
    return conversation


def _fill(conversation, at):
    """The offer is filled in the same transaction, and everybody else who waits for an answer about it is told."""
    with suppress(offers.TransitionRefused):  # filled, or taken away, before this answer
        offers.declare_filled(offer=conversation.offer, at=at, note="dit en répondant à un message")
    for other in Conversation.objects.about_closed_offers([State.FILLED]).filter(offer=conversation.offer).order_by("pk"):
        tell_gone(conversation=other, at=at)


@transaction.atomic
def tell_gone(*, conversation, at):
    """The offer is over and nobody answered: its author is told, and the conversation closed."""
    lock(conversation)
    gone = conversation.offer and rules.OVER.get(conversation.offer.state)
    if conversation.stage not in (Stage.WAITING, Stage.ASKED) or not gone:
        return False
    close(conversation, Outcome.GONE, at)
    letters.to_sender(conversation, "gone", at, what=gone)
    return True


def contact_of(conversation):
    """How to reach the recipient, once they said they are interested: `(name, address, phone)`."""
    if conversation.target == Target.OFFER and conversation.offer:
        offer = conversation.offer
        return offer.contact_name or offer.organisation, conversation.recipient.email, offer.contact_phone
    partner = conversation.partner
    return conversation.about, conversation.recipient.email, partner.phone if partner else ""


@transaction.atomic
def say(*, conversation, side, text, at, channel=Channel.PAGE, actor=None, message_id=None):
    """A further message of one side, passed on to the other. Returns the `Message`, or None when this mail was read before.

    A reply by ordinary mail of the recipient is an answer like any other, but shows no address. Raises `ConversationRefused` when closed.
    """
    lock(conversation)
    if message_id and conversation.messages.filter(message_id=message_id).exists():
        return None
    if not rules.is_open(conversation):
        raise ConversationRefused("Cette conversation est close\u00a0: votre message n’est pas parti. Vous pouvez en écrire un nouveau.")
    if side == Side.RECIPIENT and rules.is_in_confidence(conversation):
        raise ConversationRefused("Cette annonce est confidentielle\u00a0: votre message n’est pas parti. L’équipe parle pour vous.")
    message = add(conversation, side, text, at, channel=channel, actor=actor, message_id=message_id)
    said = {"said": letters.mail.quote(text), "key": str(message.pk)}
    if side == Side.SENDER:
        _pass_further(conversation, said, at)
    elif side == Side.RECIPIENT:
        conversation.answered_at = conversation.answered_at or at
        conversation.outcome = conversation.outcome if conversation.introduced_at else Outcome.REPLIED
        move(conversation, Stage.ANSWERED, at)
        letters.to_sender(conversation, "more_sender", at, who=rules.other_side(conversation), **said)
    else:
        conversation.outcome = conversation.outcome if conversation.introduced_at else Outcome.HELPED
        conversation.adviser = actor or conversation.adviser
        move(conversation, Stage.ANSWERED, at)
        letters.to_sender(conversation, "more_sender", at, who="l’équipe VSA", **said)
    return message


def _pass_further(conversation, said, at):
    """A further word of the author, to whoever has the conversation; they have to answer, unless both know each other by now."""
    if rules.is_with_team(conversation):
        letters.to_team(conversation, "more_team", at, **said)
        move(conversation, Stage.ADVISER, at)
        return
    letters.to_recipient(conversation, "more_recipient", at, **said)
    if conversation.stage in (Stage.ASKED, Stage.ANSWERED) and not conversation.introduced_at:
        conversation.waiting_since = rules.clock_starts(conversation.recipient, at)
        conversation.stage = Stage.WAITING
    move(conversation, conversation.stage, at)


# --- Ends ------------------------------------------------------------------------------------------


@transaction.atomic
def hand_over(*, conversation, why, at, actor=None):
    """The team follows a conversation from now on: its author is told, the recipient may still answer."""
    lock(conversation)
    if conversation.stage not in (Stage.WAITING, Stage.ASKED, Stage.ANSWERED):
        return False
    conversation.handover, conversation.handed_over_at, conversation.adviser = why, at, actor or conversation.adviser
    move(conversation, Stage.ADVISER, at)
    letters.to_team(conversation, "team", at, key=stamp(at))
    letters.to_sender(conversation, "handed_over", at, key=stamp(at), why=conversation.get_handover_display())
    if why == Handover.SILENCE:
        letters.to_recipient(conversation, "handed_over_recipient", at, key=stamp(at))
    return True


@transaction.atomic
def withdraw(*, conversation, at):
    """Its author needs no answer any more; whoever has the message is told."""
    lock(conversation)
    if conversation.stage in (Stage.CLOSED, Stage.UNCONFIRMED):
        raise ConversationRefused("Cette conversation est déjà close.")
    told = conversation.relayed_at and not conversation.introduced_at and conversation.stage != Stage.ADVISER
    close(conversation, Outcome.WITHDRAWN, at)
    if told:
        letters.to_recipient(conversation, "withdrawn", at)
    return conversation


@transaction.atomic
def settle(*, conversation, actor, at):
    """The team has done what there was to do."""
    lock(conversation)
    if not rules.is_open(conversation):
        raise ConversationRefused("Cette conversation est déjà close.")
    conversation.adviser = actor
    return close(conversation, conversation.outcome or Outcome.HELPED, at)


@transaction.atomic
def revoke_links(*, conversation):
    """Make void every link and address sent so far."""
    lock(conversation)
    conversation.link_key = new_link_key()
    conversation.save(update_fields=["link_key"])


@transaction.atomic
def forget_unconfirmed(*, conversations):
    """Take away what nobody confirmed, with the message that asked for it; returns how many."""
    found = list(conversations.filter(stage=Stage.UNCONFIRMED).select_for_update(skip_locked=True, of=("self",)).order_by("pk"))
    for conversation in found:
        letters.mail.erase(about=conversation)
        conversation.delete()
    return len(found)


@transaction.atomic
def erase(*, conversation, at):
    """Forget who wrote and what; dates and outcome stay, for the figures."""
    lock(conversation)
    if conversation.stage != Stage.CLOSED:
        close(conversation, conversation.outcome or Outcome.LAPSED, at)
    for name in ("name", "email", "phone", "text", "doubts"):
        setattr(conversation, name, "")
    conversation.starts_on = conversation.ends_on = None
    conversation.erased_at, conversation.link_key = at, new_link_key()
    conversation.save()
    conversation.messages.update(text="", message_id=None)
    letters.mail.erase(about=conversation)
    return conversation


# --- What the verbs share --------------------------------------------------------------------------


def lock(conversation):
    """Reload the row under lock until the end of the transaction."""
    conversation.refresh_from_db(from_queryset=Conversation.objects.select_for_update(of=("self",)))


def stamp(at):
    """A moment as the key of an event."""
    return f"{at:%Y%m%dT%H%M%S}"


def move(conversation, stage, at):
    """Put a conversation into a stage."""
    conversation.stage, conversation.moved_at = stage, at
    conversation.save()
    return conversation


def close(conversation, outcome, at):
    """End a conversation in this way."""
    conversation.outcome, conversation.closed_at = outcome, at
    return move(conversation, Stage.CLOSED, at)


def add(conversation, side, text, at, **values):
    """Write a message down."""
    return Message.objects.create(conversation=conversation, side=side, text=text.strip(), written_at=at, **values)


def note(conversation, at, text, actor=None):
    """Write down what the portal did or learned; both the author and the team read it among the steps."""
    return add(conversation, Side.PORTAL, text, at, channel=Channel.AUTO, actor=actor)
