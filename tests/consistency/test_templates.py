"""Templates, style sheets and scripts: nothing unused, nothing inline, components used one way."""

import ast
import re
from html.parser import HTMLParser

import pytest
from django.apps import apps
from django.contrib.staticfiles import finders
from django.template import TemplateDoesNotExist, engines

from tests.consistency.source import (
    APPS,
    COMMENT,
    expect_none,
    files,
    line_of,
    markup,
    modules,
    name_of,
    strings,
    templates,
    text,
    tree,
)

READ_BY_DJANGO = {"400.html", "403.html", "403_csrf.html", "404.html", "500.html"}
DEFAULT_NAMES = ("list", "detail", "form", "confirm_delete")


# --- Nothing unused ------------------------------------------------------------------------------


def named_in(source):
    """Names of templates that a template extends or includes, or hands to a tag."""
    return set(re.findall(r"""["']([\w./-]+\.(?:html|txt|xml))["']""", COMMENT.sub("", source)))


def named_in_python(tree):
    return {value for _, value in strings(tree) if re.fullmatch(r"[\w./-]+\.(?:html|txt|xml)", value)}


def default_names():
    """The names that generic views look for."""
    labels = [model._meta for model in apps.get_models() if model._meta.app_label in APPS]
    return {f"{meta.app_label}/{meta.model_name}_{suffix}.html" for meta in labels for suffix in DEFAULT_NAMES}


def replaces_another(name, path):
    """Whether a template stands before one of the same name in a package, or before one of the admin for one app or model."""
    if re.fullmatch(r"admin/\w+/(\w+/)?\w+\.html", name):
        name = f"admin/{name.rsplit('/', 1)[1]}"
    for loader in engines["django"].engine.template_loaders:
        for origin in loader.get_template_sources(name):
            if origin.name != str(path) and "site-packages" in origin.name:
                try:
                    origin.loader.get_contents(origin)
                except TemplateDoesNotExist:
                    continue
                return True
    return False


def test_every_template_is_used():
    sources = {name: text(path) for name, path in templates().items()}
    used = READ_BY_DJANGO | default_names()
    for path in modules():
        used |= named_in_python(tree(path))
    for name, source in sources.items():
        used |= named_in(source) - {name}
    expect_none(name for name, path in templates().items() if name not in used and not replaces_another(name, path))


def test_names_of_templates_are_found():
    source = '{# include "c.html" #}{% extends "base.html" %}{% include "components/a.html" with x=1 only %}'
    assert named_in(source) == {"base.html", "components/a.html"}
    code = '"""See d.html"""\nrender(request, "home/a.html", {})\nx = "a b.html"'
    assert named_in_python(ast.parse(code)) == {"home/a.html"}


# --- Components ----------------------------------------------------------------------------------


def has_usage(source):
    """Whether a template starts with a comment; the tags that load libraries may come first."""
    return bool(usage(source))


def usage(source):
    """The comment on top of a component."""
    comment = COMMENT.match(re.sub(r"\A(?:\s|\{%\s*load\b[^%]*%\})*", "", source))
    return comment[0] if comment else ""


def reads_the_page(comment):
    """Whether the usage comment of a component says what it reads of the context of every page: "Reads `links`."."""
    return "Reads " in comment


def loose_inclusions(source, readers=()):
    """Components that are included with the whole context of the page, `readers` apart."""
    for tag in re.finditer(r"\{%-?\s*include\s+[\"'](components/[^\"']+)[\"'](.*?)%\}", COMMENT.sub("", source), re.DOTALL):
        if tag[1] not in readers and not re.search(r"\bonly\s*-?$", tag[2]):
            yield tag[1]


def test_every_component_starts_with_its_usage():
    expect_none(name for name, path in templates().items() if name.startswith("components/") and not has_usage(text(path)))


def test_components_are_included_with_only():
    """Unless their usage names what they read of the page."""
    sources = {name: text(path) for name, path in templates().items()}
    readers = {name for name, source in sources.items() if name.startswith("components/") and reads_the_page(usage(source))}
    expect_none(f"{name}: {component}" for name, source in sources.items() for component in loose_inclusions(source, readers))


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("{# Usage #}<p>", True),
        ("{% load static %}\n{# Usage #}<p>", True),
        ("{% comment %}Usage{% endcomment %}", True),
        ("<p>{# late #}", False),
    ],
)
def test_a_missing_usage_is_seen(source, found):
    assert has_usage(source) is found


def test_a_loose_inclusion_is_seen():
    assert list(loose_inclusions('{% include "components/chip.html" with label=x %}')) == ["components/chip.html"]
    assert list(loose_inclusions('{% include "components/chip.html" %}')) == ["components/chip.html"]
    assert not list(loose_inclusions('{% include "components/chip.html" %}', readers={"components/chip.html"}))
    assert not list(loose_inclusions('{% include "components/chip.html" with label=x only %}{% include "offers/_card.html" %}'))


# --- Style sheets and scripts --------------------------------------------------------------------


def imported_sheets(sheet):
    """The style sheets that a sheet imports, by their path from the root."""
    found = re.findall(r"""@import\s+(?:url\()?["']?([^"')\s;]+)""", re.sub(r"/\*.*?\*/", "", text(sheet), flags=re.DOTALL))
    return {name_of((sheet.parent / name).resolve()) for name in found}


def test_every_style_sheet_is_read():
    """Named by a template or a Python module, or imported by another sheet: a component's sheet that is not does nothing."""
    sheets = files(".css", under="static")
    imported = set().union(*(imported_sheets(sheet) for sheet in sheets))
    named = "\n".join(text(path) for path in [*templates().values(), *modules()])
    read = {name_of(path) for path in sheets if name_of(path).removeprefix("static/") in named}
    expect_none(name_of(path) for path in sheets if name_of(path) not in imported | read)


def test_every_script_is_read():
    """Named by a template or a Python module, or imported by another module."""
    scripts = files(".js", under="static")
    named = "\n".join(text(path) for path in [*templates().values(), *modules(), *scripts])
    expect_none(name_of(path) for path in scripts if path.name not in named)


STATIC = r"""\{%\s*static\s+["']([^"']+)["']"""


def test_static_files_named_in_templates_exist():
    named = {(name, target) for name, path in templates().items() for target in re.findall(STATIC, text(path))}
    expect_none(f"{name}: {target}" for name, target in sorted(named) if finders.find(target) is None)


# --- Nothing inline, no cookie -------------------------------------------------------------------


class Inline(HTMLParser):
    """Finds what the Content-Security-Policy forbids: scripts, styles and handlers written in the page."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        is_data = values.get("type", "").endswith("json")
        if tag == "style" or (tag == "script" and "src" not in values and not is_data):
            self.note(f"<{tag}>")
        for name, value in attributes:
            if name == "style" or name.startswith("on") or (value or "").strip().lower().startswith("javascript:"):
                self.note(f"<{tag} {name}>")

    def note(self, what):
        self.found.append(f"{self.getpos()[0]} {what}")


def inline(source):
    parser = Inline()
    parser.feed(markup(source))
    return parser.found


def test_nothing_is_inline():
    """Mail programs read style attributes and nothing else; a message is no page of the portal."""
    pages = {name: path for name, path in templates().items() if name.endswith(".html") and not name.startswith("mail/")}
    expect_none(f"{name}:{fault}" for name, path in pages.items() for fault in inline(text(path)))


@pytest.mark.parametrize(
    ("source", "faulty"),
    [
        ("<script>go()</script>", True),
        ('<script type="module" src="{% static "js/site.js" %}"></script>', False),
        ('<script type="application/ld+json">{{ data }}</script>', False),
        ("<style>p{}</style>", True),
        ('<p style="color:red">', True),
        ('<button onclick="go()">', True),
        ('<a href="javascript:go()">', True),
        ('<p data-style="a" class="one">', False),
        ('{# <p style="a"> #}', False),
    ],
)
def test_what_is_inline_is_seen(source, faulty):
    assert bool(inline(source)) is faulty


def is_public(name):
    """Whether visitors may get the template; the others are for staff, who have a session."""
    return not name.startswith(("admin/", "registration/", "accounts/"))


COOKIE_NAMES = r"csrf_token|messages|perms|request\.session|request\.user|user\.is_\w+"


def cookie_makers(source):
    """Tags and variables whose reading makes Django set or vary on a cookie."""
    for match in re.finditer(rf"\{{[{{%][^}}]*\b(?:{COOKIE_NAMES})\b", COMMENT.sub("", source)):
        yield match[0]


def test_public_templates_set_no_cookie():
    expect_none(f"{name}: {found}" for name, path in templates().items() if is_public(name) for found in cookie_makers(text(path)))


@pytest.mark.parametrize(
    ("source", "faulty"),
    [
        ("<form>{% csrf_token %}", True),
        ("{{ csrf_token }}", True),
        ("{% for message in messages %}", True),
        ("{% if user.is_staff %}", True),
        ("{% if request.user.is_staff %}", True),
        ("{# {% csrf_token %} #}", False),
        ("{{ offer.title }}", False),
    ],
)
def test_a_cookie_is_seen(source, faulty):
    assert bool(list(cookie_makers(source))) is faulty


# --- Links ---------------------------------------------------------------------------------------


LOADED = r"script|img|iframe|source|video|audio|link(?![^>]*canonical)"


def other_hosts(source):
    """Files of other hosts that a page would load by itself; links that a person follows are free."""
    for match in re.finditer(rf"""<(?:{LOADED})\b[^>]*?\b(?:src|srcset|href)=["']?(?:https?:)?//""", markup(source)):
        yield line_of(source, match.start())


def test_pages_load_nothing_from_another_host():
    expect_none(f"{name}:{line}" for name, path in templates().items() for line in other_hosts(text(path)))


def test_another_host_is_seen():
    assert list(other_hosts('\n<script src="https://cdn.example.org/a.js">')) == [2]
    assert list(other_hosts('<img alt="" src="//cdn.example.org/a.png">'))
    assert not list(other_hosts('<a href="https://www.example.org/">'))
    assert not list(other_hosts('<link rel="canonical" href="https://example.org/">'))
