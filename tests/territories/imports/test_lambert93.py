"""Points of Lambert-93 against the same points in degrees, computed apart with PROJ (pyproj 3.7, EPSG:4326 to EPSG:2154)."""

import pytest

from territories.imports.lambert93 import is_lambert93, to_point

KNOWN = [
    # place, latitude, longitude, easting, northing
    ("town hall of Avignon", 43.9493, 4.8060, 844968.5915, 6318357.5723),
    ("mont Ventoux", 44.1739, 5.2785, 882166.9979, 6344283.0653),
    ("Valréas", 44.3853, 4.9911, 858602.3272, 6367140.0193),
    ("Pertuis", 43.6937, 5.5028, 901785.1027, 6291494.4855),
    ("Sault", 44.0913, 5.4089, 892869.3083, 6335419.5765),
    ("Paris", 48.8530, 2.3498, 652289.6355, 6861636.4189),
    ("origin of the projection", 46.5, 3.0, 700000.0, 6600000.0),
]


@pytest.mark.parametrize(("place", "latitude", "longitude", "easting", "northing"), KNOWN)
def test_known_points_are_found_to_the_millimetre(place, latitude, longitude, easting, northing):
    point = to_point(easting, northing)
    assert point.latitude == pytest.approx(latitude, abs=1e-8), place
    assert point.longitude == pytest.approx(longitude, abs=1e-8), place


@pytest.mark.parametrize(
    ("easting", "northing", "plausible"),
    [
        (844968, 6318357, True),
        (6318357, 844968, False),
        (43.9493, 4.8060, False),
        (657242.9, 1795384.4, False),  # an overseas point, in another projection
        (0, 0, False),
        (float("nan"), 6318357, False),
        (float("inf"), 6318357, False),
    ],
)
def test_other_numbers_are_no_lambert93(easting, northing, plausible):
    assert is_lambert93(easting, northing) is plausible
