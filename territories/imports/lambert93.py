"""From Lambert-93 (EPSG:2154), in which official files of metropolitan France give their points, to latitude and longitude.

The inverse of a secant Lambert conformal conic projection on the GRS 80 ellipsoid, as IGN describes it (NT/G 71, ALG0002 and
ALG0004). RGF93 and WGS84 are taken for one: they differ by less than a metre, a point of an address by ten.
"""

from math import atan, atan2, cos, degrees, exp, hypot, log, pi, radians, sin, sqrt, tan

from core.geography import Point

SEMI_MAJOR_AXIS = 6_378_137.0
FLATTENING = 1 / 298.257222101
ECCENTRICITY = sqrt(FLATTENING * (2 - FLATTENING))
ORIGIN_LATITUDE, ORIGIN_LONGITUDE = radians(46.5), radians(3)
PARALLELS = radians(44), radians(49)
FALSE_EASTING, FALSE_NORTHING = 700_000.0, 6_600_000.0

EASTINGS, NORTHINGS = (0, 1_300_000), (6_000_000, 7_200_000)
"""What holds metropolitan France; outside, the numbers are something else (degrees, another projection, both exchanged)."""


def isometric_latitude(latitude):
    """The latitude of the conformal sphere, which the projection unrolls (ALG0001)."""
    along = ECCENTRICITY * sin(latitude)
    return log(tan(pi / 4 + latitude / 2) * ((1 - along) / (1 + along)) ** (ECCENTRICITY / 2))


def parallel_radius(latitude):
    """The radius of the parallel at that latitude, over the semi-major axis."""
    return cos(latitude) / sqrt(1 - (ECCENTRICITY * sin(latitude)) ** 2)


SOUTH, NORTH = PARALLELS
EXPONENT = log(parallel_radius(NORTH) / parallel_radius(SOUTH)) / (isometric_latitude(SOUTH) - isometric_latitude(NORTH))
SCALE = SEMI_MAJOR_AXIS * parallel_radius(SOUTH) / EXPONENT * exp(EXPONENT * isometric_latitude(SOUTH))
POLE_NORTHING = FALSE_NORTHING + SCALE * exp(-EXPONENT * isometric_latitude(ORIGIN_LATITUDE))


def is_lambert93(easting, northing):
    """Whether two numbers can be a point of metropolitan France in Lambert-93."""
    return EASTINGS[0] < easting < EASTINGS[1] and NORTHINGS[0] < northing < NORTHINGS[1]


def to_point(easting, northing):
    """The point, in decimal degrees, of Lambert-93 coordinates in metres."""
    across, down = easting - FALSE_EASTING, POLE_NORTHING - northing
    longitude = ORIGIN_LONGITUDE + atan2(across, down) / EXPONENT
    isometric = -log(hypot(across, down) / SCALE) / EXPONENT
    return Point(degrees(geographic_latitude(isometric)), degrees(longitude))


def geographic_latitude(isometric):
    """The latitude whose isometric latitude this is: each turn divides the error by some three hundred (ALG0002)."""
    latitude = 2 * atan(exp(isometric)) - pi / 2
    for _ in range(6):
        along = ECCENTRICITY * sin(latitude)
        latitude = 2 * atan(((1 + along) / (1 - along)) ** (ECCENTRICITY / 2) * exp(isometric)) - pi / 2
    return latitude
