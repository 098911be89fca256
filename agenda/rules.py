"""How long things of the agenda last. Pure values and functions."""

from datetime import timedelta

CONTACT_KEPT = timedelta(days=365)
"""How long the address of an organiser is kept after the event (docs/registre.md)."""
REGISTER_SOON = timedelta(days=7)
"""How long before the last day to register staff are told."""

TOLD_TO_CALENDARS = (
    *("title", "first_day", "last_day", "start_time", "end_time", "state"),
    *("commune_id", "venue", "address", "is_online", "online_url"),
)
"""What people have written in their diaries: when one of these changes, diaries replace what they hold."""


def changed_for_calendars(before, after):
    """Whether a diary that holds the event as it was before would be wrong."""
    return any(getattr(before, name) != getattr(after, name) for name in TOLD_TO_CALENDARS)
