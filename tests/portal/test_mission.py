"""The table of `docs/mission.md`, walked on a demonstration: each row can be pointed at, with the words that it announces."""

import re
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings

from tests.portal.page import Page

ROW = re.compile(r"^\| (?P<row>M\d+) \| (?P<truth>[^|]+) \| (?P<address>/[^|]*?) \| (?P<words>[^|]+) \| (?P<state>[^|]+) \|$", re.MULTILINE)
TEXT = (settings.BASE_DIR / "docs" / "mission.md").read_text(encoding="utf-8")
ROWS = [match.groupdict() for match in ROW.finditer(TEXT)]
ASKED = {f"M{number}" for number in (*range(1, 53), 55, 58, 61, 62, 63, 65, 66, *range(68, 85), *range(86, 91), *range(95, 109))}

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


@pytest.fixture(scope="module")
def demonstration(shipped, django_db_blocker, tmp_path_factory):
    """What `load_demo` adds to the texts of the project; taken away with them."""
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media")):
        call_command("load_demo", stdout=StringIO())


def test_every_row_of_the_issue_is_in_the_table_and_no_line_is_lost():
    assert {row["row"] for row in ROWS} == ASKED
    assert len(ROWS) == len(re.findall(r"^\| M\d+ ", TEXT, re.MULTILINE))


def test_a_state_is_in_place_or_says_what_is_missing():
    for row in ROWS:
        assert row["state"] == "in place" or re.match(r"in part: .{20}", row["state"]), row


@pytest.mark.parametrize("row", ROWS, ids=[f"{row['row']} {row['address']}" for row in ROWS])
def test_a_row_shows(client, row):
    page = Page(client.get(row["address"]))
    assert page.status == 200
    assert row["words"] in re.split("Aller au contenu|Skip to content", page.text, maxsplit=1)[1]
