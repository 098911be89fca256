"""Jobs killed between any two statements, in a real process, as a machine that loses its power does.

A process that has read the portal once forks a child for each point; the child runs a job and kills itself (SIGKILL) just before its
statement of that number, with whatever transaction is open; the end of a transaction is a statement as well. Nothing is mocked: PostgreSQL
undoes what was not committed.
"""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from contextlib import contextmanager

import time_machine
from django.apps import apps
from django.conf import settings
from django.db import connection, models

from core import mail
from core.enums import MailState
from core.models import Mail
from tests import initial_rows
from tests.conftest import NOW

MANY = 400
"""Deaths after which a job that never ends is given up."""
PROCESS = """
import json, os, signal, sys
from datetime import datetime
import django
django.setup()
import time_machine
from django.db import connection
from django.urls import reverse
from django.utils.module_loading import import_string

reverse("admin:index")  # addresses are read once, and not by each process that forks

for line in sys.stdin:
    asked = json.loads(line)
    job = import_string(asked["job"])
    child = os.fork()
    if not child:
        sys.stdout = open(os.devnull, "w")
        seen, commit = 0, connection._commit
        def die_here():
            global seen
            seen += 1
            if seen == asked["point"]:
                os.kill(os.getpid(), signal.SIGKILL)
        def statement(execute, sql, params, many, context):
            die_here()
            return execute(sql, params, many, context)
        def end_of_transaction():
            die_here()
            commit()
        connection._commit = end_of_transaction
        at = datetime.fromisoformat(asked["at"])
        with time_machine.travel(at, tick=False), connection.execute_wrapper(statement):
            job(at=at, **asked["values"])
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    print("killed" if os.WIFSIGNALED(status) else "done" if status == 0 else "failed", flush=True)
"""


def environment(**more):
    """What a process of its own needs to work on the database and the mail server of the test, with `more` settings."""
    database = connection.settings_dict
    address = f"postgres://{database['USER']}:{database['PASSWORD']}@/{database['HOST']}/{database['NAME']}"
    return {
        **os.environ,
        "DATABASE_URL": address if str(database["HOST"]).startswith("/") else address.replace("@/", "@", 1),
        "PGPORT": str(database["PORT"]),
        "DJANGO_SETTINGS_MODULE": "vsa_portal.settings",
        "EMAIL_URL": f"smtp://{settings.EMAIL_HOST}:{settings.EMAIL_PORT or 25}",
        **more,
    }


@contextmanager
def killer(**more):
    """`run(job, at, point, **values)`: `killed`, or `done` once there is no statement of that number any more."""
    process = subprocess.Popen(
        [sys.executable, "-c", PROCESS],
        env=environment(**more),
        cwd=settings.BASE_DIR,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )

    def run(job, at, point, **values):
        process.stdin.write(json.dumps({"job": job, "at": at.isoformat(), "point": point, "values": values}) + "\n")
        process.stdin.flush()
        outcome = process.stdout.readline().strip()
        assert outcome in ("killed", "done"), f"{job} failed by itself"
        return outcome

    try:
        yield run
    finally:
        process.stdin.close()
        process.wait(timeout=60)
        process.stdout.close()


def die_everywhere(run, job, at, **values):
    """One job that dies at each of its statements, is begun again each time, and ends at last. Nothing is put back between two deaths.

    What a death leaves behind is the next run's beginning: once something was committed, the points are counted from the first again, so
    that the rest of the work meets a death at each of its statements too. Returns how many deaths there were, and how many of them left
    something behind.
    """
    deaths, left, point, before = 0, 0, 1, written()
    while run(job, at, point, **values) == "killed":
        deaths, point, after = deaths + 1, point + 1, written()
        if after != before:
            left, point, before = left + 1, 1, after
        assert deaths < MANY, f"{job} never ends"
    return deaths, left


def written():
    """What changes with whatever is committed."""
    with connection.cursor() as cursor:
        return initial_rows.states(cursor)


# --- A story told twice ----------------------------------------------------------------------------

OURS = ("contacts", "core", "housing", "interns", "opportunities")


def told_twice(run, box, begin):
    """Tell a story in peace, then from the same beginning with a death at each statement: both leave the same rows and messages.

    `begin()` makes the beginning at `NOW` and returns `(job, at, values)`. What was done is done once more at the end, by whoever heard
    nothing of it. Returns how many deaths there were, how many left something behind, and the messages as a `Counter` of who and what.
    """
    ends = []
    for deadly in (False, True):
        initial_rows.restore()
        with time_machine.travel(NOW, tick=False):
            job, at, values = begin()
            deliver(NOW)
        box.messages.clear()
        before = facts()
        if deadly:
            deaths = die_everywhere(run, job, at, **values)
        else:
            run(job, at, 0, **values)
        run(job, at, 0, **values)
        with time_machine.travel(at, tick=False):
            deliver(at)
        assert not Mail.objects.exclude(state__in=(MailState.SENT, MailState.DROPPED)).exists()
        ends.append((sent(box), facts()))
    assert facts() != before, f"{job} did something"
    for peace, death in zip(*ends, strict=True):
        assert peace == death, f"lost: {peace - death}; too much: {death - peace}"
    return *deaths, ends[0][0]


def deliver(at):
    """Send whatever waits."""
    while mail.deliver_due(at=at):
        pass


def sent(box):
    """What each person received, but for numbers in titles; a message that came twice is told twice."""
    return Counter((message["To"], re.sub(r"\d", "", message["Subject"])) for message in box.messages)


def facts():
    """What the tables hold, but for what differs between two stories: keys, links, numbers. Of a text, whether there is one."""
    found = Counter()
    for model in (model for app in OURS for model in apps.get_app_config(app).get_models()):
        plain = [field for field in model._meta.concrete_fields if not field.is_relation and not isinstance(field, models.AutoField)]
        for row in model._base_manager.values(*(field.name for field in plain)):
            found[model.__name__, *(_of(field, row[field.name]) for field in plain)] += 1
    found.update(apps.get_model("procrastinate", "ProcrastinateJob").objects.values_list("task_name"))
    return found


def _of(field, value):
    whole = field.choices or isinstance(field, models.BooleanField | models.DateField)
    return str(value) if whole else bool(value)
