"""Messages about needs that no server took yet: taken back once something in them is no longer so, or no longer wanted.

Nothing in them was told then: what still fits is told again by the next run (`matches`, `lodging`), and only that.
"""

from django.db import transaction
from django.db.models import Q

from contacts.models import LodgingMatch, NeedMatch
from core import mail
from core.models import Mail

NOTICES = (
    *("contacts.need_noted:", "contacts.need_released:", "contacts.need_ending:"),
    *("contacts.need_asked:", "contacts.need_offer_over:", "contacts.need_over:"),
)
"""How the events begin of messages to who looks that mean nothing once their need is stopped."""


@transaction.atomic
def take_back(*, mails):
    """Put aside those of these messages, a queryset, that have not left, as if they had never been written; returns how many."""
    taken = mail.take_back(mails=mails)
    for each in taken:
        # Other needs of that address count as told by the same message.
        mine = {"need__email": each.recipient}
        offers = list(NeedMatch.objects.filter(told_in=each).values_list("offer_id", flat=True))
        NeedMatch.objects.filter(offer__in=offers, **mine).update(told_at=None, told_in=None)
        rooms = list(LodgingMatch.objects.filter(told_in=each).values_list("dwelling_id", flat=True))
        LodgingMatch.objects.filter(dwelling__in=rooms, **mine).update(told_at=None, told_in=None)
    NeedMatch.objects.filter(shown_in__in=taken, requested_at__isnull=True).update(shown_at=None, shown_in=None)
    return len(taken)


def telling(needs):
    """Messages that tell who looks of what fits these needs."""
    told = Q(pk__in=NeedMatch.objects.filter(need__in=needs).values("told_in"))
    return Mail.objects.filter(told | Q(pk__in=LodgingMatch.objects.filter(need__in=needs).values("told_in")))


def showing(needs):
    """Messages that tell publishers of the doctors of these needs, without a name."""
    return Mail.objects.filter(pk__in=NeedMatch.objects.filter(need__in=needs).values("shown_in"))


def forget(*, need):
    """A need is stopped: nothing about it leaves any more, to who looked or to publishers."""
    about = Mail.objects.about(need) | Mail.objects.about_any(NeedMatch.objects.filter(need=need))
    notices = Q()
    for event in NOTICES:
        notices |= Q(event__startswith=event)
    take_back(mails=telling([need]) | showing([need]) | about.filter(notices))
