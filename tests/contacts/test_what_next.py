"""After a yes: days, contract, diary and rooms for both; after the last day: three questions to who replaced."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from contacts import tasks
from contacts.actions import afterwords, endings, letters
from contacts.actions import conversations as verbs
from contacts.enums import Handover, Reply, Side, Stage
from contacts.models import Afterword, Conversation
from core import french, mail
from core.models import Mail
from opportunities.enums import LocationPrecision
from opportunities.models import Opportunity
from tests.accounts.factories import SuperuserFactory
from tests.contacts.life import link, to, work
from tests.contacts.test_conversations import DOCTOR, PUBLISHER, relayed
from tests.opportunities.factories import OpportunityFactory

pytestmark = pytest.mark.django_db

ANSWERS = {"took_place": "yes", "would_return": "maybe", "settling": "later", "text": "Une belle équipe."}


@pytest.fixture
def days(now):
    first = timezone.localdate(now) + timedelta(days=10)
    return first, first + timedelta(days=11)


@pytest.fixture
def offer(days):
    return OpportunityFactory(
        locum=True,
        starts_on=days[0],
        ends_on=days[1],
        contact_email=PUBLISHER,
        contact_name="Docteur Exemple",
        town="Sault",
        title="Été à Sault",
    )


@pytest.fixture
def met(smtp, offer, days, now):
    """A conversation whose publisher said yes to a part of the days."""
    conversation = relayed(offer, now, starts_on=days[0] + timedelta(days=2), ends_on=days[0] + timedelta(days=4))
    return yes(conversation, now)


def yes(conversation, at):
    verbs.answer(conversation=conversation, reply=Reply.INTERESTED, at=at)
    mail.deliver_due(at=at)
    conversation.refresh_from_db()
    return conversation


def page(client, conversation):
    return client.get(letters.path_of(letters.follow_url(conversation)))


def filled(answer):
    """The labels of the filled buttons of a page."""
    main = answer.text.partition("<main")[2].partition("</main>")[0]
    return re.findall(r'<(?:a|button) class="btn(?: btn--wide)?"[^>]*>([^<]*)<', main)


class TestDaysOfAnAuthor:
    @pytest.mark.parametrize(
        ("first", "last", "words"),
        [
            (0, 11, "toutes celles de l’offre"),
            (2, 4, "une partie de celles de l’offre (du "),
            (2, 20, "(l’offre dit du "),
        ],
    )
    def test_the_publisher_reads_how_they_lie_beside_those_of_the_offer(self, offer, days, now, smtp, first, last, words):
        relayed(offer, now, starts_on=days[0] + timedelta(days=first), ends_on=days[0] + timedelta(days=last))
        assert words in to(smtp, PUBLISHER)[-1].get_body(("plain",)).get_content()

    def test_a_part_that_will_do_is_asked_for_and_never_filled_in(self, client, offer, days):
        url = reverse("contacts:write_offer", args=[offer.pk])
        whole = client.get(url).text
        assert f'value="{days[0]}"' in whole
        assert "Une partie" not in whole
        Opportunity.objects.filter(pk=offer.pk).update(partial_coverage=True)
        part = client.get(url).text
        assert f'value="{days[0]}"' not in part
        assert f"Dates de l’offre\u00a0: {french.date_range(*days)}. Une partie des dates convient aussi" in part

    def test_other_offers_say_nothing_of_a_part(self, client, now):
        offer = OpportunityFactory(contact_email=PUBLISHER, partial_coverage=True)
        assert "Une partie" not in client.get(reverse("contacts:write_offer", args=[offer.pk])).text

    def test_who_names_no_days_where_a_part_will_do_agreed_to_none(self, client, offer, days, now, smtp):
        Opportunity.objects.filter(pk=offer.pk).update(partial_coverage=True)
        offer.refresh_from_db()
        conversation = yes(relayed(offer, now), now)
        assert "Les dates dont vous parlez" not in page(client, conversation).text
        with time_machine.travel(now + timedelta(days=24), tick=False):
            assert "Trois questions" in page(client, conversation).text, "over, whichever part it was"

    def test_an_offer_without_days_says_nothing_of_them(self, days, now, smtp):
        offer = OpportunityFactory(contact_email=PUBLISHER)
        conversation = relayed(offer, now, starts_on=days[0], ends_on=days[1])
        told = dict(letters.facts(conversation))["Dates"]
        assert "offre" not in told


class TestAfterAYes:
    def test_both_mails_say_the_days_the_order_and_where_to_sleep(self, met, days, smtp):
        first, last = days[0] + timedelta(days=2), days[0] + timedelta(days=4)
        for address in (DOCTOR, PUBLISHER):
            text = to(smtp, address)[-1].get_body(("plain",)).get_content()
            for words in ("L.\u00a04113-9", "l’article\u00a086", "/s-installer/remplacer/", "modeles-contrats", "dates.ics"):
                assert words in text, (address, words)
            assert f"lieu=commune-84123&du={first}&au={last}" in text

    def test_both_pages_say_it_and_give_the_days_to_a_diary(self, client, met, offer, days):
        for url, side in ((letters.follow_url(met), Side.SENDER), (letters.answer_url(met), Side.RECIPIENT)):
            shown = client.get(letters.path_of(url))
            path = letters.path_of(letters.calendar_url(met, side))
            assert path in shown.text
            answer = client.get(path)
            (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
            assert event.decoded("dtstart") == days[0] + timedelta(days=2)
            assert event.decoded("dtend") == days[0] + timedelta(days=5), "the day after the last one"
            assert offer.title in event["summary"]
            assert DOCTOR not in answer.text
            assert PUBLISHER not in answer.text

    def test_before_a_yes_the_yes_is_the_filled_button_and_after_it_the_next_message(self, client, offer, days, now):
        conversation = relayed(offer, now, starts_on=days[0], ends_on=days[1])
        path = letters.path_of(letters.answer_url(conversation))
        assert filled(client.get(path)) == ["Je suis intéressé"]
        yes(conversation, now)
        assert filled(client.get(path)) == ["Envoyer ce message"]

    def test_once_in_touch_one_closes_and_asks_for_help_and_waits_for_no_answer(self, client, met):
        shown = page(client, met).text
        assert "Clore cette conversation" in shown
        assert "Demander l’aide de l’équipe" in shown
        assert "plus besoin de réponse" not in shown
        assert shown.index('class="thread"') < shown.index('id="suite"')

    def test_nothing_of_it_before(self, client, offer, days, now):
        conversation = relayed(offer, now, starts_on=days[0], ends_on=days[1])
        assert "4113" not in page(client, conversation).text
        for side in (Side.SENDER, Side.RECIPIENT):
            assert client.get(letters.path_of(letters.calendar_url(conversation, side))).status_code == 404

    def test_a_place_that_readers_are_not_told_is_in_no_link(self, client, offer, met):
        offer.location_precision = LocationPrecision.EPCI
        offer.save()
        said = page(client, met).text
        assert "Se loger près du cabinet" in said
        assert "84123" not in said

    def test_an_offer_without_a_contract_for_the_order_says_nothing_of_one(self, client, now):
        offer = OpportunityFactory(contact_email=PUBLISHER)
        offer.kind.contract_to_order = False
        offer.kind.save()
        said = page(client, yes(relayed(offer, now), now)).text
        assert "Se loger près du cabinet" in said
        assert "4113" not in said

    def test_a_link_of_one_side_opens_no_file_of_the_other(self, client, met):
        token = letters.calendar_url(met, Side.SENDER).split("/")[-2]
        assert client.get(reverse("contacts:conversation_answer_days", args=[token])).status_code == 404


class TestThreeQuestions:
    def over(self, met, **delay):
        return timezone.make_aware(timezone.datetime.combine(met.ends_on, timezone.datetime.min.time())) + timedelta(**delay)

    def test_they_are_asked_once_two_days_after_the_last_one(self, met, smtp):
        before = len(to(smtp, DOCTOR))
        work(self.over(met, days=1, hours=12), tasks.ask_afterwords)
        assert len(to(smtp, DOCTOR)) == before
        for days in (2, 2, 3, 30):
            work(self.over(met, days=days, hours=12), tasks.ask_afterwords)
        asked = to(smtp, DOCTOR)[before:]
        assert [message["Subject"].split("\u00a0:")[0].strip() for message in asked] == ["Trois questions, après"]

    def test_after_a_long_outage_nobody_is_asked(self, met, smtp):
        before = len(to(smtp, DOCTOR))
        work(self.over(met, days=60), tasks.ask_afterwords)
        assert len(to(smtp, DOCTOR)) == before

    def test_nobody_is_asked_without_a_yes(self, offer, days, now, smtp):
        conversation = relayed(offer, now, starts_on=days[0], ends_on=days[1])
        assert afterwords.ask(at=self.over(conversation, days=3)) == 0

    def test_the_answers_reach_the_team_and_not_the_publisher(self, client, met, smtp):
        at = self.over(met, days=2, hours=12)
        work(at, tasks.ask_afterwords)
        url = link(to(smtp, DOCTOR)[-1], "/contact/suivi/")
        with time_machine.travel(at, tick=False):
            assert "Trois questions" in client.get(url).text
            answer = client.post(url, {"verb": "after", **ANSWERS})
            said = client.get(answer.url).text
            assert "l’annonceur ne les lit pas" in said
            assert "Trois questions" not in said
            client.post(url, {"verb": "after", **ANSWERS, "settling": "yes"})
            theirs = client.get(letters.path_of(letters.answer_url(met))).text
            client.force_login(SuperuserFactory())
            screen = client.get(reverse("admin:contacts_conversation_change", args=[met.pk])).text
        assert Afterword.objects.get().settling == "later", "the first answer holds"
        assert "Une belle équipe." in screen
        assert "Une belle équipe." not in theirs
        assert Conversation.objects.get().stage == Stage.ANSWERED, "nobody asked for a call"

    def test_a_missing_answer_loses_nothing(self, client, met):
        with time_machine.travel(self.over(met, days=3), tick=False):
            answer = client.post(letters.path_of(letters.follow_url(met)), {"verb": "after", **ANSWERS, "settling": ""})
        assert "Rien n’est perdu" in answer.text
        assert "Une belle équipe." in answer.text
        assert not Afterword.objects.exists()

    def test_nobody_answers_before_the_end(self, client, met, now):
        client.post(letters.path_of(letters.follow_url(met)), {"verb": "after", **ANSWERS})
        assert not Afterword.objects.exists()

    @pytest.mark.parametrize("classified", [False, True])
    def test_a_call_that_is_asked_for_reaches_the_team(self, client, met, classified):
        at = self.over(met, days=3)
        if classified:
            endings.settle(conversation=met, actor=SuperuserFactory(), at=at)
        with time_machine.travel(at, tick=False):
            client.post(letters.path_of(letters.follow_url(met)), {"verb": "after", **ANSWERS, "call_asked": "on"})
        met.refresh_from_db()
        assert (met.stage, met.handover, met.closed_at) == (Stage.ADVISER, Handover.CALL, None)
        assert Mail.objects.about(met).filter(event__startswith=f"contacts.team:{met.pk}").exists()

    @pytest.mark.parametrize("reply", [None, Reply.NO, Reply.FILLED])
    def test_no_word_of_the_publisher_takes_a_call_from_the_team(self, met, reply):
        at = self.over(met, days=3)
        afterwords.answer(conversation=met, values=ANSWERS | {"call_asked": True}, at=at)
        if reply:
            verbs.answer(conversation=met, reply=reply, at=at)
        else:
            verbs.say(conversation=met, side=Side.RECIPIENT, text="Merci encore.", at=at)
        met.refresh_from_db()
        assert (met.stage, met.with_team, met.closed_at) == (Stage.ADVISER, True, None)
        verbs.say(conversation=met, side=Side.ADVISER, text="Parlons-en jeudi.", at=at, actor=SuperuserFactory())
        met.refresh_from_db()
        assert met.stage == Stage.ANSWERED

    def test_nobody_is_asked_once_the_answer_became_a_no(self, client, met):
        verbs.answer(conversation=met, reply=Reply.NO, at=self.over(met))
        with time_machine.travel(self.over(met, days=3), tick=False):
            assert "Trois questions" not in page(client, met).text
            assert afterwords.ask(at=timezone.now()) == 0

    def test_who_did_not_go_need_not_say_whether_they_would_return(self, client, met):
        with time_machine.travel(self.over(met, days=3), tick=False):
            url = letters.path_of(letters.follow_url(met))
            refused = client.post(url, {"verb": "after", **ANSWERS, "would_return": ""})
            assert "Dites si vous reviendriez." in refused.text
            client.post(url, {"verb": "after", "took_place": "other", "settling": "no"})
        assert Afterword.objects.get().took_place == "other"

    def test_both_forms_of_the_page_have_names_of_their_own(self, client, met):
        with time_machine.travel(self.over(met, days=3), tick=False):
            found = re.findall(r' id="([^"]+)"', page(client, met).text)
        assert "after_text" in found
        assert sorted(found) == sorted(set(found))

    def test_erasing_takes_the_words_away(self, met):
        at = self.over(met, days=3)
        afterwords.answer(conversation=met, values=ANSWERS, at=at)
        endings.erase(conversation=met, at=at)
        assert Afterword.objects.get().text == ""
