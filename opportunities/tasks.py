"""Background jobs of offers."""

from django.utils import timezone
from procrastinate.contrib.django import app

from opportunities import actions


@app.periodic(cron="7 * * * *")
@app.task(queueing_lock="opportunities.expire_offers", pass_context=False)
def expire_offers(timestamp: int):
    """Every hour: expire the offers that have reached their end (readers stopped seeing them at that very moment)."""
    actions.expire_due(at=timezone.now())
