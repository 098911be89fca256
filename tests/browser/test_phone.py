"""What a phone is spared: sideways scrolling, and pages without end."""

from io import StringIO

import pytest
from django.core.management import call_command

pytestmark = pytest.mark.django_db(transaction=True)

SCROLLING = """[...document.querySelectorAll(".table-wrap")].filter((wrap) => wrap.scrollWidth > wrap.clientWidth)
  .map((wrap) => wrap.getAttribute("aria-label") ?? wrap.getAttribute("aria-labelledby"))"""
NAMES = {2: ("apt", "sault"), 4: ("saint-saturnin-les-apt", "l-isle-sur-la-sorgue", "beaumes-de-venise", "monteux")}


@pytest.fixture
def demonstration():
    """The texts that the project ships and the invented records."""
    for name in ("load_content", "load_demo"):
        call_command(name, stdout=StringIO())


@pytest.mark.parametrize("count", NAMES)
def test_communes_are_compared_without_scrolling_sideways(phone, axe, count):
    phone.goto("/territoires/comparer/?" + "&".join(f"commune={name}" for name in NAMES[count]))
    assert phone.evaluate(SCROLLING) == []
    fact = phone.get_by_role("row").filter(has=phone.get_by_role("rowheader", name="Population"))
    assert fact.get_by_role("cell").count() == count
    assert phone.get_by_role("columnheader").count() > count  # it is still a table, with its heads
    axe(phone)


def test_the_directory_is_read_without_scrolling_sideways(demonstration, phone):
    phone.goto("/territoires/etablissements/")
    assert phone.evaluate(SCROLLING) == []
