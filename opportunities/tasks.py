"""Background jobs of offers."""

from django.utils import timezone
from procrastinate.contrib.django import app

from core.jobs import defer_once
from opportunities import actions, freshness
from opportunities.models import Opportunity


@app.periodic(cron="7 * * * *")
@app.task(queueing_lock="opportunities.expire_offers", pass_context=False)
def expire_offers(timestamp: int):
    """Every hour: expire the offers that have reached their end (readers stopped seeing them at that very moment)."""
    actions.expire_due(at=timezone.now())


@app.periodic(cron="3 8 * * *")
@app.task(queueing_lock="opportunities.keep_true", pass_context=False)
def keep_true(timestamp: int = 0):
    """Every morning: ask publishers of whom nothing was heard, and take out of the lists the offers of those who did not answer."""
    at = timezone.now()
    freshness.ask_publishers(at=at)
    freshness.retire_silent(at=at)
    freshness.tell_ended(at=at)
    actions.tell_ending_drafts(at=at)
    actions.remind_doctors(at=at)
    freshness.erase_old_reports(at=at)


@app.periodic(cron="53 3 * * *")
@app.task(queueing_lock="opportunities.erase_old", pass_context=False)
def erase_old(timestamp: int = 0):
    """Every night: forget drafts that nobody confirmed or touched, and contacts of offers that ended a year ago."""
    at = timezone.now()
    actions.erase_drafts(at=at)
    actions.erase_contacts(at=at)


@app.periodic(cron="37 3 * * *")
@app.task(queueing_lock="opportunities.refresh_search_texts", pass_context=False)
def refresh_search_texts(timestamp: int = 0):
    """Every night, and when staff rename a kind or a setting: offers are found by the names of today."""
    actions.refresh_search_texts(offers=Opportunity.objects.all())


def refresh_search_texts_soon():
    """Defer the job above with the transaction under way; one that waits already does as well."""
    defer_once("opportunities.tasks.refresh_search_texts")
