"""The staff screens of the rubrique Internes."""

from interns.admin import notes, places

__all__ = ["notes", "places"]
