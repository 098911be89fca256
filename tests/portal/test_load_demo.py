"""The demonstration: sixty invented offers, plausible, marked, the same each time, and never in production."""

from collections import Counter
from datetime import datetime, timedelta
from io import StringIO
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import User
from core.search import fold, without_article
from housing.models import Dwelling
from opportunities import rules
from opportunities.enums import TRANSITIONS, LocationPrecision, State
from opportunities.models import Opportunity, OpportunityKind, StateChange
from territories.models import HealthFacility
from territories.reference import contains
from tests.opportunities.factories import OpportunityFactory
from vsa_portal import demo_facilities
from vsa_portal.management.commands.load_demo import STAFF_EMAIL, STAFF_PASSWORD

pytestmark = pytest.mark.django_db

PARIS = ZoneInfo("Europe/Paris")
DAYS = [
    datetime(2026, 6, 15, 10, 0, tzinfo=PARIS),
    datetime(2027, 1, 1, 0, 5, tzinfo=PARIS),
    datetime(2028, 2, 29, 23, 55, tzinfo=PARIS),
    datetime(2026, 10, 25, 2, 30, tzinfo=PARIS),
]
"""An ordinary day, the first of a year, a leap day, the hour that comes twice."""


def load(**options):
    """What the command says."""
    said = StringIO()
    call_command("load_demo", stdout=said, **options)
    return said.getvalue()


@pytest.fixture
def demo(now):
    load()
    return list(Opportunity.objects.select_related("kind", "commune__epci").order_by("pk"))


def test_sixty_offers_all_marked(demo):
    assert len(demo) == 60
    assert all(offer.is_demo for offer in demo)


def test_residences_have_one_room_left(demo):
    rooms = Dwelling.objects.filter(is_demo=True, places__gt=1, availabilities__isnull=False).distinct()
    assert {room.places - room.bookings.confirmed().count() for room in rooms} == {1}


def test_every_state_and_every_kind_is_there(demo):
    states = Counter(offer.state for offer in demo)
    assert set(states) == set(State.values)
    assert states[State.PUBLISHED] >= 40
    visible = Opportunity.objects.visible(timezone.now())
    assert set(visible.values_list("kind", flat=True)) == set(OpportunityKind.objects.values_list("pk", flat=True))
    assert visible.count() == states[State.PUBLISHED]


def test_every_precision_of_place_is_there(demo):
    assert {offer.location_precision for offer in demo} == set(LocationPrecision.values)


@pytest.mark.parametrize("moment", DAYS, ids=lambda moment: f"{moment:%Y-%m-%d}")
def test_every_published_offer_could_be_published(moment):
    with time_machine.travel(moment, tick=False):
        load()
        published = Opportunity.objects.published().select_related("kind", "commune__epci")
        assert len(published) >= 40
        assert {offer.title: rules.missing_for_publication(offer, moment) for offer in published} == {
            offer.title: [] for offer in published
        }
        assert [offer.title for offer in published if rules.wording_warnings(offer)] == []


def test_every_offer_is_complete_as_a_form_would_want_it(demo):
    for offer in demo:
        offer.full_clean()


def test_the_life_of_an_offer_follows_the_table_in_order(demo):
    for offer in demo:
        steps = list(offer.state_changes.order_by("at", "pk"))
        assert [step.before for step in steps[:1]] in ([], [State.DRAFT])
        assert (steps[-1].after if steps else State.DRAFT) == offer.state
        assert all(step.after in TRANSITIONS[State(step.before)] for step in steps)
        assert all(before.after == after.before for before, after in pairwise(steps))
        assert all(step.at <= timezone.now() for step in steps)
    assert StateChange.objects.count() >= 55


def test_titles_agree_with_the_place_and_keep_a_discreet_one_back(demo):
    for offer in demo:
        title = offer.title.replace(f"secteur {offer.commune.epci.short_name}", "")
        names = f" {without_article(fold(offer.commune.name))} " in f" {fold(title)} "
        assert names is (offer.location_precision != LocationPrecision.EPCI), offer.title


def test_nobody_is_real(demo):
    assert all(offer.contact_email.endswith("@example.org") and offer.contact_phone == "" for offer in demo)
    assert all("exemple" in offer.contact_name for offer in demo)


def test_a_second_run_adds_nothing(demo):
    before = list(Opportunity.objects.order_by("pk").values())
    assert "déjà là" in load()
    assert list(Opportunity.objects.order_by("pk").values()) == before


FACTS = (
    "title",
    "kind__code",
    "commune__name",
    "state",
    "fee_share",
    "salary_min",
    "days_per_week",
    "half_days",
    "team",
    "location_precision",
)


def test_the_same_seed_gives_the_same_offers():
    """Another day, another database: only the dates move with the day."""
    told = []
    for moment in (DAYS[0], DAYS[0] + timedelta(days=200)):
        with time_machine.travel(moment, tick=False):
            load(reset=True)
            told.append(list(Opportunity.objects.order_by("pk").values_list(*FACTS)))
    assert told[0] == told[1]
    assert len(told[0]) == 60


def test_a_reset_replaces_the_demonstration_and_nothing_else(demo):
    kept = OpportunityFactory()
    load(reset=True)
    after = Opportunity.objects.order_by("pk")
    assert after.filter(is_demo=True).count() == 60
    assert after.filter(is_demo=False).get() == kept
    assert not after.filter(pk__in=[offer.pk for offer in demo]).exists()


def test_the_team_may_log_in(client, demo):
    assert client.login(username=STAFF_EMAIL, password=STAFF_PASSWORD)
    assert User.objects.get(email=STAFF_EMAIL).is_superuser


def test_a_password_that_was_changed_is_kept(demo):
    staff = User.objects.get(email=STAFF_EMAIL)
    staff.set_password("autre chose")
    staff.save()
    load(reset=True)
    staff.refresh_from_db()
    assert staff.check_password("autre chose")


def test_never_in_production(settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="production"):
        load()
    assert not Opportunity.objects.exists()
    assert not User.objects.exists()


def test_nothing_is_half_loaded(monkeypatch, now):
    """A failure at the last offer leaves no offer and no account."""
    calls = iter(range(60))

    def fails_at_the_end(*args, original=rules.missing_for_publication, **kwargs):
        assert next(calls) < 40, "the demonstration stops here"
        return original(*args, **kwargs)

    monkeypatch.setattr(rules, "missing_for_publication", fails_at_the_end)
    with pytest.raises(AssertionError, match="stops here"):
        load()
    assert not Opportunity.objects.exists()
    assert not User.objects.exists()


def test_every_public_page_of_the_demonstration_is_shown(client, demo):
    cache.clear()
    for offer in demo:
        shown = offer.state not in (State.DRAFT, State.SUBMITTED)
        page = client.get(offer.get_absolute_url())
        assert page.status_code == (200 if shown else 404), offer
        assert not shown or '<span class="tag tag--ex">exemple</span>' in page.text
    assert client.get("/exercer/offres/").text.count("<li data-offer=") == 20


def test_invented_facilities_are_marked_in_their_name_and_loaded_once(demo):
    load()
    facilities = HealthFacility.objects.filter(is_demo=True)
    assert facilities.count() == len(demo_facilities.FACILITIES) == 17
    assert all("exemple" in facility.name and facility.finess is None and not facility.phone for facility in facilities)
    assert {"msp", "pharmacy", "laboratory", "imaging"} <= set(facilities.values_list("kind__code", flat=True))
    load(reset=True)
    assert facilities.count() == 17


def test_invented_facilities_stand_in_their_commune(demo):
    facilities = HealthFacility.objects.filter(is_demo=True).select_related("commune__outline")
    assert [each.name for each in facilities if not contains(each.commune.outline.geometry, each.point)] == []
