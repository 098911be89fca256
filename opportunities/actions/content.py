"""The content of an offer: saved with everything that follows from it, brought back from a version, deleted."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from core import french
from core.models import new_link_key
from opportunities import rules
from opportunities.actions.derived import refresh_place, refresh_search
from opportunities.actions.life import TransitionRefused, _lock, _save
from opportunities.enums import State
from opportunities.models import Opportunity


@transaction.atomic
def save_offer(*, offer, actor=None, reason=""):
    """Save the content of an offer with everything that follows from it: place shown, search text, words.

    Does not touch the state. Call `refresh_derived` after its other places have changed. Links sent to a former contact are void.
    """
    if offer.pk and not Opportunity.objects.filter(pk=offer.pk, contact_email=offer.contact_email).exists():
        offer.link_key = new_link_key()
    refresh_place(offer)
    refresh_search(offer)
    _save(offer, actor, reason)
    return offer


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


CONTENT_EXCLUDED = {
    "id",
    "reference",
    "state",
    "published_at",
    "expires_at",
    "confirmed_at",
    "closed_at",
    "is_demo",
    "created_at",
    "updated_at",
    "slug",
    "is_confidential",
    "text_agreed",
    "by_publisher",
    "contact_confirmed_at",
    "submitted_at",
}
"""What an earlier version never brings back: the life of the offer is not its content, nor is what its doctor agreed to."""


@transaction.atomic
def restore(*, offer, version, actor=None, at=None):
    """Give an offer the content it had in `version` (a row of its history); its life goes on unchanged.

    Raises `TransitionRefused` when the offer is published and the old content could not be.
    """
    at = at or timezone.now()
    _lock(offer)
    for field in version.tracked_fields:
        if field.name not in CONTENT_EXCLUDED:
            setattr(offer, field.attname, getattr(version, field.attname))
    refresh_place(offer)
    try:
        offer.clean_fields(exclude=CONTENT_EXCLUDED)
        offer.validate_constraints()
    except ValidationError as error:
        raise TransitionRefused(*error.messages) from error
    if offer.state == State.PUBLISHED:
        problems = rules.missing_for_publication(offer, at)
        if problems:
            raise TransitionRefused(*(problem.message for problem in problems))
    return save_offer(offer=offer, actor=actor, reason=f"retour à la version du {french.moment(version.history_date)}")


def touch(*, offer, at):
    """Note that somebody works on an offer whose own columns have not changed: a draft that is touched is not abandoned."""
    Opportunity.objects.filter(pk=offer.pk).update(updated_at=at)


@transaction.atomic
def delete_offer(*, offer):
    """Delete an offer for good, and the files of its photographs once the transaction has ended."""
    for photo in offer.photos.all():
        photo.delete()
    return offer.delete()
