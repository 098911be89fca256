"""A real Chromium for the journeys: `page` (wide), `phone`, `plain_page` (no JavaScript), and `axe` on any of them.

The pages come from `live_server`, with the rows of `tests.initial_rows`; a test creates its offers
with the factories, as everywhere. A page that logs an error, throws, or asks another host for
anything fails its test; one that is meant to, clears `page.faults` at its end.

Where there is no Chromium these tests are skipped, but never on the integration machine (`CI`
set), where its absence is an error.
"""

import os
import shutil

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright

# Playwright's loop runs in this thread, where Django would refuse the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

WIDE = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NAMES = ("chromium", "chromium-browser", "google-chrome")
PATIENCE_MS = 30_000
"""How long a test waits for what must come; a machine that does three other things needs it."""
expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium():
    """One browser for the whole run: the machine's own, else the one that Playwright installed."""
    executable = next(filter(None, map(shutil.which, NAMES)), None)
    with sync_playwright() as playwright:
        if executable is None and not os.path.exists(playwright.chromium.executable_path):
            if os.environ.get("CI"):
                pytest.fail("no Chromium on this machine")
            pytest.skip("no Chromium on this machine")
        browser = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium, live_server, settings):
    """Opens pages of a browser of its own: `open_page(viewport=PHONE, color_scheme="dark")`; relative addresses work."""
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
    contexts, faults = [], []

    def open_page(viewport=WIDE, **options):
        context = chromium.new_context(
            base_url=live_server.url, viewport=viewport, locale="fr-FR", timezone_id="Europe/Paris", reduced_motion="reduce", **options
        )
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
        page.on("console", lambda message: message.type == "error" and faults.append(f"{page.url}: {message.text}"))
        page.on("request", lambda request: is_elsewhere(request.url, live_server.url) and faults.append(f"{page.url} asks {request.url}"))
        page.faults = faults
        contexts.append(context)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not faults, "\n".join(["", *faults])


def is_elsewhere(url, own):
    """Whether a request leaves the portal."""
    return not url.startswith((own, "data:", "blob:", "about:"))


@pytest.fixture
def page(open_page):
    """A wide window."""
    return open_page()


@pytest.fixture
def phone(open_page):
    """A phone held upright, with a finger."""
    return open_page(viewport=PHONE, has_touch=True, is_mobile=True, device_scale_factor=2)


@pytest.fixture
def plain_page(open_page):
    """A browser without JavaScript."""
    return open_page(java_script_enabled=False)


@pytest.fixture
def axe():
    """`axe(page)` asserts that axe finds no accessibility fault on the page as it stands."""

    def check(page, context=None):
        page.wait_for_load_state()
        expect(page.locator(".map[aria-busy]")).to_have_count(0)  # a map that is being read is dimmed
        # Reading the style sheets again by itself, for one rule off by default, breaks our Content-Security-Policy.
        results = Axe().run(page, context=context, options={"preload": False})
        assert results.violations_count == 0, results.generate_report()

    return check
