"""What is stored again when what an offer depends on has changed."""

from django.db import transaction
from django.utils import timezone

from opportunities.actions.derived import refresh_place, refresh_search
from opportunities.models import Opportunity


@transaction.atomic
def refresh_derived(*, offer):
    """Store again what depends on the other places of an offer, without an entry of history."""
    refresh_place(offer)
    refresh_search(offer)
    Opportunity.objects.filter(pk=offer.pk).update(
        commune_ids=offer.commune_ids,
        other_commune_ids=offer.other_commune_ids,
        search_text=offer.search_text,
        updated_at=timezone.now(),
    )
    return offer


def refresh_search_texts(*, offers):
    """Store the search text of each of these offers where it is no longer the one its facts give; returns how many.

    What an offer is found by repeats names that live elsewhere: of its kind, its setting, its communes. The offer itself has
    not changed, so its date of change stays. Each offer is a transaction of its own: running it twice, or stopping it, does no harm.
    """
    done = 0
    for pk in list(offers.order_by("pk").values_list("pk", flat=True)):
        done += _refresh_search_text(pk)
    return done


@transaction.atomic
def _refresh_search_text(pk):
    offer = Opportunity.objects.select_for_update().filter(pk=pk).first()
    if offer is None:
        return 0
    before = offer.search_text
    refresh_search(offer)
    if offer.search_text == before:
        return 0
    return Opportunity.objects.filter(pk=pk).update(search_text=offer.search_text)
