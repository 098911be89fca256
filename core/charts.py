"""Small charts that the server draws: geometry and words, no HTML. Written by `templates/components/chart.html`.

Lengths are percentages of the width, so that a chart fits a phone while its words keep their size. A
value that a source does not publish is a row like the others, drawn empty and said in words.
"""

from typing import NamedTuple

from core.french import NBSP, number, percent

UNKNOWN = "non publié"
ROW_HEIGHT = 46
"""Pixels from one row to the next: the words, then the bar under them."""
LONGEST_LABEL = 34
"""Letters of a label that stand beside its value on a phone; the table and the description have it whole."""
TONES = ("action", "ochre", "olive", "sorgue", "ink")
"""Colours of parts, in turn; each part also has its place and its words."""


class Row(NamedTuple):
    """One thing measured: `value` is None when it is not known, `text` says it for a reader (made from the value when empty)."""

    label: str
    value: float | None
    text: str = ""
    is_subject: bool = False


class Bar(NamedTuple):
    """A row as it is drawn: `width` and `end` in per cent of the chart, `top` in pixels."""

    label: str
    short: str
    text: str
    width: str
    top: int
    bar_top: int
    is_known: bool
    is_subject: bool


class Chart(NamedTuple):
    """What the component writes. `key` makes its identifiers; `columns` are the headings of its table."""

    key: str
    title: str
    columns: tuple
    bars: tuple
    height: int
    summary: str
    note: str = ""


class Part(NamedTuple):
    """A share of a whole, drawn from `start` over `width`, in per cent."""

    label: str
    text: str
    share: str
    start: str
    width: str
    tone: str


class Shares(NamedTuple):
    """One bar divided in parts, with the list of what each is."""

    key: str
    title: str
    columns: tuple
    parts: tuple
    summary: str
    note: str = ""


def bars(rows, *, key, title, columns, note=""):
    """Horizontal bars on one scale that starts at zero; None when nothing is known at all."""
    known = [row.value for row in rows if row.value is not None]
    if not known:
        return None
    longest = max(known) or 1
    drawn = tuple(
        Bar(
            row.label,
            shortened(row.label),
            words(row),
            _percent(0 if row.value is None else 100 * max(row.value, 0) / longest),
            rank * ROW_HEIGHT + 15,
            rank * ROW_HEIGHT + 22,
            row.value is not None,
            row.is_subject,
        )
        for rank, row in enumerate(rows)
    )
    return Chart(key, title, columns, drawn, len(drawn) * ROW_HEIGHT - 8, _sentence(drawn), note)


def shares(rows, *, key, title, columns, note=""):
    """Parts of a whole in one bar, in the order given; None without a part above zero. Unknown values have no place in a whole."""
    rows = [row for row in rows if row.value]
    whole = sum(row.value for row in rows)
    if not whole:
        return None
    parts, start = [], 0.0
    for rank, row in enumerate(rows):
        width = 100 * row.value / whole
        tone = TONES[rank % len(TONES)]
        parts.append(Part(row.label, words(row), percent(round(width)), _percent(start), _percent(width), tone))
        start += width
    summary = ", ".join(f"{part.label}{NBSP}: {part.text} ({part.share})" for part in parts)
    return Shares(key, title, columns, tuple(parts), f"{summary}.", note)


def shortened(label):
    """A label that fits its line: cut at a word, with an ellipsis."""
    if len(label) <= LONGEST_LABEL:
        return label
    return label[:LONGEST_LABEL].rsplit(" ", 1)[0].rstrip(" ,–-") + "…"


def words(row):
    """What a reader is told of a row."""
    if row.value is None:
        return row.text or UNKNOWN
    return row.text or number(row.value)


def _sentence(drawn):
    return ", ".join(f"{bar.label}{NBSP}: {bar.text}" for bar in drawn) + "."


def _percent(value):
    """A length for an attribute of SVG, whatever the language of the page."""
    return f"{value:.2f}%"
