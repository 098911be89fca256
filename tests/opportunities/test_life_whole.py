"""An offer from the first screen of publishing to the doctor it found, with real worker processes, real mail and time that passes.

At each moment the publisher's page, the screens of the team, what a doctor reads and the messages must tell the same.
"""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from contacts import tasks as contact_tasks
from contacts.actions import letters
from contacts.models import Conversation
from core.enums import MailState
from core.guard import fresh
from core.models import Mail
from opportunities import tasks
from opportunities.enums import FoundHow, FoundWho, State
from opportunities.models import OfferOutcome, Opportunity
from tests.accounts.factories import SuperuserFactory
from tests.conftest import NOW
from tests.contacts.life import link, to
from tests.opportunities.publishing import CHOOSE, TO, fields, write_url
from tests.worker import workers

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]

DOCTOR, TITLE = "claire@exemple.org", "Une place à Apt"


class Story:
    """One practice, one team, one doctor, and the clock."""

    def __init__(self, box, clock, work):
        self.box, self.clock, self.work, self.member = box, clock, work, SuperuserFactory()
        self.publisher, self.doctor, self.team = Client(), Client(), Client()

    def wait(self, *jobs, count=1, **delay):
        """Time passes, and real workers do what is due then; whatever was to leave has left."""
        self.clock.shift(timedelta(**delay))
        self.work(timezone.now(), *jobs, count=count)
        assert not ProcrastinateJob.objects.exclude(status="succeeded").exists()
        assert not Mail.objects.exclude(state=MailState.SENT).exists()
        self.team.force_login(self.member)

    @property
    def offer(self):
        return Opportunity.objects.get()

    @property
    def private(self):
        """The publisher's page, by the link of the latest message that has one: links end after some weeks."""
        kept = "/exercer/mon-offre/"
        messages = [message for message in to(self.box, TO) if kept in message.get_body(("plain",)).get_content()]
        return link(messages[-1], kept)

    def last(self, address):
        """Subject of the last message to somebody."""
        return to(self.box, address)[-1]["Subject"]

    def all_say(self, state, words, *, listed):
        """The row, the publisher's page, the team's screen and the list of readers agree."""
        assert self.offer.state == state
        assert words in self.publisher.get(self.private).text
        assert self.offer.get_state_display() in self.team.get(reverse("admin:opportunities_opportunity_change", args=[self.offer.pk])).text
        assert (TITLE in self.doctor.get(reverse("opportunities:offer_list")).text) is listed

    # --- What they do --------------------------------------------------------------------------

    def publish(self):
        assert write_url("collaboration") in self.publisher.get(CHOOSE).text
        self.publisher.post(write_url(), fields(title=TITLE, fee_share="75", contact_name="Docteur Exemple"))
        self.wait(minutes=1)
        assert "Envoyer à l’équipe" in self.publisher.get(self.private).text
        screen = reverse("admin:opportunities_opportunity_change", args=[self.offer.pk])
        assert self.team.get(screen).status_code == 302, "nobody has answered at this address: the team reads nothing yet"
        self.publisher.post(self.private, {"verb": "submit"})
        self.wait(minutes=1)
        assert "relit votre offre" in self.last(TO)
        assert TITLE in self.team.get(reverse("admin:index")).text
        self.team.post(reverse("admin:opportunities_opportunity_verb", args=[self.offer.pk, "publish"]))
        self.wait(hours=1)
        assert "en ligne" in self.last(TO)
        self.all_say(State.PUBLISHED, "Oui, elle tient toujours", listed=True)

    def is_read_and_written_to(self):
        response = self.doctor.get(self.offer.get_absolute_url())
        self.doctor.post(response.context["seen_url"])
        assert "1 en 30 jours" in self.publisher.get(self.private).text
        with time_machine.travel(timezone.now() - timedelta(seconds=30), tick=False):
            shown = fresh()
        words = {"name": "Claire Exemple", "standing": "qualified_locum", "aim": "settle", "text": "Votre cabinet m’intéresse beaucoup."}
        data = words | {"email": DOCTOR, "consent": "on", "shown": shown}
        self.doctor.post(reverse("contacts:write_offer", args=[self.offer.pk]), data)
        self.wait(minutes=1)
        self.doctor.post(link(to(self.box, DOCTOR)[0], "/contact/confirmer/"))
        self.wait(minutes=1, count=2)  # the message and its receipt: each leaves once, whoever takes it
        assert "vous écrit" in self.last(TO)
        assert "est parti" in self.last(DOCTOR)
        assert "1, dont 1 sans réponse" in self.publisher.get(f"{self.private}messages/").text
        self.all_agree_on("n’a pas encore répondu")

    def all_agree_on(self, words):
        """The page of who wrote, and the screen of the team."""
        conversation = Conversation.objects.get()
        assert words in self.doctor.get(letters.path_of(letters.follow_url(conversation))).text
        assert words in self.team.get(reverse("admin:contacts_conversation_change", args=[conversation.pk])).text

    def answers(self):
        """After a day, before any reminder is due; the delay is known to the minute."""
        self.wait(contact_tasks.chase, days=1)
        assert "Rappel" not in self.last(TO)
        path = link(to(self.box, TO)[-1], "/contact/repondre/").partition("?")[0]
        self.publisher.post(f"{path}?choix=interested", {"text": "Venez nous voir."})
        self.wait(minutes=1)
        self.all_agree_on("Vous êtes en relation")
        assert TO in to(self.box, DOCTOR)[-1].get_body(("plain",)).get_content()
        assert "dont" not in self.publisher.get(f"{self.private}messages/").text
        conversation = Conversation.objects.get()
        assert conversation.answered_at - conversation.relayed_at == timedelta(days=1, minutes=1)

    def confirms_at_thirty_days(self):
        self.wait(tasks.keep_true, days=31)
        assert "toujours vraie" in self.last(TO)
        self.publisher.post(link(to(self.box, TO)[-1], "/exercer/mon-offre/"), {"verb": "confirm"})
        assert self.offer.confirmed_at == timezone.now()

    def is_taken_away_at_forty_five(self):
        """Asked, reminded, then out of the lists, by the job of every morning; never the same message twice."""
        before = len(to(self.box, TO))
        for days in (31, 11):
            self.wait(tasks.keep_true, days=days)
        self.all_say(State.PUBLISHED, "Oui, elle tient toujours", listed=True)
        self.wait(tasks.keep_true, days=4, count=2)
        self.all_say(State.EXPIRED, "La remettre en ligne", listed=False)
        self.wait(tasks.keep_true, days=1)
        assert len(to(self.box, TO)) == before + 3, [message["Subject"] for message in to(self.box, TO)[before:]]
        assert TITLE in self.last(TO)

    def comes_back_and_finds_somebody(self):
        self.publisher.post(self.private, {"verb": "publish"})
        self.all_say(State.PUBLISHED, "Oui, elle tient toujours", listed=True)
        self.publisher.post(self.private, {"verb": "fill", "who": FoundWho.FROM_ELSEWHERE, "how": FoundHow.PORTAL})
        self.wait(contact_tasks.chase, tasks.keep_true, hours=1)
        self.all_say(State.FILLED, "pourvue", listed=False)
        outcome = OfferOutcome.objects.get()
        assert (outcome.who, outcome.how) == (FoundWho.FROM_ELSEWHERE, FoundHow.PORTAL)
        assert outcome.get_how_display() in self.team.get(reverse("admin:opportunities_offeroutcome_changelist")).text
        assert "pourvue" in self.doctor.get(self.offer.get_absolute_url()).text


def test_from_the_first_screen_to_the_doctor_it_found(smtp):
    with workers() as work, time_machine.travel(NOW, tick=False) as clock:
        story = Story(smtp, clock, work)
        story.publish()
        story.is_read_and_written_to()
        story.answers()
        story.confirms_at_thirty_days()
        story.is_taken_away_at_forty_five()
        story.comes_back_and_finds_somebody()
        assert len({message["Message-ID"] for message in smtp.messages}) == len(smtp.messages) == Mail.objects.count()
