#!/usr/bin/env python3
"""Build the background of the maps, `static/map/vaucluse.json`, from the files of this folder.

    python reference/build_background.py [FOLDER] [OUTPUT]

Standard library only. Every border is drawn once, simplified and rounded to four decimals (8 to
11 m), so that the département costs a phone about as much as one small picture.

The output is an object of two keys:

`lines`
    One string per layer: its lines are separated by spaces, each number is the difference with
    the number before it (the first line starts from 0, 0; the difference also runs from the end
    of a line to the start of the next), latitude then longitude in 1e-4 degrees, written as in
    Google's "encoded polyline" format. Layers: `land` (closed outlines of the département),
    `epci` and `communes` (inner borders), `neighbours` (borders between the départements around),
    `water` (rivers, a hint), `relief` (hachures along five ridges, a hint).
`names`
    Rows `[kind, text, latitude, longitude, zoom, hint]`: shown from that zoom on; `hint` is the
    side of the point where the text stands (`r`, `l`, `b`, `t`) or the angle of the text in
    degrees. Kinds: `t` town, `v` village, `o` town outside, `d` neighbouring département,
    `w` river, `m` massif, `s` summit.

Sources: see `reference/README.md`. The altitude of mont Ventoux is IGN's 2020 survey as told by
France Bleu on 11 September 2020 (1 909.60 m, rounded to 1 910 m).
"""

import csv
import json
import sys
from collections import defaultdict
from itertools import pairwise
from math import asinh, cos, hypot, pi, radians, sin, tan
from pathlib import Path

HERE = Path(__file__).resolve().parent
OUTPUT = HERE.parent / "static" / "map" / "vaucluse.json"
LATITUDE_SCALE = 1 / cos(radians(44))
"""Degrees of longitude that are as long as one degree of latitude in Vaucluse."""
KM = 1 / 111.2
"""One kilometre in degrees of latitude."""
TOLERANCE_KM = {"land": 0.02, "epci": 0.025, "communes": 0.03, "neighbours": 0.35, "water": 0.12}
"""How far a simplified line may pass from the true one."""

TOWNS = [
    *("Avignon", "Carpentras", "Orange", "Cavaillon", "Apt", "Pertuis"),
    *("Bollène", "Valréas", "Sault", "Vaison-la-Romaine", "L’Isle-sur-la-Sorgue"),
]
"""The towns that are written first, whatever the zoom."""
FIXED_NAMES = [
    ["d", "Drôme", 44.36, 5.33, 8, 0],
    ["d", "Gard", 44.02, 4.6, 8, 0],
    ["d", "Bouches-du-Rhône", 43.655, 5.13, 8, 0],
    ["d", "Alpes-de-Haute-Provence", 44.02, 5.74, 8, 90],
    ["d", "Ardèche", 44.42, 4.5, 8.5, 0],
    ["d", "Var", 43.62, 5.86, 8.5, 0],
    ["w", "Rhône", 44.185, 4.66, 9, -72],
    ["w", "Durance", 43.708, 5.3, 9, 24],
    ["m", "Monts de Vaucluse", 43.967, 5.27, 9, 0],
    ["m", "Luberon", 43.79, 5.47, 9, 0],
    ["s", "Ventoux 1\u202f910 m", 44.1739, 5.2783, 9, "r"],
]
"""Names placed by hand: neighbouring départements, rivers, massifs and the one summit."""
RIDGES = [
    (1.0, [(5.136, 44.180), (5.210, 44.182), (5.281, 44.175), (5.353, 44.173), (5.426, 44.168), (5.497, 44.160)]),
    (0.4, [(5.016, 44.173), (5.075, 44.183)]),
    (0.65, [(5.097, 43.954), (5.168, 43.964), (5.237, 43.977), (5.308, 43.991), (5.377, 44.003), (5.461, 44.013)]),
    (0.6, [(5.077, 43.817), (5.149, 43.813), (5.221, 43.816), (5.294, 43.820), (5.329, 43.823)]),
    (0.75, [(5.386, 43.813), (5.459, 43.817), (5.531, 43.821), (5.602, 43.828), (5.661, 43.838)]),
]
"""Height (share of the Ventoux's hachures) and crest (longitude, latitude): Ventoux, Dentelles, Monts de Vaucluse, Luberon."""


def read_features(path):
    return json.loads(path.read_text(encoding="utf-8"))["features"]


def read_rows(path):
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def rings(geometry):
    """Every ring of a polygon or a multipolygon, as lists of (longitude, latitude)."""
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    return [[tuple(point) for point in ring] for polygon in polygons for ring in polygon]


def lines_of(geometry):
    parts = [geometry["coordinates"]] if geometry["type"] == "LineString" else geometry["coordinates"]
    return [[tuple(point) for point in part] for part in parts]


def gap(point, start, end):
    """Degrees of latitude between a point and a segment."""
    x, y = point[0] - start[0], point[1] - start[1]
    dx, dy = (end[0] - start[0]) / LATITUDE_SCALE, end[1] - start[1]
    x /= LATITUDE_SCALE
    length = dx * dx + dy * dy
    t = max(0, min(1, (x * dx + y * dy) / length)) if length else 0
    return hypot(x - t * dx, y - t * dy)


def simplify(line, tolerance_km):
    """The line without the points that change it by less than the tolerance (Douglas and Peucker); ends stay."""
    keep = {0, len(line) - 1}
    if line[0] == line[-1] and len(line) > 3:  # a closed line is cut at its farthest point first
        keep.add(max(range(len(line)), key=lambda i: gap(line[i], line[0], line[0])))
    marks = sorted(keep)
    spans = list(pairwise(marks))
    while spans:
        start, end = spans.pop()
        if end - start < 2:
            continue
        far = max(range(start + 1, end), key=lambda i: gap(line[i], line[start], line[end]))
        if gap(line[far], line[start], line[end]) > tolerance_km * KM:
            keep.add(far)
            spans += [(start, far), (far, end)]
    return [line[i] for i in sorted(keep)]


def edges_of(communes):
    """Who owns each edge: `{two points: numbers of one or two communes}`; neighbours share the very same points."""
    owners = defaultdict(set)
    for number, feature in enumerate(communes):
        for ring in rings(feature["geometry"]):
            for start, end in pairwise(ring):
                if start != end:
                    owners[frozenset((start, end))].add(number)
    return owners


def borders(communes):
    """Borders of the communes, each once, by what it separates: `land`, `epci` or `communes`.

    A line is cut only where more than two borders meet or where it changes its owners.
    """
    owners, around = edges_of(communes), defaultdict(list)
    for edge in owners:
        for point in edge:
            around[point].append(edge)
    inner = {point for point, edges in around.items() if len(edges) == 2 and owners[edges[0]] == owners[edges[1]]}
    unused, found = set(owners), defaultdict(list)

    def walk(point, edge):
        line = [point]
        while edge:
            unused.discard(edge)
            (point,) = edge - {point}
            line.append(point)
            edge = next((other for other in around[point] if other in unused), None) if point in inner else None
        return line

    for point in sorted(set(around) - inner) + sorted(inner):
        for edge in sorted(around[point], key=sorted):
            if edge in unused:
                found[level(owners[edge], communes)].append(walk(point, edge))
    return found


def level(numbers, communes):
    """What an edge separates, from the one or two communes that own it."""
    if len(numbers) == 1:
        return "land"
    return "communes" if len({communes[number]["properties"]["epci"] for number in numbers}) == 1 else "epci"


def joined(lines, *, closed_only=False):
    """Lines put end to end wherever exactly one other line starts where one stops."""
    lines, done = [list(line) for line in lines], []
    while lines:
        line = lines.pop()
        growing = True
        while growing and line[0] != line[-1]:
            growing = False
            for other in lines:
                if line[-1] in (other[0], other[-1]):
                    line += (other if other[0] == line[-1] else other[::-1])[1:]
                    lines.remove(other)
                    growing = True
                    break
        if closed_only and line[0] != line[-1]:
            raise ValueError("The outline of the département is not closed: the communes’ borders do not match.")
        done.append(line)
    return done


def neighbour_borders(departments, outline):
    """Borders between the neighbouring départements, without Vaucluse's own and without the edge of the clip."""
    points = [point for feature in departments for ring in rings(feature["geometry"]) for point in ring]
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    kept = [simplify(ring, 0.3) for ring in outline]

    def known(point):
        x, y = point
        if min(x - west, east - x, y - south, north - y) < 1e-4:
            return True
        return any(gap(point, a, b) < 1.2 * KM for line in kept for a, b in pairwise(line))

    found = []
    for feature in departments:
        fresh = [run for ring in rings(feature["geometry"]) for run in runs(ring, known)]
        kept += fresh
        found += fresh
    return found


def runs(ring, known):
    """The parts of a ring that are not known yet, each with the known points at its two ends."""
    run = []
    for point in ring:
        run.append(point)
        if known(point):
            if len(run) > 2:
                yield run
            run = [point]
    if len(run) > 2:
        yield run


def hachures(height, crest, step_km=0.95):
    """Short strokes on both sides of a crest, longer in its middle: the ridges of a walking map."""
    legs = [hypot((b[0] - a[0]) / LATITUDE_SCALE, b[1] - a[1]) for a, b in pairwise(crest)]
    total, strokes = sum(legs), []
    count = int(total / (step_km * KM))
    for number in range(1, count):
        rest, leg = total * number / count, 0
        while rest > legs[leg]:
            rest -= legs[leg]
            leg += 1
        (x, y), (x2, y2) = crest[leg], crest[leg + 1]
        t = rest / legs[leg]
        nx, ny = -(y2 - y) / legs[leg] * LATITUDE_SCALE, (x2 - x) / LATITUDE_SCALE / legs[leg]
        x, y = x + t * (x2 - x), y + t * (y2 - y)
        swell = height * sin(pi * number / count) ** 0.7
        up = KM * (0.45 + 2.3 * swell * (0.62 + 0.38 * (number * 2 % 5) / 4))
        down = KM * (0.35 + 1.2 * swell * (0.62 + 0.38 * (number * 3 % 5) / 4))
        strokes.append([(x + nx * 0.0018, y + ny * 0.0018), (x + nx * (up + 0.0018), y + ny * (up + 0.0018))])
        strokes.append([(x - nx * 0.0018, y - ny * 0.0018), (x - nx * (down + 0.0018), y - ny * (down + 0.0018))])
    return strokes


def encoded(lines):
    """One layer of `lines`, as told in the docstring of this module."""
    last, words = (0, 0), []
    for line in lines:
        word = ""
        rounded = [(round(y * 1e4), round(x * 1e4)) for x, y in line]
        for number, point in enumerate(rounded):
            if number and point == rounded[number - 1] and len(rounded) > 2:
                continue
            word += "".join(encoded_number(new - old) for new, old in zip(point, last, strict=True))
            last = point
        words.append(word)
    return " ".join(words)


def encoded_number(value):
    value = ~(value << 1) if value < 0 else value << 1
    text = ""
    while value >= 0x20:
        text += chr((0x20 | value & 0x1F) + 63)
        value >>= 5
    return text + chr(value + 63)


def pixel(latitude, longitude, zoom):
    """Position in the pixels of a web map (tiles of 256 px)."""
    size = 256 * 2**zoom
    return (longitude / 360 + 0.5) * size, (0.5 - asinh(tan(radians(latitude))) / 2 / pi) * size


FIRST_ZOOM = {"t": 8.5, "o": 9.5, "v": 11}
"""Before which zoom a name never appears, by kind: the overview shows the towns alone."""
LETTER = {"t": 8.0, "v": 6.4, "o": 6.4, "d": 9.5, "m": 8.0, "s": 8.0, "w": 7}
"""Width of a letter on screen, in pixels, for each kind of name."""


def box(kind, text, latitude, longitude, zoom, side):
    """Left, top, right and bottom of a name on screen, in pixels, with a little room around it."""
    x, y = pixel(latitude, longitude, zoom)
    width = len(text) * LETTER[kind] + 12
    left = {"r": x + 4, "l": x - 4 - width}.get(side, x - width / 2)
    top = {"b": y + 4, "t": y - 22}.get(side, y - 9)
    return left, top, left + width, top + 18


def free_side(name, zoom, taken):
    """The first side where the name and its point cover nothing of `taken`, with the area it covers, or None."""
    x, y = pixel(name[2], name[3], zoom)
    for side in "rlbt":
        left, top, right, bottom = box(*name, zoom, side)
        area = (min(left, x - 5), min(top, y - 5), max(right, x + 5), max(bottom, y + 5))
        if not any(area[0] < b[2] and b[0] < area[2] and area[1] < b[3] and b[1] < area[3] for b in taken):
            return side, area
    return None


def place_names(names):
    """Give each name `(kind, text, latitude, longitude)`, in order of importance, its first zoom and its side.

    A name appears at the first zoom where it covers no other; from there on points only move
    apart, so nothing has to be computed in the browser.
    """
    placed, waiting = [list(name) for name in FIXED_NAMES], list(names)
    for zoom in (half / 2 for half in range(17, 28)):
        taken = [box(*row[:4], zoom, row[5]) for row in placed if row[4] <= zoom and row[0] != "w" and row[5] != 90]
        for name in [name for name in waiting if FIRST_ZOOM[name[0]] <= zoom]:
            found = free_side(name, zoom, taken)
            if found:
                placed.append([*name, zoom, found[0]])
                taken.append(found[1])
                waiting.remove(name)
    return placed + [[*name, 14, "r"] for name in waiting]


def all_names(folder):
    """Communes, the chosen towns first and then by population, and the towns around."""
    communes = sorted(read_rows(folder / "communes.csv"), key=lambda row: -int(row["population"]))
    typographic = [(row["nom"].replace("'", "’"), row) for row in communes]
    order = {name: rank for rank, name in enumerate(TOWNS)}
    missing = set(order) - {name for name, _ in typographic}
    if missing:
        raise ValueError(f"No commune is named {', '.join(sorted(missing))}.")
    typographic.sort(key=lambda pair: order.get(pair[0], len(order)))
    inside = [("t" if name in order else "v", name, float(row["lat"]), float(row["lon"])) for name, row in typographic]
    outside = [
        ("o", row["nom"].replace("'", "’"), float(row["lat"]), float(row["lon"])) for row in read_rows(folder / "fond_villes_voisines.csv")
    ]
    first = len(order) + 15
    return inside[:first] + outside + inside[first:]


def build(folder=HERE):
    """The content of the background file, as told in the docstring of this module."""
    found = borders(read_features(folder / "communes.geojson"))
    outline = joined(found["land"], closed_only=True)
    neighbours = neighbour_borders(read_features(folder / "fond_departements_voisins.geojson"), outline)
    water = [line for feature in read_features(folder / "fond_cours_eau.geojson") for line in lines_of(feature["geometry"])]
    layers = {
        "land": joined([simplify(line, TOLERANCE_KM["land"]) for line in found["land"]], closed_only=True),
        "epci": joined([simplify(line, TOLERANCE_KM["epci"]) for line in found["epci"]]),
        "communes": joined([simplify(line, TOLERANCE_KM["communes"]) for line in found["communes"]]),
        "neighbours": [simplify(line, TOLERANCE_KM["neighbours"]) for line in neighbours],
        "water": [simplify(line, TOLERANCE_KM["water"]) for line in water],
        "relief": [stroke for height, crest in RIDGES for stroke in hachures(height, crest)],
    }
    names = [
        [kind, text, round(latitude, 4), round(longitude, 4), int(zoom) if zoom == int(zoom) else zoom, hint]
        for kind, text, latitude, longitude, zoom, hint in place_names(all_names(folder))
    ]
    return {"lines": {name: encoded(lines) for name, lines in layers.items()}, "names": names}


def main(folder=HERE, output=OUTPUT):
    content = json.dumps(build(Path(folder)), ensure_ascii=False, separators=(",", ":"))
    output = Path(output)
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(content + "\n", encoding="utf-8", newline="\n")
    print(f"{output}: {len(content.encode())} bytes")


if __name__ == "__main__":
    if len(sys.argv) > 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
