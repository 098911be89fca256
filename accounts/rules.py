"""Who may try again: limits against guessing. Pure functions, no writes."""

from typing import NamedTuple

from django.utils.crypto import salted_hmac

from accounts.models import Attempt

MINUTES = 15


class Limit(NamedTuple):
    """How many failures of one fingerprint are allowed within `MINUTES`."""

    fingerprint: str
    failures: int


def login_limits(email, address):
    """What a login counts for: this account tried from this machine, any account tried from it, this account tried from anywhere.

    The last is high: nobody shuts a member of the team out by typing their address. Neither address is stored, only a keyed hash.
    """
    email = email.strip().casefold()
    return [
        Limit(fingerprint("both", email, address), 8),
        Limit(fingerprint("machine", address), 40),
        Limit(fingerprint("account", email), 200),
    ]


def fingerprint(*parts):
    """A keyed hash of texts, 32 hexadecimal digits."""
    return salted_hmac("accounts.attempt", "\0".join(parts)).hexdigest()[:32]


def may_try(limits, at):
    """Whether none of these limits is reached at that moment. One query."""
    known = [limit.fingerprint for limit in limits]
    failed = list(Attempt.objects.filter(fingerprint__in=known).recent(at, MINUTES).values_list("fingerprint", flat=True))
    return all(failed.count(limit.fingerprint) < limit.failures for limit in limits)
