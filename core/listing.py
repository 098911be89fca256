"""Addresses of a list that people filter: the same search with one thing more, or less."""

from django.utils.http import urlencode


def in_one_way(asked, data, *, without=(), unclear=()):
    """Cleaned filters as `(name, value)` pairs, the same for all the ways to write one search.

    What means nothing and the names in `without` and `unclear` are left out; a window of the map stays as `data`, the parameters, have it.
    """
    pairs = []
    for name in sorted(asked.keys() - {*without}):
        value = asked[name]
        if isinstance(value, list):
            pairs += [(name, code) for code in sorted(value)]
        elif value and name not in unclear:
            pairs.append((name, data[name] if name == "zone" else "1" if value is True else str(value)))
    return pairs


class Listing:
    """A list whose state is its address. A subclass has `data` (GET parameters), `PARAMETERS` (those that count) and `window`."""

    PARAMETERS = frozenset()

    def query(self, without=(), **changes):
        """The parameters of this search as a query string, some left out or changed; never the page."""
        pairs = [(name, value) for name, value in self.pairs() if name not in without and name not in changes]
        pairs += [(name, value) for name, value in changes.items() if value]
        return f"?{urlencode(pairs)}" if pairs else ""

    def query_without_code(self, name, code):
        """The same search without one code of a parameter that may be said several times."""
        pairs = [pair for pair in self.pairs() if pair != (name, code)]
        return f"?{urlencode(pairs)}" if pairs else ""

    def pairs(self):
        """The parameters that were filled in, as (name, value)."""
        return [(name, value) for name, values in self.data.lists() if name in self.PARAMETERS for value in values if value]

    def pages(self, url):
        """Links to the pages of the list for `components/pages.html`, or None when it has a single one."""
        window = self.window
        if window.count == 1:
            return None
        address = lambda number: url + self.query(page=number if number > 1 else None)  # noqa: E731
        return {
            "links": [
                {"number": number, "url": address(number), "current": number == window.number} if number else None
                for number in window.numbers
            ],
            "previous": address(window.number - 1) if window.number > 1 else None,
            "next": address(window.number + 1) if window.number < window.count else None,
        }
