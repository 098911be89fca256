"""The portal as a server: gunicorn with our configuration, and `make run` from nothing to the goodbye."""

import os
import re
import signal
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.db import connection

from vsa_portal.embedded_postgres import Server
from vsa_portal.management.commands import load_demo


@pytest.fixture
def gunicorn(start, environment, free_port):
    """Start gunicorn; gives the address and the process."""

    def gunicorn(**variables):
        process = start({**environment, "BIND": f"127.0.0.1:{free_port}", "WEB_CONCURRENCY": "1", **variables}, "-m", "gunicorn")
        return f"http://127.0.0.1:{free_port}", process

    return gunicorn


def test_health_is_200_while_the_database_answers(client, db):
    answer = client.get("/sante/")
    assert (answer.status_code, answer.content) == (200, b"bien\n")
    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies


def test_health_is_503_without_a_database_and_says_nothing_of_it(gunicorn, get):
    address, _ = gunicorn(DATABASE_URL="postgres://portail:secret@127.0.0.1:1/portail")
    status, _, body = get(f"{address}/sante/")
    assert (status, body.decode()) == (503, "base de données injoignable\n")


def test_gunicorn_serves_pages_and_hashed_files_and_ends_in_good_order(gunicorn, get, run, environment, db):
    assert run(environment, "manage.py", "collectstatic", "--no-input", "--verbosity", "0").returncode == 0
    database = connection.settings_dict
    address, process = gunicorn(
        DATABASE_URL=f"postgres://{database['USER']}@/{database['NAME']}?host={database['HOST']}&port={database['PORT']}"
    )
    status, headers, page = get(f"{address}/", **{"Accept-Encoding": "identity"})
    assert status == 200
    assert "Set-Cookie" not in headers
    sheet = re.search(r'href="(/static/css/site\.[0-9a-f]{12}\.css)"', page.decode())[1]
    status, headers, _ = get(address + sheet, **{"Accept-Encoding": "gzip, br"})
    assert (status, headers["Content-Encoding"]) == (200, "br")
    assert "immutable" in headers["Cache-Control"]
    assert int(re.search(r"max-age=(\d+)", headers["Cache-Control"])[1]) >= 365 * 24 * 3600
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=40) == 0


@pytest.fixture
def place(environment):
    """An environment whose data lie where the account of the embedded server may go, root or not."""
    with TemporaryDirectory(prefix="vsa-run-") as folder:
        yield {**environment, "DATA_DIR": f"{folder}/data", "STATIC_ROOT": f"{folder}/static"}


def until(process, words):
    """Lines that a process prints, up to the one with `words`."""
    lines = []
    for line in process.stdout:
        lines.append(line)
        if words in line:
            break
    return "".join(lines)


def children(pid):
    """Process numbers of the children of a process, by what their command line contains last."""
    ask = ["ps", "-A", "-ww", "-o", "ppid=", "-o", "pid=", "-o", "args="]
    lines = subprocess.run(ask, capture_output=True, text=True, check=True).stdout
    rows = [line.split(maxsplit=2) for line in lines.splitlines()]
    return {row[2].split()[-1]: int(row[1]) for row in rows if row[0] == str(pid)}


def test_serve_from_nothing_to_the_goodbye_and_again(start, get, place, free_port):
    """First start and Ctrl-C; second start, and the end of all when one program dies."""
    server = Server(Path(place["DATA_DIR"]))
    for visit in ("first", "second"):
        portal = start(place, "manage.py", "serve", "--port", str(free_port), start_new_session=True)
        said = until(portal, "Ctrl-C")
        assert f"http://127.0.0.1:{free_port}/" in said
        assert f"{load_demo.STAFF_EMAIL}, mot de passe {load_demo.STAFF_PASSWORD}" in said
        assert ("création des tables" in said, "démonstration…" in said) == (visit == "first", visit == "first")
        status, _, page = get(f"http://127.0.0.1:{free_port}/exercer/offres/")
        assert (status, 'data-offer="' in page.decode()) == (200, True)
        assert server.is_running()
        environments = [Path(f"/proc/{pid}/environ").read_text().split("\0") for pid in children(portal.pid).values()]
        assert all(f"PORT={free_port}" in environment for environment in environments), "addresses in mails name this port"
        if visit == "first":
            os.killpg(portal.pid, signal.SIGINT)
            assert portal.wait(timeout=60) == 0
        else:
            os.kill(children(portal.pid)["worker"], signal.SIGKILL)
            said, _ = portal.communicate(timeout=60)
            assert portal.returncode == 1
            assert "Le traitement des tâches s’est arrêté (code -9)" in said
        assert not server.is_running()
