"""What a host sees of a dwelling while writing it: the quality meter, and the facts as readers will see them."""

from copy import copy
from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import urlencode

from housing import presenters, quality, rules
from housing.enums import DwellingKind

PREVIEW = "housing/_preview.html"
CODES = {
    DwellingKind.ROOM: "chambre",
    DwellingKind.STUDIO: "studio",
    DwellingKind.FLAT: "appartement",
    DwellingKind.HOUSE: "maison",
    DwellingKind.RESIDENCE: "residence",
    DwellingKind.SHARED: "colocation",
}
"""Kinds in the addresses of the form."""


@dataclass(frozen=True, slots=True)
class Head:
    """What the head of a host's page says of the dwelling."""

    kind_label: str
    place: str
    freshness: str


def card(dwelling):
    """Kind, place and freshness, in words."""
    return Head(presenters.kind_label(dwelling), presenters.place(dwelling), presenters.freshness(dwelling))


def meter_of(dwelling, *, may_add):
    """The meter of a dwelling that is stored."""
    count = dwelling.photos.count()
    return quality.meter(dwelling, periods=dwelling.availabilities.count(), photos=count if count or may_add else None)


def shown(form, act):
    """What the page shows beside the form: the quality meter, and the dwelling as readers will see it, unfolded when asked."""
    asked = act == "apercu" and form.errors is not None  # asking for the errors reads the form
    periods = len(getattr(form, "periods", ())) or (form.instance.availabilities.count() if form.instance.pk else 0)
    return {
        "meter": quality.meter(form.instance, periods=periods),
        "preview": preview(form.instance),
        "preview_asked": asked,
        "preview_template": PREVIEW,
        "live_url": f"{reverse('housing:publish_meter')}?{urlencode({'type': CODES[form.asked]})}",
    }


def preview(dwelling):
    """The page of a dwelling that may not be stored yet."""
    dwelling = copy(dwelling)
    dwelling.capacity, dwelling.places = dwelling.capacity or 1, dwelling.places or 1
    dwelling.monthly_total = None if dwelling.rent is None else dwelling.rent + (dwelling.charges or 0)
    return {
        "title": dwelling.title or "Sans titre",
        "place": presenters.place(dwelling),
        "kind": presenters.kind_label(dwelling),
        "rent": presenters.rent(dwelling),
        "sections": presenters.sections(dwelling),
        "mention": rules.energy_mention(dwelling),
        "paragraphs": [text for text in (part.strip() for part in dwelling.description.split("\n")) if text],
        "warnings": rules.wording_for_host(dwelling),
        "georisks": rules.GEORISKS,
        "commune": dwelling.commune if dwelling.commune_id else None,
    }
