"""Distances on the earth, written once for Python and once for PostgreSQL with the same radius.

Positions are latitude and longitude in decimal degrees (WGS84), distances are kilometres in a
straight line ("à vol d'oiseau"). In the database they come from the `earthdistance` extension.
"""

from math import asin, cos, radians, sin, sqrt
from typing import NamedTuple

from django.db.models import BooleanField, FloatField, Func

EARTH_RADIUS_KM = 3958.747716 * 1.609344
"""The radius that `earthdistance` gives its `point <@> point` operator, in statute miles there."""

KM_PER_DEGREE = EARTH_RADIUS_KM * radians(1)


class Point(NamedTuple):
    """A position: latitude then longitude, decimal degrees."""

    latitude: float
    longitude: float


class Box(NamedTuple):
    """An area between two parallels and two meridians, decimal degrees."""

    south: float
    west: float
    north: float
    east: float


def distance_km(a, b):
    """Kilometres in a straight line between two points (haversine)."""
    lat_a, lat_b = radians(a.latitude), radians(b.latitude)
    half = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin(radians(b.longitude - a.longitude) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(min(1, sqrt(half)))


def box_around(point, km):
    """The smallest box that holds every point within `km` of `point`, with a hair of margin."""
    d_lat = km / KM_PER_DEGREE * 1.001
    d_lon = d_lat / cos(radians(min(abs(point.latitude) + d_lat, 89)))
    return Box(point.latitude - d_lat, point.longitude - d_lon, point.latitude + d_lat, point.longitude + d_lon)


class DistanceKm(Func):
    """Kilometres from `point` to the columns `latitude` and `longitude` of each row (or those named)."""

    template = "((point(%(expressions)s) <@> point({longitude!r}, {latitude!r})) * 1.609344)"
    output_field = FloatField()

    def __init__(self, point, latitude="latitude", longitude="longitude", **extra):
        super().__init__(longitude, latitude, **extra)
        self.template = self.template.format(latitude=float(point.latitude), longitude=float(point.longitude))


class WithinKm(Func):
    """Whether `latitude` and `longitude` lie within `km` kilometres of `point`: a box that an index serves, then the circle."""

    output_field = BooleanField()

    def __init__(self, point, km, **extra):
        super().__init__("longitude", "latitude", **extra)
        self.box, self.km, self.start = box_around(point, km), float(km), f"{float(point.longitude)!r}, {float(point.latitude)!r}"

    def as_sql(self, compiler, connection, **context):
        """The condition for one row; all values are numbers of ours, written into the text."""
        longitude, latitude = (compiler.compile(expression)[0] for expression in self.source_expressions)
        box = self.box
        return (
            f"({latitude} BETWEEN {box.south!r} AND {box.north!r} AND {longitude} BETWEEN {box.west!r} AND {box.east!r} "
            f"AND (point({longitude}, {latitude}) <@> point({self.start})) * 1.609344 <= {self.km!r})"
        ), []
