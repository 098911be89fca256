"""The days of a replacement for a diary, once both were introduced."""

from contacts.rules.what_next import agreed_days, common_days
from core import diary
from core.french import NBSP
from core.links import absolute
from opportunities import presenters


def calendar(conversation):
    """The file of a conversation, as bytes; None without days. A later one replaces the event of this one."""
    key = f"remplacement-{conversation.pk}"
    return _file(key, conversation.offer, agreed_days(conversation), conversation.introduced_at, "Dates du message ou de l’offre")


def calendar_of_match(match):
    """The same of a doctor who was available and an offer."""
    key, days = f"mise-en-relation-{match.pk}", common_days(match.need, match.offer)
    return _file(key, match.offer, days, match.introduced_at, "Dates communes à l’offre et à la disponibilité")


def _file(key, offer, days, stamp, whose):
    if days is None:
        return None
    book, url = diary.book("Remplacement", offer.title), absolute(offer.get_absolute_url())
    event = diary.entry(key, f"Remplacement{NBSP}: {offer.title}", stamp)
    diary.set_days(event, *days)
    event.add("location", presenters.place(offer))
    event.add("url", url)
    event.add("description", f"{whose}, à confirmer entre vous et dans le contrat. {url}")
    book.add_component(event)
    return book.to_ical()
