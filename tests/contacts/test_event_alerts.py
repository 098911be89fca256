"""Events in alerts: what is announced is told once, to those it is for, and never what is cancelled or over."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from agenda.actions import record
from agenda.enums import Stage, State
from agenda.models import Event
from contacts import searches
from contacts.actions import alerts, digests, event_changes
from contacts.actions.alerts import manage_url
from contacts.actions.letters import path_of
from contacts.enums import Rhythm
from contacts.models import Alert, AlertItem
from core.models import Mail
from tests.agenda.factories import EventFactory
from tests.conftest import NOW
from tests.opportunities.factories import OpportunityFactory

pytestmark = pytest.mark.django_db
READER = "claire@exemple.org"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


def follow(query="pour=intern", kind="rencontre"):
    alerts.ask(email=READER, kind=kind, query=query, rhythm=Rhythm.AT_ONCE, known=True, at=timezone.now())
    return Alert.objects.get(kind=kind)


def announced(after, **values):
    """An event published that long after the alert began."""
    with time_machine.travel(NOW + after, tick=False):
        return EventFactory(published_at=timezone.now(), **values)


def digest(**delay):
    """What was written at that moment, as text; empty when nothing was."""
    with time_machine.travel(NOW + timedelta(**delay), tick=False):
        before = set(Mail.objects.values_list("pk", flat=True))
        digests.send_due(at=timezone.now())
        return "".join(Mail.objects.filter(event__contains="_digest:").exclude(pk__in=before).values_list("text", flat=True))


def test_a_new_event_is_told_once_to_those_it_is_for():
    EventFactory(title="Déjà annoncée", stages=[Stage.INTERN])
    follow()
    announced(timedelta(minutes=10), title="Soirée des internes", stages=[Stage.INTERN])
    announced(timedelta(minutes=10), title="Pour tous")
    announced(timedelta(minutes=10), title="Retraite et cumul", stages=[Stage.RETIRED])
    text = digest(hours=1)
    assert "Soirée des internes" in text
    assert "Pour tous" in text, "an event that names nobody is for everybody"
    assert "25 juin 2026" in text
    assert "Déjà annoncée" not in text
    assert "Retraite" not in text
    Event.objects.get(title="Pour tous").save()
    assert digest(hours=2) == "", "never twice"


@pytest.mark.parametrize(
    "values",
    [
        {"state": State.CANCELLED, "state_reason": "Trop peu d’inscrits."},
        {"state": State.POSTPONED, "state_reason": "Salle fermée."},
        {"state": State.DRAFT, "published_at": None},
    ],
)
def test_nobody_hears_of_what_will_not_take_place(values):
    follow("")
    event = announced(timedelta(minutes=10))
    Event.objects.filter(pk=event.pk).update(**values)
    assert digest(hours=1) == ""


def changed(event, after, **values):
    """The event as staff change it that long after the alert began, with what the next run of the job writes of it."""
    with time_machine.travel(NOW + after, tick=False):
        for name, value in values.items():
            setattr(event, name, value)
        record(event=event, at=timezone.now())
        before = set(Mail.objects.values_list("pk", flat=True))
        for _ in range(2):
            event_changes.tell(at=timezone.now())
        return [message.text for message in Mail.objects.exclude(pk__in=before)]


def test_who_was_told_of_an_event_is_told_once_what_became_of_it():
    follow("")
    event = announced(timedelta(minutes=1), title="Marche", venue="Lavoir")
    assert "Marche" in digest(hours=1)
    assert changed(event, timedelta(hours=2), title="Marche au Lavoir", summary="Une faute corrigée.") == []
    (moved,) = changed(event, timedelta(hours=3), first_day=date(2026, 6, 26), last_day=date(2026, 6, 26))
    assert "Annoncée ainsi\u00a0: jeudi 25 juin 2026" in moved
    assert "Maintenant\u00a0: vendredi 26 juin 2026" in moved
    (cancelled,) = changed(event, timedelta(hours=4), state=State.CANCELLED, state_reason="Orage annoncé.")
    assert "Maintenant\u00a0: annulée." in cancelled
    assert "Orage annoncé." in cancelled


@pytest.mark.parametrize("ended", ["stopped", "over"])
def test_nobody_is_told_of_a_change_after_an_alert_is_stopped_or_the_event_over(ended):
    alert = follow("")
    event = announced(timedelta(minutes=1))
    digest(hours=1)
    if ended == "stopped":
        alerts.stop(person=alert.subscriber, alert=alert, at=timezone.now())
    delay = timedelta(days=12) if ended == "over" else timedelta(hours=2)
    assert changed(event, delay, state=State.CANCELLED, state_reason="Orage.") == []


def test_who_was_never_told_hears_of_no_change():
    event = EventFactory(published_at=NOW - timedelta(days=1))
    follow("")
    assert digest(hours=1) == ""
    assert changed(event, timedelta(hours=2), state=State.CANCELLED, state_reason="Orage.") == []


def test_a_postponed_event_with_a_new_date_is_new_to_who_followed_since():
    event = EventFactory(title="Marche", state=State.POSTPONED, state_reason="Orage.")
    follow("")
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        event.state, event.state_reason = State.PUBLISHED, ""
        event.save()
    assert "Marche" in digest(hours=1)


def test_what_is_over_when_the_digest_leaves_is_not_told():
    follow("")
    announced(timedelta(minutes=10))
    assert digest(days=11) == ""


def test_a_message_that_waits_is_written_again_when_an_event_is_cancelled():
    follow("")
    kept, cancelled = announced(timedelta(minutes=1), title="Tient"), announced(timedelta(minutes=1), title="Tombe")
    assert "Tombe" in digest(hours=1)
    Event.objects.filter(pk=cancelled.pk).update(state=State.CANCELLED, state_reason="Empêchement.")
    digest(hours=2)
    message = Mail.objects.get(event__contains="_digest:")
    assert "Tombe" not in message.text
    assert kept.title in message.text
    assert list(AlertItem.objects.values_list("object_id", flat=True)) == [kept.pk]


def test_offers_and_events_come_in_one_message():
    follow("")
    follow("", kind="offre")
    announced(timedelta(minutes=1), title="Une soirée")
    with time_machine.travel(NOW + timedelta(minutes=1), tick=False):
        OpportunityFactory(title="Un cabinet", published_at=timezone.now())
    text = digest(hours=1)
    assert "Une soirée" in text
    assert "Un cabinet" in text
    assert Mail.objects.filter(event__contains="_digest:").count() == 1


def test_the_list_leads_to_the_alert_with_what_was_asked_and_never_the_archive(client):
    page = client.get(reverse("agenda:event_list"), {"pour": "intern", "gratuit": "1", "passees": "1", "tri": "date"})
    assert 'href="/alertes/nouvelle/?sujet=rencontre&amp;gratuit=1&amp;pour=intern"' in page.text
    form = client.get("/alertes/nouvelle/?sujet=rencontre&gratuit=1&pour=intern")
    assert "Recevoir les nouvelles rencontres" in form.text
    assert "internes" in form.text
    assert reverse("agenda:event_list") in form.text


def test_a_search_is_written_in_one_way():
    kind = searches.Events(NOW)
    written = {
        kind.read(query).query for query in ("pour=intern&gratuit=1", "gratuit=1&pour=intern&tri=date&page=2", "gratuit=on&pour=intern")
    }
    assert written == {"gratuit=1&pour=intern"}
    assert kind.read("pour=personne").problems


def test_the_private_page_names_and_changes_it(client):
    alert = follow()
    page = client.get(path_of(manage_url(alert.subscriber)))
    assert "internes" in page.text
    change = client.get(f"{path_of(manage_url(alert.subscriber))}{alert.pk}/")
    assert change.status_code == 200
    assert 'name="pour"' in change.text
