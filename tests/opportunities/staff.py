"""What the tests of the staff screens share: addresses, and what the browser sends when a form is saved."""

from html import unescape

from django.contrib.admin.utils import flatten_fieldsets
from django.urls import reverse
from django.utils import timezone

from opportunities.admin import OpportunityAdmin
from opportunities.enums import LocationPrecision
from tests.opportunities.factories import KindFactory
from tests.territories.factories import ProfessionFactory

LIST = reverse("admin:opportunities_opportunity_changelist")
ADD = reverse("admin:opportunities_opportunity_add")


def url(name, offer, *args):
    return reverse(f"admin:opportunities_opportunity_{name}", args=[offer.pk, *args])


def text_of(response):
    return unescape(response.text)


def messages_of(response):
    return [str(message) for message in response.context["messages"]]


def fields(**changes):
    """What the browser sends for a collaboration in Apt, with nothing else filled in."""
    data = {
        "kind": KindFactory(code="collaboration").pk,
        "title": "Une place à prendre à Apt",
        "profession": ProfessionFactory().pk,
        "commune": "Apt",
        "location_precision": LocationPrecision.COMMUNE,
        "publisher_kind": "practice",
        "other_places-TOTAL_FORMS": 0,
        "other_places-INITIAL_FORMS": 0,
        "photos-TOTAL_FORMS": 0,
        "photos-INITIAL_FORMS": 0,
    }
    return {**data, **changes}


def fields_of(offer, **changes):
    """What the browser sends when the form of a stored offer is saved again."""
    names = set(flatten_fieldsets(OpportunityAdmin.fieldsets)) - {
        *OpportunityAdmin.readonly_fields,
        "commune",
        "half_days",
        "expires_at",
        "version",
    }
    data = {name: offer.serializable_value(name) for name in names}
    data = {name: value for name, value in data.items() if value not in (None, False)}
    expires = {"expires_at": timezone.localdate(offer.expires_at).isoformat()} if offer.expires_at else {}
    return fields(**{**data, "commune": offer.commune.name if offer.commune else "", "half_days": offer.half_days, **expires, **changes})
