"""What may be done to a page. Each verb is one transaction."""

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Concat, Substr
from django.utils import timezone

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
def place_page(*, page):
    """Store a page without an entry of history, and bring its old addresses and everything below along.

    Call `keep_version` once its blocks are stored.
    """
    former = Page.objects.filter(pk=page.pk).values_list("path", "tree_order").first() if page.pk else None
    page.skip_history_when_saving = True
    page.save()
    del page.skip_history_when_saving
    if former and former != (page.path, page.tree_order):
        _move_branch(page, *former)
    Redirect.objects.filter(old_path=page.path).delete()
    return page


def _move_branch(page, path, tree_order):
    """Give what is below a page that moved its new addresses and ranks; what readers knew redirects."""
    branch = list(Page.objects.filter(path__startswith=f"{path}/").order_by("path"))
    if path != page.path:
        moved = [(path, page), *((below.path, below) for below in branch)]
        _redirect([(old, one) for old, one in moved if one.state == State.PUBLISHED])
    Page.objects.filter(pk__in=[below.pk for below in branch]).update(
        path=Concat(Value(page.path), Substr("path", len(path) + 1)),
        tree_order=Concat(Value(page.tree_order), Substr("tree_order", len(tree_order) + 1)),
        updated_at=timezone.now(),
    )
    if path != page.path:
        Redirect.objects.filter(old_path__in=[page.path + below.path[len(path) :] for below in branch]).delete()


def _redirect(moved):
    """A redirect leads to a page, not to its address: one that moves twice is one step away from both of its old addresses."""
    for old, page in moved:
        Redirect.objects.update_or_create(old_path=old, defaults={"page": page, "url": ""})


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
    moment = timezone.localtime(version.history_date)
    return keep_version(page=page, actor=actor, reason=f"retour à la version du {moment:%d/%m/%Y} à {moment:%H:%M}")


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
