"""The blocks of a page as plain data: what a version of the history keeps, and what readers are shown.

A page is read from its `content`, so that one query brings it with all its blocks and every version can be shown as it was.
"""

from django.db.models import FileField

from core.prose import ProseField, plain_text

LEFT_OUT = {"id", "parent", "region"}


def stored_blocks(page, kinds):
    """The blocks of a page as their tables hold them, in order; one query a kind."""
    found = [block for kind in kinds for block in kind.objects.filter(parent=page)]
    return sorted(found, key=lambda block: (block.ordering, block.pk))


def as_data(block):
    """A block as JSON: the name of its kind, its fields, the keys of the records that it names."""
    data = {"kind": type(block).__name__}
    for field in block._meta.concrete_fields:
        if field.name not in LEFT_OUT:
            value = getattr(block, field.attname)
            data[field.attname] = value.name if isinstance(field, FileField) else value
    for field in block._meta.many_to_many:
        data[field.name] = sorted(getattr(block, field.name).values_list("pk", flat=True))
    return data


def from_data(page, data, kinds):
    """The block that this data describes, not stored; None for a kind that no longer exists. `block.keys` holds its lists of keys."""
    model = {kind.__name__: kind for kind in kinds}.get(data.get("kind"))
    if model is None:
        return None
    known = {field.attname for field in model._meta.concrete_fields} - LEFT_OUT
    block = model(parent=page, **{name: value for name, value in data.items() if name in known})
    block.keys = {field.name: data.get(field.name, []) for field in model._meta.many_to_many}
    return block


def words(block):
    """What a block says in words, for the search."""
    for field in block._meta.concrete_fields:
        value = getattr(block, field.attname)
        if not isinstance(value, str) or field.choices or isinstance(field, FileField) or field.name in (*LEFT_OUT, "url", "name"):
            continue
        yield plain_text(value) if isinstance(field, ProseField) else value
