"""Dependencies go one way: between the apps, and between the files of one app."""

import ast
import re

import pytest
from django.apps import apps

from tests.consistency.source import APPS, ROOT, expect_none, layer, modules, name_of, templates, text, tree

INSIDE = ["enums", "querysets", "models", "rules", "actions"]
"""Files of an app, lowest first; every other file comes after them and may use them all."""

AFTER = ["filters", "forms", "views", "urls", "admin", "tasks", "feeds", "importers", "emails", "apps", "management", "migrations"]
"""Files that always come after them."""


def imported_modules(tree, module):
    """Absolute names that a parsed module imports, also inside functions; `from a import b` gives `a.b`."""
    package = module.split(".")[:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            start = ".".join([*base, *([node.module] if node.module else [])])
            yield from ((node.lineno, f"{start}.{alias.name}") for alias in node.names)


def wrong_arrows(tree, module):
    """Imports of another app that is not in a lower layer."""
    app = module.split(".")[0]
    for line, name in imported_modules(tree, module):
        other = name.split(".")[0]
        if other in APPS and other != app and layer(other) >= layer(app):
            yield f"{module}:{line} imports {name}: {other} is not below {app}"


def own_imports(tree, module):
    """Other files of the same app that a file imports, by their names."""
    app, own = module.split(".")[0], module.split(".")[1:2]
    for line, name in imported_modules(tree, module):
        parts = name.split(".")
        if parts[0] == app and len(parts) > 1 and parts[1:2] != own:
            yield line, name


def rank(name, leaves=frozenset()):
    """The height within its app of `app.file.word`; `leaves` are helpers that use no other file of the app."""
    file = name.split(".")[1]
    if file in INSIDE:
        return INSIDE.index(file)
    return 0 if file in leaves else len(INSIDE)


def wrong_order(tree, module, leaves=frozenset()):
    """Imports of a file of the same app that comes later in the list."""
    if "." in module and rank(module, leaves) < len(INSIDE):
        for line, name in own_imports(tree, module):
            if name.split(".")[1] not in leaves and rank(name) >= rank(module, leaves):
                yield f"{module}:{line} imports {name}, which comes after it"


def helpers(app):
    """Files of an app that are in no list and use no other file of it, such as `territories/names.py`: any file may use them."""
    named = {*INSIDE, *AFTER}
    own = [(path, module) for path, module in app_modules() if module.startswith(f"{app}.")]
    users = {module.split(".")[1] for path, module in own if any(own_imports(tree(path), module))}
    return frozenset({module.split(".")[1] for _, module in own} - users - named)


def app_modules(*, migrations=False):
    for path in modules(migrations=migrations):
        module = name_of(path).removesuffix(".py").replace("/", ".").removesuffix(".__init__")
        if module.split(".")[0] in APPS:
            yield path, module


def test_apps_use_only_the_apps_below():
    expect_none(fault for path, module in app_modules(migrations=True) for fault in wrong_arrows(tree(path), module))


def test_files_of_an_app_use_only_the_files_above_in_the_list():
    leaves = {app: helpers(app) for app in APPS}
    expect_none(fault for path, module in app_modules() for fault in wrong_order(tree(path), module, leaves[module.split(".")[0]]))


@pytest.mark.parametrize(
    ("module", "code", "faulty"),
    [
        ("opportunities.views", "from territories.models import Commune", False),
        ("opportunities.views", "from housing.models import Dwelling", True),
        ("opportunities.views", "def later():\n    import interns.models", True),
        ("opportunities.views", "from django.db import models", False),
        ("territories.models", "from vsa_portal import settings", True),
        ("core.admin", "from accounts import models", True),
        ("vsa_portal.urls", "from interns import urls", False),
    ],
)
def test_a_wrong_arrow_is_seen(module, code, faulty):
    assert bool(list(wrong_arrows(ast.parse(code), module))) is faulty


@pytest.mark.parametrize(
    ("module", "code", "faulty"),
    [
        ("housing.models", "from housing.querysets import DwellingQuerySet", False),
        ("housing.querysets", "from housing.models import Dwelling", True),
        ("housing.querysets", "from housing import models", True),
        ("housing.querysets", "from .models import Dwelling", True),
        ("housing.rules", "from housing.actions import publish", True),
        ("housing.actions", "from housing.emails import told", True),
        ("housing.admin", "from housing.actions import publish", False),
        ("housing.admin", "from housing.forms import DwellingForm", False),
        ("housing.models.room", "from housing.models.base import Base", False),
        ("housing.querysets", "from housing.names import fold", False),
        ("housing.querysets", "from housing.search import Search", True),
    ],
)
def test_a_wrong_order_is_seen(module, code, faulty):
    assert bool(list(wrong_order(ast.parse(code), module, leaves={"names"}))) is faulty


def test_relations_of_models_point_down():
    """`ForeignKey("app.Model")` is an arrow too, that no import shows."""
    faults = [
        f"{model._meta.label}.{field.name} points to {field.related_model._meta.label}"
        for model in apps.get_models()
        if model._meta.app_label in APPS
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created and field.related_model
        and field.related_model._meta.app_label in APPS - {model._meta.app_label}
        and layer(field.related_model._meta.app_label) >= layer(model._meta.app_label)
    ]  # fmt: skip
    expect_none(faults)


def wrong_inclusions(name, source):
    """Templates of another app, not below, that a template extends or includes."""
    app = name.split("/")[0]
    for other in re.findall(r"""\{%-?\s*(?:extends|include)\s+["']([^/"']+)/""", source):
        if app in APPS and other in APPS and other != app and layer(other) >= layer(app):
            yield f"{name} takes a template of {other}"


def test_templates_of_an_app_use_only_those_below():
    expect_none(fault for name, path in templates().items() for fault in wrong_inclusions(name, text(path)))


def test_a_wrong_inclusion_is_seen():
    assert list(wrong_inclusions("housing/dwelling_list.html", '{% include "opportunities/_card.html" only %}'))
    assert not list(wrong_inclusions("housing/dwelling_list.html", '{% include "components/card.html" only %}'))
    assert not list(wrong_inclusions("portal/home.html", '{% include "opportunities/_card.html" only %}'))


def test_every_app_has_its_layer():
    """An app that is installed and not drawn in the layers would escape every check above."""
    ours = {config.name for config in apps.get_app_configs() if str(config.path).startswith(str(ROOT)) and ".venv" not in str(config.path)}
    assert ours - APPS == set()
