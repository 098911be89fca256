"""A schematic map of Vaucluse and of the medical poles around it, drawn by the server. Distances are straight lines, and say so.

The two hours by road of the key figure are not drawn: no open data on driving times is at hand, and a circle would pretend.
"""

import json
from functools import cache
from math import cos, radians
from typing import NamedTuple

from django.conf import settings

from core.french import kilometres, of
from core.geography import Point, distance_km
from territories.poles import POLES, SOURCE

WIDTH, MARGIN = 640, 14
SOUTH_WEST, NORTH_EAST = Point(43.2, 3.72), Point(44.44, 5.78)
SHRINK = cos(radians((SOUTH_WEST.latitude + NORTH_EAST.latitude) / 2))
"""How much shorter a degree of longitude is than one of latitude, here."""
SCALE = (WIDTH - 2 * MARGIN) / ((NORTH_EAST.longitude - SOUTH_WEST.longitude) * SHRINK)
HEIGHT = round((NORTH_EAST.latitude - SOUTH_WEST.latitude) * SCALE) + 2 * MARGIN

TOWNS = {
    "Avignon": Point(43.94929, 4.80559),
    "Carpentras": Point(44.05535, 5.04862),
    "Apt": Point(43.87597, 5.39458),
}
"""Where distances are counted from: town halls (source: reference/communes.csv)."""
SIDES = {"Avignon": "end", "Nîmes": "end"}
"""Names written on the left of their point, so that no line crosses them; the others are on the right."""


class Spot(NamedTuple):
    """A place on the drawing; `anchor` says on which side of the point its name is written."""

    name: str
    x: int
    y: int
    anchor: str = "start"


class Way(NamedTuple):
    """A pole, and how far it is from each town, in words: (« d’Apt », « 98 km »)."""

    spot: Spot
    hospital: str
    faculty: str
    distances: tuple


class Reach(NamedTuple):
    width: int
    height: int
    land: str
    towns: tuple
    ways: tuple
    source: str


def spot(name, point, anchor="start"):
    x = MARGIN + (point.longitude - SOUTH_WEST.longitude) * SHRINK * SCALE
    y = MARGIN + (NORTH_EAST.latitude - point.latitude) * SCALE
    return Spot(name, round(x), round(y), anchor)


def outline(ring):
    """A ring as a path in whole pixels, points that fall on the one before left out."""
    spots = [spot("", Point(latitude, longitude)) for longitude, latitude in ring]
    kept = [here for before, here in zip([None, *spots], spots, strict=False) if before is None or here != before]
    return "M" + "L".join(f"{here.x} {here.y}" for here in kept) + "Z"


@cache
def reach():
    """The drawing, made once a process."""
    text = (settings.BASE_DIR / "reference" / "departement.geojson").read_text(encoding="utf-8")
    rings = []
    for feature in json.loads(text)["features"]:
        geometry = feature["geometry"]
        polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
        rings += [ring for polygon in polygons for ring in polygon]
    ways = tuple(
        Way(
            spot(pole.name, pole.point, SIDES.get(pole.name, "start")),
            pole.hospital,
            pole.faculty,
            tuple((of(name), kilometres(distance_km(town, pole.point))) for name, town in TOWNS.items()),
        )
        for pole in POLES
    )
    towns = tuple(spot(name, point, SIDES.get(name, "start")) for name, point in TOWNS.items())
    return Reach(WIDTH, HEIGHT, "".join(map(outline, rings)), towns, ways, SOURCE)
