"""Background jobs that are wanted once, soon."""

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued


def defer_once(name):
    """Defer a job of any app, by its full name, with the transaction under way; one that waits already does as well.

    The job has a `queueing_lock` and no arguments.
    """
    try:
        with transaction.atomic():
            app.configure_task(name, allow_unknown=False).defer()
    except AlreadyEnqueued:
        pass
