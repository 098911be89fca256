#!/usr/bin/env python
"""Show how PostgreSQL answers a search of dwellings: `python bench/check_dwelling_plans.py` (run `load_dwellings.py 10000` first).

Prints the time of each query on dwellings, periods and stays with the indexes it used, and ends with status 1 if one of them reads
the periods or the stays from end to end.
"""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vsa_portal.settings")

THREE = "lieu=commune-84137&lieu=commune-84069&lieu=commune-84003&demi=6&demi=3&demi=1"
SEARCHES = {
    "list": "",
    "one place": "lieu=commune-84137",
    "three places": THREE,
    "semester": "semestre={semester}",
    "three places, semester": f"{THREE}&semestre={{semester}}",
    "three places, semester, rent, furnished": f"{THREE}&semestre={{semester}}&loyer=450&meuble=1",
    "three places, dates": f"{THREE}&du={{start}}&au={{end}}",
    "three places, 20 km": f"{THREE}&semestre={{semester}}&rayon=20",
    "by rent": "tri=loyer",
}
WHOLE = ("housing_availability", "housing_booking", "housing_block")
"""Tables that are never read whole."""


def main():
    import django

    django.setup()
    from datetime import timedelta

    from django.db import connection
    from django.http import QueryDict
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    from bench.plans import show
    from housing.models import Availability, Dwelling
    from housing.search import Search
    from territories import semesters

    today, faults = timezone.localdate(), 0
    [semester] = semesters.upcoming(today, 1)
    asked = {"semester": semester.code, "start": today + timedelta(days=20), "end": today + timedelta(days=50)}
    print(f"{Dwelling.objects.count():,} dwellings, {Availability.objects.count():,} periods")
    for name, query in SEARCHES.items():
        with CaptureQueriesContext(connection) as captured:
            search = Search(QueryDict(query.format(**asked)), now=timezone.now())
            search.context("")
        statements = [row["sql"] for row in captured if 'FROM "housing_dwelling"' in row["sql"]]
        faults += sum(show(name, statement, WHOLE, 40) for statement in statements)
        print(f"         {'':40} {search.count} found, {len(captured)} queries")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
