"""What may be done to a dwelling and to its calendar. Each verb is one transaction on the stored row, which it locks."""

from housing.actions.place import refresh_place

__all__ = ["refresh_place"]
