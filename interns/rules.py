"""What is looked at in the words of a former intern, and how long they are kept. Pure functions."""

import re
from datetime import timedelta

from core.guard import suspicion

CONFIRM_WITHIN = timedelta(days=7)
"""A description that nobody confirms is erased after it."""
ADDRESS_KEPT = timedelta(days=90)
"""How long the address of an author is kept once the team has decided; so is a text that was refused (docs/registre.md)."""
PAST_YEARS = 6
"""Internships described are of the last six years: places change."""

NAMED = re.compile(
    r"\b(?i:dre?s?|prs?)\b\.?\s+\w"
    r"|\b(?i:docteure?|professeure?)\s+[A-ZÀ-Ý](?!(?i:unior))"
    r"|\b(?:MM?\.|(?i:mme|mlle|monsieur|madame))\s+[A-ZÀ-Ý]"
)
"""A title before a name: « Dr Martin », « le docteur Martin », « Mme Martin »; not « docteur junior »."""
SCORE = re.compile(r"[★☆⭐]|\b\d{1,2}(?:[.,]\d)?\s*/\s*(?:5|10|20)\b")


def flags(text):
    """What the team looks at first in a description, in French; empty when nothing strikes. Nothing is refused on these grounds."""
    found = []
    if NAMED.search(text):
        found.append("nomme peut-être un médecin")
    if SCORE.search(text):
        found.append("donne une note")
    return ", ".join([*found, *suspicion(text)])[:300]
