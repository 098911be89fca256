"""The private link of whoever announces something: the one key of it, without an account."""

from datetime import timedelta

from django.urls import reverse

from core import signed
from core.links import absolute

LIFETIME = timedelta(days=60)
"""How long it opens; a fresh one is a button away, and goes to the address that the row has."""
CONTACT_LIFETIME = timedelta(days=7)
"""How long a new address may be confirmed."""
CONTACT_KEPT = timedelta(days=30)
"""How much longer the request is kept, so that its link says what to do."""


class PrivateLinks:
    """The links of one app: `keep` names the private page, `contact` the page where a new address is confirmed."""

    def __init__(self, app, *, keep, contact):
        self.purpose, self.contact_purpose = f"{app}.keep", f"{app}.contact"
        self.keep, self.contact = keep, contact

    def keep_path(self, row):
        """The path of the private page of a row."""
        return reverse(self.keep, args=[signed.sign(self.purpose, row)])

    def keep_url(self, row):
        """The private page of whoever announces a row."""
        return absolute(self.keep_path(row))

    def contact_url(self, change):
        """The page where whoever reads a new address says that it is theirs."""
        return absolute(reverse(self.contact, args=[signed.sign(self.contact_purpose, change)]))
