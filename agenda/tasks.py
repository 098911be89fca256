"""Background jobs of the agenda. Each may run twice, at once, or a day late."""

from django.utils import timezone
from procrastinate.contrib.django import app

from agenda import actions


@app.periodic(cron="44 3 * * *")
@app.task(queueing_lock="agenda.forget_contacts", pass_context=False)
def forget_contacts(timestamp: int = 0):
    """Every night: forget the addresses of organisers a year after their event."""
    actions.forget_contacts(at=timezone.now())
