"""The life of a conversation. Each verb is one transaction on the stored row, which it locks; what it tells is written with it.

A refusal raises `ConversationRefused` and changes nothing. Times are arguments. Whoever is told something is told once: events of mail
carry the moment that they follow.
"""

from contextlib import suppress
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from contacts.actions import further, letters, stays
from contacts.actions.steps import AGAIN, ConversationRefused, add, close, day, lock, move, note, stamp
from contacts.enums import IN_QUEUE, OPEN, Channel, Handover, Outcome, Reply, Side, Stage, Target
from contacts.models import Conversation, Recipient
from contacts.rules import conversations as rules
from contacts.rules import rooms as room_rules
from contacts.rules.what_next import what_next
from contacts.searches import told_as
from core.announced.life import TransitionRefused
from core.guard import suspicion
from core.jobs import defer_once
from housing import actions as housing
from opportunities import actions as offers

# --- Writing ---------------------------------------------------------------------------------------


@transaction.atomic
def write(*, target, values, offer=None, partner=None, dwelling=None, event=None, doubts="", confirmed=False, at):
    """Keep what somebody writes. It leaves once the address is confirmed, at once if this browser did so lately.

    `values` are the fields of the author; `doubts` says what makes the team read it first, in French. Returns the `Conversation`.
    """
    subject = {"target": target, "offer": offer, "partner": partner, "dwelling": dwelling, "event": event}
    twin = Conversation.objects.filter(**subject, **values)
    if found := twin.filter(created_at__gt=at - AGAIN, stage__in=(Stage.UNCONFIRMED, *OPEN, *IN_QUEUE)).first():
        return found  # a button pressed twice
    if not confirmed and not letters.mail.may_ask(values["email"], at):
        raise ConversationRefused(
            "Cette adresse a déjà reçu cinq liens à confirmer aujourd’hui. Ouvrez l’un d’eux, ou réessayez demain\u00a0: rien n’est perdu."
        )
    recent = Conversation.objects.flood(at).count()
    announced = offer or dwelling or event
    about = announced.title if announced else partner.usual_name if partner else "Équipe VSA"
    said = {"about": about, "told_as": told_as(event) if event else "", "doubts": doubts[:300]}
    conversation = Conversation.objects.create(**subject, **said, created_at=at, moved_at=at, **values)
    if confirmed:
        return confirm(conversation=conversation, at=at)
    letters.to_sender(conversation, "confirm", at + rules.slowed(recent), confirm_url=letters.confirm_url(conversation))
    return conversation


@transaction.atomic
def send_fresh_confirmation(*, conversation, at):
    """The link that confirms, again, to the address that was given: once a day at most. Who has confirmed receives their page."""
    if conversation.stage != Stage.UNCONFIRMED:
        return send_fresh_link(conversation=conversation, side=Side.SENDER, at=at)
    return letters.to_sender(conversation, "confirm", at, key=day(at), confirm_url=letters.confirm_url(conversation))


@transaction.atomic
def send_fresh_link(*, conversation, side, at):
    """The page of one side, again, to the address that the portal knows: once a day at most."""
    tell = letters.to_sender if side == Side.SENDER else letters.to_recipient
    return tell(conversation, f"link_{side.value}", at, key=day(at)) if conversation.email else None


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
        letters.to_team(conversation, "held_team", at)
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
    over = rules.what_became(conversation.offer or conversation.event, at)  # a room has its own way: `stays.ask`
    if over:
        close(conversation, Outcome.GONE, at)
        letters.to_sender(conversation, "gone", at, what=over, moment="avant le départ de votre message")
        return conversation
    if conversation.target == Target.ROOM and not stays.ask(conversation, at):
        return conversation
    return pass_on(conversation, at)


def pass_on(conversation, at):
    """To the recipient or to the team, with a receipt; a request for a room has asked for its stay, or taken the one proposed, before."""
    again = stamp(at) if conversation.waiting_since else ""  # it waited on a list before
    address = address_of(conversation)
    recipient = Recipient.objects.get_or_create(email=address)[0] if address else None
    conversation.recipient = recipient
    handover = _handover(conversation, recipient, at)
    if handover != Handover.NONE:
        to_team(conversation, handover, at)
    else:
        conversation.relayed_at = at
        conversation.waiting_since = at
        move(conversation, Stage.WAITING, at)
        late, away = rules.deadline(conversation), rules.away_until(conversation)
        letters.to_recipient(conversation, "relay", at, key=again, late=late, away=away)
    hidden = rules.while_hidden(conversation.offer, at)
    letters.to_sender(conversation, "receipt", at, key=again, stands=rules.stands(conversation), hidden=hidden)
    return conversation


def address_of(conversation):
    """Where messages about what a conversation is about go now; empty when the team receives them."""
    if conversation.target == Target.OFFER and conversation.offer:
        return conversation.offer.contact_email.strip().lower()
    if conversation.target == Target.ROOM and conversation.dwelling:
        return conversation.dwelling.contact_email.strip().lower()
    if conversation.target == Target.EVENT and conversation.event:
        return conversation.event.contact_email.strip().lower() if conversation.event.takes_messages else ""
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
    if Conversation.objects.out_of_reach(recipient, at):
        return Handover.UNREACHABLE
    # Under the lock of the recipient: two messages at once cannot both be the last of the month.
    Recipient.objects.select_for_update().get(pk=recipient.pk)
    received = Conversation.objects.of_recipient(recipient).filter(relayed_at__gte=rules.month_of(at)).count()
    return rules.refusal_of(recipient, received)


def to_team(conversation, handover, at):
    """The team has the conversation from now on, within the transaction of whoever gives it."""
    conversation.handover, conversation.handed_over_at, conversation.with_team = handover, at, True
    move(conversation, Stage.ADVISER, at)
    if handover != Handover.TAKEN:  # whoever takes a conversation knows
        letters.to_team(conversation, "team", at, key=stamp(at))


# --- Answering -------------------------------------------------------------------------------------


@transaction.atomic
def answer(*, conversation, reply, at, text="", refusal=""):
    """What the recipient answers in one click. Interested: both learn the address of the other. Filled: the offer leaves the lists too."""
    lock(conversation)
    reply = Reply(reply)
    _check_answer(conversation, reply, text)
    unread = further.unread(conversation)
    if reply == Reply.ACCEPTED:
        stays.accept(conversation, text, at)
    else:
        _answer(conversation, reply, text, refusal, at)
    further.after_answer(conversation, unread, at)
    return conversation


def _check_answer(conversation, reply, text):
    if not rules.is_open(conversation):
        raise ConversationRefused(f"{rules.why_not_open(conversation)}\u00a0: votre réponse n’est pas partie.")
    if conversation.introduced_at and reply in (Reply.INTERESTED, Reply.VISIT, Reply.QUESTION):
        raise ConversationRefused("Vos coordonnées sont déjà échangées\u00a0: écrivez-lui directement, ou ci-dessous.")
    if reply not in dict(rules.replies(conversation)):
        raise ConversationRefused("Cette réponse n’est pas, ou plus, possible ici.")
    if reply == Reply.CANCELLED and not text.strip():
        raise ConversationRefused("Dites pourquoi vous annulez\u00a0: la personne qui venait le lira.")


def _answer(conversation, reply, text, refusal, at):
    awaits_call = rules.awaits_call(conversation)
    add(conversation, Side.RECIPIENT, text, at, answer=reply, to_recipient=True)
    conversation.answered_at, conversation.with_team = conversation.answered_at or at, False
    conversation.relayed_at = conversation.relayed_at or at  # a host reads on their own page what the team received for them
    ANSWERS[reply](conversation, text, refusal, at)
    if awaits_call:
        conversation.closed_at, conversation.with_team = None, True
        move(conversation, Stage.ADVISER, at)


def _interested(conversation, text, refusal, at):
    conversation.introduced_at, conversation.outcome = at, Outcome.INTERESTED
    move(conversation, Stage.ANSWERED, at)
    then = what_next(conversation, timezone.localdate(at))
    days = {side: letters.calendar_url(conversation, side) if then and then.days else "" for side in (Side.SENDER, Side.RECIPIENT)}
    contact = contact_of(conversation)
    letters.to_sender(conversation, "introduced_sender", at, contact=contact, said=_said(text), next=then, calendar_url=days[Side.SENDER])
    letters.to_recipient(conversation, "introduced_recipient", at, next=then, calendar_url=days[Side.RECIPIENT])


def _question(conversation, text, refusal, at):
    conversation.waiting_since, conversation.outcome = at, Outcome.QUESTION
    move(conversation, Stage.ASKED, at)
    letters.to_sender(conversation, "question", at, key=stamp(at), said=_said(text))


def _no(conversation, text, refusal, at):
    conversation.refusal = refusal
    close(conversation, Outcome.NO, at)
    why, elsewhere = conversation.get_refusal_display(), stays.search_url(conversation, at)
    letters.to_sender(conversation, "no", at, why=why, search_url=elsewhere, said=_said(text))


def _filled(conversation, text, refusal, at):
    _fill(conversation, at)  # first: closing gives a room to the next of its waiting list while it is offered
    close(conversation, Outcome.FILLED, at)
    letters.to_sender(conversation, "filled", at, search_url=stays.search_url(conversation, at), said=_said(text))


def _said(text):
    return letters.mail.quote(text) if text.strip() else ""


SAID_SO = "dit en répondant à un message"
ANSWERS = {
    Reply.INTERESTED: _interested,
    Reply.VISIT: lambda conversation, text, refusal, at: stays.propose_visit(conversation, _said(text), at),
    Reply.QUESTION: _question,
    Reply.NO: _no,
    Reply.FILLED: _filled,
    Reply.CANCELLED: lambda conversation, text, refusal, at: stays.cancel(conversation, side=Side.RECIPIENT, reason=text.strip(), at=at),
}


def _fill(conversation, at):
    """What was announced is filled in the same transaction; everybody else who waits for an answer is told by the job that follows.

    Not here: two people who say so of two messages at once would each hold what the other waits for.
    """
    with suppress(TransitionRefused):  # filled, or taken away, before this answer
        if conversation.offer:
            offers.declare_filled(offer=conversation.offer, at=at, note=SAID_SO)
        elif conversation.dwelling:
            housing.declare_filled(dwelling=conversation.dwelling, at=at, note=SAID_SO)
    defer_once("contacts.tasks.chase")


def contact_of(conversation):
    """How to reach the recipient, once they said they are interested: `(name, address, phone)`."""
    if conversation.target == Target.ROOM:
        return stays.contact_of(conversation)
    if conversation.target == Target.OFFER and conversation.offer:
        offer = conversation.offer
        return offer.contact_name or offer.organisation, conversation.recipient.email, offer.contact_phone
    if conversation.target == Target.EVENT:
        return "", conversation.recipient.email, ""
    partner = conversation.partner
    return conversation.about, conversation.recipient.email, partner.phone if partner else ""


@transaction.atomic
def say(*, conversation, side, text, at, channel=Channel.PAGE, actor=None, message_id=None, keep=False):
    """A further message of one side, passed on to the other. Returns the `Message`, or None when this mail was read before.

    A reply by ordinary mail of the recipient is an answer like any other, but shows no address. With `keep`, a word of the team is no
    last one: the conversation stays among those that it follows. Raises `ConversationRefused` when closed.
    """
    lock(conversation)
    if message_id and conversation.messages.filter(message_id=message_id).exists():
        return None
    mine = conversation.messages.filter(side=side)
    if twin := mine.filter(text=text.strip(), written_at__gt=at - AGAIN).first():
        return twin  # a button pressed twice
    if not rules.is_open(conversation):
        raise ConversationRefused(
            f"{rules.why_not_open(conversation)}\u00a0: votre message n’est pas parti. Vous pouvez en écrire un nouveau."
        )
    if side == Side.RECIPIENT and rules.is_in_confidence(conversation):
        raise ConversationRefused("Cette annonce est confidentielle\u00a0: votre message n’est pas parti. L’équipe parle pour vous.")
    if side != Side.ADVISER and mine.filter(written_at__gt=at - timedelta(days=1)).count() >= rules.WORDS_A_DAY:
        raise ConversationRefused(
            "Beaucoup de messages en un jour\u00a0: celui-ci n’est pas parti. Reprenez demain, ou écrivez à l’équipe."
        )
    to_recipient = side == Side.RECIPIENT
    message = add(conversation, side, text, at, channel=channel, actor=actor, message_id=message_id, to_recipient=to_recipient)
    said = {"said": letters.mail.quote(text), "key": str(message.pk)}
    if side == Side.SENDER:
        _pass_further(conversation, message, said, at)
    elif side == Side.RECIPIENT:
        unread = further.unread(conversation)
        conversation.answered_at, conversation.with_team = conversation.answered_at or at, rules.keeps_team(conversation)
        conversation.outcome = conversation.outcome if conversation.introduced_at else Outcome.REPLIED
        move(conversation, Stage.ADVISER if conversation.with_team else Stage.ANSWERED, at)
        letters.to_sender(
            conversation, "more_sender", at, who=rules.other_side(conversation), undecided=room_rules.is_undecided(conversation), **said
        )
        further.after_answer(conversation, unread, at)
    else:
        conversation.outcome = conversation.outcome if conversation.introduced_at else Outcome.HELPED
        conversation.adviser, conversation.with_team = actor or conversation.adviser, True
        if conversation.handover == Handover.DOUBTFUL or (conversation.handover == Handover.ASKED_FOR and not keep):  # it is read
            conversation.handover = Handover.TAKEN
        if keep and conversation.stage != Stage.ADVISER:
            to_team(conversation, Handover.TAKEN, at)
        move(conversation, Stage.ADVISER if keep else Stage.ANSWERED, at)
        letters.to_sender(conversation, "more_sender", at, who="l’équipe VSA", undecided=False, **said)
    stays.await_yes(conversation, side, channel, at)
    return message


def _pass_further(conversation, message, said, at):
    """A further word of the author, to whoever has the conversation; they have to answer, unless both know each other by now.

    What looks doubtful goes to the team first, as a first message does.
    """
    if not rules.is_with_team(conversation) and not conversation.introduced_at and suspicion(message.text):
        conversation.with_team, conversation.handover, conversation.handed_over_at = True, Handover.DOUBTFUL, at
    if rules.is_with_team(conversation):
        message.read_first = rules.is_read_first(conversation)
        message.save(update_fields=["read_first"])
        letters.to_team(conversation, "more_team", at, **said)
        move(conversation, Stage.ADVISER, at)
        return
    message.to_recipient = True
    message.save(update_fields=["to_recipient"])
    letters.to_recipient(conversation, "more_recipient", at, **said)
    if conversation.stage in (Stage.ASKED, Stage.ANSWERED) and not conversation.introduced_at:
        conversation.waiting_since, conversation.stage = at, Stage.WAITING
    move(conversation, conversation.stage, at)


# --- Ends ------------------------------------------------------------------------------------------


@transaction.atomic
def hand_over(*, conversation, why, at, actor=None):
    """The team follows a conversation from now on: its author is told, the recipient may still answer. Returns whether it was so before."""
    lock(conversation)
    if conversation.stage not in (Stage.WAITING, Stage.ASKED, Stage.ANSWERED):
        return False
    conversation.adviser = actor or conversation.adviser
    to_team(conversation, why, at)
    key = stamp(at)
    if why != Handover.NO_AUTHOR:
        said = rules.named(conversation, conversation.get_handover_display())
        letters.to_sender(conversation, "handed_over", at, key=key, why=said)
    elif conversation.answered_at:  # whoever has answered thinks that they were read
        letters.to_recipient(conversation, "undelivered_recipient", at, key=key)
    if why in (Handover.SILENCE, Handover.UNDECIDED) and conversation.relayed_at:
        letters.to_recipient(conversation, "handed_over_recipient", at, key=key)
    return True


def ask_team(*, conversation, at, actor=None):
    """Its author, or somebody of the team, wants the team to follow a conversation. Raises `ConversationRefused` when it cannot."""
    if not hand_over(conversation=conversation, why=Handover.TAKEN if actor else Handover.ASKED_FOR, at=at, actor=actor):
        raise ConversationRefused(
            f"Cette conversation est maintenant dans l’état «\u00a0{conversation.get_stage_display()}\u00a0»\u00a0: rien n’a changé."
        )
