"""What a dwelling is found by."""

from django.db import transaction

from housing.enums import Audience, Equipment
from housing.models import Dwelling


def refresh_search(dwelling):
    """Set `search_text` to what readers may find the dwelling by; does not save. Its address and its contact are not in it."""
    dwelling.search_text = "\n".join(filter(None, _public_texts(dwelling)))


def _public_texts(dwelling):
    """Texts that stand on the page of the dwelling."""
    yield from (dwelling.get_kind_display(), dwelling.get_host_kind_display(), dwelling.get_lease_display(), dwelling.organisation)
    if dwelling.commune_id:
        yield from (dwelling.commune.name, dwelling.commune.epci.short_name)
    yield "meublé" if dwelling.is_furnished else "non meublé"
    yield from (Equipment(item).label for item in dwelling.equipment)
    yield from (Audience(item).label for item in dwelling.audience)
    yield from (dwelling.description, dwelling.rules_note)


def refresh_search_texts(*, dwellings):
    """Store the search text of each of these dwellings where it is no longer the one its facts give; returns how many."""
    return sum(_refresh_search_text(pk) for pk in list(dwellings.order_by("pk").values_list("pk", flat=True)))


@transaction.atomic
def _refresh_search_text(pk):
    dwelling = Dwelling.objects.select_for_update().filter(pk=pk).first()
    if dwelling is None:
        return 0
    before = dwelling.search_text
    refresh_search(dwelling)
    return 0 if dwelling.search_text == before else Dwelling.objects.filter(pk=pk).update(search_text=dwelling.search_text)
