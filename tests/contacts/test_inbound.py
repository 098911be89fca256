"""Ordinary mail that answers a conversation, as the programs and servers of people write it."""

import io
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command

from contacts import inbound
from contacts.actions import conversations as verbs
from contacts.actions import endings, further
from contacts.enums import Channel, Handover, Side, Stage, Target
from contacts.models import Message
from contacts.rules.addresses import address_for
from core import mail
from core.models import Mail
from tests.contacts.test_conversations import DOCTOR, PUBLISHER, VALUES
from tests.opportunities.factories import OpportunityFactory

pytestmark = pytest.mark.django_db

MAILS = Path(__file__).parent / "mails"


@pytest.fixture(autouse=True)
def portal_reads_mail(settings):
    settings.INBOUND_ADDRESS = "reponse@portail.example"


@pytest.fixture
def conversation(now):
    offer = OpportunityFactory(contact_email=PUBLISHER, title="Tous les jeudis")
    return verbs.write(target=Target.OFFER, offer=offer, values=VALUES, confirmed=True, at=now)


def raw(name, address):
    return (MAILS / f"{name}.eml").read_bytes().replace(b"@ADDRESS@", address.encode())


def receive(name, conversation, now, side=Side.RECIPIENT):
    outcome = inbound.receive(raw(name, address_for(conversation, side)), at=now)
    conversation.refresh_from_db()
    return outcome


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("gmail", "Bonjour, le 12 mars nous irait très bien.\nLe secrétariat vous accueille dès 8 h."),
        ("outlook", "Voici notre projet de contrat. À bientôt\u00a0!"),
        ("apple", "Appelez-moi demain matin.\n\nEnvoyé de mon iPhone"),
    ],
)
def test_what_stands_above_the_quotation_is_passed_on(conversation, now, name, text):
    assert receive(name, conversation, now) == "passed on"
    message = Message.objects.get()
    assert message.text == text
    assert (message.side, message.channel) == (Side.RECIPIENT, Channel.MAIL)
    assert conversation.stage == Stage.ANSWERED
    told = Mail.objects.get(event__startswith="contacts.more_sender")
    assert told.recipient == DOCTOR
    assert mail.quote(text) in told.text
    assert PUBLISHER not in told.text + told.reply_to


def test_who_answers_below_the_quotation_is_read_too(conversation, now):
    """Thunderbird quotes first; nothing of the answer may be lost."""
    assert receive("thunderbird", conversation, now) == "passed on"
    assert Message.objects.get().text == "Oui pour mars, mais seulement le jeudi."


def test_the_same_message_twice_is_passed_on_once(conversation, now):
    assert [receive("gmail", conversation, now) for _ in range(2)] == ["passed on", "known"]
    assert Message.objects.count() == 1


def test_attachments_are_refused_and_their_sender_is_told(conversation, now):
    receive("outlook", conversation, now)
    told = Mail.objects.get(event__startswith="contacts.attachments")
    assert told.recipient == PUBLISHER
    assert "contrat.pdf" in told.text
    assert "logo.png" not in told.text
    assert not Mail.objects.filter(recipient=DOCTOR, text__contains="contrat.pdf").exists()


def test_a_bounce_hands_over_at_once(conversation, now):
    assert [receive("bounce", conversation, now) for _ in range(2)] == ["bounce", "bounce"]
    assert (conversation.stage, conversation.handover) == (Stage.ADVISER, Handover.UNREACHABLE)
    assert "ne répond pas" in Message.objects.get().text


def test_a_delay_is_no_bounce(conversation, now):
    assert receive("delayed", conversation, now) == "delayed"
    assert conversation.stage == Stage.WAITING


@pytest.mark.parametrize("name", ["away_exchange", "away_plain"])
def test_an_out_of_office_note_is_no_answer(conversation, now, name):
    assert [receive(name, conversation, now) for _ in range(2)] == ["away", "away"]
    assert conversation.stage == Stage.WAITING
    assert conversation.answered_at is None
    assert Message.objects.count() == 1


@pytest.mark.parametrize("subject", ["Remplacement pendant mes congés", "Absence du Dr Exemple en mars", "Congés de mars"])
def test_a_subject_that_speaks_of_an_absence_is_read_as_any_other(conversation, now, subject):
    text = raw("away_plain", address_for(conversation, Side.RECIPIENT)).replace(b"Absence du bureau", subject.encode())
    assert inbound.receive(text, at=now) == "passed on"


def test_a_subject_that_speaks_of_an_absence_counts_with_a_header(conversation, now):
    text = raw("away_plain", address_for(conversation, Side.RECIPIENT)).replace(b"Absence du bureau", b"Je suis absent")
    assert inbound.receive(b"Return-Path: <>\n" + text, at=now) == "away"


NUMBER = "06 12 34 56 78"


class TestNumbers:
    """A number in a mail passes between an author and the team; before a yes it does not reach the other, and who wrote knows."""

    def receive(self, conversation, side, now):
        text = raw("away_plain", address_for(conversation, side)).replace(b"Absence du bureau", b"Bonjour")
        assert inbound.receive(text.replace(b"Je suis en vacances.", f"Appelez le {NUMBER}.".encode()), at=now) == "passed on"
        return Message.objects.get(side=side).text

    @pytest.mark.parametrize("side", [Side.SENDER, Side.ADVISER])
    def test_between_an_author_and_the_team(self, conversation, now, side):
        verbs.ask_team(conversation=conversation, at=now)
        assert NUMBER in self.receive(conversation, side, now)
        assert not Mail.objects.filter(event__startswith="contacts.masked").exists()

    @pytest.mark.parametrize(("side", "writer"), [(Side.SENDER, DOCTOR), (Side.RECIPIENT, PUBLISHER)])
    def test_to_the_other_side_not_before_a_yes(self, conversation, now, side, writer):
        assert NUMBER not in self.receive(conversation, side, now)
        assert Mail.objects.get(event__startswith="contacts.masked").recipient == writer

    def test_what_the_team_only_reads_first_hides_it_too(self, conversation, now):
        later = now + timedelta(days=1)
        verbs.say(conversation=conversation, side=Side.SENDER, text="https://un.example https://deux.example https://trois.example", at=now)
        text = raw("away_plain", address_for(conversation, Side.SENDER)).replace(b"Absence du bureau", b"Bonjour")
        inbound.receive(text.replace(b"Je suis en vacances.", f"Appelez le {NUMBER}.".encode()), at=later)
        word = Message.objects.filter(side=Side.SENDER).last()
        assert word.read_first
        further.pass_on(conversation=conversation, word=str(word.pk), actor=None, at=later)
        assert NUMBER not in Mail.objects.filter(recipient=PUBLISHER).latest("pk").text


def test_the_author_answers_by_mail_as_well(conversation, now):
    verbs.answer(conversation=conversation, reply="question", text="Quand ?", at=now)
    assert receive("gmail", conversation, now, Side.SENDER) == "passed on"
    assert conversation.stage == Stage.WAITING
    assert Mail.objects.get(event__startswith="contacts.more_recipient").recipient == PUBLISHER


def test_a_closed_conversation_says_so(conversation, now):
    endings.withdraw(conversation=conversation, at=now)
    assert receive("gmail", conversation, now) == "refused"
    assert "close" in Mail.objects.get(event__startswith="contacts.undelivered").text


def test_nothing_but_a_quotation_is_explained(conversation, now):
    text = raw("thunderbird", address_for(conversation, Side.RECIPIENT)).replace(b"Oui pour mars, mais seulement le jeudi.", b"")
    assert inbound.receive(text, at=now) == "empty"
    assert "aucun texte" in Mail.objects.get(event__startswith="contacts.undelivered").text


@pytest.mark.parametrize("spoil", [lambda a: a.replace(".r.", ".s."), lambda a: a.replace("+", "+9"), lambda a: "reponse@portail.example"])
def test_an_address_that_is_not_ours_is_unknown(conversation, now, spoil):
    with pytest.raises(inbound.Unknown):
        inbound.receive(raw("gmail", spoil(address_for(conversation, Side.RECIPIENT))), at=now)


def test_a_new_key_ends_the_address(conversation, now):
    address = address_for(conversation, Side.RECIPIENT)
    endings.revoke_links(conversation=conversation)
    with pytest.raises(inbound.Unknown):
        inbound.receive(raw("gmail", address), at=now)


def test_an_address_in_capitals_is_the_same(conversation, now):
    assert inbound.receive(raw("gmail", address_for(conversation, Side.RECIPIENT).upper()), at=now) == "passed on"


@pytest.mark.parametrize("body", [b"", b"\xff\xfe\x00", b"To: x\nContent-Type: text/plain; charset=nimporte\n\n\xe9t\xe9"])
def test_rubbish_is_unknown_and_breaks_nothing(now, body):
    with pytest.raises(inbound.Unknown):
        inbound.receive(body, at=now)


def test_an_unknown_charset_is_read_as_well_as_can_be(conversation, now):
    text = raw("gmail", address_for(conversation, Side.RECIPIENT)).replace(b'charset="UTF-8"', b'charset="x-inconnu"')
    assert inbound.receive(text, at=now) == "passed on"


def test_replies_come_back_to_the_conversation_and_bounces_too(conversation, smtp, now):
    mail.deliver_due(at=now)
    relay = next(message for message in smtp.messages if message["To"] == PUBLISHER)
    assert relay["Reply-To"] == address_for(conversation, Side.RECIPIENT)
    assert "portail@example.org" in relay["From"]
    assert relay["X-MailFrom"] == address_for(conversation, Side.RECIPIENT)


class TestCommand:
    def run(self, monkeypatch, text, *options):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text)))
        out = io.StringIO()
        call_command("receive_mail", *options, stdout=out, stderr=out)
        return out.getvalue()

    def test_a_piped_message_is_passed_on(self, monkeypatch, conversation):
        address = address_for(conversation, Side.RECIPIENT)
        assert "passed on" in self.run(monkeypatch, raw("gmail", "autre@exemple.org"), "--to", address)

    def test_a_mail_server_is_told_that_nobody_lives_there(self, monkeypatch, db):
        with pytest.raises(SystemExit) as end:
            self.run(monkeypatch, raw("gmail", "reponse+1.r.00000000000000000000@portail.example"))
        assert end.value.code == 67
