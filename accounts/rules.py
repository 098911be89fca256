"""How often one may fail to log in. No writes."""

from typing import NamedTuple

from django.utils.crypto import salted_hmac

from accounts.models import Attempt

MINUTES = 15


class Limit(NamedTuple):
    """How many failures of one fingerprint are allowed within `MINUTES`."""

    fingerprint: str
    failures: int


def login_limits(account, machine):
    """What a login counts for: this account tried from this machine, any account tried from it.

    There is no limit of an account from everywhere: whoever knows an address could shut its owner out. Neither
    the account nor the machine is stored, only keyed hashes of them.
    """
    return [Limit(fingerprint("both", account, machine), 8), Limit(fingerprint("machine", machine), 40)]


def fingerprint(*parts):
    """A keyed hash of texts, 32 hexadecimal digits."""
    return salted_hmac("accounts.attempt", "\0".join(parts)).hexdigest()[:32]


def may_try(limits, at):
    """Whether none of these limits is reached at that moment. One query."""
    failed = Attempt.objects.recent(at, MINUTES).counts([limit.fingerprint for limit in limits])
    return all(failed.get(limit.fingerprint, 0) < limit.failures for limit in limits)
