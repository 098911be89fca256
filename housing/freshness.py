"""Keeping dwellings true (`core.announced.freshness`): every 30 days, as for offers, while there is a night to find."""

from core.announced.freshness import Freshness
from core.announced.life import calling
from housing import rules
from housing.actions import LIFE


class DwellingFreshness(Freshness):
    """The steps for dwellings."""

    def not_told(self, rows):
        """Those whose class is no longer let were told why (`forbidden`)."""
        for since, energy_class in rules.FORBIDDEN:
            rows = rows.exclude(energy_class=energy_class, closed_at__date__gte=since)
        return rows


FRESHNESS = DwellingFreshness(LIFE)
ask_publishers, retire_silent, tell_ended = FRESHNESS.ask_publishers, FRESHNESS.retire_silent, FRESHNESS.tell_ended
send_fresh_link, report = calling("dwelling", FRESHNESS.send_fresh_link, FRESHNESS.report)
erase_old_reports, revoke_links = FRESHNESS.erase_old_reports, FRESHNESS.revoke_links
