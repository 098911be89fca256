"""Nobody waits in silence: reminders, the team after a week, and who is told when nobody will answer any more."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from agenda.enums import State as EventState
from collective.models import Partner
from contacts.actions import chasing, endings, letters
from contacts.actions import conversations as verbs
from contacts.enums import Aim, Handover, Outcome, Reply, Side, Stage, Target
from contacts.models import Conversation, Recipient
from core import mail
from core.models import Mail
from opportunities import actions as offer_actions
from opportunities import private_link
from opportunities.models import Opportunity
from tests.agenda.factories import EventFactory
from tests.contacts.talks import DOCTOR, PUBLISHER, TEAM, VALUES, of, relayed, told
from tests.opportunities.factories import OpportunityFactory

pytestmark = pytest.mark.django_db

ORGANISER = "organisatrice@exemple.org"


@pytest.fixture
def offer(now):
    return OpportunityFactory(contact_email=PUBLISHER, contact_name="Docteur Exemple", title="Tous les jeudis")


def days(now, count):
    """What the job does so many days later; how many steps it took."""
    at = now + timedelta(days=count, minutes=5)
    with time_machine.travel(at, tick=False):
        taken = chasing.chase(at=at)
        mail.deliver_due(at=at)
    return taken


class TestChasing:
    def test_reminded_after_two_and_five_days_and_handed_over_after_seven(self, offer, now):
        conversation = relayed(offer, now)
        assert [days(now, count) for count in (1, 2, 2, 3, 5, 5, 6, 7, 7, 8)] == [0, 1, 0, 0, 1, 0, 0, 1, 0, 0]
        conversation.refresh_from_db()
        assert (conversation.stage, conversation.handover) == (Stage.ADVISER, Handover.SILENCE)
        assert told(conversation, PUBLISHER) == ["relay", "remind", "remind", "handed_over_recipient"]
        assert told(conversation, DOCTOR) == ["receipt", "handed_over"]
        assert told(conversation, TEAM) == ["team"]

    def test_after_an_outage_one_reminder_not_two(self, offer, now):
        conversation = relayed(offer, now)
        days(now, 5)
        assert told(conversation, PUBLISHER) == ["relay", "remind"]
        assert "Deuxième rappel" in Mail.objects.get(event__startswith="contacts.remind:").subject

    def test_the_clock_starts_when_our_message_left(self, offer, now):
        with time_machine.travel(now, tick=False):
            conversation = verbs.write(target=Target.OFFER, offer=offer, values=VALUES, confirmed=True, at=now)
        later = now + timedelta(days=6)
        assert chasing.chase(at=later) == 0, "nobody received anything yet"
        with time_machine.travel(later, tick=False):
            mail.deliver_due(at=later)
        assert days(now, 7) == 0
        assert days(now, 8) == 1
        assert told(conversation, PUBLISHER) == ["relay", "remind"]

    def test_an_address_that_does_not_exist_goes_to_the_team_at_once(self, offer, smtp, now):
        smtp.refusals[PUBLISHER] = "550 no such user"
        conversation = relayed(offer, now)
        assert days(now, 0) == 1
        conversation.refresh_from_db()
        assert conversation.handover == Handover.UNREACHABLE
        assert days(now, 0) == 0

    def test_a_late_answer_still_counts(self, client, offer, now):
        conversation = relayed(offer, now)
        days(now, 7)
        client.post(letters.path_of(letters.answer_url(conversation)) + "?choix=interested")
        conversation.refresh_from_db()
        assert conversation.stage == Stage.ANSWERED
        assert days(now, 30) == 0

    def test_an_absence_moves_the_clock(self, offer, now):
        today = timezone.localdate()
        Recipient.objects.create(email=PUBLISHER, absent_from=today, absent_until=today + timedelta(days=9))
        conversation = relayed(offer, now)
        assert "absence jusqu’au 24 juin 2026" in of(conversation, PUBLISHER, "relay").text
        assert "jusqu’au 24 juin 2026" in of(conversation, DOCTOR, "receipt").text
        assert [days(now, count) for count in (2, 5, 7, 11, 12, 15, 17)] == [0, 0, 0, 0, 1, 1, 1]
        assert "Sans réponse le 2 juillet 2026" in of(conversation, PUBLISHER, "remind").text

    def test_a_question_without_answer_is_recalled_then_closed(self, offer, now):
        conversation = relayed(offer, now)
        verbs.answer(conversation=conversation, reply=Reply.QUESTION, text="Quand ?", at=now)
        assert [days(now, count) for count in (4, 5, 6, 20, 21, 22)] == [0, 1, 0, 0, 1, 0]
        conversation.refresh_from_db()
        assert conversation.outcome == Outcome.LAPSED
        assert told(conversation, DOCTOR) == ["receipt", "question", "remind_sender", "lapsed"]

    def test_an_offer_filled_elsewhere_frees_who_waits(self, offer, now):
        conversation = relayed(offer, now)
        offer_actions.fill(offer=offer, at=now)
        assert days(now, 0) == 1
        conversation.refresh_from_db()
        assert conversation.outcome == Outcome.GONE

    def test_an_offer_filled_before_the_address_was_confirmed(self, offer, now):
        conversation = verbs.write(target=Target.OFFER, offer=offer, values=VALUES, at=now)
        offer_actions.fill(offer=offer, at=now)
        verbs.confirm(conversation=conversation, at=now)
        assert conversation.outcome == Outcome.GONE
        assert told(conversation) == ["confirm", "gone"]


def about_event(now, **values):
    """A message that reached the organiser of an event."""
    event = EventFactory(**{"contact_email": ORGANISER, **values})
    facts = VALUES | {"aim": Aim.JOIN}
    with time_machine.travel(now, tick=False):
        one = verbs.write(target=Target.EVENT, event=event, values=facts, confirmed=True, at=now)
        mail.deliver_due(at=now)
    return Conversation.objects.get(pk=one.pk)


class TestNobodyTakesIt:
    """Who receives wants, or can have, no message any more: the team answers, the author knows, and nobody is reminded."""

    def test_an_organiser_with_another_address_and_no_messages_holds_nobody_up(self, offer, now):
        one, other = about_event(now), relayed(offer, now)
        one.event.contact_email, one.event.takes_messages = "nouvelle@exemple.org", False
        one.event.save()
        assert days(now, 2) == 2
        one.refresh_from_db()
        assert (one.stage, one.handover) == (Stage.ADVISER, Handover.PAUSED)
        assert told(one, DOCTOR) == ["receipt", "handed_over"]
        assert told(one, TEAM) == ["team"]
        assert told(one, ORGANISER) == ["relay"]
        assert not Mail.objects.filter(recipient="nouvelle@exemple.org").exists()
        assert told(other, PUBLISHER) == ["relay", "remind"]

    def test_an_address_taken_away_hands_over(self, offer, now):
        conversation = relayed(offer, now)
        offer.contact_email = ""
        offer_actions.save_offer(offer=offer)
        assert days(now, 2) == 1
        conversation.refresh_from_db()
        assert (conversation.handover, conversation.recipient) == (Handover.NO_ADDRESS, None)
        assert told(conversation, PUBLISHER) == ["relay"]
        verbs.say(conversation=conversation, side=Side.SENDER, text="Un mot de plus.", at=now + timedelta(days=3))
        assert told(conversation, PUBLISHER) == ["relay"], "an address that was taken away reads nothing more"

    def test_an_address_taken_away_while_the_author_is_asked(self, client, offer, now):
        conversation = relayed(offer, now)
        link = letters.path_of(letters.answer_url(conversation))
        verbs.answer(conversation=conversation, reply=Reply.QUESTION, text="Quand ?", at=now)
        offer.contact_email = ""
        offer_actions.save_offer(offer=offer)
        assert days(now, 0) == 1
        conversation.refresh_from_db()
        assert (conversation.stage, conversation.recipient) == (Stage.ADVISER, None)
        assert client.get(link).status_code in (404, 410)

    def test_a_partner_with_another_address_takes_its_conversations_over(self, now, shipped):
        partner = Partner.objects.filter(active=True).first()
        partner.email = "service@exemple.org"
        partner.save()
        with time_machine.travel(now, tick=False):
            one = verbs.write(target=Target.PARTNER, partner=partner, values=VALUES, confirmed=True, at=now)
            mail.deliver_due(at=now)
        partner.email = "accueil@exemple.org"
        partner.save()
        assert days(now, 0) == 1
        assert told(one, "accueil@exemple.org") == ["relay"]

    def test_a_pause_gives_what_waits_to_the_team(self, client, offer, now):
        conversation, asked = relayed(offer, now), relayed(offer, now, email="autre@exemple.org")
        verbs.answer(conversation=asked, reply=Reply.QUESTION, text="Quand ?", at=now)
        verbs.say(conversation=asked, side=Side.SENDER, text="En mars, tout le mois.", at=now)
        client.post(letters.path_of(private_link.keep_url(offer)) + "reglages/", {"paused": "on"})
        assert ProcrastinateJob.objects.filter(task_name="contacts.tasks.chase", status="todo").count() == 1
        assert days(now, 0) == 1
        conversation.refresh_from_db()
        asked.refresh_from_db()
        assert (conversation.stage, conversation.handover) == (Stage.ADVISER, Handover.PAUSED)
        assert "l’annonceur a suspendu les messages" in of(conversation, DOCTOR, "handed_over").text
        assert [days(now, count) for count in (2, 5)] == [1, 1], "who was asked something goes on with it"
        assert days(now, 7) == 2, "the team has both: one author is told so, the other that they are not forgotten"
        assert told(conversation, PUBLISHER) == ["relay"]
        assert "remind" in told(asked, PUBLISHER)

    def test_a_step_that_fails_holds_up_no_other_and_is_seen(self, offer, now, caplog):
        broken, sound = relayed(OpportunityFactory(contact_email=PUBLISHER), now), relayed(offer, now, email="autre@exemple.org")
        Opportunity.objects.filter(pk=broken.offer_id).update(contact_email="illisible\n@exemple.org")
        with pytest.raises(ExceptionGroup):
            days(now, 2)
        assert f"Conversation {broken.pk}: _redirect failed" in caplog.text
        assert told(sound, PUBLISHER)[-1] == "remind"
        broken.refresh_from_db()
        assert broken.recipient.email == PUBLISHER


class TestOver:
    """An offer is filled, withdrawn, or its days have passed: whoever counted on it hears of it."""

    def test_who_was_answered_is_told_once_and_may_still_write(self, client, offer, now):
        introduced, replied, with_team, refused = (relayed(offer, now, email=f"{name}@exemple.org") for name in "abcd")
        verbs.answer(conversation=introduced, reply=Reply.INTERESTED, at=now)
        verbs.say(conversation=replied, side=Side.RECIPIENT, text="Je reviens vers vous.", at=now)
        verbs.ask_team(conversation=with_team, at=now)
        verbs.answer(conversation=refused, reply=Reply.NO, refusal="other", at=now)
        offer_actions.fill(offer=offer, at=now)
        assert [days(now, 0), days(now, 0)] == [3, 0]
        offer_actions.withdraw(offer=offer, at=now, reason="Fermé.")
        assert days(now, 0) == 0, "over is told once"
        for each in (introduced, replied, with_team):
            assert "L’offre a été pourvue" in of(each, each.email, "over").subject
            before, now_is = each, Conversation.objects.get(pk=each.pk)
            assert (now_is.stage, now_is.outcome) == (before.stage, before.outcome)
        assert "L’équipe suit toujours votre message" in of(with_team, with_team.email, "over").text
        assert "rien ne change" in of(introduced, introduced.email, "over").text
        assert "over" not in told(refused)
        page = client.get(letters.path_of(letters.follow_url(replied))).text
        assert "Vous avez une réponse" not in page
        assert "l’offre a été retirée" in page
        verbs.say(conversation=replied, side=Side.SENDER, text="Alors à jeudi, comme convenu.", at=now)
        assert [days(now, 0), days(now, 2)] == [0, 1], "it waits for an answer as any other, and is not closed"
        assert told(replied, PUBLISHER)[-2:] == ["more_recipient", "remind"]

    def test_what_was_put_back_and_ends_again_is_told_again(self, offer, now):
        answered, waiting = (relayed(offer, now, email=f"{name}@exemple.org") for name in "ab")
        for one in (answered, waiting):
            verbs.say(conversation=one, side=Side.RECIPIENT, text="Je reviens vers vous.", at=now)
        offer_actions.withdraw(offer=offer, at=now, reason="Erreur de l’équipe.")
        assert days(now, 0) == 2
        Opportunity.objects.filter(pk=offer.pk).update(state="published", closed_at=None, expires_at=now + timedelta(days=60))
        verbs.say(conversation=waiting, side=Side.SENDER, text="Des nouvelles ?", at=now + timedelta(hours=1))
        offer.refresh_from_db()
        with time_machine.travel(now + timedelta(days=1), tick=False):
            offer_actions.fill(offer=offer, at=now + timedelta(days=1))
        assert [days(now, 1), days(now, 3)] == [2, 0]
        assert "pourvue" in Mail.objects.filter(recipient=answered.email).latest("pk").subject
        waiting.refresh_from_db()
        assert waiting.outcome == Outcome.GONE

    def test_after_the_last_day_of_a_replacement_nobody_is_chased(self, now):
        offer = OpportunityFactory(locum=True, contact_email=PUBLISHER)
        waiting, asked, met = (relayed(offer, now, email=f"{name}@exemple.org") for name in "abc")
        verbs.answer(conversation=asked, reply=Reply.QUESTION, text="Quand ?", at=now)
        verbs.answer(conversation=met, reply=Reply.INTERESTED, at=now)
        offer.ends_on = offer.starts_on = timezone.localdate(now) + timedelta(days=1)
        offer_actions.save_offer(offer=offer)
        assert days(now, 1) == 1, "the last day counts, and the team has what begins"
        assert days(now, 2) == 1
        waiting.refresh_from_db()
        asked.refresh_from_db()
        assert (waiting.stage, asked.outcome) == (Stage.ADVISER, Outcome.GONE)
        assert "a dépassé son dernier jour depuis la réponse" in of(asked, asked.email, "gone").text
        assert "remind" not in told(waiting)
        offer_actions.fill(offer=offer, at=now + timedelta(days=2))
        assert days(now, 2) == 0
        met.refresh_from_db()
        assert (met.stage, met.outcome) == (Stage.ANSWERED, Outcome.INTERESTED)

    def test_after_an_outage_past_the_last_day_who_waits_reads_that_it_is_over(self, now):
        offer = OpportunityFactory(locum=True, contact_email=PUBLISHER)
        one = relayed(offer, now)
        offer.ends_on = offer.starts_on = timezone.localdate(now) + timedelta(days=1)
        offer_actions.save_offer(offer=offer)
        assert [days(now, 2), days(now, 3)] == [1, 0]
        one.refresh_from_db()
        assert one.outcome == Outcome.GONE
        assert "a dépassé son dernier jour avant qu’on vous réponde" in of(one, DOCTOR, "gone").text
        assert told(one, PUBLISHER) == ["relay"]

    def test_who_was_answered_may_write_after_the_last_day(self, now):
        one = relayed(OpportunityFactory(locum=True, contact_email=PUBLISHER), now)
        verbs.say(conversation=one, side=Side.RECIPIENT, text="Je reviens vers vous.", at=now)
        after = now + timedelta(days=40)
        with time_machine.travel(after, tick=False):
            verbs.say(conversation=one, side=Side.SENDER, text="J’ai oublié mes lunettes au cabinet.", at=after)
        assert [days(now, count) for count in (40, 42)] == [0, 1]
        assert told(one, PUBLISHER)[-1] == "remind"

    def test_an_address_confirmed_after_the_last_day_sends_nothing_to_the_publisher(self, now):
        offer = OpportunityFactory(locum=True, contact_email=PUBLISHER)
        one = verbs.write(target=Target.OFFER, offer=offer, values=VALUES, at=now)
        Opportunity.objects.filter(pk=offer.pk).update(starts_on="2026-06-13", ends_on="2026-06-14")
        verbs.confirm(conversation=one, at=now)
        assert told(one) == ["confirm", "gone"]
        assert "a dépassé son dernier jour avant le départ de votre message" in of(one, DOCTOR, "gone").text

    @pytest.mark.parametrize(("end", "words"), [("pause", "L’offre est en pause."), ("expired", "L’offre a expiré."), ("", "")])
    def test_the_receipt_says_that_readers_do_not_see_the_offer(self, offer, now, end, words):
        one = verbs.write(target=Target.OFFER, offer=offer, values=VALUES, at=now)
        if end == "pause":
            offer_actions.pause(offer=offer, at=now)
        elif end:
            Opportunity.objects.filter(pk=offer.pk).update(expires_at=now)
        verbs.confirm(conversation=one, at=now)
        receipt = of(one, DOCTOR, "receipt").text
        assert words in receipt
        assert ("n’est peut-être plus libre" in receipt) == bool(end)
        assert told(one, PUBLISHER) == ["relay"]


class TestReminder:
    """What a reminder says is so, and it quotes what waits for an answer."""

    def remind(self, conversation, now):
        with time_machine.travel(now, tick=False):
            mail.deliver_due(at=now)
        assert days(now, 2) == 1
        return of(conversation, PUBLISHER, "remind").text

    def test_after_the_first_message(self, offer, now):
        conversation = relayed(offer, now)
        verbs.say(conversation=conversation, side=Side.SENDER, text="Et en avril aussi.", at=now)
        text = self.remind(conversation, now)
        assert "Claire Vidal vous a écrit à propos" in text
        assert "> Je peux venir en mars." in text
        assert "> Et en avril aussi." in text

    def test_after_an_answer_to_a_question(self, offer, now):
        conversation = relayed(offer, now)
        verbs.answer(conversation=conversation, reply=Reply.QUESTION, text="Quand ?", at=now)
        verbs.say(conversation=conversation, side=Side.SENDER, text="Du 3 au 21 mars.", at=now)
        text = self.remind(conversation, now)
        assert "Claire Vidal a répondu à votre question à propos" in text
        assert "> Du 3 au 21 mars." in text
        assert "Je peux venir" not in text

    def test_after_a_further_word(self, offer, now):
        conversation = relayed(offer, now)
        verbs.say(conversation=conversation, side=Side.RECIPIENT, text="Je regarde mon agenda.", at=now)
        verbs.say(conversation=conversation, side=Side.SENDER, text="Merci, à bientôt.", at=now)
        assert "Claire Vidal vous a écrit de nouveau à propos" in self.remind(conversation, now)


class TestNoAuthor:
    """The address of who wrote refuses the answer: the team looks for them, and nobody says that they are silent."""

    def refused(self, smtp, now, count=0):
        smtp.refusals[DOCTOR] = "550 no such user"
        taken = days(now, count)  # what is refused is found by the next run
        return taken, days(now, count)

    def test_a_question_that_does_not_arrive_goes_to_the_team(self, offer, smtp, now):
        conversation = relayed(offer, now)
        verbs.answer(conversation=conversation, reply=Reply.QUESTION, text="Quand ?", at=now)
        assert self.refused(smtp, now) == (0, 1)
        conversation.refresh_from_db()
        assert (conversation.stage, conversation.handover) == (Stage.ADVISER, Handover.NO_AUTHOR)
        assert told(conversation, TEAM) == ["team"]
        assert [days(now, count) for count in (0, 5, 22)] == [0, 0, 0]
        assert told(conversation, PUBLISHER) == ["relay", "undelivered_recipient"], "nobody says that the author did not answer"

    def test_an_introduction_that_does_not_arrive_goes_to_the_team(self, offer, smtp, now):
        conversation = relayed(offer, now)
        verbs.answer(conversation=conversation, reply=Reply.INTERESTED, at=now)
        assert self.refused(smtp, now) == (0, 1)
        conversation.refresh_from_db()
        assert (conversation.stage, conversation.outcome) == (Stage.ADVISER, Outcome.INTERESTED)

    def test_a_word_of_the_team_that_does_not_arrive_comes_back_to_it(self, offer, smtp, now):
        conversation = relayed(offer, now)
        verbs.ask_team(conversation=conversation, at=now)
        verbs.say(conversation=conversation, side=Side.ADVISER, text="Je les appelle.", at=now, keep=True)
        assert self.refused(smtp, now) == (0, 1)
        conversation.refresh_from_db()
        assert conversation.handover == Handover.NO_AUTHOR
        later = now + timedelta(hours=1)
        with time_machine.travel(later, tick=False):
            verbs.say(conversation=conversation, side=Side.ADVISER, text="Ils vous attendent.", at=later)
        assert self.refused(smtp, later) == (0, 1), "what was lost since is told too"
        assert told(conversation, TEAM) == ["team"] * 3

    def test_a_receipt_that_does_not_arrive_takes_nothing_from_the_publisher(self, offer, smtp, now):
        smtp.refusals[DOCTOR] = "550 no such user"
        conversation = relayed(offer, now)
        assert days(now, 0) == 0
        assert conversation.stage == Stage.WAITING


class TestANewContact:
    """Whoever takes a conversation over reads what happened so far; its author the new address, once introduced."""

    NEW = "nouveau@exemple.org"

    def redirected(self, offer, conversation, now):
        Opportunity.objects.filter(pk=offer.pk).update(contact_email=self.NEW)
        chasing.chase(at=now)
        assert told(conversation, self.NEW) == ["redirected"]
        assert chasing.chase(at=now) == 0
        return of(conversation, self.NEW, "redirected").text

    def test_of_somebody_introduced_before(self, offer, now):
        conversation = relayed(offer, now)
        verbs.answer(conversation=conversation, reply=Reply.INTERESTED, at=now)
        text = self.redirected(offer, conversation, now)
        assert conversation.email in text
        assert "ne sont échangées que si" not in text
        assert self.NEW in of(conversation, conversation.email, "redirected_sender").text

    def test_of_a_question_that_was_put(self, offer, now):
        conversation = relayed(offer, now)
        verbs.answer(conversation=conversation, reply=Reply.QUESTION, text="Quand arrivez-vous ?", at=now)
        text = self.redirected(offer, conversation, now)
        assert "Quand arrivez-vous" in text
        assert conversation.email not in text
        assert "redirected_sender" not in told(conversation, conversation.email)

    def test_of_an_answer_that_waits(self, offer, now):
        conversation = relayed(offer, now)
        verbs.answer(conversation=conversation, reply=Reply.QUESTION, text="Quand arrivez-vous ?", at=now)
        verbs.say(conversation=conversation, side=Side.SENDER, text="Le 3 mars.", at=now)
        text = self.redirected(offer, conversation, now)
        assert "Le 3 mars" in text
        assert "Une réponse est attendue de vous" in text
        assert [days(now, count) for count in (0, 1, 2, 5, 7, 8)] == [0, 0, 1, 1, 1, 0]
        assert told(conversation, self.NEW) == ["redirected", "remind", "remind", "handed_over_recipient"]

    def test_who_cannot_be_reached_either_is_no_silent_one(self, offer, smtp, now):
        conversation = relayed(offer, now)
        verbs.answer(conversation=conversation, reply=Reply.QUESTION, text="Quand arrivez-vous ?", at=now)
        verbs.say(conversation=conversation, side=Side.SENDER, text="Le 3 mars.", at=now)
        smtp.refusals[self.NEW] = "550 no such user"
        self.redirected(offer, conversation, now)
        assert [days(now, 0), days(now, 0), days(now, 2)] == [0, 1, 0]
        conversation.refresh_from_db()
        assert conversation.handover == Handover.UNREACHABLE


class TestDaysThatBeginSoon:
    """Whoever starts within the week is not left to the seventh day: the team has it on the eve, and the page says so."""

    def locum(self, now, first, last):
        days = {"starts_on": timezone.localdate(now) + timedelta(days=first), "ends_on": timezone.localdate(now) + timedelta(days=last)}
        return OpportunityFactory(contact_email=PUBLISHER, locum=True, **days)

    def test_the_team_has_it_on_the_eve(self, client, now):
        conversation = relayed(self.locum(now, 4, 7), now)
        page = client.get(letters.path_of(letters.follow_url(conversation))).text
        assert "Sans réponse le 18 juin" in page
        assert "après 2 jours" in page
        assert "puis 5 jours" not in page
        assert "Sans réponse le 18 juin" in of(conversation, PUBLISHER, "relay").text.replace("2026", "").replace("\u00a0", " ")
        assert [days(now, count) for count in (1, 2, 3, 4, 5)] == [0, 1, 1, 0, 0]
        conversation.refresh_from_db()
        assert conversation.handover == Handover.SILENCE

    @pytest.mark.parametrize("first", [0, 1])
    def test_on_the_eve_already_the_recipient_has_a_few_hours(self, client, now, first):
        conversation = relayed(self.locum(now, first, first), now)
        page = client.get(letters.path_of(letters.follow_url(conversation))).text
        assert "Nous rappelons" not in page
        assert "Sans réponse le 15 juin 2026 à 14:00" in page.replace("\u00a0", " ")
        assert "Sans réponse le 15 juin 2026 à 14:00" in of(conversation, PUBLISHER, "relay").text.replace("\u00a0", " ")
        assert [days(now, 0), days(now, 3.5 / 24), days(now, 4 / 24)] == [0, 0, 1]
        assert told(conversation, TEAM) == ["team"]

    def test_the_former_days_of_what_is_put_off_hurry_nobody(self, now):
        one = about_event(now, first_day=timezone.localdate(now) + timedelta(days=2))
        one.event.state, one.event.state_reason = EventState.POSTPONED, "Une autre date vient."
        one.event.save()
        assert [days(now, count) for count in (1, 2, 5, 7)] == [0, 1, 1, 1]

    def test_an_absence_does_not_go_past_it(self, client, now):
        Recipient.objects.create(email=PUBLISHER, absent_from=now.date(), absent_until=(now + timedelta(days=20)).date())
        conversation = relayed(self.locum(now, 4, 7), now)
        assert "Sans réponse le 18 juin" in client.get(letters.path_of(letters.follow_url(conversation))).text
        assert days(now, 3) == 1

    def test_once_begun_the_last_day_counts(self, now):
        conversation = relayed(self.locum(now, -20, 20), now)
        assert [days(now, count) for count in (1, 2, 5, 7)] == [0, 1, 1, 1]
        conversation.refresh_from_db()
        assert conversation.stage == Stage.ADVISER


class TestWithdrawnAfterAnIntroduction:
    @pytest.mark.parametrize("end", [endings.withdraw, endings.erase])
    def test_whoever_counts_on_it_is_told(self, offer, now, end):
        conversation = relayed(offer, now)
        verbs.answer(conversation=conversation, reply=Reply.INTERESTED, at=now)
        end(conversation=conversation, at=now)
        message = Mail.objects.filter(recipient=PUBLISHER).latest("pk")
        assert message.event.split(":")[0] == f"contacts.{'withdrawn' if end == endings.withdraw else 'erased'}"
        assert "Il n’y a rien à faire" not in message.text

    def test_nobody_counts_on_it_a_season_later(self, offer, now):
        conversation = relayed(offer, now)
        verbs.answer(conversation=conversation, reply=Reply.INTERESTED, at=now)
        endings.erase(conversation=conversation, at=now + timedelta(days=61))
        assert not Mail.objects.filter(event__startswith="contacts.erased").exists()


class TestAnAddressThatRefuses:
    """What bounced once goes to the team, and so do the next messages, until somebody answers from there."""

    def test_the_next_message_goes_to_the_team(self, offer, now):
        refused = relayed(offer, now)
        verbs.hand_over(conversation=refused, why=Handover.UNREACHABLE, at=now)
        second = relayed(offer, now + timedelta(days=1), email="second@exemple.org")
        assert (second.stage, second.handover, second.relayed_at) == (Stage.ADVISER, Handover.UNREACHABLE, None)
        verbs.say(conversation=refused, side=Side.RECIPIENT, text="Ma boîte était pleine.", at=now + timedelta(days=2))
        third = relayed(offer, now + timedelta(days=3), email="troisieme@exemple.org")
        assert third.stage == Stage.WAITING

    def test_it_is_tried_again_after_a_month(self, offer, now):
        verbs.hand_over(conversation=relayed(offer, now), why=Handover.UNREACHABLE, at=now)
        for count in (5, 20, 29):
            assert relayed(offer, now + timedelta(days=count), email=f"jour{count}@exemple.org").handover == Handover.UNREACHABLE
        assert relayed(offer, now + timedelta(days=31), email="second@exemple.org").stage == Stage.WAITING

    def test_what_it_kept_leaves_once_the_address_is_corrected(self, offer, now):
        verbs.hand_over(conversation=relayed(offer, now), why=Handover.UNREACHABLE, at=now)
        kept = relayed(offer, now + timedelta(days=1), email="second@exemple.org")
        Opportunity.objects.filter(pk=offer.pk).update(contact_email="corrigee@exemple.org")
        assert days(now, 2) == 2
        kept.refresh_from_db()
        assert (kept.stage, kept.handover, kept.with_team) == (Stage.WAITING, Handover.NONE, False)
        assert told(kept, "corrigee@exemple.org") == ["relay"]
        assert told(kept, kept.email) == ["receipt", "receipt"]
        assert [days(now, count) for count in (3, 4)] == [0, 1]
        assert told(kept, "corrigee@exemple.org") == ["relay", "remind"]


class TestTheTeamIsLate:
    def test_an_author_reads_once_that_they_are_not_forgotten(self, now):
        values = VALUES | {"aim": "", "topic": "other"}
        conversation = verbs.write(target=Target.ADVISER, values=values, confirmed=True, at=now)
        assert [days(now, count) for count in (1, 6, 7, 8, 30)] == [0, 0, 1, 0, 0]
        assert told(conversation, DOCTOR) == ["receipt", "not_forgotten"]

    def test_not_who_has_an_answer_of_the_team(self, offer, now):
        answered, again, met = (relayed(offer, now, email=f"{name}@exemple.org") for name in "abc")
        verbs.answer(conversation=met, reply=Reply.INTERESTED, at=now)
        for one in (answered, again, met):
            verbs.ask_team(conversation=one, at=now)
        for one in (answered, again):
            verbs.say(conversation=one, side=Side.ADVISER, text="Nous cherchons avec vous.", at=now, keep=True)
        verbs.say(conversation=again, side=Side.SENDER, text="Avez-vous trouvé ?", at=now + timedelta(hours=1))
        assert [days(now, count) for count in (7, 8, 30)] == [0, 1, 0]
        assert [told(one, one.email).count("not_forgotten") for one in (answered, again, met)] == [0, 1, 0]

    def test_nor_whose_message_is_held_back(self, offer, now):
        conversation = verbs.write(target=Target.OFFER, offer=offer, values=VALUES, doubts="2 liens", confirmed=True, at=now)
        assert conversation.stage == Stage.HELD
        assert days(now, 7) == 1
        assert told(conversation, DOCTOR) == ["held", "not_forgotten"]

    def test_what_is_held_back_ends_with_its_offer(self, offer, now):
        conversation = verbs.write(target=Target.OFFER, offer=offer, values=VALUES, doubts="2 liens", confirmed=True, at=now)
        offer_actions.declare_filled(offer=offer, at=now)
        days(now, 0)
        conversation.refresh_from_db()
        assert conversation.outcome == Outcome.GONE
        assert told(conversation, DOCTOR) == ["held", "gone"]
