"""Signed links: single purpose, expiring, revocable, safe against whatever opens a link before its reader does.

A link names its purpose, its row and the key that this row had (`core.models.Linked`). A page that it opens changes nothing on a
GET: mail scanners open links; it shows one button, whose POST does.
"""

from django.core import signing

NEVER = None


class LinkRefused(Exception):
    """The link is not ours, is for another purpose, or was made void."""


class LinkErased(LinkRefused):
    """The link was right, once, and what it opened is no more."""


class LinkExpired(LinkRefused):
    """The link was right, once. `row` is what it opened, so that its page can offer a fresh one by mail, never on the screen."""

    def __init__(self, row):
        super().__init__("expired")
        self.row = row


def sign(purpose, row, field="link_key"):
    """The token that opens `row` (a `Linked`, saved) for this purpose, a short text such as `contacts.answer`.

    `field` names the key, of a row that two sides open: each has its own, and loses it alone.
    """
    return signing.dumps([row.pk, getattr(row, field)], salt=purpose)


def read(purpose, token, queryset, lifetime=NEVER, field="link_key"):
    """The row of `queryset` that this token opens.

    `lifetime` is a timedelta, or None for a link that only a new key ends. Raises `LinkRefused`, `LinkErased` and `LinkExpired` among them.
    """
    try:
        pk, key = signing.loads(token, salt=purpose)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise LinkRefused(purpose) from error
    row = queryset.filter(pk=pk, **{field: key}).first()
    if row is None:
        raise (LinkRefused if queryset.filter(pk=pk).exists() else LinkErased)(purpose)
    if lifetime is not NEVER:
        try:
            signing.loads(token, salt=purpose, max_age=lifetime)
        except signing.SignatureExpired as error:
            raise LinkExpired(row) from error
    return row
