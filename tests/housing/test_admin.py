"""The team reads dwellings: the first page, the form, the verbs with their reasons, changes that hosts propose, reports."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.contrib.admin.models import LogEntry
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.enums import State
from housing import actions, freshness, host_calendar
from housing.models import Dwelling, DwellingOutcome, ProposedChange
from tests.accounts.factories import StaffFactory, SuperuserFactory
from tests.housing.factories import BookingFactory, DwellingFactory, day

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client):
    client.force_login(SuperuserFactory())
    return client


def url(page, dwelling):
    return reverse(f"admin:housing_dwelling_{page}", args=[dwelling.pk])


def sent_back(form):
    """What the browser sends when a form that it was given is saved again."""
    data = {}
    for bound in form:
        value = bound.value()
        if isinstance(value, bool):
            value = "on" if value else None
        if value not in (None, "", []):
            data[bound.html_name] = bound.field.prepare_value(value) if hasattr(bound.field, "prepare_value") else value
    return data


class TestFirstPage:
    def test_what_waits_for_the_team(self, staff):
        waiting = DwellingFactory(submitted=True, submitted_at=timezone.now() - timedelta(days=9), unplaced=True, title="À lire, à placer")
        response = staff.get(reverse("admin:index"))
        queues = [queue for queue in response.context["queues"] if queue.code.startswith("logement-")]
        shown = {queue.code: [row.title for row in queue.rows] for queue in queues}
        assert shown == {"logement-a-relire": [waiting.title], "logement-a-placer": [waiting.title]}
        assert "réponse en retard" in unescape(response.text)
        assert "<span>logement à placer" in unescape(response.text)

    def test_a_room_announced_twice_is_seen(self, staff):
        DwellingFactory(contact_email="hote@exemple.org")
        DwellingFactory(submitted=True, contact_email="hote@exemple.org", submitted_at=timezone.now())
        assert "peut-être un double" in unescape(staff.get(reverse("admin:index")).text)

    def test_drafts_that_nobody_confirmed_are_not_shown(self, staff):
        draft = DwellingFactory(draft=True, by_publisher=True)
        assert draft.title not in staff.get(reverse("admin:housing_dwelling_changelist")).text
        assert staff.get(url("preview", draft)).status_code == 404


class TestScreen:
    def test_the_form_shows_the_calendar_and_the_history_and_saves(self, staff):
        dwelling = DwellingFactory(offered=(day(1), day(90)), address="12 rue des Essais")
        response = staff.get(url("change", dwelling))
        assert "12 rue des Essais" in response.text
        form = response.context["adminform"].form
        data = sent_back(form) | {"commune": dwelling.commune.name, "title": "Une chambre claire"}
        for formset in response.context["inline_admin_formsets"]:
            data |= {f"{formset.formset.prefix}-{name}": 0 for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
        saved = staff.post(url("change", dwelling), data | {"_continue": "1"})
        assert saved.status_code == 302, saved.context["errors"]
        dwelling.refresh_from_db()
        assert dwelling.title == "Une chambre claire"
        assert dwelling.availabilities.get().period == DateRange(day(1), day(90))

    def test_publishing_asks_for_what_the_law_wants(self, staff):
        dwelling = DwellingFactory(submitted=True, rent=None, energy_class="")
        text = unescape(staff.post(reverse("admin:housing_dwelling_verb", args=[dwelling.pk, "publish"]), follow=True).text)
        assert "Indiquez le loyer" in text
        assert Dwelling.objects.get().state == State.SUBMITTED

    def test_publishing_gives_a_reference_and_writes_the_step_down(self, staff):
        dwelling = DwellingFactory(submitted=True)
        staff.post(reverse("admin:housing_dwelling_verb", args=[dwelling.pk, "publish"]))
        dwelling.refresh_from_db()
        assert dwelling.state == State.PUBLISHED
        assert dwelling.reference == f"LOG-{timezone.localdate().year}-{dwelling.pk:04d}"
        assert dwelling.state_changes.get().actor is not None
        assert "Chambre" in dwelling.search_text.capitalize()

    def test_a_withdrawal_has_a_reason(self, staff):
        dwelling = DwellingFactory()
        page = reverse("admin:housing_dwelling_reason", args=[dwelling.pk, "withdraw"])
        staff.post(page, {"reason": " "})
        assert Dwelling.objects.get().state == State.PUBLISHED
        staff.post(page, {"reason": "Annonce en double."})
        assert Dwelling.objects.get().state == State.WITHDRAWN

    def test_the_preview_is_the_public_page_of_a_draft(self, staff):
        dwelling = DwellingFactory(submitted=True, energy_class="F")
        response = staff.get(url("preview", dwelling))
        assert "Logement à consommation énergétique excessive" in response.text
        assert dwelling.address not in response.text

    def test_an_earlier_version_comes_back_without_its_life(self, staff):
        dwelling = DwellingFactory(title="Avant")
        version = dwelling.history.first()
        dwelling.title = "Après"
        actions.save_dwelling(dwelling=dwelling)
        actions.pause(dwelling=dwelling, at=timezone.now())
        staff.post(reverse("admin:housing_dwelling_simple_history", args=[dwelling.pk, version.pk]))
        dwelling.refresh_from_db()
        assert (dwelling.title, dwelling.state) == ("Avant", State.PAUSED)
        assert dwelling.address == "7 chemin des Platanes", "what versions do not hold stays"

    @pytest.mark.parametrize("query", ["a_faire=confirmer", "a_faire=expirent", "a_placer=oui", "q=Vaison", "kind__exact=room"])
    def test_the_list_filters(self, staff, query):
        DwellingFactory()
        assert staff.get(f"{reverse('admin:housing_dwelling_changelist')}?{query}").status_code == 200


class TestCalendar:
    """A host who telephones and has no e-mail: the team writes in the calendar for them."""

    @pytest.fixture
    def room(self):
        return DwellingFactory(contact_email="", contact_phone="04 90 00 00 00")

    def press(self, staff, room, verb, **fields):
        """Press a button as a browser does, with the token of the form."""
        page = staff.get(url("calendar", room))
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)[1]
        name = verb.replace(":", "-")
        data = {f"{name}-{field}": value.isoformat() if isinstance(value, date) else value for field, value in fields.items()}
        return staff.post(url("calendar", room), {"verb": verb, "csrfmiddlewaretoken": token, **data}, follow=True)

    def test_dates_are_offered_and_a_stay_is_noted_prolonged_and_cancelled(self, room):
        staff = Client(enforce_csrf_checks=True)
        staff.force_login(SuperuserFactory())
        assert url("calendar", room) in staff.get(url("change", room)).text
        assert "Ces dates sont offertes." in self.press(staff, room, "offer", start=day(1), end=day(90)).text
        assert Dwelling.objects.free(day(5), day(60)).exists()
        self.press(staff, room, "note", start=day(5), end=day(20), note="interne")
        stay = room.bookings.get()
        self.press(staff, room, f"prolong:{stay.pk}", until=day(40))
        assert not Dwelling.objects.free(day(30), day(39)).exists()
        self.press(staff, room, f"cancel:{stay.prolongations.get().pk}", reason="Elle part plus tôt.")
        assert Dwelling.objects.free(day(30), day(39)).exists()
        refused = self.press(staff, room, "offer", start=day(9), end=day(2))
        assert "Le dernier jour vient avant le premier" in refused.text
        assert [entry.get_change_message() for entry in LogEntry.objects.order_by("pk")] == [
            f"Calendrier\u00a0: {host_calendar.DONE[verb]}" for verb in ("offer", "note", "prolong", "cancel")
        ]

    def test_it_opens_while_requests_wait(self, room, staff):
        BookingFactory(dwelling=room, state="requested", purpose="Stage à Apt")
        page = staff.get(url("calendar", room))
        assert "Stage à Apt" in page.text
        assert "mon-logement" not in page.text, "the private page is the host's"

    def test_a_get_changes_nothing_and_it_is_for_who_may_change_rooms(self, room, staff, client):
        data = {"verb": "offer", "offer-start": day(1).isoformat(), "offer-end": day(9).isoformat()}
        staff.get(url("calendar", room), data)
        client.force_login(StaffFactory())
        assert client.get(url("calendar", room)).status_code == client.post(url("calendar", room), data).status_code == 403
        client.logout()
        assert client.post(url("calendar", room), data).status_code == 302
        assert not room.availabilities.exists()


class TestProposedChanges:
    def test_read_with_both_values_and_refused_with_a_reason(self, staff):
        dwelling = DwellingFactory()
        actions.change(dwelling=dwelling, values={"lease": "free"}, at=timezone.now())
        proposal = ProposedChange.objects.get()
        text = unescape(staff.get(reverse("admin:housing_proposedchange_change", args=[proposal.pk])).text)
        assert "chambre chez l’habitant" in text
        assert "hébergement gratuit" in text
        staff.post(reverse("admin:housing_proposedchange_decide", args=[proposal.pk]), {"refuse": "1", "reason": "Un loyer est dit."})
        dwelling.refresh_from_db()
        assert dwelling.lease == "lodger"

    def test_what_the_law_refuses_is_not_approved(self, staff):
        dwelling = DwellingFactory()
        actions.change(dwelling=dwelling, values={"energy_class": "G"}, at=timezone.now())
        decide = reverse("admin:housing_proposedchange_decide", args=[ProposedChange.objects.get().pk])
        assert "ne se loue plus" in unescape(staff.post(decide, {"approve": "1"}).text)
        dwelling.refresh_from_db()
        assert dwelling.energy_class == "D"


def test_a_report_is_settled_by_the_team(staff):
    dwelling = DwellingFactory()
    report = freshness.report(dwelling=dwelling, reason="unlawful", at=timezone.now())
    assert dwelling.title in staff.get(reverse("admin:index")).text
    changelist = reverse("admin:housing_dwellingreport_changelist")
    staff.post(changelist, {"action": "settle", "_selected_action": [report.pk]})
    report.refresh_from_db()
    assert report.settled_at


def test_who_came_is_counted_without_a_name(staff):
    actions.declare_filled(dwelling=DwellingFactory(), who="intern", how="portal", at=timezone.now())
    assert DwellingOutcome.objects.get().who == "intern"
    assert "un interne ou un externe en stage" in unescape(staff.get(reverse("admin:housing_dwellingoutcome_changelist")).text)
