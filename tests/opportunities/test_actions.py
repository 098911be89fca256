"""The verbs of an offer: what each one does, and what it refuses."""

import threading
import time
from datetime import timedelta
from math import pi, sqrt

import pytest
from django.db import connection, transaction
from django.utils import timezone

from opportunities import actions, rules
from opportunities.enums import REASON_REQUIRED, TRANSITIONS, LocationPrecision, State
from opportunities.models import Opportunity, SearchWord, StateChange
from tests.accounts.factories import StaffFactory
from tests.opportunities.factories import OpportunityFactory, OtherPlaceFactory, PhotoFactory, day
from tests.territories.factories import real_commune

pytestmark = pytest.mark.django_db

VERB_TO = {
    State.SUBMITTED: "submit",
    State.PUBLISHED: "publish",
    State.PAUSED: "pause",
    State.FILLED: "fill",
    State.WITHDRAWN: "withdraw",
    State.DRAFT: "send_back",
}
"""The verb that enters each state; an offer expires by itself."""
STEPS = [(before, after) for before in State for after in VERB_TO if before != after]


def stored(offer):
    return Opportunity.objects.get(pk=offer.pk)


def make(state, **kwargs):
    return OpportunityFactory(**{state.value: True}, **kwargs)


def call(verb, offer, after, **kwargs):
    reason = {"reason": "Le cabinet a changé d’avis."} if after in REASON_REQUIRED else {}
    return actions.VERBS[verb](offer=offer, **reason, **kwargs)


class TestTransitions:
    @pytest.mark.parametrize(("before", "after"), [step for step in STEPS if step[1] in TRANSITIONS[step[0]]])
    def test_an_allowed_step_is_made_and_written_down(self, before, after, now):
        offer, actor = make(before), StaffFactory()
        call(VERB_TO[after], offer, after, actor=actor, at=now)
        assert stored(offer).state == offer.state == after
        change = StateChange.objects.get(opportunity=offer)
        assert (change.before, change.after, change.at, change.actor) == (before, after, now, actor)
        version = offer.history.first()
        assert version.history_user == actor
        assert version.history_change_reason.startswith(after.label)

    @pytest.mark.parametrize(("before", "after"), [step for step in STEPS if step[1] not in TRANSITIONS[step[0]]])
    def test_any_other_step_is_refused_and_changes_nothing(self, before, after):
        offer = make(before)
        versions = offer.history.count()
        with pytest.raises(actions.TransitionRefused) as refusal:
            call(VERB_TO[after], offer, after)
        assert refusal.value.messages == [f"Une offre {before.label} ne peut pas devenir {after.label}."]
        assert stored(offer).state == before
        assert not StateChange.objects.filter(opportunity=offer).exists()
        assert offer.history.count() == versions

    def test_every_step_is_one_of_the_two(self):
        assert len(STEPS) == len(State) * len(VERB_TO) - len(VERB_TO)

    @pytest.mark.parametrize(("verb", "before"), [("withdraw", State.PUBLISHED), ("send_back", State.SUBMITTED)])
    @pytest.mark.parametrize("reason", ["", "   \n"])
    def test_a_decision_against_an_offer_says_why(self, verb, before, reason):
        offer = make(before)
        with pytest.raises(actions.TransitionRefused, match="motif"):
            actions.VERBS[verb](offer=offer, reason=reason)
        assert stored(offer).state == before

    def test_the_reason_is_kept_whole_in_the_step_and_short_in_the_history(self):
        offer, reason = make(State.PUBLISHED), "Annonce d’une agence. " * 20
        actions.withdraw(offer=offer, reason=reason)
        assert offer.state_changes.get().reason == reason.strip()
        assert len(offer.history.first().history_change_reason) == 100


class TestPublish:
    def test_a_draft_receives_its_dates_and_its_reference(self, now):
        offer = make(State.DRAFT)
        actions.publish(offer=offer, at=now)
        offer = stored(offer)
        assert (offer.published_at, offer.confirmed_at, offer.closed_at) == (now, now, None)
        assert offer.reference == f"VSA-2026-{offer.pk:04d}"
        assert timezone.localtime(offer.expires_at).date() == now.date() + timedelta(days=90)
        assert list(Opportunity.objects.visible(now)) == [offer]

    def test_a_dated_locum_is_shown_through_its_last_day(self, now):
        offer = make(State.DRAFT, locum=True, starts_on=now.date() + timedelta(days=5), ends_on=now.date() + timedelta(days=9))
        actions.publish(offer=offer, at=now)
        last_evening = timezone.make_aware(timezone.datetime(2026, 6, 24, 23, 59))
        assert Opportunity.objects.visible(last_evening).contains(offer)
        assert not Opportunity.objects.visible(last_evening + timedelta(minutes=1)).exists()

    def test_a_dated_locum_is_not_published_past_its_last_day(self, now):
        last = now.date() + timedelta(days=9)
        offer = make(State.DRAFT, locum=True, starts_on=last, ends_on=last, expires_at=now + timedelta(days=40))
        with pytest.raises(actions.TransitionRefused, match="dernière journée, le 24 juin 2026"):
            actions.publish(offer=offer, at=now, expires_at=now + timedelta(days=40))
        actions.publish(offer=offer, at=now)
        assert stored(offer).expires_at == rules.end_of_day(last)

    def test_an_expiry_may_be_chosen(self, now):
        offer = make(State.DRAFT)
        actions.publish(offer=offer, at=now, expires_at=now + timedelta(days=3))
        assert stored(offer).expires_at == now + timedelta(days=3)

    def test_an_expiry_in_the_past_is_refused(self, now):
        offer = make(State.DRAFT)
        with pytest.raises(actions.TransitionRefused, match="expiration est passée"):
            actions.publish(offer=offer, at=now, expires_at=now)
        assert stored(offer).state == State.DRAFT

    def test_the_expiry_of_the_last_publication_is_forgotten(self, now):
        offer = make(State.EXPIRED, expires_at=now - timedelta(days=1), published_at=now - timedelta(days=60))
        actions.publish(offer=offer, at=now)
        assert stored(offer).expires_at > now + timedelta(days=89)

    def test_a_pause_does_not_make_an_offer_new_again(self, now):
        offer = make(State.PAUSED, published_at=now - timedelta(days=40), expires_at=now + timedelta(days=10))
        actions.publish(offer=offer, at=now)
        assert (offer.published_at, offer.confirmed_at) == (now - timedelta(days=40), now)

    def test_any_other_return_is_a_new_publication_under_the_same_reference(self, now):
        offer = make(State.FILLED, published_at=now - timedelta(days=40), expires_at=now + timedelta(days=10))
        reference = offer.reference
        actions.publish(offer=offer, at=now)
        assert (offer.published_at, offer.closed_at, offer.reference) == (now, None, reference)

    def test_every_missing_fact_is_named_at_once(self):
        offer = make(State.DRAFT, locum=True, starts_on=None, fee_share=None, commune=None)
        with pytest.raises(actions.TransitionRefused) as refusal:
            actions.publish(offer=offer)
        named = " ".join(refusal.value.messages)
        assert "date de début" in named
        assert "part des honoraires" in named
        assert "commune" in named
        assert len(refusal.value.messages) == 3

    def test_an_exact_place_has_a_point(self):
        offer = make(State.DRAFT, exact=True)
        Opportunity.objects.filter(pk=offer.pk).update(latitude=None, longitude=None)
        with pytest.raises(actions.TransitionRefused, match="point sur la carte"):
            actions.publish(offer=offer)

    def test_a_salaried_post_says_its_pay(self):
        offer = make(State.DRAFT, salaried=True, salary_min=None, salary_max=None, salary_period="")
        with pytest.raises(actions.TransitionRefused) as refusal:
            actions.publish(offer=offer)
        assert [message.split("\u00a0: ")[1].split(" (")[0] for message in refusal.value.messages] == [
            "salaire minimum",
            "salaire maximum",
            "période du salaire",
        ]

    def test_a_doctor_who_has_left_cannot_be_succeeded(self):
        offer = make(State.DRAFT, succession=True, starts_on=day(-1))
        with pytest.raises(actions.TransitionRefused, match="départ"):
            actions.publish(offer=offer)
        offer.starts_on = day(1)
        actions.save_offer(offer=offer)
        assert actions.publish(offer=offer).state == State.PUBLISHED

    def test_a_locum_that_is_over_is_not_published(self):
        offer = make(State.DRAFT, locum=True, starts_on=day(-9), ends_on=day(-1))
        with pytest.raises(actions.TransitionRefused, match="date de fin est passée"):
            actions.publish(offer=offer)

    def test_unsaved_changes_of_the_caller_are_not_published(self):
        offer = make(State.DRAFT)
        title, offer.title = offer.title, "Jamais enregistré"
        actions.publish(offer=offer)
        assert offer.title == stored(offer).title == title


class TestLife:
    @pytest.mark.parametrize("verb", ["fill", "withdraw"])
    def test_an_offer_that_ends_says_since_when(self, verb, now):
        offer = make(State.PUBLISHED)
        call(verb, offer, State.WITHDRAWN if verb == "withdraw" else None, at=now)
        assert stored(offer).closed_at == now

    def test_an_offer_that_is_over_keeps_its_first_end(self, now):
        offer = make(State.EXPIRED, closed_at=now - timedelta(days=8))
        actions.fill(offer=offer, at=now)
        assert stored(offer).closed_at == now - timedelta(days=8)

    def test_confirming_keeps_the_date_of_publication_and_shows_it_as_long_as_a_new_offer(self, now):
        offer = OpportunityFactory(
            confirmed_at=now - timedelta(days=50), published_at=now - timedelta(days=50), expires_at=now + timedelta(days=1)
        )
        actions.confirm(offer=offer, at=now)
        offer = stored(offer)
        assert (offer.confirmed_at, offer.state) == (now, State.PUBLISHED)
        assert offer.published_at == now - timedelta(days=50)
        assert offer.expires_at == rules.default_expiry(offer, now)

    def test_confirming_never_brings_the_end_nearer(self, now):
        offer = OpportunityFactory(expires_at=now + timedelta(days=200))
        actions.confirm(offer=offer, at=now)
        assert stored(offer).expires_at == now + timedelta(days=200)

    @pytest.mark.parametrize("state", [state for state in State if state != State.PUBLISHED])
    def test_only_a_published_offer_is_confirmed(self, state):
        with pytest.raises(actions.TransitionRefused, match="Seule une offre publiée"):
            actions.confirm(offer=make(state))

    @pytest.mark.parametrize("state", [State.PUBLISHED, State.PAUSED])
    def test_extending_gives_three_months_from_today(self, state, now):
        offer = make(state, published_at=now - timedelta(days=80), expires_at=now + timedelta(days=5))
        actions.extend(offer=offer, at=now)
        assert timezone.localtime(stored(offer).expires_at).date() == now.date() + timedelta(days=90)

    @pytest.mark.parametrize("state", [state for state in State if state not in (State.PUBLISHED, State.PAUSED)])
    def test_what_is_not_shown_is_not_extended(self, state):
        with pytest.raises(actions.TransitionRefused, match="ne se prolonge pas"):
            actions.extend(offer=make(state))

    def test_extending_never_shortens(self, now):
        offer = OpportunityFactory(published_at=now, expires_at=now + timedelta(days=30))
        with pytest.raises(actions.TransitionRefused, match="déjà visible jusqu’au 15 juillet 2026"):
            actions.extend(offer=offer, at=now, until=now + timedelta(days=30))

    def test_extending_to_the_past_is_refused(self, now):
        offer = OpportunityFactory(published_at=now - timedelta(days=9), expires_at=now - timedelta(days=1))
        with pytest.raises(actions.TransitionRefused, match="est passée"):
            actions.extend(offer=offer, at=now, until=now)

    def test_a_locum_is_not_extended_past_its_last_day(self, now):
        offer = OpportunityFactory(locum=True, published_at=now, expires_at=now + timedelta(days=2))
        with pytest.raises(actions.TransitionRefused, match="dernière journée"):
            actions.extend(offer=offer, at=now, until=now + timedelta(days=60))
        actions.extend(offer=offer, at=now)
        assert timezone.localtime(stored(offer).expires_at).date() == offer.ends_on


class TestExpiry:
    def test_it_ends_what_is_due_and_nothing_else(self, now):
        due = [make(state, published_at=now - timedelta(days=9), expires_at=now) for state in (State.PUBLISHED, State.PAUSED)]
        left = [OpportunityFactory(published_at=now, expires_at=now + timedelta(seconds=1)), make(State.FILLED), make(State.DRAFT)]
        assert actions.expire_due(at=now) == 2
        assert [(stored(offer).state, stored(offer).closed_at) for offer in due] == [(State.EXPIRED, now)] * 2
        assert [stored(offer).state for offer in left] == [offer.state for offer in left]
        assert [change.actor for change in StateChange.objects.all()] == [None, None]

    def test_a_second_run_does_nothing(self, now):
        make(State.PUBLISHED, published_at=now - timedelta(days=9), expires_at=now)
        assert [actions.expire_due(at=now), actions.expire_due(at=now)] == [1, 0]
        assert StateChange.objects.count() == 1

    def test_the_hourly_task_calls_it(self):
        from opportunities.tasks import expire_offers

        offer = make(State.PUBLISHED, published_at=timezone.now() - timedelta(days=9), expires_at=timezone.now() - timedelta(seconds=1))
        expire_offers(timestamp=0)
        assert stored(offer).state == State.EXPIRED

    def test_the_worker_knows_the_hourly_task(self):
        from procrastinate.contrib.django import app

        periodic = {task.task.name: task.cron for task in app.periodic_registry.periodic_tasks.values()}
        assert periodic["opportunities.tasks.expire_offers"] == "7 * * * *"


class TestPlace:
    def test_an_exact_place_keeps_its_own_point(self):
        offer = OpportunityFactory(exact=True)
        assert (offer.radius_km, offer.commune_ids) == (0, [offer.commune_id])
        assert offer.point != (offer.commune.latitude, offer.commune.longitude)

    def test_a_commune_is_shown_by_its_town_hall_and_its_area(self):
        offer = OpportunityFactory(town="Apt")
        apt = real_commune("Apt")
        assert offer.point == (apt.latitude, apt.longitude)
        assert offer.radius_km == pytest.approx(sqrt(apt.area_km2 / pi), abs=0.01)

    def test_an_intercommunalite_does_not_give_its_commune_away(self):
        apt = real_commune("Apt")
        offer = OpportunityFactory(in_epci=True, town="Apt")
        other = OpportunityFactory(in_epci=True, commune=apt.epci.communes.exclude(pk=apt.pk).first())
        shown = ("latitude", "longitude", "radius_km", "commune_ids", "search_text")
        assert {name: getattr(offer, name) for name in shown} == {name: getattr(other, name) for name in shown}
        assert offer.commune_ids == sorted(apt.epci.communes.values_list("pk", flat=True))

    @pytest.mark.parametrize("precision", [LocationPrecision.COMMUNE, LocationPrecision.EPCI])
    def test_a_private_point_is_forgotten_as_soon_as_the_place_is_not_exact(self, precision):
        offer = OpportunityFactory(exact=True)
        private = offer.point
        offer.location_precision = precision
        actions.save_offer(offer=offer)
        assert stored(offer).point != private

    def test_other_places_are_searched_too(self):
        offer = OpportunityFactory(town="Carpentras")
        place = OtherPlaceFactory(opportunity=offer, town="Sault")
        actions.refresh_derived(offer=offer)
        assert set(stored(offer).commune_ids) == {offer.commune_id, place.commune_id}
        assert "Sault" in stored(offer).search_text

    def test_without_a_commune_there_is_no_point(self):
        offer = make(State.DRAFT, commune=None)
        assert (offer.point, offer.commune_ids, offer.radius_km) == (None, [], 0)


class TestSearchText:
    def test_it_holds_what_the_page_shows(self):
        offer = OpportunityFactory(
            exact=True, software="Weda", team="trois infirmières", equipment="échographe", organisation="MSP du Luberon"
        )
        for text in (
            offer.kind.label,
            offer.profession.label,
            "Carpentras",
            offer.workplace,
            "Weda",
            "infirmières",
            "échographe",
            "MSP du Luberon",
        ):
            assert text in offer.search_text

    def test_it_never_holds_a_contact_nor_a_place_kept_back(self):
        offer = OpportunityFactory(
            in_epci=True, workplace="Maison Daudet", contact_name="Docteur Fabre", contact_email="secret@example.org"
        )
        for text in ("Carpentras", "Daudet", "Fabre", "secret"):
            assert text not in offer.search_text.replace(offer.commune.epci.short_name, "")

    def test_its_words_are_learnt_once_without_accents(self):
        OpportunityFactory(title="Un cœur d’Été à Sault", description="Échographie. été 2026 ok")
        OpportunityFactory(title="Été")
        words = set(SearchWord.objects.values_list("word", flat=True))
        assert {"coeur", "ete", "sault", "echographie"} <= words
        assert not {"Été", "été", "2026", "ok", "un"} & words


class TestRestore:
    def test_the_content_comes_back_and_the_life_goes_on(self, now):
        offer, actor = make(State.DRAFT, town="Apt", title="Titre d’avant"), StaffFactory()
        version = offer.history.first()
        actions.publish(offer=offer, at=now)
        offer.title, offer.commune = "Titre d’après", real_commune("Sault")
        actions.save_offer(offer=offer)
        before = stored(offer)
        actions.restore(offer=offer, version=version, actor=actor, at=now)
        offer = stored(offer)
        assert (offer.title, offer.slug, offer.commune) == ("Titre d’avant", "titre-d-avant", real_commune("Apt"))
        assert offer.point == (real_commune("Apt").latitude, real_commune("Apt").longitude)
        assert "Apt" in offer.search_text
        for name in ("state", "reference", "published_at", "expires_at", "confirmed_at"):
            assert getattr(offer, name) == getattr(before, name)
        assert offer.history.first().history_user == actor

    def test_a_published_offer_does_not_return_to_what_could_not_be_published(self):
        offer = make(State.DRAFT, locum=True, fee_share=None)
        version = offer.history.first()
        offer.fee_share = 80
        actions.save_offer(offer=offer)
        actions.publish(offer=offer)
        with pytest.raises(actions.TransitionRefused, match="part des honoraires"):
            actions.restore(offer=offer, version=version)
        assert stored(offer).fee_share == 80


def test_a_deleted_offer_takes_its_photographs_along(django_capture_on_commit_callbacks):
    photo = PhotoFactory(opportunity__draft=True)
    storage, name = photo.image.storage, photo.image.name
    assert storage.exists(name)
    with django_capture_on_commit_callbacks(execute=True):
        actions.delete_offer(offer=photo.opportunity)
    assert not Opportunity.objects.exists()
    assert not storage.exists(name)


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    """Two members of the team press "Publier" on the same offer at the same moment."""

    def publish_twice(self, offer):
        """The first holds its transaction open until the second waits for it; returns the outcomes."""
        outcomes, published = [], threading.Event()

        def first():
            with transaction.atomic():
                self.outcome(outcomes, offer.pk)
                published.set()
                wait_for_a_blocked_connection()
            connection.close()

        def second():
            published.wait(10)
            self.outcome(outcomes, offer.pk)
            connection.close()

        threads = [threading.Thread(target=target) for target in (first, second)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        return sorted(outcomes)

    def outcome(self, outcomes, pk):
        try:
            actions.publish(offer=Opportunity.objects.get(pk=pk))
        except actions.TransitionRefused:
            outcomes.append("refused")
        else:
            outcomes.append("published")

    def test_one_publishes_and_the_other_is_told(self):
        offer = make(State.SUBMITTED)
        assert self.publish_twice(offer) == ["published", "refused"]
        assert StateChange.objects.count() == 1

    def test_without_the_lock_both_would(self, monkeypatch):
        monkeypatch.setattr(actions.LIFE, "lock", lambda row: row.refresh_from_db())
        offer = make(State.SUBMITTED)
        assert self.publish_twice(offer) == ["published", "published"]

    def test_two_expiries_at_once_end_an_offer_once(self):
        offer = make(State.PUBLISHED, published_at=timezone.now() - timedelta(days=9), expires_at=timezone.now() - timedelta(days=1))
        counts = []

        def expire():
            counts.append(actions.expire_due(at=timezone.now()))
            connection.close()

        with transaction.atomic():
            actions.LIFE._expire(offer.pk, timezone.now())
            thread = threading.Thread(target=expire)
            thread.start()
            thread.join(10)
        assert counts == [0]
        assert StateChange.objects.count() == 1


def wait_for_a_blocked_connection():
    """Until another connection of this database waits for a lock, five seconds at most."""
    for _ in range(500):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.01)
