"""What may be done to a dwelling and to its calendar. Each verb is one transaction on the stored row, which it locks."""

from housing.actions.calendar import change_places, close, offer, reopen, stop_offering
from housing.actions.place import refresh_place
from housing.actions.stays import (
    StayRefused,
    cancel_stay,
    confirm_stay,
    erase_stays,
    first_waiting,
    horizon,
    list_stay,
    note_stay,
    prolong_stay,
    promote_all,
    refuse_stay,
    request_stay,
    tell_of_stays,
    waiting_for,
)

__all__ = [
    "StayRefused",
    "cancel_stay",
    "change_places",
    "close",
    "confirm_stay",
    "erase_stays",
    "first_waiting",
    "horizon",
    "list_stay",
    "note_stay",
    "offer",
    "prolong_stay",
    "promote_all",
    "refresh_place",
    "refuse_stay",
    "reopen",
    "request_stay",
    "stop_offering",
    "tell_of_stays",
    "waiting_for",
]
