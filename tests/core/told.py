"""What a page will say, read in the address that leads to it (`core.told`)."""

from urllib.parse import parse_qs, urlsplit


def said(response):
    """`(path, word)` of a redirection."""
    address = urlsplit(response["Location"])
    return address.path, parse_qs(address.query).get("fait", [""])[0].partition(":")[0]
