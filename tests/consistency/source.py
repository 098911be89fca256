"""The files of the project, as the tests of conventions read them."""

import ast
import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

LAYERS = [
    {"core"},
    {"accounts"},
    {"territories"},
    {"opportunities", "housing", "aids", "agenda", "collective"},
    {"interns"},
    {"contacts"},
    {"accompaniment"},
    {"pages"},
    {"vsa_portal"},
]
"""The apps, lowest first: an app may use those of the layers under its own, and no other."""

APPS = set().union(*LAYERS)
NOT_OURS = {".git", ".venv", ".data", "staticfiles", "media", "vendor", "__pycache__", ".pytest_cache", ".ruff_cache"}
TEXT_SUFFIXES = {
    ".cfg", ".conf", ".css", ".html", ".in", ".ini", ".js", ".json", ".lock", ".md", ".py", ".service", ".sh", ".sql", ".svg", ".toml",
    ".txt", ".xml", ".yaml", ".yml", "",
}  # fmt: skip


def expect_none(faults):
    """Fail with the whole list of faults, one a line."""
    found = list(faults)
    assert not found, "\n".join(["", *found])


def layer(app):
    """The height of an app among the layers."""
    return next(height for height, apps in enumerate(LAYERS) if app in apps)


def name_of(path):
    """The path of a file from the root of the project, with slashes."""
    return path.relative_to(ROOT).as_posix()


def walk(folder):
    for path in sorted(folder.iterdir()):
        if path.name in NOT_OURS:
            continue
        if path.is_dir():
            yield from walk(path)
        else:
            yield path


@cache
def files(*suffixes, under=""):
    """Our files that end in one of these suffixes, third-party and generated ones left out."""
    folder = ROOT / under
    return [path for path in walk(folder) if path.suffix in suffixes] if folder.exists() else []


@cache
def text(path):
    return path.read_text(encoding="utf-8")


@cache
def tree(path):
    return ast.parse(text(path), filename=str(path))


def modules(*, tests=False, migrations=False):
    """Python modules of the apps; on demand also those of the tests, and the migrations."""
    for path in files(".py"):
        parts = path.relative_to(ROOT).parts
        if ("migrations" in parts and not migrations) or ("tests" in parts and not tests):
            continue
        yield path


def templates():
    """Our templates, by the name under which Django finds them."""
    return {path.relative_to(ROOT / "templates").as_posix(): path for path in files(".html", ".txt", ".xml", under="templates")}


def line_of(text, position):
    """The number of the line that holds a position in a text, the first is 1."""
    return text.count("\n", 0, position) + 1


def strings(tree):
    """String constants of a module with their lines; docstrings are left out, an f-string gives its fixed parts."""
    docstrings = {
        id(node.value)
        for parent in ast.walk(tree)
        for node in ast.iter_child_nodes(parent)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.lineno, node.value


COMMENT = re.compile(r"\{#.*?#\}|\{%\s*comment\b.*?%\}.*?\{%\s*endcomment\s*%\}", re.DOTALL)
TAG = re.compile(r"\{%.*?%\}", re.DOTALL)
VARIABLE = re.compile(r"\{\{.*?\}\}", re.DOTALL)
PLACEHOLDER = "\ufffc"
"""Stands for the value of a template variable."""


def markup(template):
    """The HTML of a template: comments and tags blanked, variables become `PLACEHOLDER`; lines stay where they are."""

    def blank(match, character=""):
        return character + "\n" * match[0].count("\n")

    template = COMMENT.sub(blank, template)
    template = TAG.sub(blank, template)
    return VARIABLE.sub(lambda match: blank(match, PLACEHOLDER), template)
