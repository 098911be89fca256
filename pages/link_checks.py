"""What becomes of a link: asked politely, never inside the network that the portal runs in."""

import http.client
import ipaddress
import socket
import ssl
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

from django.conf import settings
from django.test import RequestFactory
from django.urls import Resolver404, resolve
from django.utils import timezone

from pages.models import Page, Redirect

TIMEOUT = 10
HOPS = 5
READ = 2048
AGENT = "Vaucluse Sante Attractivite, verification des liens (+{site})"
REFUSES_ROBOTS = {401, 403, 405, 406, 429, 451, 999}
"""Answers of sites that do not like to be asked by a program: nothing can be said of the link."""
GONE = {404, 410}
PERMANENT = {301, 308}
IN_PATH, IN_QUERY = "/%:@!$&'()*+,;=~-._", "=&%/:?@!$()*+,;~-._"
"""Signs of an address that are sent as they are."""


@dataclass(frozen=True)
class Answer:
    """`ok`, `moved`, `broken`, `failed` (worth another try) or `ignored`, with a sentence for staff."""

    outcome: str
    detail: str = ""
    final_url: str = ""


class Refused(Exception):
    """An address that the portal must not ask."""


def ask_portal(path):
    """Whether an address of the portal leads somewhere: a page, a redirect, or a view that answers."""
    bare = path.partition("?")[0]
    try:
        found = resolve(bare)
    except Resolver404:
        return Answer("broken", "Aucune page du portail n’a cette adresse.")
    if found.view_name == "pages:page":
        return ask_pages(found.kwargs["path"])
    return ask_view(path, found)


def ask_pages(path):
    if Page.objects.visible(timezone.now()).filter(path=path).exists():
        return Answer("ok")
    redirect = Redirect.objects.select_related("page").filter(old_path=path).first()
    if redirect and redirect.is_open(timezone.now()):
        return Answer("moved", "Cette page a changé d’adresse.", redirect.target())
    return Answer("broken", "Cette page n’existe pas, ou n’est pas publiée.")


def ask_view(path, found):
    """The status that a view of the portal answers with; staff screens are not asked."""
    if found.namespaces[:1] == ["admin"]:
        return Answer("ok")
    host = next((host for host in settings.ALLOWED_HOSTS if not host.startswith((".", "*"))), "localhost")
    request = RequestFactory(SERVER_NAME=host).get(path, secure=settings.PRODUCTION)
    request.htmx = None
    try:
        response = found.func(request, *found.args, **found.kwargs)
    except Exception as error:  # the view says 404 by an exception; anything else is as bad for a reader
        return Answer("broken", f"La page ne répond pas ({type(error).__name__}).")
    if response.status_code in PERMANENT:
        return Answer("moved", "Cette page a changé d’adresse.", response["Location"])
    return Answer("ok") if response.status_code < 400 else Answer("broken", f"La page répond {response.status_code}.")


def ask_site(url, *, allow=()):
    """What another site answers, redirects followed; `allow` names hosts that may be private (tests)."""
    moved_to = ""
    for _ in range(HOPS):
        try:
            status, location = request_once(url, allow)
        except Refused as refusal:
            return Answer("ignored", str(refusal))
        except (OSError, http.client.HTTPException, ssl.SSLError, UnicodeError, ValueError) as error:
            return Answer("failed", f"Pas de réponse ({type(error).__name__}).")
        if status in (301, 302, 303, 307, 308) and location:
            url = urljoin(url, location)
            if status in PERMANENT:
                moved_to = url
            continue
        return judged(status, moved_to)
    return Answer("failed", "Trop de redirections.")


def judged(status, moved_to):
    if status in GONE:
        return Answer("broken", f"Le site répond {status}\u00a0: la page n’existe plus.")
    if status in REFUSES_ROBOTS:
        return Answer("ignored", f"Le site ne se laisse pas vérifier ({status})\u00a0: ouvrez le lien pour savoir.")
    if status >= 400:
        return Answer("failed", f"Le site répond {status}.")
    return Answer("moved", "Le site renvoie pour toujours à une autre adresse.", moved_to) if moved_to else Answer("ok")


def request_once(url, allow):
    """One question, HEAD then GET for sites that know no HEAD: `(status, location)`."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Refused("Cette adresse n’est pas celle d’un site.")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    address = public_address(parts.hostname, port, allow)
    for method in ("HEAD", "GET"):
        status, location = talk(parts, port, address, method)
        if method == "HEAD" and status in (400, 403, 404, 405, 500, 501, 503):
            continue
        break
    return status, location


def public_address(host, port, allow):
    """The address that a name stands for, refused when it lies inside a private network: a link must not look behind our door."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [entry[4][0] for entry in found]
    if host not in allow and not all(is_public(address) for address in addresses):
        raise Refused("Cette adresse n’est pas sur le réseau public.")
    return addresses[0]


def is_public(address):
    found = ipaddress.ip_address(address.partition("%")[0])
    return (getattr(found, "ipv4_mapped", None) or found).is_global


def talk(parts, port, address, method):
    """Ask the very machine whose address was judged: a name that changes between the two gains nothing."""
    raw = socket.create_connection((address, port), timeout=TIMEOUT)
    try:
        if parts.scheme == "https":
            raw = ssl.create_default_context().wrap_socket(raw, server_hostname=parts.hostname)
        connection = http.client.HTTPConnection(parts.hostname, port, timeout=TIMEOUT)
        connection.sock = raw
        target = quote(parts.path or "/", safe=IN_PATH) + (f"?{quote(parts.query, safe=IN_QUERY)}" if parts.query else "")
        connection.request(method, target, headers={"User-Agent": AGENT.format(site=settings.SITE_URL or "portail"), "Accept": "*/*"})
        response = connection.getresponse()
        response.read(READ)
        return response.status, response.headers.get("Location", "")
    finally:
        raw.close()
