"""What who asked for a room does next, and what the portal does while days pass: turns on the waiting list, reminders of a stay.

Each step of a job is one transaction and one message of its own event: twice, at once or after an outage tells nothing twice.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from agenda import presenters as event_presenters
from agenda.models import Event
from contacts.actions import conversations as verbs
from contacts.actions import letters, stays, steps
from contacts.actions.steps import ConversationRefused
from contacts.enums import IN_QUEUE, Outcome, Side, Stage
from contacts.models import Conversation
from contacts.rules import conversations as rules
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
VISIT_DAYS = 5
"""So long after a visit was proposed its host is asked for a yes or a no, once."""


@transaction.atomic
def take(*, conversation, at):
    """« Je la prends »: the request goes to the host, as if the room had been free at first."""
    steps.lock(conversation)
    if conversation.stage != Stage.PROPOSED:
        raise ConversationRefused("Ce n’est plus votre tour\u00a0: la chambre est proposée à quelqu’un d’autre, ou n’est plus libre.")
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
    visited = Conversation.objects.filter(stage=Stage.ANSWERED, outcome=Outcome.VISIT, introduced_at__lte=at - timedelta(days=VISIT_DAYS))
    return steps.each(
        at,
        (_pass_turn, Conversation.objects.proposed()),
        (_end_late, late.exclude(stage=Stage.CLOSED)),
        (_ask_after_visit, visited),
        (_remind_arrival, staying.filter(booking__period__startswith__range=(today, today + timedelta(days=ARRIVAL_DAYS)))),
        (_remind_departure, staying.filter(booking__period__endswith__range=(today, today + timedelta(days=DEPARTURE_DAYS)))),
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
    if conversation is None:
        return False
    asked = Mail.objects.filter(event=f"contacts.room_proposed:{pk}:{steps.stamp(conversation.waiting_since)}").first()
    if asked is None or asked.state == MailState.WAITING:
        return False
    since = asked.sent_at if asked.state == MailState.SENT else at - timedelta(days=rules.TAKES_DAYS)
    if not rules.due_days(since, at, rules.TAKES_DAYS):
        return False
    steps.close(conversation, Outcome.LAPSED, at)
    letters.to_sender(conversation, "room_passed", at, search_url=stays.search_url(conversation))
    return True


@transaction.atomic
def _end_late(pk, at):
    """The day of arrival passed without a yes: nothing is waited for any more, and both know."""
    conversation = _held(pk, booking__state__in=steps.PENDING)
    if conversation is None or conversation.stage == Stage.CLOSED:
        return False
    had_host = conversation.stage not in IN_QUEUE
    steps.close(conversation, Outcome.LAPSED, at)
    why = ["Le jour d’arrivée est passé sans que le séjour soit confirmé."]
    letters.to_sender(conversation, "room_gone", at, why=why, search_url=stays.search_url(conversation))
    if had_host and conversation.relayed_at:
        letters.to_recipient(conversation, "room_over", at)
    return True


@transaction.atomic
def _ask_after_visit(pk, at):
    conversation = _held(pk, stage=Stage.ANSWERED, outcome=Outcome.VISIT)
    sent = conversation and letters.to_recipient(conversation, "room_visited", at)
    return bool(sent and sent.is_new)


@transaction.atomic
def _remind_arrival(pk, at):
    conversation = _held(pk, outcome=Outcome.BOOKED, booking__state=BookingState.CONFIRMED)
    stay = conversation and conversation.booking
    if not stay or stay.prolongs_id or stay.confirmed_at > at - JUST_SAID:
        return False
    cpts = conversation.dwelling and conversation.dwelling.commune and conversation.dwelling.commune.cpts
    is_demo = bool(conversation.dwelling and conversation.dwelling.is_demo)  # nobody is sent to an event that is invented
    meeting = Event.objects.welcoming(stay.period.lower, WELCOME_DAYS, timezone.localdate(at)).filter(is_demo=is_demo).for_lines().first()
    return _remind(
        conversation,
        "room_arrival",
        at,
        cpts=cpts,
        cpts_url=absolute(cpts.get_absolute_url()) if cpts else "",
        meeting=event_presenters.line(meeting) if meeting else None,
        meeting_url=absolute(meeting.get_absolute_url()) if meeting else "",
    )


@transaction.atomic
def _remind_departure(pk, at):
    conversation = _held(pk, outcome=Outcome.BOOKED, booking__state=BookingState.CONFIRMED)
    stay = conversation and conversation.booking
    if not stay or (stay.period.upper - stay.period.lower).days < SHORT_DAYS or stay.confirmed_at > at - JUST_SAID:
        return False
    return _remind(conversation, "room_departure", at)


def _remind(conversation, step, at, **context):
    where, contact = stays.whereabouts(conversation, timezone.localdate(at)), stays.contact_of(conversation)
    key = str(conversation.booking_id)
    elsewhere = stays.search_url(conversation, after=True)
    return letters.to_sender(conversation, step, at, key=key, where=where, contact=contact, search_url=elsewhere, **context).is_new
