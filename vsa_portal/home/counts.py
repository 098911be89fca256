"""How many offers readers may see: by kind, by intercommunalité, in how many communes. One query for all of them."""

from collections import Counter

from django.db.models import Count

from core import prepared
from core.prepared import Slot
from opportunities.enums import LocationPrecision
from opportunities.models import Opportunity


class OfferCounts:
    """Numbers of the visible offers. An intercommunalité counts what its filter of the list finds: offers with a place of work there."""

    def __init__(self, lists, now):
        epci_of = {commune: epci.code for epci in lists.epcis.values() for commune in epci.communes}
        self.total = 0
        self.by_kind, self.by_epci, communes = Counter(), Counter(), set()
        for kind, commune, precision, places, count in prepared.rows(grouped, at=now):
            self.total += count
            self.by_kind[kind] += count
            if precision != LocationPrecision.EPCI:
                communes.add(commune)
            for code in {epci_of[place] for place in places if place in epci_of}:
                self.by_epci[code] += count
        self.communes = len(communes)


def grouped():
    """Visible offers counted by kind, place and what readers may know of it."""
    columns = ("kind", "commune", "location_precision", "commune_ids")
    return Opportunity.objects.visible(Slot("at")).order_by().values_list(*columns).annotate(Count("pk"))
