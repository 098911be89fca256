"""Nobody wrote for 60 days: the publisher is told once, with what is missing, and the team sees it."""

from datetime import timedelta

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

from contacts import tasks
from contacts.actions import advice
from housing.models import Availability
from opportunities import actions as offer_actions
from tests.accounts.factories import SuperuserFactory
from tests.contacts.factories import match_of, need_of
from tests.contacts.life import to, work
from tests.contacts.test_conversations import PUBLISHER, relayed
from tests.housing.factories import DwellingFactory
from tests.opportunities.factories import OpportunityFactory

pytestmark = pytest.mark.django_db

HOST, LET = "hote@exemple.org", "complet@exemple.org"


@pytest.fixture
def old(now):
    """An offer that readers have seen for 61 days; its publisher said yesterday that it holds."""
    return OpportunityFactory(
        contact_email=PUBLISHER,
        title="Un cabinet à Sault",
        summary="",
        published_at=now - timedelta(days=61),
        confirmed_at=now - timedelta(days=1),
    )


def subjects(smtp, address):
    return [message["Subject"].strip() for message in to(smtp, address)]


def test_the_publisher_is_told_once_what_readers_miss(old, now, smtp):
    old.day_views.create(day=timezone.localdate(now) - timedelta(days=3), count=7)
    old.day_views.create(day=timezone.localdate(now) - timedelta(days=61), count=100)
    for days in (0, 1, 20):
        work(now + timedelta(days=days), tasks.advise_publishers)
    assert subjects(smtp, PUBLISHER) == ["Personne n’a écrit depuis 60 jours\u00a0: Un cabinet à Sault"]
    text = to(smtp, PUBLISHER)[0].get_body(("plain",)).get_content()
    assert "ouverte 7\u00a0fois" in text
    assert "Une phrase qui résume." in text
    for path in ("/exercer/mon-offre/", "/collectif/accueillir-un-medecin/", "/contact/ecrire/?sujet=publish"):
        assert path in text


@pytest.mark.parametrize("days", [1, 59])
def test_who_was_written_to_lately_is_told_nothing(old, now, smtp, days):
    relayed(old, now - timedelta(days=days))
    assert not advice.quiet_offers(now).exists()
    assert advice.quiet_offers(now + timedelta(days=61 - days)).exists(), "two months later it counts again"


@pytest.mark.parametrize(
    "values",
    [{"published_at": "young"}, {"state": "paused"}, {"expires_at": "over"}],
)
def test_only_what_readers_have_seen_for_60_days_counts(now, values):
    moments = {"young": now - timedelta(days=59), "over": now - timedelta(minutes=1)}
    OpportunityFactory(**{"published_at": now - timedelta(days=80)} | {name: moments.get(value, value) for name, value in values.items()})
    assert advice.advise(at=now) == 0
    assert not advice.quiet_offers(now).exists()


def test_doctors_who_were_asked_for_count_as_messages(old, now):
    match_of(need_of(), old, requested=True)
    assert not advice.quiet_offers(now).exists()
    assert advice.quiet_offers(now + timedelta(days=61)).exists()


def test_days_of_a_pause_do_not_count(old, now):
    offer_actions.pause(offer=old, at=now - timedelta(days=50))
    offer_actions.publish(offer=old, at=now - timedelta(days=1))
    assert not advice.quiet_offers(now).exists()


def test_an_offer_without_an_address_is_for_the_team_alone(now):
    OpportunityFactory(contact_email="", published_at=now - timedelta(days=61))
    assert advice.advise(at=now) == 0
    assert advice.quiet_offers(now).exists()


def test_a_room_is_told_unless_somebody_stays_there(now, smtp):
    today = timezone.localdate(now)
    rooms = [DwellingFactory(contact_email=address, published_at=now - timedelta(days=70), confirmed_at=now) for address in (HOST, LET)]
    for room in rooms:
        Availability.objects.get_or_create(dwelling=room, period=(today, today + timedelta(days=300)))
    stay = rooms[1].bookings.create(
        period=(today + timedelta(days=20), today + timedelta(days=60)), state="confirmed", place=1, confirmed_at=now
    )
    work(now, tasks.advise_publishers)
    assert [len(to(smtp, address)) for address in (HOST, LET)] == [1, 0]
    type(stay).objects.update(origin="kept")
    assert advice.quiet_rooms(now).count() == 2, "nobody stays in a room that is kept"
    stay.delete()
    assert advice.quiet_rooms(now).count() == 2


def test_the_team_finds_them_on_its_first_page(old, now, client, rf):
    request = rf.get("/")
    request.user = SuperuserFactory()
    queues = {queue.code: queue for queue in admin.site.work_queues(request, now)}
    queue = queues["offres-sans-message"]
    assert (queue.count, [row.title for row in queue.rows]) == (1, ["Un cabinet à Sault"])
    assert "logements-sans-demande" not in queues
    client.force_login(request.user)
    listed = client.get(queue.url)
    assert listed.status_code == 200
    assert "Un cabinet à Sault" in listed.text
    assert client.get(reverse("admin:index")).status_code == 200
