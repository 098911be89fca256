"""Publishing an offer without an account: the form, the draft, the address that is confirmed, the way to the team."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core import known
from core.models import Mail
from opportunities import actions, rules, tasks
from opportunities.admin.work import QUEUES as queues
from opportunities.enums import LocationPrecision, State
from opportunities.models import Opportunity, OpportunityKind, SearchWord
from tests.accounts.factories import SuperuserFactory
from tests.core.told import said
from tests.opportunities.factories import OpportunityFactory, OtherPlaceFactory
from tests.opportunities.publishing import CHOOSE, TO, events, fields, keep, link, locum, shown, write_url
from tests.territories.factories import FacilityFactory, real_commune

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


def send(client, data, code=None):
    return client.post(write_url(code or data["kind"]), data, follow=True)


class TestForm:
    def test_the_kind_comes_first_with_its_definition(self, client):
        OpportunityKind.objects.filter(code="assistant_post").update(active=False)
        page = client.get(CHOOSE).content.decode()
        assert "Remplacer un médecin absent, sur des dates précises." in page
        assert write_url("locum_occasional") in page
        assert write_url("assistant_post") not in page
        assert client.get(write_url("assistant_post")).status_code == 404

    def test_then_only_its_fields(self, client):
        names = set(client.get(write_url("succession")).context["form"].fields)
        assert {"price", "patient_list", "starts_on"} <= names
        assert not {"fee_share", "ends_on", "salary_min"} & names

    def test_a_public_page_sets_no_cookie(self, client):
        assert not client.get(write_url()).cookies
        assert not client.post(write_url(), fields(act="apercu")).cookies
        assert not client.post(write_url(), fields()).cookies

    def test_changing_the_kind_keeps_what_was_typed_and_says_nothing_of_it(self, client):
        response = client.post(write_url("collaboration"), fields("succession", act="type", title="", software="Un logiciel"))
        form = response.context["form"]
        assert "price" in form.fields
        assert not form.errors
        assert 'value="Un logiciel"' in response.content.decode()
        assert not Opportunity.objects.exists()

    def test_the_preview_shows_the_card_and_keeps_everything(self, client):
        response = client.post(write_url("locum_occasional"), locum(act="apercu", software="Un logiciel", title="Deux semaines à Apt"))
        page = response.content.decode()
        preview = response.context["preview"]
        assert preview["card"].title == "Deux semaines à Apt"
        assert ("Part d’honoraires", "80\u00a0%") in preview["card"].facts
        assert 'value="Un logiciel"' in page
        assert not Opportunity.objects.exists()
        assert not Mail.objects.exists()

    def test_the_preview_that_is_asked_for_shows_the_map_and_what_is_around(self, client):
        page = client.post(write_url("locum_occasional"), locum(act="apercu", commune="Apt"))
        apt = real_commune("Apt")
        assert (page.context["preview"]["map"]["latitude"], page.context["preview"]["map"]["precise"]) == (apt.latitude, False)
        assert 'data-map="place"' in page.text
        assert "CHU et facultés de médecine" in page.text
        assert "Viennent ensuite la carte" not in page.text
        typed = client.post(reverse("opportunities:publish_meter"), locum(kind="locum_occasional", commune="Apt")).text
        assert "data-map" not in typed
        assert "Viennent ensuite la carte" in typed

    def test_the_map_of_a_succession_in_confidence_is_that_of_its_sector(self, client):
        page = client.post(reverse("opportunities:succession"), fields("succession", act="apercu", commune="Apt"))
        shown, epci = page.context["preview"]["map"], real_commune("Apt").epci
        assert (shown["latitude"], shown["longitude"]) == (epci.latitude, epci.longitude)
        assert page.context["preview"]["around"][0]["label"] == "Intercommunalité"

    def test_what_is_missing_is_said_beside_its_field_before_sending_only(self, client):
        data = locum(fee_share="", commune="")
        form = send(client, data).context["form"]
        assert {"fee_share", "commune"} <= set(form.errors)
        assert not Opportunity.objects.exists()
        send(client, data | {"act": "brouillon"})
        assert Opportunity.objects.get().state == State.DRAFT

    def test_a_constraint_is_said_beside_its_field(self, client):
        data = locum(act="brouillon", ends_on=timezone.localdate().isoformat())
        assert "avant la date de début" in send(client, data).context["form"].errors["ends_on"][0]

    def test_texts_are_typeset(self, client):
        send(client, fields(title="L'équipe d'Apt cherche : un médecin"))
        assert Opportunity.objects.get().title == "L’équipe d’Apt cherche\u00a0: un médecin"

    def test_a_discreet_commune_is_not_named_in_a_text(self, client):
        form = send(client, fields(location_precision="epci", title="Une place à Apt")).context["form"]
        assert "nomme la commune" in form.errors["title"][0]

    def test_an_exact_place_is_placed_by_the_team(self, client):
        assert "numéro et la rue" in send(client, fields(location_precision="exact")).context["form"].errors["address"][0]
        send(client, fields(location_precision="exact", address="3 rue de la Fontaine"))
        offer = Opportunity.objects.get()
        assert (offer.location_precision, offer.point) == (LocationPrecision.EXACT, None)
        actions.hand_over(offer=offer, at=timezone.now())
        with pytest.raises(actions.TransitionRefused, match="Placez le point"):
            actions.publish(offer=offer)

    def test_a_robot_is_stopped(self, client):
        assert "site" in send(client, fields(site="https://exemple.org")).context["form"].errors
        send(client, fields(shown=shown(ago=0)))
        assert not Opportunity.objects.exists()

    def test_one_address_gets_three_drafts_at_most(self, client):
        for number in range(5):
            send(client, fields(title=f"Offre {number}", act="brouillon"))
        assert Opportunity.objects.count() == 3

    def test_a_throw_away_address_is_refused(self, client):
        assert "jetable" in send(client, fields(contact_email="a@mailinator.com")).context["form"].errors["contact_email"][0]


class TestConfirmation:
    def test_an_unconfirmed_draft_reaches_nobody(self, client, now):
        send(client, fields(title="Motrarissime à Apt"))
        offer = Opportunity.objects.get()
        assert (offer.state, offer.contact_confirmed_at) == (State.DRAFT, None)
        assert not Opportunity.objects.known_to_team().exists()
        assert all(queue.count == 0 for queue in queues(now))
        assert not SearchWord.objects.filter(word__startswith="motrarissime").exists()
        message = Mail.objects.get()
        assert message.recipient == TO
        assert "Motrarissime" not in message.subject + message.text, "whoever wrote it may not be who reads it"

    def test_the_button_behind_the_link_sends_it(self, client, now):
        send(client, fields())
        path = link()
        assert client.get(path).status_code == 200
        assert Opportunity.objects.get().state == State.DRAFT, "a GET changes nothing"
        response = client.post(path, {"verb": "submit"})
        offer = Opportunity.objects.get()
        assert (offer.state, offer.contact_confirmed_at, offer.submitted_at) == (State.SUBMITTED, now, now)
        assert known.COOKIE in response.cookies
        assert events() == ["draft", "submitted"]
        assert "jour ouvré" in client.get(response.url).text

    def test_a_browser_that_confirmed_is_not_asked_again(self, client):
        send(client, fields())
        client.post(link(), {"verb": "submit"})
        response = send(client, fields(title="Une autre place à Apt"))
        assert response.redirect_chain[0][0].startswith("/exercer/mon-offre/")
        assert Opportunity.objects.latest("pk").state == State.SUBMITTED

    def test_the_same_browser_with_another_address_is_asked(self, client):
        send(client, fields())
        client.post(link(), {"verb": "submit"})
        send(client, fields(contact_email="autre@exemple.org"))
        assert Opportunity.objects.latest("pk").state == State.DRAFT

    def test_a_draft_is_continued_then_sent(self, client, now):
        send(client, locum(act="brouillon", fee_share=None))
        page = keep(Opportunity.objects.get())
        refused = client.post(page, {"verb": "submit"})
        assert "part des honoraires" in refused.content.decode()
        edit = keep(Opportunity.objects.get(), "offer_edit")
        client.post(edit, locum(act="brouillon", fee_share="75"))
        assert said(client.post(edit, locum(act="envoyer", fee_share="75"))) == (page, "submit")
        offer = Opportunity.objects.get()
        assert (offer.state, offer.fee_share, offer.contact_email) == (State.SUBMITTED, 75, TO)

    def test_the_link_is_sent_once(self, client, now):
        offer = actions.begin(offer=draft(), confirmed=False, send=False, at=now)
        client.post(keep(offer, "offer_edit"), fields(act="brouillon", title="Autre titre"))
        assert events() == ["draft"]

    def test_a_draft_may_be_erased_by_its_writer(self, client):
        send(client, fields(act="brouillon"))
        client.post(link(), {"verb": "delete"})
        assert not Opportunity.objects.exists()
        assert not Opportunity.history.exists(), "nor a version of it"

    def test_what_was_published_is_not_erased(self, client):
        offer = OpportunityFactory()
        client.post(keep(offer), {"verb": "delete"})
        assert Opportunity.objects.filter(pk=offer.pk).exists()


def draft(**values):
    return OpportunityFactory.build(
        draft=True,
        kind=OpportunityKind.objects.get(code="collaboration"),
        profession_id=OpportunityFactory().profession_id,
        commune=real_commune("Apt"),
        contact_email=TO,
        **values,
    )


class TestErasure:
    def test_unconfirmed_drafts_go_after_a_week(self, now):
        actions.begin(offer=draft(), confirmed=False, send=False, at=now)
        soon, late = (now + timedelta(days=rules.UNCONFIRMED_DAYS, minutes=minutes) for minutes in (-5, 5))
        assert actions.erase_drafts(at=soon) == 0
        assert actions.erase_drafts(at=late) == 1
        assert actions.erase_drafts(at=late) == 0

    def test_a_confirmed_draft_stays_for_three_months(self, now):
        offer = actions.begin(offer=draft(), confirmed=True, send=False, at=now)
        assert actions.erase_drafts(at=now + timedelta(days=60)) == 0
        assert actions.erase_drafts(at=now + timedelta(days=91)) == 1
        assert not Opportunity.history.filter(id=offer.pk).exists()

    def test_drafts_of_the_team_stay(self, now):
        OpportunityFactory(draft=True)
        assert actions.erase_drafts(at=now + timedelta(days=400)) == 0

    def test_contacts_go_a_year_after_the_end(self, now):
        old, recent = (OpportunityFactory(filled=True, closed_at=now - timedelta(days=days)) for days in (366, 300))
        tasks.erase_old(timestamp=0)
        old.refresh_from_db()
        recent.refresh_from_db()
        assert (old.contact_name, old.contact_email) == ("", "")
        assert recent.contact_email


class TestDirectory:
    @pytest.fixture
    def house(self):
        return FacilityFactory(name="Maison de santé pluridisciplinaire du Luberon", commune=real_commune("Apt"))

    def test_a_name_like_one_of_the_directory_is_proposed(self, client, house):
        form = client.post(write_url(), fields(act="apercu", organisation="MSP du Luberon")).context["form"]
        assert house in form.fields["facility"].queryset
        send(client, fields(organisation="MSP du Luberon", facility=house.pk))
        assert Opportunity.objects.get().facility == house

    def test_it_never_blocks(self, client, house):
        send(client, fields(organisation="MSP du Luberon"))
        assert Opportunity.objects.get().facility is None

    @pytest.mark.parametrize(("name", "town"), [("Cabinet des Platanes", "Apt"), ("MSP du Luberon", "Sault"), ("", "Apt")])
    def test_nothing_is_asked_otherwise(self, client, house, name, town):
        form = client.post(write_url(), fields(act="apercu", organisation=name, commune=town)).context["form"]
        assert "facility" not in form.fields

    def test_readers_get_its_page_unless_the_commune_is_kept_back(self, client, house):
        told = OpportunityFactory(town="Apt", facility=house)
        discreet = OpportunityFactory(town="Apt", in_epci=True, facility=house)
        address = house.get_absolute_url()
        assert address in client.get(told.get_absolute_url()).content.decode()
        assert address not in client.get(discreet.get_absolute_url()).content.decode()


class TestTwins:
    @pytest.mark.parametrize(
        ("values", "found"),
        [
            ({}, True),
            ({"paused": True}, True),
            ({"submitted": True}, True),
            ({"in_epci": True}, True),
            ({"draft": True}, False),
            ({"filled": True}, False),
            ({"town": "Sault"}, False),
            ({"starts_on": None, "ends_on": None}, True),
            ({"starts_on": "later", "ends_on": None}, False),
        ],
    )
    def test_same_kind_place_and_dates(self, now, values, found):
        today = timezone.localdate()
        values = {name: today + timedelta(days=400) if value == "later" else value for name, value in values.items()}
        offer = OpportunityFactory(locum=True, town="Apt")
        twin = OpportunityFactory(**({"locum": True, "town": "Apt"} | values))
        assert list(Opportunity.objects.twins_of(offer)) == ([twin] if found else [])

    def test_a_further_place_counts(self, now):
        offer = OpportunityFactory(town="Apt")
        twin = OtherPlaceFactory(opportunity=OpportunityFactory(town="Sault"), town="Apt").opportunity
        assert list(Opportunity.objects.twins_of(offer)) == [twin]

    def test_staff_see_it_in_the_queue_and_on_the_screen(self, client, now):
        first, _ = (OpportunityFactory(submitted=True, town="Apt", title=title) for title in ("La première", "La seconde"))
        notes = [row.note for row in queues(now)[0].rows]
        assert all("peut-être un double" in note for note in notes)
        client.force_login(SuperuserFactory())
        page = client.get(reverse("admin:opportunities_opportunity_change", args=[first.pk])).content.decode()
        assert "La seconde" in page

    def test_the_publisher_of_both_is_told(self, client):
        OpportunityFactory(town="Apt", contact_email=TO, title="La première")
        mine = OpportunityFactory(submitted=True, town="Apt", contact_email=TO)
        other = OpportunityFactory(submitted=True, town="Apt", contact_email="autre@exemple.org")
        assert "La première" in client.get(keep(mine)).content.decode()
        assert "La première" not in client.get(keep(other)).content.decode()
