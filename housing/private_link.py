"""The private link of a host: the one key of their dwelling, without an account."""

from core.announced.links import PrivateLinks

LINKS = PrivateLinks("housing", keep="housing:dwelling_keep", contact="housing:dwelling_contact")
PURPOSE = LINKS.purpose
keep_path, keep_url, contact_url = LINKS.keep_path, LINKS.keep_url, LINKS.contact_url
