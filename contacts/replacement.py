"""The days of a replacement for a diary, once both were introduced."""

from contacts.rules.what_next import agreed_days
from core import diary
from core.french import NBSP
from core.links import absolute
from opportunities import presenters


def calendar(conversation):
    """The file, as bytes; None without days. A later one replaces the event of this one."""
    days = agreed_days(conversation)
    if days is None:
        return None
    offer = conversation.offer
    book, url = diary.book("Remplacement", offer.title), absolute(offer.get_absolute_url())
    event = diary.entry(f"remplacement-{conversation.pk}", f"Remplacement{NBSP}: {offer.title}", conversation.introduced_at)
    diary.set_days(event, *days)
    event.add("location", presenters.place(offer))
    event.add("url", url)
    event.add("description", f"Dates du message ou de l’offre, à confirmer entre vous et dans le contrat. {url}")
    book.add_component(event)
    return book.to_ical()
