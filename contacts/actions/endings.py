"""How a conversation ends: withdrawn, settled, overtaken by its offer, erased. Whoever still waits is told."""

from datetime import timedelta

from django.db import transaction

from contacts.actions import disclosures, letters, stays
from contacts.actions.steps import ConversationRefused, announced, close, lock, move, note, stamp
from contacts.enums import Handover, Outcome, Side, Stage
from contacts.models import Afterword, Conversation
from contacts.rules import conversations as rules
from contacts.rules import days
from core import french
from core.models import new_link_key
from housing import actions as housing
from housing.models import Booking

COUNTED_ON = timedelta(days=60)
"""How long after an introduction without dates the other side still counts on whoever gives up."""


@transaction.atomic
def withdraw(*, conversation, at):
    """Its author needs no answer any more; whoever has the message is told."""
    lock(conversation)
    if conversation.stage in (Stage.CLOSED, Stage.UNCONFIRMED):
        raise ConversationRefused("Cette conversation est déjà close.")
    if conversation.outcome == Outcome.BOOKED:
        raise ConversationRefused("Votre séjour est confirmé\u00a0: annulez-le, en disant pourquoi.")
    told, with_team = _who_waits(conversation, at)
    close(conversation, Outcome.WITHDRAWN, at)
    if told:
        letters.to_recipient(conversation, "withdrawn", at)
    if with_team:
        letters.to_team(conversation, "withdrawn_team", at)
        disclosures.tell_withdrawn(conversation, at)
    return conversation


def _who_waits(conversation, at):
    """Whether the recipient, and whether the team, still count on something in a conversation that its author ends."""
    if conversation.introduced_at:
        theirs = not days.are_past(conversation, at) and at < conversation.introduced_at + COUNTED_ON
    else:
        theirs = conversation.relayed_at is not None and not conversation.with_team
    ours = conversation.stage in (Stage.ADVISER, Stage.HELD) or (rules.is_open(conversation) and rules.is_in_confidence(conversation))
    return theirs and rules.is_open(conversation), ours


@transaction.atomic
def settle(*, conversation, actor, at):
    """The team has done what there was to do."""
    lock(conversation)
    if not rules.is_open(conversation):
        raise ConversationRefused("Cette conversation est déjà close.")
    if not conversation.messages.filter(side__in=(Side.ADVISER, Side.RECIPIENT)).exists():
        raise ConversationRefused("Personne n’a encore répondu à l’auteur\u00a0: écrivez-lui d’abord, puis classez.")
    last = conversation.messages.exclude(side=Side.PORTAL).last()
    if last.side == Side.SENDER and not (conversation.introduced_at and last.to_recipient):
        raise ConversationRefused("L’auteur a écrit en dernier, et attend\u00a0: répondez-lui d’abord, puis classez.")
    conversation.adviser = actor
    if conversation.outcome == Outcome.BOOKED and stays.nights(conversation, at):  # its stay is to come: only the team is done with it
        conversation.with_team = False
        if conversation.handover == Handover.ASKED_FOR:
            conversation.handover = Handover.TAKEN
        return move(conversation, Stage.ANSWERED, at)
    return close(conversation, conversation.outcome or Outcome.HELPED, at)


@transaction.atomic
def revoke_links(*, conversation):
    """Make void every link and address sent so far."""
    lock(conversation)
    conversation.link_key, conversation.answer_key = new_link_key(), new_link_key()
    conversation.save(update_fields=["link_key", "answer_key"])
    for disclosure in conversation.disclosures.filter(told_at__isnull=True):
        disclosure.link_key = new_link_key()
        disclosure.save(update_fields=["link_key"])


@transaction.atomic
def forget_unconfirmed(*, conversations):
    """Take away what nobody confirmed, with the message that asked for it; returns how many."""
    found = list(conversations.filter(stage=Stage.UNCONFIRMED).select_for_update(skip_locked=True, of=("self",)).order_by("pk"))
    for conversation in found:
        letters.mail.erase(about=conversation)
        conversation.delete()
    return len(found)


@transaction.atomic
def erase(*, conversation, at, by_author=True):
    """Forget who wrote and what; dates and outcome stay, for the figures. Whoever waits is told when it is the author who ends it."""
    lock(conversation)
    told, with_team = _who_waits(conversation, at) if by_author else (False, False)
    if conversation.stage != Stage.CLOSED:
        close(conversation, conversation.outcome or Outcome.LAPSED, at)
    nights = _forget_stay(conversation, at)
    for name in ("name", "email", "phone", "text", "doubts", "purpose"):
        setattr(conversation, name, "")
    conversation.starts_on = conversation.ends_on = conversation.people = None
    conversation.erased_at, conversation.link_key, conversation.answer_key = at, new_link_key(), new_link_key()
    conversation.save()
    conversation.messages.update(text="", message_id=None)
    conversation.disclosures.update(text="")
    Afterword.objects.filter(conversation=conversation).update(text="")
    letters.mail.erase(about=conversation)
    if told or nights:
        tell = letters.to_recipient if conversation.recipient else letters.to_team  # which calls a host without an address
        tell(conversation, "erased", at, about=announced(conversation), nights=nights)
    if with_team:
        letters.to_team(conversation, "withdrawn_team", at, about=announced(conversation))
        disclosures.tell_withdrawn(conversation, at, about=announced(conversation))
    return conversation


def _forget_stay(conversation, at):
    """Take back the stay that a conversation asked for, every part of it, and its words; the nights that its host counted on."""
    stay = Booking.objects.filter(pk=conversation.booking_id).first()
    if stay is None:
        return ""
    parts = stays.whole(stay)
    counted_on = stays.to_come(parts, at)
    for part in counted_on:
        housing.cancel_stay(booking=part, reason="La personne a effacé sa demande.", at=at)
    Booking.objects.filter(pk__in=[part.pk for part in parts]).update(purpose="")
    return ", puis ".join(french.date_range(part.period.lower, part.period.upper) for part in counted_on)


@transaction.atomic
def tell_gone(*, conversation, at):
    """What was announced is over, and a conversation with it (`about_what_is_over`): its author is told, and it is closed."""
    lock(conversation)
    gone = rules.what_became(announced(conversation), at)
    if not gone or not Conversation.objects.about_what_is_over(list(rules.OVER), at).filter(pk=conversation.pk).exists():
        return False
    answered = conversation.messages.filter(side__in=(Side.ADVISER, Side.RECIPIENT)).exists()
    close(conversation, Outcome.GONE, at)
    moment = "depuis la réponse que vous avez eue" if answered else "avant qu’on vous réponde"
    letters.to_sender(conversation, "gone", at, what=gone, moment=moment)
    return True


@transaction.atomic
def tell_over(*, conversation, at):
    """What was announced is over after an answer, or while the team follows: its author is told once, and both may still write."""
    lock(conversation)
    if not Conversation.objects.to_tell_over(list(rules.OVER), at).filter(pk=conversation.pk).exists():
        return False
    over = rules.what_became(announced(conversation), at)
    note(conversation, at, f"{'L’offre' if conversation.offer else 'L’annonce'} {over}")
    closed = announced(conversation).closed_at
    return letters.to_sender(conversation, "over", at, key=stamp(closed) if closed else "", what=over).is_new
