"""What a PDF file says: its text, its links, its name, read from its streams with nothing but the standard library."""

import base64
import re
import zlib

STREAM = re.compile(rb"<<(?P<head>.*?)>>\s*stream\r?\n(?P<body>.*?)endstream", re.DOTALL)
SHOWN = re.compile(rb"\((?P<text>(?:\\.|[^\\()])*)\)\s*Tj|(?P<next>T\*|\bET\b)", re.DOTALL)
ESCAPED = re.compile(rb"\\([0-7]{3}|.)", re.DOTALL)


def streams(file):
    """The content of each stream of a file."""
    for match in STREAM.finditer(file):
        body = match["body"].strip()
        if b"ASCII85Decode" in match["head"]:
            body = base64.a85decode(body.removesuffix(b"~>"))
        yield zlib.decompress(body) if b"FlateDecode" in match["head"] else body


def text(file):
    """Everything that the pages of a file write, in their order."""
    parts = [" " if match["next"] else unescaped(match["text"]) for body in streams(file) for match in SHOWN.finditer(body)]
    return re.sub(" +", " ", "".join(parts))


def unescaped(raw):
    """The words of a string of a PDF file, in the encoding of its standard fonts."""
    return ESCAPED.sub(lambda found: bytes([int(found[1], 8)]) if found[1].isdigit() else found[1], raw).decode("cp1252")


def links(file):
    """Where the links of a file lead."""
    return [unescaped(raw) for raw in re.findall(rb"/URI\s*\(((?:\\.|[^\\()])*)\)", file)]


def pages(file):
    """How many pages a file has."""
    return len(re.findall(rb"/Type\s*/Page\b", file))
