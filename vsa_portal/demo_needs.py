"""Invented needs, so that the page of needs has numbers to show. Nobody is written to."""

from datetime import timedelta

from contacts.actions.needs import set_places
from contacts.enums import NeedSubject, Standing
from contacts.models import Need
from housing.asked import Near
from opportunities.models import OpportunityKind
from territories import anchors
from territories.models import Commune

LOCUM, SETTLE = ["locum_occasional"], ["collaboration", "association_offer"]
NEEDS = [
    # town, kinds (none: a room), standing, how many people, days until the start
    ("Vaison-la-Romaine", [], Standing.INTERN, 4, 45),
    ("Carpentras", LOCUM, Standing.LICENSED_LOCUM, 4, 40),
    ("Carpentras", SETTLE, Standing.QUALIFIED_LOCUM, 3, None),
    ("Apt", LOCUM, Standing.QUALIFIED_LOCUM, 3, 70),
    (None, LOCUM, Standing.RETIRED, 3, None),
    ("Sault", LOCUM, Standing.LICENSED_LOCUM, 1, 20),
]


def create(*, now):
    """Make them; returns the list."""
    communes = {commune.name: commune for commune in Commune.objects.filter(name__in=[town for town, *_ in NEEDS if town])}
    needs = []
    for town, kinds, standing, people, start in NEEDS:
        for _ in range(people):
            need = Need.objects.create(
                email=f"exemple-{len(needs) + 1}@example.org",
                subject=NeedSubject.EXERCISE if kinds else NeedSubject.LODGING,
                standing=standing,
                commune=communes.get(town) if kinds else None,
                starts_on=start and (now + timedelta(days=start)).date(),
                available=standing in (Standing.RETIRED, Standing.QUALIFIED_LOCUM),
                created_at=now,
                confirmed_at=now,
                expires_at=now + timedelta(days=180),
                is_demo=True,
            )
            need.kinds.set(OpportunityKind.objects.filter(code__in=kinds))
            if not kinds:
                set_places(need, [Near(anchors.KINDS["commune"].anchor(communes[town]), 1)])
            needs.append(need)
    return needs
