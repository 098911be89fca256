"""What the Django admin says, in our words."""

import re

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.translation import gettext

from tests.accounts.factories import SuperuserFactory

[FOLDER] = settings.LOCALE_PATHS
ENTRY = re.compile(r'^msgid "(.+)"\nmsgstr "(.+)"$', re.MULTILINE)
ENTRIES = ENTRY.findall((FOLDER / "fr/LC_MESSAGES/django.po").read_text(encoding="utf-8"))


def test_there_are_words_of_ours():
    assert len(ENTRIES) > 20


@pytest.mark.parametrize(("message", "words"), ENTRIES)
def test_the_compiled_catalogue_says_what_the_source_says(message, words):
    assert gettext(message) == words


def test_a_saved_record_is_told_without_speaking_of_objects(client, db):
    client.force_login(SuperuserFactory())
    url = reverse("admin:opportunities_practicesetting_add")
    response = client.post(url, {"label": "Cabinet secondaire", "code": "second", "position": 9}, follow=True)
    [told] = [strip_tags(str(message)) for message in response.context["messages"]]
    assert told == "Enregistrement fait\u00a0: «\u00a0Cabinet secondaire\u00a0» (cadre d’exercice)."
