"""Imports of the files of `reference/`: idempotent, keyed on stable codes, all or nothing.

What is no longer in the files is reported and never deleted: offers point to it, and a commune that
disappears has merged with another, which is for a person to decide.
"""

from pathlib import Path

from django.conf import settings
from django.db import transaction

from territories.importers.care import load_care
from territories.importers.figures import load_figures
from territories.importers.places import load_territory, public_name
from territories.importers.report import Report
from territories.reference import InconsistentReference

__all__ = [
    "REFERENCE_DIR",
    "InconsistentReference",
    "Report",
    "load_care",
    "load_figures",
    "load_reference",
    "load_territory",
    "public_name",
]

REFERENCE_DIR = Path(settings.BASE_DIR) / "reference"

LOADERS = [load_territory, load_care, load_figures]
"""In this order, each given the folder, each with its list of reports."""


class DryRun(Exception):
    """Undoes the transaction of a trial."""


def load_reference(folder=REFERENCE_DIR, *, dry_run=False):
    """Load everything that a reference folder holds; the reports, in the order of `LOADERS`.

    One transaction: nothing is written when the files are refused (`InconsistentReference`) or when
    `dry_run` asks only what would change.
    """
    reports = []
    try:
        with transaction.atomic():
            for load in LOADERS:
                reports += load(folder)
            if dry_run:
                raise DryRun
    except DryRun:
        pass
    return reports
