"""Staff screens of the offers and of their lists. Buttons and bulk actions call `opportunities.actions`."""

from opportunities.admin.changes import ProposedChangeAdmin
from opportunities.admin.lists import OpportunityKindAdmin, PracticeSettingAdmin
from opportunities.admin.offers import OpportunityAdmin
from opportunities.admin.outcomes import OfferOutcomeAdmin
from opportunities.admin.reports import OfferReportAdmin

__all__ = [
    "OfferOutcomeAdmin",
    "OfferReportAdmin",
    "OpportunityAdmin",
    "OpportunityKindAdmin",
    "PracticeSettingAdmin",
    "ProposedChangeAdmin",
]
