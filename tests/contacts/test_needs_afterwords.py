"""Three questions to a doctor introduced through an availability, once the days are past: the team reads the answers, nobody else."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from contacts import tasks
from contacts.actions import afterwords, introductions
from contacts.actions import needs as needs_actions
from contacts.admin import bridges
from contacts.enums import Answer
from contacts.models import Afterword, Need
from core import signed
from core.models import Mail
from tests.accounts.factories import SuperuserFactory
from tests.contacts.factories import match_of, need_of
from tests.opportunities.factories import OpportunityFactory

pytestmark = pytest.mark.django_db

DOCTOR = "claire@exemple.org"
ANSWERS = {"took_place": "yes", "would_return": "maybe", "settling": "later", "text": "Une belle équipe."}


@pytest.fixture
def met(now):
    """An offer of three weeks, a doctor available for the second and the third: both agreed."""
    first = timezone.localdate(now) + timedelta(days=10)
    offer = OpportunityFactory(locum=True, starts_on=first, ends_on=first + timedelta(days=20), partial_coverage=True)
    need = need_of(available=True, starts_on=first + timedelta(days=7), ends_on=first + timedelta(days=15))
    match = match_of(need, offer, requested=True)
    return introductions.answer(match=match, answer=Answer.YES, at=now)


def asked_on(now, *days):
    """How many are asked when the job of the morning runs so many days later, day after day."""
    counts = []
    for count in days:
        with time_machine.travel(now + timedelta(days=count), tick=False):
            before = Mail.objects.filter(event__startswith="contacts.need_over:").count()
            tasks.ask_afterwords()
            counts.append(Mail.objects.filter(event__startswith="contacts.need_over:").count() - before)
    return counts


def link():
    message = Mail.objects.get(event__startswith="contacts.need_over:")
    assert message.recipient == DOCTOR
    return re.sub(r"^https?://[^/]+", "", re.search(r"\S+/disponibilites/apres/\S+", message.text)[0])


class TestAsking:
    def test_once_two_days_after_the_last_day_that_both_named(self, met, now):
        assert asked_on(now, 20, 26, 27, 28, 40) == [0, 0, 1, 0, 0]

    def test_not_after_a_long_outage(self, met, now):
        assert asked_on(now, 100) == [0]

    def test_nobody_who_did_not_agree(self, now):
        first = timezone.localdate(now) + timedelta(days=10)
        match_of(need_of(available=True), OpportunityFactory(locum=True, starts_on=first, ends_on=first), requested=True)
        assert asked_on(now, 12) == [0]

    def test_who_found_and_stopped_is_asked_who_had_all_erased_is_not(self, met, now):
        needs_actions.stop(need=met.need, at=now)
        with transaction.atomic():
            assert asked_on(now, 27) == [1]
            transaction.set_rollback(True)
        needs_actions.erase(need=met.need, at=now)
        assert asked_on(now, 27) == [0]


class TestAnswering:
    def test_the_answers_reach_the_team_and_nobody_else(self, client, met, now):
        asked_on(now, 27)
        with time_machine.travel(now + timedelta(days=27), tick=False):
            assert "Reviendriez-vous" in client.get(link()).text
            assert not Afterword.objects.exists(), "a GET changes nothing"
            said = client.get(client.post(link(), ANSWERS).url).text
            assert "l’annonceur ne les lit pas" in said
            again = client.post(link(), {**ANSWERS, "settling": "yes"}).text
            assert "déjà répondu" in again
            client.force_login(SuperuserFactory())
            screen = client.get(reverse("admin:contacts_need_change", args=[met.need_id])).text
        assert Afterword.objects.get().settling == "later", "the first answer holds"
        assert "Une belle équipe." in screen
        assert all("Une belle équipe." not in message.text for message in Mail.objects.all())
        assert not Need.objects.to_call().exists()

    def test_what_is_missing_is_said_and_nothing_lost(self, client, met, now):
        asked_on(now, 27)
        with time_machine.travel(now + timedelta(days=27), tick=False):
            page = client.post(link(), {**ANSWERS, "would_return": ""}).text
        assert "Dites si vous reviendriez." in page
        assert "Une belle équipe." in page
        assert not Afterword.objects.exists()

    def test_nobody_answers_before_the_end(self, client, met):
        url = reverse("contacts:needs_after", args=[signed.sign(afterwords.AFTER, met)])
        assert "n’est pas terminé" in client.post(url, ANSWERS).text
        assert not Afterword.objects.exists()

    def test_a_call_waits_for_the_team_until_it_is_taken_up(self, client, met, now):
        needs_actions.take_up(needs=Need.objects.all(), at=now)
        asked_on(now, 27)
        with time_machine.travel(now + timedelta(days=27), tick=False):
            client.force_login(SuperuserFactory())
            client.post(link(), {**ANSWERS, "call_asked": "on"})
            page = client.get(reverse("admin:index")).text
            assert "Rappels demandés après un remplacement" in page
            assert DOCTOR in page
            needs_actions.take_up(needs=Need.objects.to_call(), at=timezone.now())
            assert DOCTOR not in client.get(reverse("admin:index")).text

    def test_erasing_takes_the_words_and_the_call_away(self, met, now):
        later = now + timedelta(days=27)
        afterwords.answer_introduced(match=met, values=ANSWERS | {"call_asked": True}, at=later)
        needs_actions.erase(need=met.need, at=later)
        afterword = Afterword.objects.get()
        assert (afterword.text, afterword.call_asked) == ("", False)

    def test_a_replacement_that_was_made_is_a_link_of_its_territory(self, met, now):
        [(_, *before)] = bridges.rows()
        assert (before[bridges.INTRODUCED], before[bridges.REPLACED]) == (1, 0)
        afterwords.answer_introduced(match=met, values=ANSWERS, at=now + timedelta(days=27))
        [(_, *after)] = bridges.rows()
        assert (after[bridges.INTRODUCED], after[bridges.REPLACED]) == (1, 1)

    def test_an_answer_is_of_one_thing(self, met):
        with pytest.raises(IntegrityError), transaction.atomic():
            Afterword.objects.create(took_place="yes", settling="no")
