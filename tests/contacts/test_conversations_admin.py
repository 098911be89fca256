"""The team sees every conversation by state and age, and acts on it."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

from contacts.actions import chasing, letters
from contacts.actions import conversations as verbs
from contacts.admin import bridges
from contacts.admin.conversations import ConversationAdmin
from contacts.enums import Handover, Outcome, Reply, Settling, Side, Stage, Target, TookPlace
from contacts.models import Afterword, Conversation, Recipient
from core import mail
from core.models import Mail
from opportunities.models import OfferOutcome
from tests.accounts.factories import SuperuserFactory, UserFactory
from tests.agenda.factories import EventFactory
from tests.contacts.test_conversations import DOCTOR, VALUES
from tests.housing.factories import DwellingFactory
from tests.opportunities.factories import OpportunityFactory
from tests.territories.factories import real_commune

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client):
    client.force_login(SuperuserFactory())
    return client


@pytest.fixture
def conversation(now):
    offer = OpportunityFactory(contact_email="cabinet@exemple.org")
    return verbs.write(target=Target.OFFER, offer=offer, values=VALUES, confirmed=True, at=now)


def press(client, conversation, verb, text=""):
    return client.post(reverse("admin:contacts_conversation_verb", args=[conversation.pk, verb]), {"text": text}, follow=True)


def test_the_list_and_the_screen_are_read(staff, conversation, django_assert_num_queries):
    page = staff.get(reverse("admin:contacts_conversation_changelist") + "?stage__exact=waiting&age=2")
    assert page.status_code == 200
    html = staff.get(reverse("admin:contacts_conversation_change", args=[conversation.pk])).content.decode()
    for words in ("Claire Vidal", "Je peux venir en mars.", "n’a pas encore répondu", "Message transmis", "Envoyer cette réponse"):
        assert words in html


def test_the_screen_begins_with_what_was_said_and_what_to_do(staff, conversation):
    html = staff.get(reverse("admin:contacts_conversation_change", args=[conversation.pk])).content.decode()
    places = [html.index(words) for words in ("Ce qui s’est dit", "Que faire", "Qui écrit", "Les étapes")]
    assert places == sorted(places)
    assert html.count("Je peux venir en mars.") == 1
    assert "field-name" in html
    for empty in ("field-topic", "field-phone", "field-adviser", "field-after", "Après le remplacement"):
        assert empty not in html, empty


def test_the_screen_says_what_the_author_reads(staff, client, conversation, now):
    from contacts.rules import conversations as rules

    at = now + timedelta(days=7, hours=1)
    mail.deliver_due(at=now)
    with time_machine.travel(at, tick=False):
        chasing.chase(at=at)
        conversation.refresh_from_db()
        title, _ = rules.stands(conversation)
        screen = staff.get(reverse("admin:contacts_conversation_change", args=[conversation.pk])).content.decode()
        page = client.get(letters.path_of(letters.follow_url(conversation))).content.decode()
    assert title in screen
    assert title in page
    assert title == "L’équipe VSA suit votre message"
    assert Mail.objects.filter(recipient=DOCTOR, subject__contains="prend votre message en main").exists()


def test_an_answer_of_the_team_reaches_its_author(staff, conversation, now):
    press(staff, conversation, "take")
    assert "Écrivez d’abord" in press(staff, conversation, "reply").content.decode()
    press(staff, conversation, "reply", "Bonjour, l'équipe a joint le cabinet : rappelez demain.")
    conversation.refresh_from_db()
    assert conversation.stage == Stage.ANSWERED
    told = Mail.objects.get(event__startswith="contacts.more_sender")
    assert "l’équipe a joint le cabinet\u00a0: rappelez demain." in told.text
    press(staff, conversation, "settle")
    conversation.refresh_from_db()
    assert conversation.stage == Stage.CLOSED
    assert "déjà close" in press(staff, conversation, "settle").content.decode()


def test_a_word_for_the_author_may_leave_the_conversation_to_follow(staff, conversation):
    press(staff, conversation, "take")
    assert "reste à suivre" in press(staff, conversation, "keep", "Je demande au cabinet et je reviens vers vous.").content.decode()
    conversation.refresh_from_db()
    assert conversation.stage == Stage.ADVISER
    assert "je reviens vers vous" in Mail.objects.get(event__startswith="contacts.more_sender").text


LINKS = "Voyez https://un.example https://deux.example https://trois.example merci"


class TestAWordKeptBack:
    """A further word that looks doubtful reaches its recipient once somebody of the team has read it."""

    @pytest.fixture
    def asked(self, conversation, now):
        verbs.answer(conversation=conversation, reply=Reply.QUESTION, text="Qui êtes-vous ?", at=now)
        verbs.say(conversation=conversation, side=Side.SENDER, text=LINKS, at=now)
        return conversation

    def follow(self, client, conversation):
        return client.get(letters.path_of(letters.follow_url(conversation))).text

    def pass_on(self, staff, conversation, word):
        return staff.post(reverse("admin:contacts_conversation_verb", args=[conversation.pk, "pass"]), {"word": word}, follow=True).text

    def test_it_is_passed_on_and_awaits_an_answer(self, staff, client, asked, now):
        assert "L’équipe relit votre dernier message" in self.follow(client, asked)
        screen = staff.get(reverse("admin:contacts_conversation_change", args=[asked.pk])).text
        word = asked.messages.get(text=LINKS)
        assert "Transmettre ce mot" in screen
        assert f'name="word" value="{word.pk}"' in screen
        assert "est transmis" in self.pass_on(staff, asked, word.pk)
        asked.refresh_from_db()
        assert asked.stage == Stage.WAITING
        assert "https://un.example" in Mail.objects.get(event__startswith="contacts.more_recipient").text
        assert LINKS in client.get(letters.path_of(letters.answer_url(asked))).text
        verbs.say(conversation=asked, side=Side.SENDER, text="Et merci encore.", at=now)
        assert Mail.objects.filter(event__startswith="contacts.more_recipient").count() == 2, "later words go straight to the recipient"
        assert "n’attend pas, ou plus" in self.pass_on(staff, asked, word.pk)
        assert Mail.objects.filter(event__startswith="contacts.more_recipient").count() == 2

    @pytest.mark.parametrize("verb", ["reply", "keep"])
    def test_once_the_team_has_answered_nothing_waits_to_be_read_and_it_may_still_be_passed_on(self, staff, client, asked, now, verb):
        press(staff, asked, verb, "Que vend ce site ?")
        page = self.follow(client, asked)
        assert "relit" not in page
        assert "à relire" not in page
        verbs.say(conversation=asked, side=Side.SENDER, text="Rien : ce sont mes publications.", at=now)
        told, word = asked.messages.get(text__startswith="Rien"), asked.messages.get(text=LINKS)
        assert "n’attend pas, ou plus" in self.pass_on(staff, asked, told.pk), "it was said to the team"
        assert "est transmis" in self.pass_on(staff, asked, word.pk)
        asked.refresh_from_db()
        assert asked.stage == Stage.WAITING

    @pytest.fixture
    def kept(self, conversation, now):
        verbs.say(conversation=conversation, side=Side.SENDER, text=LINKS, at=now)
        return conversation

    @pytest.mark.parametrize("by_word", [True, False])
    def test_an_answer_of_the_recipient_does_not_take_it_from_the_team(self, staff, client, kept, now, by_word):
        if by_word:
            verbs.say(conversation=kept, side=Side.RECIPIENT, text="Qui êtes-vous ?", at=now)
        else:
            verbs.answer(conversation=kept, reply=Reply.QUESTION, text="Qui êtes-vous ?", at=now)
        assert kept in Conversation.objects.for_team()
        page = self.follow(client, kept)
        assert ("Vous avez une réponse" if by_word else "On vous pose une question") in page
        assert "relit ce que vous avez écrit" in page
        assert str(kept) in staff.get(reverse("admin:contacts_conversation_changelist"), {"equipe": "oui"}).text
        assert "est transmis" in self.pass_on(staff, kept, kept.messages.get(text=LINKS).pk)
        assert kept not in Conversation.objects.for_team()

    def test_a_yes_lets_it_go_as_the_words_that_follow(self, client, kept, now):
        verbs.answer(conversation=kept, reply=Reply.INTERESTED, at=now)
        assert kept not in Conversation.objects.for_team()
        assert LINKS in client.get(letters.path_of(letters.answer_url(kept))).text
        assert Mail.objects.filter(event__startswith="contacts.more_recipient").count() == 1

    def test_a_no_ends_it(self, kept, now):
        verbs.answer(conversation=kept, reply=Reply.NO, at=now)
        assert kept.stage == Stage.CLOSED
        assert kept not in Conversation.objects.for_team()

    def test_who_asked_for_the_team_keeps_it_until_it_has_spoken(self, client, conversation, now):
        verbs.ask_team(conversation=conversation, at=now)
        verbs.answer(conversation=conversation, reply=Reply.QUESTION, text="Quand ?", at=now)
        assert conversation in Conversation.objects.for_team()
        page = self.follow(client, conversation)
        assert "On vous pose une question" in page
        assert "L’équipe VSA suit aussi votre message" in page
        verbs.say(conversation=conversation, side=Side.SENDER, text="En mars.", at=now)
        assert Mail.objects.filter(event__startswith="contacts.more_recipient").count() == 1, "the answer goes to who asked"
        assert conversation in Conversation.objects.for_team()
        verbs.say(conversation=conversation, side=Side.ADVISER, text="Nous les avons appelés.", at=now)
        assert conversation not in Conversation.objects.for_team()

    @pytest.mark.parametrize("word", ["", "0", "x", "9" * 30])
    def test_nothing_else_is_passed_on(self, staff, asked, word):
        assert "n’attend pas, ou plus" in self.pass_on(staff, asked, word)

    def test_what_an_author_told_the_team_is_not(self, staff, conversation, now):
        press(staff, conversation, "take")
        verbs.say(conversation=conversation, side=Side.SENDER, text="Entre nous, ce cabinet est loin.", at=now)
        word = conversation.messages.get(side=Side.SENDER)
        assert "Transmettre ce mot" not in staff.get(reverse("admin:contacts_conversation_change", args=[conversation.pk])).text
        assert "n’attend pas, ou plus" in self.pass_on(staff, conversation, word.pk)
        word.refresh_from_db()
        assert not word.to_recipient


class TestHeld:
    """A first message that waits for a reading."""

    @pytest.fixture
    def held(self, now):
        offer = OpportunityFactory(contact_email="cabinet@exemple.org")
        return verbs.write(target=Target.OFFER, offer=offer, values=VALUES, doubts="trois liens", confirmed=True, at=now)

    def test_the_team_hears_of_it_at_once(self, held):
        told = Mail.objects.get(recipient="equipe@example.org")
        assert "trois liens" in told.text
        assert reverse("admin:contacts_conversation_change", args=[held.pk]) in told.text

    def test_its_queue_turns_red_after_a_working_day(self, held):
        screen = ConversationAdmin(Conversation, admin.site)
        queues = (screen.work_queues(None, held.moved_at + timedelta(hours=hours)) for hours in (1, 4 * 24))
        tones = [queue.tone for found in queues for queue in found if queue.code == "messages-retenus"]
        assert tones == ["ochre", "brick"]

    def test_its_author_may_take_it_back(self, client, held):
        path = letters.path_of(letters.follow_url(held))
        assert "Je n’ai plus besoin de réponse" in client.get(path).text
        client.post(path, {"verb": "withdraw"})
        held.refresh_from_db()
        assert (held.stage, held.outcome) == (Stage.CLOSED, Outcome.WITHDRAWN)
        assert Mail.objects.filter(recipient="equipe@example.org", event__startswith="contacts.withdrawn_team").count() == 1


def test_links_are_made_void(staff, client, conversation):
    url = letters.path_of(letters.answer_url(conversation))
    press(staff, conversation, "revoke")
    assert client.get(url).status_code == 404


@pytest.mark.parametrize("verb", ["release", "refuse", "autre"])
def test_a_verb_that_does_not_fit_changes_nothing(staff, conversation, verb):
    before = Conversation.objects.values().get()
    page = press(staff, conversation, verb, "motif")
    assert page.status_code == 200
    assert Conversation.objects.values().get() == before


def test_the_queues_of_the_first_page(staff, conversation, now):
    press(staff, conversation, "take")
    verbs.write(
        target=Target.OFFER,
        offer=conversation.offer,
        values=VALUES | {"text": "Voyez ces trois pages."},
        doubts="trois liens",
        confirmed=True,
        at=now,
    )
    html = staff.get(reverse("admin:index")).content.decode()
    assert "Messages à suivre" in html
    assert "trois liens" in html


def test_an_export_of_nothing_is_deleted(staff, conversation, now):
    unconfirmed = verbs.write(target=Target.OFFER, offer=conversation.offer, values=VALUES, at=now)
    data = {"action": "forget", "_selected_action": [conversation.pk, unconfirmed.pk]}
    staff.post(reverse("admin:contacts_conversation_changelist"), data)
    assert list(Conversation.objects.all()) == [conversation]


def test_who_has_no_right_reads_and_does_nothing(client, conversation):
    client.force_login(UserFactory(is_staff=True))
    assert client.get(reverse("admin:contacts_conversation_changelist")).status_code == 403
    assert press(client, conversation, "settle").status_code == 403


def test_the_wishes_of_a_recipient_are_read(staff, conversation):
    recipient = Recipient.objects.get()
    assert staff.get(reverse("admin:contacts_recipient_changelist")).status_code == 200
    assert staff.get(reverse("admin:contacts_recipient_change", args=[recipient.pk])).status_code == 200


class TestBridges:
    """M34: what was linked, by territory, in numbers that name nobody."""

    def made(self, now, count, town="Sault", **values):
        offer = OpportunityFactory(contact_email="cabinet@exemple.org", town=town, **values)
        for number in range(count):
            one = verbs.write(target=Target.OFFER, offer=offer, values=VALUES | {"email": f"a{number}@exemple.org"}, confirmed=True, at=now)
            verbs.answer(conversation=one, reply=Reply.INTERESTED, at=now)

    def test_links_are_counted_by_territory_and_small_numbers_are_not_told(self, staff, now, django_assert_num_queries):
        self.made(now, 4)
        self.made(now, 2, town="Apt")
        self.made(now, 3, town="Orange", is_demo=True)
        with django_assert_num_queries(3):
            table = list(bridges.rows())
        assert [(name, *numbers) for name, *numbers in table] == [
            ("Pays d’Apt-Luberon", 2, 2, 2, 0, 0, 0),
            ("Ventoux Sud", 4, 4, 4, 0, 0, 0),
        ]
        page = staff.get(reverse("admin:contacts_bridges")).text
        assert "moins de 3" in page
        assert "Ventoux Sud;4;4;4;0;0;0" in staff.get(reverse("admin:contacts_bridges") + "?format=csv").text

    def test_stays_events_answers_of_the_team_and_replacements_are_links_too(self, now):
        town = real_commune("Sault")
        self.made(now, 1)
        replaced = Conversation.objects.get()
        Afterword.objects.create(conversation=replaced, took_place=TookPlace.PARTLY, settling=Settling.NO)
        day = timezone.localdate(now) + timedelta(days=40)
        dwelling = DwellingFactory(commune=town, offered=(day, day + timedelta(days=90)))
        nights = {"starts_on": day, "ends_on": day + timedelta(days=60)}
        room, event = (
            verbs.write(target=target, values=VALUES | values, confirmed=True, at=now, **about)
            for target, about, values in (
                (Target.ROOM, {"dwelling": dwelling}, nights),
                (Target.EVENT, {"event": EventFactory(commune=town)}, {}),
            )
        )
        verbs.answer(conversation=room, reply=Reply.ACCEPTED, at=now)
        verbs.hand_over(conversation=event, why=Handover.SILENCE, at=now)
        verbs.say(conversation=event, side=Side.ADVISER, text="L’organisateur vous attend.", at=now)
        offers = [OpportunityFactory(town="Sault", is_demo=is_demo) for is_demo in (True, True, False)]
        OfferOutcome.objects.bulk_create(OfferOutcome(opportunity=offer) for offer in offers)
        assert [numbers for _, *numbers in bridges.rows()] == [[3, 3, 2, 1, 1, 1]]

    def test_who_has_no_right_reads_none(self, client, now):
        client.force_login(UserFactory(is_staff=True))
        assert client.get(reverse("admin:contacts_bridges")).status_code == 403
