"""The stay that a conversation about a room asks for: requested, answered by its host, taken by somebody else, prolonged, ended.

Housing says what becomes of a stay, whoever did it and on whichever page (`tell_of_stays`); here its people are told, in the same
transaction. So the calendar of the host and the conversation cannot disagree.
"""

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.http import urlencode

from contacts.actions import letters, waiting
from contacts.actions.steps import ConversationRefused, add, close, lock, move, note, stamp
from contacts.enums import Channel, Outcome, Reply, Side, Stage
from contacts.models import Conversation
from contacts.rules import conversations as rules
from contacts.rules import rooms as room_rules
from core import french
from core.links import absolute, address
from housing import actions as housing
from housing import rules as lets
from housing.actions.stays import TAKEN, StayRefused
from housing.enums import BookingState
from housing.models import Booking

# --- Asking ----------------------------------------------------------------------------------------


def ask(conversation, at):
    """Ask for the stay of a conversation; whether its host has something to answer. If not, who wrote is told here.

    A room that is taken, or not offered yet, puts the request on the waiting list. Who has asked for some of these nights already is led
    to that request.
    """
    twin = waiting.twin_of(conversation)
    if twin is not None:
        close(conversation, Outcome.TWIN, at)
        letters.to_sender(conversation, "room_twin", at, first=twin, first_url=letters.follow_url(twin))
        return False
    try:
        if conversation.dwelling is None:
            raise StayRefused("Ce logement n’est plus proposé.")
        stay = housing.request_stay(
            dwelling=conversation.dwelling,
            start=conversation.starts_on,
            end=conversation.ends_on,
            purpose=conversation.purpose,
            wait=True,
            at=at,
        )
    except StayRefused as refusal:
        close(conversation, Outcome.GONE, at)
        letters.to_sender(conversation, "room_gone", at, why=refusal.messages, search_url=search_url(conversation, at))
        return False
    conversation.booking = stay
    if stay.state == BookingState.REQUESTED and waiting.is_promised(conversation.dwelling, stay):
        housing.list_stay(booking=stay, at=at)
    if stay.state == BookingState.WAITING:
        _list(conversation, at)
        return False
    return True


def search_url(conversation, at, *, after=False):
    """The list of rooms for the nights of a conversation that are not past, or for those that follow."""
    start, end, today = conversation.starts_on, conversation.ends_on, timezone.localdate(at)
    if after:
        return _search(end, None)
    return _search(max(start, today), end) if start and end and end > today else _search(None, None)


def _search(start, end):
    days = (("du", start), ("au", end))
    query = urlencode([(name, day.isoformat()) for name, day in days if day])
    return absolute(address("housing:dwelling_list") + (f"?{query}" if query else ""))


def _list(conversation, at, *, lost=False):
    """On the waiting list: nobody has anything to answer. `lost` says that its turn had come, and holds no more."""
    conversation.waiting_since = at
    move(conversation, Stage.LISTED, at)
    stuck = tell_why_stuck(conversation, at)
    key = f"{'lost:' if lost else ''}{stamp(at)}"
    paused = lost and waiting.why_stuck(conversation) == waiting.PAUSED
    elsewhere = search_url(conversation, at)
    letters.to_sender(conversation, "room_listed", at, key=key, lost=lost, paused=paused, stuck=stuck, search_url=elsewhere)


def tell_why_stuck(conversation, at):
    """Write among the steps, once, why nobody's turn comes; the sentence, empty when it is known or when nothing is in the way."""
    stuck = waiting.why_stuck(conversation)
    if not stuck or stuck == waiting.PAUSED or conversation.messages.filter(side=Side.PORTAL, text=stuck).exists():
        return ""
    note(conversation, at, stuck)
    return stuck


def lose_turn(conversation, at):
    """The room that was proposed is not to be had now: back on the list, in its place there; an end, when it was deleted."""
    if conversation.dwelling is None or conversation.booking is None:
        close(conversation, Outcome.GONE, at)
        letters.to_sender(conversation, "gone", at, what="a été retirée", moment="avant que vous preniez la chambre")
        return
    housing.list_stay(booking=conversation.booking, at=at)
    why = "L’hôte a mis l’annonce en pause" if waiting.why_stuck(conversation) == waiting.PAUSED else "La chambre n’est plus libre"
    note(conversation, at, f"{why}\u00a0: de nouveau sur la liste d’attente, à son rang")
    _list(conversation, at, lost=True)


# --- Answering -------------------------------------------------------------------------------------


def accept(conversation, text, at, **told):
    """The host says yes: the stay is confirmed, and both are told (`follow`). Taken meanwhile, it goes to the waiting list.

    `told` says otherwise who wrote the yes down (`answer_for_host`).
    """
    try:
        with transaction.atomic():
            add(conversation, text=text, at=at, **({"side": Side.RECIPIENT, "answer": Reply.ACCEPTED, "to_recipient": True} | told))
            housing.confirm_stay(booking=conversation.booking, at=at)
    except StayRefused as refusal:
        if TAKEN not in refusal.messages:
            raise ConversationRefused(" ".join(refusal.messages)) from refusal
        housing.list_stay(booking=conversation.booking, at=at)
        conversation.outcome, conversation.with_team = Outcome.NONE, False
        note(conversation, at, "L’hôte disait oui, mais un autre séjour venait d’être confirmé\u00a0: liste d’attente")
        _list(conversation, at)
    else:
        conversation.refresh_from_db()


def awaits_team(conversation):
    """Whether the team may answer in the place of a host: it has the request, and the stay has no answer."""
    asked = rules.is_open(conversation) and rules.is_with_team(conversation) and conversation.booking
    return bool(asked and asked.state == BookingState.REQUESTED)


@transaction.atomic
def answer_for_host(*, conversation, accepted, text, actor, at):
    """What a host who receives no message told the team: the stay is confirmed or refused as if they had answered.

    Raises `ConversationRefused` when there is nothing to answer, and for a no without words.
    """
    lock(conversation)
    if not awaits_team(conversation):
        raise ConversationRefused("Cette demande n’attend pas, ou plus, de réponse pour un séjour.")
    told = {"side": Side.ADVISER, "channel": Channel.STAFF, "actor": actor}
    conversation.adviser = actor
    conversation.save(update_fields=["adviser"])
    if accepted:
        accept(conversation, text, at, **told, answer=Reply.ACCEPTED, to_recipient=False)
        return conversation
    if not text.strip():
        raise ConversationRefused("Écrivez le motif\u00a0: l’auteur le lira.")
    add(conversation, text=text, at=at, answer=Reply.NO, **told)
    close(conversation, Outcome.NO, at)
    letters.to_sender(conversation, "no", at, why="", search_url=search_url(conversation, at), said=letters.mail.quote(text))
    return conversation


def propose_visit(conversation, said, at):
    """The host wants to meet first: addresses are exchanged, the stay stays asked for."""
    conversation.introduced_at, conversation.outcome, conversation.waiting_since = at, Outcome.VISIT, at
    move(conversation, Stage.ANSWERED, at)
    letters.to_sender(conversation, "room_visit_sender", at, contact=contact_of(conversation), said=said)
    letters.to_recipient(conversation, "room_visit_recipient", at)


def await_yes(conversation, side, channel, at):
    """Words that are neither yes nor no answer a stay: the days until the team takes over count from now (`rooms.follow_stays`).

    A host who wrote them by mail has not read on a page that nothing is booked, and is told, once.
    """
    if side == Side.SENDER or not room_rules.is_undecided(conversation):
        return
    conversation.waiting_since = at
    conversation.save(update_fields=["waiting_since"])
    if side == Side.RECIPIENT and channel == Channel.MAIL:
        letters.to_recipient(conversation, "room_undecided", at, late=rules.hand_over_at(conversation))


def cancel(conversation, *, side, reason, at):
    """Either gives up what is to come of a confirmed stay, every part of it, and says why; the other is told, the next of the list too."""
    close(conversation, Outcome.CANCELLED, at)
    for stay in to_come(whole(conversation.booking), at):
        housing.cancel_stay(booking=stay, reason=reason, at=at)
    note(conversation, at, f"Séjour annulé par {'l’auteur' if side == Side.SENDER else 'l’hôte'}\u00a0: {reason}")
    by_host = side == Side.RECIPIENT
    why = letters.mail.quote(reason)
    letters.to_sender(conversation, "room_cancelled_sender", at, by_host=by_host, why=why, search_url=search_url(conversation, at))
    if conversation.recipient:
        letters.to_recipient(conversation, "room_cancelled_recipient", at, by_host=by_host, why=why)
    else:
        letters.to_team(conversation, "room_cancelled_team", at, why=why, host=contact_of(conversation))


def refuse_prolongation(conversation, stay, *, reason, at):
    """Whoever stays does not want the nights that their host added; what was agreed before stays as it was, and the host is told."""
    _keep_rest(conversation, stay, at)
    housing.cancel_stay(booking=stay, reason=reason, at=at)
    dates, why = french.date_range(stay.period.lower, stay.period.upper), letters.mail.quote(reason)
    note(conversation, at, f"Prolongation refusée par l’auteur\u00a0: {dates}")
    said = {"dates": dates, "why": why, "kept": nights(conversation, at)}
    if conversation.recipient:
        letters.to_recipient(conversation, "room_prolongation_refused", at, key=str(stay.pk), **said)
    else:
        letters.to_team(conversation, "room_prolongation_refused_team", at, key=str(stay.pk), host=contact_of(conversation), **said)


def prolongation_of(conversation, at):
    """The last part of a confirmed stay, if it prolongs another one that is not over and has not begun itself; None else."""
    parts = to_come(whole(conversation.booking), at) if conversation.booking else []
    last = parts[-1] if len(parts) > 1 else None
    return last if last and last.prolongs_id and last.period.lower > timezone.localdate(at) else None


def nights(conversation, at, *, but=None):
    """The nights to come of a confirmed stay in words, but those of one part of it."""
    parts = to_come(whole(conversation.booking), at) if conversation.booking else []
    spans = []
    for part in parts:
        if part == but:
            continue
        if spans and spans[-1][1] == part.period.lower:
            spans[-1][1] = part.period.upper
        else:
            spans.append([part.period.lower, part.period.upper])
    return ", puis ".join(french.date_range(*span) for span in spans)


def whole(stay):
    """A stay with what it prolongs and what prolonged it, whatever became of each, in the order of their nights."""
    while stay.prolongs_id:
        stay = Booking.objects.get(pk=stay.prolongs_id)
    found = later = [stay]
    while later:
        later = list(Booking.objects.filter(prolongs__in=later))
        found = found + later
    return sorted(found, key=lambda one: (one.period.lower, one.pk))


def to_come(stays, at):
    """Those that are confirmed and not over."""
    return [stay for stay in stays if stay.state == BookingState.CONFIRMED and stay.period.upper > timezone.localdate(at)]


def contact_of(conversation):
    """How to reach the host: `(name, address, phone)`. Without an address their telephone; without either the team, which knows them."""
    dwelling, recipient = conversation.dwelling, conversation.recipient
    email = (dwelling and dwelling.contact_email) or (recipient.email if recipient else "")
    phone = dwelling.contact_phone if dwelling else ""
    if not email and not phone:
        return "l’équipe VSA", settings.CONTACT_EMAIL, ""
    return (dwelling.contact_name or dwelling.organisation) if dwelling else conversation.about, email, phone


def whereabouts(conversation, day):
    """The exact place of a confirmed stay that is not over on that day, as `(label, value)`, for the person who stays and nobody else."""
    dwelling, stay = conversation.dwelling, conversation.booking
    if dwelling is None or stay is None or stay.state != BookingState.CONFIRMED or stay.period.upper < day:
        return []
    commune = f"{dwelling.commune.postal_code} {dwelling.commune.name}" if dwelling.commune else ""
    point = dwelling.exact_point
    gps = f"{point.latitude:.5f}, {point.longitude:.5f}" if point else ""
    rows = [("Adresse", ", ".join(filter(None, [dwelling.address, commune]))), ("Position GPS", gps)]
    return [row for row in rows if row[1]]


# --- What housing tells ----------------------------------------------------------------------------


def follow(stay, at):
    """What housing did to a stay, told to its people; registered with `housing.actions.tell_of_stays`. The dwelling is locked."""
    conversation = Conversation.objects.filter(booking=stay).first() or Conversation.objects.filter(booking__in=whole(stay)).first()
    if conversation is None:
        return
    lock(conversation)
    TOLD[stay.state](conversation, stay, at)


def _booked(conversation, stay, at):
    if stay.pk != conversation.booking_id:
        return _prolonged(conversation, stay, at)
    conversation.introduced_at, conversation.answered_at = conversation.introduced_at or at, conversation.answered_at or at
    conversation.outcome, conversation.with_team, conversation.closed_at = Outcome.BOOKED, False, None
    if conversation.recipient:
        conversation.relayed_at = conversation.relayed_at or at  # a host to whom no request went reads it from now on
    move(conversation, Stage.ANSWERED, at)
    yes = conversation.messages.filter(answer=Reply.ACCEPTED).last()
    said = letters.mail.quote(yes.text) if yes and yes.text else ""
    key, contact = str(stay.pk), contact_of(conversation)
    letters.to_sender(
        conversation, "room_booked_sender", at, key=key, contact=contact, where=whereabouts(conversation, timezone.localdate(at)), said=said
    )
    letters.to_recipient(conversation, "room_booked_recipient", at, key=key)
    return None


def _prolonged(conversation, stay, at):
    conversation.booking, conversation.ends_on = stay, stay.period.upper
    move(conversation, conversation.stage, at)
    until = french.date(stay.period.upper)
    note(conversation, at, f"Séjour prolongé jusqu’au {until}")
    contact, law = contact_of(conversation), lets.outlived(stay.dwelling, stay.arrival, stay.period.upper)
    letters.to_sender(conversation, "room_prolonged", at, key=str(stay.pk), until=until, contact=contact, law=law)


def _refused(conversation, stay, at):
    if conversation.stage == Stage.CLOSED:
        return
    conversation.answered_at = conversation.answered_at or at
    close(conversation, Outcome.NO, at)
    letters.to_sender(conversation, "no", at, why=stay.reason, search_url=search_url(conversation, at))


def _cancelled(conversation, stay, at):
    """By the host, on the calendar; what either does from the conversation has closed or shortened it before."""
    if conversation.stage == Stage.CLOSED or stay.period.lower >= conversation.ends_on:
        return None
    why = letters.mail.quote(stay.reason) if stay.reason else ""
    if any(to_come(whole(stay), at)):
        return _shortened(conversation, stay, why, at)
    close(conversation, Outcome.CANCELLED, at)
    note(conversation, at, "Séjour annulé par l’hôte, sur son calendrier")
    letters.to_sender(conversation, "room_cancelled_sender", at, by_host=True, why=why, search_url=search_url(conversation, at))
    return None


def _shortened(conversation, stay, why, at):
    """One part of a stay that was prolonged is cancelled by its host."""
    _keep_rest(conversation, stay, at)
    is_prolongation = stay.period.lower >= conversation.ends_on
    dates = french.date_range(stay.period.lower, stay.period.upper)
    what = "Prolongation annulée" if is_prolongation else "Une partie du séjour annulée"
    note(conversation, at, f"{what} par l’hôte, sur son calendrier\u00a0: {dates}")
    said = {"is_prolongation": is_prolongation, "dates": dates, "why": why, "kept": nights(conversation, at)}
    letters.to_sender(
        conversation,
        "room_shortened",
        at,
        key=str(stay.pk),
        contact=contact_of(conversation),
        search_url=_search(stay.period.lower, stay.period.upper),
        **said,
    )


def _keep_rest(conversation, stay, at):
    """The conversation goes on with what is left of a stay without this part."""
    left = [one for one in whole(stay) if one.state == BookingState.CONFIRMED and one != stay]
    conversation.booking = left[-1]
    conversation.starts_on, conversation.ends_on = left[0].period.lower, left[-1].period.upper
    move(conversation, conversation.stage, at)


def _promoted(conversation, stay, at):
    """First on the waiting list, and a room is free: theirs for some days."""
    if conversation.stage != Stage.LISTED:
        return
    conversation.waiting_since = at
    move(conversation, Stage.PROPOSED, at)
    letters.to_sender(conversation, "room_proposed", at, key=stamp(at))


TOLD = {
    BookingState.CONFIRMED: _booked,
    BookingState.REFUSED: _refused,
    BookingState.CANCELLED: _cancelled,
    BookingState.REQUESTED: _promoted,
}
