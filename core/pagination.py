"""Pages of a list that may be very long: the count stops at a ceiling, a wrong page number is forgiven."""

from math import ceil

COUNT_CEILING = 1000
"""Beyond it the reader is told "plus de 1 000": nobody pages further, and counting costs time."""


class Window:
    """One page of `total` rows: which one, where it starts, the numbers worth a link.

    `requested` is the text of the GET parameter. A page that does not exist gives the nearest one
    and a French `notice`.
    """

    def __init__(self, requested, total, size=20):
        self.size = size
        self.count = max(1, ceil(min(total, COUNT_CEILING) / size))
        self.notice = ""
        try:
            number = int(requested or 1)
        except ValueError:
            number, self.notice = 1, "Ce numéro de page n’est pas un nombre\u00a0: voici la première page."
        if number > self.count:
            self.notice = "Cette page n’existe pas\u00a0: voici la dernière."
        elif number < 1:
            self.notice = "Cette page n’existe pas\u00a0: voici la première."
        self.number = min(max(number, 1), self.count)

    @property
    def rows(self):
        """The slice of the queryset that this page shows."""
        return slice((self.number - 1) * self.size, self.number * self.size)

    @property
    def numbers(self):
        """First, last, and those around the current page; None stands for a gap."""
        wanted = sorted({1, self.count, *range(max(1, self.number - 1), min(self.count, self.number + 1) + 1)})
        numbers = []
        for number in wanted:
            if numbers and number - numbers[-1] > 1:
                numbers.append(None)
            numbers.append(number)
        return numbers
