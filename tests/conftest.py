"""The test house: what holds for every test of the portal.

- A variable that one of our templates names must exist (`tests.strict_templates`).
- A warning is an error, an unordered page included (`filterwarnings` in pyproject.toml).
- No test reaches another machine; the live server and PostgreSQL, on this one, are allowed.
- Reference data (communes, EPCI, kinds of offer...) are there in every test, loaded once per test
  database. A test may read them and, inside its transaction, change them. After a test that commits
  (`live_server`, `transactional_db`) they are put back: see `tests.initial_rows`.
- Static files keep their plain names, passwords are hashed fast, mails stay in `mailoutbox`, uploads
  go to the test's `tmp_path`, caches are empty.

The number of queries of a page is asserted with `django_assert_num_queries` of pytest-django.
"""

import ipaddress
import socket
from datetime import datetime
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection, transaction
from django.test import TransactionTestCase, override_settings

from core import prepared
from tests import initial_rows, strict_templates
from tests.core.smtp import Server

NOW = datetime(2026, 6, 15, 10, 0, tzinfo=ZoneInfo("Europe/Paris"))
"""The moment at which the tests that ask for `now` take place: a Monday morning in June."""


class NetworkForbidden(AssertionError):
    """A test tried to reach another machine."""


@pytest.fixture(scope="session", autouse=True)
def house_rules(django_test_environment, tmp_path_factory):
    """Settings of a test run; the strict reading of templates; no network."""
    fast_and_plain = override_settings(
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        STATIC_ROOT=tmp_path_factory.mktemp("static"),
        STORAGES={
            "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
        },
    )
    with fast_and_plain, pytest.MonkeyPatch.context() as monkeypatch:
        strict_templates.install(monkeypatch)
        # pytest-django looks for the app under its usual name, which our own configuration of it has not.
        monkeypatch.setattr("django.test.testcases._StaticFilesHandler", StaticFilesHandler)
        monkeypatch.setattr(socket.socket, "connect", guarded(socket.socket.connect))
        yield


def guarded(connect):
    """`socket.connect` that refuses every address outside this machine."""

    def guard(self, address):
        if self.family != socket.AF_UNIX and not is_local(address[0]):
            raise NetworkForbidden(f"a test tried to reach {address[0]}")
        return connect(self, address)

    return guard


def is_local(host):
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings):
    """No connection outlives its request: threads of the live server would keep theirs, and the database could not be dropped."""
    settings.DATABASES["default"]["CONN_MAX_AGE"] = 0


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The test database of pytest-django, with reference data that survive the tests that commit."""
    from territories.importers import load_reference

    with django_db_blocker.unblock():
        load_reference()
        initial_rows.save()
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(TransactionTestCase, "_fixture_teardown", lambda case: initial_rows.restore())
        yield
    # A thread of the live server may still hold a connection, and a database in use cannot be dropped.
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture(scope="module")
def shipped(django_db_setup, django_db_blocker):
    """The texts that the project ships (partners, pages, glossary), for all the tests of a module; taken away after it."""
    everything = transaction.atomic()
    with django_db_blocker.unblock():
        everything.__enter__()
        call_command("load_content", stdout=StringIO())
    yield
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        everything.__exit__(None, None, None)


@pytest.fixture(autouse=True)
def nothing_kept(settings, tmp_path):
    """No page, piece of page or upload of an earlier test, no query written under other settings."""
    settings.MEDIA_ROOT = tmp_path / "media"
    prepared.forget()
    for name in settings.CACHES:
        caches[name].clear()


@pytest.fixture
def now():
    """Time stands still at `NOW`; the fixture is that moment."""
    with time_machine.travel(NOW, tick=False):
        yield NOW


@pytest.fixture
def smtp(settings):
    """A mail server on this machine; the fixture is its `Mailbox`."""
    with Server() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = server.hostname, server.port, False
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        yield server.box
