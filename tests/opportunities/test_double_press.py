"""A publisher's button pressed by several at once acts once, and nobody meets an error."""

import pytest
from django.test import Client

from core.enums import State
from core.models import Mail
from opportunities.models import OfferOutcome, Opportunity, StateChange
from opportunities.private_link import keep_path
from tests.crowd import together
from tests.opportunities.factories import OpportunityFactory
from tests.opportunities.publishing import fields, write_url

pytestmark = pytest.mark.django_db(transaction=True)

CROWD = 4
LEADS_TO = {"confirm": State.PUBLISHED, "fill": State.FILLED, "pause": State.PAUSED}


@pytest.mark.parametrize("verb", LEADS_TO)
def test_a_button_pressed_at_once_acts_once(verb):
    offer = OpportunityFactory(contact_email="cabinet@example.org")
    before, answers = offer.confirmed_at, []
    together([lambda: answers.append(Client().post(keep_path(offer), {"verb": verb}))] * CROWD)
    assert sorted({answer.status_code for answer in answers}) in ([302], [200, 302])  # done, or told that it was done already
    offer.refresh_from_db()
    assert offer.state == LEADS_TO[verb]
    assert StateChange.objects.filter(opportunity=offer).count() == (0 if verb == "confirm" else 1)
    assert OfferOutcome.objects.count() == (1 if verb == "fill" else 0)
    assert Mail.objects.values("event").distinct().count() == Mail.objects.count()
    assert (offer.confirmed_at > before) is (verb == "confirm")


def test_a_draft_sent_at_once_is_sent_once():
    offer = OpportunityFactory(draft=True, by_publisher=True, contact_email="cabinet@example.org")
    together([lambda: Client().post(keep_path(offer), {"verb": "submit"})] * CROWD)
    offer.refresh_from_db()
    assert offer.state == State.SUBMITTED
    assert Mail.objects.filter(event__startswith="opportunities.submitted").count() == 1


def test_a_form_sent_at_once_makes_one_offer():
    together([lambda: Client().post(write_url(), fields())] * CROWD)
    assert Opportunity.objects.count() == 1
    assert Mail.objects.filter(event__startswith="opportunities.draft").count() == 1
