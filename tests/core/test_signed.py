"""Signed links: one purpose, an end, a key that makes them void."""

from datetime import timedelta

import pytest
import time_machine

from core import signed
from core.models import new_link_key
from opportunities.models import Opportunity
from tests.opportunities.factories import OpportunityFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows():
    return Opportunity.objects.all()


@pytest.fixture
def row():
    return OpportunityFactory()


def test_a_link_opens_its_row(rows, row):
    assert signed.read("essai.lire", signed.sign("essai.lire", row), rows) == row


def test_a_link_serves_one_purpose(rows, row):
    with pytest.raises(signed.LinkRefused):
        signed.read("essai.effacer", signed.sign("essai.lire", row), rows)


def test_a_link_ends(rows, row, now):
    token = signed.sign("essai.lire", row)
    with time_machine.travel(now + timedelta(days=7), tick=False):
        assert signed.read("essai.lire", token, rows, timedelta(days=7)) == row
    with time_machine.travel(now + timedelta(days=7, seconds=2), tick=False), pytest.raises(signed.LinkExpired) as end:
        signed.read("essai.lire", token, rows, timedelta(days=7))
    assert end.value.row == row


def test_a_new_key_makes_links_void(rows, row):
    token = signed.sign("essai.lire", row)
    row.link_key = new_link_key()
    row.save()
    with pytest.raises(signed.LinkRefused) as refusal:
        signed.read("essai.lire", token, rows, timedelta(days=1))
    assert not isinstance(refusal.value, signed.LinkExpired)


@pytest.mark.parametrize("token", ["", "x", "x:y:z", "é", "\0", "a" * 5000])
def test_what_we_did_not_sign_is_refused(rows, token):
    with pytest.raises(signed.LinkRefused):
        signed.read("essai.lire", token, rows)


def test_a_row_that_is_hidden_is_not_opened(rows, row):
    with pytest.raises(signed.LinkRefused):
        signed.read("essai.lire", signed.sign("essai.lire", row), rows.exclude(pk=row.pk))


def test_keys_differ():
    assert len({new_link_key() for _ in range(50)}) == 50
