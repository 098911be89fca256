"""The form of who looks, the link that confirms, the private page; what hostile visitors send."""

import re
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from contacts import needs_links, needs_words
from contacts.actions import needs as actions
from contacts.enums import NeedSubject
from contacts.models import Need
from core import french, guard, known, mail, signed
from core.french import NBSP
from core.models import Mail
from tests.accounts.factories import SuperuserFactory, UserFactory
from tests.contacts.factories import match_of, need_of
from tests.core.told import said
from tests.opportunities.factories import OpportunityFactory, day
from tests.territories.factories import real_commune

pytestmark = pytest.mark.django_db

NEW = "/je-cherche/"
GOOD = {
    "subject": "exercise",
    "kinds": ["locum_occasional"],
    "commune": "Apt",
    "radius_km": "20",
    "standing": "qualified_locum",
    "notify": "on",
    "months": "3",
    "email": "claire@exemple.org",
    "consent": "on",
}


def shown(seconds=30):
    """The mark of a form that was shown so long ago."""
    with time_machine.travel(timezone.now() - timedelta(seconds=seconds), tick=False):
        return guard.fresh()


def send(client, **values):
    """Send the form as a person does who takes half a minute."""
    data = {**GOOD, "shown": shown(), **values}
    return client.post(NEW, {name: value for name, value in data.items() if value is not None})


def path(url):
    return re.sub(r"^https?://[^/]+", "", url)


def page_of(need, view="needs_keep", purpose=needs_links.KEEP):
    return reverse(f"contacts:{view}", args=[signed.sign(purpose, need)])


def errors(response):
    return set(response.context["form"].errors)


class TestForm:
    def test_a_get_writes_nothing_and_sets_no_cookie(self, client, now):
        response = client.get(NEW)
        assert (response.status_code, Need.objects.count(), Mail.objects.count()) == (200, 0, 0)
        assert not response.cookies

    def test_it_comes_filled_in_with_the_search(self, client, now):
        query = "?type=locum_occasional&type=succession&commune=apt&rayon=12&du=2026-09-01&au=2026-10-01&jours=6&logement=1&q=maison"
        initial = client.get(NEW + query).context["form"].initial
        assert initial["kinds"] == ["locum_occasional", "succession"]
        assert (initial["commune"], initial["radius_km"], initial["half_days"]) == ("Apt", 15, ["6"])
        assert (str(initial["starts_on"]), str(initial["ends_on"])) == ("2026-09-01", "2026-10-01")
        assert (initial["lodging"], initial["words"]) == (True, "maison")

    def test_a_cpts_becomes_its_intercommunalites(self, client, now):
        initial = client.get(NEW + "?cpts=synapse-comtat-venaissin").context["form"].initial
        assert "ventoux-sud" in " ".join(initial["epcis"])

    def test_a_list_with_few_offers_leads_to_it(self, client, now):
        OpportunityFactory(town="Apt", locum=True)
        for query in ("?commune=apt&rayon=10", "?commune=apt&rayon=10&type=succession"):
            link = f'href="{NEW}{query.replace("&", "&amp;")}"'
            assert link in client.get(reverse("opportunities:offer_list") + query).content.decode()

    def test_what_is_sent_waits_for_the_address(self, client, now):
        response = send(client)
        assert said(response) == (NEW, "verifier")
        assert "ouvrez le message" in client.get(response["Location"]).content.decode()
        need = Need.objects.get()
        assert (str(need.commune), need.confirmed_at, need.notify, need.available) == ("Apt", None, True, False)
        assert [kind.code for kind in need.kinds.all()] == ["locum_occasional"]

    def test_a_room(self, client, now):
        """What is for an exercise is left out, right or wrong."""
        places = {"place_1": "commune-84003", "share_1": "6", "place_2": "Sault", "share_2": "2", "within_km": "30", "highest_rent": "450"}
        send(client, subject="lodging", standing="intern", commune="Paris", radius_km="x", half_days=["3"], **places)
        need = Need.objects.get()
        assert (need.subject, list(need.kinds.all()), need.commune, need.half_days) == (NeedSubject.LODGING, [], None, [])
        assert [(place.label, place.half_days) for place in need.places.all()] == [("Apt", 6), ("Sault", 2)]
        assert (need.radius_km, need.highest_rent) == (30, 450)
        told = dict(needs_words.facts(need))
        assert told["Où"] == f"près d’Apt (6{NBSP}demi-journées) et de Sault (2{NBSP}demi-journées), à 30{NBSP}km de chacun au plus"
        assert told["Loyer"] == f"450{NBSP}€/mois au plus, charges comprises"

    def test_what_is_for_a_room_is_left_out_of_an_exercise(self, client, now):
        send(client, place_1="Apt", highest_rent="trop", within_km="x")
        need = Need.objects.get()
        assert (need.places.count(), need.highest_rent, str(need.commune), need.radius_km) == (0, None, "Apt", 20)

    @pytest.mark.parametrize(
        ("values", "field"),
        [
            ({"place_1": "Nullepart-les-Oies"}, "place_1"),
            ({"place_1": "etablissement-999999999"}, "place_1"),
            ({"place_1": "Apt", "place_3": "commune-84003"}, "place_3"),
            ({"place_1": "\0"}, "place_1"),
            ({"place_2": "x" * 9000}, "place_2"),
            ({"share_1": "13"}, "share_1"),
            ({"within_km": "400"}, "within_km"),
            ({"highest_rent": "-1"}, "highest_rent"),
            ({"highest_rent": "9" * 400}, "highest_rent"),
            ({"highest_rent": "beaucoup"}, "highest_rent"),
            ({"place_1": "Apt", "epcis": ["ventoux-sud"]}, "epcis"),
        ],
    )
    def test_a_room_that_means_nothing_is_told_beside_its_field(self, client, now, values, field):
        response = send(client, subject="lodging", commune=None, radius_km=None, **values)
        assert errors(response) == {field}
        assert not Need.objects.exists()

    def test_a_chosen_place_is_shown_by_its_name_after_an_error(self, client, now):
        page = send(client, subject="lodging", place_1="commune-84003", standing=None).text
        assert re.search(r'name="place_1" value="Apt"[^>]*data-token="commune-84003"', page)

    def test_an_empty_list_of_rooms_fills_the_form_in(self, client, now):
        query = "?lieu=commune-84003&lieu=Sault&demi=6&demi=2&du=2026-09-01&au=2026-10-01&loyer=450&rayon=12&meuble=1&q=jardin"
        page = client.get(reverse("housing:dwelling_list") + query)
        assert page.context["is_empty"]
        initial = client.get(page.context["need_url"]).context["form"].initial
        assert (initial["subject"], initial["highest_rent"], initial["within_km"]) == (NeedSubject.LODGING, 450, 15)
        assert (initial["place_1"], initial["share_1"], initial["place_2"], initial["share_2"]) == (
            "commune-84003",
            6,
            f"commune-{real_commune('Sault').insee}",
            2,
        )
        assert (str(initial["starts_on"]), str(initial["ends_on"])) == ("2026-09-01", "2026-10-01")
        assert initial["words"] == f"«{NBSP}jardin{NBSP}», meublé"

    @pytest.mark.parametrize(
        ("values", "field"),
        [
            ({"standing": None}, "standing"),
            ({"consent": None}, "consent"),
            ({"email": "a@mailinator.com"}, "email"),
            ({"email": "pas une adresse"}, "email"),
            ({"commune": "Paris"}, "commune"),
            ({"epcis": ["x"]}, "epcis"),
            ({"kinds": ["\0"]}, "kinds"),
            ({"kinds": ["x" * 9000]}, "kinds"),
            ({"radius_km": "9999999999999999999999"}, "radius_km"),
            ({"half_days": ["12"]}, "half_days"),
            ({"half_days": ["\0"]}, "half_days"),
            ({"words": "a\0b"}, "words"),
            ({"words": "x" * 1001}, "words"),
            ({"starts_on": "0001-01-01"}, "starts_on"),
            ({"starts_on": "2026-02-31"}, "starts_on"),
            ({"ends_on": "9999-12-31"}, "ends_on"),
            ({"starts_on": "2026-09-02", "ends_on": "2026-09-01"}, "ends_on"),
            ({"ends_on": "2026-06-14"}, "ends_on"),
            ({"months": "120"}, "months"),
            ({"subject": "villa"}, "subject"),
            ({"notify": None}, "notify"),
            ({"available": "on", "standing": "intern"}, "available"),
            ({"available": "on", "subject": "lodging"}, "available"),
            ({"site": "https://robot.example"}, "site"),
        ],
    )
    def test_what_cannot_be_is_said_beside_its_field_and_nothing_is_lost(self, client, now, values, field):
        response = send(client, **values)
        assert (response.status_code, errors(response)) == (200, {field})
        assert not Need.objects.exists()
        assert 'id="a-corriger"' in response.content.decode()
        if field != "email":
            assert "claire@exemple.org" in response.content.decode()

    def test_a_label_that_is_a_sentence_is_not_repeated_before_what_is_wrong(self, client, now):
        page = unescape(send(client, consent="", standing="").text)
        summary = page.partition('id="a-corriger"')[2].partition("</div></div>")[0]
        assert f"</a>{NBSP}: " in summary
        assert ">Sans votre accord, nous ne pouvons pas garder votre recherche.</a>" in summary
        assert not re.search(rf"[.?!]</a>{NBSP}:", summary)

    def test_a_commune_or_intercommunalites(self, client, now):
        slug = next(iter(client.get(NEW).context["form"].epcis_known))
        assert errors(send(client, epcis=[slug])) == {"epcis"}
        assert send(client, epcis=[slug], commune="").status_code == 302

    def test_a_known_browser_is_noted_at_once(self, client, now):
        known_client(client, "claire@exemple.org")
        assert said(send(client)) == (NEW, "note")
        assert Need.objects.active(now).exists()

    def test_who_has_three_already_is_told(self, client, now):
        known_client(client, "claire@exemple.org")
        for _ in range(3):
            need_of()
        response = send(client)
        assert "déjà trois recherches" in client.get(response["Location"]).content.decode()
        assert Need.objects.count() == 3

    def test_an_address_that_was_asked_enough_is_told_and_loses_nothing(self, client, now):
        for number in range(mail.ASKED_A_DAY):
            with time_machine.travel(now + timedelta(minutes=20 * number), tick=False):
                assert send(client).status_code == 302
        with time_machine.travel(now + timedelta(hours=3), tick=False):
            page = send(client, words="Avec une école").text
        assert mail.ASKED_ENOUGH in unescape(page)
        assert "Avec une école" in page
        assert Need.objects.count() == mail.ASKED_A_DAY

    def test_a_crowd_of_robots_reaches_nobody(self, client, now):
        answers = [send(client, email=f"r{number}@exemple.org").status_code for number in range(30)]
        assert answers.count(302) == 10
        assert Mail.objects.count() == Need.objects.count() == 10
        assert client.post(NEW, {**GOOD}).status_code == 200

    @pytest.mark.parametrize(
        "query", ["?type=%00", "?commune=%00&rayon=x", "?du=0000-99-99&au=x", "?jours=99&jours=a", "?epci=x&cpts=y", "?fait=x"]
    )
    def test_a_hostile_address_shows_the_form(self, client, now, query):
        assert client.get(NEW + query).status_code == 200


def known_client(client, email):
    """A browser that confirmed this address."""
    client.cookies[known.COOKIE] = known.remember(HttpResponse(), email).cookies[known.COOKIE].value


class TestConfirming:
    def test_a_get_confirms_nothing_the_button_does_and_the_browser_is_known(self, client, now):
        send(client)
        need = Need.objects.get()
        url = page_of(need, "needs_confirm", actions.CONFIRM)
        assert not client.get(url).cookies
        assert not Need.objects.active(now).exists()
        response = client.post(url)
        assert known.COOKIE in response.cookies
        assert "votre recherche compte" in client.get(response["Location"]).content.decode()
        assert Need.objects.active(now).get() == need

    def test_the_link_in_the_mail_is_that_one(self, client, now):
        send(client)
        assert page_of(Need.objects.get(), "needs_confirm", actions.CONFIRM) in Mail.objects.get().text

    def test_a_fourth_is_refused_in_words(self, client, now):
        for _ in range(3):
            need_of()
        need = need_of(confirmed_at=None)
        assert "déjà trois recherches" in client.post(page_of(need, "needs_confirm", actions.CONFIRM)).content.decode()

    def test_the_link_ends_after_a_week_and_a_fresh_one_is_a_button_away(self, client, now):
        need = need_of(confirmed_at=None)
        url = page_of(need, "needs_confirm", actions.CONFIRM)
        with time_machine.travel(now + timedelta(days=8), tick=False):
            assert client.get(url).status_code == 410
            for _ in range(3):
                client.post(url)
        assert Mail.objects.count() == 1


class TestPrivatePage:
    def test_it_says_what_is_noted_and_what_fits(self, client, now):
        need = need_of(town="Apt", kinds=["succession"], words="Avec une école")
        match_of(need, OpportunityFactory(title="Succession à Apt", succession=True), told_at=now)
        match_of(need, OpportunityFactory(title="Pas encore dite"))
        words = client.get(page_of(need)).content.decode()
        for fact in ("Apt et 20\u00a0km autour", "Avec une école", "Succession à Apt", "prévenu le 15 juin 2026"):
            assert fact in words
        assert "Pas encore dite" not in words

    @pytest.mark.parametrize("verb", ["renew", "stop", "erase"])
    def test_a_get_does_nothing_a_button_does(self, client, now, verb):
        need = need_of(expires_at=now + timedelta(days=5))
        client.get(f"{page_of(need)}?verb={verb}")
        need.refresh_from_db()
        assert (need.stopped_at, need.expires_at) == (None, now + timedelta(days=5))
        assert client.post(page_of(need), {"verb": verb}, follow=True).status_code == 200
        if verb == "erase":
            assert not Need.objects.exists()
        else:
            need.refresh_from_db()
            assert (need.stopped_at == now) if verb == "stop" else (need.expires_at > now + timedelta(days=80))

    def test_renewing_is_offered_when_it_brings_something_and_says_until_when(self, client, now):
        need = need_of(expires_at=now + timedelta(days=5))
        assert "Prolonger jusqu’au" in client.get(page_of(need)).text
        page = client.post(page_of(need), {"verb": "renew"}, follow=True).text
        need.refresh_from_db()
        assert f"va jusqu’au {french.date(timezone.localtime(need.expires_at))}" in page
        assert "Prolonger jusqu’au" not in page
        assert "va déjà jusqu’au" in client.post(page_of(need), {"verb": "renew"}).text

    def test_what_led_to_somebody_says_what_is_kept_why_and_until_when(self, client, now):
        need = need_of(available=True, words="Avec une école")
        match_of(need, OpportunityFactory(title="Une offre"), requested=True, answer="yes", introduced_at=now)
        year = french.date(timezone.localtime(now + actions.AGREEMENT_KEPT))
        assert year in client.post(page_of(need), {"verb": "stop"}, follow=True).text
        for page in (client.post(page_of(need), {"verb": "erase"}, follow=True).text, client.get(page_of(need)).text):
            assert f"nous gardons jusqu’au {year}" in page
            assert not re.search("Avec une école|Une offre|Tout effacer", page)
        assert client.get(page_of(need, "needs_edit")).status_code == 302
        assert not Need.objects.get().words

    def test_who_stops_the_messages_has_erased_nothing(self, client, now):
        need = need_of(words="Avec une école", notify=False, stopped_at=now)
        match_of(need, OpportunityFactory(title="Une offre"), requested=True, answer="yes", introduced_at=now)
        page = client.get(page_of(need)).text
        assert "Avec une école" in page
        assert "Effacer ce qui peut l’être" in page

    def test_what_led_to_nobody_goes_in_thirty_days(self, client, now):
        page = client.post(page_of(need_of()), {"verb": "stop"}, follow=True).text
        assert french.date(timezone.localtime(now + actions.ERASED_AFTER)) in page

    @pytest.mark.parametrize("verb", ["", "confirm", "record", "let_through", "\0", "delete"])
    def test_a_button_that_is_not_there_does_nothing(self, client, now, verb):
        need = need_of(held="2 liens")
        assert "pas d’effet" in client.post(page_of(need), {"verb": verb}).content.decode()
        need.refresh_from_db()
        assert need.held

    def test_it_is_changed_on_the_same_form(self, client, now):
        need = need_of(town="Apt")
        url = page_of(need, "needs_edit")
        assert 'value="Apt"' in client.get(url).content.decode()
        response = client.post(url, {**GOOD, "commune": "Sault", "starts_on": str(day(20)), "shown": shown(), "email": "autre@exemple.org"})
        assert said(response)[1] == "change"
        need.refresh_from_db()
        assert (str(need.commune), need.starts_on, need.email) == ("Sault", day(20), "claire@exemple.org")

    def test_what_is_stopped_is_not_changed(self, client, now):
        need = need_of(stopped_at=now)
        response = client.post(page_of(need, "needs_edit"), {**GOOD, "shown": shown()})
        assert "terminée" in response.content.decode()

    def test_an_unconfirmed_need_has_no_page(self, client, now):
        assert client.get(page_of(need_of(confirmed_at=None))).status_code == 404

    def test_the_one_click_of_mail_programs(self, client, now):
        need = need_of()
        url = path(actions.stop_url(need))
        client.get(url)
        assert Need.objects.active(now).exists()
        assert client.post(url, {"List-Unsubscribe": "One-Click"}).status_code == 200
        assert not Need.objects.active(now).exists()

    def test_it_works_when_the_need_of_the_message_is_erased(self, client, now):
        first, other = need_of(), need_of(town="Apt")
        url = path(actions.stop_url(first))
        actions.erase(need=first, at=now)
        assert "Ne plus rien recevoir" in client.get(url).text
        assert client.post(url).status_code == 200
        other.refresh_from_db()
        assert other.stopped_at
        actions.erase(need=other, at=now)
        for answer in (client.get(url), client.post(url)):
            assert (answer.status_code, "C’est fait" in answer.text) == (200, True)
            assert answer["X-Robots-Tag"] == "noindex, nofollow"
        assert client.post(url[:-4] + "xyz/").status_code == 404


class TestStaff:
    def test_what_has_to_be_read_and_what_is_urgent_are_on_the_first_page(self, client, now):
        need_of(held="2 liens")
        need_of(starts_on=day(10))
        client.force_login(SuperuserFactory())
        words = client.get(reverse("admin:index")).content.decode()
        assert "Recherches à lire" in words
        assert "Recherches qui pressent" in words

    @pytest.mark.parametrize(("action", "active"), [("let_through", True), ("refuse", False)])
    def test_the_team_decides(self, client, now, action, active):
        need = need_of(held="2 liens")
        client.force_login(SuperuserFactory())
        sent = {"action": action, "_selected_action": [need.pk], "why": "Le texte nomme un patient."}
        client.post(reverse("admin:contacts_need_changelist"), sent)
        assert Need.objects.active(now).exists() is active
        assert ("nomme un patient" in Mail.objects.get().text) is not active

    def test_who_is_refused_reads_why_or_is_not_refused(self, client, now):
        need = need_of()
        client.force_login(SuperuserFactory())
        sent = {"action": "refuse", "_selected_action": [need.pk], "why": "  "}
        answer = client.post(reverse("admin:contacts_need_changelist"), sent, follow=True)
        assert "Écrivez le motif" in answer.text
        assert Need.objects.active(now).exists()
        assert not Mail.objects.exists()

    def test_what_is_taken_up_presses_no_more(self, client, now):
        need = need_of(starts_on=day(10))
        client.force_login(SuperuserFactory())
        client.post(reverse("admin:contacts_need_changelist"), {"action": "take_up", "_selected_action": [need.pk]})
        assert not Need.objects.urgent(now).exists()

    def test_who_may_only_read_decides_nothing(self, client, now):
        need = need_of(held="2 liens")
        reader = UserFactory(is_staff=True)
        reader.user_permissions.add(Permission.objects.get(codename="view_need"))
        client.force_login(reader)
        client.post(reverse("admin:contacts_need_changelist"), {"action": "let_through", "_selected_action": [need.pk]})
        need.refresh_from_db()
        assert need.held

    @pytest.mark.parametrize(
        "query", ["etat=active", "etat=held", "etat=urgent", "etat=over", "etat=waiting", "epci=partout", "epci=x", "etat=x"]
    )
    def test_filters_answer(self, client, now, query):
        need_of(town="Apt")
        client.force_login(SuperuserFactory())
        assert client.get(f"{reverse('admin:contacts_need_changelist')}?{query}").status_code == 200

    @pytest.mark.parametrize("needs", [1, 3])
    def test_as_many_queries_for_one_need_as_for_three(self, client, now, needs, django_assert_num_queries):
        for number in range(needs):
            need_of(f"p{number}@exemple.org", town="Apt", kinds=["succession"])
        client.force_login(SuperuserFactory())
        client.get(reverse("admin:contacts_need_changelist"))
        with django_assert_num_queries(12):
            client.get(reverse("admin:contacts_need_changelist"))
