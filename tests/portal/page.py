"""A page as a visitor reads it: its text, its links, its headings."""

from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class Page(HTMLParser):
    """The answer to a GET; `text` has its white space folded, `links` are (address, text or label) in the order of the page."""

    def __init__(self, response):
        super().__init__()
        self.response = response
        self.status = response.status_code
        self.html = response.content.decode()
        self.words, self.links, self.headings, self.elements, self.attributes = [], [], [], [], []
        self.feed(self.html)

    def handle_starttag(self, tag, attrs):
        self.attributes.append((tag, dict(attrs)))
        if tag not in VOID:
            self.elements.append((tag, dict(attrs), len(self.words)))

    def handle_data(self, data):
        self.words += data.split()

    def handle_endtag(self, tag):
        while self.elements:
            name, attrs, start = self.elements.pop()
            text = " ".join(self.words[start:])
            if name == "a" and "href" in attrs:
                self.links.append((attrs["href"], text or attrs.get("aria-label", "")))
            elif name in {"h1", "h2", "h3"}:
                self.headings.append((name, text))
            if name == tag:
                return

    @property
    def text(self):
        return " ".join(self.words)

    def address_of(self, text):
        """Where the first link with this text leads."""
        return next(address for address, words in self.links if words == text)

    def meta(self, name):
        """Content of the `meta` element with this name or property, or None."""
        for tag, attrs in self.attributes:
            if tag == "meta" and name in (attrs.get("name"), attrs.get("property")):
                return attrs["content"]
        return None
