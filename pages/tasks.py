"""Background jobs of the pages."""

from django.utils import timezone
from procrastinate.contrib.django import app

from pages import checking


@app.periodic(cron="23 2 * * 1")
@app.task(queueing_lock="pages.check_links", pass_context=False)
def check_links(timestamp: int = 0):
    """Every Monday night, when staff ask and when words are taken back: what becomes of the links that readers meet."""
    checking.check_all(at=timezone.now())


@app.periodic(cron="23 3 * * *")
@app.task(queueing_lock="pages.check_doubtful_links", pass_context=False)
def check_doubtful_links(timestamp: int = 0):
    """Every night: the links that did not answer are asked again before they are called broken."""
    checking.check_doubtful(at=timezone.now())
