"""Screens of the territory: communes and EPCI are read, the rest is edited."""

from territories.admin import care, facilities, figures, places, semesters, travel

__all__ = ["care", "facilities", "figures", "places", "semesters", "travel"]
