"""The life of an offer: what `core.announced` does for whatever is announced, with what is particular to offers of practice."""

from django.utils import timezone

from core.announced.life import LIFE_COLUMNS, MAILS, TransitionRefused, calling
from core.announced.publishing import EDITABLE, READ_AGAIN, Publishing
from core.announced.words import Words
from opportunities import rules
from opportunities.actions.derived import refresh_place, refresh_search
from opportunities.enums import LocationPrecision
from opportunities.models import Opportunity, year_reference
from opportunities.private_link import LINKS

WORDS = Words(
    noun="offre",
    readers="les médecins",
    filled="est pourvue",
    thanks="nous saurons que ce cabinet a trouvé",
    open="des postes ouverts",
    facts="opportunities/mail/_facts.txt",
)
CONTENT_EXCLUDED = LIFE_COLUMNS | {"is_confidential", "text_agreed"}
"""What an earlier version never brings back: the life of the offer is not its content, nor is what its doctor agreed to."""


class OfferLife(Publishing):
    """The verbs of offers."""

    model, words, links = Opportunity, WORDS, LINKS
    mails = {
        **MAILS,
        "submitted": "opportunities/mail/submitted.txt",
        "published": "opportunities/mail/published.txt",
        "change_approved": "opportunities/mail/change_approved.txt",
        "agree": "opportunities/mail/agree.txt",
        "agree_again": "opportunities/mail/agree_again.txt",
    }
    for_proposals = ("kind",)

    def derive(self, row):
        """The place shown, and what the offer is found by."""
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
        """`VSA-2026-0042`."""
        return year_reference(timezone.localdate(at).year, row.pk)

    def default_expiry(self, row, at):
        """A dated locum ends with its last day."""
        return rules.default_expiry(row, at)

    def kept_expiry(self, row, at):
        """None for what is over."""
        return rules.kept_expiry(row, at)

    def check_extension(self, row, until, limit):
        """A dated locum is never extended past its last day."""
        if row.kind.is_locum and row.ends_on and until > limit:
            raise TransitionRefused("Un remplacement daté s’arrête avec sa dernière journée. Changez d’abord la date de fin.")

    def kind_of(self, row):
        """The kind of the offer."""
        return row.kind.label

    def give(self, row, values, at):
        """Set these columns. An exact place that has moved waits for its point; a dated locum ends with its last day."""
        moved = any(getattr(row, name) != values[name] for name in values.keys() & {*rules.PLACE} - {"workplace"})
        dated = any(getattr(row, name) != values[name] for name in values.keys() & {"ends_on", "kind_id"})
        super().give(row, values, at)
        if moved and row.location_precision == LocationPrecision.EXACT:
            row.latitude = row.longitude = None
        if dated and row.kind.is_locum and row.expires_at and rules.default_expiry(row, at) > at:
            row.expires_at = rules.default_expiry(row, at)

    def give_approved(self, row, values, at):
        """Set what was approved; an exact address that moved is placed first."""
        was_agreed = rules.is_agreed(row)
        self.give(row, values, at)
        if row.location_precision == LocationPrecision.EXACT and row.point is None:
            raise TransitionRefused("L’adresse exacte a changé\u00a0: ouvrez l’offre, écrivez-la et placez le point, puis approuvez.")
        refresh_place(row)
        if row.is_confidential and was_agreed:
            # All they had read, and their own words, which the team has read now. Else somebody else's words are among them.
            row.text_agreed = rules.shown_digest(row)

    def told_of_approval(self, row):
        """Whether the doctor has the text to read."""
        return {"to_agree": rules.may_agree(row)}


LIFE = OfferLife()
submit, publish, pause, fill, withdraw, send_back, extend, confirm = calling("offer", *LIFE.verbs.values())
retire, settle_reports, declare_filled, complete_outcome = calling(
    "offer", LIFE.retire, LIFE.settle_reports, LIFE.declare_filled, LIFE.complete_outcome
)
begin, confirm_contact, hand_over, drop_draft, change, ask_contact = calling(
    "offer", LIFE.begin, LIFE.confirm_contact, LIFE.hand_over, LIFE.drop_draft, LIFE.change, LIFE.ask_contact
)
save_offer, delete_offer, touch = calling("offer", LIFE.save_content, LIFE.delete, LIFE.touch)
expire_due, approve, refuse, take_contact = LIFE.expire_due, LIFE.approve, LIFE.refuse, LIFE.take_contact
count_view, erase_drafts, erase_contacts = LIFE.count_view, LIFE.erase_drafts, LIFE.erase_contacts
tell_ending_drafts = LIFE.tell_ending_drafts
with_waiting, read_values = LIFE.with_waiting, LIFE.read_values
VERBS = {verb.__name__: verb for verb in (submit, publish, pause, fill, withdraw, send_back, extend, confirm)}
"""Verbs that staff may choose on an offer, by name."""

__all__ = ["EDITABLE", "READ_AGAIN", "TransitionRefused"]


def restore(*, offer, version, actor=None, at=None):
    """Give an offer the content it had in `version` (a row of its history); its life goes on unchanged."""
    return LIFE.restore(row=offer, version=version, actor=actor, at=at, excluded=CONTENT_EXCLUDED)
