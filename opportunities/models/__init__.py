"""Offers of practice ("offres d’exercice"): what they are, where, when, on what terms.

The facts that must hold are database constraints with a French message; who may see an offer is
`OpportunityQuerySet.visible` and nothing else.
"""

from opportunities.models.kinds import OpportunityKind, PracticeSetting
from opportunities.models.offers import Opportunity, year_reference
from opportunities.models.parts import OpportunityPhoto, OtherPlace, SearchWord, StateChange
from opportunities.models.publishing import ContactChange, DayViews, OfferOutcome, ProposedChange
from opportunities.models.reports import OfferReport

__all__ = [
    "ContactChange",
    "DayViews",
    "OfferOutcome",
    "OfferReport",
    "Opportunity",
    "OpportunityKind",
    "OpportunityPhoto",
    "OtherPlace",
    "PracticeSetting",
    "ProposedChange",
    "SearchWord",
    "StateChange",
    "year_reference",
]
