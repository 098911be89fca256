"""Outlines in degrees become short paths inside the drawing."""

import re

from core import outlines
from core.geography import Point

SQUARE = {"type": "Polygon", "coordinates": [[[5.0, 44.0], [5.2, 44.0], [5.2, 44.1], [5.1, 44.1], [5.0, 44.1], [5.0, 44.0]]]}


def test_corners_of_the_drawing():
    assert outlines.spot(Point(outlines.NORTH, outlines.WEST)) == (0, 0)
    far = outlines.spot(Point(outlines.SOUTH, outlines.EAST))
    assert (round(far.x), round(far.y)) == (outlines.WIDTH, outlines.HEIGHT)


def test_a_square_is_four_corners_without_the_point_on_its_side():
    drawn = outlines.path(SQUARE)
    start, steps = re.fullmatch(r"M([\d.]+ [\d.]+)l(.*)z", drawn).groups()
    x, y = map(float, start.split())
    moves = list(map(float, steps.split()))
    assert len(moves) == 6
    corner = outlines.spot(Point(44.0, 5.0))
    assert abs(x - corner.x) <= 0.5
    assert abs(y - corner.y) <= 0.5
    width, height = moves[0], -moves[3]
    assert abs(width / height - 2 * 0.7186) < 0.05  # twice as many degrees across, each shorter by the cosine


def test_several_polygons_and_specks():
    speck = [[[5.0, 44.0], [5.00001, 44.0], [5.0, 44.00001], [5.0, 44.0]]]
    assert outlines.path({"type": "MultiPolygon", "coordinates": [SQUARE["coordinates"], speck, SQUARE["coordinates"]]}).count("M") == 2
