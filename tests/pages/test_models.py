"""The tree of pages: addresses, order, visibility; what blocks store."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from pages.enums import RUBRIQUES, HomeKind, State
from pages.models import HomeSection, Page
from tests.pages.factories import PageFactory, RichTextFactory

pytestmark = pytest.mark.django_db


def test_the_rubriques_have_root_pages():
    assert list(Page.objects.filter(parent=None).in_tree_order().values_list("path", flat=True))[:5] == list(RUBRIQUES)
    assert all(page.is_rubrique and page.get_absolute_url() == f"/{page.slug}/" for page in Page.objects.filter(path__in=RUBRIQUES))


def test_every_part_of_the_home_page_has_a_row():
    assert [section.kind for section in HomeSection.objects.shown()] == list(HomeKind)


def test_the_address_and_the_order_follow_from_the_parent():
    root = Page.objects.get(path="exercer")
    second = PageFactory(parent=root, slug="seconde", position=2)
    first = PageFactory(parent=root, slug="premiere", position=1)
    below = PageFactory(parent=first, slug="dessous")
    assert below.path == "exercer/premiere/dessous"
    assert below.get_absolute_url() == "/exercer/premiere/dessous/"
    assert list(Page.objects.under("exercer")) == [root, first, below, second]


def test_two_pages_never_share_an_address():
    PageFactory(slug="contact")
    with pytest.raises(IntegrityError):
        PageFactory(slug="contact")


@pytest.mark.parametrize(
    ("state", "from_day", "to_day", "seen"),
    [
        (State.PUBLISHED, None, None, True),
        (State.DRAFT, None, None, False),
        (State.PUBLISHED, 1, None, False),
        (State.PUBLISHED, 0, None, True),
        (State.PUBLISHED, -2, 0, False),
        (State.PUBLISHED, -2, 1, True),
    ],
)
def test_visibility_is_one_rule(now, state, from_day, to_day, seen):
    days = {"publish_at": from_day, "unpublish_at": to_day}
    page = PageFactory(state=state, **{name: now + timedelta(days=day) for name, day in days.items() if day is not None})
    assert page.is_visible(now) is seen
    assert Page.objects.visible(now).filter(pk=page.pk).exists() is seen


def test_an_end_before_the_beginning_is_refused(now):
    page = Page(slug="x", title="X", publish_at=now, unpublish_at=now - timedelta(days=1))
    with pytest.raises(ValidationError, match="avant son début"):
        page.validate_constraints()


def test_rich_text_is_cleaned_by_whoever_stores_it():
    block = RichTextFactory(
        text="<p onclick='x()'>L'été <script>x</script><a href='javascript:x'>ici</a></p><p style='color:red'>Oui !</p>"
    )
    block.refresh_from_db()
    assert block.text == "<p>L’été <a>ici</a></p><p>Oui\u00a0!</p>"


def test_an_empty_text_is_nothing():
    assert RichTextFactory(text="<p> &nbsp;</p><p></p>").text == ""
