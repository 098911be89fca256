"""Background jobs of dwellings."""

from django.utils import timezone
from procrastinate.contrib.django import app

from housing import actions, chain, imported


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
