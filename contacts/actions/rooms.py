"""What who asked for a room does next, and what the portal does while days pass: turns on the waiting list, reminders of a stay.

Each step of a job is one transaction and one message of its own event: twice, at once or after an outage tells nothing twice.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from agenda import presenters as event_presenters
from agenda.models import Event
from contacts.actions import conversations as verbs
from contacts.actions import letters, stays, steps, waiting
from contacts.actions.steps import ConversationRefused
from contacts.enums import IN_QUEUE, Handover, Outcome, Side, Stage
from contacts.models import Conversation
from contacts.rules import conversations as rules
from contacts.rules import days
from contacts.rules import rooms as room_rules
from core.enums import MailState
from core.links import absolute
from core.models import Mail
from housing.enums import BookingState

ARRIVAL_DAYS, DEPARTURE_DAYS = 7, 14
"""How long before an arrival and a departure whoever stays is reminded."""
JUST_SAID = timedelta(days=2)
"""Nobody is reminded of what was confirmed the day before."""
SHORT_DAYS = 30
"""Stays so short have no reminder of their end."""
WELCOME_DAYS = 60
"""How long after an arrival the next event is still one to meet people at."""


@transaction.atomic
def take(*, conversation, at):
    """« Je la prends »: the request goes to the host, as if the room had been free at first; back on the list when it is not any more."""
    steps.lock(conversation)
    if conversation.stage != Stage.PROPOSED:
        raise ConversationRefused("Ce n’est plus votre tour\u00a0: la chambre est proposée à quelqu’un d’autre, ou n’est plus libre.")
    if rules.what_became(conversation.dwelling, at):
        raise ConversationRefused("Ce logement n’est plus proposé\u00a0: nous vous écrivons ce qu’il en est.")
    if not waiting.turn_holds(conversation):
        stays.lose_turn(conversation, at)
        return conversation
    steps.note(conversation, at, "Chambre prise à son tour de liste d’attente")
    return verbs.pass_on(conversation, at)


@transaction.atomic
def cancel(*, conversation, reason, at):
    """Whoever stays gives a confirmed stay up, with what prolongs it, and says why."""
    _check_booked(conversation, reason)
    if conversation.booking and conversation.booking.period.upper <= timezone.localdate(at):
        raise ConversationRefused("Ce séjour est terminé\u00a0: il ne s’annule plus.")
    stays.cancel(conversation, side=Side.SENDER, reason=reason.strip(), at=at)
    return conversation


@transaction.atomic
def refuse_prolongation(*, conversation, reason, at):
    """Whoever stays keeps the nights that were agreed, and not those that their host added."""
    _check_booked(conversation, reason)
    stay = stays.prolongation_of(conversation, at)
    if stay is None:
        raise ConversationRefused("Il n’y a pas, ou plus, de prolongation à refuser.")
    stays.refuse_prolongation(conversation, stay, reason=reason.strip(), at=at)
    return conversation


def _check_booked(conversation, reason):
    """Lock a conversation whose stay is confirmed and that its author gives up, all or a part of it, for a reason."""
    steps.lock(conversation)
    if conversation.outcome != Outcome.BOOKED or conversation.stage == Stage.CLOSED:
        raise ConversationRefused("Ce séjour n’est pas, ou plus, confirmé.")
    if not reason.strip():
        raise ConversationRefused("Dites pourquoi vous annulez\u00a0: votre hôte le lira.")


def follow_stays(*, at):
    """Every step that is due, each on its own (`steps.each`); returns how many were taken."""
    today = timezone.localdate(at)
    staying = Conversation.objects.staying().filter(booking__state=BookingState.CONFIRMED)
    late = Conversation.objects.filter(booking__state__in=steps.PENDING, booking__period__startswith__lt=today)
    undecided = Conversation.objects.undecided(at - timedelta(days=rules.REMINDERS_DAYS[-1]), at)
    return steps.each(
        at,
        (_pass_turn, Conversation.objects.proposed()),
        (_tell_stuck, Conversation.objects.listed_in_vain()),
        (_tell_taken_away, Conversation.objects.taken_away(today)),
        (_end_late, late.exclude(stage=Stage.CLOSED)),
        (_ask_or_hand_over, undecided),
        (_remind_arrival, staying.filter(starts_on__range=(today, today + timedelta(days=ARRIVAL_DAYS)))),
        (_remind_departure, staying.filter(ends_on__range=(today, today + timedelta(days=DEPARTURE_DAYS)))),
    )


def _held(pk, **now):
    """The conversation, locked after its dwelling, if it still stands so and nobody else holds it."""
    steps.calendar_first(Conversation.objects.filter(pk=pk).values_list("dwelling_id", flat=True).first())
    found = Conversation.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=pk, **now)
    return found.select_related("booking", "dwelling__commune__cpts", "recipient").first()


@transaction.atomic
def _pass_turn(pk, at):
    """Whoever did not take the room in time gives way to the next; the days count from the moment our message reached a server."""
    conversation = _held(pk, stage=Stage.PROPOSED)
    if conversation is None or rules.what_became(conversation.dwelling, at):  # of that end, `endings.tell_gone` tells
        return False
    if not waiting.turn_holds(conversation):
        stays.lose_turn(conversation, at)
        return True
    asked = Mail.objects.filter(event=f"contacts.room_proposed:{pk}:{steps.stamp(conversation.waiting_since)}").first()
    if asked is None or asked.state == MailState.WAITING:
        return False
    since = asked.sent_at if asked.state == MailState.SENT else at - timedelta(days=room_rules.TAKES_DAYS)
    if not rules.due_days(since, at, room_rules.TAKES_DAYS):
        return False
    steps.close(conversation, Outcome.LAPSED, at)
    letters.to_sender(conversation, "room_passed", at, search_url=stays.search_url(conversation, at))
    return True


@transaction.atomic
def _tell_stuck(pk, at):
    """Who waits for nights that nobody can get learns it once, and stays on the list: the host may change their mind."""
    conversation = _held(pk, stage=Stage.LISTED)
    stuck = conversation and stays.tell_why_stuck(conversation, at)
    if not stuck:
        return False
    letters.to_sender(conversation, "room_stuck", at, key=steps.stamp(at), stuck=stuck, search_url=stays.search_url(conversation, at))
    return True


@transaction.atomic
def _tell_taken_away(pk, at):
    """The team took an announcement off the portal while somebody has a stay there: it looks at that stay, and the guest knows."""
    conversation = _held(pk)
    if conversation is None or not Conversation.objects.taken_away(timezone.localdate(at)).filter(pk=pk).exists():
        return False
    conversation.closed_at = None
    steps.note(conversation, at, "L’équipe VSA a retiré l’annonce du portail")
    verbs.to_team(conversation, Handover.TAKEN_AWAY, at)
    nights = stays.nights(conversation, at)
    return letters.to_sender(conversation, "room_taken_away", at, key=steps.stamp(at), nights=nights).is_new


@transaction.atomic
def _end_late(pk, at):
    """The day of arrival passed without a yes: nothing is waited for any more, and both know."""
    conversation = _held(pk, booking__state__in=steps.PENDING)
    if conversation is None or conversation.stage == Stage.CLOSED:
        return False
    had_host, why = conversation.stage not in IN_QUEUE, _why_late(conversation)
    steps.close(conversation, Outcome.LAPSED, at)
    letters.to_sender(conversation, "room_late", at, why=why, search_url=stays.search_url(conversation, at))
    if had_host and conversation.relayed_at:
        letters.to_recipient(conversation, "room_over", at)
    return True


def _why_late(conversation):
    """How far a request had come when the day of arrival passed, for its author."""
    if conversation.stage in WHY_LATE:
        return WHY_LATE[conversation.stage]
    if conversation.relayed_at is None:
        return "Votre demande était suivie par l’équipe VSA, qui n’a pas obtenu le oui de l’hôte."
    return WHY_LATE.get(conversation.outcome, "Votre demande a été transmise à l’hôte, qui ne l’a pas confirmée.")


BETWEEN_YOU = "Si vous en êtes convenus directement, rien ne change entre vous."
WHY_LATE = {
    Stage.LISTED: "Vous étiez sur la liste d’attente, et la chambre ne s’est pas libérée à vos dates.",
    Stage.PROPOSED: "La chambre vous était proposée, et vous n’aviez pas encore dit si vous la preniez.",
    Stage.ASKED: "L’hôte vous avait posé une question, et n’a pas eu votre réponse.",
    Outcome.VISIT: f"L’hôte vous avait proposé une visite, et n’a ensuite dit ni oui ni non. {BETWEEN_YOU}",
    Outcome.REPLIED: f"L’hôte vous avait répondu, sans confirmer le séjour. {BETWEEN_YOU}",
}


@transaction.atomic
def _ask_or_hand_over(pk, at):
    """A host who spoke of a stay and said neither yes nor no is asked for one, once; then the team takes over, on the eve at the latest.

    Where the host hears nothing of us, or the team spoke for them, it is for the team alone to go on.
    """
    conversation = _held(pk)
    if conversation is None or not room_rules.is_undecided(conversation):
        return False
    since, eve = rules.without_absence(conversation.recipient, conversation.waiting_since, at), days.eve_of(conversation)
    is_due = rules.due_days(since, at, rules.HAND_OVER_DAYS)
    if not room_rules.awaits_host(conversation):
        if is_due or (eve and conversation.waiting_since < eve <= at):
            verbs.to_team(conversation, conversation.handover or Handover.TAKEN, at)
            return True
        return False
    if is_due or (eve and at >= eve):
        return verbs.hand_over(conversation=conversation, why=Handover.UNDECIDED, at=at)
    if not rules.due_days(since, at, rules.REMINDERS_DAYS[-1]):
        return False
    late = rules.hand_over_at(conversation)
    sent = letters.to_recipient(conversation, "room_undecided", at, key=steps.stamp(conversation.waiting_since), late=late)
    return bool(sent and sent.is_new)


@transaction.atomic
def _remind_arrival(pk, at):
    conversation, parts = _held_stay(pk)
    if not parts or parts[0].confirmed_at > at - JUST_SAID:
        return False
    cpts = conversation.dwelling and conversation.dwelling.commune and conversation.dwelling.commune.cpts
    is_demo = bool(conversation.dwelling and conversation.dwelling.is_demo)  # nobody is sent to an event that is invented
    welcoming = Event.objects.welcoming(conversation.starts_on, WELCOME_DAYS, timezone.localdate(at))
    meeting = welcoming.filter(is_demo=is_demo).for_lines().first()
    return _remind(
        conversation,
        "room_arrival",
        at,
        key=str(parts[0].pk),
        cpts=cpts,
        cpts_url=absolute(cpts.get_absolute_url()) if cpts else "",
        meeting=event_presenters.line(meeting) if meeting else None,
        meeting_url=absolute(meeting.get_absolute_url()) if meeting else "",
    )


@transaction.atomic
def _remind_departure(pk, at):
    conversation, parts = _held_stay(pk)
    if not parts or parts[-1].confirmed_at > at - JUST_SAID or (conversation.ends_on - conversation.starts_on).days < SHORT_DAYS:
        return False
    return _remind(conversation, "room_departure", at, key=str(parts[-1].pk))


def _held_stay(pk):
    """The conversation as `_held`, and the confirmed parts of its stay, of which it has the first and the last day."""
    conversation = _held(pk, outcome=Outcome.BOOKED, stage=Stage.ANSWERED, booking__state=BookingState.CONFIRMED)
    found = stays.whole(conversation.booking) if conversation else []
    return conversation, [part for part in found if part.state == BookingState.CONFIRMED]


def _remind(conversation, step, at, *, key, **context):
    where, contact = stays.whereabouts(conversation, timezone.localdate(at)), stays.contact_of(conversation)
    elsewhere = stays.search_url(conversation, at, after=True)
    return letters.to_sender(conversation, step, at, key=key, where=where, contact=contact, search_url=elsewhere, **context).is_new
