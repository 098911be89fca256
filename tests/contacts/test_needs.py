"""The life of a need: only who confirms counts, everything ends, nobody is written to by somebody else."""

import threading
from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from contacts.actions import needs as actions
from contacts.enums import NeedSubject, Standing
from contacts.models import AvailabilityMute, Need
from contacts.rules import needs as rules
from core import mail
from core.announced.rules import end_of_day
from core.enums import MailState
from core.mail import key_of
from core.models import Mail
from tests.contacts.factories import match_of, need_of
from tests.opportunities.factories import KindFactory, OpportunityFactory, day
from tests.territories.factories import real_commune

pytestmark = pytest.mark.django_db


def record(now, email="claire@exemple.org", known=False, months=3, **values):
    need = Need(email=email, standing=Standing.QUALIFIED_LOCUM, **values)
    return actions.record(need=need, kinds=[], epcis=[], places=[], months=months, known=known, at=now)


def events():
    return [event.split(":")[0].removeprefix("contacts.need_") for event in Mail.objects.order_by("pk").values_list("event", flat=True)]


class TestConfirming:
    def test_nothing_counts_before_the_address_answers(self, now):
        need = record(now)
        assert events() == ["confirm"]
        assert not Need.objects.active(now).exists()
        actions.confirm(need=need, at=now)
        assert Need.objects.active(now).get() == need
        assert events() == ["confirm", "noted"]

    def test_twice_is_once(self, now):
        need = record(now)
        for _ in range(3):
            actions.confirm(need=need, at=now)
        assert events() == ["confirm", "noted"]

    def test_a_known_browser_spares_a_message(self, now):
        record(now, known=True)
        assert events() == ["noted"]
        assert Need.objects.active(now).exists()

    def test_nobody_is_written_to_more_than_five_times_a_day_by_somebody_else(self, now):
        kept = [record(now) for _ in range(7)]
        assert [bool(need) for need in kept] == [True] * 5 + [False] * 2
        assert (Need.objects.count(), events()) == (5, ["confirm"] * 5)
        assert actions.send_fresh_confirmation(need=kept[0], at=now) is None

    def test_an_address_has_three_needs_at_most(self, now):
        for _ in range(3):
            need_of()
        fourth = record(now)
        with pytest.raises(actions.TooManyNeeds):
            actions.confirm(need=fourth, at=now)
        actions.stop(need=Need.objects.active(now).first(), at=now)
        actions.confirm(need=fourth, at=now)
        assert Need.objects.active(now).count() == 3

    def test_what_was_stopped_is_not_confirmed(self, now):
        need = record(now)
        actions.stop(need=need, at=now)
        with pytest.raises(actions.NeedOver):
            actions.confirm(need=need, at=now)


class TestHeldBack:
    WORDS = "https://a.example https://b.example"

    def test_a_text_with_links_waits_for_the_team(self, now):
        need = record(now, known=True, words=self.WORDS)
        assert need.held == "2\u00a0liens"
        assert "la lit d’abord" in Mail.objects.get().text
        assert not Need.objects.active(now).exists()
        assert Need.objects.held_back(now).get() == need
        actions.let_through(need=need, at=now)
        assert Need.objects.active(now).get() == need
        assert events() == ["noted", "released"]

    def test_a_change_of_words_is_read_again_a_change_of_dates_is_not(self, now):
        need = record(now, known=True, words=self.WORDS)
        actions.let_through(need=need, at=now)
        need.refresh_from_db()
        need.starts_on = day(10)
        actions.change(need=need, kinds=[], epcis=[], places=[], months=3, at=now)
        assert Need.objects.active(now).exists()
        need.words += " https://c.example"
        actions.change(need=need, kinds=[], epcis=[], places=[], months=3, at=now)
        assert not Need.objects.active(now).exists()

    def test_a_refused_person_is_told_once(self, now):
        need = record(now, known=True, words=self.WORDS)
        for _ in range(2):
            actions.refuse(need=need, why="Le texte nomme un patient.", at=now)
        assert events() == ["noted", "refused"]
        assert not Need.objects.active(now).exists()


class TestEnding:
    @pytest.mark.parametrize(
        ("months", "starts_on", "ends_on", "last"),
        [
            (3, None, None, date(2026, 9, 15)),
            (1, None, None, date(2026, 7, 15)),
            (6, None, date(2026, 8, 31), date(2026, 8, 31)),
            (3, date(2026, 7, 1), date(2027, 3, 31), date(2026, 9, 15)),
            (3, date(2026, 11, 2), date(2027, 4, 30), date(2027, 4, 30)),
            (3, date(2026, 11, 2), None, date(2026, 11, 2)),
            (1, date(2027, 1, 4), date(2028, 1, 4), date(2027, 6, 15)),
            (1, date(2028, 1, 4), None, date(2027, 6, 15)),
        ],
    )
    def test_a_need_ends_with_its_days_or_its_months(self, now, months, starts_on, ends_on, last):
        until = timezone.localtime(rules.expiry(months, Need(starts_on=starts_on, ends_on=ends_on), now))
        assert abs((until.date() - last).days) <= 1
        assert (until.hour, until.minute) == (23, 59)

    def test_a_week_before_its_end_it_is_told_once(self, now):
        need_of(expires_at=now + timedelta(days=6), created_at=now - timedelta(days=80))
        need_of(expires_at=now + timedelta(days=8), created_at=now - timedelta(days=80))
        assert [actions.tell_ending(at=now), actions.tell_ending(at=now + timedelta(hours=1))] == [1, 0]
        assert "prolonge votre recherche en un clic" in Mail.objects.get().text

    def test_a_short_need_is_not_told_that_it_ends(self, now):
        need_of(expires_at=now + timedelta(days=3))
        assert actions.tell_ending(at=now) == 0

    def test_renewing_never_shortens_and_stops_at_the_last_day(self, now):
        for longer in (need_of(expires_at=now + timedelta(days=170)), need_of(ends_on=day(20), expires_at=end_of_day(day(20)))):
            assert rules.renewed(longer, now) is None
            with pytest.raises(actions.NeedOver):
                actions.renew(need=longer, at=now)
        dated = need_of(ends_on=day(20), expires_at=now + timedelta(days=10))
        assert timezone.localdate(actions.renew(need=dated, at=now).expires_at) == day(20)
        over = need_of(ends_on=day(-1), expires_at=now - timedelta(days=1))
        with pytest.raises(actions.NeedOver):
            actions.renew(need=over, at=now)

    def test_what_is_kept_and_what_is_erased(self, now):
        ago = lambda count: now - timedelta(days=count)  # noqa: E731
        need_of("attente@exemple.org", confirmed_at=None, created_at=ago(8))
        need_of("finie@exemple.org", expires_at=ago(31))
        need_of("arretee@exemple.org", stopped_at=ago(31))
        kept = [
            need_of("recente@exemple.org", confirmed_at=None, created_at=ago(6)),
            need_of("juste-finie@exemple.org", expires_at=ago(29)),
            need_of("en-cours@exemple.org"),
            need_of("accord@exemple.org", expires_at=ago(31)),
        ]
        agreed = match_of(kept[-1], OpportunityFactory(), requested=True, answer="yes", introduced_at=ago(200))
        assert actions.erase_old(at=now) == 3
        assert set(Need.objects.all()) == set(kept)
        assert actions.erase_old(at=now) == 0
        agreed.introduced_at = ago(366)
        agreed.save()
        assert actions.erase_old(at=now) == 1

    def test_who_asks_is_erased_at_once(self, now):
        actions.erase(need=need_of(), at=now)
        assert not Need.objects.exists()

    def test_one_click_ends_all_messages_and_leaves_an_availability(self, now):
        first, both = need_of(), need_of(available=True)
        other = need_of("autre@exemple.org")
        assert actions.stop_messages(key=key_of(first.email), at=now) == 2
        assert set(Need.objects.active(now)) == {both, other}
        assert not Need.objects.active(now).filter(email=first.email, notify=True).exists()


class TestErasing:
    """Pages and messages promise that an address is erased; messages that left know it too."""

    def written(self, now):
        """A need that was told of an offer, and its mail; the publisher's mail knows no address of it."""
        need = record(now)
        match = match_of(need, OpportunityFactory(locum=True))
        with transaction.atomic():
            for recipient in (need.email, "cabinet@example.org"):
                words = {"template": "contacts/mail/needs_link.txt", "context": {"keep_url": "https://exemple.org/"}}
                mail.post(event=f"contacts.need_essai:{match.pk}", recipient=recipient, about=match, reason="vous cherchez", **words)
        Mail.objects.filter(event__startswith="contacts.need_confirm").update(state=MailState.FAILED)
        return need

    @pytest.mark.parametrize("by_job", [True, False])
    def test_the_mail_goes_with_the_need(self, now, by_job):
        need = self.written(now)
        other = record(now, email="autre@exemple.org", known=True)
        if by_job:
            assert actions.erase_old(at=now + actions.CONFIRM_WITHIN + timedelta(hours=1)) == 1
        else:
            actions.erase(need=need, at=now)
        assert Need.objects.get() == other
        assert set(Mail.objects.values_list("recipient", flat=True)) == {"", "cabinet@example.org", other.email}
        assert not Mail.objects.failed().exists()
        assert not Mail.objects.due(now).filter(recipient="").exists()

    def test_who_wants_no_doctor_is_forgotten_in_the_end(self, now):
        AvailabilityMute.objects.create(address_key=mail.key_of("cabinet@example.org"), created_at=now)
        offers = AvailabilityMute.objects.create(offer=OpportunityFactory(locum=True), created_at=now)
        actions.erase_old(at=now + timedelta(days=1000))
        assert AvailabilityMute.objects.count() == 2
        actions.erase_old(at=now + actions.MUTE_KEPT + timedelta(hours=1))
        assert AvailabilityMute.objects.get() == offers


@pytest.mark.django_db(transaction=True)
def test_two_confirmations_at_once_make_no_fourth_need(now):
    for _ in range(2):
        need_of()
    waiting = [record(now), record(now)]
    gate, told = threading.Barrier(2), []

    def confirm(need):
        gate.wait()
        try:
            actions.confirm(need=need, at=now)
        except actions.TooManyNeeds:
            told.append(need)
        connection.close()

    workers = [threading.Thread(target=confirm, args=[need]) for need in waiting]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert (Need.objects.active(now).count(), len(told)) == (3, 1)


class TestWhatFits:
    def fits(self, offer_values, **need_values):
        offer = OpportunityFactory(locum=True, town="Sault", **offer_values)
        return rules.fits(need_of(town="Carpentras", radius_km=50, **need_values), offer)

    def test_the_reasons_say_why(self, now):
        reasons = self.fits({}, starts_on=day(10), ends_on=day(40))
        assert reasons == ["Remplacement ponctuel", "à 29\u00a0km de Carpentras", "à vos dates"]

    @pytest.mark.parametrize(
        ("start", "end", "partial", "fitting"),
        [
            (14, 27, False, True),
            (15, 27, False, False),
            (14, 26, False, False),
            (15, 20, True, True),
            (28, 40, True, False),
            (None, 27, False, True),
            (None, 26, False, False),
            (14, None, False, True),
            (15, None, True, True),
            (None, None, False, True),
        ],
    )
    def test_a_locum_covers_all_its_dates_or_a_part_that_will_do(self, now, start, end, partial, fitting):
        values = {"starts_on": start and day(start), "ends_on": end and day(end)}
        assert (self.fits({"partial_coverage": partial}, **values) is not None) is fitting

    def test_what_has_no_end_begins_within_the_dates(self, now):
        need = need_of(starts_on=day(100), ends_on=day(130))
        assert rules.fits(need, OpportunityFactory(succession=True)) is not None
        assert rules.fits(need, OpportunityFactory(succession=True, starts_on=day(131))) is None

    def test_a_place_kept_back_is_not_measured(self, now):
        offer = OpportunityFactory(succession=True, in_epci=True, town="Sault")
        assert rules.place(need_of(town="Carpentras"), offer) == "Secteur Ventoux Sud"
        assert not rules.is_proposed(need_of(available=True), offer)

    def test_a_distance_told_to_publishers_is_rough(self, now):
        offer = OpportunityFactory(locum=True, town="Sault")
        told = rules.availability(need_of(town="Carpentras", starts_on=day(14), ends_on=day(27)), offer)
        assert told.endswith("disponible du 29 juin au 12 juillet 2026, à 30\u00a0km environ")
        assert "Carpentras" not in told

    @pytest.mark.parametrize(
        ("standing", "locum", "other"),
        [
            (Standing.EXTERN, False, False),
            (Standing.INTERN, False, False),
            (Standing.OTHER_INTERN, False, False),
            (Standing.JUNIOR_DOCTOR, False, False),
            (Standing.LICENSED_LOCUM, True, False),
            (Standing.QUALIFIED_LOCUM, True, True),
            (Standing.RETIRED, True, True),
            (Standing.ABROAD, False, False),
        ],
    )
    def test_who_may_be_proposed_for_what(self, db, standing, locum, other):
        kinds = [KindFactory(code="locum_occasional"), KindFactory(code="collaboration")]
        assert [rules.may_be_proposed(standing, kind) for kind in kinds] == [locum, other]


def test_a_room_waits_for_the_list_of_rooms(now):
    need_of(subject=NeedSubject.LODGING)
    assert not Need.objects.to_match(now).exists()


@pytest.mark.parametrize(
    ("start", "end", "urgent"), [(29, None, True), (31, None, False), (-5, 10, True), (-20, -5, False), (None, None, False)]
)
def test_a_start_within_a_month_is_urgent_until_somebody_looks_after_it(now, start, end, urgent):
    need_of(starts_on=start and day(start), ends_on=end and day(end))
    assert Need.objects.urgent(now).exists() is urgent
    actions.take_up(needs=Need.objects.all(), at=now)
    assert not Need.objects.urgent(now).exists()


def test_a_commune_is_written_by_its_name(now):
    assert str(need_of(town="Apt").commune) == real_commune("Apt").name
