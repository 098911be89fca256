"""The check of links: where they live, what becomes of them, and what the portal never asks."""

import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from core.outside import is_public
from pages import actions, checking
from pages.enums import LinkStatus, State
from pages.link_checks import ask_portal, ask_site
from pages.link_places import collect
from pages.models import LinkCheck
from tests.collective.factories import PartnerFactory
from tests.pages.factories import PageFactory, RichTextFactory, TermFactory, composed

pytestmark = pytest.mark.django_db


class Stand(BaseHTTPRequestHandler):
    """A site of another host: its first word says what it answers."""

    asked = []

    def do_GET(self):
        Stand.asked.append(f"{self.command} {self.path}")
        word = self.path.strip("/").partition("/")[0]
        if word == "sans-head" and self.command == "HEAD":
            return self.answer(405)
        if word == "ailleurs":
            return self.answer(301, "/bon")
        if word == "un-temps":
            return self.answer(302, "/bon")
        if word == "boucle":
            return self.answer(302, "/boucle")
        if word == "dedans":
            return self.answer(302, "http://10.0.0.1/secret")
        return self.answer({"disparu": 404, "panne": 500, "robots": 403}.get(word, 200))

    do_HEAD = do_GET

    def answer(self, status, location=""):
        self.send_response(status)
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture
def site():
    server = HTTPServer(("127.0.0.1", 0), Stand)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    Stand.asked.clear()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    ("path", "outcome"),
    [
        ("/bon", "ok"),
        ("/sans-head", "ok"),
        ("/un-temps", "ok"),
        ("/ailleurs", "moved"),
        ("/disparu", "broken"),
        ("/panne", "failed"),
        ("/robots", "ignored"),
        ("/boucle", "failed"),
        ("/dedans", "ignored"),
        ("/é à?b=c d", "ok"),
    ],
)
def test_what_a_site_answers(site, path, outcome):
    answer = ask_site(site + path, allow=("localhost",))
    assert answer.outcome == outcome
    if path == "/ailleurs":
        assert answer.final_url == f"{site}/bon"


def test_a_site_is_asked_with_as_little_as_it_knows(site):
    ask_site(f"{site}/bon", allow=("localhost",))
    assert Stand.asked == ["HEAD /bon"]


@pytest.mark.parametrize("url", ["http://localhost/", "http://127.0.0.1:5432/", "http://[::1]/", "ftp://example.org/", "http:///x"])
def test_the_inside_is_never_asked(url):
    assert ask_site(url).outcome == "ignored"


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
        ("::ffff:93.184.216.34", True),
        ("10.1.2.3", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("224.0.1.1", False),
        ("ff0e::1", False),
        ("::ffff:127.0.0.1", False),
        ("::127.0.0.1", False),
        ("64:ff9b::a00:1", False),
        ("2002:7f00:1::", False),
    ],
)
def test_what_is_public(address, public):
    assert is_public(address) is public


def test_a_dead_site_is_a_failure():
    assert ask_site("http://localhost:9/", allow=("localhost",)).outcome == "failed"


def test_links_of_the_portal_are_asked_of_itself():
    page = PageFactory(slug="ancienne")
    PageFactory(slug="brouillon", state=State.DRAFT)
    page.slug = "nouvelle"
    actions.place_page(page=page)
    outcomes = {
        path: ask_portal(path).outcome
        for path in ("/nouvelle/", "/ancienne/", "/brouillon/", "/exercer/offres/?type=x", "/exercer/offres/999-x/", "/Nulle/", "/equipe/")
    }
    assert outcomes == {
        "/nouvelle/": "ok",
        "/ancienne/": "moved",
        "/brouillon/": "broken",
        "/exercer/offres/?type=x": "ok",
        "/exercer/offres/999-x/": "broken",
        "/Nulle/": "broken",
        "/equipe/": "ok",
    }


def test_links_are_found_where_they_live():
    page = composed(
        (RichTextFactory, {"text": '<p><a href="https://a.example/?x=1&amp;y=2#bas">a</a> <a href="mailto:x@example.org">b</a></p>'}),
        title="Une page",
        sources="INSEE https://insee.example/",
    )
    composed((RichTextFactory, {"text": '<p><a href="https://cachee.example/">a</a></p>'}), state=State.DRAFT)
    partner = PartnerFactory(website="https://partenaire.example/")
    TermFactory(source_url="https://a.example/?x=1&y=2")
    found = collect()
    assert {"https://a.example/?x=1&y=2", "https://insee.example/", "https://partenaire.example/"} <= found.keys()
    assert "https://cachee.example/" not in found
    assert not any(link.startswith("mailto:") for link in found)
    assert len(found["https://a.example/?x=1&y=2"]) == 2
    assert found["https://partenaire.example/"][0]["label"] == f"partenaire\u00a0: {partner}"
    assert found["https://insee.example/"][0]["url"] == f"/equipe/pages/page/{page.pk}/change/"


def test_a_link_is_tried_again_before_it_is_called_broken(site, now):
    composed((RichTextFactory, {"text": f'<p><a href="{site}/panne">a</a> <a href="{site}/bon">b</a> <a href="{site}/disparu">c</a></p>'}))
    checking.check_all(at=now, allow=("localhost",), pause=0)
    failing, gone = LinkCheck.objects.get(url=f"{site}/panne"), LinkCheck.objects.get(url=f"{site}/disparu")
    assert (failing.status, failing.failures, failing.failing_since) == (LinkStatus.DOUBTFUL, 1, now)
    assert gone.status == LinkStatus.BROKEN
    assert LinkCheck.objects.get(url=f"{site}/bon").status == LinkStatus.OK
    for night in (1, 2):
        checking.check_doubtful(at=now + timedelta(days=night), allow=("localhost",), pause=0)
    failing.refresh_from_db()
    assert (failing.status, failing.failures, failing.failing_since) == (LinkStatus.BROKEN, 3, now)


def test_a_link_that_nobody_shows_is_forgotten(site, now):
    page = composed((RichTextFactory, {"text": f'<p><a href="{site}/bon">a</a></p>'}))
    checking.check_all(at=now, allow=("localhost",), pause=0)
    actions.fill_page(page=page, blocks=[])
    actions.keep_version(page=page)
    checking.check_all(at=now, allow=("localhost",), pause=0)
    assert not LinkCheck.objects.filter(url__startswith=site).exists()
