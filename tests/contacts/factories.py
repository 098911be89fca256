"""Rows of the app that puts people in touch, as its actions write them."""

from datetime import timedelta

from django.utils import timezone

from contacts.actions import selections as selection_actions
from contacts.actions.needs import set_places
from contacts.enums import SelectedKind, Standing
from contacts.models import Need, NeedMatch, Selection
from housing.asked import Near
from housing.models import Dwelling
from opportunities.models import Opportunity, OpportunityKind
from territories import anchors
from territories.models import Commune
from tests.territories.factories import real_commune

# --- Needs ---------------------------------------------------------------------------------------


def near(token_or_name, half_days=1):
    """A place that a room is looked for near."""
    [anchor] = anchors.resolve([token_or_name]).anchors
    return Near(anchor, half_days)


def need_of(email="claire@exemple.org", town=None, kinds=(), epcis=(), places=(), **values):
    """A confirmed need of an exercise, of three months: around `town`, in `epcis`, or anywhere; of kinds with these codes.

    One of a room is near `places`.
    """
    at = timezone.now()
    facts = {
        "standing": Standing.QUALIFIED_LOCUM,
        "created_at": at - timedelta(days=1),
        "confirmed_at": at - timedelta(days=1),
        "expires_at": at + timedelta(days=90),
    }
    need = Need.objects.create(email=email, commune=town and real_commune(town), **facts | values)
    need.kinds.set(OpportunityKind.objects.filter(code__in=kinds))
    need.epcis.set(epcis)
    set_places(need, places)
    return need


def match_of(need, offer, **values):
    """That an offer fits a need; `requested=True`: its publisher was told, asked, and so was the doctor."""
    at = timezone.now()
    if values.pop("requested", False):
        values |= {"shown_at": at, "requested_at": at, "asked_at": at}
    return NeedMatch.objects.create(need=need, offer=offer, **values)


# --- Selections ----------------------------------------------------------------------------------


def keep_offer(selection, offer):
    """Keep an offer in a selection, whatever its state."""
    return selection_actions.add(selection=selection, kind=SelectedKind.OFFER, object_id=offer.pk, at=timezone.now())


def selection_of(*things):
    """A selection of these offers, rooms and communes, whatever the state of the offers."""
    kinds = {Opportunity: SelectedKind.OFFER, Commune: SelectedKind.COMMUNE, Dwelling: SelectedKind.ROOM}
    selection = Selection.objects.create(opened_at=timezone.now())
    for thing in things:
        selection_actions.add(selection=selection, kind=kinds[type(thing)], object_id=thing.pk, at=timezone.now())
    return selection
