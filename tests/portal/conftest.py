import pytest

from tests.portal.page import Page


@pytest.fixture
def visit(client, db):
    """`visit("/agenda/")` is the `Page` that an anonymous visitor gets there."""
    return lambda address, **headers: Page(client.get(address, **headers))
