"""Whatever a stranger posts to the pages of publishers: a message, never a failure, and nothing that breaks an offer."""

import pytest
from django.urls import reverse
from django.utils import timezone

from opportunities import actions
from opportunities.forms import PublishForm
from opportunities.models import Opportunity
from tests.opportunities.factories import KindFactory, OpportunityFactory
from tests.opportunities.publishing import fields, keep, shown, write_url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

BAD = [
    "",
    " ",
    "\0",
    "a\0b",
    "\u200b",
    "9" * 40,
    "-1",
    "1e400",
    "NaN",
    "0001-01-01",
    "9999-12-31",
    "2027-02-31",
    "<script>alert(1)</script>",
    "' OR 1=1 --",
    "é" * 7000,
    "\U0001f600",
    "\r\nBcc: x@exemple.org",
]
NAMES = sorted({*PublishForm.base_fields} - {"shown"})


@pytest.mark.parametrize("name", NAMES)
def test_each_field_takes_anything(name):
    kind = KindFactory(code="asks_for_everything")
    for value in BAD:
        form = PublishForm(fields(kind.code, act="brouillon", **{name: value}), kind=kind, act="brouillon", machine="192.0.2.1")
        if form.is_valid():
            actions.begin(offer=form.instance, confirmed=True, send=False, at=timezone.now())


@pytest.mark.parametrize("value", BAD)
def test_each_page_takes_anything(client, value):
    draft, public = OpportunityFactory(draft=True, by_publisher=True), OpportunityFactory()
    everything = dict.fromkeys(NAMES, value) | {"shown": shown(), "verb": value, "photo": value, "email": value, "note": value}
    posts = [
        (write_url(), "envoyer"),
        (write_url(), value),
        (reverse("opportunities:publish_meter"), ""),
        (keep(draft, "offer_edit"), "envoyer"),
        (keep(public, "offer_edit"), "brouillon"),
        (keep(draft, "offer_photos"), "remove"),
        *((keep(public, page), "") for page in ("offer_keep", "offer_address")),
    ]
    for address, act in posts:
        assert client.post(address, everything | {"act": act}).status_code < 500
    assert client.get(reverse("opportunities:publish"), {"fait": value}).status_code == 200
    public.refresh_from_db()
    assert client.get(public.get_absolute_url()).status_code == 200


def test_repeated_and_unknown_parameters(client):
    data = fields(act="envoyer")
    repeated = {name: [value, value] for name, value in data.items()} | {"half_days": ["0", "0", "99", "x"], "inconnu": ["1"]}
    assert client.post(write_url(), repeated).status_code < 500
    assert client.post(reverse("opportunities:publish_meter"), repeated).status_code == 200


@pytest.mark.parametrize("name", ["state", "is_demo", "published_at", "by_publisher", "contact_confirmed_at", "reference", "link_key"])
def test_the_life_of_an_offer_is_not_a_field(client, name):
    client.post(write_url(), fields(act="brouillon", **{name: "published"}))
    offer = Opportunity.objects.get()
    assert (offer.state, offer.is_demo, offer.published_at, offer.contact_confirmed_at, offer.reference) == (
        "draft",
        False,
        None,
        None,
        None,
    )
