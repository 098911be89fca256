#!/usr/bin/env python3
"""Build the small map of the home page from the files of this folder: a drawing, and where each number stands.

    python reference/build_home_map.py [FOLDER] [DRAWING] [PLACES]

Standard library only. `static/map/accueil.svg` holds the pieces that the page shows with `<use>`: `land`, `out`, `relief`,
`water`, `epci` (inner borders), `dep`, names, and one area for each intercommunalité (`e-` and its SIREN). Their colours come
from the page, so that they follow its scheme. `carte_accueil.csv` gives for each SIREN the point of its number.
"""

import csv
import sys
from itertools import pairwise
from pathlib import Path

import build_background as background

DRAWING = background.OUTPUT.parent / "accueil.svg"
PLACES = background.HERE / "carte_accueil.csv"
WEST, NORTH = 4.60, 44.47
UNITS = 1000 / 1.22
"""Units of the drawing for one degree of longitude."""
TOLERANCE_KM = {"area": 0.25, "land": 0.15, "epci": 0.2, "out": 0.5, "water": 0.25}
TEXTS = {
    "names": [
        (5.290, 44.177, 0, "start", "Ventoux 1\u202f910 m"),
        (5.27, 43.960, 0, "middle", "Monts de Vaucluse"),
        (5.47, 43.786, 0, "middle", "Luberon"),
    ],
    "rivers": [(4.665, 44.20, -72, "middle", "Rhône"), (5.28, 43.700, -24, "middle", "Durance")],
    "outside": [
        (4.69, 43.99, 0, "middle", "GARD"),
        (5.30, 44.36, 0, "middle", "DRÔME"),
        (5.755, 44.02, 90, "middle", "ALPES-DE-HAUTE-PROVENCE"),
        (5.02, 43.67, 0, "middle", "BOUCHES-DU-RHÔNE"),
    ],
}
"""Names of the drawing: longitude, latitude, turn in degrees, anchor, text."""


def units(point):
    """A position in whole units of the drawing, from its north-west corner."""
    longitude, latitude = point
    return round((longitude - WEST) * UNITS), round((NORTH - latitude) * UNITS * background.LATITUDE_SCALE)


def path(lines, *, closed=False):
    """Lines as the data of a path: a start, then steps."""
    found = []
    for line in lines:
        points = [units(point) for point in line]
        steps = [(x2 - x, y2 - y) for (x, y), (x2, y2) in pairwise(points) if (x, y) != (x2, y2)]
        if len(steps) > (2 if closed else 0):
            found.append(
                f"M{points[0][0]} {points[0][1]}l"
                + " ".join(f"{x} {y}" for x, y in steps[: -1 if closed else None])
                + ("z" if closed else "")
            )
    return "".join(found).replace(" -", "-")


def simplified(lines, name):
    return [background.simplify(line, TOLERANCE_KM[name]) for line in lines]


def drawing(folder=background.HERE):
    """The pieces by name, as data of paths."""
    read = background.read_features
    found = background.borders(read(folder / "communes.geojson"))
    outline = background.joined(found["land"], closed_only=True)
    water = [line for feature in read(folder / "fond_cours_eau.geojson") for line in background.lines_of(feature["geometry"])]
    neighbours = background.neighbour_borders(read(folder / "fond_departements_voisins.geojson"), outline)
    pieces = {
        "land": path(simplified(outline, "land"), closed=True),
        "out": path(simplified(neighbours, "out")),
        "water": path(simplified(water, "water")),
        "relief": path([stroke for height, crest in background.RIDGES for stroke in background.hachures(height, crest)]),
        "epci": path(simplified(background.joined(found["epci"]), "epci")),
    }
    areas = {feature["properties"]["siren"]: feature["geometry"] for feature in read(folder / "epci.geojson")}
    return pieces | {f"e-{siren}": path(simplified(background.rings(area), "area"), closed=True) for siren, area in sorted(areas.items())}


def svg(pieces):
    """The file of the drawing."""
    lines = ['<svg xmlns="http://www.w3.org/2000/svg">']
    lines += [f'<path id="{name}" vector-effect="non-scaling-stroke" d="{data}"/>' for name, data in pieces.items()]
    for name, texts in TEXTS.items():
        lines.append(f'<g id="{name}">')
        for longitude, latitude, turn, anchor, text in texts:
            x, y = units((longitude, latitude))
            turned = f' transform="rotate({turn} {x} {y})"' if turn else ""
            lines.append(f'<text x="{x}" y="{y}" text-anchor="{anchor}"{turned}>{text}</text>')
        lines.append("</g>")
    return "\n".join([*lines, "</svg>", ""])


def places(folder=background.HERE):
    """The point of the number of each intercommunalité: the middle of the widest line that its largest ring holds."""
    rows = []
    for feature in background.read_features(folder / "epci.geojson"):
        ring = max(background.rings(feature["geometry"]), key=lambda ring: abs(area(ring)))
        points = [units(point) for point in ring]
        rows.append((feature["properties"]["siren"], *widest(points)))
    return sorted(rows)


def area(ring):
    return sum(x * y2 - x2 * y for (x, y), (x2, y2) in pairwise(ring)) / 2


def widest(points):
    """The point, among those well inside, that is farthest from the edges."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    best, where = -1, None
    for x in range(min(xs), max(xs), 6):
        for y in range(min(ys), max(ys), 6):
            if inside(x, y, points):
                room = min((x - px) ** 2 + (y - py) ** 2 for px, py in points)
                if room > best:
                    best, where = room, (x, y)
    return where


def inside(x, y, points):
    crossed = False
    for (ax, ay), (bx, by) in pairwise(points):
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            crossed = not crossed
    return crossed


def main(folder=background.HERE, output=DRAWING, table=PLACES):
    text = svg(drawing(Path(folder)))
    Path(output).write_text(text, encoding="utf-8", newline="\n")
    with Path(table).open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines, lineterminator="\n").writerows([("siren", "x", "y"), *places(Path(folder))])
    print(f"{output}: {len(text.encode())} bytes")


if __name__ == "__main__":
    if len(sys.argv) > 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
