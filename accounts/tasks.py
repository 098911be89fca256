"""Background jobs of accounts."""

from django.utils import timezone
from procrastinate.contrib.django import app

from accounts import actions


@app.periodic(cron="*/15 * * * *")
@app.task(queueing_lock="accounts.forget_old_attempts", pass_context=False)
def forget_old_attempts(timestamp: int):
    """Every quarter of an hour: failed logins live half an hour at most."""
    actions.forget_old_attempts(at=timezone.now())
