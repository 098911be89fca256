"""Rules of whatever is announced: how long, when somebody is asked, what is read again. Pure functions."""

import re
from datetime import datetime, time, timedelta
from typing import NamedTuple

from django.utils import timezone

from core.enums import State
from core.french import NBSP

PUBLICATION_DAYS = 90
"""How long something without an end of its own stays published before somebody must say that it still holds."""
LONGEST_PUBLICATION_DAYS = 366
"""Beyond a year an expiry is a typing mistake, or something that nobody looks after."""

CONFIRM_AFTER_DAYS = 30
"""After so long without a word of the publisher we ask whether it still holds, and readers see that it is old."""
REMIND_AFTER_DAYS = 40
RETIRE_AFTER_DAYS = 45
"""What nobody answered about leaves the lists (les-emplois found that older ones are dead)."""
ASKED_BEFORE_DAYS = 14
"""Nothing leaves without its publisher having been asked so long before, whatever kept our mail from leaving."""

UNCONFIRMED_DAYS = 7
"""A draft whose address nobody confirmed is erased after so long; it reached nobody."""
ABANDONED_DAYS = 90
"""So is one that was confirmed, never published, and not touched for so long."""
DRAFT_TOLD_DAYS = 2
"""So long before a draft is erased its publisher is told, once."""
CONTACT_KEPT_DAYS = 365
"""How long a contact stays after the end of what it announced (docs/registre.md)."""
DECIDED_KEPT_DAYS = 90
"""How long a change that was proposed stays after the team has answered."""
CONTACT = ("contact_name", "contact_phone")
"""Of the team alone: no reader sees them, so they never wait."""


class Problem(NamedTuple):
    """Why something cannot be published: the field to correct and what to do, in French."""

    field: str
    message: str


def is_empty(value):
    """A fact nobody gave; zero is an answer, an unticked box is not."""
    return value is None or value is False or value in ("", [])


def end_of_day(day):
    """The last moment of a day in Vaucluse, so that what is "valable jusqu’au 3 mai" is shown on 3 May."""
    return timezone.make_aware(datetime.combine(day, time.max))


def default_expiry(at):
    """When something published or extended at that moment ends by itself: with a day."""
    return end_of_day(timezone.localdate(at) + timedelta(days=PUBLICATION_DAYS))


def latest_expiry(at):
    """The last moment until which something may be published at that moment."""
    return end_of_day(timezone.localdate(at) + timedelta(days=LONGEST_PUBLICATION_DAYS))


def wrong_expiry(row, at, noun):
    """What is wrong with an expiry that somebody chose."""
    if row.expires_at and row.expires_at <= at:
        return [Problem("expires_at", "La date d’expiration est passée. Choisissez une date à venir, ou laissez vide.")]
    if row.expires_at and row.expires_at > latest_expiry(at):
        return [Problem("expires_at", f"Une {noun} se publie pour un an au plus, puis se prolonge. Choisissez une date plus proche.")]
    return []


def draft_kept_until(row):
    """Until when the draft of a publisher is kept; None for what is no such draft."""
    if row.state != State.DRAFT or not row.by_publisher or row.published_at is not None:
        return None
    abandoned = row.updated_at + timedelta(days=ABANDONED_DAYS)
    return abandoned if row.contact_confirmed_at else min(abandoned, row.created_at + timedelta(days=UNCONFIRMED_DAYS))


def answer_due(submitted_at):
    """Until when the team has promised an answer: the end of the next working day, Monday to Friday; public holidays are not known."""
    day = timezone.localdate(submitted_at) + timedelta(days=1)
    while day.weekday() > 4:
        day += timedelta(days=1)
    return end_of_day(day)


def changed_for_readers(before, values):
    """Names of `values` (by column) that differ from `before` and that readers see."""
    return {name for name, value in values.items() if getattr(before, name) != value and name not in CONTACT}


def doubtful(before, values, names, wording_of):
    """Those of these texts that hold an expression to look at again which was not there before."""
    return {name for name in names if wording_of(values[name]) and wording_of(values[name]) != wording_of(getattr(before, name))}


# --- Wording -----------------------------------------------------------------------------------

REACHES_SOMEBODY = (
    (r"(?<!\d)(?:\+33\s?|0)[1-9](?:[\s.-]?\d{2}){4}(?!\d)", "Ce numéro serait lu par tous\u00a0: le contact de l’annonceur reste privé."),
    (r"[\w.+-]+@[\w-]+\.[\w.-]+", "Cette adresse serait lue par tous\u00a0: le contact de l’annonceur reste privé."),
    (r"https?://\S+|\bwww\.\S+", "Un lien mène les lecteurs ailleurs\u00a0: est-il utile, et sûr\u00a0?"),
)
"""Expressions that a reader of the team must look at again, whatever is announced."""


def found_wordings(text, wordings):
    """The expressions of one text to look at again, each with why."""
    text = text.replace(NBSP, " ").replace("\u202f", " ")
    found = ((re.search(pattern, text, re.IGNORECASE), why) for pattern, why in wordings)
    return [f"À relire{NBSP}: «{NBSP}{match.group(0).strip()}{NBSP}». {why}" for match, why in found if match]


def without_codes(warnings):
    """The same warnings in the words of who writes: without the codes of our rules."""
    return [re.sub(r"\s\([A-Z]{3}-\d+\)", "", warning) for warning in warnings]


def is_told(verb, row):
    """Whether the reason of this verb of staff is sent to the contact of the row: a draft goes back to a publisher who wrote it."""
    return bool(row.contact_email) and (verb != "send_back" or row.by_publisher)
