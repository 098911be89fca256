"""Whether two names are of the same facility, as people write them."""

from core.search import fold

ABBREVIATIONS = {
    "msp": "maison sante pluridisciplinaire",
    "mdsp": "maison sante pluridisciplinaire",
    "cds": "centre sante",
    "ch": "centre hospitalier",
    "chi": "centre hospitalier intercommunal",
}
EMPTY_WORDS = frozenset({"de", "du", "des", "d", "la", "le", "les", "l", "et", "a", "au", "aux", "en"})
ALIKE = 0.6
"""Share of the words of the shorter name that the other must have."""


def resembles(typed, name, commune):
    """Whether a name that somebody typed may be that of a facility of the commune: most words of the shorter one are in the other."""
    ours, theirs = (_telling_words(text, commune) for text in (typed, name))
    return bool(ours and theirs) and len(ours & theirs) / min(len(ours), len(theirs)) >= ALIKE


def _telling_words(text, commune):
    words = {part for word in fold(text).split() for part in ABBREVIATIONS.get(word, word).split()}
    return words - EMPTY_WORDS - {*fold(commune).split()}
