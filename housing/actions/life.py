"""The life of a dwelling: what `core.announced` does for whatever is announced, with what is particular to rooms."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from core.announced.life import LIFE_COLUMNS, TransitionRefused, calling
from core.announced.publishing import EDITABLE, READ_AGAIN, Publishing
from core.announced.words import Words
from housing import rules
from housing.actions.calendar import offer
from housing.actions.content import refresh_search
from housing.actions.place import refresh_place
from housing.models import Dwelling, year_reference
from housing.private_link import LINKS

WORDS = Words(
    noun="annonce",
    readers="les internes et les médecins",
    filled="a trouvé preneur",
    thanks="nous saurons que quelqu’un s’y est logé",
    open="des logements à louer",
    facts="housing/mail/_facts.txt",
)


class DwellingLife(Publishing):
    """The verbs of dwellings."""

    model, words, links = Dwelling, WORDS, LINKS
    private_columns = ("address", "exact_latitude", "exact_longitude")

    def derive(self, row):
        """The point shown, and what the dwelling is found by."""
        refresh_place(row)
        refresh_search(row)

    def missing(self, row, at):
        """As the rules say."""
        return rules.missing_for_publication(row, at)

    def missing_to_submit(self, row, at):
        """As the rules say."""
        return rules.missing_to_submit(row, at)

    def to_read_again(self, before, values):
        """As the rules say."""
        return rules.to_read_again(before, values)

    def reference(self, row, at):
        """`LOG-2026-0042`."""
        return year_reference(timezone.localdate(at).year, row.pk)

    def kind_of(self, row):
        """The kind of dwelling."""
        return row.get_kind_display()

    def give(self, row, values, at):
        """Set these columns. A place that has moved waits for its point, unless a point comes with it; its shift stays."""
        moved = any(getattr(row, name) != values[name] for name in values.keys() & {"commune_id", "address"})
        placed = values.get("exact_latitude", row.exact_latitude) != row.exact_latitude
        super().give(row, values, at)
        if moved and not placed:
            row.exact_latitude = row.exact_longitude = None

    def to_erase(self, at):
        """Those with a place left to erase, too."""
        return super().to_erase(at) | (self.is_old(at) & ~Q(address="", exact_latitude__isnull=True))

    def erase_private(self, rows):
        """Forget where these dwellings are: their page shows the commune. The shift stays, and tells nothing without a point.

        A dwelling that is announced again by the same link is shown where it was.
        """
        for row in rows.select_related("commune"):
            row.address, row.exact_latitude, row.exact_longitude = "", None, None
            refresh_place(row)
            columns = ("address", "exact_latitude", "exact_longitude", "latitude", "longitude", "radius_km")
            rows.filter(pk=row.pk).update(**{name: getattr(row, name) for name in columns})


LIFE = DwellingLife()
submit, publish, pause, fill, withdraw, send_back, extend, confirm = calling("dwelling", *LIFE.verbs.values())
retire, settle_reports, declare_filled, complete_outcome = calling(
    "dwelling", LIFE.retire, LIFE.settle_reports, LIFE.declare_filled, LIFE.complete_outcome
)
begin, confirm_contact, hand_over, drop_draft, change, ask_contact = calling(
    "dwelling", LIFE.begin, LIFE.confirm_contact, LIFE.hand_over, LIFE.drop_draft, LIFE.change, LIFE.ask_contact
)
save_dwelling, delete_dwelling, restore, touch = calling("dwelling", LIFE.save_content, LIFE.delete, LIFE.restore, LIFE.touch)
expire_due, approve, refuse, take_contact = LIFE.expire_due, LIFE.approve, LIFE.refuse, LIFE.take_contact
count_view, erase_drafts, erase_contacts = LIFE.count_view, LIFE.erase_drafts, LIFE.erase_contacts
tell_ending_drafts = LIFE.tell_ending_drafts
with_waiting, read_values = LIFE.with_waiting, LIFE.read_values
VERBS = {verb.__name__: verb for verb in (submit, publish, pause, fill, withdraw, send_back, extend, confirm)}
"""Verbs that staff may choose on a dwelling, by name."""

__all__ = ["EDITABLE", "LIFE_COLUMNS", "READ_AGAIN", "TransitionRefused"]


@transaction.atomic
def set_periods(*, dwelling, periods, at):
    """Offer a dwelling that was never public for these periods, `(first day, day of departure)` each, and no other."""
    stored = list(dwelling.availabilities.values_list("period", flat=True))
    if sorted((period.lower, period.upper) for period in stored) == sorted(periods):
        return
    dwelling.availabilities.all().delete()
    for start, end in periods:
        offer(dwelling=dwelling, start=start, end=end, at=at)


def accept_charter(*, dwelling, at):
    """Note that the host accepted the charter."""
    dwelling.charter_accepted_at = at
    Dwelling.objects.filter(pk=dwelling.pk).update(charter_accepted_at=at)
