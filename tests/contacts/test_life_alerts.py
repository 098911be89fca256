"""The whole life of an alert: asked for, confirmed, told, changed, renewed, stopped, erased; real mail, real jobs, time that passes."""

import re
import threading
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from contacts import tasks
from contacts.actions import digests
from contacts.models import Alert, AlertItem, Subscriber
from contacts.rules.alerts import periods
from core import mail
from core import tasks as core_tasks
from core.enums import MailState
from core.guard import fresh
from core.models import Mail
from opportunities import actions
from opportunities.models import Opportunity
from tests.contacts.test_alerts import follow, publish
from tests.opportunities.factories import OpportunityFactory

TO = "lectrice@exemple.org"
PARIS = ZoneInfo("Europe/Paris")


class Life:
    """A reader, her mailbox, and the clock."""

    def __init__(self, box):
        self.box, self.read = box, 0

    def at(self, *parts):
        return time_machine.travel(datetime(*parts, tzinfo=PARIS), tick=False)

    def work(self):
        """The jobs of this moment, and those that they and the pages deferred, as a worker runs them."""
        tasks.send_alerts()
        tasks.renew_alerts()
        tasks.erase_alerts()
        core_tasks.deliver_due_mails()

    def received(self):
        """What came since the last look: subject and text of each message, with its headers."""
        new, self.read = self.box.messages[self.read :], len(self.box.messages)
        return new


def words(message):
    return message.get_body(("plain",)).get_content()


def link(message, part):
    return next(urlsplit(url).path for url in re.findall(r"http\S+", words(message)) if f"/alertes/{part}" in url)


def asks_and_hears(life, client):
    """She asks, confirms, and hears the next morning of what is new and still true; the message she gets."""
    with life.at(2026, 6, 15, 9, 59):
        OpportunityFactory(town="Sault", title="Déjà là")
        shown = fresh()
    with life.at(2026, 6, 15, 10, 0):
        address = "/alertes/nouvelle/?commune=Sault&rayon=10"
        client.post(address, {"email": TO, "rhythm": "daily", "shown": shown, "site": ""})
        life.work()
        (asked,) = life.received()
        assert asked["List-Unsubscribe"] is None
        assert "Sault, 10\u00a0km" in words(asked)
        client.post(link(asked, "confirmer"))
    with life.at(2026, 6, 15, 15, 0):
        found, lost = publish(town="Sault", title="Pour elle"), publish(town="Sault", title="Pourvue le soir")
        publish(town="Avignon", title="Trop loin")
        life.work()
        assert life.received() == []
        actions.fill(offer=lost, at=timezone.now())
    with life.at(2026, 6, 16, 7, 0):
        life.work()
        life.work()
        (digest,) = life.received()
        assert digest["Subject"].strip().startswith("1\u00a0nouvelle offre")
        assert "Pour elle" in words(digest)
        assert not re.search("Déjà là|Pourvue le soir|Trop loin", words(digest))
        assert digest["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert ">Pour elle</a>" in digest.get_body(("html",)).get_content()
        assert client.get(found.get_absolute_url()).status_code == 200
    return digest


def hears_at_once(life, client, digest):
    """She says what she thinks, changes the rhythm; a message that waits for her server tells only what still holds."""
    with life.at(2026, 6, 16, 8, 0):
        assert client.post(link(digest, "avis"), {"word": "tout de suite ce que je cherchais"}).status_code == 200
        number = Alert.objects.get().pk
        client.post(link(digest, "gerer").replace(f"{number}/", ""), {"verb": "rhythm", "alert": number, "rhythm": "at_once"})
        publish(town="Sault", title="À l’instant")
    life.box.refusals[TO] = "451 revenez plus tard"
    with life.at(2026, 6, 16, 8, 5):
        life.work()
        assert life.received() == []
        assert AlertItem.objects.filter(mail__state=MailState.WAITING).count() == 1
        actions.fill(offer=Opportunity.objects.get(title="À l’instant"), at=timezone.now())
        life.box.refusals.clear()
    with life.at(2026, 6, 16, 8, 10):
        publish(town="Sault", title="La suivante")
        life.work()
        (digest,) = life.received()
        assert "La suivante" in words(digest)
        assert "À l’instant" not in words(digest)


def goes_on_and_leaves(life, client):
    """Asked after six months, she goes on; then one click of her mail program ends it, and a month later nothing of her is left."""
    with life.at(2026, 12, 20, 9, 0):
        life.work()
        (question,) = life.received()
        assert "19 janvier 2027" in words(question).replace("\u00a0", " ")
        client.post(link(question, "continuer"))
    with life.at(2027, 2, 1, 9, 0):
        publish(town="Sault", title="Huit mois après")
        life.work()
        (digest,) = life.received()
        assert "Huit mois après" in words(digest)
    with life.at(2027, 2, 1, 10, 0):
        header = urlsplit(digest["List-Unsubscribe"].strip(" <>")).path
        assert client.post(header, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded").status_code == 200
        publish(town="Sault", title="Trop tard")
        life.work()
        assert life.received() == []
    with life.at(2027, 3, 4, 4, 0):
        life.work()
        assert not Subscriber.objects.exists()
        assert not Alert.objects.exists()
        assert not AlertItem.objects.exists()


@pytest.mark.django_db
def test_the_whole_life_of_an_alert(client, smtp):
    life = Life(smtp)
    digest = asks_and_hears(life, client)
    hears_at_once(life, client, digest)
    goes_on_and_leaves(life, client)


def together(work, count=2):
    """Run the same work in threads that start at once, each with a connection of its own."""
    gate, done, faults = threading.Barrier(count), [], []

    def run():
        gate.wait()
        try:
            done.append(work())
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    workers = [threading.Thread(target=run) for _ in range(count)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert faults == []
    return done


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
class TestTwoWorkers:
    def test_they_share_the_people_and_tell_each_once(self, smtp):
        before = timezone.now() - timedelta(hours=1)
        for number in range(12):
            follow("commune=Sault&rayon=5", email=f"p{number}@exemple.org", at=before)
            follow(email=f"p{number}@exemple.org", at=before)
        publish(town="Sault")
        at = timezone.now()
        counts = together(lambda: digests.send_due(at=at))
        assert sum(counts) == 12
        assert AlertItem.objects.count() == 12
        assert digests.send_due(at=at) == 0
        together(lambda: mail.deliver_due(at=at))
        told = [message["To"] for message in smtp.messages if "nouvelle offre" in message["Subject"]]
        assert len(told) == len(set(told)) == 12

    def test_a_form_sent_twice_at_once_makes_one_alert(self):
        together(lambda: follow("commune=Sault&rayon=5").pk, count=3)
        assert Alert.objects.count() == Subscriber.objects.count() == 1

    def test_a_person_whom_another_worker_holds_is_left_to_it(self):
        alert = follow(at=timezone.now() - timedelta(hours=1))
        publish()
        at = timezone.now()
        with transaction.atomic():
            Subscriber.objects.select_for_update().get(pk=alert.subscriber_id)
            assert together(lambda: digests.send_due(at=at), count=1) == [0]
        assert digests.send_due(at=at) == 1


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_dies_before_the_end_has_told_nothing_and_loses_nothing(monkeypatch):
    follow(at=timezone.now() - timedelta(hours=1))
    publish(title="À ne pas perdre")
    at = timezone.now()

    class Killed(BaseException):
        pass

    def die(*args, **kwargs):
        raise Killed

    for target, name in ((digests.AlertItem.objects, "bulk_create"), (digests.mail, "post"), (digests, "_news")):
        with monkeypatch.context() as patch:
            patch.setattr(target, name, die)
            with pytest.raises(Killed):
                digests.send_due(at=at)
        assert not Mail.objects.filter(event__startswith="contacts.alert_digest").exists()
        assert not AlertItem.objects.exists()
    assert digests.send_due(at=at) == 1
    assert "À ne pas perdre" in Mail.objects.get(event__startswith="contacts.alert_digest").text


def test_the_jobs_are_the_worker_s():
    names = {(task.task.name, task.cron) for task in app.periodic_registry.periodic_tasks.values()}
    assert {
        ("contacts.tasks.send_alerts", "*/5 * * * *"),
        ("contacts.tasks.renew_alerts", "17 8 * * *"),
        ("contacts.tasks.erase_alerts", "51 3 * * *"),
    } <= names
    assert set(periods(timezone.now())) == {"at_once", "daily", "weekly"}
