"""A host proposes a dwelling without an account: the form, the private page, what waits for the team, what is erased."""

from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest
import time_machine
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse
from django.utils import timezone

from core.enums import ChangeState, State
from core.french import NBSP, THIN
from core.geography import Point
from core.models import Mail
from housing import actions, freshness
from housing.enums import Lease
from housing.models import Availability, Dwelling, DwellingOutcome, ProposedChange
from territories import semesters
from tests.accounts.factories import SuperuserFactory
from tests.core.told import said
from tests.housing.factories import DwellingFactory, day
from tests.housing.publishing import CHOOSE, TO, events, fields, flat, keep, link, shown, write_url
from tests.territories.factories import FacilityFactory, real_commune

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def communes(db):
    for name in ("Sault", "Apt", "Vaison-la-Romaine"):
        real_commune(name)


DRAFT = {"kind": "room", "title": "Chambre", "capacity": "", "contact_email": TO, "act": "brouillon"}
"""The least that is kept."""


def errors(response):
    return dict(response.context["form"].errors)


def submitted(client, **changes):
    """A dwelling that its host has written, confirmed and sent."""
    client.post(write_url(), fields(**changes))
    client.post(link(), {"verb": "submit"})
    return Dwelling.objects.get()


class TestForm:
    def test_each_kind_has_its_fields(self, client):
        room, residence = (set(client.get(write_url(code)).context["form"].fields) for code in ("chambre", "residence"))
        assert {"places", "agency_fee", "inventory_fee"} & room == set()
        assert {"places", "agency_fee", "inventory_fee"} <= residence
        assert len(room) < len(residence)

    def test_the_charter_is_not_ticked_for_anybody(self, client):
        page = client.get(write_url())
        assert "checked" not in str(page.context["form"]["charter"])
        assert reverse("housing:charter") in page.text
        assert errors(client.post(write_url(), fields(charter=None))) == {
            "charter": ["Lisez la charte des hôtes et cochez cette case avant d’envoyer."]
        }

    def test_a_draft_needs_a_title_and_an_address_that_answers(self, client):
        response = client.post(write_url(), DRAFT | {"shown": shown()})
        assert said(response) == (CHOOSE, "brouillon")
        assert Dwelling.objects.get().state == State.DRAFT

    def test_nothing_is_lost_on_error(self, client):
        response = client.post(write_url(), fields(rent="0", energy_class="G", description="Sans enfants, au 7 chemin des Lavandes"))
        assert set(errors(response)) == {"rent", "energy_class", "description"}
        text = unescape(response.text)
        assert "au 7 chemin des Lavandes" in text
        assert 'value="350"' not in text
        assert "7 chemin des Lavandes" in text
        assert not Dwelling.objects.exists()

    def test_what_is_asked_in_some_cases_is_not_called_optional(self, client):
        form = client.get(write_url("appartement")).context["form"]
        asked = {name: field.label for name, field in form.fields.items() if "(demandé " in field.label}
        assert {"energy_cost_min", "energy_cost_max", "energy_price_year", "energy_exempt_reason", "min_stay_days", "max_stay_days"} == {
            *asked
        }
        assert all(form.fields[name].wanted for name in asked)
        assert "bail mobilité" in form.fields["deposit"].help_text
        room = client.get(write_url("chambre")).context["form"]
        assert not room.fields["min_stay_days"].wanted
        assert "mobilité" not in room.fields["deposit"].help_text

    def test_another_kind_loses_nothing(self, client):
        response = client.post(write_url(), fields(kind="flat", act="type"))
        assert response.context["form"].asked == "flat"
        assert "Chambre calme à Sault" in response.text
        assert errors(response) == {}

    def test_the_preview_says_what_the_law_wants(self, client):
        response = client.post(write_url(), fields(act="apercu", energy_class="F"))
        text = unescape(response.text)
        assert "Logement à consommation énergétique excessive" in text
        assert "georisques.gouv.fr" in text
        assert "380\u00a0€/mois charges comprises" in text.replace("\u202f", "\u00a0")

    def test_the_meter_follows(self, client):
        url = reverse("housing:publish_meter") + "?type=chambre"
        without = client.post(url, fields()).text
        with_more = client.post(url, fields(internet="fibre", equipment=["kitchen"])).text
        assert without != with_more
        assert not Dwelling.objects.exists()

    @pytest.mark.parametrize(
        ("field", "limits"),
        [
            ("capacity", "un nombre entier de 1 à 20"),
            ("room_count", "un nombre entier de 1 à 30"),
            ("living_area_m2", f"un nombre de 0,1 à 2{THIN}000, 1{NBSP}chiffre après la virgule au plus"),
            ("rent", f"un nombre de 0 à 10{THIN}000, 2{NBSP}chiffres après la virgule au plus"),
            ("energy_cost_max", f"un nombre entier de 0 à 99{THIN}999"),
            ("energy_price_year", "une année de 2000 à 2100"),
            ("exact_latitude", "un nombre de -90 à 90"),
        ],
    )
    @pytest.mark.parametrize("typed", ["-1000", "beaucoup", "999999", "1,2345678901234567890", "9" * 40])
    def test_a_bad_number_says_what_is_expected(self, client, field, limits, typed):
        if (field, typed[:5]) == ("exact_latitude", "1,234"):
            return
        form = client.post(write_url("appartement"), flat(**{field: typed, "exact_longitude": "5.39"})).context["form"]
        assert form.errors[field] == [f"Écrivez {limits}."]

    @pytest.mark.parametrize(
        "hostile",
        [
            {"rent": "9" * 40},
            {"rent": "NaN"},
            {"living_area_m2": "-1"},
            {"energy_price_year": "99999999999999999999"},
            {"energy_diagnosed_on": "0001-01-01"},
            {"title": "a\0b"},
            {"kind": "castle"},
            {"commune": "\0"},
            {"from_1": "9999-12-31", "to_1": "0001-01-01"},
            {"exact_latitude": "1e400", "exact_longitude": "5"},
            {"exact_latitude": "44"},
            {"semesters": ["1999-05"]},
            {"equipment": ["gold"]},
            {"max_stay_days": "-3"},
            {"places": "10000000000"},
        ],
    )
    def test_hostile_input_is_answered_with_words(self, client, hostile):
        response = client.post(write_url("residence"), flat(kind="residence") | hostile)
        assert response.status_code == 200
        assert response.context["form"].errors
        assert client.post(reverse("housing:publish_meter"), fields() | hostile).status_code == 200

    def test_an_unknown_kind_has_no_form(self, client):
        assert client.get(write_url("chateau")).status_code == 404


class TestDates:
    def test_semesters_and_dates_become_the_calendar(self, client):
        semester = semesters.upcoming(timezone.localdate(), 1)[0]
        start = semester.end + timedelta(days=30)
        submitted(client, semesters=[semester.code], from_1=start.isoformat(), to_1=(start + timedelta(days=20)).isoformat())
        periods = [row.period for row in Availability.objects.all()]
        assert periods == [DateRange(semester.start, semester.end + timedelta(days=1)), DateRange(start, start + timedelta(days=20))]

    def test_pressed_twice_is_one_announcement_unless_its_dates_differ(self, client):
        for nights in (8, 8, 9):
            client.post(write_url(), fields(from_1=day(1).isoformat(), to_1=day(nights).isoformat()))
        assert (Dwelling.objects.count(), events()) == (2, ["draft", "draft"])

    def test_dates_that_a_calendar_refuses_are_said_beside_them(self, client):
        yesterday = timezone.localdate() - timedelta(days=1)
        response = client.post(write_url(), fields(from_1=yesterday.isoformat(), to_1=yesterday.isoformat()))
        assert set(errors(response)) == {"to_1"}
        assert set(errors(client.post(write_url(), fields(from_2=yesterday.isoformat())))) == {"to_2"}

    def test_a_draft_shows_its_dates_again_and_keeps_them(self, client):
        semester = semesters.upcoming(timezone.localdate(), 1)[0]
        dwelling = submitted(client, semesters=[semester.code], from_1=day(1).isoformat(), to_1=day(8).isoformat())
        form = client.get(keep(dwelling, "dwelling_edit")).context["form"]
        assert form["semesters"].value() == [semester.code]
        before = list(dwelling.availabilities.values_list("period", flat=True))
        again = fields(act="brouillon", semesters=[semester.code], from_1=day(1).isoformat(), to_1=day(8).isoformat())
        client.post(keep(dwelling, "dwelling_edit"), again)
        assert list(dwelling.availabilities.values_list("period", flat=True)) == before


class TestPrivatePage:
    def test_the_address_is_confirmed_by_the_button_and_the_team_reads_then(self, client):
        client.post(write_url(), fields())
        dwelling = Dwelling.objects.get()
        assert (dwelling.state, dwelling.contact_confirmed_at) == (State.DRAFT, None)
        assert dwelling.charter_accepted_at
        assert list(Dwelling.objects.known_to_team()) == []
        client.get(link())
        assert Dwelling.objects.get().state == State.DRAFT
        client.post(link(), {"verb": "submit"})
        assert Dwelling.objects.get().state == State.SUBMITTED
        assert events() == ["draft", "submitted"]

    def test_the_first_message_repeats_no_word_of_the_draft(self, client):
        client.post(write_url(), fields())
        assert "Sault" not in Mail.objects.get().text

    def test_a_browser_that_answered_sends_at_once(self, client):
        client.post(write_url(), fields(act="brouillon"))
        client.post(link(), {"verb": "submit"})
        response = client.post(write_url("appartement"), flat())
        assert said(response)[1] == "submit"
        assert Dwelling.objects.filter(state=State.SUBMITTED).count() == 2

    @pytest.mark.parametrize(("verb", "state"), [("pause", State.PAUSED), ("confirm", State.PUBLISHED), ("fill", State.FILLED)])
    def test_buttons(self, client, verb, state):
        dwelling = DwellingFactory()
        client.post(keep(dwelling), {"verb": verb, "who": "intern", "how": "portal"})
        assert Dwelling.objects.get().state == state
        assert DwellingOutcome.objects.count() == (verb == "fill")

    def test_what_changes_at_once_and_what_waits(self, client):
        dwelling = DwellingFactory()
        data = {"kind": "room", "title": dwelling.title, "commune": "Vaison-la-Romaine", "address": dwelling.address}
        point = {"exact_latitude": repr(dwelling.exact_latitude), "exact_longitude": repr(dwelling.exact_longitude)}
        same = fields(**data, **point, description=dwelling.description, contact_name=dwelling.contact_name)
        response = client.post(keep(dwelling, "dwelling_edit"), same | {"rent": "420", "internet": "fibre", "act": "brouillon"})
        assert said(response)[1] == "held"
        dwelling.refresh_from_db()
        assert (dwelling.rent, dwelling.internet) == (Decimal(350), "fibre")
        proposal = ProposedChange.objects.get()
        assert proposal.values == {"rent": "420"}
        actions.approve(proposal=proposal, actor=SuperuserFactory(), at=timezone.now())
        dwelling.refresh_from_db()
        assert (dwelling.rent, dwelling.monthly_total) == (Decimal(420), Decimal(450))

    def test_an_approved_move_waits_for_its_point_and_keeps_its_shift(self):
        dwelling = DwellingFactory()
        shift = dwelling.offset_north_m
        actions.change(dwelling=dwelling, values={"address": "9 rue Neuve"}, at=timezone.now())
        actions.approve(proposal=ProposedChange.objects.get(), actor=SuperuserFactory(), at=timezone.now())
        dwelling.refresh_from_db()
        assert dwelling.exact_point is None
        assert dwelling.point == Point(dwelling.commune.latitude, dwelling.commune.longitude)
        assert dwelling.offset_north_m == shift
        assert list(Dwelling.objects.to_place()) == [dwelling]

    def test_a_point_that_comes_with_the_address_stays(self):
        dwelling = DwellingFactory()
        there = {"exact_latitude": dwelling.exact_latitude + 0.002, "exact_longitude": dwelling.exact_longitude}
        actions.change(dwelling=dwelling, values={"address": "9 rue Neuve", **there}, at=timezone.now())
        assert set(ProposedChange.objects.get().values) == {"address", "exact_latitude"}
        actions.approve(proposal=ProposedChange.objects.get(), actor=SuperuserFactory(), at=timezone.now())
        dwelling.refresh_from_db()
        assert dwelling.exact_latitude == there["exact_latitude"]

    def test_views_are_counted_without_knowing_whose(self, client):
        dwelling = DwellingFactory()
        client.post(reverse("housing:dwelling_seen", args=[dwelling.pk]))
        assert "1 en 30 jours" in client.get(keep(dwelling)).text

    def test_a_new_address_answers_before_it_counts(self, client):
        dwelling = DwellingFactory()
        client.post(keep(dwelling, "dwelling_address"), {"email": "autre@exemple.org", "shown": shown()})
        assert Dwelling.objects.get().contact_email == dwelling.contact_email
        client.post(link())
        assert Dwelling.objects.get().contact_email == "autre@exemple.org"
        assert client.get(keep(dwelling)).status_code == 404

    def test_a_draft_is_erased_by_its_button(self, client):
        client.post(write_url(), fields())
        client.post(link(), {"verb": "delete"})
        assert not Dwelling.objects.exists()
        assert not Dwelling.history.exists()
        assert not Mail.objects.exclude(text="").exists()


class TestReports:
    def test_a_reader_reports_and_the_host_is_asked(self, client):
        dwelling = DwellingFactory()
        page = reverse("housing:dwelling_report", args=[dwelling.pk])
        response = client.post(page, {"reason": "let", "shown": shown()})
        assert said(response) == (page, "annonceur")
        assert events() == ["reported"]

    def test_what_may_be_unlawful_goes_to_the_team_alone(self, client):
        dwelling = DwellingFactory()
        client.post(reverse("housing:dwelling_report", args=[dwelling.pk]), {"reason": "unlawful", "shown": shown()})
        assert events() == []
        assert list(dwelling.reports.for_staff(timezone.now()))


class TestFreshness:
    def test_asked_reminded_retired(self):
        now = timezone.now()
        dwelling = DwellingFactory(confirmed_at=now - timedelta(days=31), expires_at=now + timedelta(days=90))
        assert freshness.ask_publishers(at=now) == freshness.ask_publishers(at=now) + 1 == 1
        Mail.objects.update(state="sent", sent_at=now)
        assert freshness.ask_publishers(at=now + timedelta(days=9)) == 1
        assert freshness.retire_silent(at=now + timedelta(days=13)) == 0
        assert freshness.retire_silent(at=now + timedelta(days=15)) == 1
        dwelling.refresh_from_db()
        assert dwelling.state == State.EXPIRED
        assert events() == ["confirm", "remind", "retired"]


class TestErasure:
    def test_a_year_after_the_end_nobody_knows_who_or_where_and_the_shift_stays(self):
        with time_machine.travel(timezone.now(), tick=False) as clock:
            dwelling = DwellingFactory()
            actions.change(dwelling=dwelling, values={"address": "9 rue Neuve"}, at=timezone.now())
            shift = dwelling.offset_north_m
            actions.fill(dwelling=dwelling, at=timezone.now())
            clock.shift(timedelta(days=364))
            assert actions.erase_contacts(at=timezone.now()) == 0
            clock.shift(timedelta(days=2))
            assert actions.erase_contacts(at=timezone.now()) == 1
            assert actions.erase_contacts(at=timezone.now()) == 0
        dwelling.refresh_from_db()
        assert (dwelling.contact_name, dwelling.contact_email, dwelling.address, dwelling.exact_point) == ("", "", "", None)
        assert dwelling.point == Point(dwelling.commune.latitude, dwelling.commune.longitude), "the circle would still tell"
        assert dwelling.offset_north_m == shift
        assert "address" not in str(list(ProposedChange.objects.filter(state=ChangeState.OPEN).values_list("values", flat=True)))

    def test_drafts_that_nobody_confirmed_go_after_a_week(self, client):
        now = timezone.now()
        client.post(write_url(), fields())
        assert actions.erase_drafts(at=now + timedelta(days=6)) == 0
        assert actions.erase_drafts(at=now + timedelta(days=7, minutes=1)) == 1


def test_a_residence_counts_its_rooms(client):
    dwelling = submitted(client, kind="residence", lease=Lease.PROVIDED, places="6", agency_fee="0", inventory_fee="0", title="Internat")
    assert (dwelling.kind, dwelling.places) == ("residence", 6)


def test_a_hospital_that_lets_is_recognised_in_the_directory(client):
    hospital = FacilityFactory(name="Centre hospitalier du Mont exemple", commune=real_commune("Sault"))
    elsewhere = FacilityFactory(name="Centre hospitalier du Mont exemple", commune=real_commune("Apt"))
    host = {"host_kind": "hospital", "organisation": "CH du Mont exemple"}
    asked = client.post(write_url(), fields(act="apercu", **host)).context["form"].fields["facility"].queryset
    assert hospital in asked
    assert elsewhere not in asked
    assert "facility" not in client.post(write_url(), fields(act="apercu", organisation="")).context["form"].fields
    dwelling = submitted(client, facility=hospital.pk, **host)
    assert dwelling.facility == hospital
    Dwelling.objects.filter(pk=dwelling.pk).update(organisation="Tout autre nom")
    form = client.get(keep(Dwelling.objects.get(), "dwelling_edit")).context["form"]
    assert hospital in form.fields["facility"].queryset, "what was said once is kept"
