"""Two real workers: processes of their own, at a moment of the test, which run the jobs that were deferred until nothing is left to do."""

from contextlib import contextmanager

from django.core.management import call_command

from tests.crowd import together
from tests.killing import killer


def run_worker(*, at):
    """What each process does; `tests.killing` has moved its clock to `at`."""
    call_command("procrastinate", "worker", "--one-shot", "--concurrency", "1")


@contextmanager
def workers():
    """`work(at, *jobs, count=1)`: defer these periodic jobs, as the clock does, and let one process or two share whatever waits."""
    with killer() as first, killer() as second:

        def work(at, *jobs, count=1):
            for job in jobs:
                job.configure(queueing_lock=None).defer(timestamp=int(at.timestamp()))
            together([lambda run=run: run("tests.worker.run_worker", at, 0) for run in (first, second)[:count]])

        yield work
