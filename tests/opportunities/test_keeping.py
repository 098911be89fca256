"""The private page of a publisher: what may be done in each state, what waits for the team, whom an offer found."""

from datetime import timedelta
from html import unescape
from io import BytesIO

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from core import french, known, mail
from core.models import Mail
from opportunities import actions, quality, rules
from opportunities.enums import ChangeState, FoundHow, FoundWho, State
from opportunities.models import ContactChange, DayViews, OfferOutcome, Opportunity, OpportunityKind, ProposedChange
from tests.accounts.factories import StaffFactory, SuperuserFactory
from tests.core.told import said
from tests.opportunities.factories import OpportunityFactory, PhotoFactory
from tests.opportunities.publishing import TO, events, fields, keep, link, shown
from tests.territories.factories import real_commune

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

STATES = {
    "draft": {"edit", "submit"},
    "submitted": {"edit"},
    "published": {"edit", "confirm", "fill", "pause"},
    "paused": {"edit", "publish", "fill"},
    "expired": {"edit", "publish", "fill"},
    "filled": {"found"},
    "withdrawn": set(),
}


def offer_of(**values):
    return OpportunityFactory(
        **({"town": "Apt", "title": "Une place à prendre à Apt", "contact_email": TO, "description": "", "summary": ""} | values)
    )


def edit(client, offer, act="brouillon", **changes):
    """Send the form of a stored offer again, with these changes."""
    return client.post(keep(offer, "offer_edit"), fields(act=act, contact_email=None, contact_name=offer.contact_name, **changes))


class TestStates:
    @pytest.mark.parametrize(("state", "allowed"), STATES.items())
    def test_the_link_opens_it_in_every_state(self, client, state, allowed):
        offer = offer_of(**{state: True})
        response = client.get(keep(offer))
        assert response.status_code == 200
        found = {verb for verb, _ in response.context["buttons"]} | ({"edit"} if response.context["can_edit"] else set())
        assert found == allowed

    @pytest.mark.parametrize("state", ["filled", "withdrawn"])
    def test_what_is_over_is_not_edited(self, client, state):
        offer = offer_of(**{state: True})
        assert client.get(keep(offer, "offer_edit")).status_code == 302
        assert edit(client, offer, title="Autre").status_code == 302
        offer.refresh_from_db()
        assert offer.title == "Une place à prendre à Apt"

    def test_a_get_changes_nothing_and_sets_no_cookie(self, client):
        offer = offer_of()
        before = offer.updated_at
        for page in ("offer_keep", "offer_edit", "offer_photos", "offer_address"):
            assert not client.get(keep(offer, page)).cookies
        offer.refresh_from_db()
        assert offer.updated_at == before

    def test_the_page_is_of_nobody_else(self, client):
        response = client.get(keep(offer_of()))
        assert (response["X-Robots-Tag"], response["Referrer-Policy"]) == ("noindex, nofollow", "no-referrer")
        assert client.get(reverse("opportunities:offer_edit", args=["x"])).status_code == 404

    def test_confirming_is_also_what_makes_it_last(self, client, now):
        offer = offer_of(expires_at=now + timedelta(days=5))
        page = client.post(keep(offer), {"verb": "confirm"}, follow=True)
        offer.refresh_from_db()
        assert (offer.confirmed_at, offer.expires_at) == (now, rules.default_expiry(offer, now))
        assert french.date(timezone.localtime(offer.expires_at)) in page.text

    def test_a_link_that_is_handed_on_makes_no_browser_known(self, client):
        offer = offer_of(contact_confirmed_at=None)
        first = client.post(keep(offer), {"verb": "pause"})
        assert known.COOKIE in first.cookies
        second = Client().post(keep(offer), {"verb": "publish"})
        assert known.COOKIE not in second.cookies

    def test_an_offer_without_a_place_has_its_page(self, client):
        offer = offer_of(draft=True, commune=None)
        assert "Qui cherche par ici" not in client.get(keep(offer)).text


class TestModeration:
    @pytest.fixture
    def member(self):
        return SuperuserFactory()

    @pytest.fixture
    def offer(self):
        return offer_of(submitted=True, by_publisher=True, contact_confirmed_at=timezone.now(), submitted_at=timezone.now())

    def test_published_is_told_with_both_links(self, client, offer, member):
        actions.publish(offer=offer, actor=member)
        text = Mail.objects.get(event__startswith="opportunities.published").text
        assert offer.get_absolute_url() in text
        assert "/exercer/mon-offre/" in text

    def test_only_who_is_asked_each_month_reads_so(self, offer, member):
        actions.publish(offer=offer, actor=member)
        locum = offer_of(locum=True, submitted=True)
        actions.publish(offer=locum, actor=member)
        monthly, dated = (message.text for message in Mail.objects.filter(event__startswith="opportunities.published").order_by("pk"))
        assert "Chaque mois" in monthly
        assert "Chaque mois" not in dated
        assert french.date(locum.ends_on) in dated.partition("/exercer/mon-offre/")[2]
        assert set(Mail.objects.values_list("reply_to", flat=True)) == {settings.CONTACT_EMAIL}, "who answers writes to the team"

    def test_sent_back_is_told_with_the_reason(self, client, offer, member):
        actions.send_back(offer=offer, actor=member, reason="Dites vos dates.\nEt la part des honoraires.")
        message = Mail.objects.get(event__startswith="opportunities.sent_back")
        assert "> Dites vos dates." in message.text
        assert "Dites vos dates." in client.get(link(message)).content.decode()

    def test_withdrawn_is_told_with_the_reason_and_how_to_contest(self, offer, member):
        actions.publish(offer=offer, actor=member)
        actions.withdraw(offer=offer, actor=member, reason="Ce texte vise l’âge.")
        text = Mail.objects.get(event__startswith="opportunities.withdrawn").text
        assert "> Ce texte vise l’âge." in text
        assert "contester" in text

    def test_what_the_publisher_does_alone_is_not_told_back(self, offer, member):
        actions.publish(offer=offer, actor=member)
        actions.pause(offer=offer)
        actions.publish(offer=offer)
        assert events() == ["published"]

    def test_nobody_is_told_without_an_address(self, member):
        actions.publish(offer=offer_of(submitted=True, contact_email=""), actor=member)
        assert not Mail.objects.exists()

    @pytest.mark.parametrize(
        ("received", "due"), [((2026, 6, 15), "2026-06-16"), ((2026, 6, 12), "2026-06-15"), ((2026, 6, 13), "2026-06-15")]
    )
    def test_an_answer_is_due_on_the_next_working_day(self, now, received, due):
        moment = now.replace(year=received[0], month=received[1], day=received[2])
        assert timezone.localdate(rules.answer_due(moment)).isoformat() == due


class TestChanges:
    def test_facts_change_at_once(self, client):
        offer = offer_of()
        response = edit(client, offer, software="Un logiciel", duty_rota="optional")
        assert said(response)[1] == "edit"
        offer.refresh_from_db()
        assert (offer.software, offer.duty_rota) == ("Un logiciel", "optional")
        assert not ProposedChange.objects.exists()

    @pytest.mark.parametrize(
        ("changes", "column"),
        [
            ({"commune": "Sault"}, "commune_id"),
            ({"location_precision": "epci", "title": "Une place à prendre"}, "location_precision"),
            ({"organisation": "Cabinet des Platanes"}, "organisation"),
            ({"publisher_kind": "msp"}, "publisher_kind"),
            ({"kind": "association_offer"}, "kind_id"),
            ({"description": "Appelez le 04 90 00 00 00"}, "description"),
        ],
    )
    def test_sensitive_ones_wait_and_the_offer_stays(self, client, changes, column):
        offer = offer_of()
        before = getattr(offer, column)
        response = edit(client, offer, duty_rota="optional", software="Un logiciel", **changes)
        assert said(response)[1] == "held"
        stored = Opportunity.objects.get()
        assert getattr(stored, column) == before
        assert column in ProposedChange.objects.get().values
        assert stored.commune_ids == offer.commune_ids
        if column != "kind_id":
            assert stored.duty_rota == "optional", "the rest is live"
        waits = column in ("kind_id", "location_precision")
        assert stored.software == ("" if waits else "Un logiciel"), "a text may name a commune that is not to be named"

    def test_a_draft_and_a_submitted_offer_change_freely(self, client):
        for state in ("draft", "submitted"):
            offer = offer_of(**{state: True})
            edit(client, offer, commune="Sault", title="Une place à Sault")
            offer.refresh_from_db()
            assert offer.commune == real_commune("Sault")
        assert not ProposedChange.objects.exists()

    def test_a_second_proposal_replaces_the_first(self, client):
        offer = offer_of()
        edit(client, offer, commune="Sault")
        edit(client, offer, commune="Gordes")
        assert list(ProposedChange.objects.order_by("pk").values_list("state", flat=True)) == [ChangeState.REPLACED, ChangeState.OPEN]

    def test_approved(self, client):
        offer = offer_of()
        edit(client, offer, commune="Sault", title="Une place à prendre à Apt")
        client.force_login(SuperuserFactory())
        proposal = ProposedChange.objects.get()
        page = client.get(reverse("admin:opportunities_proposedchange_change", args=[proposal.pk])).content.decode()
        assert "Apt" in page
        assert "Sault" in page
        client.post(reverse("admin:opportunities_proposedchange_decide", args=[proposal.pk]), {"approve": "1"})
        offer.refresh_from_db()
        assert offer.commune == real_commune("Sault")
        assert offer.latitude == real_commune("Sault").latitude
        assert events() == ["change_approved"]

    def test_refused_with_a_reason(self, client):
        offer = offer_of()
        edit(client, offer, commune="Sault")
        client.force_login(SuperuserFactory())
        url = reverse("admin:opportunities_proposedchange_decide", args=[ProposedChange.objects.get().pk])
        client.post(url, {"refuse": "1", "reason": ""})
        assert ProposedChange.objects.get().state == ChangeState.OPEN
        client.post(url, {"refuse": "1", "reason": "Ce cabinet est à Apt."})
        assert ProposedChange.objects.get().state == ChangeState.REFUSED
        offer.refresh_from_db()
        assert offer.commune == real_commune("Apt")
        assert "> Ce cabinet est à Apt." in Mail.objects.get().text

    def test_decided_once(self, client):
        edit(client, offer_of(), commune="Sault")
        proposal, member = ProposedChange.objects.get(), SuperuserFactory()
        actions.refuse(proposal=proposal, reason="Non.", actor=member, at=timezone.now())
        with pytest.raises(actions.TransitionRefused, match="déjà reçu"):
            actions.approve(proposal=proposal, actor=member, at=timezone.now())

    def test_an_exact_address_waits_for_its_point(self, client):
        offer = offer_of(exact=True)
        edit(client, offer, location_precision="exact", address="1 rue Neuve", workplace=offer.workplace)
        proposal, member = ProposedChange.objects.get(), SuperuserFactory()
        with pytest.raises(actions.TransitionRefused, match="placez le point"):
            actions.approve(proposal=proposal, actor=member, at=timezone.now())
        assert ProposedChange.objects.get().state == ChangeState.OPEN
        offer.refresh_from_db()
        assert offer.address == "12 cours des Platanes"
        offer.address = "1 rue Neuve"
        actions.save_offer(offer=offer, actor=member)
        actions.approve(proposal=proposal, actor=member, at=timezone.now())
        assert Opportunity.objects.get().point is not None

    def test_nothing_waits_once_the_offer_is_over(self, client):
        offer = offer_of()
        edit(client, offer, commune="Sault")
        actions.fill(offer=offer)
        assert ProposedChange.objects.get().state == ChangeState.VOID

    def test_who_may_only_read_decides_nothing(self, client):
        edit(client, offer_of(), commune="Sault")
        reader = StaffFactory()
        reader.user_permissions.add(Permission.objects.get(content_type__app_label="opportunities", codename="view_proposedchange"))
        client.force_login(reader)
        url = reverse("admin:opportunities_proposedchange_decide", args=[ProposedChange.objects.get().pk])
        assert client.post(url, {"approve": "1"}).status_code == 403
        assert ProposedChange.objects.get().state == ChangeState.OPEN


class TestContact:
    def ask(self, client, offer, email="nouveau@exemple.org"):
        return client.post(keep(offer, "offer_address"), {"email": email, "shown": shown()})

    def test_nothing_changes_before_the_new_address_answers(self, client):
        offer = offer_of()
        assert said(self.ask(client, offer))[1] == "contact"
        offer.refresh_from_db()
        assert offer.contact_email == TO
        message = Mail.objects.get()
        assert (message.recipient, offer.title in message.text) == ("nouveau@exemple.org", False)
        client.get(link(message))
        offer.refresh_from_db()
        assert offer.contact_email == TO

    def test_then_it_is_the_contact_and_the_old_one_is_told(self, client, now):
        offer = offer_of()
        old = keep(offer)
        self.ask(client, offer)
        path = link()
        response = client.post(path)
        offer.refresh_from_db()
        assert (offer.contact_email, offer.contact_confirmed_at) == ("nouveau@exemple.org", now)
        assert client.get(response.url).status_code == 200
        assert known.COOKIE in response.cookies
        assert client.get(old).status_code == 404, "the old link opens nothing"
        assert events() == ["new_contact", "contact_changed", "link"]
        assert Mail.objects.get(event__contains="contact_changed").recipient == TO
        assert client.post(path).status_code == 404, "the link served once"

    def test_what_nobody_confirmed_is_erased(self, client, now):
        self.ask(client, offer_of())
        actions.erase_contacts(at=now + timedelta(days=6))
        assert ContactChange.objects.exists()
        with time_machine.travel(now + timedelta(days=8), tick=False):
            page = client.get(link())
        assert page.status_code == 410
        assert "Redemandez-le depuis la page privée" in page.text
        actions.erase_contacts(at=now + timedelta(days=36))
        assert ContactChange.objects.exists()
        actions.erase_contacts(at=now + timedelta(days=38))
        assert not ContactChange.objects.exists()

    def test_the_same_button_twice_at_once(self, client, now):
        offer = offer_of()
        self.ask(client, offer)
        asked, twice = ContactChange.objects.get(), ContactChange.objects.get()
        actions.take_contact(asked=asked, at=now)
        assert actions.take_contact(asked=twice, at=now) == offer
        assert events() == ["new_contact", "contact_changed", "link"]

    def test_an_address_that_another_has_replaced_opens_nothing(self, client, now):
        offer = offer_of()
        self.ask(client, offer, "premier@exemple.org")
        first = ContactChange.objects.get()
        self.ask(client, offer, "second@exemple.org")
        assert actions.take_contact(asked=first, at=now) is None
        offer.refresh_from_db()
        assert offer.contact_email == TO

    def test_one_address_is_asked_five_times_a_day_whatever_the_machine(self, client):
        for _ in range(mail.ASKED_A_DAY):
            actions.ask_contact(offer=offer_of(), email="nouveau@exemple.org", at=timezone.now())
        page = self.ask(client, offer_of())
        assert Mail.objects.filter(recipient="nouveau@exemple.org").count() == mail.ASKED_A_DAY
        assert "nouveau@exemple.org" in page.text, "nothing is lost"
        assert "réessayez demain" in page.text


class TestOutcome:
    def test_with_whom_and_how(self, client, now):
        offer = offer_of()
        client.post(keep(offer), {"verb": "fill", "who": "elsewhere", "how": "portal", "note": "Merci"})
        outcome = OfferOutcome.objects.get()
        assert (outcome.who, outcome.how, outcome.at) == (FoundWho.FROM_ELSEWHERE, FoundHow.PORTAL, now)
        offer.refresh_from_db()
        assert offer.state == State.FILLED
        client.force_login(SuperuserFactory())
        page = client.get(reverse("admin:opportunities_offeroutcome_changelist")).content.decode()
        assert "un médecin venu d’un autre département (1)" in page

    def test_a_doctor_who_found_a_successor_reads_what_remains_to_do(self, client):
        offer = offer_of(succession=True)
        assert "Jusqu’au dernier jour" not in client.get(keep(offer)).text
        page = client.post(keep(offer), {"verb": "fill"}, follow=True).text
        for words in ("Jusqu’au dernier jour", "/exercer/trouver-un-successeur/", "/contact/ecrire/?sujet=succession"):
            assert words in page
        other = offer_of(filled=True)
        assert "Jusqu’au dernier jour" not in client.get(keep(other)).text

    def test_nothing_need_be_said(self, client):
        offer = offer_of()
        client.post(keep(offer), {"verb": "fill"})
        offer.refresh_from_db()
        assert offer.state == State.FILLED

    def test_what_was_left_out_may_be_said_later(self, client, now):
        offer = offer_of()
        client.post(keep(offer), {"verb": "fill", "how": "portal"})
        assert client.get(keep(offer)).context["buttons"] == [("found", "Dire avec qui, et comment")]
        page = client.post(keep(offer), {"verb": "found", "who": "elsewhere", "how": "word"}, follow=True)
        outcome = OfferOutcome.objects.get()
        assert (outcome.who, outcome.how) == (FoundWho.FROM_ELSEWHERE, FoundHow.PORTAL)
        assert "C’est noté, merci." in page.text
        assert page.context["buttons"] == []
        late = client.post(keep(offer), {"verb": "found", "who": "intern"})
        assert "ce bouton n’a plus d’effet" in late.text
        outcome.refresh_from_db()
        assert outcome.who == FoundWho.FROM_ELSEWHERE

    def test_an_earlier_search_is_not_completed_by_a_later_one(self, client, now):
        offer = offer_of()
        OfferOutcome.objects.create(opportunity=offer, at=now - timedelta(days=200))
        actions.fill(offer=offer, at=now)
        client.post(keep(offer), {"verb": "found", "how": "word"})
        assert [outcome.how for outcome in OfferOutcome.objects.all()] == ["word", ""]

    def test_nothing_is_completed_of_an_offer_that_stands(self, client):
        offer = offer_of()
        assert "ce bouton n’a plus d’effet" in client.post(keep(offer), {"verb": "found", "how": "word"}).text
        with pytest.raises(actions.TransitionRefused):
            actions.complete_outcome(offer=offer, how="word", at=timezone.now())
        assert not OfferOutcome.objects.exists()

    @pytest.mark.parametrize("value", ["x", "\0", "a" * 5000])
    def test_only_words_of_the_lists(self, client, value):
        offer = offer_of()
        response = client.post(keep(offer), {"verb": "fill", "who": value})
        assert "Choisissez dans les listes" in response.content.decode()
        assert not OfferOutcome.objects.exists()


class TestViews:
    def seen(self, client, offer):
        return client.post(reverse("opportunities:offer_seen", args=[offer.pk]))

    def test_one_row_an_offer_and_a_day(self, client, now):
        offer = offer_of()
        for _ in range(3):
            response = self.seen(client, offer)
        assert (response.status_code, dict(response.cookies)) == (204, {})
        row = DayViews.objects.get()
        assert (row.day, row.count) == (timezone.localdate(now), 3)
        assert "3 en 30 jours" in client.get(keep(offer)).content.decode()

    @pytest.mark.parametrize("state", ["draft", "filled", "paused"])
    def test_visible_offers_only(self, client, state):
        self.seen(client, offer_of(**{state: True}))
        client.post(reverse("opportunities:offer_seen", args=[10**15]))
        assert not DayViews.objects.exists()

    def test_the_page_says_so_to_its_script_alone(self, client):
        offer = offer_of()
        client.get(offer.get_absolute_url())
        assert not DayViews.objects.exists()
        assert (
            f'data-seen="{reverse("opportunities:offer_seen", args=[offer.pk])}"' in client.get(offer.get_absolute_url()).content.decode()
        )


class TestPhotos:
    def test_before_the_team_has_read_it_only(self, client):
        assert client.get(keep(offer_of(draft=True), "offer_photos")).status_code == 200
        assert client.get(keep(offer_of(), "offer_photos")).status_code == 302

    def test_one_is_added_with_its_text(self, client):
        offer, file = offer_of(draft=True), BytesIO()
        Image.new("RGB", (640, 480), "#c2721f").save(file, "JPEG")
        page = keep(offer, "offer_photos")
        refused = client.post(page, {"image": ContentFile(file.getvalue(), "a.jpg"), "alternative_text": ""})
        assert refused.context["form"].errors.keys() == {"alternative_text"}
        client.post(page, {"image": ContentFile(file.getvalue(), "a.jpg"), "alternative_text": "La façade"})
        assert offer.photos.get().alternative_text == "La façade"
        assert "La façade" in client.get(page).content.decode()
        assert "image" in client.post(page, {"image": ContentFile(b"MZ", "a.jpg"), "alternative_text": "Un virus"}).context["form"].errors

    def test_one_is_taken_away(self, client):
        offer = offer_of(draft=True)
        photo, other = PhotoFactory(opportunity=offer), PhotoFactory()
        for pk in (photo.pk, other.pk, "x"):
            client.post(keep(offer, "offer_photos"), {"act": "remove", "photo": pk})
        assert list(offer.photos.all()) == []
        assert other.opportunity.photos.exists()


class TestQuality:
    def test_only_what_the_kind_asks_for(self):
        succession = OpportunityFactory.build(kind=OpportunityKind.objects.get(code="succession"))
        asked = {point.field for point in quality.meter(succession).missing}
        assert {"price", "patient_list"} <= asked
        assert not {"fee_share", "ends_on", "photos"} & asked

    def test_what_is_given_counts(self):
        offer = OpportunityFactory.build(kind=OpportunityKind.objects.get(code="collaboration"), summary="", description="")
        before = quality.meter(offer)
        offer.software, offer.home_visits, offer.flexible_start = "Un logiciel", "none", True
        after = quality.meter(offer)
        assert {point.field for point in after.given} - {point.field for point in before.given} == {"software", "home_visits", "starts_on"}
        assert after.total == before.total
        assert after.score == round(100 * len(after.given) / after.total)

    def test_a_photograph_counts_where_one_can_be_added(self):
        offer = OpportunityFactory.build(kind=OpportunityKind.objects.get(code="collaboration"))
        assert "photos" in {point.field for point in quality.meter(offer, photos=0).missing}
        assert "photos" in {point.field for point in quality.meter(offer, photos=2).given}

    def test_while_one_writes(self, client):
        url = reverse("opportunities:publish_meter")
        before = client.post(url, {"kind": "collaboration"})
        after = client.post(url, {"kind": "collaboration", "software": "Un logiciel", "team": "Deux infirmières"})
        assert len(after.context["meter"].given) == len(before.context["meter"].given) + 2
        assert not after.cookies
        assert not Opportunity.objects.exists()

    def test_the_preview_follows_too(self, client):
        written = {"kind": "collaboration", "title": "Une place à Apt", "commune": "Apt", "fee_share": "80"}
        page = client.post(reverse("opportunities:publish_meter"), written)
        assert page.context["preview"]["card"].title == "Une place à Apt"
        assert 'id="apercu-contenu" data-hx-swap-oob="true"' in page.text
        assert f"Apt, {real_commune('Apt').epci.short_name}" in unescape(page.text)

    def test_the_preview_of_a_succession_in_confidence_names_no_commune(self, client):
        address = f"{reverse('opportunities:publish_meter')}?type=succession&confiance=1"
        assert f'data-hx-post="{address.replace("&", "&amp;")}"' in client.get(reverse("opportunities:succession")).text
        page = client.post(address, {"title": "Un cabinet", "commune": "Apt", "organisation": "Cabinet d’Apt"})
        assert page.context["preview"]["card"].kind_label == "Succession"
        sector = real_commune("Apt").epci.short_name
        assert f"Secteur {sector}" in unescape(page.text)
        assert f"Apt, {sector}" not in unescape(page.text)
        assert "Cabinet d’Apt" not in page.text
