"""What staff do to an offer: buttons, bulk actions, preview, return to an earlier version, the first page."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from core.announced.admin_queues import expiring
from core.announced.admin_verbs import buttons_of
from core.french import NBSP
from core.models import Mail
from opportunities import actions
from opportunities.admin import work
from opportunities.enums import REASON_REQUIRED, TRANSITIONS, State
from opportunities.models import Opportunity
from tests.accounts.factories import StaffFactory
from tests.opportunities.factories import KindFactory, OpportunityFactory, days
from tests.opportunities.staff import ADD, LIST, fields, fields_of, messages_of, text_of, url
from tests.territories.factories import real_commune

pytestmark = pytest.mark.django_db


class TestButtons:
    @pytest.mark.parametrize("state", list(State))
    def test_only_what_the_table_allows_is_offered(self, staff, state):
        offer = OpportunityFactory(**{state.value: True})
        entered = {
            "publish": State.PUBLISHED,
            "pause": State.PAUSED,
            "fill": State.FILLED,
            "send_back": State.DRAFT,
            "withdraw": State.WITHDRAWN,
        }
        expected = {verb for verb, after in entered.items() if after in TRANSITIONS[state]}
        expected |= {"confirm"} if state == State.PUBLISHED else set()
        expected |= {"extend"} if state in (State.PUBLISHED, State.PAUSED) else set()
        assert {button["verb"] for button in buttons_of(offer)} == expected
        page = text_of(staff.get(url("change", offer)))
        for verb in {*entered, "confirm", "extend"}:
            mark = f"/motif/{verb}/" if entered.get(verb) in REASON_REQUIRED else f'name="_{verb}"'
            assert (mark in page) == (verb in expected), verb

    def test_publishing_saves_first(self, staff, member):
        offer = OpportunityFactory(draft=True)
        response = staff.post(url("change", offer), fields_of(offer, title="Titre relu", _publish="1"), follow=True)
        offer.refresh_from_db()
        assert (offer.title, offer.state) == ("Titre relu", State.PUBLISHED)
        assert offer.state_changes.get().actor == member
        assert "est publiée jusqu’au" in " ".join(messages_of(response))

    def test_a_new_offer_may_be_published_at_once(self, staff):
        staff.post(ADD, fields(_publish="1"))
        assert list(Opportunity.objects.visible(timezone.now()).values_list("title", flat=True)) == ["Une place à prendre à Apt"]

    def test_publishing_too_early_shows_what_is_missing_and_saves_nothing(self, staff):
        offer = OpportunityFactory(draft=True, kind=KindFactory(code="succession"))
        response = staff.post(url("change", offer), fields_of(offer, title="Titre relu", commune="", _publish="1"))
        assert set(response.context["adminform"].form.errors) == {"starts_on", "commune"}
        assert 'value="Titre relu"' in text_of(response)
        assert '<a href="#id_starts_on">' in text_of(response)  # the list on top leads to each field
        offer.refresh_from_db()
        assert (offer.state, offer.title == "Titre relu") == (State.DRAFT, False)

    def test_an_exact_place_is_placed_by_somebody(self, staff):
        offer = OpportunityFactory(draft=True)
        response = staff.post(url("change", offer), fields_of(offer, location_precision="exact", _publish="1"))
        assert "Placez le point" in response.context["adminform"].form.errors["latitude"][0]

    def test_an_expired_offer_is_published_again_in_one_click(self, staff):
        offer = OpportunityFactory(expired=True)
        staff.post(url("change", offer), fields_of(offer, _publish="1"))
        offer.refresh_from_db()
        assert offer.state == State.PUBLISHED
        assert offer.expires_at > days(89)

    @pytest.mark.parametrize(("verb", "state"), [("pause", State.PAUSED), ("fill", State.FILLED)])
    def test_the_others_change_the_state(self, staff, verb, state):
        offer = OpportunityFactory()
        staff.post(url("change", offer), fields_of(offer, **{f"_{verb}": "1"}))
        offer.refresh_from_db()
        assert offer.state == state

    def test_withdrawing_asks_why(self, staff, member):
        offer = OpportunityFactory(title="À retirer")
        page = url("reason", offer, "withdraw")
        assert "À retirer" in text_of(staff.get(page))
        response = staff.post(page, {"reason": "  "})
        assert response.context["form"].errors["reason"]
        offer.refresh_from_db()
        assert offer.state == State.PUBLISHED
        assert staff.post(page, {"reason": "Annonce en double."})["Location"] == url("change", offer)
        offer.refresh_from_db()
        change = offer.state_changes.get()
        assert (offer.state, change.reason, change.actor) == (State.WITHDRAWN, "Annonce en double.", member)
        assert "Annonce en double." in text_of(staff.get(url("change", offer)))

    @pytest.mark.parametrize("verb", ["send_back", "publish", "inconnu"])
    def test_a_reason_is_asked_for_nothing_else(self, staff, verb):
        offer = OpportunityFactory()
        response = staff.post(url("reason", offer, verb), {"reason": "Pour voir"}, follow=True)
        assert "n’est pas possible" in messages_of(response)[0]
        offer.refresh_from_db()
        assert offer.state == State.PUBLISHED

    def test_one_click_on_the_first_page_comes_back_to_it(self, staff):
        offer = OpportunityFactory(confirmed_at=days(-40), published_at=days(-50))
        response = staff.post(url("verb", offer, "confirm"), {"next": "/equipe/"}, follow=True)
        offer.refresh_from_db()
        assert response.redirect_chain == [("/equipe/", 302)]
        assert offer.confirmed_at > days(-1)
        assert "est confirmée" in messages_of(response)[0]

    def test_it_never_leads_elsewhere(self, staff):
        offer = OpportunityFactory()
        assert staff.post(url("verb", offer, "confirm"), {"next": "https://example.org/"})["Location"] == url("change", offer)
        assert staff.post(url("verb", offer, "delete"))["Location"] == url("change", offer)

    def test_coming_back_from_the_login_does_nothing_and_says_so(self, staff):
        offer = OpportunityFactory(confirmed_at=days(-40))
        response = staff.get(url("verb", offer, "confirm"), follow=True)
        assert response.redirect_chain == [("/equipe/", 302)]
        assert messages_of(response) == ["Votre session avait expiré, rien n’a été fait. Appuyez de nouveau sur le bouton."]
        before = offer.confirmed_at
        offer.refresh_from_db()
        assert offer.confirmed_at == before

    def test_a_button_pressed_on_an_untouched_form_leaves_one_version(self, staff):
        offer = OpportunityFactory()
        versions = offer.history.count()
        staff.post(url("change", offer), fields_of(offer, _pause="1"))
        offer.refresh_from_db()
        assert (offer.state, offer.history.count()) == (State.PAUSED, versions + 1)

    def test_a_commune_that_was_not_yet_chosen_is_said_empty(self, staff, member):
        offer = OpportunityFactory(draft=True, commune=None)
        offer.commune = real_commune("Apt")
        actions.save_offer(offer=offer, actor=member)
        page = text_of(staff.get(url("history", offer)))
        assert "Deleted" not in page
        assert "vide" in page

    def test_a_refusal_is_told_not_thrown(self, staff):
        offer = OpportunityFactory(filled=True)
        response = staff.post(url("verb", offer, "confirm"), {"next": "/equipe/"}, follow=True)
        assert messages_of(response) == ["Seule une offre publiée se confirme\u00a0; celle-ci est pourvue."]

    @pytest.mark.parametrize("verb", ["withdraw", "send_back"])
    def test_a_decision_to_explain_is_refused_without_its_reason(self, staff, verb):
        offer = OpportunityFactory(submitted=True)
        for response in (
            staff.post(url("verb", offer, verb), {"next": "/equipe/"}, follow=True),
            staff.post(url("change", offer), fields_of(offer, **{f"_{verb}": "1"}), follow=True),
        ):
            assert "Écrivez le motif de cette décision." in messages_of(response)
        offer.refresh_from_db()
        assert offer.state == State.SUBMITTED

    @pytest.mark.parametrize(
        ("verb", "row", "told"),
        [
            ("send_back", {"by_publisher": True}, "Envoyé à l’annonceur."),
            ("send_back", {"by_publisher": False}, f"Aucun courriel ne part{NBSP}: l’équipe a écrit cette offre."),
            ("withdraw", {"by_publisher": False}, "Envoyé à l’annonceur."),
            ("withdraw", {"contact_email": ""}, f"Aucun courriel ne part{NBSP}: cette offre n’a pas d’adresse de contact."),
        ],
    )
    def test_the_reason_says_whether_a_mail_leaves(self, staff, verb, row, told):
        offer = OpportunityFactory(submitted=True, **row)
        page = url("reason", offer, verb)
        assert f"Gardé dans l’historique. {told}" in text_of(staff.get(page))
        staff.post(page, {"reason": "Le lieu manque."})
        assert Mail.objects.about(offer).exists() == told.startswith("Envoyé")

    def test_withdrawing_several_says_how_many_publishers_are_told(self, staff):
        rows = [OpportunityFactory(), OpportunityFactory(contact_email="")]
        data = {"action": "withdraw_all", "_selected_action": [row.pk for row in rows]}
        page = text_of(staff.post(LIST, data))
        assert f"Envoyé à 1{NBSP}annonceur sur 2{NBSP}: les autres n’ont pas d’adresse." in page

    def test_what_is_withdrawn_already_counts_for_no_mail(self, staff):
        rows = [OpportunityFactory(), OpportunityFactory(withdrawn=True)]
        page = text_of(staff.post(LIST, {"action": "withdraw_all", "_selected_action": [row.pk for row in rows]}))
        assert "Envoyé à l’annonceur." in page
        page = text_of(staff.post(LIST, {"action": "withdraw_all", "_selected_action": [rows[1].pk]}))
        assert f"Aucun courriel ne part{NBSP}: rien de ce choix ne peut être retiré." in page

    def test_only_what_nobody_has_read_is_deleted(self, staff):
        draft, published = OpportunityFactory(draft=True), OpportunityFactory()
        assert staff.post(url("delete", published), {"post": "yes"}).status_code == 403
        staff.post(url("delete", draft), {"post": "yes"})
        assert list(Opportunity.objects.all()) == [published]


class TestBulk:
    def run(self, staff, action, *offers, **data):
        return staff.post(LIST, {"action": action, "_selected_action": [offer.pk for offer in offers], **data}, follow=True)

    @pytest.mark.parametrize(
        ("action", "state", "after"),
        [("publish_all", "draft", State.PUBLISHED), ("pause_all", "published", State.PAUSED), ("fill_all", "published", State.FILLED)],
    )
    def test_each_offer_is_done_or_refused_on_its_own(self, staff, action, state, after):
        good, refused = OpportunityFactory(**{state: True}), OpportunityFactory(withdrawn=True, title="La mauvaise", commune=None)
        told = messages_of(self.run(staff, action, good, refused))
        good.refresh_from_db()
        refused.refresh_from_db()
        assert (good.state, refused.state) == (after, State.WITHDRAWN)
        assert told[0].startswith("1\u00a0offre")
        assert told[1] == "1\u00a0offre en l’état\u00a0:"
        assert told[2].startswith("«\u00a0La mauvaise\u00a0»\u00a0: ")

    def test_confirming_and_extending(self, staff):
        offer = OpportunityFactory(published_at=days(-60), confirmed_at=days(-60), expires_at=days(2))
        self.run(staff, "confirm_all", offer)
        self.run(staff, "extend_all", offer)
        offer.refresh_from_db()
        assert offer.confirmed_at > days(-1)
        assert offer.expires_at > days(89)

    def test_withdrawing_asks_one_reason_for_all(self, staff):
        offers = [OpportunityFactory(title="Première"), OpportunityFactory(title="Seconde")]
        page = text_of(self.run(staff, "withdraw_all", *offers))
        assert "Retirer 2\u00a0offres" in page
        assert "Première" in page
        assert "Seconde" in page
        assert not Opportunity.objects.filter(state=State.WITHDRAWN).exists()
        self.run(staff, "withdraw_all", *offers, apply="1", reason="")
        assert not Opportunity.objects.filter(state=State.WITHDRAWN).exists()
        told = messages_of(self.run(staff, "withdraw_all", *offers, apply="1", reason="Le cabinet ferme."))
        assert told == ["2\u00a0offres retirées."]
        assert [change.reason for offer in offers for change in offer.state_changes.all()] == ["Le cabinet ferme."] * 2

    def test_offers_are_never_deleted_by_the_dozen(self, staff):
        OpportunityFactory()
        assert "delete_selected" not in text_of(staff.get(LIST))


class TestPreview:
    @pytest.mark.parametrize("state", list(State))
    def test_staff_see_any_state_as_readers_would(self, staff, state):
        offer = OpportunityFactory(**{state.value: True}, title="Vue avant l’heure")
        response = staff.get(url("preview", offer))
        assert response.context["is_preview"] is True
        assert f'href="/equipe/opportunities/opportunity/{offer.pk}/change/"' in response.content.decode()
        assert "Vue avant l’heure" in text_of(response)
        assert response["X-Robots-Tag"] == "noindex"
        assert 'content="noindex"' in text_of(response)

    def test_a_draft_that_is_almost_empty_too(self, staff):
        offer = OpportunityFactory(draft=True, commune=None, summary="", description="")
        assert offer.title in text_of(staff.get(url("preview", offer)))

    def test_nobody_else_does(self, client):
        offer = OpportunityFactory(draft=True)
        assert client.get(url("preview", offer))["Location"].startswith("/equipe/login/")

    def test_previewing_saves_first(self, staff):
        response = staff.post(ADD, fields(title="À voir", _preview="1"))
        assert response["Location"] == url("preview", Opportunity.objects.get(title="À voir"))


class TestHistory:
    def test_an_earlier_version_is_compared_and_restored(self, staff, member):
        offer = OpportunityFactory(title="Premier titre", town="Apt")
        first = offer.history.first()
        offer.title, offer.commune, offer.half_days = "Second titre", real_commune("Sault"), [6]
        actions.save_offer(offer=offer, actor=member)
        page = url("simple_history", offer, first.pk)
        differences = {row["field"]: (row["old"], row["new"]) for row in staff.get(page).context["differences"]}
        assert differences["Titre"] == ("Premier titre", "Second titre")
        assert differences["Commune"] == ("Apt", "Sault")
        assert differences["Demi-journées"] == ("vide", "jeudi matin")
        response = staff.post(page, follow=True)
        offer.refresh_from_db()
        assert (offer.title, offer.commune.name, offer.half_days, offer.state) == ("Premier titre", "Apt", [], State.PUBLISHED)
        assert offer.commune_ids == [real_commune("Apt").pk]
        assert "a retrouvé son contenu" in messages_of(response)[0]
        assert "retour à la version" in text_of(staff.get(url("history", offer))).lower()

    def test_a_refusal_is_told(self, staff):
        offer = OpportunityFactory(draft=True, locum=True, fee_share=None)
        first = offer.history.first()
        offer.fee_share = 80
        actions.save_offer(offer=offer)
        actions.publish(offer=offer)
        response = staff.post(url("simple_history", offer, first.pk))
        assert "part des honoraires" in messages_of(response)[0]

    @pytest.mark.parametrize("version", ["0", "tokens.css", "999999", "²"])
    def test_a_version_that_does_not_exist(self, staff, version):
        assert staff.get(url("simple_history", OpportunityFactory(), version)).status_code == 404


class TestFirstPage:
    def test_each_queue_counts_and_shows_its_offers(self, staff):
        submitted = OpportunityFactory(submitted=True, title="À relire d’abord")
        draft = OpportunityFactory(draft=True)
        old = [OpportunityFactory(published_at=days(-99), confirmed_at=days(-age)) for age in (31, 60)]
        ending = OpportunityFactory(expires_at=days(15) - timedelta(minutes=1))
        expired = OpportunityFactory(expired=True)
        OpportunityFactory()
        OpportunityFactory(confirmed_at=days(-29), published_at=days(-40), expires_at=days(16))
        queues = {queue.code: queue for queue in staff.get("/equipe/").context["queues"]}
        expected = {
            "expirees": [expired],  # what is late comes first
            "a-relire": [submitted],
            "a-confirmer": old[::-1],
            "expirent": [ending],
            "brouillons": [draft],
        }
        assert [code for code in queues if code in expected] == list(expected)
        for code, offers in expected.items():
            assert queues[code].count == len(offers)
            assert [row.url for row in queues[code].rows] == [url("change", offer) for offer in offers]
            assert staff.get(queues[code].url).context["cl"].result_count == len(offers)

    def test_a_long_queue_shows_its_first_rows_and_a_link(self, staff):
        for _ in range(8):
            OpportunityFactory(draft=True)
        response = staff.get("/equipe/")
        (drafts,) = (queue for queue in response.context["queues"] if queue.code == "brouillons")
        assert (drafts.count, len(drafts.rows)) == (8, 6)
        assert "Tout voir (8)" in text_of(response)

    @pytest.mark.parametrize("count", [1, 3])
    def test_the_number_of_queries_does_not_depend_on_the_number_of_rows(self, count, django_assert_num_queries):
        for _ in range(count):
            OpportunityFactory(draft=True, kind=KindFactory())
            OpportunityFactory(expired=True, kind=KindFactory())
        with django_assert_num_queries(5):
            assert sum(len(queue.rows) for queue in work.QUEUES(timezone.now())) == 2 * count

    def test_a_day_without_work_says_so(self, staff):
        assert "Aucune offre n’attend de relecture." in text_of(staff.get("/equipe/"))

    def test_who_sees_no_offer_sees_no_queue(self):
        client = Client()
        client.force_login(StaffFactory())
        response = client.get("/equipe/")
        assert response.context["queues"] == []
        assert "ne donne accès à aucune liste" in text_of(response)


def test_what_is_never_extended_is_not_offered_to_be(now):
    ends = {"expires_at": now + timedelta(days=5)}
    OpportunityFactory(locum=True, ends_on=(now + timedelta(days=5)).date(), starts_on=now.date(), **ends)
    other = OpportunityFactory(**ends)
    assert list(expiring(Opportunity.objects, now)) == [other]
