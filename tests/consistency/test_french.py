"""What a visitor or a member of the team reads is typeset in French."""

import ast
import re
import tomllib

import pytest
from django.apps import apps

from core.french import typeset
from tests.consistency.french import faults, visible_text
from tests.consistency.source import APPS, expect_none, files, modules, name_of, strings, templates, text, tree

NBSP = "\u00a0"
ELISION = re.compile(r"\b(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|aujourd)'[a-zàâäéèêëîïôöûüœh]", re.IGNORECASE)
FRENCH_SPACING = re.compile(r"[^\W\d_]( [;:?!](?=\s|$)|« | »|% ?$)|« | »")


ENGLISH_RULES = {"straight apostrophe", "straight quotation marks", "three dots for an ellipsis"}
"""What French and English have in common."""


def template_faults(source, name=""):
    """Typographic faults of the visible text of a template; one whose name ends in `_en` is read in English."""
    found = faults(visible_text(source))
    return [f"{rule}: {extract!r}" for rule, extract in found if rule in ENGLISH_RULES or not name.endswith("_en.html")]


def python_faults(tree):
    """Typographic faults of the French strings of a module: a code that is not French never has a space before `:`."""
    for line, value in strings(tree):
        if ELISION.search(value) or (" " in value.strip() and FRENCH_SPACING.search(value)):
            yield f"{line}: {value[:60]!r}"


def test_templates_are_typeset_in_french():
    pages = {name: text(path) for name, path in templates().items() if name.endswith(".html")}
    expect_none(f"{name}: {fault}" for name, source in pages.items() for fault in template_faults(source, name))


def test_python_strings_are_typeset_in_french():
    expect_none(f"{name_of(path)}:{fault}" for path in modules() for fault in python_faults(tree(path)))


@pytest.mark.django_db
def test_texts_of_a_new_portal_are_typeset_in_french():
    """Rows of migrations and reference data; their texts stand on pages as they are."""
    expect_none(
        f"{row._meta.label} {row.pk}.{field.name}, {rule}: {extract!r}"
        for model in apps.get_models()
        if model._meta.app_label in APPS
        for row in model.objects.all()
        for field in model._meta.concrete_fields
        if field.get_internal_type() in {"CharField", "TextField"} and not field.choices
        for rule, extract in faults(getattr(row, field.attname) or "")
    )


def texts_of(value):
    """The strings of a file of texts that people read: neither addresses nor codes."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from texts_of(item)
    elif isinstance(value, str) and " " in value and "://" not in value.split(" ")[0]:
        yield value


def text_file_faults(source):
    """Typographic faults of a TOML file of texts, once loaders have set what they set (`core.french.typeset`)."""
    data = tomllib.loads(source)
    is_english = data.get("language") == "en"
    for value in texts_of(data):
        for rule, extract in faults(visible_text(value if is_english else typeset(value))):
            if not is_english or rule in ENGLISH_RULES:
                yield f"{rule}: {extract!r}"


def test_texts_that_the_project_ships_are_typeset_in_french():
    expect_none(f"{name_of(path)}: {fault}" for path in files(".toml", under="reference") for fault in text_file_faults(text(path)))


@pytest.mark.parametrize(
    ("source", "faulty"),
    [
        ("title = 'La pause... et la suite'", True),
        ("title = 'Vraiment? Oui'", True),
        ("[[blocks]]\ntext = '<p>à 6 km</p>'", True),
        ("title = 'Vraiment ? Oui'", False),
        ('source_url = "https://example.org/it\'s?"', False),
        ("language = 'en'\ntitle = 'Two words: fine'", False),
        ("language = 'en'\ntitle = \"It's not\"", True),
    ],
)
def test_a_fault_in_a_text_that_the_project_ships_is_seen(source, faulty):
    assert bool(list(text_file_faults(source))) is faulty


@pytest.mark.parametrize(
    "source",
    [
        "<p>L'offre</p>",
        "<p>l'{{ name }}</p>",
        "<p>Pourquoi ?</p>",
        "<p>Pourquoi?</p>",
        "<dt><b>Lieu</b> :</dt>",
        "<p>{{ label }} : {{ value }}</p>",
        "<p>« oui »</p>",
        "<p>«oui»</p>",
        "<p>80 %</p>",
        "<p>80%</p>",
        "<p>{{ share }} %</p>",
        "<p>12 500 €</p>",
        "<p>à 6 km</p>",
        "<p>la suite...</p>",
        '<p>dit "oui" ici</p>',
        '<img alt="L\'entrée">',
        '<input placeholder="Où ?">',
        '<meta name="description" content="L\'offre">',
    ],
)
def test_a_fault_in_a_template_is_seen(source):
    assert template_faults(source)


@pytest.mark.parametrize(
    "source",
    [
        "<p>L’offre</p>",
        f"<p>Pourquoi{NBSP}?</p>",
        "<p>Pourquoi&nbsp;?!</p>",
        "<p>Pourquoi&#8239;?</p>",
        "<p>«&nbsp;{{ name }}&nbsp;»</p>",
        "<dt><b>Lieu</b>&nbsp;:</dt>",
        "<p>80&nbsp;%, de 9:30 à 12:00</p>",
        "<p>12&#8239;500&nbsp;€</p>",
        "{# what isn't shown: \"a comment\" ? #}<p>{% if name == 'x' %}Oui{% endif %}</p>",
        "<script type=\"application/json\">{'a': 1}</script>",
        '<a href="https://example.org/?a=1&amp;b=2">Le site</a>',
        "<p>l’adresse {{ url }}</p>",
    ],
)
def test_good_french_passes(source):
    assert template_faults(source) == []


@pytest.mark.parametrize(
    ("code", "faulty"),
    [
        ('x = "L\'offre"', True),
        ('x = f"Jusqu\'à {day}"', True),
        ('x = "La date : demain"', True),
        ('x = "Vraiment ?"', True),
        ('x = "On dit « oui »."', True),
        ('x = "La date\\u00a0: demain"', False),
        ('"""Docstring: it isn\'t shown, l\'heure non plus : rien."""', False),
        ("x = \"SELECT 'a' AS b\"", False),
        ('x = "https://example.org/?a=1"', False),
        ('x = "%Y-%m-%d %H:%M"', False),
        ('x = {"a": "don\'t"}', False),
    ],
)
def test_a_fault_in_python_is_seen(code, faulty):
    assert bool(list(python_faults(ast.parse(code)))) is faulty
