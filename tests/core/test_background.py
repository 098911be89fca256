"""The background of the maps: what reference/build_background.py writes, and that it is what the site serves."""

import csv
import json
from itertools import combinations, pairwise

import brotli
import pytest
from django.conf import settings

from reference import build_background as background

FILE = settings.BASE_DIR / "static/map/vaucluse.json"


@pytest.fixture(scope="module")
def built():
    return background.build()


@pytest.fixture(scope="module")
def borders():
    return background.borders(background.read_features(background.HERE / "communes.geojson"))


def decoded(layer):
    """Lines of a layer as lists of (longitude, latitude), read as the browser does."""
    lines, last = [], [0, 0]
    for word in layer.split():
        numbers, value, shift = [], 0, 0
        for letter in word:
            bits = ord(letter) - 63
            value |= (bits & 31) << shift
            shift += 5
            if bits < 32:
                numbers.append(~(value >> 1) if value & 1 else value >> 1)
                value = shift = 0
        line = []
        for latitude, longitude in zip(numbers[::2], numbers[1::2], strict=True):
            last = [last[0] + latitude, last[1] + longitude]
            line.append((last[1] / 1e4, last[0] / 1e4))
        lines.append(line)
    return lines


def is_inside(point, rings):
    x, y = point
    within = False
    for ring in rings:
        for (x1, y1), (x2, y2) in pairwise(ring):
            if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
                within = not within
    return within


def test_the_site_serves_what_the_reference_files_give(built):
    assert json.loads(FILE.read_text(encoding="utf-8")) == built


def test_it_weighs_less_than_a_small_picture():
    assert len(brotli.compress(FILE.read_bytes())) < 25_000


def test_numbers_come_back_as_they_were_written():
    lines = [[(4.0, 43.0), (4.1234, 43.5), (4.0, 44.9999)], [(-1.5, -0.0001), (5.0, 44.0)]]
    assert decoded(background.encoded(lines)) == lines


def test_the_land_is_vaucluse_and_its_enclave(built):
    land = decoded(built["lines"]["land"])
    assert len(land) == 2
    assert all(ring[0] == ring[-1] for ring in land)
    with (background.HERE / "communes.csv").open(encoding="utf-8", newline="") as rows:
        halls = {row["nom"]: (float(row["lon"]), float(row["lat"])) for row in csv.DictReader(rows)}
    assert len(halls) == 151
    assert [name for name, point in halls.items() if not is_inside(point, land)] == []
    assert not is_inside((4.63, 43.68), land)  # Arles


def test_each_border_is_drawn_once(borders):
    edges = [frozenset(edge) for lines in borders.values() for line in lines for edge in pairwise(line)]
    communes = background.read_features(background.HERE / "communes.geojson")
    assert len(communes) == 151
    assert len(edges) == len(set(edges)) == len(background.edges_of(communes))


def test_a_border_between_communes_of_one_epci_is_not_a_border_of_epci(borders):
    communes = background.read_features(background.HERE / "communes.geojson")
    owners = background.edges_of(communes)
    epci = [feature["properties"]["epci"] for feature in communes]
    for level, different in (("epci", 2), ("communes", 1)):
        counts = {len({epci[n] for n in owners[frozenset(line[:2])]}) for line in borders[level]}
        assert counts == {different}


def test_a_simplified_line_stays_near_and_keeps_its_ends(borders):
    line = max(borders["land"], key=len)
    short = background.simplify(line, 0.5)
    assert (short[0], short[-1]) == (line[0], line[-1])
    assert len(short) < len(line)
    segments = list(pairwise(short))
    assert max(min(background.gap(point, *segment) for segment in segments) for point in line) <= 0.5 * background.KM


def test_an_outline_with_a_hole_is_refused():
    with pytest.raises(ValueError, match="not closed"):
        background.joined([[(0, 0), (0, 1)], [(0, 1), (1, 1)]], closed_only=True)


def test_every_commune_is_named_and_the_towns_come_first(built):
    names = {kind: [row for row in built["names"] if row[0] == kind] for kind in "tvo"}
    assert {row[1] for row in names["t"]} == set(background.TOWNS)
    assert len(names["t"]) + len(names["v"]) == 151
    assert max(row[4] for row in names["t"]) < min(row[4] for row in names["v"])
    assert not [row[1] for row in built["names"] if "'" in row[1]]


@pytest.mark.parametrize("zoom", [9, 10, 11, 12])
def test_no_name_covers_another(built, zoom):
    shown = [row for row in built["names"] if row[0] in "tvo" and row[4] <= zoom]
    boxes = {row[1]: background.box(*row[:4], zoom, row[5]) for row in shown}
    covering = [(a, b) for (a, p), (b, q) in combinations(boxes.items(), 2) if p[0] < q[2] and q[0] < p[2] and p[1] < q[3] and q[1] < p[3]]
    assert covering == []
