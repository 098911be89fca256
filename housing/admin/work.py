"""What the dwellings put on the first page of the staff side: the five queues of announcements, and those without a point."""

from core.admin import WorkQueue
from core.announced.admin_queues import Queues
from core.enums import State
from housing.enums import MARKERS
from housing.models import Dwelling

PREFIX = "logement-"


class DwellingQueues(Queues):
    """Twins are told, the kind draws the row, and a place without a point waits."""

    model, prefix = Dwelling, PREFIX
    noun, nouns = "annonce de logement", "annonces de logement"

    def __call__(self, at):
        to_read, *others = super().__call__(at)
        return [to_read, self._to_place(), *others]

    def waiting(self):
        """With whether another one looks like it."""
        return Dwelling.objects.filter(state=State.SUBMITTED).with_twins()

    def for_rows(self, rows):
        """With the place."""
        return rows.select_related("commune__epci")

    def about(self, row):
        """`Studio, Sault`."""
        return f"{row.get_kind_display().capitalize()}, {row.commune.name if row.commune_id else 'lieu à préciser'}"

    def marker(self, row):
        """That of the kind."""
        return MARKERS[row.kind]

    def _to_place(self):
        """Dwellings with an address that nobody has placed on the map."""
        unplaced = Dwelling.objects.to_place().order_by("submitted_at", "pk")
        count = unplaced.count()
        return WorkQueue(
            code=f"{self.prefix}a-placer",
            title="Logements à placer sur la carte",
            counter="logement à placer|logements à placer",
            count=count,
            url=f"{self.url('changelist')}?a_placer=oui",
            tone="ochre",
            empty="Tous les logements ont leur point.",
            rows=[self.follow(row, "Placer", row.address or "sans adresse") for row in self._first(count, unplaced)],
        )


QUEUES = DwellingQueues()
