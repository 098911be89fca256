"""The territory: communes and their intercommunalités, the professions it welcomes, its health facilities, CPTS,
zonings and key figures.

Reference data come from official sources through `territories.importers`. Staff do not type communes and EPCI; what they change
of the others is theirs: see `Kept`.
"""

from territories.models.figures import KeyFigure
from territories.models.health import Cpts, FacilityKind, HealthFacility, Kept, Sourced, Zoning
from territories.models.places import Commune, CommuneOutline, Epci, EpciOutline, Outline, Placed, Profession
from territories.models.semesters import InternshipSemester
from territories.models.travel import TravelTime

__all__ = [
    "Commune",
    "CommuneOutline",
    "Cpts",
    "Epci",
    "EpciOutline",
    "FacilityKind",
    "HealthFacility",
    "InternshipSemester",
    "Kept",
    "KeyFigure",
    "Outline",
    "Placed",
    "Profession",
    "Sourced",
    "TravelTime",
    "Zoning",
]
