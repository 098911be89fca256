"""Rows that the project ships as files: loaded again as often as one likes, without undoing what staff wrote.

Each row remembers, field by field, the value of the file and the value that was stored (short digests, in
`supplied`). At the next load a field whose stored value is no longer the one that was loaded belongs to staff
and stays; the others follow the file. Nothing is ever deleted.
"""

import json
from hashlib import blake2b

from django.core.exceptions import ValidationError
from django.db import transaction

from core.prepared import Slot

CREATED, CHANGED, KEPT, SAME = "created", "changed", "kept", "same"


class SupplyError(Exception):
    """A file of contents holds what the portal refuses; the message names the row, in French."""


def digest(value):
    """A short text that is equal for equal values, dates and decimals included."""
    return blake2b(json.dumps(value, sort_keys=True, default=str).encode(), digest_size=8).hexdigest()


def plain_read(row, name):
    """The stored value of a field; a relation gives its primary key."""
    return getattr(row, row._meta.get_field(name).attname)


def plain_write(row, values):
    """Set fields and save, once everything is valid; a relation is given by its primary key."""
    for name, value in values.items():
        setattr(row, row._meta.get_field(name).attname, value)
    row.full_clean(validate_constraints=False)  # those of the database hold anyway, and ask it once each
    row.save()


def known_rows(model):
    """The rows of a model that come from files, by key: a loader reads them once, not one by one at each start."""
    return {row.supply_key: row for row in model._default_manager.exclude(supply_key=None)}


def by_field(model, name):
    """The rows of one value, for `core.prepared`: files name other records one by one."""
    return model._default_manager.filter(**{name: Slot("value")})


def supply(*, model, key, values, read=plain_read, write=plain_write, known=None, dry_run=False):
    """Bring the row `key` of a `core.models.Supplied` model to the values of a file; returns what was done and which fields staff keep.

    `read(row, name)` gives the stored value of a field, `write(row, values)` stores some: an app passes its own when
    a value is more than a column, and `known`, the `known_rows` as they are, when it has many; it learns the row. Raises `SupplyError`.
    """
    known = known_rows(model) if known is None else known
    row = known.get(key)
    if row is None:
        if not dry_run:
            known[key] = _store(model(supply_key=key), values, read, write)
        return CREATED, []
    wanted, kept = _to_write(row, values, read)
    if wanted and not dry_run:
        with transaction.atomic():  # the row as it is now: staff may have saved it since it was read
            row = model._default_manager.select_for_update(of=("self",)).get(pk=row.pk)
            wanted, kept = _to_write(row, values, read)
            known[key] = _store(row, wanted, read, write) if wanted else row
    return (CHANGED if wanted else KEPT if kept or not row.follows_file else SAME), kept


def _store(row, values, read, write):
    """Write some values and remember them; returns the row as it is stored."""
    model = type(row)
    try:
        write(row, values)
    except ValidationError as error:
        raise SupplyError(f"{model._meta.verbose_name} {row.supply_key}\u00a0: {' '.join(error.messages)}") from error
    row = model._default_manager.get(pk=row.pk)
    row.supplied = {**row.supplied, **{name: f"{digest(value)}:{digest(read(row, name))}" for name, value in values.items()}}
    model._default_manager.filter(pk=row.pk).update(supplied=row.supplied)
    return row


def _to_write(row, values, read):
    """The values that differ from what was loaded, and the names of those that staff changed since."""
    if not row.follows_file:
        return {}, []
    wanted, kept = {}, []
    for name, value in values.items():
        loaded, _, stored = row.supplied.get(name, "").partition(":")
        current = read(row, name)
        if digest(value) in (loaded, digest(current)):
            continue
        if digest(current) == stored or (not stored and current in ("", None, [], {})):
            wanted[name] = value
        else:
            kept.append(name)
    return wanted, kept


def told(plural, outcomes):
    """One line in French that counts outcomes of `supply`."""
    words = {CREATED: "ajoutés", CHANGED: "mis à jour", KEPT: "laissés à l’équipe", SAME: "sans changement"}
    counted = ", ".join(f"{outcomes.count(outcome)} {word}" for outcome, word in words.items() if outcome in outcomes)
    return f"{plural}\u00a0: {counted or 'rien'}."
