"""Up to four offers side by side: the same facts in the same order, and which of them differ, in words."""

from typing import NamedTuple

from contacts.enums import SelectedKind
from contacts.rules.selections import COMPARED

UNKNOWN = "non précisé"
FEWEST = 2


class Row(NamedTuple):
    """One fact for each offer, with the number and the town of each said again where columns do not fit."""

    label: str
    cells: list
    mark: str


def chosen(contents, keys):
    """The lines of offers that were asked by the keys of their items, four at most; the first ones when nothing was asked."""
    offers = contents.of(SelectedKind.OFFER)
    return ([line for line in offers if str(line.item.pk) in keys] or offers)[:COMPARED]


def rows(lines):
    """The table of these offers: every fact that one of them tells."""
    tables = [dict(line.shown.table) for line in lines]
    labels = list(dict.fromkeys(label for line in lines for label, _ in line.shown.table))
    return [row(label, lines, [table.get(label, UNKNOWN) for table in tables]) for label in in_order(labels, lines)]


def in_order(labels, lines):
    """Labels as the fullest table has them; what it lacks comes where the others tell it, before the next that it has."""
    fullest = [label for label, _ in max((line.shown.table for line in lines), key=len)]
    order = list(fullest)
    for label in labels:
        if label not in order:
            table = next(table for table in ([name for name, _ in line.shown.table] for line in lines) if label in table)
            after = next((name for name in table[table.index(label) + 1 :] if name in order), None)
            order.insert(order.index(after) if after else len(order), label)
    return order


def row(label, lines, texts):
    towns = [f"{number}. {line.shown.place.partition(',')[0]}" for number, line in enumerate(lines, start=1)]
    return Row(label, list(zip(towns, texts, strict=True)), mark(texts))


def mark(texts):
    """Whether what is known differs, in a word; nothing when only some of them say it, and say the same."""
    known = {text for text in texts if text != UNKNOWN}
    if len(known) > 1:
        return "diffère"
    return "" if UNKNOWN in texts else "identique"
