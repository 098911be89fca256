"""The private link of a publisher: the one key of their offer, without an account."""

from datetime import timedelta

from django.urls import reverse

from core import signed
from core.links import absolute

PURPOSE = "opportunities.keep"
LIFETIME = timedelta(days=60)
"""How long it opens; a fresh one is a button away, and goes to the address that the offer has."""
CONTACT_PURPOSE = "opportunities.contact"
CONTACT_LIFETIME = timedelta(days=7)
"""How long a new address may be confirmed."""
CONTACT_KEPT = timedelta(days=30)
"""How much longer the request is kept, so that its link says what to do."""


def keep_path(offer):
    """The path of the private page of an offer."""
    return reverse("opportunities:offer_keep", args=[signed.sign(PURPOSE, offer)])


def keep_url(offer):
    """The private page of the publisher of an offer."""
    return absolute(keep_path(offer))


def contact_url(change):
    """The page where whoever reads a new address says that it is theirs."""
    return absolute(reverse("opportunities:offer_contact", args=[signed.sign(CONTACT_PURPOSE, change)]))
