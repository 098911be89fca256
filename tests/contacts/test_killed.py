"""Whenever a worker dies, nothing is lost and nothing is told twice, but for the one window of `core.mail`, with the same Message-ID."""

from collections import Counter
from datetime import timedelta

import pytest
import time_machine

from contacts.actions import chasing
from contacts.actions import conversations as verbs
from contacts.enums import Stage, Target
from contacts.models import Conversation
from core import mail
from core.enums import MailState
from core.models import Mail
from tests.conftest import NOW
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
