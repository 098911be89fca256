"""Jobs killed between any two statements, in a real process, as a machine that loses its power does.

A process that has read the portal once forks a child for each point; the child runs a job and kills itself (SIGKILL) just before or just
after its statement of that number, with whatever transaction is open. Nothing is mocked: PostgreSQL undoes what was not committed.
"""

import json
import os
import subprocess
import sys
from contextlib import contextmanager

from django.conf import settings
from django.db import connection

PROCESS = """
import json, os, signal, sys
from datetime import datetime
import django
django.setup()
import time_machine
from django.db import connection
from django.utils.module_loading import import_string

for line in sys.stdin:
    asked = json.loads(line)
    child = os.fork()
    if not child:
        seen = 0
        def wrapper(execute, sql, params, many, context):
            global seen
            seen += 1
            if seen == asked["point"] and not asked["after"]:
                os.kill(os.getpid(), signal.SIGKILL)
            answer = execute(sql, params, many, context)
            if seen == asked["point"] and asked["after"]:
                os.kill(os.getpid(), signal.SIGKILL)
            return answer
        at = datetime.fromisoformat(asked["at"])
        with time_machine.travel(at, tick=False), connection.execute_wrapper(wrapper):
            import_string(asked["job"])(at=at, **asked["values"])
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    print("killed" if os.WIFSIGNALED(status) else "done" if status == 0 else "failed", flush=True)
"""


def environment():
    """What a process of its own needs to work on the database and the mail server of the test."""
    database = connection.settings_dict
    address = f"postgres://{database['USER']}:{database['PASSWORD']}@/{database['HOST']}/{database['NAME']}"
    return {
        **os.environ,
        "DATABASE_URL": address if str(database["HOST"]).startswith("/") else address.replace("@/", "@", 1),
        "PGPORT": str(database["PORT"]),
        "DJANGO_SETTINGS_MODULE": "vsa_portal.settings",
        "EMAIL_URL": f"smtp://{settings.EMAIL_HOST}:{settings.EMAIL_PORT}",
    }


@contextmanager
def killer():
    """`run(job, at, point, after, **values)`: `killed`, or `done` once there is no statement of that number any more."""
    process = subprocess.Popen(
        [sys.executable, "-c", PROCESS], env=environment(), cwd=settings.BASE_DIR, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )

    def run(job, at, point, after, **values):
        process.stdin.write(json.dumps({"job": job, "at": at.isoformat(), "point": point, "after": after, "values": values}) + "\n")
        process.stdin.flush()
        return process.stdout.readline().strip()

    try:
        yield run
    finally:
        process.stdin.close()
        process.wait(timeout=60)
        process.stdout.close()


def points(run, job, at, **values):
    """Kill a job at each of its statements in turn, before it and after it; yields after each death, ends when the job ends."""
    point = 1
    while True:
        for after in (False, True):
            outcome = run(job, at, point, after, **values)
            assert outcome in ("killed", "done"), f"{job} failed by itself"
            yield outcome, point
            if outcome == "done":
                return
        point += 1
