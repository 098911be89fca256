"""LOG-03: what may no longer be let leaves the lists on the day, whatever its host confirms."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from core.announced.life import TransitionRefused
from core.enums import State
from core.models import Mail
from housing import actions, forbidden, freshness
from housing.models import Dwelling
from housing.tasks import expire_dwellings
from tests.housing.factories import DwellingFactory

pytestmark = pytest.mark.django_db

FIRST = datetime(2028, 1, 1, 0, 11, tzinfo=ZoneInfo("Europe/Paris"))


@pytest.fixture
def room():
    """An F room that was published in December 2027."""
    with time_machine.travel(FIRST - timedelta(days=20), tick=False):
        return DwellingFactory(energy_class="F", expires_at=FIRST + timedelta(days=60))


def test_a_class_that_is_let_no_more_leaves_the_lists_and_its_host_is_told_once(room):
    later = FIRST + timedelta(days=60)
    paused = DwellingFactory(energy_class="F", state=State.PAUSED, expires_at=later)
    other = DwellingFactory(energy_class="E", expires_at=later)
    assert forbidden.retire(at=FIRST - timedelta(hours=1)) == 0
    with time_machine.travel(FIRST, tick=False):
        expire_dwellings()
        expire_dwellings()
        assert freshness.tell_ended(at=FIRST + timedelta(hours=8)) == 0
    for dwelling in (room, paused):
        dwelling.refresh_from_db()
        assert dwelling.state == State.EXPIRED
        mail = Mail.objects.get(recipient=dwelling.contact_email)
        assert "Un logement classé F ne se loue plus depuis le 1er janvier 2028." in mail.text
    assert Dwelling.objects.exclude(pk__in=[room.pk, paused.pk]).get() == other
    assert list(Dwelling.objects.filter(state=State.PUBLISHED)) == [other]


def test_its_host_neither_confirms_nor_extends_nor_publishes_it(room):
    forbidden.retire(at=FIRST)
    for verb in (actions.confirm, actions.extend, actions.publish):
        with pytest.raises(TransitionRefused):
            verb(dwelling=Dwelling.objects.get(), at=FIRST + timedelta(days=4))
    assert not Dwelling.objects.visible(FIRST + timedelta(days=4)).exists()
