"""The person who works in the staff screens."""

import pytest
from django.test import Client

from tests.accounts.factories import SuperuserFactory


@pytest.fixture
def member(db):
    return SuperuserFactory(first_name="Nadia", last_name="Roux")


@pytest.fixture
def staff(member):
    """A browser in which `member` has logged in."""
    client = Client()
    client.force_login(member)
    return client
