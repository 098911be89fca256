"""A doctor who retires finds a successor in confidence (journey 4): real mail, real jobs, time that passes, each step agreed by both."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from contacts import tasks as contact_tasks
from contacts.actions import letters
from contacts.enums import DisclosureStep
from contacts.models import Conversation
from opportunities import tasks
from opportunities.enums import State
from opportunities.models import OfferOutcome, Opportunity
from tests.accounts.factories import SuperuserFactory
from tests.conftest import NOW
from tests.contacts.life import link, to, work
from tests.contacts.test_conversations import DOCTOR as CANDIDATE
from tests.contacts.test_conversations import VALUES
from tests.contacts.test_succession import PATH, RETIRING, form, traces

pytestmark = pytest.mark.django_db

TEAM = "equipe@example.org"
JOBS = (contact_tasks.chase, tasks.keep_true)


class Story:
    """The doctor, the candidate and the adviser, with the clock."""

    def __init__(self, box, clock):
        self.box, self.clock, self.member = box, clock, SuperuserFactory()
        self.retiring, self.candidate, self.team = Client(), Client(), Client()
        self.wait()

    def wait(self, *jobs, **delay):
        """Time passes, and what is due is done."""
        self.clock.shift(timedelta(**delay))
        work(timezone.now(), *jobs)
        self.team.force_login(self.member)

    @property
    def offer(self):
        return Opportunity.objects.get()

    @property
    def conversation(self):
        return Conversation.objects.get()

    def press(self, path, verb, **values):
        """A button of the team."""
        return self.team.post(reverse(f"admin:{path}_verb", args=[self.pk(path), verb]), values)

    def pk(self, path):
        return self.offer.pk if path.startswith("opportunities") else self.conversation.pk

    def all_agree_on(self, words):
        """The page of the candidate, and the screen of the team."""
        assert words in self.candidate.get(letters.path_of(letters.follow_url(self.conversation))).text
        assert words in self.team.get(reverse("admin:contacts_conversation_change", args=[self.conversation.pk])).text

    # --- What they do --------------------------------------------------------------------------

    def is_written_read_and_approved(self):
        self.retiring.post(reverse("opportunities:succession"), form(NOW))
        self.wait(minutes=1)
        self.private = link(to(self.box, RETIRING)[0], "/exercer/mon-offre/")
        self.retiring.post(self.private, {"verb": "submit"})
        self.press("opportunities_opportunity", "ask_agreement")
        self.wait(days=1)
        page = self.retiring.get(self.private)
        self.retiring.post(self.private, {"verb": "agree", "digest": page.context["digest"]})
        self.press("opportunities_opportunity", "publish")
        self.wait(minutes=1)
        assert self.offer.state == State.PUBLISHED
        assert not traces(self.candidate.get(self.offer.get_absolute_url()).text, self.offer.commune)

    def is_asked_for(self):
        """The candidate writes, and the adviser alone reads it."""
        data = VALUES | {"aim": "settle", "consent": "on", "shown": form(timezone.now())["shown"]}
        self.candidate.post(reverse("contacts:write_offer", args=[self.offer.pk]), data)
        self.wait(minutes=1)
        self.candidate.post(link(to(self.box, CANDIDATE)[0], "/contact/confirmer/"))
        before = len(to(self.box, RETIRING))
        self.wait(*JOBS, days=1)
        assert [message["Subject"].split("\u00a0:")[0].strip() for message in to(self.box, TEAM)] == ["Texte approuvé", "À suivre"]
        assert len(to(self.box, RETIRING)) == before
        self.all_agree_on("L’équipe VSA suit")

    def is_told_step_by_step(self):
        for step in DisclosureStep:
            self.press("contacts_conversation", "propose", text=PATH)
            self.wait(hours=1)
            self.candidate.post(link(to(self.box, CANDIDATE)[-1], "/contact/etape/candidat/"), {"verb": "agree"})
            self.wait(*JOBS, hours=1)
            assert self.conversation.disclosures.get(step=step).told_at is None, "one side alone tells nothing"
            self.retiring.post(link(to(self.box, RETIRING)[-1], "/contact/etape/medecin/"), {"verb": "agree"})
            self.wait(*JOBS, hours=1)
            assert self.conversation.disclosures.get(step=step).told_at
            known = any(traces(self.words(message), self.offer.commune) for message in to(self.box, CANDIDATE))
            assert known is (step != DisclosureStep.PROFILE), "the place is told at its step, and not before"
            named = any(RETIRING in self.words(message) for message in to(self.box, CANDIDATE))
            assert named is (step == DisclosureStep.IDENTITY)
        self.all_agree_on("Vous êtes en relation")
        assert CANDIDATE in self.words(to(self.box, RETIRING)[-1])

    def words(self, message):
        return message["Subject"] + message.get_body(("plain",)).get_content()

    def finds_a_successor(self):
        self.retiring.post(self.private, {"verb": "fill", "who": "elsewhere", "how": "portal"})
        self.wait(*JOBS, days=1)
        assert self.offer.state == State.FILLED
        assert OfferOutcome.objects.get().how == "portal"
        assert not traces(self.candidate.get(self.offer.get_absolute_url()).text, self.offer.commune)


def test_from_the_private_form_to_the_successor(smtp):
    with time_machine.travel(NOW, tick=False) as clock:
        story = Story(smtp, clock)
        story.is_written_read_and_approved()
        story.is_asked_for()
        story.is_told_step_by_step()
        story.finds_a_successor()
        assert len({message["Message-ID"] for message in smtp.messages}) == len(smtp.messages)
