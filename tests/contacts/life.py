"""A day of the portal in a test: its jobs really run, its mail really leaves."""

import re

import time_machine

from core import mail


def work(at, *jobs):
    """Run these periodic jobs, then everything that they and the pages deferred, as a worker does at that moment."""
    with time_machine.travel(at, tick=False):
        for job in jobs:
            job(timestamp=int(at.timestamp()))
        mail.deliver_due(at=at)


def link(message, path):
    """The path of the first address in a message that begins with `path`, ready for a test client."""
    text = message.get_body(("plain",)).get_content()
    found = re.search(rf"https?://[^/\s]+({re.escape(path)}\S*)", text)
    assert found, text
    return found[1]


def to(box, address):
    """The messages that one person received, oldest first."""
    return [message for message in box.messages if address in message["To"]]
