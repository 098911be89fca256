"""The web server: what a page needs to be served well behind any reverse proxy, and by `make run`.

Every value that depends on the machine comes from the environment; `docs/operate.md` lists them.
"""

import os
import sys
from pathlib import Path

wsgi_app = "vsa_portal.wsgi"
bind = os.environ.get("BIND") or f"127.0.0.1:{os.environ.get('PORT', '8000')}"

# Processes use the cores, threads keep a slow phone from holding a process. Each thread keeps one
# database connection: PostgreSQL must allow workers x threads of them.
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
preload_app = True
keepalive = 75  # longer than the usual minute of a reverse proxy, which would else reuse a closed connection
timeout = 30
graceful_timeout = 25
max_requests = 5000
max_requests_jitter = 500
limit_request_line = 8190  # a search with every filter set is a long address

worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() and os.access("/dev/shm", os.W_OK) else None
control_socket_disable = True

accesslog = None  # addresses of visitors are personal data: the reverse proxy logs what the law asks for
errorlog = "-"
loglevel = os.environ.get("WEB_LOG_LEVEL", "warning")


def on_starting(server):
    """Refuse to start a portal that lacks a setting; each one is named."""
    from django.conf import settings
    from django.core.management import call_command
    from django.core.management.base import SystemCheckError

    try:
        with open(os.devnull, "w") as nowhere:
            call_command("check", deploy=settings.PRODUCTION, fail_level="ERROR", stdout=nowhere)
    except SystemCheckError as problems:
        print(problems, file=sys.stderr)
        sys.exit(1)
