"""A page says once what was just done."""

from datetime import timedelta

import pytest
import time_machine
from django.test import RequestFactory

from core import told
from tests.core.told import said

PAGE = "/exercer/mon-offre/x/"


def opened(address, method="get"):
    return told.word(getattr(RequestFactory(), method)(address))


@pytest.fixture
def address(now):
    return told.redirect(f"{PAGE}?n=3", "pause")["Location"]


def test_the_page_that_a_button_leads_to_says_it(address):
    assert said({"Location": address}) == (PAGE, "pause")
    assert opened(address) == "pause"


def test_the_same_address_says_nothing_later(address, now):
    with time_machine.travel(now + told.LIFETIME + timedelta(seconds=1)):
        assert opened(address) == ""


def test_another_page_says_nothing_of_it(address):
    assert opened(address.replace(PAGE, "/exercer/mon-offre/y/")) == ""


@pytest.mark.parametrize("query", ["", "?fait=pause", "?fait=%00", "?fait=a:b:c", "?fait=é:é:é", "?fait=" + "9" * 5000, "?fait=&fait=1"])
def test_an_address_written_by_hand_says_nothing(query):
    assert opened(PAGE + query) == ""


def test_what_a_button_answers_itself_is_not_said_twice(address):
    assert opened(address, "post") == ""
