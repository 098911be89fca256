"""The test house keeps its own promises: each of its rules catches what it is meant to catch."""

import socket

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.paginator import Paginator, UnorderedObjectListWarning
from django.template import Context, Origin, Template, engines
from django.test import TransactionTestCase
from django.utils import timezone

from opportunities.models import OpportunityKind, PracticeSetting
from territories.models import Commune, Epci
from tests.conftest import NOW, NetworkForbidden, is_local
from tests.strict_templates import UndefinedVariable


def render(text, origin, **context):
    template = Template(text, origin=Origin(origin), engine=engines["django"].engine)
    return template.render(Context(context))


@pytest.fixture
def ours(settings):
    """The name of a template of this project."""
    return str(settings.BASE_DIR / "templates" / "opportunities" / "sample.html")


@pytest.mark.parametrize(
    "text",
    [
        "{{ missing }}",
        "{{ offer.missing }}",
        "{{ offer.commune.name }}",
        "{{ missing|upper }}",
        "{% for row in missing %}{{ row }}{% endfor %}",
        "{% with name=missing %}{{ name }}{% endwith %}",
        "{% if offer %}{{ missing }}{% endif %}",
    ],
)
def test_an_undefined_variable_of_our_templates_fails(text, ours):
    with pytest.raises(UndefinedVariable, match=r"sample\.html"):
        render(text, ours, offer={"commune": None})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{ name }}", "Apt"),
        ("{{ name|upper }}", "APT"),
        ('{{ missing|default:"néant" }}', "néant"),
        ('{{ missing|default:"néant"|upper }}', "NÉANT"),
        ("{% if missing %}oui{% else %}non{% endif %}", "non"),
        ("{% if not offer.missing %}non{% endif %}", "non"),
        ("{% firstof missing name %}", "Apt"),
        ('{% for letter in missing|default:"ab" %}{{ letter }}{{ forloop.counter }}{% endfor %}', "a1b2"),
        ("{% for key, value in offer.items %}{{ key }}={{ value }}{% endfor %}", "commune=None"),
    ],
)
def test_what_a_template_says_on_purpose_is_allowed(text, expected, ours):
    assert render(text, ours, offer={"commune": None}, name="Apt") == expected


def test_templates_of_packages_are_left_alone():
    assert render("[{{ missing }}{% for row in missing %}{{ row }}{% endfor %}]", "/packages/django/admin/base.html") == "[]"


def test_each_variable_is_evaluated_once(ours):
    calls = []
    assert render("{{ rows|length }}", ours, rows=lambda: calls.append(1) or [1, 2]) == "2"
    assert calls == [1]


@pytest.mark.django_db
def test_an_unordered_page_fails():
    with pytest.raises(UnorderedObjectListWarning):
        Paginator(OpportunityKind.objects.order_by(), 2)


def test_no_test_reaches_another_machine():
    with socket.socket() as client, pytest.raises(NetworkForbidden):
        client.connect(("192.0.2.1", 80))


@pytest.mark.parametrize(
    ("host", "local"), [("127.0.0.1", True), ("::1", True), ("localhost", True), ("10.0.0.1", False), ("example.org", False)]
)
def test_this_machine_is_loopback(host, local):
    assert is_local(host) is local


@pytest.mark.parametrize("run", [1, 2])
def test_nothing_is_kept_in_a_cache(run):
    assert cache.get_or_set("left-behind", run) == run


def test_time_stands_still(now):
    assert timezone.now() == now == NOW
    assert timezone.localdate() == NOW.date()


@pytest.mark.django_db
def test_reference_data_are_there():
    assert Commune.objects.count() == 151
    assert Epci.objects.count() == 14
    assert OpportunityKind.objects.filter(code="locum_occasional").exists()


def primary_keys():
    models = (ContentType, Permission, Commune, Epci, OpportunityKind, PracticeSetting)
    return {model.__name__: set(model.objects.values_list("pk", flat=True)) for model in models}


@pytest.mark.django_db(transaction=True)
def test_a_test_that_commits_leaves_everything_as_it_was():
    before = primary_keys()
    Permission.objects.all().delete()
    PracticeSetting.objects.create(code="left-behind", label="Reste")
    Commune.objects.update(name="Détruite")
    TransactionTestCase._fixture_teardown(None)  # what Django calls at the end of such a test
    assert primary_keys() == before
    assert not Commune.objects.filter(name="Détruite").exists()
