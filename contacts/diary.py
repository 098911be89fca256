"""The days of a replacement for a diary (RFC 5545), once both were introduced."""

from icalendar import Calendar

from contacts.rules.what_next import agreed_days
from contacts.selected.calendar import day_event
from core.french import NBSP
from core.links import absolute
from opportunities import presenters


def calendar(conversation):
    """The file, as bytes; None without days. A later one replaces the event of this one."""
    days = agreed_days(conversation)
    if days is None:
        return None
    offer, book = conversation.offer, Calendar()
    book.add("prodid", "-//Vaucluse Santé Attractivité//Remplacement//FR")
    book.add("version", "2.0")
    url = absolute(offer.get_absolute_url())
    event = day_event(f"remplacement-{conversation.pk}", f"Remplacement{NBSP}: {offer.title}", *days, conversation.introduced_at)
    event.add("location", presenters.place(offer))
    event.add("url", url)
    event.add("description", f"Dates proposées par le portail, à confirmer entre vous et dans le contrat. {url}")
    book.add_component(event)
    return book.to_ical()
