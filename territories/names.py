"""How a text that a person types answers to the names and codes of communes.

Pure functions over folded names (`core.search.fold`). There are 151 communes: comparing them here,
once read, costs a tenth of what the same rules cost PostgreSQL and Django's query compiler.
"""

from enum import IntEnum
from typing import NamedTuple

from core.search import fold, without_article

LONGEST_TEXT = 100
"""Characters read of what a person types; no name of commune comes near."""


class Match(IntEnum):
    """How a commune answers a text, best first. `NEAR` counts only when no commune answers better."""

    EXACT = 0
    PREFIX = 1
    WORDS = 2
    NEAR = 3


class Wanted(NamedTuple):
    """What a person typed: a folded name and a code (postal or INSEE, maybe only its beginning); either may be empty."""

    name: str
    code: str

    @classmethod
    def read(cls, text):
        """`84800 L’Isle-sur-la-Sorgue`, `Apt (84400)`, `84 400`, `Avignon cedex 9`..."""
        words = fold(text[:LONGEST_TEXT]).split()
        if "cedex" in words:
            words = words[: words.index("cedex")]
        digits = [word for word in words if word.isascii() and word.isdigit()]
        return cls(" ".join(word for word in words if word not in digits), "".join(digits))


class Place(NamedTuple):
    """The part of a commune that a text is compared with: its folded name and its codes."""

    name: str
    postal_codes: list
    insee: str


def best_answers(wanted, places):
    """Sorted `(match, errors, rank)` of the places that answer, `rank` being their position among `places`.

    `errors` counts mistyped letters, 0 unless the match is `NEAR`; `NEAR` answers are looked for
    only when there is no better one. Some INSEE codes are also postal codes: the postal code,
    which people know, wins.
    """
    if not any(wanted):
        return []
    found = [(match, 0, rank) for rank, place in enumerate(places) if (match := answer(wanted, place)) is not None]
    if not found:
        found = [(Match.NEAR, errors, rank) for rank, place in enumerate(places) if (errors := errors_of(wanted, place)) is not None]
    return sorted(found)


def answer(wanted, place):
    """The match of a place, from `EXACT` to `WORDS`, or None."""
    if not wanted.name:
        return answer_to_code(wanted.code, place.postal_codes)
    if wanted.code and answer_to_code(wanted.code, place.postal_codes) is None:
        return None
    return answer_to_name(wanted.name, place.name)


def errors_of(wanted, place):
    """Mistyped letters of a place that does not answer but may be meant, or None; a wrong postal code counts for nothing."""
    if not wanted.name:
        return 0 if wanted.code == place.insee else None
    return 0 if answer_to_name(wanted.name, place.name) is not None else mistyped_letters(wanted.name, place.name)


def answer_to_code(code, postal_codes):
    if code in postal_codes:
        return Match.EXACT
    return Match.PREFIX if any(postal_code.startswith(code) for postal_code in postal_codes) else None


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
