"""Background jobs of dwellings."""

from django.utils import timezone
from procrastinate.contrib.django import app

from housing import actions, chain, forbidden, freshness, imported
from housing.models import Dwelling


@app.periodic(cron="23 * * * *")
@app.task(queueing_lock="housing.read_calendars", pass_context=False)
def read_calendars(timestamp: int = 0):
    """Every hour, and when a host adds one: read the calendars that hosts keep elsewhere."""
    imported.read_due(at=timezone.now())


@app.periodic(cron="13 8 * * *")
@app.task(queueing_lock="housing.keep_calendars", pass_context=False)
def keep_calendars(timestamp: int = 0):
    """Every morning: ask hosts for the next semester, remind them of arrivals and departures, let waiting lists move."""
    at = timezone.now()
    chain.ask_hosts(at=at)
    chain.remind_hosts(at=at)
    actions.promote_all(at=at)


@app.periodic(cron="47 3 * * *")
@app.task(queueing_lock="housing.erase_calendars", pass_context=False)
def erase_calendars(timestamp: int = 0):
    """Every night: forget what was written of stays that ended a year ago."""
    actions.erase_stays(at=timezone.now())


@app.periodic(cron="11 * * * *")
@app.task(queueing_lock="housing.expire_dwellings", pass_context=False)
def expire_dwellings(timestamp: int = 0):
    """Every hour: end what has reached its end (readers stopped seeing it at that very moment), and what may be let no more."""
    at = timezone.now()
    forbidden.retire(at=at)
    actions.expire_due(at=at)


@app.periodic(cron="9 8 * * *")
@app.task(queueing_lock="housing.keep_true", pass_context=False)
def keep_true(timestamp: int = 0):
    """Every morning: ask hosts of whom nothing was heard, and take out of the lists the dwellings of those who did not answer."""
    at = timezone.now()
    freshness.ask_publishers(at=at)
    freshness.retire_silent(at=at)
    freshness.tell_ended(at=at)
    actions.tell_ending_drafts(at=at)
    freshness.erase_old_reports(at=at)


@app.periodic(cron="57 3 * * *")
@app.task(queueing_lock="housing.erase_old", pass_context=False)
def erase_old(timestamp: int = 0):
    """Every night: forget drafts that nobody confirmed or touched; contact, address and exact place of what ended a year ago."""
    at = timezone.now()
    actions.erase_drafts(at=at)
    actions.erase_contacts(at=at)


@app.periodic(cron="41 3 * * *")
@app.task(queueing_lock="housing.refresh_search_texts", pass_context=False)
def refresh_search_texts(timestamp: int = 0):
    """Every night: dwellings are found by the names of today."""
    actions.refresh_search_texts(dwellings=Dwelling.objects.all())
