"""Asking for a room, and what its host sees of such requests behind the private link of the announcement."""

from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone

from contacts import targets
from contacts.actions import letters
from contacts.actions.recipients import recipient_of
from contacts.enums import Stage
from contacts.forms.rooms import RoomForm
from contacts.models import Conversation
from contacts.rules import promises
from contacts.views.conversations import write
from contacts.views.wishes import wishes
from core.private import without_account
from housing.keep import opens_dwelling
from housing.models import Dwelling

SHOWN = 100


@without_account
def write_room(request, pk):
    """To the host of a dwelling; one that is over says so on its page."""
    over = Dwelling.objects.with_page().exclude(pk__in=Dwelling.objects.visible(timezone.now())).filter(pk=pk).first()
    if over is not None:
        return HttpResponseRedirect(over.get_absolute_url())
    addressee = targets.room(pk, request.GET if request.method == "GET" else None)
    return write(request, addressee, RoomForm, dwelling=addressee.dwelling)


def _frame(request, dwelling, current):
    return {"dwelling": dwelling, "token": request.resolver_match.kwargs["token"], "current": current, "robots": "noindex"}


@opens_dwelling
def room_messages(request, dwelling):
    """The requests for a room, for its host, with how they are answered; those too that the team received meanwhile."""
    recipient, now = recipient_of(dwelling), timezone.now()
    found = Conversation.objects.filter(recipient=recipient) if recipient else Conversation.objects.none()
    mine = list(found.filter(dwelling=dwelling, erased_at__isnull=True).order_by("-confirmed_at", "-pk")[:SHOWN])
    context = {
        **_frame(request, dwelling, "recus"),
        "rows": [(one, letters.path_of(letters.answer_url(one))) for one in mine],
        "waiting": sum(one.stage in (Stage.WAITING, Stage.ADVISER) and not one.answered_at for one in mine),
        "listed": Conversation.objects.filter(dwelling=dwelling, stage__in=(Stage.LISTED, Stage.PROPOSED)).count(),
        "promise": targets.promise(recipient, now),
        "median_of_all": promises.median_in_words(Conversation.objects.promise(now)),
    }
    return render(request, "contacts/room_messages.html", context)


@opens_dwelling
def room_wishes(request, dwelling):
    """How the host of a room wishes to be written to."""
    if not dwelling.contact_email:
        raise Http404
    return wishes(request, recipient_of(dwelling, or_new=True), "contacts/room_wishes.html", _frame(request, dwelling, "reglages"))
