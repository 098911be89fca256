"""Keeping dwellings true (`core.announced.freshness`): every 30 days, as for offers, while there is a night to find."""

from django.utils import timezone

from core.announced.freshness import Freshness
from core.announced.life import calling
from housing import calendar
from housing.actions import LIFE


class DwellingFreshness(Freshness):
    """The steps for dwellings."""

    def is_left_alone(self, row, at):
        """While every night that is offered is held: `chain` asks in time what becomes of the room."""
        return calendar.is_held(row, timezone.localdate(at))


FRESHNESS = DwellingFreshness(LIFE)
ask_publishers, retire_silent, tell_ended = FRESHNESS.ask_publishers, FRESHNESS.retire_silent, FRESHNESS.tell_ended
send_fresh_link, report = calling("dwelling", FRESHNESS.send_fresh_link, FRESHNESS.report)
erase_old_reports, revoke_links = FRESHNESS.erase_old_reports, FRESHNESS.revoke_links
