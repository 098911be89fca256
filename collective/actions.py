"""What changes records of the collective, besides plain editing."""

from django.db import transaction


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
def withdraw_testimonial(*, testimonial):
    """Take the words of a person away at once, at their request: nothing shows any more, proof of consent and portrait are erased."""
    testimonial.drop_image()
    testimonial.consent_on, testimonial.consent_proof, testimonial.active, testimonial.is_demo = None, "", False, False
    testimonial.save()
