"""Run several programs as one: they start together and stop together."""

import os
import signal
import subprocess
import time
from contextlib import contextmanager

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PATIENCE = 20
"""Seconds that a program has to finish what it does before it is killed."""


class Stopped(SystemExit):
    """Someone asked the whole to stop; the exit code is the shell's for that signal."""

    def __init__(self, number):
        super().__init__(0 if number == signal.SIGINT else 128 + number)


@contextmanager
def stopping_cleanly():
    """Turn Ctrl-C, SIGTERM and a closed terminal into `Stopped`, so that what was started is put away."""

    def stop(number, frame):
        for name in STOP_SIGNALS:  # once is enough: a second Ctrl-C does not cut the goodbye short
            signal.signal(name, signal.SIG_IGN)
        raise Stopped(number)

    before = {name: signal.signal(name, stop) for name in STOP_SIGNALS}
    yield
    for name, handler in before.items():  # not after an exception: the process is ending, and deaf to a second Ctrl-C
        signal.signal(name, handler)


class Programs:
    """Programs that live together: `start` each, then `wait` for the first that ends; leaving the block stops all."""

    def __init__(self):
        self.running = {}

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        for program in self.running.values():
            if program.poll() is None:
                program.terminate()
        deadline = time.monotonic() + PATIENCE
        for program in self.running.values():
            try:
                program.wait(max(0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(program.pid, signal.SIGKILL)
                program.wait()

    def start(self, name, *command, **environment):
        """Start a program in a group of its own: a Ctrl-C reaches it through us, once, as SIGTERM."""
        self.running[name] = subprocess.Popen(command, env={**os.environ, **environment}, stdin=subprocess.DEVNULL, start_new_session=True)

    def ended(self):
        """Name and exit code of the first program that has ended, or None."""
        for name, program in self.running.items():
            if program.poll() is not None:
                return name, program.returncode
        return None

    def wait(self, until=lambda: False, every=0.2):
        """Wait until `until()` holds (None), or until a program ends (its name and exit code)."""
        while not until():
            if ended := self.ended():
                return ended
            time.sleep(every)
        return None
