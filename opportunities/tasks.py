"""Background jobs of offers."""

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from opportunities import actions
from opportunities.models import Opportunity


@app.periodic(cron="7 * * * *")
@app.task(queueing_lock="opportunities.expire_offers", pass_context=False)
def expire_offers(timestamp: int):
    """Every hour: expire the offers that have reached their end (readers stopped seeing them at that very moment)."""
    actions.expire_due(at=timezone.now())


@app.periodic(cron="37 3 * * *")
@app.task(queueing_lock="opportunities.refresh_search_texts", pass_context=False)
def refresh_search_texts(timestamp: int = 0):
    """Every night, and when staff rename a kind or a setting: offers are found by the names of today."""
    actions.refresh_search_texts(offers=Opportunity.objects.all())


def refresh_search_texts_soon():
    """Defer the job above with the transaction under way; one that waits already does as well."""
    try:
        with transaction.atomic():
            refresh_search_texts.defer()
    except AlreadyEnqueued:
        pass
