"""What becomes of a link: asked politely, never inside the network that the portal runs in."""

from dataclasses import dataclass
from urllib.parse import urljoin

from django.conf import settings
from django.test import RequestFactory
from django.urls import Resolver404, resolve
from django.utils import timezone

from core import outside
from pages.models import Page, Redirect

HOPS = 5
READ = 2048
AGENT = "Vaucluse Sante Attractivite, verification des liens (+{site})"
REFUSES_ROBOTS = {401, 403, 405, 406, 429, 451, 999}
"""Answers of sites that do not like to be asked by a program: nothing can be said of the link."""
GONE = {404, 410}
PERMANENT = {301, 308}


@dataclass(frozen=True)
class Answer:
    """`ok`, `moved`, `broken`, `failed` (worth another try) or `ignored`, with a sentence for staff."""

    outcome: str
    detail: str = ""
    final_url: str = ""


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
        except outside.Refused as refusal:
            return Answer("ignored", str(refusal))
        except outside.UNREACHABLE as error:
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
    agent = AGENT.format(site=settings.SITE_URL or "portail")
    for method in ("HEAD", "GET"):
        reply = outside.ask(url, method=method, agent=agent, most=READ, allow=allow)
        if method == "HEAD" and reply.status in (400, 403, 404, 405, 500, 501, 503):
            continue
        break
    return reply.status, reply.location
