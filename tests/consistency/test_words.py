"""Words that no file of the project holds, and names that no file has."""

import ast
import re

import pytest

from tests.consistency.source import TEXT_SUFFIXES, expect_none, files, line_of, modules, name_of, text, tree

FORBIDDEN = {
    "a path of one machine": r"(?<![\w.~-])/(?:" + "|".join(["work", "root", "home", "Users"]) + r")/[\w.]",
    "an index of packages of one machine": r"--(?:extra-)?index" + r"-url\b|--find" + r"-links\b|--trusted" + r"-host\b",
    "a task left for later": r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b",
    "a commit of somebody else": r"Co-authored" + r"-by",
}
PRINTERS = ("management/commands/", "scripts/", "bench/", "reference/", ".ci/", "docs/", "manage.py", "gunicorn.conf.py")
"""Where a program speaks to the terminal."""


def forbidden(source):
    """Forbidden words of a text, with their lines."""
    for what, pattern in FORBIDDEN.items():
        for match in re.finditer(pattern, source):
            yield f"{line_of(source, match.start())} {what}: {match[0]}"


def prints(tree):
    """Lines that call `print` without saying where to: an error told to `sys.stderr` is meant."""
    for node in ast.walk(tree):
        is_print = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
        if is_print and not any(keyword.arg == "file" for keyword in node.keywords):
            yield node.lineno


def test_no_file_holds_a_forbidden_word():
    expect_none(f"{name_of(path)}:{fault}" for path in files(*TEXT_SUFFIXES) for fault in forbidden(text(path)))


@pytest.mark.parametrize(
    ("source", "faulty"),
    [
        ("cd /" + "work/main", True),
        ('path = "/' + 'home/camille/portal"', True),
        ("https://example.org/" + "home/page", False),
        ('path("' + 'home/page/")', False),
        ("--extra-" + "index-url file:///packages", True),
        ("--no-emit-" + "index-url", False),
        ("# TO" + "DO: later", True),
        ("méthodo, TODOS", False),
    ],
)
def test_a_forbidden_word_is_seen(source, faulty):
    assert bool(list(forbidden(source))) is faulty


def test_only_commands_print():
    silent = [path for path in modules() if not any(place in name_of(path) for place in PRINTERS)]
    expect_none(f"{name_of(path)}:{line}" for path in silent for line in prints(tree(path)))


def test_a_print_is_seen():
    assert list(prints(ast.parse("def f():\n    print(1)"))) == [2]
    assert not list(prints(ast.parse("stdout.write('print(1)')")))
    assert not list(prints(ast.parse("print(error, file=sys.stderr)")))


DRAWERS = {"utils", "util", "helpers", "misc", "common"}


def is_drawer(name):
    """Whether the name of a file says nothing about what it holds."""
    return any(part.removesuffix(".py") in DRAWERS for part in name.split("/"))


def test_there_is_no_drawer_of_leftovers():
    expect_none(name_of(path) for path in modules(tests=True) if is_drawer(name_of(path)))


@pytest.mark.parametrize(("name", "drawer"), [("core/utils.py", True), ("core/utils/dates.py", True), ("core/french.py", False)])
def test_a_drawer_is_seen(name, drawer):
    assert is_drawer(name) is drawer
