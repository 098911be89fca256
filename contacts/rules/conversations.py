"""When somebody is reminded, who receives a message, and where a conversation stands: pure functions, no writes, no HTTP."""

from datetime import datetime, time, timedelta
from typing import NamedTuple

from django.utils import timezone

from agenda.models import Event
from contacts.enums import IN_QUEUE, OPEN, Handover, Outcome, Reply, Side, Stage, Target
from contacts.rules import days, events, rooms
from core import french
from core.french import NBSP
from housing.enums import BookingState
from opportunities.enums import State
from opportunities.models import Opportunity

REMINDERS_DAYS = (2, 5)
"""Days without an answer after which the recipient is reminded (N4)."""
HAND_OVER_DAYS = 7
"""After so many the team takes over, and who wrote is told."""
SENDER_REMINDER_DAYS = 5
SENDER_LAPSES_DAYS = 21
"""A question that its author leaves so long without an answer closes the conversation."""
CONFIRM_LIFETIME = timedelta(days=3)
UNCONFIRMED_KEPT = timedelta(days=7)
FOLLOW_LIFETIME = timedelta(days=180)
ANSWER_LIFETIME = timedelta(days=90)
KEPT = timedelta(days=365)
"""How long names, addresses and words are kept after the last movement (docs/registre.md)."""
SLOWEST = timedelta(hours=12)
FLOOD = 60
"""Unconfirmed messages in an hour that are no flood yet."""
WORDS_A_DAY = 20
"""Further words of one side in a day; people who have more to say telephone."""
LONGEST_ABSENCE_DAYS = 92

OVER = {State.FILLED: "a été pourvue", State.WITHDRAWN: "a été retirée"}
"""States of an offer that end the messages about it, in words."""


PAST = "a dépassé son dernier jour"


def what_became(announced, at):
    """What ended an offer, a room or an event, in words; empty while it holds, or when it was deleted."""
    if isinstance(announced, Event):
        return events.what_became(announced, at)
    over = OVER.get(announced.state, "") if announced else ""
    return over or (PAST if isinstance(announced, Opportunity) and is_past(announced, at) else "")


def is_past(offer, at):
    """Whether the last day of a replacement has passed."""
    return bool(offer.kind.is_locum and offer.ends_on and offer.ends_on < timezone.localdate(at))


HIDDEN = {State.PAUSED: "est en pause", State.EXPIRED: "a expiré", State.PUBLISHED: "a expiré"}


def while_hidden(offer, at):
    """What is said of a message that leaves while readers do not see its offer, which is not over; empty while they do."""
    if offer is None or (offer.state == State.PUBLISHED and offer.expires_at > at):
        return ""
    what = HIDDEN.get(offer.state, "n’est pas montrée en ce moment")
    return f"L’offre {what}. Votre message est transmis quand même, mais la place n’est peut-être plus libre."


class Step(NamedTuple):
    """One dated line of « Où en est mon message »."""

    at: datetime
    text: str


def slowed(recent):
    """How much later the link that confirms leaves when so many messages wait for theirs: a flood reaches strangers a few an hour.

    Nobody is turned away, and a browser that is known waits for nothing.
    """
    return min(timedelta(hours=recent // FLOOD), SLOWEST)


def due_days(since, at, after):
    """Whether so many whole days have passed."""
    return at >= since + timedelta(days=after)


def without_absence(recipient, since, at):
    """The moment from which silence counts: `since`, later by as much of an absence as lies between `since` and `at`.

    What somebody announces today holds for messages that came before; `at` None counts the whole absence.
    """
    if recipient is None or recipient.absent_from is None:
        return since
    begins = max(since, timezone.make_aware(datetime.combine(recipient.absent_from, time.min)))
    ends = timezone.make_aware(datetime.combine(recipient.absent_until + timedelta(days=1), time.min))
    return since + max(min(ends, at or ends) - begins, timedelta())


def hand_over_at(conversation):
    """When the team takes a conversation over if nobody answers: after a week, or on the eve of its days when they begin sooner.

    An absence that is announced and begins before then comes on top of the week, but never goes past that eve.
    """
    late, eve = _after_a_week(conversation), days.eve_of(conversation)
    return min(late, eve) if eve else late


def deadline(conversation):
    """`hand_over_at` in words: a day, with its hour when it comes within a day."""
    late = timezone.localtime(hand_over_at(conversation))
    return french.date(late) if late - conversation.waiting_since >= timedelta(days=1) else french.moment(late)


def _after_a_week(conversation):
    plain = conversation.waiting_since + timedelta(days=HAND_OVER_DAYS)
    recipient = conversation.recipient
    if recipient is None or recipient.absent_from is None or timezone.localdate(plain) < recipient.absent_from:
        return plain
    return without_absence(recipient, conversation.waiting_since, None) + timedelta(days=HAND_OVER_DAYS)


def away_until(conversation):
    """The last day of an absence that the recipient has announced and that the conversation waits for, or None."""
    waits = hand_over_at(conversation) > conversation.waiting_since + timedelta(days=HAND_OVER_DAYS)
    return conversation.recipient.absent_until if waits else None


def is_absent(recipient, at):
    """Whether a recipient has announced to be away on that day."""
    day = timezone.localdate(at)
    return bool(recipient and recipient.absent_from and recipient.absent_from <= day <= recipient.absent_until)


def month_of(at):
    """The first moment of the month, in Vaucluse."""
    return timezone.make_aware(datetime.combine(timezone.localdate(at).replace(day=1), time.min))


def refusal_of(recipient, received):
    """Why a recipient takes no message now, as a `Handover`; `received` counts those of this month."""
    if recipient.paused:
        return Handover.PAUSED
    if recipient.monthly_cap is not None and received >= recipient.monthly_cap:
        return Handover.CAPPED
    return Handover.NONE


def is_open(conversation):
    """Whether both may still write."""
    return conversation.stage in OPEN


def why_not_open(conversation):
    """Why neither may write now, as the beginning of a sentence."""
    if conversation.stage in IN_QUEUE:
        return "Cette demande est sur la liste d’attente"
    return "Ce message est encore relu par l’équipe" if conversation.stage == Stage.HELD else "Cette conversation est close"


def shows_contact(conversation, day):
    """Whether who wrote reads how to reach the other. Of a room only while something is to be arranged: its host may change."""
    if conversation.target != Target.ROOM or is_open(conversation):
        return bool(conversation.introduced_at)
    stay = conversation.booking
    return bool(conversation.introduced_at and stay and stay.state == BookingState.CONFIRMED and stay.period.upper >= day)


def is_in_confidence(conversation):
    """Whether the two may not reach each other yet: everything passes by the adviser (N23)."""
    return bool(conversation.offer and conversation.offer.is_confidential and not conversation.introduced_at)


def awaits_call(conversation):
    """Whether somebody asked to be called and nobody of the team has spoken to them since: no word of the other ends that."""
    return conversation.handover == Handover.CALL and conversation.with_team and conversation.stage == Stage.ADVISER


def keeps_team(conversation):
    """Whether no word of the other ends that the team follows a conversation: a call is awaited, or it took their announcement away."""
    watched = conversation.handover == Handover.TAKEN_AWAY and conversation.with_team and conversation.stage == Stage.ADVISER
    return watched or awaits_call(conversation)


def hides_contacts(conversation, side):
    """Whether an ordinary mail of this side passes on without addresses and numbers: its signature has some, and nobody said yes.

    What the team only reads first goes to the recipient as it is written down.
    """
    to_team = side == Side.ADVISER or (side == Side.SENDER and is_with_team(conversation) and not is_read_first(conversation))
    return not conversation.introduced_at and not to_team


def is_with_team(conversation):
    """Whether what the author writes goes to the team: it took over and the recipient has not written since, or nobody else had it."""
    return conversation.with_team or conversation.relayed_at is None


def is_read_first(conversation):
    """Whether the team reads what the author writes before it passes it on: a word of theirs looked doubtful, and nobody answered it."""
    return bool(conversation.handover == Handover.DOUBTFUL and conversation.with_team and conversation.relayed_at)


def reader(conversation):
    """Who reads what the author writes, as the end of a sentence."""
    if is_read_first(conversation):
        return f"l’équipe VSA, qui le transmet à {receiver(conversation)} ou vous répond"
    return "l’équipe VSA" if is_with_team(conversation) else f"{receiver(conversation)}, par le portail"


def other_side(conversation):
    """What the other one is called in a sentence."""
    if conversation.stage == Stage.ADVISER or conversation.relayed_at is None:
        return "l’équipe VSA"
    return receiver(conversation)


RECEIVERS = {Target.OFFER: "l’annonceur", Target.ROOM: "l’hôte", Target.EVENT: "l’organisateur", Target.ADVISER: "l’équipe VSA"}


def receiver(conversation):
    """What who receives a message is called in a sentence, whoever follows it now."""
    return RECEIVERS.get(conversation.target, conversation.about)


STANDS = {
    Stage.UNCONFIRMED: (
        "En attente de votre confirmation",
        "Rien n’est parti. Ouvrez le message que nous vous avons envoyé et appuyez sur son bouton.",
    ),
    Stage.HELD: (
        "L’équipe relit votre message",
        "Il contient ce que nous vérifions toujours avant de transmettre. Une personne le lit, puis il part ou nous vous disons pourquoi.",
    ),
    Stage.ASKED: ("On vous pose une question", "Répondez ci-dessous\u00a0: votre réponse part aussitôt."),
    Stage.ADVISER: ("L’équipe VSA suit votre message", "Une personne de l’équipe vous répond. Vous n’avez rien à faire."),
    Stage.ANSWERED: ("Vous avez une réponse", "Elle est ci-dessous."),
}
OUTCOMES = {
    Outcome.NO: (
        "La réponse est non",
        "Ce n’est pas la fin\u00a0: d’autres offres vous attendent, et l’équipe cherche avec vous si vous le lui dites.",
    ),
    Outcome.FILLED: ("La place est déjà prise", "L’offre a quitté les listes. L’équipe cherche avec vous si vous le voulez."),
    Outcome.GONE: ("L’offre a quitté le portail", "L’équipe cherche avec vous si vous le voulez."),
    Outcome.CANCELLED: ("Le séjour est annulé", "La chambre est rendue. L’équipe cherche avec vous si vous le voulez."),
    Outcome.LAPSED: ("Conversation close", "La question posée est restée sans réponse de votre part. Vous pouvez écrire de nouveau."),
    Outcome.WITHDRAWN: ("Vous avez arrêté cette conversation", "Vous pouvez écrire de nouveau quand vous voulez."),
    Outcome.REFUSED: ("Votre message n’a pas été transmis", "L’équipe vous a dit pourquoi. Vous pouvez lui écrire."),
    Outcome.HELPED: ("L’équipe a répondu", "La conversation est close. Vous pouvez écrire de nouveau quand vous voulez."),
}


def stands(conversation):
    """Where a conversation stands, for who wrote: title and what happens next. The team's screen shows the same words."""
    title, then = _stands(conversation)
    if conversation.stage not in (Stage.WAITING, Stage.ASKED, Stage.ANSWERED):
        return title, then
    if is_read_first(conversation):
        then += f" L’équipe relit ce que vous avez écrit avant cette réponse, puis le transmet à {receiver(conversation)} ou vous répond."
    elif conversation.handover == Handover.ASKED_FOR:
        then += " L’équipe VSA suit aussi votre message, comme vous l’avez demandé."
    return title, then


def _stands(conversation):
    if conversation.target == Target.ROOM or conversation.stage in IN_QUEUE:
        late = hand_over_at(conversation) if conversation.waiting_since else None
        if words := rooms.stands(conversation, late):
            return words
    if conversation.target == Target.EVENT and (words := events.stands(conversation)):
        return words
    if conversation.stage == Stage.CLOSED:
        return OUTCOMES.get(conversation.outcome, ("Conversation close", "Vous pouvez écrire de nouveau quand vous voulez."))
    if conversation.stage == Stage.ANSWERED and conversation.offer and conversation.offer.state in OVER:
        return _answered_about_what_is_over(conversation, OVER[conversation.offer.state])
    if conversation.stage == Stage.ANSWERED and conversation.outcome == Outcome.INTERESTED:
        return "Vous êtes en relation", "Vos coordonnées sont échangées\u00a0: vous pouvez vous écrire et vous appeler directement."
    if conversation.stage == Stage.ADVISER and is_read_first(conversation):
        return "L’équipe relit votre dernier message", f"Une personne le lit, puis le transmet à {receiver(conversation)} ou vous répond."
    if conversation.stage == Stage.WAITING:
        what = "Votre réponse est transmise" if conversation.answered_at else "Transmis"
        return f"{what}, {other_side(conversation)} n’a pas encore répondu", _next(conversation)
    return STANDS[conversation.stage]


def _answered_about_what_is_over(conversation, over):
    """Nobody knows here with whom it was filled: whoever was introduced may be the one."""
    title = "Vous êtes en relation" if conversation.outcome == Outcome.INTERESTED else f"L’offre {over}"
    return title, f"Depuis la réponse, l’offre {over}. Si rien n’est convenu entre vous, l’équipe cherche avec vous si vous le voulez."


REPLIES = (Reply.INTERESTED, Reply.QUESTION, Reply.NO, Reply.FILLED)
ROOM_REPLIES = (Reply.ACCEPTED, Reply.VISIT, Reply.QUESTION, Reply.NO, Reply.FILLED)
YES = (Reply.INTERESTED, Reply.ACCEPTED, Reply.VISIT)
"""Answers that bring both together: the first of those that may be given is the one that a page shows first."""
ROOM_LABELS = {Reply.NO: "Non, pas à ces dates", Reply.FILLED: "Ce n’est plus à louer"}


def replies(conversation):
    """The answers that a recipient may give now, as `(code, label)`."""
    if not is_open(conversation):
        return []
    if conversation.target == Target.EVENT:
        return events.replies(conversation)
    if conversation.target != Target.ROOM:
        left_out = {Reply.FILLED} if conversation.target != Target.OFFER else set()
        left_out |= {Reply.INTERESTED, Reply.QUESTION} if conversation.introduced_at else set()
        return [(reply, reply.label) for reply in REPLIES if reply not in left_out]
    if conversation.outcome == Outcome.BOOKED:
        return [(Reply.CANCELLED, Reply.CANCELLED.label)]
    left_out = {Reply.VISIT, Reply.QUESTION} if conversation.introduced_at else set()
    left_out |= {Reply.ACCEPTED} if conversation.booking_id is None else set()
    return [(reply, ROOM_LABELS.get(reply, reply.label)) for reply in ROOM_REPLIES if reply not in left_out]


def _next(conversation):
    """What the portal does while nobody answers."""
    day = away_until(conversation)
    away = f"Absence annoncée jusqu’au {french.date(day)}\u00a0: les jours comptent à son retour. " if day else ""
    return f"{away}{_reminders(conversation)}Sans réponse le {deadline(conversation)}, l’équipe VSA le prend en main et vous le dit."


def _reminders(conversation):
    """The reminders that come before the team takes over; none for what begins sooner."""
    left = hand_over_at(conversation) - conversation.waiting_since
    after = [str(count) for count in REMINDERS_DAYS if timedelta(days=count) < left]
    return f"Nous rappelons votre message après {' puis '.join(after)} jours. " if after else ""


SAID = {
    Side.SENDER: "Vous avez écrit",
    Side.RECIPIENT: "Réponse reçue",
    Side.ADVISER: "L’équipe VSA vous a écrit",
}


def answer_label(conversation, message):
    """The answer that a message gave, in the words of its button."""
    if conversation.target == Target.EVENT:
        return events.label(conversation, message.answer)
    return (ROOM_LABELS if conversation.target == Target.ROOM else {}).get(message.answer, message.get_answer_display())


def named(conversation, words):
    """The same words with the recipient called what they are: the host, the publisher, the organiser."""
    who = receiver(conversation)
    return words.replace("au destinataire", f"à {who}").replace("du destinataire", f"de {who}").replace("le destinataire", who)


def timeline(conversation, messages):
    """The dated steps of a conversation, oldest first: what its author reads, and the team with them."""
    steps = [Step(conversation.created_at, "Message écrit")]
    for message in messages:
        if message.side == Side.PORTAL:
            steps.append(Step(message.written_at, message.text))
        else:
            answer = f"{NBSP}: {answer_label(conversation, message)}" if message.answer else ""
            steps.append(Step(message.written_at, f"{SAID[message.side]}{answer}"))
    dated = [
        (conversation.confirmed_at, "Adresse confirmée"),
        (conversation.relayed_at, "Message transmis"),
        (conversation.handed_over_at, f"Confié à l’équipe VSA{NBSP}: {conversation.get_handover_display()}"),
        (conversation.introduced_at, "Coordonnées échangées"),
        (conversation.closed_at, f"Clos{NBSP}: {conversation.get_outcome_display()}"),
    ]
    steps += [Step(at, text) for at, text in dated if at]
    steps = [Step(step.at, named(conversation, step.text)) for step in steps]
    return sorted(steps, key=lambda step: step.at)
