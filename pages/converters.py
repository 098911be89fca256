"""Shapes of the addresses of pages."""


class PagePath:
    """The words of the address of a page, one a level of the tree."""

    regex = r"[a-z0-9-]+(?:/[a-z0-9-]+){0,7}"

    def to_python(self, value):
        return value

    def to_url(self, value):
        return value
