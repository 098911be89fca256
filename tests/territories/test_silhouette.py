"""The département as a drawing: what is on it, where words stand."""

from itertools import combinations

from core.geography import Point
from territories.silhouette import ROOM, dotted, label, land, silhouette

SQUARE = {"type": "Polygon", "coordinates": [[[5.0, 44.0], [5.2, 44.0], [5.2, 44.1], [5.0, 44.1], [5.0, 44.0]]]}


def test_the_departement_has_two_parts():
    assert land().count("M") == 2


def test_areas_keep_their_order_and_their_tone():
    drawing = silhouette(
        key="k", title="T", summary="S", areas=[("around", SQUARE), ("subject", SQUARE)], labels=[label("1", Point(44, 5))]
    )
    assert [area.tone for area in drawing.areas] == ["around", "subject"]
    assert all(area.path.startswith("M") for area in drawing.areas)
    assert drawing.labels[0].dot == ()


def test_numbers_of_neighbours_do_not_cover_each_other():
    labels = dotted((str(rank), Point(44 + rank / 500, 5.1)) for rank in range(8))
    places = [(float(one.x), float(one.y)) for one in labels]
    assert len({one.dot for one in labels}) == 8
    for (ax, ay), (bx, by) in combinations(places, 2):
        assert abs(ax - bx) >= ROOM or abs(ay - by) >= ROOM
