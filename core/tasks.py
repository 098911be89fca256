"""Background jobs of the mail."""

from django.utils import timezone
from procrastinate.contrib.django import app

from core import late, mail


@app.task(pass_context=False)
def deliver_mail(pk: int):
    """As soon as its transaction is saved: send a message."""
    mail.deliver(pk=pk, at=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="core.deliver_due_mails", pass_context=False)
def deliver_due_mails(timestamp: int = 0):
    """Every minute: messages to try again, and those whose worker died."""
    mail.deliver_due(at=timezone.now())


@app.periodic(cron="41 3 * * *")
@app.task(queueing_lock="core.erase_old_mails", pass_context=False)
def erase_old_mails(timestamp: int = 0):
    """Every night: forget words and addresses of old messages."""
    mail.erase_old(at=timezone.now())


@app.periodic(cron="23 7 * * 1-5")
@app.task(queueing_lock="core.tell_team_what_is_late", pass_context=False)
def tell_team_what_is_late(timestamp: int = 0):
    """Every working day: one mail to the team with what waits for it too long."""
    late.tell_team(at=timezone.now())
