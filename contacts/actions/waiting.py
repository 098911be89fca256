"""What is known of the waiting list of a room: whether a turn still holds, why nobody's turn can come, who is on it already."""

from contacts.enums import IN_QUEUE, OPEN, Standing
from contacts.models import Conversation
from core.enums import State
from housing.enums import BookingState
from housing.models import Booking, Dwelling

PAUSED = "L’hôte a mis l’annonce en pause\u00a0: la liste n’avance pas tant qu’elle dure."
NOT_ONLINE = "L’annonce n’est plus en ligne\u00a0: la liste n’avance que si son hôte l’y remet."
NOT_OFFERED = "L’hôte ne propose pas toutes ces nuits en ce moment\u00a0: la liste n’avance que s’il les propose."


def nights(stay):
    """The first day of a stay and the day of departure."""
    return stay.period.lower, stay.period.upper


def is_promised(dwelling, stay):
    """Whether every room that is free these nights is proposed to somebody of the waiting list: their turn goes first."""
    proposed = Conversation.objects.proposed().filter(dwelling=dwelling, booking__in=Booking.objects.over(*nights(stay))).count()
    return bool(proposed) and _held(dwelling, stay) + proposed >= dwelling.places


def turn_holds(conversation):
    """Whether the room that is proposed to somebody of the list can still be theirs, with those who were asked for before them."""
    dwelling, stay = conversation.dwelling, conversation.booking
    if dwelling is None or stay is None:
        return False  # deleted
    if why_stuck(conversation) or not Dwelling.objects.free(*nights(stay)).filter(pk=dwelling.pk).exists():
        return False
    before = Booking.objects.over(*nights(stay)).filter(dwelling=dwelling, state=BookingState.REQUESTED, created_at__lt=stay.created_at)
    return _held(dwelling, stay) + before.count() < dwelling.places


def _held(dwelling, stay):
    """How many rooms are held some of these nights."""
    return Booking.objects.holding(*nights(stay)).filter(dwelling=dwelling).values("place").distinct().count()


def why_stuck(conversation):
    """Why nobody's turn comes for these nights, whoever gives up, as a sentence; empty while it may come."""
    dwelling = conversation.dwelling
    if dwelling.state != State.PUBLISHED:
        return PAUSED if dwelling.state == State.PAUSED else NOT_ONLINE
    offered = Dwelling.objects.offered(*nights(conversation.booking)).filter(pk=dwelling.pk).exists()
    return "" if offered else NOT_OFFERED


def twin_of(conversation):
    """Another open request of the same person for the same room and some of the same nights, or None.

    An office or a hospital that asks for two rooms of a residence asks for two people.
    """
    if conversation.standing == Standing.ACTOR and conversation.dwelling and conversation.dwelling.places > 1:
        return None
    same = Conversation.objects.filter(dwelling=conversation.dwelling, email__iexact=conversation.email, stage__in=(*OPEN, *IN_QUEUE))
    same = same.filter(starts_on__lt=conversation.ends_on, ends_on__gt=conversation.starts_on, booking__isnull=False)
    return same.exclude(pk=conversation.pk).order_by("pk").first()
