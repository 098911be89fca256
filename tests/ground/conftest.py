"""Commands of the portal run as an operator runs them: other processes, with an environment of their own."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from urllib.error import HTTPError, URLError

import pytest
from django.conf import settings

OURS = [
    *("ALLOWED_HOSTS", "BIND", "CONTACT_EMAIL", "DATABASE_URL", "DATA_DIR", "DEBUG", "DEFAULT_FROM_EMAIL"),
    *("EMAIL_URL", "MEDIA_ROOT", "PORT", "PORTAL_MODE", "SECRET_KEY", "SITE_URL", "STATIC_ROOT", "TEST_DATABASE_NAME"),
]


@pytest.fixture
def environment(tmp_path):
    """The environment of a fresh clone, whose data go to the test's folder."""
    return {
        **{name: value for name, value in os.environ.items() if name not in OURS and not name.startswith(("PYTEST", "COV", "DJANGO_"))},
        "DATA_DIR": str(tmp_path / "data"),
        "STATIC_ROOT": str(tmp_path / "collected"),
    }


@pytest.fixture
def production(environment, tmp_path):
    """The environment of a complete deployment, with nothing behind it."""
    (tmp_path / "collected").mkdir()
    (tmp_path / "collected" / "staticfiles.json").write_text('{"paths": {}, "version": "1.1", "hash": ""}')
    return {
        **environment,
        "PORTAL_MODE": "production",
        "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz-0123456789abcdefghijklmnopqrstuvwxyz",
        "ALLOWED_HOSTS": "portail.exemple.fr",
        "DATABASE_URL": "postgres://portail:secret@127.0.0.1:1/portail",
        "EMAIL_URL": "smtp+tls://compte:secret@smtp.exemple.fr:587",
        "DEFAULT_FROM_EMAIL": "portail@exemple.fr",
        "CONTACT_EMAIL": "equipe@exemple.fr",
        "LEGAL_ADDRESS": "1 place du Marché, 84000 Avignon",
        "LEGAL_PHONE": "04 00 00 00 00",
        "LEGAL_DIRECTOR": "La présidente de l’agence",
        "LEGAL_HOST": "Hébergeur Exemple, 2 rue du Câble, 75000 Paris, 01 00 00 00 00",
    }


@pytest.fixture
def run():
    """Run Python from the root of the project to its end: `run(env, "manage.py", "check")`."""

    def run(environment, *arguments):
        return subprocess.run(
            [sys.executable, *arguments], env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=120, check=False
        )

    return run


@pytest.fixture
def start():
    """Start Python from the root of the project; what still runs at the end of the test is killed."""
    started = []

    def start(environment, *arguments, **options):
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, **options}
        started.append(subprocess.Popen([sys.executable, *arguments], env=environment, cwd=settings.BASE_DIR, **options))
        return started[-1]

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream:
                stream.close()


@pytest.fixture
def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def get():
    """GET from a server that may still be starting: the answer, whatever its status."""

    def get(url, patience=30, **headers):
        deadline = time.monotonic() + patience
        while True:
            try:
                with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=10) as answer:
                    return answer.status, answer.headers, answer.read()
            except HTTPError as answer:
                with answer:
                    return answer.status, answer.headers, answer.read()
            except (URLError, ConnectionError):
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    return get
