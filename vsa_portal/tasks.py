"""Background jobs of the project itself."""

from django.utils import timezone
from procrastinate.contrib.django import app

from vsa_portal.search import refresh


@app.periodic(cron="47 3 * * *")
@app.task(queueing_lock="vsa_portal.refresh_search", pass_context=False)
def refresh_search(timestamp: int = 0):
    """Every night, and when words are taken back: the search corrects mistyped words by the words of today."""
    refresh.refresh(at=timezone.now())
