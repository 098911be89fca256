"""Mail: once for an event and a person, with the row or not at all, until a server takes it."""

import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta
from itertools import cycle

import pytest
from django.conf import settings as portal
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from core import mail
from core.enums import MailState
from core.models import Mail
from tests.accounts.factories import SuperuserFactory, UserFactory

REASON = "vous avez écrit à une annonce du portail"


@pytest.fixture
def words(tmp_path, settings):
    """A template of a message, as an app has one."""
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "words.txt").write_text(
        "{% load mailing %}Votre message pour {{ name }}\n\nBonjour {{ name }},\n\nIl est parti.\n\n{{ quoted }}\n\n"
        '{% button "Lire la réponse" "https://exemple.org/r/1?a=1&b=2" %}\n'
    )
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [*settings.TEMPLATES[0]["DIRS"], folder]}]
    return "words.txt"


def post(template, event="essai:1", recipient="claire@exemple.org", **values):
    context = {"name": "L’Isle & « Sault »", "quoted": mail.quote("Bonjour <b>\nVoir : https://ailleurs.example/")} | values.pop(
        "context", {}
    )
    with transaction.atomic():
        return mail.post(event=event, recipient=recipient, template=template, context=context, reason=REASON, **values)


def test_of_several_buttons_the_first_alone_is_filled():
    parts = mail.parts_of("Bonjour,\n\nXOui\thttps://a.fr/1\n\nXNon\thttps://a.fr/2\n\nXPourvu\thttps://a.fr/3", "X")
    assert [(part["label"], part["main"]) for kind, part in parts if kind == "button"] == [("Oui", True), ("Non", False), ("Pourvu", False)]


@pytest.mark.django_db
class TestWriting:
    def test_a_message_is_plain_text_and_the_same_lines_in_html(self, words, smtp, now):
        post(words)
        assert mail.deliver_due(at=now) == 1
        (message,) = smtp.messages
        text = message.get_body(("plain",)).get_content()
        html = message.get_body(("html",)).get_content()
        assert message["Subject"].strip() == "Votre message pour L’Isle & «\u00a0Sault\u00a0»"
        assert "Lire la réponse\u00a0: https://exemple.org/r/1?a=1&b=2" in text
        assert "> Bonjour <b>" in text
        assert f"Vous recevez ce message parce que {REASON}." in text
        assert portal.ADVISER["name"] in text
        assert ">Lire la réponse</a>" in html
        assert 'href="https://exemple.org/r/1?a=1&amp;b=2"' in html
        assert "Bonjour &lt;b&gt;" in html

    def test_what_a_person_wrote_makes_no_button(self, words, smtp, now):
        post(words)
        mail.deliver_due(at=now)
        html = smtp.messages[0].get_body(("html",)).get_content()
        assert 'href="https://ailleurs.example/"' not in html

    def test_a_subscription_is_left_in_one_click(self, words, smtp, now):
        post(words, unsubscribe_url="https://exemple.org/stop/1")
        mail.deliver_due(at=now)
        (message,) = smtp.messages
        assert message["List-Unsubscribe"] == "<https://exemple.org/stop/1>"
        assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert "Ne plus recevoir ces messages\u00a0: https://exemple.org/stop/1" in message.get_body(("plain",)).get_content()

    def test_other_messages_carry_no_unsubscription_and_say_they_are_automatic(self, words, smtp, now):
        post(words, reply_to="fil@exemple.org")
        mail.deliver_due(at=now)
        (message,) = smtp.messages
        assert message["List-Unsubscribe"] is None
        assert message["Auto-Submitted"] == "auto-generated"
        assert message["Reply-To"] == "fil@exemple.org"

    @pytest.mark.parametrize("name", ["x\nBcc: tous@exemple.org", "x\rBcc: tous@exemple.org", "x\u2028y"])
    def test_a_subject_is_one_line_whatever_a_name_holds(self, words, smtp, now, name):
        post(words, context={"name": name})
        mail.deliver_due(at=now)
        assert len(smtp.messages) == 1
        assert smtp.messages[0]["Bcc"] is None

    def test_a_name_makes_no_button(self, words, smtp, now):
        post(words, context={"name": "Jean\n\nConfirmez votre compte : https://ailleurs.example/\n\nConfirmez\thttps://ailleurs.example/"})
        mail.deliver_due(at=now)
        assert 'href="https://ailleurs.example' not in smtp.messages[0].get_body(("html",)).get_content()

    def test_a_message_has_a_recipient(self, words):
        with pytest.raises(ValueError, match="recipient"):
            post(words, recipient="")


@pytest.mark.django_db
class TestOnce:
    def test_one_event_is_told_once_to_one_person(self, words, smtp, now):
        first, second = post(words), post(words, recipient="Claire@Exemple.org ")
        assert first.pk == second.pk
        post(words, recipient="jean@exemple.org")
        post(words, event="essai:2")
        mail.deliver_due(at=now)
        assert len(smtp.messages) == 3
        mail.deliver_due(at=now)
        assert len(smtp.messages) == 3

    def test_a_message_has_one_job_that_sends_it(self, words, now):
        message = post(words)
        post(words)
        jobs = ProcrastinateJob.objects.filter(task_name="core.tasks.deliver_mail")
        assert [job.args for job in jobs] == [{"pk": message.pk}]

    def test_an_event_stays_told_once_its_words_are_erased(self, words, smtp, now):
        message = post(words, at=now)
        mail.deliver(pk=message.pk, at=now)
        assert mail.erase_old(at=now + mail.KEPT) == 0
        assert mail.erase_old(at=now + mail.KEPT + timedelta(minutes=1)) == 1
        message.refresh_from_db()
        assert (message.recipient, message.subject, message.text, message.html) == ("", "", "", "")
        assert message.state == MailState.SENT
        assert post(words).pk == message.pk
        assert len(smtp.messages) == 1


@pytest.mark.django_db(transaction=True)
class TestWithItsRow:
    def test_outside_of_a_transaction_nothing_is_written(self, words):
        with pytest.raises(TransactionManagementError):
            mail.post(event="essai:1", recipient="a@exemple.org", template=words, context={}, reason=REASON)
        assert not Mail.objects.exists()

    def test_a_transaction_that_fails_takes_its_message_along(self, words):
        @transaction.atomic
        def fail():
            post(words)
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            fail()
        assert not Mail.objects.exists()
        assert not ProcrastinateJob.objects.exists()

    def test_two_workers_share_the_work(self, words, smtp, now):
        keys = [post(words, event=f"essai:{number}").pk for number in range(20)]
        gate = threading.Barrier(2)

        def work():
            gate.wait()
            mail.deliver_due(at=now)
            connection.close()

        workers = [threading.Thread(target=work) for _ in range(2)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert len({message["Message-ID"] for message in smtp.messages}) == len(smtp.messages) == len(keys)
        assert Mail.objects.filter(state=MailState.SENT).count() == len(keys)


@pytest.mark.django_db
class TestTrouble:
    def test_a_server_that_is_busy_is_asked_again_later_and_later(self, words, smtp, now):
        smtp.refusals["claire@exemple.org"] = "451 try again"
        message = post(words, at=now)
        at = now
        for attempt, delay in enumerate(mail.DELAYS, start=1):
            assert mail.deliver(pk=message.pk, at=at) == MailState.WAITING
            message.refresh_from_db()
            assert (message.attempts, message.due_at) == (attempt, at + delay)
            assert "451" in message.problem
            assert mail.deliver(pk=message.pk, at=at + delay - timedelta(seconds=1)) is None
            at += delay
        assert list(mail.DELAYS) == sorted(mail.DELAYS)
        assert mail.deliver(pk=message.pk, at=at) == MailState.FAILED

    def test_once_the_server_answers_the_message_leaves(self, words, smtp, now):
        smtp.refusals["claire@exemple.org"] = "451 try again"
        message = post(words, at=now)
        mail.deliver(pk=message.pk, at=now)
        smtp.refusals.clear()
        assert mail.deliver_due(at=now + mail.DELAYS[0]) == 1
        message.refresh_from_db()
        assert (message.state, message.sent_at, message.problem) == (MailState.SENT, now + mail.DELAYS[0], "")

    def test_an_address_that_does_not_exist_is_given_up_at_once(self, words, smtp, now):
        smtp.refusals["claire@exemple.org"] = "550 no such user"
        message = post(words, at=now)
        assert mail.deliver(pk=message.pk, at=now) == MailState.FAILED

    def test_a_message_that_cannot_be_built_stops_nobody(self, words, smtp, now):
        broken = post(words, at=now)
        Mail.objects.filter(pk=broken.pk).update(reply_to="a@exemple.org\nBcc: b@exemple.org")
        post(words, event="essai:2", at=now)
        assert mail.deliver_due(at=now) == 2
        assert [message["To"] for message in smtp.messages] == ["claire@exemple.org"]
        broken.refresh_from_db()
        assert broken.state == MailState.FAILED

    def test_a_server_that_is_away_is_asked_once_a_run(self, words, settings, now):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
        for number in range(5):
            post(words, event=f"essai:{number}", at=now)
        assert mail.deliver_due(at=now) == 1
        assert sum(Mail.objects.values_list("attempts", flat=True)) == 1

    def test_a_server_that_is_away_loses_nothing(self, words, settings, now):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
        message = post(words, at=now)
        assert mail.deliver(pk=message.pk, at=now) == MailState.WAITING

    def test_after_a_day_of_outage_each_message_leaves_once(self, words, smtp, now):
        for number in range(3):
            post(words, event=f"essai:{number}", at=now)
        assert mail.deliver_due(at=now + timedelta(days=1)) == 3
        assert mail.deliver_due(at=now + timedelta(days=1)) == 0
        assert len(smtp.messages) == 3


KILLED = """
import django
django.setup()
from django.conf import settings
from core import mail
from core.models import Mail
from django.utils import timezone
print("ready", flush=True)
mail.deliver(pk={pk}, at=timezone.now())
print("done", flush=True)
"""


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_once_the_server_has_accepted_sends_the_same_message_again(words, smtp, settings):
    """The one window where a message may leave twice: both copies have the same Message-ID, and it is recorded once."""
    message = post(words)
    database = connection.settings_dict
    address = f"postgres://{database['USER']}:{database['PASSWORD']}@/{database['HOST']}/{database['NAME']}"
    environment = {
        **os.environ,
        "DATABASE_URL": address if str(database["HOST"]).startswith("/") else address.replace("@/", "@", 1),
        "PGPORT": str(database["PORT"]),
        "DJANGO_SETTINGS_MODULE": "vsa_portal.settings",
        "EMAIL_URL": f"smtp://{settings.EMAIL_HOST}:{settings.EMAIL_PORT}",
    }
    worker = subprocess.Popen(
        [sys.executable, "-c", KILLED.format(pk=message.pk)], env=environment, cwd=portal.BASE_DIR, stdout=subprocess.PIPE, text=True
    )
    smtp.on_data = lambda: os.kill(worker.pid, signal.SIGKILL)
    output, _ = worker.communicate(timeout=60)
    assert "ready" in output
    assert "done" not in output
    message.refresh_from_db()
    assert (message.state, message.attempts) == (MailState.WAITING, 0)
    smtp.on_data = None
    assert mail.deliver(pk=message.pk, at=message.due_at) == MailState.SENT
    first, second = smtp.messages
    assert first["Message-ID"] == second["Message-ID"] == message.message_id


@pytest.mark.django_db
class TestStaff:
    def test_a_message_is_read_and_never_written(self, client, words, now):
        message = post(words)
        client.force_login(SuperuserFactory())
        html = client.get(reverse("admin:core_mail_change", args=[message.pk])).content.decode()
        assert "Il est parti." in html
        assert 'name="_save"' not in html
        assert client.get("/equipe/core/mail/add/").status_code == 403

    def test_what_was_given_up_waits_for_somebody_and_is_sent_again(self, client, words, smtp, now):
        smtp.refusals["claire@exemple.org"] = "550 no such user"
        message = post(words, at=now)
        mail.deliver(pk=message.pk, at=now)
        client.force_login(SuperuserFactory())
        assert "courriels-en-echec" in {queue.code for queue in client.get("/equipe/").context["queues"]}
        smtp.refusals.clear()
        client.post("/equipe/core/mail/", {"action": "send_again", "_selected_action": [message.pk]})
        assert mail.deliver_due(at=now) == 1
        assert smtp.messages[0]["Message-ID"] == message.message_id

    def test_what_was_looked_at_is_put_aside(self, client, words, smtp, now):
        smtp.refusals["claire@exemple.org"] = "550 no such user"
        message = post(words, at=now)
        mail.deliver(pk=message.pk, at=now)
        client.force_login(SuperuserFactory())
        client.post("/equipe/core/mail/", {"action": "drop", "_selected_action": [message.pk]})
        assert "courriels-en-echec" not in {queue.code for queue in client.get("/equipe/").context["queues"]}
        assert mail.erase_old(at=now + mail.KEPT + timedelta(days=1)) == 1

    @pytest.mark.parametrize("production", [True, False])
    def test_links_that_act_for_somebody_are_shown_in_a_demonstration_only(self, client, words, now, settings, production):
        settings.PRODUCTION = production
        message = post(words)
        client.force_login(SuperuserFactory())
        html = client.get(reverse("admin:core_mail_change", args=[message.pk])).content.decode()
        assert ("(lien personnel)" in html) is production
        assert ("exemple.org/r/1" in html) is not production

    def test_who_has_no_right_reads_nothing(self, client, words, now):
        message = post(words)
        client.force_login(UserFactory(is_staff=True))
        assert client.get(reverse("admin:core_mail_change", args=[message.pk])).status_code == 403


@pytest.mark.django_db
class TestAddressesThatSomebodyTyped:
    """However many forms there are, an address that somebody types into all of them is asked five times a day."""

    def asked(self, words, count):
        with transaction.atomic():
            for number, event in zip(range(count), cycle(mail.ASKING), strict=False):
                post(words, event=f"{event}{number}")

    @pytest.mark.parametrize(("count", "expected"), [(4, True), (5, False)])
    def test_five_whatever_the_forms(self, words, count, expected, now):
        self.asked(words, count)
        with transaction.atomic():
            assert mail.may_ask(" Claire@Exemple.org", now) is expected
            assert mail.may_ask("paul@exemple.org", now)

    def test_again_a_day_later(self, words, now):
        self.asked(words, mail.ASKED_A_DAY)
        with transaction.atomic():
            assert not mail.may_ask("claire@exemple.org", now + timedelta(hours=23))
            assert mail.may_ask("claire@exemple.org", now + timedelta(hours=25))

    def test_what_a_person_wanted_does_not_count(self, words, now):
        with transaction.atomic():
            for number in range(8):
                post(words, event=f"contacts.needs_found:{number}")
            assert mail.may_ask("claire@exemple.org", now)
