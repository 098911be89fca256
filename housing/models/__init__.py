"""Dwellings to let ("annonces de logement"), their calendars and the stays that they hold.

The facts that must hold are database constraints with a French message; who may see a dwelling is `DwellingQuerySet.visible`.
"""

from housing.models.calendar import Availability, Block, Booking, ImportedCalendar
from housing.models.dwellings import Dwelling, DwellingPhoto, year_reference
from housing.models.publishing import ContactChange, DayViews, DwellingOutcome, DwellingReport, ProposedChange, StateChange

__all__ = [
    "Availability",
    "Block",
    "Booking",
    "ContactChange",
    "DayViews",
    "Dwelling",
    "DwellingOutcome",
    "DwellingPhoto",
    "DwellingReport",
    "ImportedCalendar",
    "ProposedChange",
    "StateChange",
    "year_reference",
]
