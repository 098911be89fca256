"""What readers look for in an announcement, what one says, and what it still could: a help to write, never a condition (N1)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that readers look for: the field of the form, its name, why it matters."""

    field: str
    label: str
    why: str


@dataclass(frozen=True, slots=True)
class Meter:
    """What an announcement says of what readers look for."""

    given: tuple
    missing: tuple

    @classmethod
    def of(cls, asked, says):
        """From the points that are asked and, by field, whether it says them."""
        return cls(tuple(point for point in asked if says[point.field]), tuple(point for point in asked if not says[point.field]))

    @property
    def total(self):
        return len(self.given) + len(self.missing)

    @property
    def score(self):
        """Out of 100."""
        return round(100 * len(self.given) / self.total)
