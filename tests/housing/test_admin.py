"""The team reads dwellings: the first page, the form, the verbs with their reasons, changes that hosts propose, reports."""

from datetime import timedelta
from html import unescape

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse
from django.utils import timezone

from core.enums import State
from housing import actions, freshness
from housing.models import Dwelling, DwellingOutcome, ProposedChange
from tests.accounts.factories import SuperuserFactory
from tests.housing.factories import DwellingFactory, day

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
