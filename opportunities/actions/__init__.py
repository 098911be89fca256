"""What may be done to an offer. Each verb is one transaction on the stored row, which it locks.

A verb takes the caller's instance, reloads it under lock (unsaved changes are lost, save them
first with `save_offer`) and leaves it as stored. A refusal raises `TransitionRefused` and changes
nothing. Times are arguments: `at` is the moment of the verb, an aware datetime.
"""

from opportunities.actions.confidence import agree, ask_agreement
from opportunities.actions.content import (
    CONTENT_EXCLUDED,
    delete_offer,
    refresh_derived,
    refresh_search_texts,
    restore,
    save_offer,
)
from opportunities.actions.derived import fold_words, refresh_place, refresh_search
from opportunities.actions.life import (
    VERBS,
    TransitionRefused,
    confirm,
    expire_due,
    extend,
    fill,
    pause,
    publish,
    retire,
    send_back,
    settle_reports,
    submit,
    withdraw,
)
from opportunities.actions.publishing import (
    EDITABLE,
    READ_AGAIN,
    approve,
    ask_contact,
    begin,
    change,
    confirm_contact,
    count_view,
    declare_filled,
    drop_draft,
    erase_contacts,
    erase_drafts,
    hand_over,
    read_values,
    refuse,
    take_contact,
)

__all__ = [
    "CONTENT_EXCLUDED",
    "EDITABLE",
    "READ_AGAIN",
    "VERBS",
    "TransitionRefused",
    "agree",
    "approve",
    "ask_agreement",
    "ask_contact",
    "begin",
    "change",
    "confirm",
    "confirm_contact",
    "count_view",
    "declare_filled",
    "delete_offer",
    "drop_draft",
    "erase_contacts",
    "erase_drafts",
    "expire_due",
    "extend",
    "fill",
    "fold_words",
    "hand_over",
    "pause",
    "publish",
    "read_values",
    "refresh_derived",
    "refresh_place",
    "refresh_search",
    "refresh_search_texts",
    "refuse",
    "restore",
    "retire",
    "save_offer",
    "send_back",
    "settle_reports",
    "submit",
    "take_contact",
    "withdraw",
]
