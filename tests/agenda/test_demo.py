"""Invented events: marked, plausible on any day, with addresses that lead nowhere."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from agenda.enums import TRAINEES
from agenda.models import Event, EventActor
from vsa_portal import demo_agenda

pytestmark = pytest.mark.django_db

PARIS = ZoneInfo("Europe/Paris")


@pytest.mark.parametrize(
    "day",
    [
        datetime(2026, 6, 15, 10, 0, tzinfo=PARIS),
        datetime(2027, 1, 3, 0, 5, tzinfo=PARIS),
        datetime(2028, 2, 29, 23, 55, tzinfo=PARIS),
        datetime(2026, 10, 25, 2, 30, tzinfo=PARIS),
    ],
)
def test_ten_events_of_every_sort(day):
    with time_machine.travel(day, tick=False):
        now = timezone.now()
        assert len(demo_agenda.create(now=now)) == 10
        shown = Event.objects.visible(now)
        assert shown.past(now).count() == 1
        assert shown.coming(now).taking_place().for_stages(TRAINEES).count() >= 3
        assert shown.filter(state="cancelled").exclude(state_reason="").count() == 1
        assert shown.filter(commune=None, is_online=True).exists()
        assert [event.length for event in map(lengthened, shown) if event.length > 1] == [2]
        for event in shown:
            event.full_clean()
            assert event.is_demo
            assert "exemple" in event.title
            assert event.contact_email.endswith("@example.org")
            assert event.register_by is None or timezone.localdate() < event.register_by <= event.first_day
    assert all("exemple" in name for name in EventActor.objects.values_list("name", flat=True))


def lengthened(event):
    event.length = (event.last_day - event.first_day).days + 1
    return event


def test_the_pages_of_all_of_them_open(client, now):
    for event in demo_agenda.create(now=now):
        page = client.get(event.get_absolute_url())
        assert "Exemple inventé pour la démonstration" in page.text
        assert 'content="noindex"' in page.text
