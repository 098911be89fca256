"""Background jobs of the territory."""

from django.utils import timezone
from procrastinate.contrib.django import app

from territories import actions


@app.periodic(cron="17 3 * * *")
@app.task(queueing_lock="territories.recount_figures", pass_context=False)
def recount_figures(timestamp: int):
    """Every night: count what the portal can count of its key figures; the team sees the gaps on its first page."""
    actions.recount_figures(at=timezone.now())
