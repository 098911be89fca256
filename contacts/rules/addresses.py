"""The address of a conversation for ordinary mail: `reponse+42.s.0123456789abcdef0123@portail.fr`.

It names the conversation and the side whose reply it takes, with a keyed hash that a new `link_key` makes void. Lower case and digits
only, because some servers change the case of a local part.
"""

import re

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from contacts.enums import Side

LETTERS = {Side.SENDER: "s", Side.RECIPIENT: "r", Side.ADVISER: "a"}
SIDES = {letter: side for side, letter in LETTERS.items()}
PATTERN = re.compile(r"\+(\d{1,18})\.([sra])\.([0-9a-f]{20})@", re.IGNORECASE)


def address_for(conversation, side):
    """Where this side answers by ordinary mail; empty when the portal receives none."""
    if not settings.INBOUND_ADDRESS:
        return ""
    box, _, domain = settings.INBOUND_ADDRESS.partition("@")
    return f"{box}+{conversation.pk}.{LETTERS[side]}.{_seal(conversation, side)}@{domain}"


def parse(address):
    """`(pk, side, seal)` of an address of ours, or None."""
    found = PATTERN.search(address)
    return found and (int(found[1]), SIDES[found[2].lower()], found[3].lower())


def is_sealed(conversation, side, seal):
    """Whether the address was made for this side of this conversation."""
    return constant_time_compare(seal, _seal(conversation, side))


def _seal(conversation, side):
    key = conversation.answer_key if side == Side.RECIPIENT else conversation.link_key
    return salted_hmac("contacts.inbound", f"{conversation.pk}:{side}:{key}").hexdigest()[:20]
