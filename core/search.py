"""Reduce a name to what people type, so that two spellings of one name become the same text."""

import unicodedata

LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d"})
"""Letters that Unicode does not decompose into a base letter and an accent."""

SAINT = frozenset({"saint", "sainte", "saints", "saintes", "st", "ste", "sts", "stes"})
ARTICLES = frozenset({"le", "la", "les", "l"})


def fold(text):
    """Lower case, without accents, punctuation nor repeated spaces; every form of « saint » written `saint`.

    Anything that is neither a letter nor a digit separates words: hyphens, every kind of apostrophe,
    parentheses, control characters. « L’Isle-sur-la-Sorgue » gives `l isle sur la sorgue`, « Ste Cécile »
    gives `saint cecile`. Articles stay: see `without_article`. Folding twice changes nothing.
    """
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold()).translate(LIGATURES)
    kept = "".join(_letter(c) for c in text)
    return " ".join("saint" if word in SAINT else word for word in kept.split())


def _letter(character):
    category = unicodedata.category(character)
    if category.startswith("M"):
        return ""
    return character if character.isalnum() and category != "Lm" else " "  # Lm: letters in name only, ʼ among them


def without_article(folded):
    """A folded name without its leading article (`l isle` → `isle`); a lone article stays as it is."""
    first, _, rest = folded.partition(" ")
    return rest if rest and first in ARTICLES else folded
