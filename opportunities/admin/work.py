"""What the offers put on the first page of the staff side."""

from core.announced.admin_queues import Queues
from core.enums import State
from opportunities import presenters
from opportunities.models import Opportunity


class OfferQueues(Queues):
    """Twins are told, and the kind draws the row."""

    model, noun, nouns = Opportunity, "offre", "offres"

    def waiting(self):
        """With whether another one looks like it."""
        return Opportunity.objects.filter(state=State.SUBMITTED).with_twins()

    def for_rows(self, rows):
        """With kind and place."""
        return rows.select_related("kind", "commune__epci")

    def about(self, row):
        """`Succession, Sault, Ventoux Sud`."""
        place = presenters.place(row) if row.commune_id else "lieu à préciser"
        return f"{row.kind.label}, {place}"

    def marker(self, row):
        """That of the kind."""
        return row.kind


QUEUES = OfferQueues()
