"""Staff screens of the dwellings (`core.announced.admin`), and what goes with them."""

from housing.admin.dwellings import DwellingAdmin
from housing.admin.records import DwellingOutcomeAdmin, DwellingReportAdmin, ProposedChangeAdmin

__all__ = ["DwellingAdmin", "DwellingOutcomeAdmin", "DwellingReportAdmin", "ProposedChangeAdmin"]
