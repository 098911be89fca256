"""What is said of a request for a room and of no other conversation; pure functions."""

from datetime import timedelta

from django.utils import timezone

from contacts.enums import Handover, Outcome, Stage
from core import french
from housing.enums import BookingState

TAKES_DAYS = 3
"""How long whoever is first on a waiting list has to take the room; then it is proposed to the next."""
OUTCOMES = {
    Outcome.NO: ("L’hôte ne peut pas vous loger à ces dates", "Ce n’est pas la fin\u00a0: d’autres logements vous attendent."),
    Outcome.FILLED: ("Ce logement n’est plus à louer", "L’annonce a quitté les listes. L’équipe cherche avec vous si vous le voulez."),
    Outcome.GONE: ("Ce logement n’est plus proposé à vos dates", "L’équipe cherche avec vous si vous le voulez."),
    Outcome.LAPSED: ("Demande close", "Elle est restée sans suite. Vous pouvez en faire une autre."),
    Outcome.TWIN: (
        "Vous avez déjà une demande pour ces nuits",
        "Celle-ci n’est pas partie\u00a0: la première suit son cours. Écrivez sur sa page ce que vous vouliez ajouter.",
    ),
}
"""Ends that are told otherwise of a room."""
NOT_BOOKED = (
    "Rien n’est réservé avant le oui de l’hôte, d’un clic sur sa page. S’il ne dit ni oui ni non d’ici le {late}, "
    "l’équipe VSA prend votre demande en main et vous le dit."
)
BY_TEAM = "Rien n’est encore réservé\u00a0: l’équipe VSA suit votre demande et vous écrit."
LISTED = (
    "Vous êtes sur la liste d’attente",
    f"La chambre n’est pas libre à vos dates. Si elle le devient, elle est proposée à la première personne de la liste, "
    f"qui a {TAKES_DAYS} jours pour la prendre\u00a0: nous vous écrivons quand c’est votre tour.",
)
BOOKED = ("Votre séjour est confirmé", "L’adresse et les coordonnées de l’hôte sont ci-dessous.")
TAKEN_AWAY = (
    "L’équipe VSA regarde ce qu’il en est de votre séjour",
    "Elle a retiré l’annonce du portail. Le séjour reste confirmé, sauf si elle vous dit autre chose\u00a0: elle vous écrit.",
)


def is_undecided(conversation):
    """Whether a stay was answered in words, a visit maybe, and neither confirmed nor refused: nothing is booked."""
    stay = conversation.booking if conversation.stage == Stage.ANSWERED else None
    return stay is not None and stay.state == BookingState.REQUESTED


def awaits_host(conversation):
    """Whether an undecided stay waits for a click of its host: they hear from us, and the team did not speak for them last."""
    return conversation.recipient_id is not None and not conversation.with_team


def stands(conversation, late):
    """What is said of a request for a room and of no other, `(title, what happens next)`; None for the rest.

    `late` is when the team takes it over from a host who says nothing, where one is waited for.
    """
    if conversation.stage == Stage.CLOSED:
        return OUTCOMES.get(conversation.outcome)
    if conversation.stage == Stage.LISTED:
        return LISTED
    if conversation.stage == Stage.PROPOSED:
        last = timezone.localtime(conversation.waiting_since + timedelta(days=TAKES_DAYS))
        return (
            "La chambre est libre à vos dates",
            f"C’est votre tour\u00a0: prenez-la au plus tard le {french.date(last)}, sinon elle est proposée au suivant.",
        )
    if conversation.outcome == Outcome.BOOKED:
        if conversation.stage == Stage.ADVISER and conversation.handover == Handover.TAKEN_AWAY:
            return TAKEN_AWAY
        return BOOKED if conversation.stage == Stage.ANSWERED else None
    then = NOT_BOOKED.format(late=french.date(timezone.localtime(late))) if late and awaits_host(conversation) else BY_TEAM
    if conversation.stage == Stage.ANSWERED and conversation.outcome == Outcome.VISIT:
        return "L’hôte vous propose une visite", f"Vos coordonnées sont échangées\u00a0: convenez d’un moment. {then}"
    return ("Vous avez une réponse", f"Elle est ci-dessous. {then}") if is_undecided(conversation) else None
