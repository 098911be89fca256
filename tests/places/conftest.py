import pytest

from tests.portal.page import Page


@pytest.fixture
def visit(client, db):
    """`visit(address)` is the `Page` that an anonymous visitor gets there."""
    return lambda address, **parameters: Page(client.get(address, parameters))
