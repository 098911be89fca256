"""One mail a working day tells the team what it has left waiting too long."""

from datetime import timedelta

import pytest

from contacts.actions import conversations as verbs
from contacts.enums import Target
from core import late
from core.models import Mail
from tests.contacts.talks import TEAM, VALUES
from tests.opportunities.factories import OpportunityFactory

pytestmark = pytest.mark.django_db


def told():
    return Mail.objects.filter(event__startswith="core.late:")


def test_nothing_late_is_no_mail(now):
    assert not late.tell_team(at=now)
    assert not told().exists()


def test_what_is_late_is_told_once_a_day_with_a_link(now):
    verbs.write(target=Target.ADVISER, values=VALUES | {"aim": "", "topic": "other"}, confirmed=True, at=now)
    OpportunityFactory(submitted=True, submitted_at=now)
    assert not late.tell_team(at=now + timedelta(hours=1))
    days = [now + timedelta(days=count, hours=hours) for count, hours in ((3, 0), (3, 2), (4, 0))]
    assert [late.tell_team(at=at) for at in days] == [True, False, True]
    mail = told().earliest("pk")
    assert mail.recipient == TEAM
    assert "Messages à suivre" in mail.text
    assert "Offres à relire" in mail.text
    assert "equipe=oui" in mail.text
