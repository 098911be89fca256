"""A publisher asks, the doctor decides: no address is told before both agreed, and nobody is left without an answer."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from contacts.actions import introductions, matches
from contacts.actions import needs as needs_actions
from contacts.enums import Answer
from contacts.models import AvailabilityMute, Need, NeedMatch
from contacts.needs_links import keep_url
from contacts.views.needs_public import REQUESTED
from core import french, signed
from core.models import Mail
from opportunities import actions as offer_actions
from opportunities.models import Opportunity
from tests.accounts.factories import SuperuserFactory
from tests.contacts.factories import match_of, need_of
from tests.opportunities.factories import OpportunityFactory

pytestmark = pytest.mark.django_db

DOCTOR, PUBLISHER = "claire@exemple.org", "cabinet@example.org"


@pytest.fixture
def shown(now):
    """A publisher was told of a doctor."""
    return match_of(need_of(available=True), OpportunityFactory(locum=True), shown_at=now)


@pytest.fixture
def asked(shown, now):
    """And asked for them."""
    return introductions.request(match=shown, at=now)


def path(url):
    return re.sub(r"^https?://[^/]+", "", url)


def last():
    return Mail.objects.latest("pk")


def everything():
    """All the words of all messages, with whom they went to."""
    return [(message.recipient, f"{message.subject}{message.text}{message.html}{message.reply_to}") for message in Mail.objects.all()]


class TestAsking:
    def test_the_doctor_is_asked_with_the_facts_and_three_buttons(self, asked):
        message = last()
        assert message.recipient == DOCTOR
        assert asked.offer.title in message.subject
        for answer in (Answer.YES, Answer.NO, Answer.LATER):
            assert introductions.answer_url(asked, answer) in message.text
        assert PUBLISHER not in message.text

    def test_twice_is_once(self, asked, now):
        introductions.request(match=asked, at=now + timedelta(days=1))
        assert Mail.objects.count() == 1

    def test_what_was_never_shown_is_not_asked_for(self, now):
        match = match_of(need_of(available=True), OpportunityFactory(locum=True))
        with pytest.raises(introductions.NotAvailable):
            introductions.request(match=match, at=now)

    @pytest.mark.parametrize("over", ["need", "offer"])
    def test_who_is_gone_is_not_asked(self, shown, now, over):
        if over == "need":
            needs_actions.stop(need=shown.need, at=now)
        else:
            offer_actions.fill(offer=shown.offer, at=now)
        with pytest.raises(introductions.NotAvailable):
            introductions.request(match=shown, at=now)
        assert not Mail.objects.exists()


class TestAnswering:
    def test_yes_tells_each_the_address_of_the_other(self, asked, now):
        introductions.answer(match=asked, answer=Answer.YES, at=now)
        for recipient, other in ((DOCTOR, PUBLISHER), (PUBLISHER, DOCTOR)):
            message = Mail.objects.get(recipient=recipient, event__startswith="contacts.need_introduced")
            assert other in message.text
            assert message.reply_to == other
            assert "L.\u00a04113-9" in message.text
        asked.refresh_from_db()
        assert (asked.answer, asked.introduced_at, asked.requested_at) == (Answer.YES, now, now)

    def test_yes_tells_the_days_the_steps_a_diary_and_where_to_say_that_it_is_over(self, client, now):
        first = timezone.localdate(now) + timedelta(days=10)
        offer = OpportunityFactory(locum=True, town="Sault", starts_on=first, ends_on=first + timedelta(days=20), partial_coverage=True)
        need = need_of(available=True, starts_on=first + timedelta(days=5), ends_on=first + timedelta(days=30))
        match = match_of(need, offer, requested=True)
        introductions.answer(match=match, answer=Answer.YES, at=now)
        for recipient, page in ((DOCTOR, "/je-cherche/suivi/"), (PUBLISHER, "/mon-offre/")):
            text = Mail.objects.get(recipient=recipient, event__startswith="contacts.need_introduced").text
            assert f"à la disponibilité\u00a0: {french.date_range(first + timedelta(days=5), first + timedelta(days=20))}" in text
            assert "modeles-contrats" in text
            assert f"lieu=commune-84123&du={first + timedelta(days=5)}&au={first + timedelta(days=20)}" in text
            assert client.get(path(re.search(rf"\S+{page}\S+", text)[0])).status_code == 200
            answer = client.get(path(re.search(r"\S+/dates\.ics", text)[0]))
            (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
            assert event.decoded("dtstart") == first + timedelta(days=5)
            assert event.decoded("dtend") == first + timedelta(days=21), "the day after the last one"
            assert DOCTOR not in answer.text
            assert PUBLISHER not in answer.text

    def test_no_file_of_days_before_both_agreed(self, client, asked):
        for purpose, name in ((introductions.ANSWER, "needs_answer_days"), (introductions.REQUEST, "needs_request_days")):
            assert client.get(reverse(f"contacts:{name}", args=[signed.sign(purpose, asked)])).status_code == 404

    @pytest.mark.parametrize("answer", [Answer.NO, Answer.LATER])
    def test_no_and_later_tell_nothing_of_the_doctor(self, asked, now, answer):
        introductions.answer(match=asked, answer=answer, at=now)
        assert last().recipient == PUBLISHER
        assert introductions.OUTCOMES[answer] in last().text
        assert all(DOCTOR not in words for recipient, words in everything() if recipient == PUBLISHER)

    def test_the_first_yes_or_no_holds(self, asked, now):
        introductions.answer(match=asked, answer=Answer.NO, at=now)
        introductions.answer(match=asked, answer=Answer.YES, at=now)
        asked.refresh_from_db()
        assert (asked.answer, asked.introduced_at) == (Answer.NO, None)

    def test_yes_to_what_is_over_is_nothing(self, asked, now):
        offer_actions.fill(offer=asked.offer, at=now)
        with pytest.raises(introductions.NotAvailable):
            introductions.answer(match=asked, answer=Answer.YES, at=now)
        assert not Mail.objects.filter(event__startswith="contacts.need_introduced").exists()

    def test_the_database_refuses_an_introduction_that_nobody_agreed_to(self, asked, now):
        with pytest.raises(IntegrityError), transaction.atomic():
            NeedMatch.objects.update(introduced_at=now)


class TestFollowing:
    def steps(self, now, *days):
        return [introductions.follow(at=now + timedelta(days=count, minutes=1)) for count in days]

    def test_reminded_on_day_three_closed_on_day_seven(self, asked, now):
        assert self.steps(now, 2, 3, 4, 6, 7, 8) == [0, 1, 0, 0, 1, 0]
        assert [message.event.split(":")[0] for message in Mail.objects.order_by("pk")][-1] == "contacts.need_outcome"
        assert introductions.OUTCOMES[Answer.SILENT] in last().text

    def test_later_asks_again_after_a_week(self, asked, now):
        introductions.answer(match=asked, answer=Answer.LATER, at=now)
        assert self.steps(now, 6, 7, 8) == [0, 1, 0]
        assert last().recipient == DOCTOR

    def test_a_late_yes_still_counts(self, asked, now):
        self.steps(now, 8)
        introductions.answer(match=asked, answer=Answer.YES, at=now + timedelta(days=9))
        assert Mail.objects.filter(event__startswith="contacts.need_introduced").count() == 2

    @pytest.mark.parametrize("verb", [needs_actions.stop, needs_actions.erase])
    def test_a_doctor_who_leaves_leaves_nobody_waiting(self, asked, now, verb):
        verb(need=asked.need, at=now)
        assert (last().recipient, introductions.OUTCOMES[Answer.SILENT] in last().text) == (PUBLISHER, True)

    def test_an_offer_that_is_filled_ends_the_request(self, asked, now):
        offer_actions.fill(offer=asked.offer, at=now)
        assert self.steps(now, 1, 2) == [1, 0]

    @pytest.mark.parametrize("was_read", [True, False])
    def test_an_offer_that_is_filled_blames_nobody_and_forgets_nobody(self, client, asked, now, was_read):
        if was_read:
            Mail.objects.update(state="sent", sent_at=now)
        offer_actions.fill(offer=asked.offer, at=now)
        self.steps(now, 1, 2)
        asked.refresh_from_db()
        told = {message.recipient: message.text for message in Mail.objects.exclude(event__startswith="contacts.need_asked")}
        assert asked.answer == Answer.OVER
        assert introductions.OUTCOMES[Answer.OVER] in told[PUBLISHER]
        assert ("vous n’avez rien à répondre" in told.get(DOCTOR, "")) is was_read
        assert Mail.objects.filter(event=f"contacts.need_asked:{asked.pk}:first").exists() is was_read
        assert "sans réponse" not in client.get(path(keep_url(asked.need))).text

    def test_one_that_comes_back_may_still_be_answered(self, asked, now):
        offer_actions.pause(offer=asked.offer, at=now)
        self.steps(now, 1)
        with pytest.raises(introductions.NotAvailable):
            introductions.answer(match=asked, answer=Answer.NO, at=now + timedelta(days=1))
        offer_actions.publish(offer=asked.offer, at=now + timedelta(days=2))
        introductions.answer(match=asked, answer=Answer.YES, at=now + timedelta(days=2))
        assert NeedMatch.objects.get().introduced_at


class TestPages:
    def test_a_get_asks_nobody(self, client, shown):
        response = client.get(path(introductions.request_url(shown)))
        assert (response.status_code, Mail.objects.count()) == (200, 0)
        assert DOCTOR not in response.content.decode()
        assert not response.cookies

    def test_one_button_each_and_both_are_in_touch(self, client, shown):
        assert "Nous posons la question" in client.post(path(introductions.request_url(shown))).content.decode()
        answer = path(introductions.answer_url(shown, Answer.YES))
        assert PUBLISHER not in client.get(answer).content.decode()
        assert NeedMatch.objects.get().introduced_at is None
        assert "vous recevez tous deux" in client.post(answer).content.decode()
        assert NeedMatch.objects.get().introduced_at

    @pytest.mark.parametrize("answer", [Answer.YES, Answer.NO, Answer.LATER, Answer.SILENT, Answer.OVER])
    def test_a_publisher_reads_what_the_doctor_said(self, client, asked, now, answer):
        if answer == Answer.SILENT:
            introductions.follow(at=now + timedelta(days=7))
        elif answer == Answer.OVER:
            offer_actions.fill(offer=asked.offer, at=now)
            introductions.follow(at=now)
        else:
            introductions.answer(match=asked, answer=answer, at=now)
        url, said = path(introductions.request_url(asked)), REQUESTED[answer]
        for words in (client.get(url).content.decode(), client.post(url).content.decode()):
            assert said in words
            assert "Nous posons la question" not in words

    def test_the_link_of_one_opens_nothing_of_the_other(self, client, asked):
        token = introductions.request_url(asked).rstrip("/").rpartition("/")[2]
        assert client.post(reverse("contacts:needs_answer", args=[token, "yes"])).status_code == 404

    @pytest.mark.parametrize("answer", ["silent", "x", "YES", "0"])
    def test_an_invented_answer_is_nowhere(self, client, asked, answer):
        url = path(introductions.answer_url(asked, Answer.YES)).replace("/yes/", f"/{answer}/")
        assert client.post(url).status_code == 404

    def test_a_doctor_who_is_gone_is_said_to_be(self, client, shown, now):
        needs_actions.stop(need=shown.need, at=now)
        assert "n’est plus disponible" in client.post(path(introductions.request_url(shown))).content.decode()

    @pytest.mark.parametrize("every", [False, True])
    def test_a_publisher_stops_in_one_click(self, client, shown, every):
        url = path(matches.mute_url(shown.offer, every=every))
        client.get(url)
        assert not AvailabilityMute.objects.exists()
        assert "C’est fait" in client.post(url, {"List-Unsubscribe": "One-Click"}).content.decode()
        assert AvailabilityMute.objects.get().offer == (None if every else shown.offer)

    def test_a_link_that_is_too_old_is_replaced_on_demand(self, client, shown, now):
        url = path(introductions.request_url(shown))
        with time_machine.travel(now + timedelta(days=61), tick=False):
            assert client.get(url).status_code == 410
            client.post(url)
            client.post(url)
        message = Mail.objects.get(event__startswith="contacts.need_request_link:")
        assert message.recipient == PUBLISHER
        assert DOCTOR not in message.text
        assert "/disponibilites/demande/" in message.text

    def test_the_doctor_gets_the_question_again(self, client, asked, now):
        url = path(introductions.answer_url(asked, Answer.YES))
        with time_machine.travel(now + timedelta(days=61), tick=False):
            Need.objects.update(expires_at=now + timedelta(days=90))
            Opportunity.objects.update(expires_at=now + timedelta(days=90))
            client.post(url)
        message = Mail.objects.get(event__startswith=f"contacts.need_asked:{asked.pk}:link")
        assert (message.recipient, message.text.count("/disponibilites/reponse/")) == (DOCTOR, 3)


def test_no_page_mail_or_file_shows_an_address_before_both_agreed(client, asked, now):
    """Everything that is not the private page of one of them."""
    matches.tell_publishers(at=now)
    introductions.answer(match=asked, answer=Answer.LATER, at=now)
    for recipient, words in everything():
        assert (PUBLISHER if recipient == DOCTOR else DOCTOR) not in words
    pages = [
        reverse("contacts:needs_counts"),
        reverse("contacts:needs_counts_csv"),
        reverse("contacts:needs_new"),
        asked.offer.get_absolute_url(),
        reverse("opportunities:offer_list"),
        reverse("opportunities:offer_feed"),
        path(introductions.request_url(asked)),
        path(introductions.answer_url(asked, Answer.YES)),
        path(keep_url(asked.need)),
    ]
    for page in pages:
        words = client.get(page).content.decode()
        assert DOCTOR not in words, page
        assert PUBLISHER not in words, page


def test_the_team_reads_who_agreed_and_when(client, asked, now):
    introductions.answer(match=asked, answer=Answer.YES, at=now)
    client.force_login(SuperuserFactory())
    words = client.get(reverse("admin:contacts_need_change", args=[asked.need_id])).content.decode()
    assert "mis en relation le 15 juin 2026 à 10:00" in words
    assert "réponse\u00a0: oui le 15 juin 2026" in words
