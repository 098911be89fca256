"""What the tests of a whole life share: a worker that runs what was deferred, the inbox of one person, the links of a message."""

import re

from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob


class Worker:
    """Runs the jobs that were deferred, each once, as a worker does."""

    def __init__(self):
        self.done = set()

    def run(self):
        for job in ProcrastinateJob.objects.exclude(pk__in=self.done).order_by("pk"):
            self.done.add(job.pk)
            app.tasks[job.task_name](**job.args)


class Inbox:
    """What one person received."""

    def __init__(self, box, worker, to):
        self.box, self.worker, self.to, self.read = box, worker, to, 0

    def next(self):
        """The one message that came since, as subject and text."""
        self.worker.run()
        new = self.box.messages[self.read :]
        assert len(new) == 1, [message["Subject"] for message in new]
        self.read += 1
        assert new[0]["To"] == self.to
        return new[0]["Subject"], new[0].get_body(("plain",)).get_content()

    def is_quiet(self):
        self.worker.run()
        return len(self.box.messages) == self.read


def path_in(text, label):
    """The path that a button of a message leads to."""
    return re.search(rf"{label}\s*: https?://[^/]+(/\S+)", text).group(1)
