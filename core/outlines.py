"""Territories drawn by the server: outlines in degrees become paths of an SVG of some hundred pixels.

One scale for every drawing, so that the département looks the same on each page: a degree of longitude is
narrower than one of latitude by the cosine of the middle of Vaucluse.
"""

import json
from functools import lru_cache
from itertools import pairwise
from math import cos, radians
from typing import NamedTuple

from core.geography import Point

WEST, EAST, SOUTH, NORTH = 4.64, 5.77, 43.65, 44.44
"""Bounds of Vaucluse with a hair of margin."""
WIDTH = 480
_ACROSS = cos(radians((SOUTH + NORTH) / 2))
_SCALE = WIDTH / ((EAST - WEST) * _ACROSS)
HEIGHT = round((NORTH - SOUTH) * _SCALE)
STEP = 2
"""Points of the grid in a pixel: finer than a screen shows, and points that fall together are told once."""


class Spot(NamedTuple):
    """A place on the drawing, in pixels."""

    x: float
    y: float


def spot(point):
    """Where a point in degrees stands."""
    return Spot(round((point.longitude - WEST) * _ACROSS * _SCALE, 1), round((NORTH - point.latitude) * _SCALE, 1))


def path(geometry):
    """The `d` of an SVG path for a GeoJSON polygon or several; rings too small to be seen are left out."""
    return "".join(_ring(ring) for ring in _rings(geometry))


@lru_cache(maxsize=500)
def path_of(text):
    """The same for a geometry as it is stored, in JSON: an outline is drawn once a process."""
    return path(json.loads(text))


def _rings(geometry):
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    return (ring for polygon in polygons for ring in polygon)


def _ring(ring):
    """One closed line as relative steps on the grid: half as long as absolute ones."""
    cells = []
    for longitude, latitude, *_ in ring:
        at = spot(Point(latitude, longitude))
        cell = (round(at.x * STEP), round(at.y * STEP))
        if not cells or cell != cells[-1]:
            cells.append(cell)
    cells = _straightened(cells)
    if len(cells) < 4:
        return ""
    steps = [(x - before_x, y - before_y) for (before_x, before_y), (x, y) in pairwise(cells[:-1])]
    start = f"M{_short(cells[0][0])} {_short(cells[0][1])}"
    return start + "l" + " ".join(f"{_short(x)} {_short(y)}" for x, y in steps) + "z"


def _straightened(cells):
    """Without the points that lie on the line between their neighbours."""
    kept = []
    for cell in cells:
        if len(kept) > 1:
            (ax, ay), (bx, by) = kept[-2:]
            if (bx - ax) * (cell[1] - ay) == (by - ay) * (cell[0] - ax):
                kept.pop()
        kept.append(cell)
    return kept


def _short(units):
    value = units / STEP
    return f"{value:g}"
