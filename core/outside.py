"""Other sites, asked from here: never inside the network that the portal runs in, and never for long."""

import http.client
import ipaddress
import socket
import ssl
import threading
from contextlib import suppress
from typing import NamedTuple
from urllib.parse import quote, urlsplit

TIMEOUT = 10
"""Seconds without a word."""
ALTOGETHER = 30
"""Seconds for an answer, however slowly it comes."""
IN_PATH, IN_QUERY = "/%:@!$&'()*+,;=~-._", "=&%/:?@!$()*+,;~-._"
"""Signs of an address that are sent as they are."""
UNREACHABLE = (OSError, http.client.HTTPException, ssl.SSLError, UnicodeError, ValueError)
"""What `ask` raises when nobody answers as one should."""
CARRIERS = [ipaddress.ip_network(text) for text in ("::/96", "64:ff9b::/96", "2002::/16")]
"""IPv6 addresses that stand for an IPv4 address, maybe a private one (RFC 4291, 6052, 3056); no public site needs them."""


class Refused(Exception):
    """An address that the portal must not ask."""


class Reply(NamedTuple):
    status: int
    location: str
    body: bytes


def ask(url, *, method="GET", agent, most, allow=(), schemes=("http", "https")):
    """What an address answers, redirects not followed, up to `most` bytes of it. `allow` names hosts that may be private (tests).

    Raises `Refused`, or one of `UNREACHABLE`.
    """
    parts = urlsplit(url)
    if parts.scheme not in schemes or not parts.hostname:
        raise Refused("Cette adresse n’est pas celle d’un site.")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    address = public_address(parts.hostname, port, allow)
    return _talk(parts, port, address, method, agent, most)


def public_address(host, port, allow=()):
    """The address that a name stands for, refused when it lies inside a private network: a link must not look behind our door."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [entry[4][0] for entry in found]
    if host not in allow and not all(is_public(address) for address in addresses):
        raise Refused("Cette adresse n’est pas sur le réseau public.")
    return addresses[0]


def is_public(address):
    found = ipaddress.ip_address(address.partition("%")[0])
    found = getattr(found, "ipv4_mapped", None) or found
    return found.is_global and not found.is_multicast and not any(found in network for network in CARRIERS)


def _talk(parts, port, address, method, agent, most):
    """Ask the very machine whose address was judged: a name that changes between the two gains nothing."""
    wire = socket.create_connection((address, port), timeout=TIMEOUT)
    watch = threading.Timer(ALTOGETHER, lambda: _cut(wire))
    watch.daemon = True
    try:
        if parts.scheme == "https":
            wire = ssl.create_default_context().wrap_socket(wire, server_hostname=parts.hostname)
        watch.start()
        connection = http.client.HTTPConnection(parts.hostname, port, timeout=TIMEOUT)
        connection.sock = wire
        target = quote(parts.path or "/", safe=IN_PATH) + (f"?{quote(parts.query, safe=IN_QUERY)}" if parts.query else "")
        connection.request(method, target, headers={"User-Agent": agent, "Accept": "*/*"})
        response = connection.getresponse()
        return Reply(response.status, response.headers.get("Location", ""), response.read(most))
    finally:
        watch.cancel()
        wire.close()


def _cut(wire):
    """End an answer that takes too long: whoever reads it sees its end."""
    with suppress(OSError):
        wire.shutdown(socket.SHUT_RDWR)
