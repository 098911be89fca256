"""Names as people type them: reduced so that two spellings of one name meet, compared, mistyped.

Pure functions, for lists of some hundred names: comparing them here, once read, costs a tenth of
what the same rules cost PostgreSQL and the compiler of queries.
"""

import unicodedata
from enum import IntEnum

LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d"})
"""Letters that Unicode does not decompose into a base letter and an accent."""

SAINT = frozenset({"saint", "sainte", "saints", "saintes", "st", "ste", "sts", "stes"})
ARTICLES = frozenset({"le", "la", "les", "l"})


class Match(IntEnum):
    """How a name answers what is typed, best first. `NEAR` (mistyped) counts only when nothing answers better."""

    EXACT = 0
    PREFIX = 1
    WORDS = 2
    NEAR = 3


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


def answer_to_name(wanted, name):
    """The match of two folded names, or None: leading articles are optional, spaces too (« lisle », « lethor »)."""
    joined, bare, bare_joined = wanted.replace(" ", ""), without_article(wanted), without_article(name).replace(" ", "")
    if bare.replace(" ", "") == bare_joined or joined == name.replace(" ", ""):
        return Match.EXACT
    if bare_joined.startswith(joined) or name.replace(" ", "").startswith(joined):
        return Match.PREFIX
    words = name.split()
    if all(any(word.startswith(beginning) for word in words) for beginning in bare.split()):
        return Match.WORDS
    return None


def mistyped_letters(wanted, name):
    """Errors in `wanted` taken for the beginning of `name` or of one of its words, or None when there are too many.

    One error is allowed from four letters, two from six, three from twelve.
    """
    allowed = (len(wanted) >= 4) + (len(wanted) >= 6) + (len(wanted) >= 12)
    if not allowed:
        return None
    wanted = without_article(wanted)
    words = without_article(name).split()
    beginnings = (" ".join(words[rank:])[: len(wanted) + allowed] for rank in range(len(words)))
    found = [errors for beginning in beginnings if (errors := errors_to_beginning(wanted, beginning, allowed)) is not None]
    return min(found, default=None)


def errors_to_beginning(wanted, name, allowed):
    """Least number of letters added, left out, changed or swapped (neighbours) between `wanted` and a beginning of `name`.

    None above `allowed`. Optimal string alignment, row by row, given up as soon as a row exceeds.
    """
    before, row = [], list(range(len(name) + 1))
    for i, letter in enumerate(wanted, start=1):
        previous, row = row, [i]
        for j, other in enumerate(name, start=1):
            errors = min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == name[j - 2] and wanted[i - 2] == other:
                errors = min(errors, before[j - 2] + 1)
            row.append(errors)
        if min(row) > allowed and min(previous) > allowed:
            return None
        before = previous
    return min(row) if min(row) <= allowed else None
