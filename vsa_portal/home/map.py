"""The small map of the home page: the intercommunalités with their offers, on a drawing made once (`reference/build_home_map.py`)."""

import csv
from functools import cache

from django.conf import settings

from core import french
from core.links import address

SMALLEST, LARGEST = 24, 34
"""Radii of the circles that hold the numbers, in units of the drawing."""


@cache
def places():
    """Where the number of each intercommunalité stands, by SIREN."""
    with (settings.BASE_DIR / "reference" / "carte_accueil.csv").open(encoding="utf-8", newline="") as lines:
        return {row["siren"]: (int(row["x"]), int(row["y"])) for row in csv.DictReader(lines)}


def areas(epcis, counts):
    """One row for each intercommunalité, those with most offers first, ready for the map and for its table."""
    url = address("opportunities:offer_list")
    most = max(counts.values(), default=0)
    rows = []
    for epci in sorted(epcis, key=lambda epci: (-counts[epci.code], epci.label)):
        count = counts[epci.code]
        x, y = places().get(epci.siren, (0, 0))
        rows.append(
            {
                "label": epci.label,
                "count": count,
                "text": french.plural(count, "offre") if count else "aucune offre",
                "url": f"{url}?epci={epci.code}",
                "piece": f"e-{epci.siren}" if x else "",
                "tone": 0 if not count else 1 + round(2 * count / most),
                "x": x,
                "y": y,
                "baseline": y + 10,
                "radius": SMALLEST + round((LARGEST - SMALLEST) * count / most) if most else SMALLEST,
            }
        )
    return rows
