"""Writing to the organiser of an event: the form, the answers, and what becomes of messages when it is cancelled or over."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agenda.models import Event
from contacts import tasks
from contacts.actions import alerts, chasing, digests, endings, event_changes, letters
from contacts.actions import conversations as verbs
from contacts.actions.steps import ConversationRefused
from contacts.enums import Aim, Handover, Outcome, Refusal, Reply, Rhythm, Side, Stage, Standing, Target
from contacts.models import AlertItem, Conversation, Recipient
from core import mail
from core.guard import fresh
from core.models import Mail
from tests.accounts.factories import SuperuserFactory
from tests.agenda.factories import DraftFactory, EventFactory
from tests.conftest import NOW
from tests.contacts.life import link, to, work
from tests.contacts.rooms import HOST, INTERN, room
from tests.contacts.rooms import request as ask_room
from tests.opportunities.factories import OpportunityFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

ORGANISER, TEAM = "organisatrice@exemple.org", "equipe@example.org"
VALUES = {
    "name": "Inès Exemple",
    "email": INTERN,
    "standing": Standing.INTERN,
    "aim": Aim.JOIN,
    "text": "Je serais heureuse de venir à cette soirée.",
}


def evening(**values):
    """An event in ten days, whose organiser takes messages."""
    return EventFactory(**{"contact_email": ORGANISER, **values})


def write_url(event):
    return reverse("contacts:write_event", args=[event.pk])


def send(client, event, **values):
    with time_machine.travel(timezone.now() - timedelta(seconds=30), tick=False):
        shown = fresh()
    return client.post(write_url(event), VALUES | {"consent": "on", "shown": shown} | values)


def written(event=None, **values):
    """A message that reached the organiser, or the team."""
    one = verbs.write(target=Target.EVENT, event=event or evening(), values=VALUES | values, confirmed=True, at=timezone.now())
    mail.deliver_due(at=timezone.now())
    return one


def again(conversation):
    return Conversation.objects.select_related("event", "recipient").get(pk=conversation.pk)


def told(recipient):
    """Names of what was written to somebody, oldest first."""
    found = Mail.objects.filter(recipient=recipient).order_by("pk").values_list("event", flat=True)
    return [event.partition(".")[2].partition(":")[0] for event in found]


def last_to(recipient):
    return Mail.objects.filter(recipient=recipient).latest("pk")


def answer_path(conversation, choice=""):
    return letters.path_of(letters.answer_url(again(conversation))) + (f"?choix={choice}" if choice else "")


def follow_text(client, conversation):
    return client.get(letters.path_of(letters.follow_url(again(conversation)))).text


# --- The form --------------------------------------------------------------------------------------


def test_the_page_of_an_event_leads_to_its_organiser_or_to_the_team(client):
    taking, not_taking = evening(), evening(contact_email="", takes_messages=False)
    page = client.get(taking.get_absolute_url()).text
    assert f'href="{write_url(taking)}"' in page
    assert "Écrire à l’organisateur" in page
    assert ORGANISER not in page
    page = client.get(not_taking.get_absolute_url()).text
    assert f'href="{write_url(not_taking)}"' in page
    assert "Écrire à l’équipe" in page


def test_the_form_asks_who_and_what_for_and_nothing_of_an_exercise(client):
    form = client.get(write_url(evening())).context["form"]
    assert [field.name for field in form.asked] == ["name", "standing", "aim", "text", "email", "phone", "consent"]
    assert form.fields["aim"].choices == [(aim, aim.label) for aim in (Aim.JOIN, Aim.FAMILY, Aim.PROPOSE, Aim.ASK)]
    assert "l’organisateur" in form.fields["consent"].label


@pytest.mark.parametrize("aim", ["locum", "settle", "", "x"])
def test_an_aim_of_an_offer_is_none_of_an_event(client, aim):
    assert send(client, evening(), aim=aim).context["form"].errors.keys() == {"aim"}


def test_an_aim_of_an_event_is_none_of_an_offer(client):
    offer = OpportunityFactory()
    response = client.post(reverse("contacts:write_offer", args=[offer.pk]), VALUES | {"consent": "on"})
    assert "aim" in response.context["form"].errors


def test_nothing_leaves_before_the_address_is_confirmed(client):
    event = evening()
    send(client, event)
    conversation = Conversation.objects.get()
    assert (conversation.stage, conversation.event, conversation.about) == (Stage.UNCONFIRMED, event, event.title)
    assert (told(INTERN), told(ORGANISER)) == (["confirm"], [])
    client.post(letters.path_of(letters.confirm_url(conversation)))
    assert again(conversation).stage == Stage.WAITING
    assert (told(INTERN), told(ORGANISER)) == (["confirm", "receipt"], ["relay"])
    relay = last_to(ORGANISER).text
    assert "But\u00a0: participer" in relay
    assert "Oui, vous êtes attendu" in relay
    assert "pourvu" not in relay
    assert INTERN not in relay
    assert "l’organisateur n’a pas encore répondu" in follow_text(client, conversation)


def test_one_that_is_over_cancelled_or_a_draft_takes_no_message(client):
    for event in (evening(state="cancelled", state_reason="La salle est fermée."), evening(first_day=(NOW - timedelta(days=2)).date())):
        assert client.get(write_url(event)).url == event.get_absolute_url()
        assert send(client, event).url == event.get_absolute_url()
    for path in (write_url(DraftFactory()), reverse("contacts:write_event", args=[10**17])):
        assert client.get(path).status_code == 404
    assert not Conversation.objects.exists()


def test_the_team_receives_for_who_takes_none(client):
    one = written(evening(takes_messages=False))
    assert (one.stage, one.handover, one.recipient) == (Stage.ADVISER, Handover.NO_ADDRESS, None)
    assert (told(TEAM), told(ORGANISER)) == (["team"], [])


def test_a_pause_is_said_of_the_organiser(client):
    Recipient.objects.create(email=ORGANISER, paused=True)
    event = evening()
    assert "L’organisateur ne prend pas de message" in client.get(write_url(event)).text
    assert written(event).handover == Handover.PAUSED


def test_a_conversation_is_about_one_thing_of_its_kind():
    one = written()
    with pytest.raises(IntegrityError), transaction.atomic():
        Conversation.objects.filter(pk=one.pk).update(target=Target.OFFER)


# --- The answers -----------------------------------------------------------------------------------


def test_the_organiser_has_three_answers_and_nothing_fills_anything(client):
    one = written()
    page = client.get(answer_path(one))
    assert [code for code, _ in page.context["replies"]] == [Reply.INTERESTED, Reply.QUESTION, Reply.NO]
    with pytest.raises(ConversationRefused):
        verbs.answer(conversation=one, reply=Reply.FILLED, at=timezone.now())


@pytest.mark.parametrize(
    ("aim", "label", "title", "ready"),
    [
        (Aim.JOIN, "Oui, vous êtes attendu", "Vous êtes attendu", "Vous êtes attendu. À bientôt"),
        (Aim.FAMILY, "Oui, vous êtes attendu", "Vous êtes attendu", "Vous êtes attendu. À bientôt"),
        (Aim.PROPOSE, "Oui, écrivons-nous", "Vous êtes en relation", "Votre proposition m’intéresse"),
        (Aim.ASK, "Oui, écrivons-nous", "Vous êtes en relation", "je vous réponds"),
    ],
)
def test_a_yes_says_what_it_is_a_yes_to_and_exchanges_the_addresses(client, aim, label, title, ready):
    one = written(aim=aim)
    page = client.get(answer_path(one, "interested"))
    assert page.context["reply_label"] == label
    assert ready in page.context["form"]["text"].value()
    client.post(answer_path(one, "interested"), {"text": "À bientôt."})
    assert (again(one).stage, again(one).outcome) == (Stage.ANSWERED, Outcome.INTERESTED)
    assert ORGANISER in last_to(INTERN).text
    assert INTERN in last_to(ORGANISER).text
    assert "contrat" not in last_to(INTERN).text
    page = follow_text(client, one)
    assert title in page
    assert label in page
    assert "Je suis intéressé" not in page
    assert "L’organisateur, le" in page


def test_a_question_comes_back_to_its_author(client):
    one = written()
    client.post(answer_path(one, "question"), {"questions": ["0"], "text": ""})
    assert "Combien serez-vous" in last_to(INTERN).text
    assert again(one).stage == Stage.ASKED


def test_a_no_says_why_in_words_of_an_event(client):
    one = written()
    choices = [code for code, _ in client.get(answer_path(one, "no")).context["form"].fields["refusal"].choices]
    assert choices == [Refusal.FULL, Refusal.AUDIENCE, Refusal.CHANGED, Refusal.OTHER]
    client.post(answer_path(one, "no"), {"refusal": "full", "text": ""})
    assert again(one).outcome == Outcome.NO
    assert "c’est complet" in last_to(INTERN).text
    assert "rencontres" in last_to(INTERN).text
    assert ORGANISER not in last_to(INTERN).text
    assert "Voir les rencontres" in follow_text(client, one)


def test_reasons_of_an_event_are_none_of_an_offer(client):
    offer = OpportunityFactory(contact_email=ORGANISER)
    one = verbs.write(target=Target.OFFER, offer=offer, values=VALUES | {"aim": Aim.ASK}, confirmed=True, at=timezone.now())
    choices = [code for code, _ in client.get(answer_path(one, "no")).context["form"].fields["refusal"].choices]
    assert choices == [Refusal.DATES, Refusal.FOUND, Refusal.PROFILE, Refusal.CHANGED, Refusal.OTHER]


def test_a_further_word_is_read_by_the_organiser(client):
    assert "lu par l’organisateur, par le portail" in follow_text(client, written())


def test_an_organiser_and_a_partner_pause_messages_from_one_of_them(client, now):
    one = written()
    link = reverse("contacts:conversation_wishes", args=[answer_path(one).split("/")[-2]])
    assert f'href="{link}"' in client.get(answer_path(one)).text
    assert client.post(link, {"monthly_cap": "0"}).context["form"].errors.keys() == {"monthly_cap"}
    assert "C’est noté." in client.post(link, {"paused": "on"}, follow=True).text
    assert Recipient.objects.get(email=ORGANISER).paused
    assert written(email="a@exemple.org").handover == Handover.PAUSED
    assert client.get(reverse("contacts:conversation_wishes", args=["x"])).status_code == 404


def test_a_publisher_and_a_host_have_their_settings_behind_their_own_link(client):
    offer = OpportunityFactory(contact_email=ORGANISER)
    one = verbs.write(target=Target.OFFER, offer=offer, values=VALUES | {"aim": Aim.ASK}, confirmed=True, at=timezone.now())
    link = reverse("contacts:conversation_wishes", args=[answer_path(one).split("/")[-2]])
    assert link not in client.get(answer_path(one)).text
    assert client.get(link).status_code == 404


# --- What becomes of an event ----------------------------------------------------------------------


def cancel(event):
    Event.objects.filter(pk=event.pk).update(state="cancelled", state_reason="La salle est fermée.")
    chasing.chase(at=timezone.now())


def test_a_cancelled_event_ends_every_message_about_it_and_each_author_knows():
    event = evening()
    waiting, asked, expected, with_team = (written(event, email=f"{name}@exemple.org") for name in ("a", "b", "c", "d"))
    verbs.answer(conversation=asked, reply=Reply.QUESTION, text="Combien ?", at=timezone.now())
    verbs.answer(conversation=expected, reply=Reply.INTERESTED, at=timezone.now())
    verbs.ask_team(conversation=with_team, at=timezone.now())
    other = written(evening(), email="e@exemple.org")
    for _ in range(2):
        cancel(event)
    for one in (waiting, asked, expected, with_team):
        assert (again(one).stage, again(one).outcome) == (Stage.CLOSED, Outcome.GONE)
        assert told(again(one).email).count("gone") == 1
        assert "La salle est fermée." in last_to(again(one).email).text
    assert "personne ne vous avait répondu" in last_to("a@exemple.org").text
    assert "personne ne vous avait répondu" not in last_to("c@exemple.org").text
    assert again(other).stage == Stage.WAITING


def test_one_that_is_over_ends_what_nobody_answered(client):
    event = evening()
    waiting, expected = (written(event, email=f"{name}@exemple.org") for name in ("a", "b"))
    verbs.answer(conversation=expected, reply=Reply.INTERESTED, at=timezone.now())
    Event.objects.filter(pk=event.pk).update(ends_at=NOW - timedelta(hours=1))
    chasing.chase(at=timezone.now())
    assert again(waiting).outcome == Outcome.GONE
    assert "est passée, et personne ne vous avait répondu" in last_to("a@exemple.org").text
    assert "La rencontre est passée" in follow_text(client, waiting)
    assert again(expected).stage == Stage.ANSWERED


def test_one_that_is_put_off_keeps_its_messages():
    event = evening()
    one = written(event)
    Event.objects.filter(pk=event.pk).update(state="postponed", state_reason="Une autre date vient.", ends_at=NOW - timedelta(hours=1))
    chasing.chase(at=timezone.now())
    assert again(one).stage == Stage.WAITING


def test_what_is_confirmed_too_late_says_so():
    event = evening()
    one = verbs.write(target=Target.EVENT, event=event, values=VALUES, at=timezone.now())
    Event.objects.filter(pk=event.pk).update(state="cancelled", state_reason="La salle est fermée.")
    verbs.confirm(conversation=again(one), at=timezone.now())
    assert (again(one).outcome, told(ORGANISER), told(INTERN)[-1]) == (Outcome.GONE, [], "gone")


def test_a_new_organiser_takes_the_messages_over(client):
    event = evening()
    one = written(event)
    former = answer_path(one)
    Event.objects.filter(pk=event.pk).update(contact_email="Nouvelle@exemple.org")
    chasing.chase(at=timezone.now())
    assert again(one).recipient.email == "nouvelle@exemple.org"
    assert told("nouvelle@exemple.org") == ["relay"]
    assert client.get(former).status_code in (404, 410)


def test_the_address_of_an_organiser_is_kept_as_long_as_the_event_has_it():
    event = evening()
    Recipient.objects.create(email=ORGANISER, paused=True, created_at=NOW - timedelta(days=3))
    assert chasing.forget_recipients(at=NOW) == 0
    Event.objects.filter(pk=event.pk).update(contact_email="", takes_messages=False)
    assert chasing.forget_recipients(at=NOW) == 1


def changed(event, **values):
    """The event as staff change it, and who was written to about it: by two runs of the job, as by one."""
    Event.objects.filter(pk=event.pk).update(updated_at=timezone.now(), sequence=F("sequence") + 1, **values)
    before = set(Mail.objects.values_list("pk", flat=True))
    for _ in range(2):
        event_changes.tell(at=timezone.now())
    return {message.recipient: message.text for message in Mail.objects.exclude(pk__in=before)}


def test_authors_hear_that_it_is_put_off_then_of_the_new_day(client):
    event = evening(title="Soirée")
    waiting, expected, refused = (written(event, email=f"{name}@exemple.org") for name in ("a", "b", "c"))
    verbs.answer(conversation=expected, reply=Reply.INTERESTED, at=timezone.now())
    verbs.answer(conversation=refused, reply=Reply.NO, refusal=Refusal.FULL, at=timezone.now())
    assert changed(event, title="Belle soirée") == {}
    off = changed(event, state="postponed", state_reason="Une grève.")
    assert off.keys() == {"a@exemple.org", "b@exemple.org"}
    for text in off.values():
        assert "Annoncée ainsi\u00a0: jeudi 25 juin 2026" in text
        assert "Maintenant\u00a0: reportée." in text
        assert "Une grève." in text
        assert "Nous vous dirons la nouvelle date" in text
    day = (NOW + timedelta(days=40)).date()
    ends_at = event.ends_at + timedelta(days=30)
    on = changed(event, state="published", state_reason="", first_day=day, last_day=day, ends_at=ends_at)
    assert "vous n’avez rien à récrire" in on["a@exemple.org"]
    assert "dites-le-lui" in on["b@exemple.org"]
    assert "La rencontre a changé" in follow_text(client, waiting)
    assert again(waiting).stage == Stage.WAITING, "it is still for the organiser to answer"


def test_an_author_whose_conversation_was_put_away_hears_of_a_cancellation():
    event = evening()
    expected = written(event)
    verbs.answer(conversation=expected, reply=Reply.INTERESTED, at=timezone.now())
    endings.settle(conversation=again(expected), actor=None, at=timezone.now())
    assert "Maintenant\u00a0: annulée." in changed(event, state="cancelled", state_reason="Orage.")[INTERN]


def test_who_also_follows_events_hears_once_of_a_cancellation():
    alerts.ask(email=INTERN, kind="rencontre", query="", rhythm=Rhythm.AT_ONCE, known=True, at=timezone.now() - timedelta(days=1))
    event = evening(published_at=timezone.now())
    digests.send_due(at=timezone.now())
    one = written(event)
    verbs.answer(conversation=one, reply=Reply.INTERESTED, at=timezone.now())
    assert changed(event, state="cancelled", state_reason="Orage.") == {}, "the end of the conversation tells it"
    chasing.chase(at=timezone.now())
    assert told(INTERN)[-1] == "gone"
    assert changed(event) == {}


def test_nothing_is_under_way_once_the_team_has_answered_and_filed():
    event = evening()
    one = written(event, aim=Aim.ASK)
    verbs.say(conversation=one, side=Side.ADVISER, text="Il y a un parking.", at=timezone.now())
    endings.settle(conversation=again(one), actor=None, at=timezone.now())
    text = changed(event, venue="Lavoir")[INTERN]
    assert "Lavoir" in text
    assert "suit son cours" not in text


def test_who_also_follows_events_hears_once():
    alerts.ask(email=INTERN, kind="rencontre", query="", rhythm=Rhythm.AT_ONCE, known=True, at=timezone.now() - timedelta(days=1))
    event = evening(published_at=timezone.now())
    digests.send_due(at=timezone.now())
    assert AlertItem.objects.filter(object_id=event.pk).exclude(told_as="").exists()
    written(event)
    assert changed(event, venue="Lavoir").keys() == {INTERN}
    assert Mail.objects.filter(event__contains="event_changed").count() == 1
    assert changed(event, venue="Lavoir d’en bas").keys() == {INTERN}
    assert Mail.objects.filter(event__contains="event_changed").count() == 2


def test_what_changed_before_the_address_was_confirmed_is_told_once_it_is():
    event = evening()
    one = verbs.write(target=Target.EVENT, event=event, values=VALUES, at=timezone.now())
    assert changed(event, venue="Lavoir") == {}
    verbs.confirm(conversation=again(one), at=timezone.now())
    assert "Lavoir" in changed(event)[INTERN]


# --- The team, and a whole life --------------------------------------------------------------------


def test_the_team_finds_messages_about_events(client):
    one = written()
    client.force_login(SuperuserFactory())
    page = client.get(reverse("admin:contacts_conversation_changelist"), {"target__exact": "event"})
    assert one.about in page.text
    screen = client.get(reverse("admin:contacts_conversation_change", args=[one.pk])).text
    assert reverse("admin:agenda_event_change", args=[one.event_id]) in screen
    assert "l’organisateur n’a pas encore répondu" in screen


def test_an_organiser_who_says_nothing_is_reminded_then_the_team_answers(smtp):
    """Real mail, real jobs, time that passes: the page of the author, the screen of the team and the mails say the same."""
    event = evening(first_day=(NOW + timedelta(days=30)).date())
    reader, team = Client(), Client()
    team.force_login(SuperuserFactory())
    send(reader, event)
    work(NOW)
    reader.post(link(to(smtp, INTERN)[0], "/contact/confirmer/"))
    work(NOW)
    conversation = Conversation.objects.get()
    for days, words in (
        (1, "n’a pas encore répondu"),
        (2.1, "n’a pas encore répondu"),
        (5.1, "n’a pas encore répondu"),
        (8, "L’équipe VSA suit"),
    ):
        now = NOW + timedelta(days=days)
        work(now, tasks.chase)
        with time_machine.travel(now, tick=False):
            team.force_login(SuperuserFactory())
            assert words in follow_text(reader, conversation)
            assert words in team.get(reverse("admin:contacts_conversation_change", args=[conversation.pk])).text
    subjects = [message["Subject"].split("\u00a0:")[0].strip() for message in to(smtp, ORGANISER)]
    assert subjects == [f"{VALUES['name']} vous écrit", "Rappel", "Deuxième rappel", "Nous avons pris le relais"]
    assert [message["Subject"].split("\u00a0:")[0].strip() for message in to(smtp, TEAM)] == ["À suivre"]
    assert event.title in to(smtp, INTERN)[-1]["Subject"]
    with time_machine.travel(NOW + timedelta(days=8), tick=False):
        assert "Rappel envoyé à l’organisateur" in follow_text(reader, conversation)
    assert len({message["Message-ID"] for message in smtp.messages}) == len(smtp.messages)


# --- Rooms and offers ------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "word"), [("room", "l’hôte"), ("offer", "l’annonceur")])
def test_whoever_receives_is_called_what_they_are(client, kind, word):
    if kind == "room":
        one = ask_room(room())
    else:
        offer = OpportunityFactory(contact_email=HOST)
        one = verbs.write(target=Target.OFFER, offer=offer, values=VALUES | {"aim": Aim.ASK}, confirmed=True, at=timezone.now())
    verbs.answer(conversation=one, reply=Reply.QUESTION, text="Quand arrivez-vous ?", at=timezone.now())
    page = follow_text(client, one)
    assert f"{word.capitalize()}, le" in page
    assert f"lu par {word}, par le portail" in page
    assert "destinataire" not in page
