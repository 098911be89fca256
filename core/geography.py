"""Distances on the earth, written once for Python and once for PostgreSQL with the same radius.

Positions are latitude and longitude in decimal degrees (WGS84), distances are kilometres in a
straight line ("à vol d'oiseau"). In the database they come from the `earthdistance` extension.
"""

from math import asin, cos, radians, sin, sqrt
from typing import NamedTuple

from django.db.models import BooleanField, FloatField, Func

from core.prepared import Slot

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

    output_field = FloatField()

    def __init__(self, point, latitude="latitude", longitude="longitude", **extra):
        super().__init__(longitude, latitude, **extra)
        self.start = [plain(point.longitude), plain(point.latitude)]

    def as_sql(self, compiler, connection, **context):
        """The distance of one row."""
        longitude, latitude = (compiler.compile(expression)[0] for expression in self.source_expressions)
        return f"((point({longitude}, {latitude}) <@> point(%s, %s)) * 1.609344)", self.start


class WithinKm(Func):
    """Whether `latitude` and `longitude` (or those named) lie within `km` of `point`: a box that an index serves, then the circle."""

    output_field = BooleanField()

    def __init__(self, point, km, latitude="latitude", longitude="longitude", **extra):
        super().__init__(longitude, latitude, **extra)
        box = BOX if isinstance(km, Slot) else box_around(point, km)
        self.params = [box.south, box.north, box.west, box.east, plain(point.longitude), plain(point.latitude), plain(km)]

    def as_sql(self, compiler, connection, **context):
        """The condition for one row."""
        longitude, latitude = (compiler.compile(expression)[0] for expression in self.source_expressions)
        inside = f"{latitude} BETWEEN %s AND %s AND {longitude} BETWEEN %s AND %s"
        return f"({inside} AND (point({longitude}, {latitude}) <@> point(%s, %s)) * 1.609344 <= %s)", self.params


def plain(number):
    """A number as a parameter, a slot as it is."""
    return number if isinstance(number, Slot) else float(number)


HERE = Point(Slot("latitude"), Slot("longitude"))
KM = Slot("km", FloatField())
BOX = Box(*map(Slot, Box._fields))
"""A circle that `core.prepared` fills with `circle_asked`: centre, radius, and the box around it."""


def circle_asked(point, km):
    """The values of the slots of a circle."""
    return {"latitude": float(point.latitude), "longitude": float(point.longitude), "km": float(km), **box_around(point, km)._asdict()}
