"""Rules, words and verbs say what they do; models, addresses, screens and migrations are complete."""

import ast
import re
from importlib import import_module
from io import StringIO

import pytest
from django.apps import apps
from django.contrib import admin
from django.core.management import CommandError, call_command
from django.db import models
from django.urls import get_resolver, resolve, reverse
from django.urls.resolvers import URLPattern, URLResolver
from django_filters import CharFilter, FilterSet

from tests.accounts.factories import SuperuserFactory
from tests.consistency.source import APPS, expect_none, modules, name_of, text, tree

EXPLAINED = {"querysets", "rules", "actions"}
"""Files whose docstrings are the rules of the portal."""


# --- Docstrings ----------------------------------------------------------------------------------


def unexplained(tree):
    """Public functions and classes without a docstring; a class of the model layer's own need none."""
    for node in ast.walk(tree):
        for child in ast.iter_child_nodes(node):
            is_public = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef) and not child.name.startswith("_")
            inside_function = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            if is_public and not inside_function and not ast.get_docstring(child):
                yield f"{child.lineno} {child.name}"


def test_rules_words_and_verbs_are_explained():
    explained = [path for path in modules() if path.stem in EXPLAINED or path.parent.name in EXPLAINED]
    expect_none(f"{name_of(path)}:{fault}" for path in explained for fault in unexplained(tree(path)))


def test_every_module_of_rules_has_a_docstring():
    explained = [path for path in modules() if path.stem in EXPLAINED]
    expect_none(name_of(path) for path in explained if not ast.get_docstring(tree(path)))


@pytest.mark.parametrize(
    ("code", "faulty"),
    [
        ('def may(user):\n    """Whether."""', False),
        ("def may(user):\n    return True", True),
        ("class Words:\n    def open(self):\n        return 1", True),
        ("def _lock():\n    pass", False),
        ('def outer():\n    """What."""\n    def inner():\n        pass', False),
    ],
)
def test_a_missing_docstring_is_seen(code, faulty):
    assert bool(list(unexplained(ast.parse(code)))) is faulty


# --- Models --------------------------------------------------------------------------------------

SAME_IN_FRENCH = {
    "code",
    "commune",
    "date",
    "description",
    "image",
    "latitude",
    "longitude",
    "mission",
    "page",
    "places",
    "population",
    "position",
    "profession",
    "public",
    "question",
    "rubrique",
    "service",
    "source",
    "sources",
    "zone",
}
"""Names of fields that are also their French label."""


def own_models():
    return [model for model in apps.get_models() if model._meta.app_label in APPS and not hasattr(model, "history_id")]


def is_parent(field):
    """Whether a field leads to the record that this one is a part of; staff see the part inside it."""
    return field.many_to_one and field.remote_field.on_delete is models.CASCADE


def nameless(model):
    """What a model lacks to be shown to staff in French."""
    meta = model._meta
    if "verbose_name" not in meta.original_attrs:
        yield f"{meta.label}: no verbose_name"
    elif " " in str(meta.verbose_name) and "verbose_name_plural" not in meta.original_attrs:
        yield f"{meta.label}: « {meta.verbose_name}s » is its plural"
    if model.__str__ is models.Model.__str__:
        yield f"{meta.label}: no __str__"
    for field in meta.local_fields:
        english = field.name.replace("_", " ")
        is_part_of_another = field.many_to_one and field.remote_field.on_delete is models.CASCADE
        if (
            field.editable
            and not field.primary_key
            and not is_part_of_another
            and field.verbose_name == english
            and english not in SAME_IN_FRENCH
        ):
            yield f"{field}: no label"


def test_models_are_named_in_french():
    expect_none(fault for model in own_models() for fault in nameless(model))


def test_a_nameless_model_is_seen():
    class Sample(models.Model):
        living_area = models.IntegerField()

        class Meta:
            app_label = "core"
            managed = False

    try:
        assert [fault.rpartition(": ")[2] for fault in nameless(Sample)] == ["no verbose_name", "no __str__", "no label"]
    finally:
        del apps.all_models["core"]["sample"]
        apps.clear_cache()


def messages_of(model):
    """Messages of the constraints and validators of a model, with what Django fills in."""
    for constraint in model._meta.constraints:
        yield constraint.violation_error_message, {"name": constraint.name}
    for field in model._meta.local_fields:
        for validator in field._validators:
            yield getattr(validator, "message", ""), {"limit_value": 1, "show_value": 2, "value": 2}


def unwritable(message, values):
    """Why a message would fail when shown: a lone % sign must be doubled, because Django fills its messages in with %."""
    try:
        str(message) % values
    except (ValueError, KeyError, TypeError) as error:
        yield f"{message!r}: {error}"


def test_messages_can_be_shown():
    expect_none(fault for model in own_models() for message, values in messages_of(model) for fault in unwritable(message, values))


def test_a_message_that_cannot_be_shown_is_seen():
    assert list(unwritable("De 0 à 100 %.", {"limit_value": 1}))
    assert not list(unwritable("De 0 à 100 %%, au moins %(limit_value)s.", {"limit_value": 1}))


@pytest.mark.django_db
def test_migrations_are_complete():
    output = StringIO()
    try:
        call_command("makemigrations", "--check", "--dry-run", stdout=output)
    except (CommandError, SystemExit):
        pytest.fail(f"a migration is missing:\n{output.getvalue()}")


# --- Addresses -----------------------------------------------------------------------------------

SAMPLES = {"IntConverter": 1, "PathConverter": "a/b.webp", "UUIDConverter": "00000000-0000-4000-8000-000000000000"}


def addresses(resolver, namespaces=(), converters=()):
    """Every address of the portal as (name with namespaces, converters, view); those of the admin are Django's."""
    for pattern in resolver.url_patterns:
        here = {**dict(converters), **pattern.pattern.converters}
        if isinstance(pattern, URLResolver):
            if pattern.namespace != "admin":
                spaces = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
                yield from addresses(pattern, spaces, here)
        elif isinstance(pattern, URLPattern):
            yield ":".join([*namespaces, pattern.name or ""]), here, pattern.callback


def sample(converter):
    """A value that the converter of an address takes."""
    return SAMPLES.get(type(converter).__name__, "exemple")


def own_addresses():
    return [address for address in addresses(get_resolver()) if address[2].__module__.split(".")[0] in APPS or not address[0]]


def test_every_address_has_a_name_and_leads_to_its_view():
    for name, converters, view in own_addresses():
        assert name, f"{view} has an address without a name"
        assert not name.endswith(":"), f"{view} has an address without a name"
        url = reverse(name, kwargs={key: sample(converter) for key, converter in converters.items()})
        assert resolve(url).func == view, f"{url} ({name}) leads to another view"


def test_addresses_are_french_and_lower_case():
    """Paths are read aloud and typed: lower case, hyphens, no accent, a slash or an extension at the end. Files keep their names."""
    for name, converters, _ in own_addresses():
        if any(type(converter).__name__ == "PathConverter" for converter in converters.values()):
            continue
        url = reverse(name, kwargs={key: sample(converter) for key, converter in converters.items()})
        assert re.fullmatch(r"/(?:[a-z0-9-]+/)*(?:[a-z0-9-]+\.[a-z]+)?", url), f"{name}: {url}"


# --- Search forms --------------------------------------------------------------------------------


def filter_sets():
    """The search forms of every app."""
    for path in modules():
        if path.stem == "filters" and path.parent.name in APPS:
            module = import_module(name_of(path).removesuffix(".py").replace("/", "."))
            yield from (
                value
                for value in vars(module).values()
                if isinstance(value, type) and issubclass(value, FilterSet) and value is not FilterSet
            )


def unclear_parameters(filter_set):
    """Parameters that a person could not read in an address, that have no French name, or that call nothing."""
    for name, one in filter_set.base_filters.items():
        if not re.fullmatch(r"[a-z]+(-[a-z]+)*", name):
            yield f"{filter_set.__name__}.{name}: not a plain word"
        if not one.extra.get("label") and not one._label:
            yield f"{filter_set.__name__}.{name}: no label"
        if one.method and not callable(one.method) and not hasattr(filter_set, one.method):
            yield f"{filter_set.__name__}.{name}: no method {one.method}"


def test_parameters_of_searches_are_clear():
    expect_none(fault for filter_set in filter_sets() for fault in unclear_parameters(filter_set))


def test_an_unclear_parameter_is_seen():
    class Sample(FilterSet):
        starts_On = CharFilter(method="nowhere")

    assert len(list(unclear_parameters(Sample))) == 3


# --- Admin ---------------------------------------------------------------------------------------


def own_screens():
    return [(model, screen) for model, screen in admin.site._registry.items() if model._meta.app_label in APPS]


@pytest.fixture
def superuser_client(client, db):
    client.force_login(SuperuserFactory())
    return client


def test_every_changelist_opens(superuser_client):
    for model, _ in own_screens():
        response = superuser_client.get(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"))
        assert response.status_code == 200, model
        assert response.context_data["cl"].result_count == model._default_manager.count(), model


def test_every_search_of_the_admin_works(superuser_client):
    """A search over a field that does not exist fails only when it is used."""
    for model, screen in own_screens():
        if screen.search_fields:
            response = superuser_client.get(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"), {"q": "zzzz"})
            assert response.context_data["cl"].result_count == 0, model


def test_every_form_of_the_admin_opens(superuser_client, rf):
    request = rf.get("/")
    request.user = SuperuserFactory()
    for model, screen in own_screens():
        prefix = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        if screen.has_add_permission(request):
            assert superuser_client.get(reverse(f"{prefix}_add")).context_data["adminform"], model
        if row := model._default_manager.first():
            assert superuser_client.get(reverse(f"{prefix}_change", args=[row.pk])).context_data["original"] == row


# --- Tests -----------------------------------------------------------------------------------------

AT_ONCE = re.compile(r"assert .*\.is_(visible|hidden|checked|enabled|disabled)\(\)")
"""What a page is asked in the very moment, which may be that before it loads."""


def test_journeys_wait_for_what_they_look_at():
    """Playwright's `expect` waits for the page; a plain assertion passes or fails with the load of the machine."""
    journeys = [path for path in modules(tests=True) if "browser" in path.parts]
    expect_none(
        f"{name_of(path)}:{number}"
        for path in journeys
        for number, line in enumerate(text(path).splitlines(), start=1)
        if AT_ONCE.search(line)
    )


def test_an_assertion_that_does_not_wait_is_seen():
    assert AT_ONCE.search('assert page.get_by_role("table").is_visible()')
    assert not AT_ONCE.search('expect(page.get_by_role("table")).to_be_visible()')
