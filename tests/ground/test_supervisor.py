"""Programs that live together stop together, whoever starts it."""

import os
import signal
import subprocess
import sys
import time

import pytest

from vsa_portal import supervisor
from vsa_portal.supervisor import Programs

SLEEP = "import time; time.sleep(60)"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
TWO = f"""
import sys
from vsa_portal.supervisor import Programs, stopping_cleanly
with stopping_cleanly(), Programs() as programs:
    for name in ("one", "two"):
        programs.start(name, sys.executable, "-c", {SLEEP!r})
        print(programs.running[name].pid, flush=True)
    programs.wait()
"""


def is_running(pid):
    state = subprocess.run(["ps", "-p", str(pid), "-o", "stat="], capture_output=True, text=True, check=False).stdout.strip()
    return bool(state) and not state.startswith("Z")


def test_the_first_that_ends_is_named_and_the_others_are_stopped():
    with Programs() as programs:
        programs.start("the long one", sys.executable, "-c", SLEEP)
        programs.start("the short one", sys.executable, "-c", "raise SystemExit(3)")
        assert programs.wait() == ("the short one", 3)
        long = programs.running["the long one"]
        assert long.poll() is None
    assert long.returncode == -signal.SIGTERM


def test_waiting_ends_when_all_is_ready():
    with Programs() as programs:
        programs.start("the long one", sys.executable, "-c", SLEEP)
        assert programs.wait(until=lambda: True) is None


def test_a_program_that_does_not_listen_is_killed(monkeypatch):
    monkeypatch.setattr(supervisor, "PATIENCE", 0.2)
    with Programs() as programs:
        programs.running["deaf"] = deaf = subprocess.Popen(
            [sys.executable, "-c", STUBBORN], stdout=subprocess.PIPE, text=True, start_new_session=True
        )
        assert deaf.stdout.readline() == "deaf\n"
    deaf.stdout.close()
    assert deaf.returncode == -signal.SIGKILL


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 0), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_signal_leaves_nothing_behind(start, environment, number, code):
    whole = start(environment, "-c", TWO, start_new_session=True)
    pids = [int(whole.stdout.readline()) for _ in range(2)]
    assert all(is_running(pid) for pid in pids)
    os.killpg(whole.pid, number)
    os.killpg(whole.pid, number)  # an impatient second Ctrl-C
    assert whole.wait(timeout=30) == code
    time.sleep(0.1)
    assert [pid for pid in pids if is_running(pid)] == []
