"""Structured data (schema.org) that pages hand to search engines."""

import json


def breadcrumb(crumbs, origin):
    """The BreadcrumbList of a page from `(name, path)` pairs, the first page first; `origin` begins the addresses."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": rank, "name": name, "item": origin + path} for rank, (name, path) in enumerate(crumbs, 1)
        ],
    }


def script_text(graph):
    """A list of things as JSON-LD text that is safe inside a script element."""
    text = json.dumps({"@context": "https://schema.org", "@graph": graph}, ensure_ascii=False)
    return text.translate({ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"})
