"""Screens of the territory: communes and EPCI are read, the rest is edited."""

from territories.admin import figures, places

__all__ = ["figures", "places"]
