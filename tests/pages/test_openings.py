"""Opening pages of rubriques: a change of their blocks or menu shows at the next request."""

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from django.core.cache import cache

from pages import actions
from pages.enums import State
from pages.models import ListBlock, Page
from tests.collective.factories import NewsFactory
from tests.opportunities.factories import OpportunityFactory
from tests.pages.factories import PageFactory, RichTextFactory
from tests.pages.test_records import maker

OPENINGS = ["exercer", "s-installer", "internes", "agenda", "collectif"]
LATER = datetime(2030, 6, 15, 10, 0, tzinfo=UTC)
"""After the rows that the migrations made, so that what changes has the last date."""
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def seconds(settings, time_machine):
    """Pages are kept, as in production, within one minute: nothing but the version makes a new one. Call it for a second to pass."""
    settings.PAGE_CACHE = True
    cache.clear()
    passed = count()
    return lambda: time_machine.move_to(LATER + timedelta(seconds=next(passed)), tick=False)


@pytest.mark.parametrize("path", OPENINGS)
def test_a_block_and_a_menu_show_at_once(client, path, seconds):
    seconds()
    root = Page.objects.get(path=path)
    client.get(f"/{path}/")
    seconds()
    RichTextFactory(parent=root, text="<p>Un mot de l’équipe.</p>")
    actions.keep_version(page=root)
    assert "Un mot de l’équipe." in client.get(f"/{path}/").text
    page = PageFactory(parent=root, title="Une page fraîche", state=State.DRAFT)
    assert "Une page fraîche" not in client.get(f"/{path}/").text
    seconds()
    actions.set_state(pages=Page.objects.filter(pk=page.pk), state=State.PUBLISHED)
    assert "Une page fraîche" in client.get(f"/{path}/").text


@pytest.mark.parametrize("path", OPENINGS)
def test_what_a_block_shows_is_fresh(client, path, seconds):
    seconds()
    root = Page.objects.get(path=path)
    for subject in ("news", "offers"):
        maker(ListBlock)(parent=root, subject=subject)
    actions.keep_version(page=root)
    client.get(f"/{path}/")
    seconds()
    NewsFactory(title="Une nouvelle du jour")
    OpportunityFactory(title="Une offre du jour")
    shown = client.get(f"/{path}/").text
    assert "Une nouvelle du jour" in shown
    assert "Une offre du jour" in shown
