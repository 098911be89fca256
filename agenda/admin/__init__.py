"""The staff screens of the agenda."""

from agenda.admin import events, kinds

__all__ = ["events", "kinds"]
