"""Somebody writes, somebody answers, and nobody waits in silence."""

from datetime import timedelta

import pytest
import time_machine
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from contacts.actions import chasing, endings, letters, steps
from contacts.actions import conversations as verbs
from contacts.enums import Handover, Outcome, Refusal, Reply, Side, Stage, Target
from contacts.models import Conversation, Message, Recipient
from contacts.rules import conversations as rules
from core import known, mail
from core.enums import MailState
from core.guard import fresh
from core.models import Mail
from opportunities import actions as offer_actions
from opportunities.enums import State
from tests.contacts.life import link, to
from tests.contacts.talks import DOCTOR, PUBLISHER, VALUES, relayed, told
from tests.opportunities.factories import OpportunityFactory

pytestmark = pytest.mark.django_db

PHONE = "04 90 00 00 00"


@pytest.fixture
def offer(now):
    return OpportunityFactory(contact_email=PUBLISHER, contact_name="Docteur Exemple", contact_phone=PHONE, title="Tous les jeudis")


def posted(**values):
    """A form as a browser sends it, some seconds after it was shown."""
    with time_machine.travel(timezone.now() - timedelta(seconds=20), tick=False):
        shown = fresh()
    return {**VALUES, "consent": "on", "shown": shown, **values}


def write(client, offer, **values):
    return client.post(reverse("contacts:write_offer", args=[offer.pk]), posted(**values))


class TestWriting:
    def test_nothing_leaves_before_the_address_is_confirmed(self, client, offer, smtp, now):
        page = write(client, offer)
        assert "Plus qu’un clic" in page.content.decode()
        mail.deliver_due(at=now)
        assert [message["To"] for message in smtp.messages] == [DOCTOR]
        assert Conversation.objects.get().stage == Stage.UNCONFIRMED

    def test_the_link_shows_one_button_and_its_post_sends(self, client, offer, smtp, now):
        write(client, offer)
        mail.deliver_due(at=now)
        url = link(smtp.messages[0], "/contact/confirmer/")
        shown = client.get(url)
        assert "Oui, envoyer mon message" in shown.content.decode()
        assert Conversation.objects.get().stage == Stage.UNCONFIRMED, "a mail scanner opens links"
        answer = client.post(url)
        conversation = Conversation.objects.get()
        assert conversation.stage == Stage.WAITING
        assert answer.url.startswith("/contact/suivi/")
        assert told(conversation) == ["confirm", "relay", "receipt"]
        client.post(url)
        assert told(conversation) == ["confirm", "relay", "receipt"], "twice sends once"

    def test_the_recipient_reads_facts_and_no_address(self, offer, smtp, now):
        relayed(offer, now, phone="06 12 34 56 78")
        (message,) = to(smtp, PUBLISHER)
        text = message.get_body(("plain",)).get_content()
        for words in ("Claire Vidal", "médecin thésé", "remplacer", "Je peux venir en mars.", "Je suis intéressé", "déjà pourvu"):
            assert words in text
        assert DOCTOR not in message.as_string()
        assert "06 12 34" not in text

    def test_the_author_learns_no_address_either(self, client, offer, smtp, now):
        conversation = relayed(offer, now)
        (receipt,) = to(smtp, DOCTOR)
        page = client.get(letters.path_of(letters.follow_url(conversation))).content.decode()
        assert PUBLISHER not in receipt.as_string() + page
        assert "Je peux venir en mars." in page
        assert "n’a pas encore répondu" in page

    def test_a_browser_that_confirmed_need_not_again(self, client, offer, now):
        client.cookies[known.COOKIE] = known.remember(HttpResponse(), DOCTOR).cookies[known.COOKIE].value
        answer = write(client, offer)
        assert answer.url.startswith("/contact/suivi/")
        assert Conversation.objects.get().stage == Stage.WAITING
        write(client, offer, email="autre@exemple.org")
        assert Conversation.objects.get(email="autre@exemple.org").stage == Stage.UNCONFIRMED

    @pytest.mark.parametrize(
        ("values", "words"),
        [
            ({"text": "ok"}, "Quelques mots de plus"),
            ({"text": "\u200b \u200b \u200b"}, "aucun caractère visible"),
            ({"text": "mon numéro est 2 84 05 84 007 123 45 merci"}, "sécurité sociale"),
            ({"email": "a@mailinator.com"}, "jetable"),
            ({"email": "pas une adresse"}, "adresse"),
            ({"standing": "roi"}, "roi"),
            ({"starts_on": "2027-03-10", "ends_on": "2027-03-01"}, "vient avant"),
            ({"starts_on": "9999-12-31"}, "date"),
            ({"consent": ""}, "Sans votre accord"),
            ({"site": "http://spam.example"}, "doit rester vide"),
            ({"phone": "bonjour"}, "numéro"),
            ({"name": "\0"}, "nul"),
        ],
    )
    def test_bad_input_is_told_and_nothing_is_lost(self, client, offer, values, words):
        page = write(client, offer, **values)
        html = page.content.decode()
        assert page.status_code == 200
        assert words in html
        assert Conversation.objects.count() == 0
        if "text" not in values:
            assert VALUES["text"] in html

    def test_an_offer_that_is_over_takes_no_message(self, client, now):
        over = OpportunityFactory(filled=True)
        assert client.get(reverse("contacts:write_offer", args=[over.pk])).url == over.get_absolute_url()
        draft = OpportunityFactory(draft=True)
        assert client.get(reverse("contacts:write_offer", args=[draft.pk])).status_code == 404

    def test_the_team_and_a_partner_are_written_to_in_the_same_way(self, client, now, shipped):
        from collective.models import Partner

        partner = Partner.objects.filter(active=True).first()
        for url in (reverse("contacts:write_adviser") + "?sujet=housing", reverse("contacts:write_partner", args=[partner.slug])):
            assert client.get(url).status_code == 200
            assert client.post(url, posted(topic="housing", email=f"a{len(url)}@exemple.org")).status_code == 200
        for conversation in Conversation.objects.order_by("pk"):
            verbs.confirm(conversation=conversation, at=now)
            assert told(conversation)[-1] == "receipt"
        assert Conversation.objects.filter(stage=Stage.ADVISER, handover=Handover.ADDRESSED).count() == 1


class TestAnswering:
    def answer(self, client, conversation, reply, **values):
        return client.post(letters.path_of(letters.answer_url(conversation)) + f"?choix={reply}", values)

    def test_interested_introduces_both(self, client, offer, smtp, now):
        conversation = relayed(offer, now)
        url = link(to(smtp, PUBLISHER)[0], "/contact/repondre/")
        shown = client.get(url).content.decode()
        assert DOCTOR not in shown
        assert Message.objects.count() == 0
        assert self.answer(client, conversation, "interested", text="Appelez-moi.").status_code == 302
        mail.deliver_due(at=now)
        assert PHONE in to(smtp, DOCTOR)[-1].get_body(("plain",)).get_content()
        assert PUBLISHER in to(smtp, DOCTOR)[-1].get_body(("plain",)).get_content()
        assert DOCTOR in to(smtp, PUBLISHER)[-1].get_body(("plain",)).get_content()
        assert DOCTOR in client.get(url).content.decode()
        conversation.refresh_from_db()
        assert (conversation.stage, conversation.outcome) == (Stage.ANSWERED, Outcome.INTERESTED)

    def test_a_question_goes_back_and_forth_without_addresses(self, client, offer, smtp, now):
        conversation = relayed(offer, now)
        assert self.answer(client, conversation, "question").status_code == 200, "a question says something"
        self.answer(client, conversation, "question", questions=["0", "3"], text="Et le jeudi ?")
        mail.deliver_due(at=now)
        question = to(smtp, DOCTOR)[-1]
        text = question.get_body(("plain",)).get_content()
        assert "Quelles sont vos dates exactes" in text
        assert "Et le jeudi" in text
        assert PUBLISHER not in question.as_string()
        follow = link(question, "/contact/suivi/")
        client.post(follow, {"verb": "say", "text": "Du 1er au 15 mars."})
        conversation.refresh_from_db()
        assert conversation.stage == Stage.WAITING
        mail.deliver_due(at=now)
        assert "Du 1er au 15 mars." in to(smtp, PUBLISHER)[-1].get_body(("plain",)).get_content()
        assert DOCTOR not in to(smtp, PUBLISHER)[-1].as_string()

    def test_no_has_a_reason_and_closes(self, client, offer, now):
        conversation = relayed(offer, now)
        assert self.answer(client, conversation, "no").status_code == 200
        self.answer(client, conversation, "no", refusal=Refusal.FOUND)
        conversation.refresh_from_db()
        assert (conversation.stage, conversation.outcome) == (Stage.CLOSED, Outcome.NO)
        assert "déjà pressenti" in Mail.objects.get(event__startswith="contacts.no:").text

    def test_filled_fills_the_offer_and_tells_everybody_who_waits(self, client, offer, now):
        conversation = relayed(offer, now)
        other = relayed(offer, now, email="autre@exemple.org")
        done = relayed(offer, now, email="fini@exemple.org")
        verbs.answer(conversation=done, reply=Reply.INTERESTED, at=now)
        self.answer(client, conversation, "filled")
        assert ProcrastinateJob.objects.filter(task_name="contacts.tasks.chase", status="todo").count() == 1
        chasing.chase(at=now)
        offer.refresh_from_db()
        other.refresh_from_db()
        done.refresh_from_db()
        assert offer.state == State.FILLED
        assert (other.stage, other.outcome) == (Stage.CLOSED, Outcome.GONE)
        assert told(other, "autre@exemple.org")[-1] == "gone"
        assert done.outcome == Outcome.INTERESTED

    def test_a_closed_conversation_takes_no_answer(self, client, offer, now):
        conversation = relayed(offer, now)
        endings.withdraw(conversation=conversation, at=now)
        page = self.answer(client, conversation, "interested")
        assert "close" in page.content.decode()
        with pytest.raises(steps.ConversationRefused):
            verbs.answer(conversation=conversation, reply=Reply.INTERESTED, at=now)
        assert not Message.objects.exists()

    def test_the_link_of_the_author_does_not_answer(self, client, offer, now):
        conversation = relayed(offer, now)
        token = letters.follow_url(conversation).rstrip("/").rpartition("/")[2]
        assert client.get(reverse("contacts:conversation_answer", args=[token])).status_code == 404


class TestWishes:
    def test_a_pause_and_a_cap_send_to_the_team(self, offer, now):
        recipient = Recipient.objects.create(email=PUBLISHER, monthly_cap=1)
        first = relayed(offer, now)
        second = relayed(offer, now, email="autre@exemple.org")
        assert (first.stage, second.handover) == (Stage.WAITING, Handover.CAPPED)
        recipient.paused = True
        recipient.save()
        assert relayed(offer, now, email="tiers@exemple.org").handover == Handover.PAUSED
        next_month = now + timedelta(days=20)
        assert next_month.month != now.month
        recipient.paused = False
        recipient.save()
        assert relayed(offer, next_month, email="juillet@exemple.org").stage == Stage.WAITING

    def test_the_publisher_sets_them_on_the_private_page(self, client, offer, now):
        from opportunities import private_link

        url = letters.path_of(private_link.keep_url(offer))
        for page in ("messages/", "reglages/"):
            assert client.get(url + page).status_code == 200
        bad = client.post(url + "reglages/", {"absent_from": "2026-07-01"})
        assert "premier et le dernier jour" in bad.content.decode()
        client.post(url + "reglages/", {"monthly_cap": "4", "absent_from": "2026-07-01", "absent_until": "2026-07-15"})
        assert Recipient.objects.get(email=PUBLISHER).monthly_cap == 4

    def test_the_promise_is_told_from_five_conversations_on(self, client, offer, now):
        past = now - timedelta(days=20)
        for number in range(5):
            page = client.get(reverse("contacts:write_offer", args=[offer.pk])).content.decode()
            assert "Répond d’ordinaire" not in page
            conversation = relayed(offer, past, email=f"a{number}@exemple.org")
            if number < 4:
                verbs.answer(conversation=conversation, reply=Reply.QUESTION, text="?", at=past + timedelta(hours=3))
        page = client.get(reverse("contacts:write_offer", args=[offer.pk])).content.decode()
        assert "Répond d’ordinaire en 3\u00a0heures, à 80\u00a0% des messages" in page


class TestHeld:
    def test_a_text_with_links_waits_for_the_team(self, client, offer, now):
        write(client, offer, text="Voyez https://un.example https://deux.example https://trois.example merci")
        conversation = Conversation.objects.get()
        verbs.confirm(conversation=conversation, at=now)
        assert conversation.stage == Stage.HELD
        assert told(conversation) == ["confirm", "held", "held_team"]
        assert told(conversation, "equipe@example.org") == ["held_team"]

    def test_released_it_leaves_refused_it_says_why(self, offer, now, django_user_model):
        from tests.accounts.factories import SuperuserFactory

        nadia = SuperuserFactory()
        first, second = (
            verbs.write(target=Target.OFFER, offer=offer, values=VALUES, doubts="trois liens", confirmed=True, at=now) for _ in range(2)
        )
        verbs.release(conversation=first, actor=nadia, at=now)
        assert first.stage == Stage.WAITING
        with pytest.raises(steps.ConversationRefused):
            verbs.refuse(conversation=second, actor=nadia, reason=" ", at=now)
        verbs.refuse(conversation=second, actor=nadia, reason="Une publicité.", at=now)
        assert "Une publicité." in Mail.objects.get(event__startswith="contacts.refused").text


class TestForgetting:
    def test_what_was_never_confirmed_goes_after_a_week(self, offer, now):
        verbs.write(target=Target.OFFER, offer=offer, values=VALUES, at=now)
        assert chasing.erase_old(at=now + timedelta(days=6)) == 0
        assert chasing.erase_old(at=now + timedelta(days=8)) == 1
        assert not Conversation.objects.exists()
        assert not Mail.objects.filter(recipient=DOCTOR).exists()

    def test_after_a_year_names_and_words_go_and_figures_stay(self, offer, now):
        conversation = relayed(offer, now)
        verbs.answer(conversation=conversation, reply=Reply.NO, refusal=Refusal.DATES, text="Claire, désolé", at=now)
        later = now + timedelta(days=366)
        assert chasing.erase_old(at=later) == 1
        assert chasing.erase_old(at=later) == 0
        conversation.refresh_from_db()
        assert (conversation.name, conversation.email, conversation.text) == ("", "", "")
        assert conversation.answered_at is not None
        assert not Message.objects.exclude(text="").exists()
        assert not Mail.objects.filter(text__contains="Claire").exists()

    def test_its_author_erases_at_once(self, client, offer, now):
        conversation = relayed(offer, now)
        url = letters.path_of(letters.follow_url(conversation))
        assert "C’est effacé" in client.post(url, {"verb": "erase"}).content.decode()
        gone = client.get(url)
        assert gone.status_code == 404
        assert "Ce qu’il ouvrait est effacé" in gone.text
        assert "remplacé" not in gone.text
        assert client.get(url).status_code == 404
        assert chasing.chase(at=now + timedelta(days=9)) == 0


def test_a_flood_reaches_few_strangers_and_turns_nobody_away(client, offer, now):
    for number in range(130):
        verbs.write(target=Target.OFFER, offer=offer, values=VALUES | {"email": f"victime{number}@exemple.org"}, at=now)
    assert mail.deliver_due(at=now) == 60
    assert Mail.objects.filter(state=MailState.WAITING).count() == 70
    honest = write(client, offer, email="honnete@exemple.org")
    assert "Plus qu’un clic" in honest.content.decode()
    assert mail.deliver_due(at=now + timedelta(hours=1)) == 60


def test_where_it_stands_is_told_for_every_stage_and_outcome():
    for stage in Stage:
        for outcome in Outcome:
            conversation = Conversation(stage=stage, outcome=outcome, waiting_since=timezone.now(), relayed_at=timezone.now())
            title, text = rules.stands(conversation)
            assert title
            assert text


class TestSides:
    """What is said to one side is not read by the other."""

    def test_what_the_author_and_the_team_say_is_not_read_by_the_recipient(self, client, offer, now):
        conversation = relayed(offer, now)
        verbs.ask_team(conversation=conversation, at=now)
        verbs.say(conversation=conversation, side=Side.SENDER, text="Ce cabinet ne répond jamais.", at=now)
        verbs.say(conversation=conversation, side=Side.ADVISER, text="Nous l’appelons.", at=now)
        page = client.get(letters.path_of(letters.answer_url(conversation))).text
        assert "ne répond jamais" not in page
        assert "Nous l’appelons" not in page
        assert told(conversation, PUBLISHER) == ["relay"]

    def test_after_an_introduction_the_team_can_still_be_asked(self, offer, now):
        conversation = relayed(offer, now)
        verbs.answer(conversation=conversation, reply=Reply.INTERESTED, at=now)
        verbs.ask_team(conversation=conversation, at=now)
        verbs.say(conversation=conversation, side=Side.SENDER, text="Aidez-moi avec le contrat.", at=now)
        assert "more_recipient" not in told(conversation, PUBLISHER)

    @pytest.mark.parametrize("asked", [True, False])
    def test_the_team_answers_and_may_go_on_following(self, offer, now, asked):
        conversation = relayed(offer, now)
        if asked:
            verbs.ask_team(conversation=conversation, at=now)
        verbs.say(conversation=conversation, side=Side.ADVISER, text="Je les appelle demain.", at=now, keep=True)
        conversation.refresh_from_db()
        assert conversation in Conversation.objects.for_team()
        assert conversation.handover == (Handover.ASKED_FOR if asked else Handover.TAKEN)
        assert told(conversation, DOCTOR)[-1] == "more_sender"
        verbs.say(conversation=conversation, side=Side.ADVISER, text="Ils vous attendent.", at=now)
        assert conversation.stage == Stage.ANSWERED

    def test_a_doubtful_word_goes_to_the_team_first(self, offer, now):
        conversation = relayed(offer, now)
        links = "https://un.example https://deux.example https://trois.example"
        verbs.say(conversation=conversation, side=Side.SENDER, text=links, at=now)
        assert conversation.handover == Handover.DOUBTFUL
        assert told(conversation, PUBLISHER) == ["relay"]

    def test_twenty_words_a_day_and_no_more(self, offer, now):
        conversation = relayed(offer, now)
        for number in range(20):
            verbs.say(conversation=conversation, side=Side.SENDER, text=f"Mot {number}", at=now)
        with pytest.raises(steps.ConversationRefused, match="Beaucoup"):
            verbs.say(conversation=conversation, side=Side.SENDER, text="Un de plus", at=now)

    def test_a_message_that_was_corrected_is_another(self, client, offer):
        """Somebody goes back, gives a number, and sends the same words again."""
        for phone in ("", "04 90 00 00 00"):
            write(client, offer, phone=phone)
        assert set(Conversation.objects.values_list("phone", flat=True)) == {"", "04 90 00 00 00"}

    def test_a_button_pressed_twice_says_it_once(self, client, offer, now):
        for _ in range(2):
            write(client, offer)
        assert Conversation.objects.count() == 1
        conversation = relayed(offer, now, email="autre@exemple.org")
        for _ in range(2):
            verbs.say(conversation=conversation, side=Side.SENDER, text="Encore un mot.", at=now)
        assert conversation.messages.count() == 1

    def test_a_new_contact_takes_the_conversations_over(self, client, offer, now):
        conversation = relayed(offer, now)
        old, page = letters.path_of(letters.answer_url(conversation)), letters.path_of(letters.follow_url(conversation))
        offer.contact_email = "Nouveau@exemple.org"
        offer_actions.save_offer(offer=offer)
        chasing.chase(at=now)
        conversation.refresh_from_db()
        assert conversation.recipient.email == "nouveau@exemple.org"
        assert client.get(old).status_code == 404
        assert client.get(page).status_code == 200, "the author's link is not concerned"
        assert told(conversation, "nouveau@exemple.org") == ["relay"]
        assert "L’adresse de l’annonceur a changé" in client.get(page).text
        assert chasing.chase(at=now) == 0

    def test_nobody_is_filed_away_without_an_answer(self, offer, now):
        conversation = relayed(offer, now)
        with pytest.raises(steps.ConversationRefused, match="Personne"):
            endings.settle(conversation=conversation, actor=None, at=now)

    def test_the_last_word_of_an_author_is_not_filed_away(self, offer, now):
        conversation = relayed(offer, now)
        verbs.ask_team(conversation=conversation, at=now)
        verbs.say(conversation=conversation, side=Side.ADVISER, text="Je les appelle.", at=now)
        verbs.say(conversation=conversation, side=Side.SENDER, text="Et pour le logement ?", at=now)
        steps.note(conversation, now, "Réponse automatique d’absence de l’auteur")
        with pytest.raises(steps.ConversationRefused, match="L’auteur a écrit en dernier"):
            endings.settle(conversation=conversation, actor=None, at=now)
        verbs.say(conversation=conversation, side=Side.ADVISER, text="Voici deux chambres.", at=now)
        assert endings.settle(conversation=conversation, actor=None, at=now).outcome == Outcome.HELPED

    def test_between_two_who_know_each_other_the_last_word_may_be_the_author_s(self, offer, now):
        conversation = relayed(offer, now)
        verbs.answer(conversation=conversation, reply=Reply.INTERESTED, at=now)
        verbs.say(conversation=conversation, side=Side.SENDER, text="Merci, à jeudi.", at=now)
        assert endings.settle(conversation=conversation, actor=None, at=now).stage == Stage.CLOSED

    def test_silence_counts_against_a_recipient_whoever_answered(self, offer, now):
        past = now - timedelta(days=30)
        for number in range(6):
            conversation = relayed(offer, past, email=f"a{number}@exemple.org")
            if number:
                verbs.hand_over(conversation=conversation, why=Handover.SILENCE, at=past + timedelta(days=7))
                verbs.say(conversation=conversation, side=Side.ADVISER, text="Bonjour.", at=past + timedelta(days=8))
            else:
                verbs.answer(conversation=conversation, reply=Reply.INTERESTED, at=past + timedelta(hours=1))
        figures = Conversation.objects.all().promise(now)
        assert (figures["rated"], figures["answered"]) == (6, 1)

    def test_an_address_without_purpose_is_forgotten(self, offer, now):
        conversation = relayed(offer, now)
        endings.erase(conversation=conversation, at=now)
        assert chasing.forget_recipients(at=now + timedelta(days=2)) == 0, "still the contact of an offer"
        offer.contact_email = ""
        offer_actions.save_offer(offer=offer)
        assert chasing.forget_recipients(at=now + timedelta(days=2)) == 1


@pytest.mark.parametrize(
    ("end", "words"),
    [
        (lambda one, at: verbs.answer(conversation=one, reply=Reply.NO, at=at), "La réponse a été non"),
        (lambda one, at: endings.withdraw(conversation=one, at=at), "n’a plus besoin de réponse"),
    ],
)
def test_whoever_received_reads_why_it_is_closed_and_may_write_to_the_team(client, offer, now, end, words):
    conversation = relayed(offer, now)
    end(conversation, now)
    page = client.get(letters.path_of(letters.answer_url(conversation))).text
    assert words in page
    assert "Écrire à l’équipe" in page
