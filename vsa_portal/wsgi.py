"""WSGI entry point (gunicorn)."""

import gc
import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vsa_portal.settings")

application = get_wsgi_application()

import_module(settings.ROOT_URLCONF)  # views and all they need, before the first visitor asks

# What is loaded by now stays for the life of the process: the collector need not look at it again at every page,
# nor so often at the many short-lived objects that a page makes (a tenth of the time of a list).
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)
