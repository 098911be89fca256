"""An alert tells once, of what is new and true, to who asked for it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from contacts.actions import alerts as verbs
from contacts.actions import digests
from contacts.enums import Rhythm
from contacts.models import Alert, AlertItem, Subscriber
from contacts.rules import alerts as rules
from contacts.searches import Offers
from core import mail
from core.enums import MailState
from core.models import Mail
from opportunities import actions
from opportunities.models import Opportunity
from tests.contacts.factories import match_of, need_of
from tests.opportunities.factories import OpportunityFactory, OtherPlaceFactory
from tests.territories.factories import real_commune

pytestmark = pytest.mark.django_db

TO = "lectrice@exemple.org"
PARIS = ZoneInfo("Europe/Paris")


def follow(query="", rhythm=Rhythm.AT_ONCE, email=TO, at=None):
    """An alert that began now."""
    at = at or timezone.now()
    query = Offers(at).read(query).query
    verbs.ask(email=email, kind="offre", query=query, rhythm=rhythm, known=True, at=at)
    return Alert.objects.get(subscriber__email=email, query=query)


def publish(**values):
    """An offer that is published now."""
    now = timezone.now()
    return OpportunityFactory(**{"published_at": now, "confirmed_at": now, "expires_at": now + timedelta(days=80)} | values)


def digests_of(email=TO):
    return list(Mail.objects.filter(event__startswith="contacts.alert_digest:", recipient=email).order_by("pk"))


def later(**delta):
    """Time goes on from now."""
    return time_machine.travel(timezone.now() + timedelta(**delta), tick=False)


def told(**delta):
    """Let so much time pass, run the job, and give the text of what was written."""
    with later(**delta or {"minutes": 5}):
        before = len(digests_of())
        digests.send_due(at=timezone.now())
        return "\n".join(message.text for message in digests_of()[before:])


class TestWhatIsNew:
    def test_what_stood_there_is_not_new_and_what_comes_is_told_once(self, now):
        OpportunityFactory(title="Ancienne")
        follow()
        assert told() == ""
        with later(minutes=6):
            publish(title="Toute neuve")
        text = told(minutes=10)
        assert "Toute neuve" in text
        assert "Ancienne" not in text
        assert told(minutes=15) == ""

    def test_only_what_the_search_finds(self, now):
        follow("commune=Sault&rayon=5")
        publish(title="À Sault", town="Sault")
        publish(title="À Apt", town="Apt")
        text = told()
        assert "À Sault" in text
        assert "À Apt" not in text

    def test_an_offer_that_comes_back_from_a_pause_is_not_new(self, now):
        offer = OpportunityFactory(title="En pause d’abord", paused=True)
        follow()
        with later(minutes=1):
            actions.publish(offer=offer, at=timezone.now())
        assert told() == ""

    def test_nor_one_that_its_publisher_confirms(self, now):
        offer = OpportunityFactory()
        follow()
        with later(minutes=1):
            actions.confirm(offer=offer, at=timezone.now())
        assert told() == ""

    def test_an_offer_told_then_paused_is_not_told_again(self, now):
        follow()
        offer = publish()
        assert told()
        with later(minutes=6):
            actions.pause(offer=offer, at=timezone.now())
            actions.publish(offer=offer, at=timezone.now())
        assert told(minutes=10) == ""

    def test_an_offer_changed_so_that_it_answers_is_told_once(self, now):
        offer = OpportunityFactory(town="Apt", title="Elle a déménagé")
        follow("commune=Sault&rayon=5")
        with later(minutes=1):
            offer.commune = real_commune("Sault")
            actions.save_offer(offer=offer)
        assert "Elle a déménagé" in told()
        with later(minutes=6):
            actions.save_offer(offer=offer)
        assert told(minutes=10) == ""

    def test_a_further_place_counts_too(self, now):
        offer = OpportunityFactory(town="Apt", title="Deux lieux")
        follow("commune=Sault&rayon=5")
        with later(minutes=1):
            OtherPlaceFactory(opportunity=offer, town="Sault")
        assert "Deux lieux" in told()

    def test_one_published_anew_after_its_end_is_told(self, now):
        offer = OpportunityFactory(expired=True, title="De retour")
        follow()
        with later(minutes=1):
            actions.publish(offer=offer, at=timezone.now())
        assert "De retour" in told()

    def test_an_offer_saved_before_but_seen_after_the_alert_looked_is_not_lost(self, now):
        """Its transaction ended after the job had looked: its dates are older than that look."""
        alert = follow()
        offer = publish(title="Enregistrée lentement")
        alert.checked_at = now + timedelta(minutes=10)
        alert.save()
        Opportunity.objects.filter(pk=offer.pk).update(updated_at=now - timedelta(minutes=1), published_at=now + timedelta(seconds=1))
        assert "Enregistrée lentement" in told(minutes=15)

    def test_two_alerts_that_find_the_same_offer_tell_it_once_in_one_message(self, now):
        follow()
        follow("commune=Sault&rayon=5")
        publish(title="Le cabinet de Sault", town="Sault")
        text = told()
        assert text.count("Le cabinet de Sault") == 1
        assert len(digests_of()) == 1

    def test_an_example_is_marked(self, now):
        follow()
        publish(is_demo=True, title="Cabinet inventé")
        assert "[exemple] Cabinet inventé" in told()

    def test_a_place_kept_back_is_not_told(self, now):
        follow()
        publish(in_epci=True, town="Sault")
        text = told()
        assert "Secteur Ventoux Sud" in text
        assert "Sault" not in text.replace("commune=Sault", "")


class TestNeverGone:
    def test_filled_before_the_job(self, now):
        follow()
        offer = publish()
        actions.fill(offer=offer, at=timezone.now())
        assert told() == ""

    def test_filled_between_the_search_and_the_message(self, now, monkeypatch):
        follow()
        gone, kept = publish(title="Pourvue entre-temps"), publish(title="Toujours là")
        matching = Offers.matching

        def and_filled(kind, query, keys):
            found = matching(kind, query, keys)
            actions.fill(offer=gone, at=timezone.now())
            return found

        monkeypatch.setattr(Offers, "matching", and_filled)
        text = told()
        assert "Toujours là" in text
        assert "Pourvue" not in text
        assert not AlertItem.objects.filter(object_id=gone.pk).exists()
        assert AlertItem.objects.filter(object_id=kept.pk).exists()

    def test_filled_while_the_message_waits_for_a_server(self, now):
        follow()
        gone, kept = publish(title="Pourvue entre-temps"), publish(title="Toujours là")
        assert "Pourvue" in told()
        actions.fill(offer=gone, at=timezone.now())
        told(minutes=10)
        (message,) = digests_of()
        assert "Pourvue" not in message.text + message.html + message.subject
        assert "Toujours là" in message.text
        assert message.subject.startswith("1\u00a0nouvelle offre")
        actions.fill(offer=kept, at=timezone.now())
        told(minutes=15)
        message.refresh_from_db()
        assert message.state == MailState.DROPPED

    def test_paused_while_the_message_waits_it_is_told_once_it_is_back(self, now):
        follow()
        offer = publish(title="Revenue")
        told()
        actions.pause(offer=offer, at=timezone.now())
        told(minutes=10)
        assert digests_of()[0].state == MailState.DROPPED
        with later(minutes=11):
            actions.publish(offer=offer, at=timezone.now())
        assert "Revenue" in told(minutes=15)

    def test_a_message_that_was_given_up_is_kept_true_too(self, now):
        follow()
        offer = publish()
        told()
        Mail.objects.filter(event__startswith="contacts.alert_digest:").update(state=MailState.FAILED)
        actions.fill(offer=offer, at=timezone.now())
        told(minutes=10)
        assert digests_of()[0].state == MailState.DROPPED

    def test_an_alert_stopped_while_its_message_waits_says_nothing(self, now):
        alert = follow()
        publish()
        told()
        verbs.stop(person=alert.subscriber, at=timezone.now())
        told(minutes=10)
        assert digests_of()[0].state == MailState.DROPPED

    def test_a_message_that_left_is_left_alone(self, now):
        follow()
        offer = publish(title="Partie")
        told()
        with later(minutes=6):
            mail.deliver_due(at=timezone.now())
        actions.fill(offer=offer, at=timezone.now())
        told(minutes=10)
        assert "Partie" in digests_of()[0].text
        assert digests_of()[0].state == MailState.SENT


def paris(*parts):
    return datetime(*parts, tzinfo=PARIS)


class TestPeriods:
    @pytest.mark.parametrize(
        ("at", "daily", "weekly"),
        [
            (paris(2026, 6, 15, 6, 59), paris(2026, 6, 14, 7), paris(2026, 6, 8, 7)),
            (paris(2026, 6, 15, 7, 0), paris(2026, 6, 15, 7), paris(2026, 6, 15, 7)),
            (paris(2026, 6, 17, 23, 0), paris(2026, 6, 17, 7), paris(2026, 6, 15, 7)),
            # The night of 28 to 29 March has an hour less, that of 24 to 25 October one more.
            (paris(2026, 3, 29, 6, 59), paris(2026, 3, 28, 7), paris(2026, 3, 23, 7)),
            (paris(2026, 3, 29, 7, 0), paris(2026, 3, 29, 7), paris(2026, 3, 23, 7)),
            (paris(2026, 10, 25, 6, 59), paris(2026, 10, 24, 7), paris(2026, 10, 19, 7)),
            (paris(2026, 10, 25, 7, 0), paris(2026, 10, 25, 7), paris(2026, 10, 19, 7)),
            (paris(2027, 1, 1, 0, 5), paris(2026, 12, 31, 7), paris(2026, 12, 28, 7)),
        ],
    )
    def test_a_period_begins_at_seven_in_paris(self, at, daily, weekly):
        periods = rules.periods(at)
        assert periods[Rhythm.DAILY] == daily
        assert periods[Rhythm.WEEKLY] == weekly

    @pytest.mark.parametrize("sunday", [paris(2026, 3, 29, 0, 0), paris(2026, 10, 25, 0, 0)], ids=["an hour less", "an hour more"])
    def test_one_message_a_morning_when_the_clocks_change(self, sunday):
        start = sunday - timedelta(days=1)
        with time_machine.travel(start, tick=False):
            follow(rhythm=Rhythm.DAILY)
        written, at = [], start.astimezone(ZoneInfo("UTC"))
        end = at + timedelta(days=4)
        while at < end:
            with time_machine.travel(at, tick=False):
                if at.minute == 0:
                    publish()
                if digests.send_due(at=at):
                    written.append(at.astimezone(PARIS))
            at += timedelta(minutes=30)
        assert [moment.hour for moment in written] == [7, 7, 7, 7]
        assert len({moment.date() for moment in written}) == 4

    def test_daily_and_weekly_alerts_share_the_message_of_monday(self):
        with time_machine.travel(paris(2026, 6, 13, 12), tick=False):
            follow("commune=Sault&rayon=5", rhythm=Rhythm.WEEKLY)
            follow("commune=Apt&rayon=5", rhythm=Rhythm.DAILY)
            publish(town="Sault", title="De la semaine")
        with time_machine.travel(paris(2026, 6, 14, 7, 5), tick=False):
            assert digests.send_due(at=timezone.now()) == 0
            publish(town="Apt", title="De la veille")
        with time_machine.travel(paris(2026, 6, 15, 7, 5), tick=False):
            assert digests.send_due(at=timezone.now()) == 1
        (message,) = digests_of()
        assert "De la semaine" in message.text
        assert "De la veille" in message.text
        assert message.subject == "2\u00a0nouvelles offres pour vos 2 alertes"

    def test_after_an_outage_one_message_for_all_that_was_missed(self):
        with time_machine.travel(paris(2026, 6, 15, 12), tick=False):
            follow(rhythm=Rhythm.DAILY)
        for day in (16, 17, 18):
            with time_machine.travel(paris(2026, 6, day, 12), tick=False):
                publish(title=f"Du {day} juin")
        with time_machine.travel(paris(2026, 6, 18, 15), tick=False):
            assert [digests.send_due(at=timezone.now()) for _ in range(2)] == [1, 0]
        (message,) = digests_of()
        assert all(f"Du {day} juin" in message.text for day in (16, 17, 18))


class TestWithNeeds:
    def test_an_offer_told_for_a_need_is_not_told_by_an_alert(self, now):
        follow()
        match_of(need_of(TO), publish(title="Déjà dite"), told_at=now)
        match_of(need_of(TO), publish(title="Trouvée, pas dite"))
        match_of(need_of("autre@exemple.org"), publish(title="Dite à un autre"), told_at=now)
        text = told()
        assert "Déjà dite" not in text
        assert "Trouvée, pas dite" in text
        assert "Dite à un autre" in text


class TestTheEnd:
    @pytest.mark.parametrize(("state", "stopped"), [(MailState.FAILED, 1), (MailState.DROPPED, 0)])
    def test_only_what_no_server_took_says_that_an_address_is_gone(self, now, state, stopped):
        """Three messages in a row; the last of them failed, the others failed or were put aside because nothing in them held."""
        follow()
        for number in range(rules.GIVEN_UP):
            publish(title=f"Offre {number}")
            assert told(minutes=10 + number)
        last = digests_of()[-1].pk
        Mail.objects.filter(event__startswith="contacts.alert_digest:").update(state=state)
        Mail.objects.filter(pk=last).update(state=MailState.FAILED)
        assert digests.stop_unreachable(at=now + timedelta(days=1)) == stopped

    @pytest.mark.parametrize("ended", [{"known": False}, {"known": True}])
    def test_what_is_erased_leaves_no_address_in_the_mail(self, now, ended):
        verbs.ask(email=TO, kind="offre", query="", rhythm=Rhythm.DAILY, at=now, **ended)
        verbs.stop(person=Subscriber.objects.get(), at=now)
        follow("commune=Sault&rayon=5", email="autre@exemple.org")
        Mail.objects.filter(recipient=TO).update(state=MailState.FAILED)
        digests.erase_old(at=now + rules.STOPPED_KEPT + timedelta(hours=1))
        assert set(Mail.objects.values_list("recipient", flat=True)) == {"", "autre@exemple.org"}
        assert not Mail.objects.failed().exists()
        assert not Subscriber.objects.filter(email=TO).exists()


class TestCost:
    def queries(self, count):
        """Of one run for so many people who each follow another search, with one new offer for each."""
        towns = ["Sault", "Apt", "Orange"][:count]
        for town in towns:
            follow(f"commune={town}&rayon=5", email=f"{town.lower()}@exemple.org")
            publish(town=town)
        with later(minutes=5), CaptureQueriesContext(connection) as captured:
            assert digests.send_due(at=timezone.now()) == count
        return len(captured)

    def test_what_a_run_asks(self, now):
        assert self.queries(1) == 24

    def test_for_three_people(self, now):
        assert self.queries(3) == 64

    def test_a_run_with_nothing_new_asks_as_much_for_three_as_for_one(self, now):
        follow("commune=Sault&rayon=5")
        counts = []
        for number in range(2):
            with later(hours=3 * (number + 1)), CaptureQueriesContext(connection) as captured:
                digests.send_due(at=timezone.now())
            counts.append(len(captured))
            follow("commune=Apt&rayon=5", email="a@exemple.org")
            follow("commune=Orange&rayon=5", email="b@exemple.org")
        assert counts == [4, 4]
