"""When an alert looks, how many one may have, how long they live."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from contacts.enums import Rhythm

MOST = 10
"""Alerts of one address: more would be one that asks for everything."""
MORNING = time(7)
"""When daily and weekly messages are written, in the time zone of the portal; no clock ever skips that hour."""
LOOK_BACK = timedelta(hours=1)
"""A thing saved before an alert looked may have been there only after: so long is looked at again, what was told is known."""
CONFIRM_WITHIN = timedelta(days=3)
MANAGE_WITHIN = timedelta(days=60)
WAITING_KEPT = timedelta(days=7)
STOPPED_KEPT = timedelta(days=30)
ASK_AFTER = timedelta(days=180)
"""A search for a place rarely lasts longer; who found is spared a message a week for years."""
STOP_AFTER_ASKING = timedelta(days=30)
GIVEN_UP = 3
"""Messages in a row that no server took: the next would not arrive either."""
WORDS_KEPT = timedelta(days=90)


def periods(at):
    """For each rhythm, when the period under way began: an alert that has not looked since is due, once, however long nothing ran."""
    today = timezone.localtime(at).date()
    morning = _morning(today) if _morning(today) <= at else _morning(today - timedelta(days=1))
    day = timezone.localtime(morning).date()
    return {Rhythm.AT_ONCE: at, Rhythm.DAILY: morning, Rhythm.WEEKLY: _morning(day - timedelta(days=day.weekday()))}


def _morning(day):
    return timezone.make_aware(datetime.combine(day, MORNING))
