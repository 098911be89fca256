"""Dependencies go one way: between the apps, and between the files of one app."""

import ast
import re

from django.apps import apps
import pytest

from tests.consistency.source import APPS, ROOT, layer, modules, name_of, templates, text, tree

INSIDE = ["enums", "querysets", "models", "rules", "actions"]
"""Files of an app, lowest first; every other file comes after them and may use them all."""


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


def rank(module):
    """The height of a file within its app."""
    name = module.split(".")[1] if "." in module else ""
    return INSIDE.index(name) if name in INSIDE else len(INSIDE)


def wrong_order(tree, module):
    """Imports of a file of the same app that comes later in the list."""
    app = module.split(".")[0]
    own = rank(module)
    for line, name in imported_modules(tree, module):
        same_file = name.split(".")[:2] == module.split(".")[:2]
        if name.split(".")[0] == app and "." in name and not same_file and own < len(INSIDE) and rank(name) >= own:
            yield f"{module}:{line} imports {name}, which comes after it"


def app_modules(*, migrations=False):
    for path in modules(migrations=migrations):
        module = name_of(path).removesuffix(".py").replace("/", ".").removesuffix(".__init__")
        if module.split(".")[0] in APPS:
            yield path, module


def test_apps_use_only_the_apps_below():
    assert [fault for path, module in app_modules(migrations=True) for fault in wrong_arrows(tree(path), module)] == []


def test_files_of_an_app_use_only_the_files_above_in_the_list():
    assert [fault for path, module in app_modules() for fault in wrong_order(tree(path), module)] == []


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
    ],
)
def test_a_wrong_order_is_seen(module, code, faulty):
    assert bool(list(wrong_order(ast.parse(code), module))) is faulty


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
    assert faults == []


def wrong_inclusions(name, source):
    """Templates of another app, not below, that a template extends or includes."""
    app = name.split("/")[0]
    for other in re.findall(r"""\{%-?\s*(?:extends|include)\s+["']([^/"']+)/""", source):
        if app in APPS and other in APPS and other != app and layer(other) >= layer(app):
            yield f"{name} takes a template of {other}"


def test_templates_of_an_app_use_only_those_below():
    assert [fault for name, path in templates().items() for fault in wrong_inclusions(name, text(path))] == []


def test_a_wrong_inclusion_is_seen():
    assert list(wrong_inclusions("housing/dwelling_list.html", '{% include "opportunities/_card.html" only %}'))
    assert not list(wrong_inclusions("housing/dwelling_list.html", '{% include "components/card.html" only %}'))
    assert not list(wrong_inclusions("portal/home.html", '{% include "opportunities/_card.html" only %}'))


def test_every_app_has_its_layer():
    """An app that is installed and not drawn in the layers would escape every check above."""
    ours = {config.name for config in apps.get_app_configs() if str(config.path).startswith(str(ROOT)) and ".venv" not in str(config.path)}
    assert ours - APPS == set()
