"""What is noted of attempts to enter."""

from datetime import timedelta

from accounts.models import Attempt
from accounts.rules import MINUTES


def note_failure(*, limits, at):
    """Count a failure against each limit."""
    Attempt.objects.bulk_create([Attempt(fingerprint=limit.fingerprint, at=at) for limit in limits])


def forget_failures(*, limits):
    """After a success the failures of this person on this machine count no more; those of the machine still do."""
    Attempt.objects.filter(fingerprint=limits[0].fingerprint).delete()


def forget_old_attempts(*, at):
    """Erase what no limit looks at any more; returns how many."""
    return Attempt.objects.filter(at__lte=at - timedelta(minutes=MINUTES)).delete()[0]
