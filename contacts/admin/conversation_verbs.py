"""The buttons under a conversation: which are offered, and what pressing one does. Each raises `ConversationRefused` in French."""

from functools import partial

from contacts.actions import conversations as verbs
from contacts.actions import disclosures, endings, further, stays
from contacts.actions.steps import ConversationRefused
from contacts.enums import Channel, Side, Stage
from contacts.rules import conversations as rules


def buttons(conversation):
    """What the team may do now: `verb`, `label`, `tone`, and whether words go with it (`needs_text`)."""
    held, is_open = conversation.stage == Stage.HELD, rules.is_open(conversation)
    confided = is_open and rules.is_in_confidence(conversation)
    step = disclosures.next_step(conversation) if confided else None
    for_host = stays.awaits_team(conversation)
    offered = [
        (for_host, "accept", "Confirmer le séjour, avec l’accord de l’hôte", "main", True),
        (for_host, "decline", "Refuser le séjour, avec ce motif", "danger", True),
        (is_open, "reply", "Envoyer cette réponse à l’auteur", "main", True),
        (is_open, "keep", "Envoyer cette réponse et garder à suivre", "", True),
        (held, "release", "Transmettre le message", "main", False),
        (held, "refuse", "Ne pas transmettre, avec ce motif", "danger", True),
        (is_open and conversation.stage != Stage.ADVISER, "take", "Prendre en main", "", False),
        (is_open, "settle", "Classer\u00a0: tout est fait", "", False),
        (confided and step is None, "cancel", "Reprendre l’étape proposée", "", False),
        (step is not None, "propose", f"Proposer aux deux\u00a0: {step.label}" if step else "", "main", False),
        (conversation.stage != Stage.UNCONFIRMED, "revoke", "Rendre les liens envoyés inutilisables", "danger", False),
    ]
    return [{"verb": verb, "label": label, "tone": tone, "needs_text": text} for shown, verb, label, tone, text in offered if shown]


def perform(conversation, verb, text, actor, at):
    """Do what a button says; what the person is told: words of the verb itself, or those that go with it."""
    if verb not in VERBS:
        raise ConversationRefused("Ce bouton n’existe pas.")
    act, told = VERBS[verb]
    said = act(conversation, text, actor, at)
    return said if isinstance(said, str) else told


def reply(conversation, text, actor, at, *, keep=False):
    """Answer the author in the place of the recipient."""
    if not text:
        raise ConversationRefused("Écrivez d’abord votre réponse.")
    verbs.say(conversation=conversation, side=Side.ADVISER, text=text, at=at, channel=Channel.STAFF, actor=actor, keep=keep)


def accept(conversation, text, actor, at):
    """Confirm a stay for a host who told the team so."""
    stays.answer_for_host(conversation=conversation, accepted=True, text=text, actor=actor, at=at)
    if conversation.stage == Stage.LISTED:
        return "Aucune chambre n’est plus libre toutes ces nuits\u00a0: la demande est sur la liste d’attente, et son auteur le sait."
    if conversation.recipient is None:
        return "Le séjour est confirmé, et son auteur sait comment joindre l’hôte. L’hôte n’a pas de courriel\u00a0: dites-lui qui vient."
    return None


def settle(conversation, text, actor, at):
    """There is nothing left to do for the team."""
    endings.settle(conversation=conversation, actor=actor, at=at)
    return None if conversation.closed_at else "Le séjour reste confirmé, et la conversation n’est plus à suivre."


def propose(conversation, text, actor, at):
    """Propose the next step of confidence to both."""
    step = disclosures.next_step(conversation)
    if step is None:
        raise ConversationRefused("Une étape attend une réponse, ou toutes ont été dites.")
    disclosures.propose(conversation=conversation, step=step, actor=actor, at=at, text=text)


VERBS = {
    "reply": (reply, "Votre réponse part. L’auteur la lit aussi sur sa page."),
    "keep": (partial(reply, keep=True), "Votre réponse part. La conversation reste à suivre."),
    "accept": (accept, "Le séjour est confirmé. L’auteur et l’hôte ont reçu leurs coordonnées."),
    "decline": (
        lambda one, text, actor, at: stays.answer_for_host(conversation=one, accepted=False, text=text, actor=actor, at=at),
        "Le séjour est refusé, et son auteur sait pourquoi.",
    ),
    "pass": (
        lambda one, text, actor, at: further.pass_on(conversation=one, word=text, actor=actor, at=at),
        "Ce mot est transmis. Une réponse est attendue.",
    ),
    "release": (lambda one, text, actor, at: verbs.release(conversation=one, actor=actor, at=at), "Le message est transmis."),
    "refuse": (
        lambda one, text, actor, at: verbs.refuse(conversation=one, actor=actor, reason=text, at=at),
        "Le message n’est pas transmis, et son auteur sait pourquoi.",
    ),
    "take": (
        lambda one, text, actor, at: verbs.ask_team(conversation=one, at=at, actor=actor),
        "Vous suivez cette conversation. Son auteur est prévenu.",
    ),
    "settle": (settle, "La conversation est close."),
    "propose": (propose, "Les deux sont interrogés. Rien n’est dit avant leurs deux accords."),
    "cancel": (
        lambda one, text, actor, at: disclosures.cancel(conversation=one, actor=actor, at=at),
        "L’étape est reprise. Rien n’a été dit.",
    ),
    "revoke": (lambda one, text, actor, at: endings.revoke_links(conversation=one), "Les liens envoyés jusqu’ici n’ouvrent plus rien."),
}
"""By name: what it does, and what the person is told."""
