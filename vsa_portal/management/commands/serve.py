"""The portal on one machine, from nothing to a page that answers: what `make run` runs."""

import hashlib
import os
import socket
import sys
from importlib import import_module
from importlib.util import find_spec
from io import StringIO
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from vsa_portal import preflight
from vsa_portal.supervisor import Programs, stopping_cleanly

HOST = "127.0.0.1"
TEXT_SOURCES = ("reference", "core", "territories", "opportunities", "collective", "pages", "vsa_portal/management")
TEXT_SUFFIXES = {".py", ".toml", ".csv", ".geojson"}
"""Folders of the shipped texts and of the code that loads them, and the files of them that count."""
TEXT_APPS = ("collective", "pages")
"""Apps whose rows come from shipped texts, which name rows of other apps."""
LOADS = 3
"""Loads until one changes nothing; two are enough unless a text waits for another."""
DEMO = "vsa_portal.management.commands.load_demo"


class Command(BaseCommand):
    help = "Prépare la base et les fichiers, puis lance ensemble le serveur web et le traitement des tâches\u00a0; Ctrl-C arrête tout."

    def add_arguments(self, parser):
        parser.add_argument("--port", type=int, default=os.environ.get("PORT") or "8000")

    def handle(self, *, port, **options):
        # Mails and calendars name the port on which pages answer: those of the demonstration, written here, and of both programs.
        os.environ["PORT"] = str(port)
        settings.MAIL_ORIGIN = settings.SITE_URL or f"http://{HOST}:{port}"
        with stopping_cleanly():
            self.refuse(preflight.port_problem(HOST, port) or preflight.disk_problem(settings.DATA_DIR) or preflight.database_problem())
            self.prepare_database()
            self.prepare_static_files()
            connection.close()
            self.run(port)

    def refuse(self, problem):
        """End here, with one line, if there is a problem."""
        if problem:
            sys.exit(problem)

    def say(self, text):
        self.stdout.write(text)
        self.stdout.flush()

    def prepare_database(self):
        """Missing tables, reference data (a tenth of a second when nothing changed), and the demonstration in an empty portal."""
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.say("Base de données\u00a0: création des tables…")
            try:
                call_command("migrate", interactive=False, verbosity=0)
            except DatabaseError as error:
                self.refuse(f"Les tables n’ont pas pu être créées\u00a0: {str(error).splitlines()[0]}")
        call_command("load_reference", stdout=StringIO())
        self.load_texts()
        if not settings.PRODUCTION and find_spec(DEMO) and not get_user_model().objects.exists():
            self.say("Enregistrements de démonstration…")
            call_command("load_demo", stdout=StringIO())
            self.load_texts()
        call_command("refresh_search", stdout=StringIO())

    def load_texts(self):
        """Shipped texts; they are compared with the rows again only when a file, the code or a row is not as the last load left it."""
        note = settings.DATA_DIR / "texts.fingerprint"
        known = note.read_text() if note.exists() else ""
        for _ in range(LOADS):
            found = texts_fingerprint()
            if found == known:
                return
            call_command("load_content", stdout=StringIO())
            known = found
            note.write_text(found)

    def prepare_static_files(self):
        """Hashed and compressed copies, made again when one file has changed."""
        files = [Path(storage.path(name)) for finder in get_finders() for name, storage in finder.list(["CVS", ".*", "*~"])]
        static = fingerprint([*files, settings.BASE_DIR / "core" / "storage.py"])
        kept = Path(settings.STATIC_ROOT) / ".fingerprint"
        if not kept.exists() or kept.read_text() != static:
            self.say("Feuilles de style, scripts et images…")
            call_command("collectstatic", interactive=False, clear=True, verbosity=0)
            kept.write_text(static)

    def run(self, port):
        web = (sys.executable, "-m", "gunicorn", "--chdir", str(settings.BASE_DIR))
        worker = (sys.executable, str(settings.BASE_DIR / "manage.py"), "procrastinate", "worker")
        with Programs() as programs:
            programs.start("Le serveur web", *web, BIND=f"{HOST}:{port}")
            ended = programs.wait(until=lambda: answers(port))
            if not ended:
                programs.start("Le traitement des tâches", *worker)
                self.say(self.welcome(port))
                ended = programs.wait()
        self.refuse(f"{ended[0]} s’est arrêté (code {ended[1]})\u00a0: le portail s’arrête.")

    def welcome(self, port):
        lines = ["", f"  Le portail\u00a0: http://{HOST}:{port}/", f"  L’équipe\u00a0:   http://{HOST}:{port}/equipe/"]
        if not settings.PRODUCTION and find_spec(DEMO):
            demo = import_module(DEMO)
            lines.append(f"             {demo.STAFF_EMAIL}, mot de passe {demo.STAFF_PASSWORD}")
        return "\n".join([*lines, "", "  Ctrl-C pour arrêter.", ""])


def answers(port):
    """Whether something listens on that port."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, port)) == 0


def texts_files():
    """The shipped texts, and the code that loads them."""
    return [path for folder in TEXT_SOURCES for path in (settings.BASE_DIR / folder).rglob("*") if path.suffix in TEXT_SUFFIXES]


def texts_fingerprint():
    """One word that changes with the shipped files, the code, and every row that loading the texts may read or write."""
    digest = hashlib.sha256(fingerprint(texts_files()).encode())
    own = [model for app in TEXT_APPS for model in apps.get_app_config(app).get_models(include_auto_created=True)]
    own = {model for model in own if not hasattr(model, "history_object")}  # versions are written, never read
    named = {field.related_model for model in own for field in [*model._meta.concrete_fields, *model._meta.many_to_many]} - {None}
    with connection.cursor() as cursor:
        for table in sorted({model._meta.db_table for model in own | named}):
            cursor.execute(f"SELECT md5(string_agg(md5(row::text), '' ORDER BY row::text)) FROM {table} AS row")
            digest.update(repr((table, cursor.fetchone())).encode())
    return digest.hexdigest()


def fingerprint(paths):
    """One word that changes with the name, size or date of any of these files; one that goes meanwhile is not there."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        try:
            about = path.stat()
        except FileNotFoundError:
            continue
        digest.update(f"{path}\0{about.st_size}\0{about.st_mtime_ns}\n".encode())
    return digest.hexdigest()
