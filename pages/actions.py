"""What may be done to a page. Each verb is one transaction."""

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from django.utils import timezone

from core import french
from pages.enums import State
from pages.models import BLOCKS, Page, Redirect
from pages.models.contents import as_data, from_data, stored_blocks, words

REASON_LENGTH = 100

LIFE = {
    "id",
    "parent",
    "slug",
    "path",
    "position",
    "tree_order",
    "state",
    "publish_at",
    "unpublish_at",
    "created_at",
    "updated_at",
    "supply_key",
}
"""What an earlier version never brings back: where a page stands and whether it shows are not its content."""


@transaction.atomic
def place_page(*, page, at=None):
    """Store a page without an entry of history, and bring its old addresses and everything below along.

    Call `keep_version` once its blocks are stored.
    """
    former = Page.objects.filter(pk=page.pk).first() if page.pk else None
    page.skip_history_when_saving = True
    page.save()
    del page.skip_history_when_saving
    if former and (former.path, former.tree_order) != (page.path, page.tree_order):
        _move_branch(page, former, at or timezone.now())
    return page


def _move_branch(page, former, at):
    """Give what is below a page that moved its new addresses and ranks; what readers knew redirects."""
    path, rank = len(former.path), len(former.tree_order)
    branch = list(Page.objects.filter(path__startswith=f"{former.path}/").order_by("path"))
    Page.objects.filter(pk__in=[below.pk for below in branch]).update(
        path=Concat(Value(page.path), Substr("path", path + 1)),
        tree_order=Concat(Value(page.tree_order), Substr("tree_order", rank + 1)),
        updated_at=timezone.now(),
    )
    if former.path != page.path:
        _redirect([former, *branch], at)


def _redirect(moved, at):
    """Lead the old address of each page to the page itself, so that one that moves twice is one step away from both.

    A page that readers see takes its old address over. One that they saw, or are to see, leaves an address that leads elsewhere alone.
    """
    told = set(Page.history.filter(id__in=[one.pk for one in moved], state=State.PUBLISHED).values_list("id", flat=True))
    for one in moved:
        if one.is_visible(at):
            Redirect.objects.update_or_create(old_path=one.path, defaults={"page_id": one.pk, "url": ""})
        elif one.state == State.PUBLISHED or one.pk in told:
            Redirect.objects.get_or_create(old_path=one.path, defaults={"page_id": one.pk})
    Redirect.objects.filter(page__in=[one.pk for one in moved], old_path=F("page__path")).delete()


@transaction.atomic
def keep_version(*, page, actor=None, reason=""):
    """Write down what the blocks of a page hold: for readers, for the search, and as a version of its history."""
    blocks = stored_blocks(page, BLOCKS)
    page.content = [as_data(block) for block in blocks]
    page.search_text = "\n".join(text for block in blocks for text in words(block) if text)
    page._history_user = actor
    page._change_reason = reason[:REASON_LENGTH]
    page.save()
    return page


@transaction.atomic
def fill_page(*, page, blocks):
    """Replace the blocks of a page by these, given as instances or as the data of a version; keeps no version."""
    for kind in BLOCKS:
        kind.objects.filter(parent=page).delete()
    made = [block if not isinstance(block, dict) else from_data(page, block, BLOCKS) for block in blocks]
    for rank, block in enumerate((block for block in made if block is not None), 1):
        block.pk, block.parent, block.ordering = None, page, 10 * rank
        for field in block._meta.concrete_fields:
            if field.null and _is_gone(field, getattr(block, field.attname)):
                setattr(block, field.attname, None)
        block.save(force_insert=True)
        for name, keys in getattr(block, "keys", {}).items():
            records = getattr(block, name)
            records.set(records.model._default_manager.filter(pk__in=keys))


@transaction.atomic
def restore(*, page, version, actor=None):
    """Give a page the texts and the blocks it had in `version`, a row of its history; its place and its dates stay."""
    page = Page.objects.select_for_update().get(pk=page.pk)
    for field in version.tracked_fields:
        if field.name not in LIFE and not _is_gone(field, getattr(version, field.attname)):
            setattr(page, field.attname, getattr(version, field.attname))
    place_page(page=page)
    fill_page(page=page, blocks=version.content)
    return keep_version(page=page, actor=actor, reason=f"retour à la version du {french.moment(version.history_date)}")


def _is_gone(field, key):
    """Whether a relation of an earlier version leads to a record that no longer exists."""
    return field.is_relation and key is not None and not field.related_model._default_manager.filter(pk=key).exists()


@transaction.atomic
def mark_reviewed(*, page, actor=None, at=None):
    """Note that somebody has read a page again and found it right."""
    page = Page.objects.select_for_update().get(pk=page.pk)
    page.reviewed_on = timezone.localdate(at or timezone.now())
    page._history_user, page._change_reason = actor, "relue"
    page.save()
    return page


@transaction.atomic
def set_state(*, pages, state, actor=None):
    """Publish pages or take them back to drafts; returns how many changed."""
    changed = 0
    for page in pages.select_for_update().exclude(state=state):
        page.state = state
        page._history_user, page._change_reason = actor, State(state).label
        page.save()
        changed += 1
    return changed
