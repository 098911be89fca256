"""Tags of the messages that the portal sends (`core.mail`)."""

from django import template

from core.mail import MARK, SEPARATOR

register = template.Library()


@register.simple_tag(takes_context=True)
def button(context, label, url):
    """A button, alone between two empty lines: `{% button "Répondre en un clic" keep_url %}`."""
    return f"{context[MARK]}{label}{SEPARATOR}{url}"


@register.simple_tag(takes_context=True)
def link(context, label, url):
    """A plain link, on a line of its own; several in a row stand together, between two empty lines."""
    return f"{context[MARK]}{SEPARATOR}{label}{SEPARATOR}{url}"
