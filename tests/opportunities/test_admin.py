"""The staff screens of the offers: list, form, photographs, kinds."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from opportunities import actions, tasks
from opportunities.enums import State
from opportunities.models import Opportunity, OpportunityKind
from tests.accounts.factories import StaffFactory
from tests.core.test_images import plain, upload
from tests.opportunities.factories import KindFactory, OpportunityFactory, OtherPlaceFactory, PhotoFactory, day, days
from tests.opportunities.staff import ADD, LIST, fields, fields_of, messages_of, text_of, url
from tests.territories.factories import real_commune

pytestmark = pytest.mark.django_db


class TestList:
    @pytest.mark.parametrize("count", [1, 3])
    def test_the_number_of_queries_does_not_depend_on_the_number_of_offers(self, staff, count, django_assert_num_queries):
        for _ in range(count):
            OpportunityFactory(kind=KindFactory(), town="Apt")
        staff.get(LIST)
        with django_assert_num_queries(8):
            response = staff.get(LIST)
        assert response.context["cl"].result_count == count

    def test_a_row_says_what_staff_need(self, staff, now):
        OpportunityFactory(
            title="Tous les jeudis à Sault", town="Sault", is_demo=True, published_at=days(-12), confirmed_at=days(-31), expires_at=days(3)
        )
        page = text_of(staff.get(LIST))
        assert "Tous les jeudis à Sault" in page
        assert "Collaboration libérale" in page
        assert '<td class="field-commune nowrap" role="cell" data-title="Commune">Sault</td>' in page
        assert "publiée il\u00a0y\u00a0a 12\u00a0jours" in page
        assert '<span class="late">15 mai 2026</span>' in page
        assert "18 juin 2026" in page
        assert '<span class="tag tag--olive">publiée</span>' in page
        assert '<span class="tag tag--ex">exemple</span>' in page

    def test_an_empty_list_has_its_page(self, staff):
        assert staff.get(LIST).context["cl"].result_count == 0

    @pytest.mark.parametrize("words", ["VSA-2026-9999", "colombier", "sault", "cpts du ventoux", "Docteur Mistral", "mistral@example.org"])
    def test_search_finds_an_offer_by_what_one_remembers_of_it(self, staff, words):
        wanted = OpportunityFactory(
            reference="VSA-2026-9999",
            title="Cabinet du Colombier",
            town="Sault",
            organisation="CPTS du Ventoux",
            contact_name="Docteur Mistral",
            contact_email="mistral@example.org",
        )
        OpportunityFactory(town="Apt")
        assert list(staff.get(LIST, {"q": words}).context["cl"].result_list) == [wanted]

    def test_filters_of_what_is_to_do(self, staff):
        old = OpportunityFactory(confirmed_at=days(-31), published_at=days(-40))
        ending = OpportunityFactory(expires_at=days(14))
        OpportunityFactory(paused=True, confirmed_at=days(-31), published_at=days(-40), expires_at=days(3))
        OpportunityFactory()
        assert list(staff.get(LIST, {"a_faire": "confirmer"}).context["cl"].result_list) == [old]
        assert list(staff.get(LIST, {"a_faire": "expirent"}).context["cl"].result_list) == [ending]

    @pytest.mark.parametrize(
        ("query", "count"),
        [
            ({"state__exact": "draft"}, 1),
            ({"location_precision__exact": "epci"}, 1),
            ({"is_demo__exact": "1"}, 1),
            ({"kind__id__exact": "0"}, 0),
            ({"a_faire": "n’importe quoi"}, 3),
        ],
    )
    def test_other_filters(self, staff, query, count):
        OpportunityFactory(draft=True)
        OpportunityFactory(in_epci=True)
        OpportunityFactory(is_demo=True)
        assert staff.get(LIST, query).context["cl"].result_count == count

    @pytest.mark.parametrize("address", [f"{LIST}?state__exact=%00", f"{LIST}add/?kind=%00"])
    def test_a_null_character_in_the_address_is_a_bad_request(self, staff, address):
        response = staff.get(address)
        assert response.status_code == 400
        assert "Cette demande n’est pas bien formée" in response.text

    @pytest.mark.parametrize("key", ["abc", "²", "\0", "1e3", "-1"])
    @pytest.mark.parametrize("action", ["confirm_all", "withdraw_all"])
    def test_a_forged_choice_of_rows_is_a_bad_request_and_changes_nothing(self, staff, action, key):
        offer = OpportunityFactory()
        response = staff.post(LIST, {"action": action, "_selected_action": [offer.pk, key], "apply": "1", "reason": "essai"})
        assert response.status_code == 400
        assert "Cette demande n’est pas bien formée" in response.text
        assert Opportunity.objects.get().updated_at == offer.updated_at

    @pytest.mark.parametrize("key", ["abc", "²", "9" * 30])
    def test_the_history_of_what_does_not_exist_is_not_found(self, staff, key):
        assert "Cette page n’existe pas, ou plus" in staff.get(f"{LIST}{key}/history/").text

    def test_it_is_closed_to_who_has_no_right(self):
        client = Client()
        client.force_login(StaffFactory())
        assert client.get(LIST).status_code == 403
        assert Client().get(LIST)["Location"].startswith("/equipe/login/")


class TestForm:
    def test_a_draft_is_written_and_keeps_what_follows_from_it(self, staff, member):
        response = staff.post(ADD, fields(half_days=[6, 7], fee_share="75", starts_on="2027-02-01", _continue="1"))
        offer = Opportunity.objects.get()
        assert response["Location"] == url("change", offer)
        assert (offer.state, offer.reference, offer.half_days) == (State.DRAFT, None, [6, 7])
        assert offer.commune_ids == [real_commune("Apt").pk]
        assert "Apt" in offer.search_text
        assert offer.history.get().history_user == member

    def test_kind_comes_first_and_says_what_it_shows(self, staff):
        page = staff.get(ADD)
        form = page.context["adminform"].form
        assert next(iter(page.context["adminform"].fieldsets))[1]["fields"][0] == "kind"
        assert '"governed"' in form["kind"].as_widget().replace("&quot;", '"')
        assert form.initial["profession"].code == "general_practitioner"

    def test_errors_are_said_beside_their_field_and_nothing_is_lost(self, staff):
        data = fields(
            title="",
            commune="Marseille",
            starts_on="2027-02-09",
            ends_on="2027-02-01",
            kind=KindFactory(code="locum_occasional").pk,
            fee_share="120",
            half_days=[0, 11],
            description="À ne pas perdre",
        )
        response = staff.post(ADD, data)
        form = response.context["adminform"].form
        assert set(form.errors) == {"title", "commune", "ends_on", "fee_share"}
        assert form.errors["ends_on"] == ["La date de fin vient avant la date de début."]
        assert "Marseille" in form.errors["commune"][0]
        page = text_of(response)
        for kept in ("À ne pas perdre", 'value="Marseille"', 'value="2027-02-09"', 'value="2027-02-01"', 'value="120"'):
            assert kept in page
        assert page.count("checked") - page.count('name="location_precision" value="commune"') == 2
        assert not Opportunity.objects.exists()

    @pytest.mark.parametrize(
        ("changes", "field", "message"),
        [
            ({"salary_min": 9000, "salary_max": 8000, "salary_period": "month"}, "salary_max", "inférieur au minimum"),
            ({"salary_min": 9000}, "salary_period", "choisissez la période"),
            ({"days_per_week": "9"}, "days_per_week", "6"),
            ({"location_precision": "exact", "latitude": "44.1"}, "latitude", "latitude et une longitude"),
            ({"latitude": "144", "longitude": "5"}, "latitude", "90"),
            ({"patients_per_day": "9" * 30}, "patients_per_day", ""),
            ({"starts_on": "demain"}, "starts_on", "date"),
            ({"starts_on": "0027-02-01"}, "starts_on", "Vérifiez l’année"),
            ({"ends_on": "9999-12-31"}, "ends_on", "Vérifiez l’année"),
            ({"expires_at": "2207-02-01"}, "expires_at", "Vérifiez l’année"),
            ({"title": "\u200b\u202e"}, "title", "aucun caractère visible"),
            ({"half_days": ["99"]}, "half_days", "99"),
            ({"contact_email": "pas une adresse"}, "contact_email", "valide"),
            ({"price": "-1"}, "price", "0"),
            ({"kind": "0"}, "kind", ""),
        ],
    )
    def test_each_wrong_fact_is_refused_at_its_field(self, staff, changes, field, message):
        response = staff.post(ADD, fields(**{"kind": KindFactory().pk, **changes}))
        errors = response.context["adminform"].form.errors
        assert list(errors) == [field]
        assert message in errors[field][0]

    def test_facts_of_another_kind_are_emptied_and_told(self, staff):
        kind = KindFactory(shown_fields=["fee_share"])
        response = staff.post(
            ADD, fields(kind=kind.pk, fee_share="80", price="150000", half_days=[0], duty_note="un week-end", _continue="1"), follow=True
        )
        offer = Opportunity.objects.get()
        assert (offer.fee_share, offer.price, offer.half_days, offer.duty_note) == (80, None, [], "")
        told = " ".join(messages_of(response))
        for dropped in ("150000", "lundi matin", "un week-end"):
            assert dropped in told

    def test_a_kind_no_longer_offered_stays_on_the_offers_that_have_it(self, staff):
        offer = OpportunityFactory(draft=True, kind=KindFactory(active=False, label="Ancien type"))
        KindFactory(active=False, label="Autre ancien")
        choices = [label for _, label in staff.get(url("change", offer)).context["adminform"].form["kind"].field.choices]
        assert "Ancien type" in choices
        assert "Autre ancien" not in choices

    def test_a_published_offer_cannot_be_edited_into_what_could_not_be_published(self, staff):
        offer = OpportunityFactory(locum=True)
        response = staff.post(url("change", offer), fields_of(offer, commune="", fee_share="", expires_at="", title="Nouveau titre"))
        errors = response.context["adminform"].form.errors
        assert set(errors) == {"commune", "fee_share", "expires_at"}
        assert "Nouveau titre" in text_of(response)
        offer.refresh_from_db()
        assert (offer.commune.name, offer.fee_share) == ("Carpentras", 80)

    def test_an_expiry_in_the_past_is_refused(self, staff):
        offer = OpportunityFactory()
        response = staff.post(url("change", offer), fields_of(offer, expires_at=day(-1).isoformat()))
        assert "est passée" in response.context["adminform"].form.errors["expires_at"][0]

    def test_the_last_day_is_shown_and_kept(self, staff):
        offer = OpportunityFactory(draft=True)
        staff.post(url("change", offer), fields_of(offer, expires_at="2027-03-31"))
        offer.refresh_from_db()
        assert f"{timezone.localtime(offer.expires_at):%Y-%m-%d %H:%M}" == "2027-03-31 23:59"
        assert 'value="2027-03-31"' in text_of(staff.get(url("change", offer)))

    def test_other_places_are_found_by_the_search_at_once(self, staff):
        places = {"other_places-TOTAL_FORMS": 1, "other_places-0-commune": "Sault", "other_places-0-label": "Annexe"}
        staff.post(ADD, fields(**places))
        offer = Opportunity.objects.get()
        assert set(offer.commune_ids) == {real_commune("Apt").pk, real_commune("Sault").pk}

    def test_words_to_read_again_are_pointed_out(self, staff):
        response = staff.post(
            ADD, fields(description="Cabinet cherche jeune médecin, moins de 40 ans. Vente de patientèle.", _continue="1"), follow=True
        )
        told = " ".join(messages_of(response))
        for rule in ("EMP-01", "EMP-02", "DEO-02"):
            assert rule in told

    def test_what_is_typed_is_set_in_french(self, staff):
        staff.post(ADD, fields(title="L'équipe d'Apt", description="Une équipe : la vôtre ?"))
        offer = Opportunity.objects.get()
        assert (offer.title, offer.description) == ("L’équipe d’Apt", "Une équipe\u00a0: la vôtre\u00a0?")

    @pytest.mark.parametrize("contact", ["06 12 34 56 78", "+33 6.12.34.56.78", "docteur@example.org"])
    def test_a_contact_written_into_a_text_is_pointed_out(self, staff, contact):
        told = messages_of(staff.post(ADD, fields(description=f"Appelez : {contact}.", _continue="1"), follow=True))
        assert any("le contact de l’annonceur reste privé" in text for text in told)

    def test_a_refused_form_says_on_top_what_to_correct_and_that_photographs_are_to_choose_again(self, staff):
        response = staff.post(ADD, fields(title="", **{"photos-TOTAL_FORMS": 1, "photos-0-image": upload(plain())}))
        page = text_of(response)
        box = page.split('class="refusals"')[1].split("</div>")[0]
        assert '<a href="#id_title">Titre</a>' in box
        assert '<a href="#id_photos-0-alternative_text">' in box
        assert messages_of(response) == ["Rien n’est encore enregistré\u00a0: choisissez de nouveau les photographies."]
        assert "<img" not in page.split('id="photos-group"')[1].split('id="photos-empty"')[0]

    def test_words_already_read_are_not_pointed_out_again(self, staff):
        offer = OpportunityFactory(description="Cabinet cherche jeune médecin.")
        told = messages_of(staff.post(url("change", offer), fields_of(offer, software="autre", _continue="1"), follow=True))
        assert not any("EMP-01" in text for text in told)
        told = messages_of(staff.post(url("change", offer), fields_of(offer, summary="Une équipe", _continue="1"), follow=True))
        assert any("EMP-01" in text for text in told)

    def test_what_somebody_saved_meanwhile_is_not_overwritten_unseen(self, staff, member):
        offer = OpportunityFactory(title="Avant")
        version = staff.get(url("change", offer)).context["adminform"].form["version"].value()
        actions.save_offer(offer=Opportunity.objects.get(pk=offer.pk), actor=member, reason="autre écran")
        mine = fields_of(offer, title="Le mien", version=version)
        response = staff.post(url("change", offer), mine)
        assert "Nadia Roux a modifié cette offre" in text_of(response)
        assert 'value="Le mien"' in text_of(response)
        assert Opportunity.objects.get().title == "Avant"
        again = response.context["adminform"].form["version"].value()
        assert staff.post(url("change", offer), {**mine, "version": again}).status_code == 302
        assert Opportunity.objects.get().title == "Le mien"

    def test_the_form_that_was_opened_last_is_saved(self, staff):
        offer = OpportunityFactory(title="Avant")
        form = staff.get(url("change", offer)).context["adminform"].form
        staff.post(url("change", offer), fields_of(offer, title="Après", version=form["version"].value()))
        assert Opportunity.objects.get().title == "Après"

    @pytest.mark.parametrize(("days_ahead", "accepted"), [(365, True), (400, False)])
    def test_an_offer_is_published_for_a_year_at_most(self, staff, days_ahead, accepted):
        offer = OpportunityFactory()
        response = staff.post(url("change", offer), fields_of(offer, expires_at=day(days_ahead).isoformat()))
        assert (response.status_code == 302) is accepted
        if not accepted:
            assert "pour un an au plus" in response.context["adminform"].form.errors["expires_at"][0]

    @pytest.mark.parametrize(("prefix", "most"), [("photos", 12), ("other_places", 20)])
    def test_more_rows_than_an_offer_may_have_are_refused(self, staff, prefix, most):
        rows = {f"other_places-{n}-commune": "Apt" for n in range(most + 1)} if prefix == "other_places" else {}
        response = staff.post(ADD, fields(**rows, **{f"{prefix}-TOTAL_FORMS": 100_000}))
        formset = next(each for each in response.context["inline_admin_formsets"] if each.formset.prefix == prefix).formset
        assert formset.total_form_count() == 2 * most
        assert formset.non_form_errors()
        assert not Opportunity.objects.exists()

    def test_a_state_cannot_be_posted(self, staff):
        staff.post(ADD, fields(state="published", published_at="2026-01-01", confirmed_at="2026-01-01", reference="VSA-1"))
        offer = Opportunity.objects.get()
        assert (offer.state, offer.published_at, offer.reference) == (State.DRAFT, None, None)

    def test_who_may_only_look_sees_no_button(self):
        reader = StaffFactory()
        reader.user_permissions.add(Permission.objects.get(codename="view_opportunity"))
        client, offer = Client(), OpportunityFactory()
        client.force_login(reader)
        page = text_of(client.get(url("change", offer)))
        assert offer.title in page
        assert 'name="_confirm"' not in page
        assert client.post(url("verb", offer, "pause")).status_code == 403
        assert client.get(url("reason", offer, "withdraw")).status_code == 403

    def test_who_may_only_add_does_not_publish(self):
        writer = StaffFactory()
        writer.user_permissions.add(Permission.objects.get(codename="add_opportunity"))
        client = Client()
        client.force_login(writer)
        client.post(ADD, fields(_publish="1"))
        assert Opportunity.objects.get().state == State.DRAFT


class TestPhotos:
    def test_a_photograph_is_stored_anew_with_its_text(self, staff):
        photo = {
            "photos-TOTAL_FORMS": 1,
            "photos-0-image": upload(plain(1200, 900)),
            "photos-0-alternative_text": "La salle d’attente",
            "photos-0-position": 0,
        }
        staff.post(ADD, fields(**photo))
        stored = Opportunity.objects.get().photos.get()
        assert (stored.width, stored.height) == (1200, 900)
        assert stored.image.name.endswith(".webp")
        assert [part.split()[-1] for part in stored.srcset_avif.split(", ")] == ["480w", "960w", "1200w"]

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"photos-0-alternative_text": ""}, "alternative_text"),
            ({"photos-0-alternative_text": "\u200b"}, "alternative_text"),
            ({"photos-0-image": upload(plain(), "GIF")}, "image"),
        ],
    )
    def test_without_text_or_disguised_it_is_refused(self, staff, changes, field):
        photo = {
            "photos-TOTAL_FORMS": 1,
            "photos-0-image": upload(plain()),
            "photos-0-alternative_text": "La salle",
            "photos-0-position": 0,
        }
        response = staff.post(ADD, fields(**{**photo, **changes}))
        assert list(response.context["inline_admin_formsets"][1].formset.errors[0]) == [field]
        assert "Une place à prendre à Apt" in text_of(response)
        assert not Opportunity.objects.exists()

    def test_replacing_one_removes_the_former_files(self, staff, django_capture_on_commit_callbacks):
        photo = PhotoFactory()
        former, storage = photo.image.name, photo.image.storage
        data = {
            "photos-TOTAL_FORMS": 1,
            "photos-INITIAL_FORMS": 1,
            "photos-0-id": photo.pk,
            "photos-0-opportunity": photo.opportunity_id,
            "photos-0-image": upload(plain()),
            "photos-0-alternative_text": "Autre",
            "photos-0-position": 0,
        }
        with django_capture_on_commit_callbacks(execute=True):
            staff.post(url("change", photo.opportunity), fields_of(photo.opportunity, **data))
        photo.refresh_from_db()
        assert (photo.width, photo.alternative_text) == (800, "Autre")
        assert storage.exists(photo.image.name)
        assert not storage.exists(former)


class TestKinds:
    KIND = reverse("admin:opportunities_opportunitykind_add")

    def data(self, **changes):
        return {
            "label": "Garde de nuit",
            "code": "night",
            "position": 5,
            "active": "on",
            "shape": "circle",
            "glyph": "locum",
            "tone": "action",
            **changes,
        }

    def test_what_is_required_is_shown(self, staff):
        response = staff.post(self.KIND, self.data(shown_fields=["team"], required_fields=["team", "price"]))
        assert "montant de la reprise" in response.context["adminform"].form.errors["required_fields"][0]
        assert not OpportunityKind.objects.filter(code="night").exists()
        staff.post(self.KIND, self.data(shown_fields=["team", "price"], required_fields=["price"]))
        kind = OpportunityKind.objects.get(code="night")
        assert (kind.shown_fields, kind.required_fields) == (["team", "price"], ["price"])

    def test_a_code_never_changes(self, staff):
        kind = KindFactory(code="night", label="Nuit")
        staff.post(reverse("admin:opportunities_opportunitykind_change", args=[kind.pk]), self.data(code="autre"))
        kind.refresh_from_db()
        assert (kind.code, kind.label) == ("night", "Garde de nuit")

    def test_offers_are_found_by_the_new_name_of_their_kind(self, staff):
        kind = KindFactory(code="night", label="Nuit")
        offer = OpportunityFactory(kind=kind)
        staff.post(reverse("admin:opportunities_opportunitykind_change", args=[kind.pk]), self.data(label="Veille nocturne"))
        job = ProcrastinateJob.objects.get(task_name="opportunities.tasks.refresh_search_texts")
        tasks.refresh_search_texts(**job.args)
        assert list(Opportunity.objects.matching("nocturne")) == [offer]

    def test_a_job_that_waits_is_not_asked_for_twice(self, staff):
        kind = KindFactory(code="night", label="Nuit")
        for label in ("Veille", "Garde"):
            staff.post(reverse("admin:opportunities_opportunitykind_change", args=[kind.pk]), self.data(label=label))
        assert ProcrastinateJob.objects.filter(task_name="opportunities.tasks.refresh_search_texts").count() == 1
        kind.refresh_from_db()
        assert kind.label == "Garde"

    @pytest.mark.parametrize("count", [1, 3])
    @pytest.mark.parametrize("model", ["opportunitykind", "practicesetting"])
    def test_lists_cost_the_same(self, staff, model, count, django_assert_num_queries):
        for _ in range(count):
            KindFactory()
        with django_assert_num_queries(5):
            staff.get(reverse(f"admin:opportunities_{model}_changelist"))


def test_the_form_of_an_offer_costs_the_same_with_more_records(staff, django_assert_max_num_queries):
    offer = OpportunityFactory()
    for _ in range(3):
        OtherPlaceFactory(opportunity=offer)
        actions.pause(offer=offer)
        actions.publish(offer=offer)
    with django_assert_max_num_queries(24):
        staff.get(url("change", offer))
