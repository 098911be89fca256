"""The département as a small drawing, with one or more territories on it. Written by `templates/components/silhouette.html`."""

import json
from functools import cache
from typing import NamedTuple

from django.conf import settings

from core import outlines


class Area(NamedTuple):
    """A part of the drawing; `tone` is "subject", "around", "one" or "two"."""

    path: str
    tone: str


class Label(NamedTuple):
    """A short word or a number on the drawing, and the dot it speaks of when it stands beside it."""

    text: str
    x: str
    y: str
    dot: tuple = ()


ROOM = 17
"""Pixels that a number takes; nearer than that, two would cover each other."""
BESIDE = [
    (across * ring, down * ring)
    for ring in (1, 2, 3)
    for across, down in ((0, -15), (16, 0), (0, 15), (-16, 0), (16, -15), (16, 15), (-16, 15), (-16, -15))
]
"""Where a number may stand from its dot, best first."""


class Silhouette(NamedTuple):
    """What the component writes; `summary` says in words what the drawing shows."""

    key: str
    title: str
    summary: str
    land: str
    areas: tuple
    labels: tuple = ()
    width: int = outlines.WIDTH
    height: int = outlines.HEIGHT


@cache
def land():
    """The outline of Vaucluse; read once a process, from the file that the maps are drawn from too."""
    text = (settings.BASE_DIR / "reference" / "departement.geojson").read_text(encoding="utf-8")
    return "".join(outlines.path(feature["geometry"]) for feature in json.loads(text)["features"])


def silhouette(*, key, title, summary, areas, labels=()):
    """The drawing of `(tone, geometry)` pairs, in their order, on the département; a geometry may be its JSON text."""
    drawn = tuple(Area((outlines.path_of if isinstance(area, str) else outlines.path)(area), tone) for tone, area in areas)
    return Silhouette(key, title, summary, land(), drawn, tuple(labels))


def label(text, point):
    """A word centred on a point in degrees."""
    spot = outlines.spot(point)
    return Label(text, f"{spot.x:g}", f"{spot.y:g}")


def dotted(pairs):
    """Dots with their words beside them, for `(text, point)` pairs in the order of importance; words keep clear of each other."""
    taken, labels = [], []
    for text, point in pairs:
        spot = outlines.spot(point)
        places = [(spot.x + across, spot.y + down) for across, down in BESIDE]
        x, y = next((place for place in places if all(_apart(place, other) for other in taken)), places[0])
        taken.append((x, y))
        labels.append(Label(text, f"{x:g}", f"{y:g}", (f"{spot.x:g}", f"{spot.y:g}")))
    return labels


def _apart(one, other):
    return abs(one[0] - other[0]) >= ROOM or abs(one[1] - other[1]) >= ROOM
