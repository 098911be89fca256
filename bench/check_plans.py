#!/usr/bin/env python
"""Show how PostgreSQL answers each query of the list: `python bench/check_plans.py` (load 100,000 offers first).

Runs the searches that readers make, prints the plan's time and the indexes it used for each query
on offers, and ends with status 1 if any of them reads the table of offers from end to end.
"""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vsa_portal.settings")

SEARCHES = {
    "list": "",
    "page 40": "page=40",
    "kind": "type=succession",
    "kind, share, lodging": "type=locum_regular&part=80&logement=1",
    "setting": "cadre=hospital",
    "radius 20 km": "commune=Apt&rayon=20",
    "radius 5 km": "commune=Sault&rayon=5",
    "radius 30 km": "commune=Orange&rayon=30",
    "radius 50 km": "commune=Carpentras&rayon=50",
    "radius, by distance": "commune=Apt&rayon=20&tri=distance",
    "words, common": "q=remplacement",
    "words, rare": "q=échographe",
    "words, several": "q=pédiatrie+apt",
    "words, mistyped": "q=remplacmnt",
    "EPCI, small": "epci=ventoux-sud",
    "EPCI, large": "epci=grand-avignon",
    "share": "part=90",
    "lodging": "logement=1",
    "dates": "du=2027-02-01&au=2027-02-20",
    "half-days": "jours=6&jours=7",
    "area of the map": "zone=5,43.8,5.5,44",
    "by start": "tri=debut",
    "published since": "depuis=2026-11-01",
}


def main():
    import django

    django.setup()
    from django.db import connection
    from django.http import QueryDict
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    from bench.plans import show
    from opportunities.models import Opportunity
    from opportunities.search import Search

    table, faults = Opportunity._meta.db_table, 0
    print(f"{Opportunity.objects.count():,} offers")
    for name, query in SEARCHES.items():
        with CaptureQueriesContext(connection) as captured:
            Search(QueryDict(query), now=timezone.now()).context("")
        asked = [row["sql"] for row in captured if f'FROM "{table}"' in row["sql"] and not row["sql"].startswith("EXPLAIN")]
        faults += sum(show(name, statement, [table], 22, prefix="opp") for statement in asked)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
