"""What changes records of the collective, besides plain editing."""

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone

from collective.models import Testimonial
from core.jobs import defer_once

KEEPERS = ("vsa_portal.tasks.refresh_search", "pages.tasks.check_links")
"""Jobs of the apps above, by name: they keep words and addresses of what readers see, and forget what went when they run again."""


@transaction.atomic
def publish_news(*, news, at):
    """Let readers see a piece of news from now on; one that is already shown keeps its date. Returns whether something changed."""
    if news.published_at is not None and news.published_at <= at:
        return False
    news.published_at = at
    news.save(update_fields=["published_at", "updated_at"])
    return True


@transaction.atomic
def withdraw_news(*, news):
    """Make a piece of news a draft again, at once. Returns whether something changed."""
    if news.published_at is None:
        return False
    news.published_at = None
    news.save(update_fields=["published_at", "updated_at"])
    return True


@transaction.atomic
def withdraw_testimonial(*, testimonial, at, actor=None):
    """Take the words of a person away at once and for good, at their request. Returns whether something changed.

    Words, name, portrait and proof go from the row, from its history and from the journal of the staff side, and soon from the words
    that the search knows and the links that are checked; the fact and its day stay, and the key of the file that brought the words,
    so that they do not come back with the next load.
    """
    testimonial = Testimonial.objects.select_for_update().get(pk=testimonial.pk)
    if testimonial.withdrawn_on:
        return False
    testimonial.drop_image()
    for name in ("quote", "name", "role", "place", "source", "source_url", "source_date", "image_alt", "image_credit", "consent_proof"):
        setattr(testimonial, name, "")
    testimonial.commune = testimonial.consent_on = None
    testimonial.active = testimonial.is_demo = False
    testimonial.withdrawn_on = timezone.localdate(at)
    testimonial.tags.clear()
    testimonial.history.all().delete()
    testimonial._history_user, testimonial._change_reason = actor, "retiré à la demande de la personne"
    testimonial.save()
    _forget(testimonial.pk, str(testimonial))
    return True


@transaction.atomic
def delete_testimonial(*, testimonial):
    """Delete a testimonial with its versions; the journal of the staff side says that it went, not whose it was."""
    pk = testimonial.pk
    testimonial.delete()
    _forget(pk, f"témoignage {pk}, supprimé")


def _forget(pk, name):
    """Call a testimonial by this name in the journal, and have the search and the check of links forget it."""
    journal = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(Testimonial), object_id=str(pk))
    journal.update(object_repr=name)
    for job in KEEPERS:
        defer_once(job)
