"""GeoJSON of lists that may be long: groups of points counted by the database when there are too many to send."""

import json

from django.db.models import Avg, Count, Max, Min
from django.db.models.functions import Floor

POINTS_CEILING = 3000
"""Beyond it the database groups the points; a phone draws groups faster than it reads thousands of points."""
CELLS_ACROSS = 12


def written(value):
    """JSON without spaces, accents as they are."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def groups(rows, view):
    """Points of `rows` as features that stand for several: `n` of them, between the bounds `b` (west, south, east, north).

    `view` is the box that the map shows; without it, the département.
    """
    width = (view.east - view.west) if view else 1.2
    cell = max(width / CELLS_ACROSS, 0.001)
    cells = (
        rows.order_by()
        .annotate(
            column=Floor("longitude", function="FLOOR", template=f"FLOOR(%(expressions)s / {cell:.6f})"),
            row=Floor("latitude", template=f"FLOOR(%(expressions)s / {cell * 0.72:.6f})"),
        )
        .values("column", "row")
        .annotate(
            n=Count("pk"),
            lon=Avg("longitude"),
            lat=Avg("latitude"),
            west=Min("longitude"),
            south=Min("latitude"),
            east=Max("longitude"),
            north=Max("latitude"),
        )
        .order_by("-n", "column", "row")
    )
    return [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [round(row["lon"], 5), round(row["lat"], 5)]},
            "properties": {"n": row["n"], "b": [round(row[side], 5) for side in ("west", "south", "east", "north")]},
        }
        for row in cells
    ]
