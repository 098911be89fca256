"""What publishing promises and must keep: dates that move the end, words that a doctor has read, changes that wait, what is erased."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.admin import site
from django.urls import reverse
from django.utils import timezone

from core import mail
from core.models import Mail
from opportunities import actions, freshness, quality, rules
from opportunities.enums import ChangeState, PublisherKind, State
from opportunities.forms import PublishForm
from opportunities.forms.publishing import CONTENT
from opportunities.models import OfferOutcome, Opportunity, OpportunityKind, ProposedChange
from tests.accounts.factories import SuperuserFactory
from tests.core.told import said
from tests.opportunities.factories import OpportunityFactory, PhotoFactory, day, days
from tests.opportunities.publishing import CHOOSE, TO, events, fields, keep, locum, write_url
from tests.territories.factories import FacilityFactory, real_commune

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


def offer_of(**values):
    return OpportunityFactory(**({"town": "Apt", "title": "Une place à prendre", "contact_email": TO, "description": ""} | values))


def confidential(**values):
    """A confidential succession in Sault, approved by its doctor."""
    offer = OpportunityFactory(succession=True, town="Sault", in_epci=True, is_confidential=True, contact_email=TO, **values)
    actions.agree(offer=offer, digest=rules.shown_digest(offer), at=timezone.now())
    return offer


def stored(offer):
    return Opportunity.objects.get(pk=offer.pk)


class TestLastDay:
    """A dated locum is shown through its last day, whenever that day moves."""

    @pytest.fixture
    def offer(self):
        return offer_of(locum=True, expires_at=rules.end_of_day(day(27)))

    @pytest.mark.parametrize("last", [20, 40])
    def test_it_moves_with_the_form(self, client, offer, last):
        data = locum(act="brouillon", contact_email=None, ends_on=day(last).isoformat())
        response = client.post(keep(offer, "offer_edit"), data)
        assert response.status_code == 302, response.context and response.context["form"].errors
        assert (stored(offer).ends_on, stored(offer).expires_at) == (day(last), rules.end_of_day(day(last)))

    def test_a_paused_one_that_was_shortened_comes_back(self, offer, now):
        actions.pause(offer=offer)
        actions.change(offer=offer, values={"ends_on": day(20)}, at=now)
        actions.publish(offer=offer, at=now)
        assert stored(offer).expires_at == rules.end_of_day(day(20))

    def test_approved_with_another_kind(self, now):
        offer = offer_of(expires_at=days(80))
        kind = OpportunityKind.objects.get(code="locum_occasional")
        values = {"kind_id": kind.pk, "starts_on": day(14), "ends_on": day(20), "fee_share": Decimal("80")}
        actions.change(offer=offer, values=values, at=now)
        actions.approve(proposal=ProposedChange.objects.get(), actor=SuperuserFactory(), at=now)
        assert stored(offer).expires_at == rules.end_of_day(day(20))

    def test_a_last_day_that_is_over_is_said_and_breaks_nothing(self, client, offer, now):
        data = locum(act="brouillon", contact_email=None, starts_on=day(-30).isoformat(), ends_on=day(-20).isoformat())
        assert "passée" in client.post(keep(offer, "offer_edit"), data).context["form"].errors["ends_on"][0]
        actions.pause(offer=offer)
        assert client.post(keep(offer, "offer_edit"), data).status_code == 302
        with pytest.raises(actions.TransitionRefused) as refusal:
            actions.publish(offer=offer, at=now)
        assert len(refusal.value.messages) == 1

    def test_what_was_over_once_is_handed_over_again(self, now):
        offer = offer_of(withdrawn=True, by_publisher=True, expires_at=days(-2))
        actions.send_back(offer=offer, reason="Corrigez.", at=now)
        actions.hand_over(offer=offer, at=now)
        assert (stored(offer).state, stored(offer).expires_at) == (State.SUBMITTED, None)
        actions.publish(offer=offer, at=now)


class TestAgreement:
    def test_words_that_the_team_changed_are_not_signed_with_the_doctor_s(self, now):
        offer = confidential(paused=True)
        offer.summary = "Des mots de l’équipe."
        actions.save_offer(offer=offer)
        actions.change(offer=offer, values={"description": "Des mots du médecin."}, at=now)
        actions.approve(proposal=offer.proposed_changes.get(), actor=SuperuserFactory(), at=now)
        assert not rules.is_agreed(stored(offer))
        text = Mail.objects.get(event__startswith="opportunities.change_approved").text
        assert "approuvez-le" in text
        assert "en ligne maintenant" not in text

    def test_their_own_are(self, now):
        offer = confidential()
        actions.change(offer=offer, values={"description": "Des mots du médecin.", "days_per_week": Decimal("4")}, at=now)
        actions.approve(proposal=offer.proposed_changes.get(), actor=SuperuserFactory(), at=now)
        assert rules.is_agreed(stored(offer))

    @pytest.mark.parametrize("state", ["submitted", "paused", "expired"])
    def test_the_text_and_its_button_are_there_until_it_is_public(self, client, state):
        offer = confidential(**{state: True})
        Opportunity.objects.update(text_agreed="")
        page = client.get(keep(offer))
        assert "Ce que lira un confrère" in page.text
        assert "publish" not in dict(page.context["buttons"])
        client.force_login(SuperuserFactory())
        client.post(reverse("admin:opportunities_opportunity_verb", args=[offer.pk, "ask_agreement"]))
        assert events() == ["agreed", "agree"]
        client.post(keep(offer), {"verb": "agree", "digest": page.context["digest"]})
        assert rules.is_agreed(stored(offer))

    def test_a_silent_doctor_is_reminded_once_and_the_team_hears_of_a_yes(self, now):
        offer = confidential(submitted=True)
        Opportunity.objects.update(text_agreed="")
        actions.ask_agreement(offer=offer, at=now)
        assert [actions.remind_doctors(at=now + timedelta(days=days)) for days in (4, 5, 6, 30)] == [0, 1, 0, 0]
        for _ in range(2):
            actions.agree(offer=offer, digest=rules.shown_digest(offer), at=now)
        assert events() == ["agreed", "agree", "agree_again", "agreed"]
        assert Mail.objects.filter(event__startswith="opportunities.agreed").last().recipient == "equipe@example.org"
        assert actions.remind_doctors(at=now + timedelta(days=60)) == 0

    def test_nobody_is_late_while_the_doctor_has_to_agree(self, client, now):
        offer = confidential(submitted=True)
        Opportunity.objects.update(submitted_at=now - timedelta(days=20), text_agreed="")
        assert "en retard" not in client.get(keep(offer)).text
        actions.agree(offer=stored(offer), digest=rules.shown_digest(offer), at=now)
        assert "en retard" in client.get(keep(offer)).text

    def test_nothing_is_asked_of_what_is_over(self, now):
        offer = confidential(filled=True)
        Opportunity.objects.update(text_agreed="")
        with pytest.raises(actions.TransitionRefused, match="ni close"):
            actions.ask_agreement(offer=offer, at=now)

    def test_an_earlier_version_brings_back_neither_openness_nor_an_agreement(self, now):
        offer = OpportunityFactory(succession=True, town="Sault", in_epci=True, paused=True)
        version = offer.history.latest()
        offer.is_confidential, offer.summary = True, "Autre phrase."
        actions.save_offer(offer=offer)
        actions.agree(offer=offer, digest=rules.shown_digest(offer), at=now)
        agreed = stored(offer).text_agreed
        actions.restore(offer=offer, version=version, at=now)
        assert (stored(offer).is_confidential, stored(offer).text_agreed) == (True, agreed)
        assert not rules.is_agreed(stored(offer))

    def test_all_that_is_written_is_agreed_to_but_the_contact(self):
        columns = {Opportunity._meta.get_field(name).attname for name in CONTENT}
        assert columns - {*rules.CONTACT} == {*rules.SHOWN_TO_AGREE}

    @pytest.mark.parametrize("told", ["84390", "84123"])
    def test_a_code_of_the_commune_names_it(self, told):
        offer = OpportunityFactory.build(in_epci=True, town="Sault", title="Un cabinet", description=f"Le cabinet, {told}, est calme.")
        commune = real_commune("Sault")
        assert {*commune.postal_codes, commune.insee} >= {told}
        assert [problem.field for problem in rules.missing_for_publication(offer, timezone.now())] == ["description"]


class TestWaiting:
    def test_what_waits_is_kept_with_what_comes_after(self, client, now):
        offer = offer_of()
        actions.change(offer=offer, values={"organisation": "Cabinet des Platanes"}, at=now)
        actions.change(offer=offer, values={"publisher_kind": "msp"}, at=now)
        proposal = ProposedChange.objects.get(state=ChangeState.OPEN)
        assert proposal.values == {"organisation": "Cabinet des Platanes", "publisher_kind": "msp"}
        page = client.get(keep(offer, "offer_edit"))
        assert page.context["form"]["organisation"].value() == "Cabinet des Platanes"
        assert "attend la relecture" in page.text
        same = fields(act="brouillon", contact_email=None, title=offer.title, contact_name=offer.contact_name, summary=offer.summary)
        client.post(keep(offer, "offer_edit"), same | {"organisation": "Cabinet des Platanes", "publisher_kind": "msp", "team": "Deux"})
        assert ProposedChange.objects.get(state=ChangeState.OPEN) == proposal
        client.post(keep(offer, "offer_edit"), same | {"organisation": "", "publisher_kind": "practice"})
        assert not ProposedChange.objects.filter(state=ChangeState.OPEN).exists(), "taken back"

    def test_what_the_form_cannot_show_is_not_taken_away(self, client):
        house = FacilityFactory(name="Hôpital du Pays d’Apt", commune=real_commune("Apt"))
        offer = offer_of(facility=house, publisher_kind=PublisherKind.VSA)
        OpportunityKind.objects.filter(pk=offer.kind_id).update(active=False)
        form = client.get(keep(offer, "offer_edit")).context["form"]
        data = {name: value for name in form.fields if (value := form[name].value()) not in (None, False)}
        data["commune"] = "Apt"
        response = client.post(keep(offer, "offer_edit"), data | {"act": "brouillon", "shown": fields()["shown"]})
        assert said(response)[1] == "edit"
        assert (stored(offer).facility, stored(offer).publisher_kind) == (house, PublisherKind.VSA)
        assert not ProposedChange.objects.exists()

    def test_the_contact_never_waits(self, now):
        offer = confidential()
        assert actions.change(offer=offer, values={"contact_name": "Docteur Exemple", "summary": "Autre."}, at=now) == {"summary"}
        assert stored(offer).contact_name == "Docteur Exemple"

    def test_staff_see_what_to_look_at_again(self, now):
        offer = offer_of()
        actions.change(offer=offer, values={"description": "Appelez le 04 90 00 00 00"}, at=now)
        screen = site.get_model_admin(ProposedChange)
        assert "04 90 00 00 00" in screen.wording_warnings(screen.as_proposed(ProposedChange.objects.get()))[0]

    def test_a_late_answer_is_red(self, client, now):
        client.force_login(SuperuserFactory())
        actions.change(offer=offer_of(), values={"organisation": "Cabinet"}, at=now)
        queue = reverse("admin:index")
        assert "réponse en retard" not in client.get(queue).text
        ProposedChange.objects.update(created_at=days(-5))
        assert "réponse en retard" in client.get(queue).text

    @pytest.mark.parametrize(
        ("make", "says"),
        [
            (confidential, "relit tout ce que vous changez"),
            (lambda: offer_of(paused=True), "L’offre n’est pas en ligne"),
            (offer_of, "est en ligne aussitôt"),
        ],
    )
    def test_the_form_says_when_readers_see_it(self, client, make, says):
        assert says in client.get(keep(make(), "offer_edit")).text


class TestErasure:
    def test_a_draft_leaves_nothing_not_even_its_mail(self, client):
        client.post(write_url(), fields(act="brouillon"))
        offer = Opportunity.objects.get()
        client.post(keep(offer), {"verb": "delete"})
        message = Mail.objects.get()
        assert (message.recipient, message.text, message.state) == ("", "", "dropped")

    @pytest.mark.parametrize("state", ["draft", "submitted"])
    def test_contacts_that_nobody_decides_about_go_after_a_year(self, now, state):
        offer = offer_of(**{state: True}, contact_phone="04 90 00 00 00")
        Opportunity.objects.filter(pk=offer.pk).update(published_at=days(-500))
        Opportunity.objects.update(updated_at=days(-364))
        assert actions.erase_contacts(at=now) == 0
        Opportunity.objects.update(updated_at=days(-366))
        assert actions.erase_contacts(at=now) == 1
        offer = stored(offer)
        assert (offer.contact_name, offer.contact_email, offer.contact_phone) == ("", "", "")

    def test_what_was_proposed_goes_three_months_after_the_answer(self, now):
        offer = offer_of()
        actions.change(offer=offer, values={"organisation": "Cabinet"}, at=now)
        actions.erase_contacts(at=now + timedelta(days=91))
        assert ProposedChange.objects.exists(), "nobody has answered yet"
        actions.refuse(proposal=ProposedChange.objects.get(), reason="Non.", actor=SuperuserFactory(), at=now)
        actions.erase_contacts(at=now + timedelta(days=89))
        assert ProposedChange.objects.exists()
        actions.erase_contacts(at=now + timedelta(days=91))
        assert not ProposedChange.objects.exists()

    def test_a_proposal_keeps_no_contact_of_an_offer_that_is_over(self, now):
        offer = offer_of(expired=True, closed_at=days(-400))
        ProposedChange.objects.create(opportunity=offer, values={"contact_name": "Docteur Exemple", "title": "Titre"})
        actions.erase_contacts(at=now)
        assert ProposedChange.objects.get().values == {"title": "Titre"}


class TestForm:
    def test_an_address_gets_five_unasked_drafts_a_day(self, client, now):
        for number in range(mail.ASKED_A_DAY):
            mail_of_a_draft(number, now)
        page = client.post(write_url(), fields(software="Un logiciel"))
        assert "réessayez demain" in page.text
        assert 'value="Un logiciel"' in page.text, "nothing is lost"
        assert not Opportunity.objects.filter(by_publisher=True, software="Un logiciel").exists()

    def test_helps_speak_no_code(self):
        for kind in OpportunityKind.objects.all():
            helps = [field.help_text for field in PublishForm(kind=kind).fields.values()]
            assert not [text for text in helps if re.search(r"[A-Z]{3}-\d", text)]

    def test_the_enter_key_sends_and_does_not_change_the_kind(self, client):
        for page in (client.get(write_url()), client.get(keep(offer_of(), "offer_edit"))):
            first = re.search(r'<form method="post" class="stack publish".*?<button[^>]*value="(\w+)"', page.text, re.DOTALL)
            assert first.group(1) in ("envoyer", "brouillon")

    def test_a_telephone_is_pointed_out_before_it_is_sent_and_forbids_nothing(self, client):
        client.post(write_url(), fields(description="Appelez le 04 90 00 00 00", terms_note="Un prix par patient"))
        offer = Opportunity.objects.get()
        page = client.get(keep(offer))
        assert "Ce numéro serait lu par tous" in page.text
        assert "DEO-" not in page.text
        client.post(keep(offer), {"verb": "submit"})
        assert stored(offer).state == State.SUBMITTED

    def test_a_discreet_departure_is_led_to_its_own_form(self, client):
        for page in (CHOOSE, write_url("succession")):
            assert reverse("opportunities:succession") in client.get(page).text


class TestSmallThings:
    def test_a_photograph_keeps_a_draft_alive_and_counts_where_it_may_be_added(self, client):
        offer = offer_of(draft=True, by_publisher=True, contact_confirmed_at=days(-100))
        photo = PhotoFactory(opportunity=offer)
        Opportunity.objects.update(updated_at=days(-100))
        client.post(keep(offer, "offer_photos"), {"act": "remove", "photo": photo.pk})
        assert stored(offer).updated_at == timezone.now()
        assert "photos" in points(client.get(keep(offer)).context["meter"])
        assert "photos" not in points(client.get(keep(offer_of())).context["meter"])
        assert "photos" not in points(client.get(keep(offer_of(draft=True, in_epci=True))).context["meter"])
        assert quality.photos_of(offer_of(), may_add=True) == 0

    def test_staff_who_say_filled_count_too(self, now):
        offer = offer_of()
        actions.fill(offer=offer, actor=SuperuserFactory(), at=now)
        outcome = OfferOutcome.objects.get()
        assert (outcome.opportunity, outcome.who, outcome.how, outcome.at) == (offer, "", "", now)

    def test_the_first_of_a_month_is_written_as_in_french(self, client, now):
        offer = offer_of(published_at=now.replace(day=1), confirmed_at=now)
        assert "1er juin 2026" in client.get(offer.get_absolute_url()).text

    def test_a_fresh_link_leaves_once_a_day(self, now):
        offer = offer_of()
        for _ in range(2):
            freshness.send_fresh_link(offer=offer, at=now)
        assert events() == ["link"]


def points(meter):
    return {point.field for point in (*meter.given, *meter.missing)}


def mail_of_a_draft(number, at):
    """Somebody, somewhere, typed this address for a draft."""
    kind = OpportunityKind.objects.get(code="collaboration")
    form = OpportunityFactory.build(
        draft=True, kind=kind, profession_id=OpportunityFactory().profession_id, commune=real_commune("Apt"), contact_email=TO
    )
    form.title = f"Offre {number}"
    actions.begin(offer=form, confirmed=False, send=False, at=at)
