"""Pieces of HTML that are a function of one value."""

from functools import lru_cache

from django import template
from django.conf import settings
from django.template.loader import get_template

register = template.Library()

KEPT = 3000
"""Pieces held by a process, about three megabytes of cards."""


@register.simple_tag
def piece(name, item, sprite):
    """A component written for `item`, which it reads by that name; `sprite` is the address of the icons.

    An equal item gives the same HTML, so it is kept: it cannot be out of date. `item` must be hashable.
    """
    return render(name, item, sprite) if settings.DEBUG else kept(name, item, sprite)


def render(name, item, sprite):
    return get_template(name).render({"item": item, "sprite": sprite})


kept = lru_cache(maxsize=KEPT)(render)
