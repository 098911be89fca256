"""What a message about an event says otherwise than one about an offer: pure functions, no writes, no HTTP."""

from agenda.enums import State
from contacts.enums import Aim, Outcome, Refusal, Reply, Stage

COMING = (Aim.JOIN, Aim.FAMILY)
"""Aims of who wants to be there: a yes says that they are expected."""
REPLIES = (Reply.INTERESTED, Reply.QUESTION, Reply.NO)
REFUSALS = (Refusal.FULL, Refusal.AUDIENCE, Refusal.CHANGED, Refusal.OTHER)
QUESTIONS = (
    "Combien serez-vous\u00a0?",
    "Venez-vous le temps de toute la rencontre\u00a0?",
    "D’où venez-vous, et cherchez-vous un covoiturage\u00a0?",
    "Quand pouvons-nous nous appeler\u00a0?",
)
READY = {
    Aim.PROPOSE: "Bonjour,\n\nVotre proposition m’intéresse. Écrivez-moi\u00a0: nous en parlons.",
    Aim.ASK: "Bonjour,\n\nÉcrivez-moi directement\u00a0: je vous réponds.",
}
"""The yes to those who do not only want to be there."""
EXPECTED = "Bonjour,\n\nVous êtes attendu. À bientôt\u00a0!"


def what_became(event, at):
    """What ends the messages about an event, in words; empty while it is to take place, or waits for another day."""
    if event.state == State.CANCELLED:
        return "est annulée"
    return "est passée" if event.state != State.POSTPONED and event.is_over(at) else ""


def label(conversation, reply):
    """An answer, as its button says it and as it is told."""
    if reply == Reply.INTERESTED:
        return "Oui, vous êtes attendu" if conversation.aim in COMING else "Oui, écrivons-nous"
    return Reply(reply).label


def ready(conversation):
    """A yes that can be sent without a word of one's own."""
    return READY.get(conversation.aim, EXPECTED)


def replies(conversation):
    """The answers that an organiser may give now, as `(code, label)`."""
    left_out = {Reply.INTERESTED, Reply.QUESTION} if conversation.introduced_at else set()
    return [(reply, label(conversation, reply)) for reply in REPLIES if reply not in left_out]


OUTCOMES = {
    Outcome.NO: ("La réponse est non", "Ce n’est pas la fin\u00a0: d’autres rencontres viennent, et l’équipe cherche avec vous."),
}


def stands(conversation):
    """What is said of a message about an event and of no other; None for the rest."""
    if conversation.stage == Stage.CLOSED and conversation.outcome == Outcome.GONE:
        cancelled = conversation.event is None or conversation.event.state == State.CANCELLED
        title = "La rencontre n’a pas lieu" if cancelled else "La rencontre est passée"
        return title, "La conversation est close. D’autres rencontres viennent, et l’équipe répond à vos questions."
    if conversation.stage == Stage.CLOSED:
        return OUTCOMES.get(conversation.outcome)
    if conversation.stage == Stage.ANSWERED and conversation.outcome == Outcome.INTERESTED and conversation.aim in COMING:
        return "Vous êtes attendu", "Vos coordonnées et celles de l’organisateur sont échangées\u00a0: écrivez-lui directement."
    return None
