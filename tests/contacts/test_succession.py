"""A doctor looks for a successor in confidence (N23, journey 4): nobody learns it from the portal, and each step is agreed by both."""

import re
from datetime import timedelta
from html import unescape
from urllib.parse import unquote

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from contacts.actions import chasing, digests, disclosures, endings, letters, matches, steps
from contacts.actions import conversations as verbs
from contacts.actions import selections as selection_actions
from contacts.enums import DisclosureStep, Handover, Outcome, Side, Stage, Target
from contacts.models import Disclosure, Recipient
from core import mail
from core.guard import fresh
from core.models import Mail
from core.search import fold
from opportunities import actions, freshness, rules
from opportunities.enums import State
from opportunities.models import Opportunity
from tests.accounts.factories import SuperuserFactory
from tests.conftest import NOW
from tests.contacts import pdf
from tests.contacts.factories import need_of, selection_of
from tests.contacts.life import link, to
from tests.contacts.test_alerts import follow
from tests.contacts.test_conversations import DOCTOR as CANDIDATE
from tests.contacts.test_conversations import VALUES
from tests.opportunities.factories import OpportunityFactory

pytestmark = pytest.mark.django_db

RETIRING = "medecin@exemple.org"
WRITTEN = {
    "title": "Cabinet de groupe au pied du Ventoux",
    "commune": "Sault",
    "summary": "Un cabinet vivant cherche la suite.",
    "description": "Deux infirmières, une secrétaire, une patientèle fidèle.",
    "patient_list": "1100",
    "contact_name": "Docteur Exemple",
    "contact_email": RETIRING,
    "contact_phone": "04 90 00 00 00",
}


PATH = "Médecin thésé, remplaçant en mars, cherche à s’installer."


def form(now, **values):
    with time_machine.travel(now - timedelta(seconds=30), tick=False):
        shown = fresh()
    starts = timezone.localdate(now) + timedelta(days=400)
    return WRITTEN | {"starts_on": starts.isoformat(), "shown": shown, "act": "envoyer"} | values


def confidential(**values):
    """A confidential offer in Sault, approved and public."""
    fixed = {"town": "Sault", "in_epci": True, "is_confidential": True, "organisation": "", "contact_email": RETIRING}
    offer = OpportunityFactory(succession=True, **fixed, **{"title": WRITTEN["title"]} | values)
    Opportunity.objects.filter(pk=offer.pk).update(text_agreed=rules.shown_digest(offer))
    offer.refresh_from_db()
    return offer


def traces(text, commune):
    """The commune's name, codes and point in a text."""
    text = unquote(unescape(text))
    words = f" {fold(text)} "
    told = [word for word in (commune.search_name, *commune.postal_codes, commune.insee) if f" {fold(word)} " in words]
    numbers = {round(float(number), 2) for number in re.findall(r"\d{1,2}[.,]\d{2,}", text.replace(",", "."))}
    return told + ([commune.name] if {round(commune.latitude, 2), round(commune.longitude, 2)} <= numbers else [])


def test_from_the_private_form_to_the_first_day_on_line(client, smtp, now):
    team = Client()
    team.force_login(SuperuserFactory())
    client.post(reverse("opportunities:succession"), form(now))
    offer = Opportunity.objects.get()
    assert (offer.state, offer.is_confidential, offer.location_precision) == (State.DRAFT, True, "epci")
    mail.deliver_due(at=now)
    private = link(to(smtp, RETIRING)[0], "/exercer/mon-offre/")
    client.post(private, {"verb": "submit"})
    offer.refresh_from_db()
    assert offer.state == State.SUBMITTED
    with pytest.raises(actions.TransitionRefused, match="approuvé"):
        actions.publish(offer=offer, at=now)
    team.post(reverse("admin:opportunities_opportunity_verb", args=[offer.pk, "ask_agreement"]))
    mail.deliver_due(at=now)
    assert "approuvez-la" in to(smtp, RETIRING)[-1].get_body(("plain",)).get_content()
    page = client.get(private)
    assert "Ce que lira un confrère" in page.text
    assert "Un cabinet vivant" in page.text
    offer.summary = "Un cabinet de Carpentras."
    actions.save_offer(offer=offer)
    refused = client.post(private, {"verb": "agree", "digest": page.context["digest"]})
    assert "Le texte a changé" in refused.text
    page = client.get(private)
    client.post(private, {"verb": "agree", "digest": page.context["digest"]})
    offer.refresh_from_db()
    actions.publish(offer=offer, at=now)
    assert offer.state == State.PUBLISHED


def test_the_words_that_name_the_commune_are_refused(client, now):
    page = client.post(reverse("opportunities:succession"), form(now, summary="Au centre de Sault, un cabinet vivant."))
    assert "nomme la commune" in page.text
    assert not Opportunity.objects.exists()


def test_what_the_doctor_changes_is_read_by_the_team_first(now):
    offer = confidential()
    held = actions.change(offer=offer, values={"summary": "Autre phrase."}, at=now)
    assert held == {"summary"}
    offer.refresh_from_db()
    assert offer.summary != "Autre phrase."
    actions.approve(proposal=offer.proposed_changes.get(), actor=SuperuserFactory(), at=now)
    offer.refresh_from_db()
    assert offer.summary == "Autre phrase."
    assert rules.is_agreed(offer)


def test_the_database_refuses_a_confidential_offer_that_names_somebody(now):
    from django.db import IntegrityError, transaction

    offer = confidential()
    for values in ({"location_precision": "commune"}, {"organisation": "Cabinet Exemple"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Opportunity.objects.filter(pk=offer.pk).update(**values)


@pytest.fixture
def talk(now):
    """A candidate has written about a confidential offer."""
    return verbs.write(target=Target.OFFER, offer=confidential(), values=VALUES, confirmed=True, at=now)


class TestSteps:
    def agree(self, client, disclosure, *sides):
        for side in sides:
            purpose, name = (
                (disclosures.CANDIDATE, "disclosure_candidate") if side == Side.SENDER else (disclosures.DOCTOR, "disclosure_doctor")
            )
            client.post(letters.path_of(letters.page(purpose, name, disclosure)), {"verb": "agree"})
        disclosure.refresh_from_db()

    def test_the_first_message_goes_to_the_team_alone(self, talk):
        assert (talk.stage, talk.handover) == (Stage.ADVISER, Handover.CONFIDENTIAL)
        assert not Mail.objects.filter(recipient=RETIRING).exists()

    def test_each_step_waits_for_both(self, client, talk, now):
        actor = SuperuserFactory()
        for step in DisclosureStep:
            disclosure = disclosures.propose(conversation=talk, step=step, actor=actor, at=now, text=PATH)
            before = list(Mail.objects.values_list("pk", flat=True))
            self.agree(client, disclosure, Side.SENDER)
            assert disclosure.told_at is None
            assert list(Mail.objects.values_list("pk", flat=True)) == before, "one side alone tells nothing"
            self.agree(client, disclosure, Side.RECIPIENT)
            assert disclosure.told_at is not None
            talk.refresh_from_db()
        said = {event.split(":")[0].removeprefix("contacts.") for event in Mail.objects.values_list("event", flat=True)}
        assert {"told_profile", "told_commune", "introduced_sender", "introduced_recipient"} <= said
        profile = Mail.objects.get(event__startswith="contacts.told_profile")
        assert PATH in profile.text
        assert "Claire" not in profile.text + profile.subject
        assert CANDIDATE not in profile.text
        assert "Sault" in Mail.objects.get(event__startswith="contacts.told_commune").text
        assert talk.introduced_at is not None
        log = [message.text for message in talk.messages.order_by("pk")]
        assert len(log) == 3 * 4, "proposed, agreed twice, told: three times"

    def test_out_of_order_and_twice_are_refused(self, talk, now):
        with pytest.raises(steps.ConversationRefused):
            disclosures.propose(conversation=talk, step=DisclosureStep.IDENTITY, actor=None, at=now)
        disclosures.propose(conversation=talk, step=DisclosureStep.PROFILE, actor=None, at=now, text=PATH)
        with pytest.raises(steps.ConversationRefused):
            disclosures.propose(conversation=talk, step=DisclosureStep.COMMUNE, actor=None, at=now)

    @pytest.mark.parametrize("text", ["", "Claire cherche.", "Le Dr Vidal cherche.", "claire@exemple.org", "Appelez le 06 12 34 56 78."])
    def test_the_path_of_a_candidate_names_nobody(self, talk, now, text):
        with pytest.raises(steps.ConversationRefused):
            disclosures.propose(conversation=talk, step=DisclosureStep.PROFILE, actor=None, at=now, text=text)

    def test_a_step_is_taken_back_and_its_links_renewed(self, client, talk, now):
        disclosure = disclosures.propose(conversation=talk, step=DisclosureStep.PROFILE, actor=None, at=now, text=PATH)
        url = letters.path_of(letters.page(disclosures.DOCTOR, "disclosure_doctor", disclosure))
        with time_machine.travel(now + timedelta(days=31), tick=False):
            assert "Recevoir un nouveau lien" in client.get(url).text
            client.post(url)
            assert Mail.objects.filter(event__startswith=f"contacts.disclose_doctor:{talk.pk}:{disclosure.pk}:").count() == 1
        disclosures.cancel(conversation=talk, actor=None, at=now)
        assert disclosures.next_step(talk) == DisclosureStep.PROFILE

    def page(self, client, disclosure, side):
        purpose, name = (
            (disclosures.CANDIDATE, "disclosure_candidate") if side == Side.SENDER else (disclosures.DOCTOR, "disclosure_doctor")
        )
        return client.get(letters.path_of(letters.page(purpose, name, disclosure))).text

    @pytest.mark.parametrize("end", ["told", "declined", "cancelled"])
    def test_the_doctor_reads_the_path_of_a_candidate_once_both_have_agreed(self, client, talk, now, end):
        disclosure = disclosures.propose(conversation=talk, step=DisclosureStep.PROFILE, actor=None, at=now, text=PATH)
        assert PATH in self.page(client, disclosure, Side.SENDER)
        assert PATH not in self.page(client, disclosure, Side.RECIPIENT)
        disclosures.agree(disclosure=disclosure, side=Side.RECIPIENT, at=now)
        assert PATH not in self.page(client, disclosure, Side.RECIPIENT)
        if end == "told":
            disclosures.agree(disclosure=disclosure, side=Side.SENDER, at=now)
        elif end == "declined":
            disclosures.decline(disclosure=disclosure, side=Side.SENDER, at=now)
        else:
            disclosures.cancel(conversation=talk, actor=None, at=now)
        assert (PATH in self.page(client, disclosure, Side.RECIPIENT)) is (end == "told")

    def test_the_page_of_a_candidate_says_what_waits_and_the_commune_once_told(self, client, talk, now):
        url = letters.path_of(letters.follow_url(talk))
        for step in (DisclosureStep.PROFILE, DisclosureStep.COMMUNE):
            disclosure = disclosures.propose(conversation=talk, step=step, actor=None, at=now, text=PATH)
            page = client.get(url).text
            assert "Une étape attend votre réponse" in page
            assert "Vous n’avez rien à faire" not in page
            assert "Sault" not in page
            self.agree(client, disclosure, Side.SENDER, Side.RECIPIENT)
        page = client.get(url).text
        assert "Une étape attend" not in page
        assert "Commune du cabinet" in page
        assert "Sault" in page

    def test_a_step_of_a_candidate_who_left_offers_no_answer(self, client, talk, now):
        disclosure = disclosures.propose(conversation=talk, step=DisclosureStep.PROFILE, actor=None, at=now, text=PATH)
        endings.withdraw(conversation=talk, at=now)
        for side in (Side.SENDER, Side.RECIPIENT):
            page = self.page(client, disclosure, side)
            assert "n’attend plus de réponse" in page
            assert "je suis d’accord" not in page
        assert "Lire et répondre" not in client.get(letters.path_of(letters.follow_url(talk))).text

    def test_nothing_is_told_once_the_offer_is_over(self, client, talk, now):
        disclosure = disclosures.propose(conversation=talk, step=DisclosureStep.PROFILE, actor=None, at=now, text=PATH)
        self.agree(client, disclosure, Side.RECIPIENT)
        actions.withdraw(offer=talk.offer, reason="Elle a changé d’avis.", at=now)
        self.agree(client, disclosure, Side.SENDER)
        assert disclosure.told_at is None
        chasing.chase(at=now)
        talk.refresh_from_db()
        assert talk.outcome == Outcome.GONE

    def test_a_no_tells_nothing_and_the_team_knows(self, client, talk, now):
        disclosure = disclosures.propose(conversation=talk, step=DisclosureStep.PROFILE, actor=None, at=now, text=PATH)
        url = letters.path_of(letters.page(disclosures.DOCTOR, "disclosure_doctor", disclosure))
        assert client.get(url).status_code == 200
        assert Disclosure.objects.get().declined_at is None, "a GET changes nothing"
        client.post(url, {"verb": "decline"})
        self.agree(client, disclosure, Side.SENDER, Side.RECIPIENT)
        assert disclosure.told_at is None
        assert Mail.objects.filter(event__startswith="contacts.disclosure_declined").count() == 1
        assert disclosures.propose(conversation=talk, step=DisclosureStep.PROFILE, actor=None, at=now, text=PATH), (
            "it may be proposed again"
        )

    def test_an_ordinary_offer_has_no_steps(self, now):
        plain = verbs.write(target=Target.OFFER, offer=OpportunityFactory(contact_email=RETIRING), values=VALUES, confirmed=True, at=now)
        with pytest.raises(steps.ConversationRefused):
            disclosures.propose(conversation=plain, step=DisclosureStep.PROFILE, actor=None, at=now)

    def test_further_words_stay_with_the_team_on_both_sides(self, talk, now):
        verbs.say(conversation=talk, side=Side.ADVISER, text="Bonjour.", at=now)
        verbs.say(conversation=talk, side=Side.SENDER, text="Merci.", at=now)
        with pytest.raises(steps.ConversationRefused):
            verbs.say(conversation=talk, side=Side.RECIPIENT, text="C’est moi.", at=now)
        assert talk.stage == Stage.ADVISER
        assert not Mail.objects.filter(recipient=RETIRING).exists()

    def test_the_staff_screen_proposes_the_next_step(self, client, talk):
        client.force_login(SuperuserFactory())
        screen = client.get(reverse("admin:contacts_conversation_change", args=[talk.pk])).text
        assert "Proposer aux deux" in screen
        client.post(reverse("admin:contacts_conversation_verb", args=[talk.pk, "propose"]))
        assert not Disclosure.objects.exists(), "the adviser writes what the doctor will read"
        client.post(reverse("admin:contacts_conversation_verb", args=[talk.pk, "propose"]), {"text": PATH})
        assert Disclosure.objects.get().step == DisclosureStep.PROFILE


class TestNoStepEndsInSilence:
    """Whatever comes of a step, and whoever says nothing, the team hears it and has the conversation in its queue."""

    def proposed(self, talk, now, step=DisclosureStep.PROFILE):
        """A step of which both have read, after a word of the adviser that took the conversation out of the queue."""
        if step == DisclosureStep.PROFILE:
            verbs.say(conversation=talk, side=Side.ADVISER, text="Bonjour, je vous rappelle.", at=now)
        disclosure = disclosures.propose(conversation=talk, step=step, actor=None, at=now, text=PATH)
        Mail.objects.update(state="sent", sent_at=now)
        return disclosure

    def agreed(self, talk, now, step=DisclosureStep.PROFILE):
        disclosure = self.proposed(talk, now, step)
        for side in (Side.SENDER, Side.RECIPIENT):
            disclosures.agree(disclosure=disclosure, side=side, at=now)
        talk.refresh_from_db()

    def to_team(self, letter):
        return Mail.objects.filter(recipient="equipe@example.org", event__startswith=f"contacts.{letter}:").count()

    def test_a_step_that_is_told_comes_back_to_the_team(self, talk, now):
        self.agreed(talk, now)
        assert (talk.stage, self.to_team("disclosure_told")) == (Stage.ADVISER, 1)
        self.agreed(talk, now, DisclosureStep.COMMUNE)
        self.agreed(talk, now, DisclosureStep.IDENTITY)
        assert (talk.stage, talk.outcome, self.to_team("disclosure_told")) == (Stage.ANSWERED, Outcome.INTERESTED, 3)
        assert talk.answered_at is not None
        assert talk.recipient.conversations.promise(now + timedelta(days=30))["rated"] == 0, "the adviser asked, nobody waited"

    def test_a_no_comes_back_to_the_team(self, talk, now):
        disclosures.decline(disclosure=self.proposed(talk, now), side=Side.RECIPIENT, at=now)
        talk.refresh_from_db()
        assert (talk.stage, self.to_team("disclosure_declined")) == (Stage.ADVISER, 1)

    def test_who_says_nothing_is_reminded_and_then_the_team_speaks_to_them(self, talk, now):
        disclosure = self.proposed(talk, now)
        disclosures.agree(disclosure=disclosure, side=Side.SENDER, at=now)
        sent = []
        for days in (2, 3, 3, 6, 7, 7, 30):
            before = Mail.objects.count()
            at = now + timedelta(days=days, hours=1)
            with time_machine.travel(at, tick=False):
                chasing.chase(at=at)
            Mail.objects.filter(state="waiting").update(state="sent", sent_at=at)
            sent.append(Mail.objects.count() - before)
        assert sent == [0, 1, 0, 0, 1, 0, 0]
        reminder = Mail.objects.get(event__endswith=":rappel")
        assert (reminder.recipient, reminder.subject.startswith("Rappel")) == (RETIRING, True)
        told = Mail.objects.get(event__startswith="contacts.disclosure_silent:").text
        assert "le médecin" in told
        assert "le candidat" not in told, "the candidate has agreed"
        talk.refresh_from_db()
        assert talk.stage == Stage.ADVISER

    def test_the_team_hears_of_each_who_says_nothing(self, talk, now):
        self.proposed(talk, now)
        Recipient.objects.filter(email=RETIRING).update(absent_from=now.date(), absent_until=(now + timedelta(days=10)).date())
        for days in (8, 14, 30):
            with time_machine.travel(now + timedelta(days=days), tick=False):
                chasing.chase(at=now + timedelta(days=days))
            Mail.objects.filter(state="waiting").update(state="sent", sent_at=now)
        told = Mail.objects.filter(event__startswith="contacts.disclosure_silent:").order_by("pk")
        assert [("le candidat" in each.text, "le médecin" in each.text) for each in told] == [(True, False), (False, True)]
        assert {each.recipient for each in Mail.objects.filter(event__endswith=":rappel")} >= {RETIRING}

    def test_what_is_forgotten_after_a_year_is_not_told_as_given_up(self, talk, now):
        self.agreed(talk, now)
        with time_machine.travel(now + timedelta(days=500), tick=False):
            chasing.erase_old(at=now + timedelta(days=500))
        talk.refresh_from_db()
        assert talk.erased_at is not None
        assert not Mail.objects.filter(event__startswith="contacts.disclosure_withdrawn:").exists()
        assert self.to_team("withdrawn_team") == 0

    def test_nobody_is_late_while_our_message_waits(self, talk, now):
        self.proposed(talk, now)
        Mail.objects.filter(event__startswith="contacts.disclose_").update(state="waiting", sent_at=None)
        assert chasing.chase(at=now + timedelta(days=8)) == 0

    @pytest.mark.parametrize("end", [endings.withdraw, endings.erase])
    def test_a_candidate_who_ends_it_is_missed_by_nobody_in_vain(self, talk, now, end):
        self.agreed(talk, now)
        verbs.say(conversation=talk, side=Side.ADVISER, text="Le médecin réfléchit.", at=now)
        end(conversation=talk, at=now)
        assert self.to_team("withdrawn_team") == 1
        told = Mail.objects.get(recipient=RETIRING, event__startswith="contacts.disclosure_withdrawn:")
        assert "Claire" not in told.text + told.subject
        assert (PATH in told.text) is (end == endings.withdraw), "what is erased is told no more"

    def test_a_doctor_who_was_asked_nothing_hears_nothing(self, talk, now):
        endings.withdraw(conversation=talk, at=now)
        assert self.to_team("withdrawn_team") == 1
        assert not Mail.objects.filter(recipient=RETIRING).exists()


@pytest.fixture
def told_everywhere(now):
    """A confidential offer that a candidate writes about, an alert and a need find, a selection holds, and whose doctor is asked."""
    with time_machine.travel(NOW - timedelta(days=40), tick=False):
        follow("type=succession", at=NOW - timedelta(days=40))
        need_of("chercheur@exemple.org", kinds=("succession",), notify=True, available=True, expires_at=NOW + timedelta(days=60))
    offer = confidential(published_at=NOW, confirmed_at=NOW)
    talk = verbs.write(target=Target.OFFER, offer=offer, values=VALUES, confirmed=True, at=now)
    disclosures.propose(conversation=talk, step=DisclosureStep.PROFILE, actor=None, at=now, text=PATH)
    digests.send_due(at=now)
    for job in (matches.find, matches.tell_people, matches.tell_publishers):
        job(at=now)
    later = now + timedelta(days=31)
    with time_machine.travel(later, tick=False):
        freshness.ask_publishers(at=later)
    return offer


def test_no_mail_gives_the_place_away(told_everywhere):
    """Only the doctor's own messages may name the place."""
    events = {event.split(":")[0] for event in Mail.objects.values_list("event", flat=True)}
    assert {"contacts.receipt", "contacts.alerts", "contacts.needs_found"} <= events or len(events) > 5, events
    for message in Mail.objects.exclude(recipient=RETIRING):
        assert traces(f"{message.subject} {message.text} {message.html}", told_everywhere.commune) == [], message.event
        assert RETIRING not in message.text
    assert any(told_everywhere.title in message.text for message in Mail.objects.exclude(recipient=RETIRING)), "control: it is told of"
    assert not Mail.objects.filter(recipient=RETIRING, event__startswith="contacts.availabilities").exists()


def test_no_page_gives_the_place_away(client, told_everywhere, shipped):
    """Lists, feeds, search, sitemap, structured data, selections and their files, numbers, and the page once the offer is over."""
    offer, offers = told_everywhere, reverse("opportunities:offer_list")
    kept = selection_of(offer)
    mine, read = selection_actions.page_path(kept), selection_actions.read_path(kept)
    pages = [
        *(f"{offers}{more}" for more in ("", "?type=succession", "?q=cabinet", "carte.geojson", "flux.atom")),
        *(reverse(f"opportunities:{name}", args=[offer.pk]) for name in ("offer_card", "offer_report")),
        reverse("contacts:write_offer", args=[offer.pk]),
        offer.get_absolute_url(),
        reverse("opportunities:landing"),
        reverse("search") + "?q=cabinet+Ventoux",
        reverse("search_suggest") + "?q=cabinet",
        "/sitemap-offres.xml",
        *(f"{page}{more}" for page in (mine, read) for more in ("", "comparer/", "echeances.ics", "selection.pdf")),
    ]
    told = {}
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200, page
        told[page] = traces(pdf.text(answer.content) if page.endswith(".pdf") else answer.text, offer.commune)
    assert [page for page, found in told.items() if found] == []
    assert WRITTEN["title"] in client.get(offers).text, "control: the offer is told"
    assert "Ventoux" in pdf.text(client.get(f"{mine}selection.pdf").content), "control: the file is read"
    for end in (actions.pause, actions.fill, lambda offer, at: actions.withdraw(offer=offer, reason="Elle a changé d’avis.", at=at)):
        end(offer=offer, at=NOW)
        for page in (offer.get_absolute_url(), mine, f"{mine}selection.pdf"):
            answer = client.get(page)
            assert traces(pdf.text(answer.content) if page.endswith(".pdf") else answer.text, offer.commune) == []
