"""Dwellings to let ("annonces de logement"), their calendars and the stays that they hold.

The facts that must hold are database constraints with a French message; who may see a dwelling is `DwellingQuerySet.visible`.
"""

from housing.models.calendar import Availability, Block, Booking, ImportedCalendar
from housing.models.dwellings import Dwelling, DwellingPhoto

__all__ = ["Availability", "Block", "Booking", "Dwelling", "DwellingPhoto", "ImportedCalendar"]
