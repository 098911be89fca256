"""Who looks is told once of what fits, publishers learn that somebody is available and never who; no run tells anything twice."""

import threading
from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.utils import timezone

from contacts.actions import matches
from contacts.actions import needs as needs_actions
from contacts.enums import Standing
from contacts.models import AlertItem, AvailabilityMute, Need, NeedMatch, Subscriber
from contacts.needs_links import keep_url
from contacts.tasks import match_needs
from core.mail import key_of
from core.models import Mail
from opportunities import actions as offer_actions
from opportunities.models import Opportunity
from tests.contacts.factories import match_of, need_of
from tests.opportunities.factories import OpportunityFactory, day
from tests.territories.factories import real_commune

pytestmark = pytest.mark.django_db

WHO = "claire@exemple.org"
PUBLISHER = "cabinet@example.org"


def run(at):
    """Everything that the hourly job does; how much of each."""
    return matches.find(at=at), matches.tell_people(at=at), matches.tell_publishers(at=at)


def offer(**values):
    return OpportunityFactory(**{"town": "Apt", "locum": True} | values)


class TestFinding:
    @pytest.mark.parametrize(
        ("need_values", "found"),
        [
            ({}, True),
            ({"kinds": ["locum_occasional"]}, True),
            ({"kinds": ["succession"]}, False),
            ({"town": "Apt"}, True),
            ({"town": "Orange"}, False),
            ({"town": "Orange", "radius_km": 50}, False),
            ({"half_days": [6]}, False),
            ({"lodging": True}, False),
            ({"starts_on": day(10), "ends_on": day(40)}, True),
            ({"starts_on": day(300)}, False),
            ({"confirmed_at": None}, False),
            ({"held": "2 liens"}, False),
            ({"notify": False}, False),
            ({"is_demo": True, "available": True}, False),
        ],
    )
    def test_what_answers_the_search(self, need_values, found):
        offer()
        need_of(**need_values)
        assert matches.find(at=timezone.now()) == int(found)

    def test_an_intercommunalite(self, now):
        offer()
        need_of(epcis=[real_commune("Orange").epci])
        need_of(epcis=[real_commune("Orange").epci, real_commune("Apt").epci])
        assert matches.find(at=now) == 1

    @pytest.mark.parametrize("state", ["draft", "submitted", "paused", "filled", "expired", "withdrawn"])
    def test_what_readers_do_not_see_fits_nobody(self, now, state):
        offer(**{state: True})
        need_of()
        assert run(now) == (0, 0, 0)

    @pytest.mark.parametrize("offers", [1, 3])
    def test_as_many_queries_for_one_offer_as_for_three(self, now, offers, django_assert_num_queries):
        for _ in range(offers):
            offer()
        need_of(town="Apt", kinds=["locum_occasional"])
        with django_assert_num_queries(9):
            assert matches.find(at=now) == offers

    @pytest.mark.parametrize("offers", [1, 3])
    def test_as_many_queries_to_tell_of_one_offer_as_of_three(self, now, offers, django_assert_num_queries):
        for _ in range(offers):
            offer()
        need_of(town="Apt", kinds=["locum_occasional"])
        matches.find(at=now)
        ContentType.objects.get_for_models(Need, Opportunity)  # asked once a process
        with django_assert_num_queries(19):
            assert matches.tell_people(at=now) == 1


class TestTellingPeople:
    def test_why_it_fits_and_how_to_stop(self, now):
        offer(title="Deux semaines à Apt")
        need = need_of(town="Apt", starts_on=day(1), ends_on=day(60))
        assert run(now) == (1, 1, 0)
        message = Mail.objects.get()
        assert (message.recipient, message.subject) == (WHO, "Une offre convient à ce que vous cherchez")
        assert "Pourquoi\u00a0: Remplacement ponctuel, à moins de 1\u00a0km de Apt, à vos dates" in message.text
        assert message.unsubscribe_url == needs_actions.stop_url(need)
        assert keep_url(need) in message.text

    def test_once_whatever_runs(self, now):
        offer()
        need_of()
        assert [run(at)[1] for at in (now, now, now + timedelta(days=1), now + timedelta(days=9))] == [1, 0, 0, 0]

    def test_one_message_a_day_for_all_the_needs_of_an_address(self, now):
        offer(title="Remplacement à Apt")
        offer(title="Succession à Orange", town="Orange", locum=False, succession=True)
        need_of(town="Apt")
        need_of(town="Orange")
        assert run(now)[1] == 1
        text = Mail.objects.get().text
        assert "Remplacement à Apt" in text
        assert "Succession à Orange" in text
        offer(title="Un autre à Apt")
        assert run(now + timedelta(hours=3))[1] == 0
        assert run(now + timedelta(days=1))[1] == 1
        assert "Un autre à Apt" in Mail.objects.latest("pk").text
        assert "Succession" not in Mail.objects.latest("pk").text

    def test_what_is_over_when_the_message_is_written_is_not_told(self, now):
        gone, stays = offer(title="Pourvue entre-temps"), offer(title="Toujours là")
        need_of()
        matches.find(at=now)
        offer_actions.fill(offer=gone, at=now)
        assert matches.tell_people(at=now) == 1
        assert "Pourvue entre-temps" not in Mail.objects.get().text
        assert NeedMatch.objects.get().offer == stays

    def test_what_comes_back_is_told(self, now):
        paused = offer(locum=False, succession=True)
        need_of()
        matches.find(at=now)
        offer_actions.pause(offer=paused, at=now)
        assert run(now)[1] == 0
        offer_actions.publish(offer=paused, at=now)
        assert run(now)[1] == 1

    def test_many_offers_make_one_short_message(self, now):
        for _ in range(15):
            offer()
        need_of()
        assert run(now)[1] == 1
        text = Mail.objects.get().text
        assert text.count("Voir cette offre") == matches.LISTED
        assert "Et 3 de plus" in text
        assert run(now + timedelta(hours=4))[1] == 0
        assert run(now + timedelta(days=1))[1] == 1
        assert Mail.objects.latest("pk").text.count("Voir cette offre") == 3
        assert run(now + timedelta(days=2))[1] == 0

    def test_an_offer_that_fits_two_needs_is_told_once(self, now):
        offer(title="Deux semaines à Apt")
        need_of(town="Apt")
        need_of()
        assert run(now)[1] == 1
        message = Mail.objects.get()
        assert (message.text.count("Deux semaines à Apt"), message.subject) == (1, "Une offre convient à ce que vous cherchez")
        need_of(kinds=["locum_occasional"])
        assert run(now + timedelta(days=1))[1] == 0

    def test_an_offer_told_by_an_alert_is_not_told_for_a_need(self, now):
        person = Subscriber.objects.create(email=WHO)
        AlertItem.objects.create(subscriber=person, kind="offre", object_id=offer(title="Déjà dite").pk)
        offer(title="Encore à dire")
        need_of()
        assert run(now)[1] == 1
        text = Mail.objects.get().text
        assert "Déjà dite" not in text
        assert "Encore à dire" in text
        assert run(now + timedelta(days=1))[1] == 0

    def test_many_that_do_not_fit_hide_none_that_does(self, now, monkeypatch):
        monkeypatch.setattr(matches, "FOUND_AT_ONCE", 2)
        offer(title="Convient", published_at=now - timedelta(days=9))
        for _ in range(3):
            offer(starts_on=day(5), ends_on=day(80), partial_coverage=False)
        need_of(starts_on=day(10), ends_on=day(40))
        assert matches.find(at=now) == 1

    def test_who_wants_no_message_has_none(self, now):
        offer()
        need = need_of(available=True)
        needs_actions.stop_messages(key=key_of(need.email), at=now)
        assert run(now)[1] == 0


class TestTellingPublishers:
    def test_a_doctor_without_a_name(self, now):
        where = offer(title="Deux semaines à Apt")
        need_of(available=True, notify=False, town="Gordes", starts_on=day(1), ends_on=day(60), words="Je suis le docteur Dupont-Exemple")
        assert run(now) == (1, 0, 1)
        message = Mail.objects.get()
        assert message.recipient == PUBLISHER
        assert "disponible du 16 juin au 14 août 2026, à 15\u00a0km environ" in message.text
        for secret in (WHO, "Dupont", "Gordes"):
            assert secret not in message.text + message.html + message.subject + message.reply_to
        assert message.unsubscribe_url == matches.mute_url(where, every=True)

    @pytest.mark.parametrize("times", [0, 1, 24])
    def test_once_a_doctor_and_once_a_day(self, now, times):
        offer()
        need_of(available=True)
        assert run(now)[2] == 1
        need_of("autre@exemple.org", available=True)
        assert run(now + timedelta(hours=times))[2] == (1 if times == 24 else 0)

    @pytest.mark.parametrize(
        ("offer_values", "need_values"),
        [
            ({"contact_email": ""}, {}),
            ({"in_epci": True}, {}),
            ({"locum": False, "succession": True}, {"standing": Standing.LICENSED_LOCUM}),
            ({}, {"standing": Standing.INTERN}),
            ({}, {"available": False}),
        ],
    )
    def test_who_is_not_proposed(self, now, offer_values, need_values):
        offer(**offer_values)
        need_of(**{"available": True} | need_values)
        assert run(now)[2] == 0

    def test_five_doctors_an_offer_the_others_tomorrow(self, now):
        offer()
        for number in range(7):
            need_of(f"m{number}@exemple.org", available=True, notify=False)
        assert run(now)[2] == 1
        assert NeedMatch.objects.filter(shown_at__isnull=False).count() == 5
        assert run(now + timedelta(days=1))[2] == 1
        assert NeedMatch.objects.filter(shown_at__isnull=False).count() == 7

    def test_a_publisher_wants_none_for_one_offer_or_for_any(self, now):
        first, second = offer(), offer()
        need_of(available=True, notify=False)
        matches.mute(offer=first, every=False, at=now)
        assert run(now)[2] == 1
        assert NeedMatch.objects.get(shown_at__isnull=False).offer == second
        for _ in range(2):
            matches.mute(offer=first, every=True, at=now)
        assert AvailabilityMute.objects.count() == 2
        offer(title="Publiée après")
        need_of("autre@exemple.org", available=True, notify=False)
        assert run(now + timedelta(days=1)) == (4, 0, 0)

    def test_a_doctor_with_two_needs_is_one_doctor(self, now):
        offer()
        need_of(available=True, notify=False)
        need_of(available=True, notify=False, town="Apt")
        assert run(now)[2] == 1
        message = Mail.objects.get()
        assert message.subject == "Un médecin disponible pour votre offre"
        assert message.text.count("Demander la mise en relation") == 1
        need_of(available=True, notify=False, starts_on=day(1))
        assert run(now + timedelta(days=1))[2] == 0

    @pytest.mark.parametrize("offers", [1, 3])
    def test_as_many_queries_for_one_offer_as_for_three(self, now, offers, django_assert_num_queries):
        for _ in range(offers):
            offer()
        need_of(available=True, notify=False)
        matches.find(at=now)
        ContentType.objects.get_for_models(Need, Opportunity)  # asked once a process
        with django_assert_num_queries(17):
            assert matches.tell_publishers(at=now) == 1


def test_a_change_of_search_forgets_what_was_not_told(now):
    need = need_of()
    match_of(need, offer())
    told = match_of(need, offer(), told_at=now)
    needs_actions.change(need=need, kinds=[], epcis=[], places=[], months=3, at=now)
    assert list(need.matches.all()) == [told]


def test_after_a_day_of_outage_everything_is_told_once(now):
    for _ in range(3):
        offer(published_at=now, confirmed_at=now)
    need_of(available=True)
    late = now + timedelta(days=1, hours=5)
    assert run(late) == (3, 1, 1)
    assert Mail.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_workers_tell_everybody_once(now):
    for _ in range(3):
        offer()
    for number in range(4):
        need_of(f"m{number}@exemple.org", available=True)
    gate = threading.Barrier(2)

    def work():
        gate.wait()
        match_needs()
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    match_needs()
    assert NeedMatch.objects.filter(told_at__isnull=False, shown_at__isnull=False).count() == 12
    assert sorted(Mail.objects.values_list("recipient", flat=True)) == [PUBLISHER, *(f"m{number}@exemple.org" for number in range(4))]
    assert Opportunity.objects.count() == 3
