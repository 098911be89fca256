"""Keeping dwellings true (`core.announced.freshness`): every 30 days, as for offers, while there is a night to find."""

from core.announced.freshness import Freshness
from core.announced.life import calling
from housing.actions import LIFE

FRESHNESS = Freshness(LIFE)
ask_publishers, retire_silent, tell_ended = FRESHNESS.ask_publishers, FRESHNESS.retire_silent, FRESHNESS.tell_ended
send_fresh_link, report = calling("dwelling", FRESHNESS.send_fresh_link, FRESHNESS.report)
erase_old_reports, revoke_links = FRESHNESS.erase_old_reports, FRESHNESS.revoke_links
