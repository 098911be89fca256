"""Messages about needs that wait for a server: what is no longer so, or no longer wanted, does not leave; what still is leaves."""

from datetime import timedelta

import pytest

from contacts.actions import introductions, lodging, matches
from contacts.actions import needs as needs_actions
from contacts.enums import NeedSubject
from contacts.models import LodgingMatch, Need, NeedMatch, Recipient
from contacts.tasks import refresh_needs
from core.enums import MailState
from core.mail import key_of
from core.models import Mail
from housing.models import Dwelling
from opportunities import actions as offer_actions
from tests.contacts.factories import need_of
from tests.housing.factories import DwellingFactory
from tests.opportunities.factories import OpportunityFactory

pytestmark = pytest.mark.django_db

WHO, PUBLISHER = "claire@exemple.org", "cabinet@example.org"


def run(at):
    matches.find(at=at)
    lodging.find(at=at)
    matches.tell_people(at=at)
    lodging.tell_people(at=at)
    matches.tell_publishers(at=at)


def waiting(recipient=WHO):
    """What would leave, were the server back."""
    return [message.text for message in Mail.objects.filter(state=MailState.WAITING, recipient=recipient).order_by("pk")]


def offer(title, **values):
    return OpportunityFactory(**{"title": title, "town": "Apt", "locum": True} | values)


class TestWhatIsNoLongerSo:
    @pytest.mark.parametrize("state", [MailState.WAITING, MailState.FAILED])
    def test_an_offer_filled_meanwhile_is_not_announced_and_the_others_are(self, now, state):
        gone, _ = offer("Pourvue entre-temps"), offer("Toujours là")
        need_of()
        run(now)
        Mail.objects.update(state=state)
        offer_actions.fill(offer=gone, at=now)
        refresh_needs()
        assert not waiting()
        run(now + timedelta(hours=1))
        [text] = waiting()
        assert "Toujours là" in text
        assert "Pourvue" not in text

    def test_what_is_still_so_waits_on(self, now):
        offer("Toujours là")
        need_of(available=True)
        run(now)
        before = list(Mail.objects.order_by("pk").values_list("pk", "event", "state"))
        refresh_needs()
        assert list(Mail.objects.order_by("pk").values_list("pk", "event", "state")) == before
        assert len(before) == 2

    def test_what_was_sent_stays_told(self, now):
        gone = offer("Pourvue ensuite")
        need_of()
        run(now)
        Mail.objects.update(state=MailState.SENT, sent_at=now)
        offer_actions.fill(offer=gone, at=now)
        refresh_needs()
        assert Mail.objects.get().state == MailState.SENT
        assert NeedMatch.objects.get().told_at == now

    def test_a_room_taken_meanwhile_is_not_announced(self, now):
        room = DwellingFactory(town="Apt")
        need_of(subject=NeedSubject.LODGING)
        run(now)
        assert room.title in waiting()[0]
        Dwelling.objects.update(state="paused")
        refresh_needs()
        assert not waiting()
        assert LodgingMatch.objects.get().told_at is None

    def test_a_doctor_found_somewhere_else_is_not_announced_to_a_publisher(self, now):
        offer("Deux semaines à Apt")
        gone, stays = need_of(available=True, notify=False), need_of("paul@exemple.org", available=True, notify=False)
        run(now)
        assert waiting(PUBLISHER)[0].count("/disponibilites/demande/") == 2
        Need.objects.filter(pk=gone.pk).update(available=False)
        refresh_needs()
        assert not waiting(PUBLISHER)
        run(now + timedelta(hours=1))
        [text] = waiting(PUBLISHER)
        assert introductions.request_url(NeedMatch.objects.get(need=stays)) in text
        assert text.count("/disponibilites/demande/") == 1


class TestWhatIsNoLongerWanted:
    @pytest.mark.parametrize("verb", [needs_actions.stop, needs_actions.erase])
    def test_who_stops_reads_nothing_more_and_publishers_nothing_of_them(self, now, verb):
        offer("Deux semaines à Apt")
        need = need_of(available=True)
        needs_actions.write(need, "ending", now, last="demain", erased="dans un mois", renewable=True)
        run(now)
        assert (len(waiting()), len(waiting(PUBLISHER))) == (2, 1)
        verb(need=need, at=now)
        assert not waiting()
        assert not waiting(PUBLISHER)

    def test_another_need_of_the_address_is_still_told_of_the_same_offer(self, now):
        offer("Deux semaines à Apt")
        first, second = need_of(), need_of()
        run(now)
        needs_actions.stop(need=first, at=now)
        assert not waiting()
        run(now + timedelta(hours=1))
        [text] = waiting()
        assert "Deux semaines à Apt" in text
        assert NeedMatch.objects.get(need=second).told_in == Mail.objects.get(state=MailState.WAITING)

    def test_one_click_stops_what_waits(self, now):
        offer("Deux semaines à Apt")
        need_of(available=True)
        run(now)
        needs_actions.stop_messages(key=key_of(WHO), at=now)
        assert not waiting()
        assert waiting(PUBLISHER)

    @pytest.mark.parametrize("every", [False, True])
    def test_a_publisher_who_wants_none_gets_none(self, now, every):
        muted, other = offer("Muette"), offer("Parlante")
        need_of(available=True, notify=False)
        run(now)
        matches.mute(offer=muted, every=every, at=now)
        assert not waiting(PUBLISHER)
        run(now + timedelta(hours=1))
        assert [("Muette" in text, other.title in text) for text in waiting(PUBLISHER)] == ([] if every else [(False, True)])

    def test_a_publisher_who_pauses_gets_none(self, now):
        offer("Deux semaines à Apt")
        need_of(available=True, notify=False)
        run(now)
        Recipient.objects.create(email=PUBLISHER, paused=True)
        refresh_needs()
        assert not waiting(PUBLISHER)


def test_held_and_released_twice_is_told_twice(now):
    need = need_of(held="2 liens")
    needs_actions.let_through(need=need, at=now)
    Need.objects.update(held="3 liens")
    needs_actions.let_through(need=need, at=now + timedelta(days=3))
    assert Mail.objects.filter(event__startswith="contacts.need_released:").count() == 2
