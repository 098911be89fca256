"""All the communes of Vaucluse as light rows, read once a page: totals, neighbours, towns."""

from functools import cached_property
from typing import NamedTuple

from core import prepared
from core.geography import distance_km
from core.links import address
from territories.models import Commune

TOWN_POPULATION = 10_000
"""A commune of this size or more is named as a town one would drive to."""
FIELDS = ("pk", "name", "slug", "population", "area_km2", "latitude", "longitude", "epci_id", "cpts_id")


class Place(NamedTuple):
    """One commune, as much of it as lists and distances need."""

    pk: int
    name: str
    slug: str
    population: int
    area_km2: float
    latitude: float
    longitude: float
    epci_id: int
    cpts_id: int | None

    def get_absolute_url(self):
        """The page of the commune."""
        return f"{address('places:index')}communes/{self.slug}/"


class Total(NamedTuple):
    """Inhabitants, square kilometres and number of communes of a territory in Vaucluse."""

    population: int
    area_km2: float
    communes: int

    @property
    def density(self):
        """Inhabitants per square kilometre."""
        return self.population / self.area_km2 if self.area_km2 else None


class Land:
    """The communes in alphabetical order. One query, when it is made."""

    def __init__(self):
        self.places = sorted(map(Place._make, prepared.rows(every_commune)), key=lambda place: place.slug)

    @cached_property
    def whole(self):
        """The `Total` of the département."""
        return total(self.places)

    def of_epci(self, pk):
        """Communes of one intercommunalité, in alphabetical order."""
        return [place for place in self.places if place.epci_id == pk]

    def of_cpts(self, pk):
        """Communes of one CPTS, in alphabetical order."""
        return [place for place in self.places if place.cpts_id == pk]

    def towns_near(self, point, but=None):
        """Towns as (kilometres in a straight line, place), nearest first; the commune `but` is left out."""
        return self.near(point, but, smallest=TOWN_POPULATION)

    def near(self, point, but=None, smallest=0):
        """Communes of `smallest` inhabitants or more as (kilometres, place), nearest first."""
        found = [(distance_km(point, place), place) for place in self.places if place.population >= smallest and place.pk != but]
        return sorted(found)

    def rank(self, place):
        """The place of a commune among all by population; the largest is 1."""
        return 1 + sum(other.population > place.population for other in self.places)


def total(places):
    """The `Total` of some communes."""
    return Total(sum(place.population for place in places), sum(place.area_km2 for place in places), len(places))


def every_commune():
    """The columns of all the `Place`s, for `core.prepared`."""
    return Commune.objects.order_by().values_list(*FIELDS)
