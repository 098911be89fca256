"""Verbs by key, pages by path and mail by its bytes, for processes of their own."""

import os
import sys
from contextlib import suppress

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.template.loader import get_template
from django.test import Client
from django.utils.module_loading import import_string

from contacts import inbound  # noqa: F401  read before a process forks
from contacts.actions import letters
from core.announced.life import MAILS, TransitionRefused

for name in {*MAILS.values(), *letters.LETTERS.values(), "mail/base.txt", "mail/base.html"}:
    get_template(name)
Client(SERVER_NAME="localhost").get("/nulle-part/")  # what a page loads is loaded once, and not by each process that forks
connection.close()


def do(*, verb, name, model, pk, actor=None, at, **values):
    """What somebody of the team does to a row; a second time it is refused."""
    row = apps.get_model(model).objects.get(pk=pk)
    values |= {"actor": apps.get_model(settings.AUTH_USER_MODEL).objects.get(pk=actor)} if actor else {}
    with suppress(TransitionRefused):
        import_string(verb)(**{name: row}, at=at, **values)


def press(*, path, data, at):
    """What a browser sends when a person presses a button."""
    response = Client(SERVER_NAME="localhost").post(path, data)
    assert response.status_code < 400, response.status_code


def pipe(*, raw, to, at):
    """What a mail server does with a message for us: it runs a command, and writes to its standard input."""
    reading, writing = os.pipe()
    if not os.fork():  # the mail server: whatever the size of the message, somebody reads while it writes
        os.close(reading)
        with os.fdopen(writing, "wb") as out:
            out.write(raw.encode("latin-1"))
        os._exit(0)
    os.close(writing)
    os.dup2(reading, 0)
    sys.stdin = os.fdopen(0)
    call_command("receive_mail", to=to)
