"""Background jobs of the training places. Each may run twice, at once, or a day late."""

from django.utils import timezone
from procrastinate.contrib.django import app

from interns import actions


@app.periodic(cron="57 3 * * *")
@app.task(queueing_lock="interns.erase_old_notes", pass_context=False)
def erase_old_notes(timestamp: int = 0):
    """Every night: forget descriptions that were never confirmed or were refused long ago, and the addresses of published ones."""
    actions.erase_old_notes(at=timezone.now())


@app.periodic(cron="31 4 * * *")
@app.task(queueing_lock="interns.refresh_places", pass_context=False)
def refresh_places(timestamp: int = 0):
    """Every night: places stand where their facility stands, and are found by the names of today."""
    actions.refresh_places()
