"""Whenever a worker dies, nothing is lost and nothing is told twice, but for the one window of `core.mail`, with the same Message-ID.

Every periodic job that tells something, or forgets something in several tables, dies here at each of its statements (`tests.killing`).
What people do is in `test_killed_verbs.py`.
"""

from datetime import timedelta

import pytest
import time_machine

from contacts.actions import alerts, introductions, matches, selections
from contacts.actions import conversations as verbs
from contacts.enums import Target
from contacts.models import AlertOpinion, AvailabilityMute, Selection
from core import mail
from core.enums import MailState
from core.models import Mail
from opportunities import actions as offers
from opportunities import freshness
from opportunities.models import Opportunity
from tests.conftest import NOW
from tests.contacts.factories import match_of, need_of, selection_of
from tests.contacts.test_alerts import follow, publish
from tests.contacts.test_conversations import DOCTOR, PUBLISHER, VALUES
from tests.killing import killer, told_twice
from tests.opportunities.factories import OpportunityFactory

pytestmark = pytest.mark.django_db(transaction=True)

LONG_AGO = NOW - timedelta(days=400)


@pytest.fixture(scope="module")
def run(django_db_setup, django_db_blocker):
    """One process that forks at each point; it sends no mail itself."""
    with django_db_blocker.unblock(), killer() as run:
        yield run


def relayed(at):
    """A message that reached its recipient."""
    offer = OpportunityFactory(contact_email=PUBLISHER)
    conversation = verbs.write(target=Target.OFFER, offer=offer, values=VALUES, confirmed=True, at=at)
    mail.deliver_due(at=at)
    return conversation


def test_delivering(smtp):
    """One message, its worker killed at each statement: it arrives, and whatever came twice has one Message-ID."""
    with killer() as run, time_machine.travel(NOW, tick=False):
        copies = []
        point = 1
        while True:
            conversation = relayed_later()
            smtp.messages.clear()
            outcome = run("core.mail.deliver_due", NOW, point)
            while mail.deliver_due(at=NOW):
                pass
            assert {message["To"] for message in smtp.messages} == {PUBLISHER, DOCTOR}
            assert len({message["Message-ID"] for message in smtp.messages}) == 2
            assert Mail.objects.about(conversation).filter(state=MailState.SENT).count() == 2
            copies.append(len(smtp.messages))
            if outcome == "done":
                break
            point += 1
    assert max(copies) <= 3, "the one window: one message, twice"
    assert copies[0] == copies[-1] == 2


def relayed_later():
    """A message whose mails wait in the queue."""
    return verbs.write(target=Target.OFFER, offer=OpportunityFactory(contact_email=PUBLISHER), values=VALUES, confirmed=True, at=NOW)


def an_alert():
    """A reader who follows every search, and two offers that are new to her."""
    with time_machine.travel(NOW - timedelta(days=1), tick=False):
        follow(at=NOW - timedelta(days=1))
    publish(title="Nouvelle", town="Sault")
    publish(title="Nouvelle aussi", town="Apt")
    return NOW + timedelta(minutes=6)


def a_need():
    """A locum who looks around Sault and may be proposed, and an offer there."""
    need_of(town="Sault", radius_km=20, available=True, notify=True)
    OpportunityFactory(title="Une offre", locum=True, town="Sault", contact_email=PUBLISHER)
    return NOW + timedelta(minutes=6)


def a_match():
    """The same, found but not told."""
    at = a_need()
    matches.find(at=at)
    return at


def a_silent_offer():
    """An offer of which nothing was heard for forty-six days, whose publisher was asked."""
    past = NOW - timedelta(days=46)
    with time_machine.travel(past, tick=False):
        OpportunityFactory(
            title="Une offre", contact_email=PUBLISHER, confirmed_at=past, published_at=past, expires_at=NOW + timedelta(days=60)
        )
    asked = NOW - timedelta(days=15)
    with time_machine.travel(asked, tick=False):
        freshness.ask_publishers(at=asked)
        mail.deliver_due(at=asked)
    return NOW


def an_unasked_offer():
    """An offer of which nothing was heard for thirty-one days."""
    past = NOW - timedelta(days=31)
    with time_machine.travel(past, tick=False):
        OpportunityFactory(
            title="Une offre", contact_email=PUBLISHER, confirmed_at=past, published_at=past, expires_at=NOW + timedelta(days=60)
        )
    return NOW


def a_message(days):
    """One that nobody has answered for so long."""

    def begin():
        relayed(NOW)
        return NOW + timedelta(days=days, minutes=1)

    return begin


def a_doctor_asked(days):
    """A publisher asked for a doctor so long ago, who has said nothing."""

    def begin():
        with time_machine.travel(NOW - timedelta(days=days), tick=False):
            asked = match_of(need_of(DOCTOR, available=True), OpportunityFactory(locum=True, contact_email=PUBLISHER), shown_at=NOW)
            introductions.request(match=asked, at=NOW - timedelta(days=days))
        return NOW

    return begin


# --- Erasures: what each has to forget, in several tables; and what stays ----------------------------


def old_messages():
    """Two that ended long ago, one that nobody confirmed, one of yesterday; the first ones were a whole conversation."""
    with time_machine.travel(LONG_AGO, tick=False):
        for conversation in (relayed(LONG_AGO), relayed(LONG_AGO)):
            verbs.answer(conversation=conversation, reply="question", text="Quand ?", at=LONG_AGO)
        relayed_later()
        mail.deliver_due(at=LONG_AGO)
    Opportunity.objects.update(contact_email="")
    with time_machine.travel(NOW - timedelta(days=8), tick=False):
        verbs.write(target=Target.OFFER, offer=OpportunityFactory(), values=VALUES, at=NOW - timedelta(days=8))
    return NOW


def old_alerts():
    """Two people whose alerts are over, one of whom said what they thought; and one who goes on."""
    with time_machine.travel(LONG_AGO, tick=False):
        for email in ("une@exemple.org", "deux@exemple.org"):
            alert = follow(email=email, at=LONG_AGO)
            AlertOpinion.objects.create(alert=alert, kind=alert.kind, rhythm=alert.rhythm, useful=True, word="Merci", at=LONG_AGO)
            alerts.stop(person=alert.subscriber, at=LONG_AGO)
    follow(at=NOW)
    return NOW


def old_needs():
    """One that nobody confirmed, one that is over and found something, an address that wanted nothing; and one that goes on."""
    need_of("une@exemple.org", confirmed_at=None, created_at=NOW - timedelta(days=8))
    over = need_of("deux@exemple.org", expires_at=NOW - timedelta(days=40), words="Un mot", available=True)
    match_of(over, OpportunityFactory(), told_at=NOW)
    AvailabilityMute.objects.create(address_key="x", created_at=NOW - timedelta(days=1200))
    need_of()
    return NOW


def old_selections():
    """One that nobody opens any more, and one with something taken away; each with a note."""
    for moment in (LONG_AGO, NOW):
        with time_machine.travel(moment, tick=False):
            selection = selection_of(OpportunityFactory(), OpportunityFactory())
            for item in selection.items.all():
                selections.write_note(item=item, writer="C.", text="À voir", remind_on=None, at=moment)
    item = Selection.objects.latest("pk").items.first()
    type(item).objects.filter(pk=item.pk).update(removed_at=NOW - timedelta(days=9))
    return NOW


def old_drafts():
    """Two drafts that nobody confirmed, with their messages and versions; and one of today."""
    for moment in (LONG_AGO, LONG_AGO, NOW):
        with time_machine.travel(moment, tick=False):
            offer = OpportunityFactory(draft=True, contact_email=PUBLISHER)
            offers.begin(offer=offer, confirmed=False, send=False, at=moment)
    return NOW


def old_contacts():
    """An offer that ended long ago, with a change of contact and a proposal of then; and one of today."""
    with time_machine.travel(LONG_AGO, tick=False):
        offer = OpportunityFactory(contact_email=PUBLISHER, contact_name="Docteur Exemple")
        offers.ask_contact(offer=offer, email="autre@exemple.org", at=LONG_AGO)
        offer.proposed_changes.create(values={"contact_name": "Autre Exemple"}, created_at=LONG_AGO)
        offers.fill(offer=offer, at=LONG_AGO)
    OpportunityFactory(contact_email=PUBLISHER)
    return NOW


CHASE, FOLLOW = "contacts.actions.chasing.chase", "contacts.actions.introductions.follow"
JOBS = {
    "remind": (CHASE, a_message(2)),
    "hand over": (CHASE, a_message(7)),
    "alerts": ("contacts.actions.digests.send_due", an_alert),
    "find": ("contacts.actions.matches.find", a_need),
    "tell people": ("contacts.actions.matches.tell_people", a_match),
    "tell publishers": ("contacts.actions.matches.tell_publishers", a_match),
    "remind a doctor": (FOLLOW, a_doctor_asked(3)),
    "give up on a doctor": (FOLLOW, a_doctor_asked(7)),
    "ask publishers": ("opportunities.freshness.ask_publishers", an_unasked_offer),
    "retire": ("opportunities.freshness.retire_silent", a_silent_offer),
    "erase messages": ("contacts.actions.chasing.erase_old", old_messages),
    "erase alerts": ("contacts.actions.digests.erase_old", old_alerts),
    "erase needs": ("contacts.actions.needs.erase_old", old_needs),
    "erase selections": ("contacts.actions.selections.erase_old", old_selections),
    "erase drafts": ("opportunities.actions.erase_drafts", old_drafts),
    "erase contacts": ("opportunities.actions.erase_contacts", old_contacts),
}


@pytest.mark.parametrize("name", JOBS)
def test_a_periodic_job(run, smtp, name):
    """A worker that dies at each of its statements: the same rows and mails as in peace, each once (`told_twice`)."""
    job, begin = JOBS[name]
    deaths, _, _ = told_twice(run, smtp, lambda: (job, begin(), {}))
    assert deaths >= 4
