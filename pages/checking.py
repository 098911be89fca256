"""The check of links: collects them, asks each, writes down what came of it."""

import time
from itertools import groupby
from urllib.parse import urlsplit

from django.db import transaction

from pages.enums import LinkStatus
from pages.link_checks import ask_portal, ask_site
from pages.link_places import collect
from pages.models import LinkCheck

PAUSE = 1.0
"""Seconds between two questions to one site."""
TRIES = 3
"""A link that did not answer so many times, on different nights, is called broken."""
URL_LENGTH = 1000


def check_all(*, at, allow=(), pause=PAUSE):
    """Collect the links and ask each one; those that nobody shows any more are forgotten. Returns how many were asked."""
    found = {url: places for url, places in collect().items() if len(url) <= URL_LENGTH}
    with transaction.atomic():
        LinkCheck.objects.exclude(url__in=found).delete()
        known = {link.url: link for link in LinkCheck.objects.all()}
        LinkCheck.objects.bulk_create(
            LinkCheck(url=url, is_internal=url.startswith("/"), places=places) for url, places in found.items() if url not in known
        )
        moved = [link for link in known.values() if link.places != found[link.url]]
        for link in moved:
            link.places = found[link.url]
        LinkCheck.objects.bulk_update(moved, ["places"])
    return ask_each(LinkCheck.objects.all(), at=at, allow=allow, pause=pause)


def check_doubtful(*, at, allow=(), pause=PAUSE):
    """Ask again the links that did not answer the last time."""
    return ask_each(LinkCheck.objects.filter(status=LinkStatus.DOUBTFUL), at=at, allow=allow, pause=pause)


def ask_each(links, *, at, allow, pause):
    """Ask every link, site by site, with a pause between two questions to the same; each result is stored at once."""
    asked = 0
    by_site = sorted(links, key=lambda link: (site(link.url), link.url))
    for _, group in groupby(by_site, key=lambda link: site(link.url)):
        for rank, link in enumerate(group):
            if rank and not link.is_internal:
                time.sleep(pause)
            note(link, ask_portal(link.url) if link.is_internal else ask_site(link.url, allow=allow), at)
            asked += 1
    return asked


def site(url):
    return (urlsplit(url).hostname or "").lower()


def note(link, answer, at):
    """Write down an answer: a single failure is a doubt, a page that is gone is broken at once."""
    link.checked_at, link.detail, link.final_url = at, answer.detail[:300], answer.final_url[:URL_LENGTH]
    if answer.outcome in ("failed", "broken"):
        link.failures += 1
        link.failing_since = link.failing_since or at
        is_sure = answer.outcome == "broken" or link.failures >= TRIES
        link.status = LinkStatus.BROKEN if is_sure else LinkStatus.DOUBTFUL
    else:
        link.failures, link.failing_since = 0, None
        link.status = {"ok": LinkStatus.OK, "moved": LinkStatus.MOVED}.get(answer.outcome, LinkStatus.IGNORED)
    link.save()
    return link
