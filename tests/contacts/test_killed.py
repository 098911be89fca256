"""Whenever a worker dies, nothing is lost and nothing is told twice, but for the one window of `core.mail`, with the same Message-ID."""

from collections import Counter
from datetime import timedelta

import pytest
import time_machine
from django.utils.module_loading import import_string

from contacts.actions import chasing, matches
from contacts.actions import conversations as verbs
from contacts.enums import Stage, Target
from contacts.models import AlertItem, Conversation, NeedMatch
from core import mail
from core.enums import MailState
from core.models import Mail
from opportunities import freshness
from opportunities.models import Opportunity
from tests import initial_rows
from tests.conftest import NOW
from tests.contacts.factories import need_of
from tests.contacts.test_alerts import follow, publish
from tests.contacts.test_conversations import DOCTOR, PUBLISHER, VALUES
from tests.killing import killer, points
from tests.opportunities.factories import OpportunityFactory

pytestmark = pytest.mark.django_db(transaction=True)

JOB = "contacts.actions.chasing.chase"


def relayed(at):
    """A message that reached its recipient."""
    offer = OpportunityFactory(contact_email=PUBLISHER)
    conversation = verbs.write(target=Target.OFFER, offer=offer, values=VALUES, confirmed=True, at=at)
    mail.deliver_due(at=at)
    return conversation


def told(box):
    """How many different messages each person received with each subject, and how many copies came."""
    different = {message["Message-ID"]: message for message in box}.values()
    return Counter((message["To"], message["Subject"].split(":")[0].strip()) for message in different), len(box)


def finish(at):
    """What the next worker does."""
    with time_machine.travel(at, tick=False):
        chasing.chase(at=at)
        while mail.deliver_due(at=at):
            pass


@pytest.mark.parametrize(("days", "stage"), [(2, Stage.WAITING), (7, Stage.ADVISER)])
def test_reminding_and_handing_over(smtp, days, stage):
    at = NOW + timedelta(days=days, minutes=1)
    seen = 0
    with killer() as run:
        expected = None
        with time_machine.travel(NOW, tick=False):
            conversation = relayed(NOW)
        for outcome, _ in points(run, JOB, at):
            smtp.messages.clear()
            finish(at)
            conversation.refresh_from_db()
            found = (conversation.stage, *told(smtp.messages), Mail.objects.exclude(state=MailState.SENT).count())
            expected = expected or found
            assert found == expected
            assert found[0] == stage
            seen += outcome == "killed"
            Conversation.objects.all().delete()
            Mail.objects.all().delete()
            with time_machine.travel(NOW, tick=False):
                conversation = relayed(NOW)
    assert seen > 10, "the job has many statements, and was killed at each"


def test_confirming(smtp):
    seen = 0
    with killer() as run, time_machine.travel(NOW, tick=False):
        offer = OpportunityFactory(contact_email=PUBLISHER)
        conversation = verbs.write(target=Target.OFFER, offer=offer, values=VALUES, at=NOW)
        point = 1
        while True:
            outcome = run("tests.contacts.jobs.confirm", NOW, point, False, pk=conversation.pk)
            assert outcome in ("killed", "done")
            conversation.refresh_from_db()
            written = Mail.objects.about(conversation).filter(event__startswith="contacts.relay:").count()
            assert (conversation.stage == Stage.WAITING) == (written == 1), "both, or neither"
            seen += outcome == "killed"
            if outcome == "done":
                break
            if conversation.stage == Stage.WAITING:
                conversation = verbs.write(target=Target.OFFER, offer=offer, values=VALUES, at=NOW)
            point += 1
        while mail.deliver_due(at=NOW):
            pass
    assert seen > 10
    assert Counter(message["To"] for message in smtp.messages)[PUBLISHER] == Conversation.objects.filter(stage=Stage.WAITING).count()


def test_delivering(smtp):
    """One message, its worker killed at each statement: it arrives, and whatever came twice has one Message-ID."""
    with killer() as run, time_machine.travel(NOW, tick=False):
        copies = []
        point = 1
        while True:
            conversation = relayed_later()
            smtp.messages.clear()
            outcome = run("core.mail.deliver_due", NOW, point, point % 2 == 0)
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


IN_TWO_MONTHS = NOW + timedelta(days=60)


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


JOBS = {
    "contacts.actions.digests.send_due": an_alert,
    "contacts.actions.matches.find": a_need,
    "contacts.actions.matches.tell_people": a_match,
    "contacts.actions.matches.tell_publishers": a_match,
    "opportunities.freshness.ask_publishers": an_unasked_offer,
    "opportunities.freshness.retire_silent": a_silent_offer,
}


@pytest.mark.parametrize("job", JOBS)
def test_every_other_job(smtp, job):
    """Killed before each of its statements, run again by the next worker: the same mails, each once, and the same rows as in peace."""
    expected, killed = None, 0
    with killer() as run:
        point = 0  # no statement has this number: the first run is in peace
        while True:
            initial_rows.restore()
            with time_machine.travel(NOW, tick=False):
                at = JOBS[job]()
            smtp.messages.clear()
            outcome = run(job, at, point, False)
            with time_machine.travel(at, tick=False):
                import_string(job)(at=at)
                while mail.deliver_due(at=at):
                    pass
            found = (
                *told(smtp.messages),
                Counter(Opportunity.objects.values_list("state", flat=True)),
                AlertItem.objects.count(),
                NeedMatch.objects.filter(told_at__isnull=False).count(),
                NeedMatch.objects.filter(shown_at__isnull=False).count(),
                NeedMatch.objects.count(),
            )
            expected = expected or found
            assert found == expected, f"killed before statement {point}"
            killed += outcome == "killed"
            if point and outcome == "done":
                break
            point += 1
    assert killed > 2
    assert any(expected[2:]) or expected[0], "the job did something"
