"""Where a dwelling is shown: near its place, never at it, and so that no number of looks gives the place away.

The shift is drawn once for a dwelling and kept. A host who announces another room of the same house, or the same one again, has it shown at
the very point of the first, so that there is nothing to average. Nothing is shared between hosts: who knows one place, and so its shift,
learns nothing of the neighbours. Everything public (pages, distances, maps, feeds, exports) reads the point shown; the exact one is read by
its host, the team, and whoever stays there.
"""

import secrets
from math import cos, pi, radians, sin

from core.geography import KM_PER_DEGREE, Point, WithinKm, distance_km
from core.search import fold
from housing.models import Dwelling

NEAREST_M, FARTHEST_M = 250, 600
"""How far from the place it is shown, in metres."""
SHOWN_RADIUS_KM = 0.7
"""The circle that is drawn around the point shown; the place lies inside, anywhere."""
SAME_PLACE_KM = 0.1
"""Two places of one host that are nearer than that are one house; with `FARTHEST_M` it stays inside the circle."""
PHONE_DIGITS = 9
"""Of a French number, however it begins: `0`, `+33`."""
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
        house = _same_house(dwelling)
        dwelling.offset_north_m, dwelling.offset_east_m = shift_to(dwelling.exact_point, house) if house else drawn_shift()
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


def shift_to(point, shown):
    """Metres north and east from one point to another."""
    north = (shown.latitude - point.latitude) * KM_PER_DEGREE * 1000
    return north, (shown.longitude - point.longitude) * KM_PER_DEGREE * 1000 * cos(radians(point.latitude))


def _same_house(dwelling):
    """The point at which this host's nearest dwelling of the same house is shown, whatever became of it; or None."""
    here, host = dwelling.exact_point, dwelling.contact_email.strip()
    around = Dwelling.objects.exclude(pk=dwelling.pk).filter(
        WithinKm(here, SAME_PLACE_KM, latitude="exact_latitude", longitude="exact_longitude"),
        contact_email__iexact=host,
        offset_north_m__isnull=False,
    )
    found = list(around) if host else [other for other in around if _names(other) & _names(dwelling)]
    if not found:
        return None
    return min(found, key=lambda other: distance_km(here, other.exact_point)).point


def _names(dwelling):
    """What tells a host without an e-mail, for whom the team writes: name, telephone, organisation; failing all, the address."""
    digits = "".join(filter(str.isdigit, dwelling.contact_phone))[-PHONE_DIGITS:]
    told = {("name", fold(dwelling.contact_name)), ("phone", digits), ("organisation", fold(dwelling.organisation))}
    return {each for each in told if each[1]} or {("address", fold(dwelling.address))}
