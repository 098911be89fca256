"""The private link of a publisher: the one key of their offer, without an account."""

from core.announced.links import CONTACT_KEPT, CONTACT_LIFETIME, LIFETIME, PrivateLinks

LINKS = PrivateLinks("opportunities", keep="opportunities:offer_keep", contact="opportunities:offer_contact")
PURPOSE, CONTACT_PURPOSE = LINKS.purpose, LINKS.contact_purpose
keep_path, keep_url, contact_url = LINKS.keep_path, LINKS.keep_url, LINKS.contact_url

__all__ = ["CONTACT_KEPT", "CONTACT_LIFETIME", "CONTACT_PURPOSE", "LIFETIME", "LINKS", "PURPOSE", "contact_url", "keep_path", "keep_url"]
