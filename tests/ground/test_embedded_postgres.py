"""The embedded server: started once, shared, stopped by its last user, found again after any crash."""

import os
import shutil
import signal
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from vsa_portal import embedded_postgres
from vsa_portal.embedded_postgres import Server, explain, socket_directory

USE = """
import os, sys
from pathlib import Path
from vsa_portal import embedded_postgres
server = embedded_postgres.server(Path(sys.argv[1]))
server.start()
if "fork" in sys.argv:
    child = os.fork()
    if not child:
        sys.exit()
    os.waitpid(child, 0)
print((server.data / "postmaster.pid").read_text().split()[0], flush=True)
sys.stdin.read()
"""


@pytest.fixture(scope="module")
def directory():
    """Where the servers of these tests keep their files: a path too long for a socket.

    Not pytest's own folder: each new run of pytest closes it to other accounts, the server's included.
    """
    with TemporaryDirectory(prefix="vsa-embedded-") as folder:
        yield Path(folder) / ("a-long-path-" * 10)
        shutil.rmtree(socket_directory(Path(folder) / ("a-long-path-" * 10)))


class User:
    """A process that uses the server until told to leave."""

    def __init__(self, start, environment, directory, *options):
        self.process = start(environment, "-W", "error", "-c", USE, str(directory), *options, stdin=subprocess.PIPE)

    @property
    def server(self):
        """Process number of the server, once it answers."""
        return int(self.process.stdout.readline())

    def leave(self):
        """End in good order, without another word."""
        said, _ = self.process.communicate(timeout=60)
        assert (self.process.returncode, said) == (0, "")


@pytest.fixture
def use(start, environment, directory):
    """Start a process that uses the server; at the end of the test no server is left."""
    users = []

    def use(*options):
        users.append(User(start, environment, directory, *options))
        return users[-1]

    yield use
    for user in users:
        if user.process.poll() is None:
            user.leave()


def runs(directory):
    return Server(directory).is_running()


def test_two_processes_share_one_server_and_the_last_stops_it(use, directory):
    first, second = use(), use()
    assert first.server == second.server
    first.leave()
    assert runs(directory)
    second.leave()
    assert not runs(directory)


def test_a_forked_child_that_ends_leaves_the_server_to_its_parent(use, directory):
    parent = use("fork")
    assert parent.server
    assert runs(directory)


def test_a_killed_process_leaves_nothing_to_clean(use, directory):
    killed = use()
    server = killed.server
    killed.process.kill()
    killed.process.wait()
    following = use()
    assert following.server == server
    following.leave()
    assert not runs(directory)


def test_a_killed_server_starts_again(use, directory):
    first = use()
    server = first.server
    os.kill(server, signal.SIGKILL)
    assert use().server != server
    assert runs(directory)


def test_the_number_of_a_dead_server_may_be_another_program_today(use, directory):
    """After a power cut, `postmaster.pid` names a process that is not PostgreSQL."""
    trace = directory / "postgres" / "postmaster.pid"
    before = use()
    assert before.server
    before.leave()
    trace.write_text(f"{os.getpid()}\n{directory / 'postgres'}\n1700000000\n5432\n{socket_directory(directory)}\n\n  5432001 0\nready\n")
    trace.chmod(0o644)
    assert use().server != os.getpid()


def test_the_socket_is_for_its_owner_only(use, directory):
    assert use().server
    place = socket_directory(directory)
    assert place.stat().st_mode & 0o077 == 0


def test_the_socket_lies_beside_the_data_unless_the_path_is_too_long(directory):
    assert socket_directory(Path("/srv/portail/.data")) == Path("/srv/portail/.data/postgres")
    elsewhere = socket_directory(directory)
    assert elsewhere.parent == Path("/tmp")
    assert elsewhere != socket_directory(directory / "another")
    assert len(str(elsewhere)) < 60


def test_a_socket_folder_that_someone_else_made_is_refused(tmp_path):
    server = Server(tmp_path)
    server.socket_directory = tmp_path / "public"
    server.socket_directory.mkdir()
    server.socket_directory.chmod(0o777)
    with pytest.raises(embedded_postgres.ServerFailed, match="n’appartient pas"):
        server._make_socket_directory()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ('initdb: error: could not write file "x": No space left on device', "Plus de place sur le disque"),
        ("pg_ctl: could not open PID file: Permission denied", "n’est pas accessible"),
        ("FATAL:  database files are incompatible with server\nDETAIL: initialized by version 17", "une autre version de PostgreSQL"),
        ("LOG: starting\n2026 FATAL:  could not create shared memory\nHINT: ask", "n’a pas obéi\u00a0: 2026 FATAL:  could not create"),
        ("", "raison inconnue"),
    ],
)
def test_what_went_wrong_is_one_french_line(tmp_path, words, said):
    assert said in explain(words, tmp_path)
    assert "\n" not in explain(words, tmp_path)


def test_importing_starts_nothing_and_makes_no_folder(environment, run, tmp_path):
    done = run({**environment, "HOME": str(tmp_path)}, "-W", "error", "manage.py", "check")
    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["data", "secret"]


def test_the_same_order_on_every_machine(use, directory):
    assert use().server
    psql = Path(embedded_postgres.programs_directory()) / "psql"
    place, words = (
        socket_directory(directory),
        "SELECT string_agg(w, ' ' ORDER BY w), lower('ÉTÉ') FROM unnest(ARRAY['b', 'Z', 'é', 'a']) w",
    )
    said = subprocess.run([psql, "-h", place, "-U", "postgres", "-Atc", words], capture_output=True, text=True, check=True).stdout
    assert said.strip() == "Z a b é|été"
