"""Keeping offers true (`core.announced.freshness`). A dated locum ends by itself, and nobody is told."""

from core.announced.freshness import Freshness
from core.announced.life import calling
from opportunities.actions import LIFE


class OfferFreshness(Freshness):
    """The steps for offers."""

    def not_told(self, rows):
        """All but dated locums."""
        return rows.extendable()


FRESHNESS = OfferFreshness(LIFE)
ask_publishers, retire_silent, tell_ended = FRESHNESS.ask_publishers, FRESHNESS.retire_silent, FRESHNESS.tell_ended
send_fresh_link, report = calling("offer", FRESHNESS.send_fresh_link, FRESHNESS.report)
erase_old_reports, revoke_links = FRESHNESS.erase_old_reports, FRESHNESS.revoke_links
