"""What a publisher sees of an offer while writing it: the quality meter, and the offer as a doctor will see it."""

from copy import copy
from dataclasses import replace

from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from opportunities import actions, detail, presenters, quality, rules
from opportunities.enums import LocationPrecision

PREVIEW = "opportunities/_preview.html"


def shown(form, act):
    """What the page shows beside the form: the quality meter, and the offer as a doctor will see it, unfolded when asked."""
    asked = act == "apercu" and form.errors is not None  # asking for the errors reads the form
    in_confidence = {"confiance": 1} if form.instance.is_confidential else {}
    return {
        "meter": quality.meter(form.instance),
        "preview": preview(form.instance) | (place(form.instance) if asked else {}),
        "preview_asked": asked,
        "preview_template": PREVIEW,
        "live_url": f"{reverse('opportunities:publish_meter')}?{urlencode({'type': form.asked.code, **in_confidence})}",
    }


def preview(offer):
    """The card and the facts of an offer that may not be stored yet."""
    offer = copy(offer)
    offer.pk = offer.pk or 0
    card = presenters.card(offer, offer.kind, timezone.now())
    return {
        "card": replace(
            card, url="#apercu", title=card.title or "Sans titre", closed="", freshness="Confirmée à la publication", is_old=False
        ),
        "summary": offer.summary,
        "sections": presenters.sections(offer),
        "paragraphs": [text for text in (part.strip() for part in offer.description.split("\n")) if text],
        "discreet_place": offer.location_precision == LocationPrecision.EPCI,
        "in_confidence": offer.is_confidential,
        "warnings": rules.wording_for_publisher(offer),
    }


def place(offer):
    """The map of an offer that may not be stored yet, and what is around, as its page will show them: not at each key, when it is asked."""
    offer = copy(offer)
    actions.refresh_place(offer)
    return {"map": detail.map_of(offer), "around": detail.around(offer)}
