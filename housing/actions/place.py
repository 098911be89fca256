"""Where a dwelling is shown: near its place, never at it, and so that no number of looks gives the place away.

The shift is drawn once for a place and kept. A dwelling within `SAME_PLACE_KM` of another, even one that is over, takes its shift: the
rooms of one house are shown at one point, and a room announced again is shown where it was, so there is nothing to average. Everything
public (pages, distances, maps, feeds, exports) reads the point shown; the exact one is read by its host, the team, and whoever stays there.
"""

import secrets
from math import cos, pi, radians, sin

from core.geography import KM_PER_DEGREE, Point, WithinKm, distance_km
from housing.models import Dwelling

NEAREST_M, FARTHEST_M = 250, 600
"""How far from the place it is shown, in metres."""
SHOWN_RADIUS_KM = 0.7
"""The circle that is drawn around the point shown; the place lies inside, anywhere."""
SAME_PLACE_KM = 0.15
DECIMALS = 4
"""Of the point shown, about ten metres."""


def refresh_place(dwelling):
    """Set the point that readers are shown from the exact one, or from the commune while there is none; does not save."""
    if dwelling.exact_point is None:
        commune = dwelling.commune if dwelling.commune_id else None
        dwelling.latitude, dwelling.longitude = (commune.latitude, commune.longitude) if commune else (None, None)
        dwelling.radius_km = round((commune.area_km2 / pi) ** 0.5, 2) if commune else 0
        return
    if dwelling.offset_north_m is None:
        dwelling.offset_north_m, dwelling.offset_east_m = _neighbour_shift(dwelling) or drawn_shift()
    shown = shifted(dwelling.exact_point, dwelling.offset_north_m, dwelling.offset_east_m)
    dwelling.latitude, dwelling.longitude = round(shown.latitude, DECIMALS), round(shown.longitude, DECIMALS)
    dwelling.radius_km = SHOWN_RADIUS_KM


def drawn_shift():
    """Metres north and east, in any direction, between `NEAREST_M` and `FARTHEST_M`; from the system's source of secrets."""
    draw = secrets.SystemRandom()
    angle, metres = draw.uniform(0, 2 * pi), draw.uniform(NEAREST_M, FARTHEST_M)
    return metres * cos(angle), metres * sin(angle)


def shifted(point, north_m, east_m):
    """A point so many metres farther north and east."""
    latitude = point.latitude + north_m / 1000 / KM_PER_DEGREE
    return Point(latitude, point.longitude + east_m / 1000 / (KM_PER_DEGREE * cos(radians(point.latitude))))


def _neighbour_shift(dwelling):
    """The shift of the nearest dwelling at the same place, whatever became of it."""
    here = dwelling.exact_point
    around = Dwelling.objects.exclude(pk=dwelling.pk).filter(
        WithinKm(here, SAME_PLACE_KM, latitude="exact_latitude", longitude="exact_longitude"), offset_north_m__isnull=False
    )
    found = list(around.values_list("exact_latitude", "exact_longitude", "offset_north_m", "offset_east_m"))
    if not found:
        return None
    *_, north, east = min(found, key=lambda row: distance_km(here, Point(row[0], row[1])))
    return north, east
