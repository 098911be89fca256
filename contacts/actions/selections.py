"""What is done to a selection. Two people may do it at once: a note is a row of its own, and places are given under a lock."""

from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from contacts.enums import SelectedKind
from contacts.models import Selection, SelectionItem, SelectionNote
from contacts.rules import selections as rules
from core import mail, signed
from core.french import NBSP
from core.links import absolute
from core.models import new_link_key

WRITE, READ = "contacts.selection", "contacts.selection_read"
"""Purposes of the two links of a selection: for those who choose, and for somebody who may look."""


class SelectionRefused(Exception):
    """The selection holds as much as it may, or is gone; the message says so."""


def page_path(selection):
    """The page of those who choose. Whoever has this address may write."""
    return reverse("contacts:selection", args=[signed.sign(WRITE, selection)])


def read_path(selection):
    """The page of those who may look."""
    return reverse("contacts:selection_read", args=[signed.sign(READ, selection)])


@transaction.atomic
def start(*, kind, object_id, at):
    """Begin a selection with its first item."""
    selection = Selection.objects.create(created_at=at, opened_at=at)
    add(selection=selection, kind=kind, object_id=object_id, at=at)
    return selection


def note_opening(*, selection, at):
    """Somebody opened the selection: it stays. Written once a day."""
    if timezone.localdate(selection.opened_at) < timezone.localdate(at):
        Selection.objects.filter(pk=selection.pk, opened_at__lt=at).update(opened_at=at)
        selection.opened_at = at


def _lock(selection):
    """The selection, until the end of the transaction. Raises `SelectionRefused` when the other person has just erased it."""
    found = Selection.objects.select_for_update().filter(pk=selection.pk).first()
    if found is None:
        raise SelectionRefused("Cette sélection vient d’être effacée.")
    return found


@transaction.atomic
def add(*, selection, kind, object_id, at):
    """Keep one more thing, last; what is there stays where it is, and what was taken away comes back with its notes.

    Raises `SelectionRefused`.
    """
    _lock(selection)
    item = selection.items.filter(kind=SelectedKind(kind), object_id=object_id).first()
    if item and item.removed_at is None:
        return item
    if selection.items.kept().count() >= rules.ITEMS:
        raise SelectionRefused(f"Une sélection tient {rules.ITEMS} éléments. Retirez-en un pour ajouter celui-ci.")
    if item is None:
        item = SelectionItem(selection=selection, kind=kind, object_id=object_id)
    last = selection.items.kept().aggregate(last=Max("position"))["last"]
    item.position, item.added_at, item.removed_at = (last or 0) + 1, at, None
    item.save()
    return item


def remove(*, item, at):
    """Take a thing away; it may be put back for some days."""
    SelectionItem.objects.kept().filter(pk=item.pk).update(removed_at=at)


@transaction.atomic
def move(*, item, by):
    """Move an item so many places up (negative) or down. Raises `SelectionRefused`."""
    selection = _lock(item.selection)
    items = list(selection.items.kept())
    place = next((place for place, other in enumerate(items) if other.pk == item.pk), None)
    if place is None:
        return
    items.insert(min(max(place + by, 0), len(items) - 1), items.pop(place))
    for position, other in enumerate(items, start=1):
        other.position = position
    SelectionItem.objects.bulk_update(items, ["position"])


@transaction.atomic
def write_note(*, item, writer, text, remind_on, at):
    """Write beside an item. Raises `SelectionRefused`."""
    _lock(item.selection)
    if SelectionNote.objects.filter(item__selection=item.selection_id).count() >= rules.NOTES:
        raise SelectionRefused(
            f"Une sélection tient {rules.NOTES} notes. Retirez-en{NBSP}: la place se libère {rules.PUT_BACK.days} jours plus tard."
        )
    return item.notes.create(writer=writer, text=text, remind_on=remind_on, written_at=at)


def remove_note(*, note, at):
    """Take a note away; it may be put back for some days."""
    SelectionNote.objects.kept().filter(pk=note.pk).update(removed_at=at)


def restore_note(*, note):
    """Put a note back."""
    SelectionNote.objects.filter(pk=note.pk).update(removed_at=None)


def change_link(*, selection):
    """Make void every link of the selection, that of readers too; the new ones are those of `page_path` and `read_path`."""
    selection.link_key = new_link_key()
    Selection.objects.filter(pk=selection.pk).update(link_key=selection.link_key)


def delete(*, selection):
    """Erase a selection with all that it holds, at once."""
    selection.delete()


@transaction.atomic
def send_link(*, selection, email, at):
    """Send the link of a selection to an address, once a day at most; the address stays nowhere but on the message."""
    return mail.post(
        event=f"contacts.selection_link:{selection.pk}:{selection.link_key}:{timezone.localdate(at):%Y%m%d}",
        recipient=email,
        template="contacts/mail/selections_link.txt",
        context={"url": absolute(page_path(selection)), "kept_months": 12},
        reason="cette adresse a été donnée sur la page d’une sélection",
        about=selection,
        at=at,
    )


@transaction.atomic
def erase_old(*, at):
    """Erase selections that nobody opened for a year, and what was taken away a week ago; returns how many selections."""
    SelectionNote.objects.removed_before(at - rules.PUT_BACK).delete()
    SelectionItem.objects.removed_before(at - rules.PUT_BACK).delete()
    return Selection.objects.forgotten(at - rules.KEPT).delete()[1].get("contacts.Selection", 0)
