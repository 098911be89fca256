"""Pages of the alerts: asking, confirming, managing; nothing on a GET, nothing told of somebody else's address, never a fault."""

import re
from datetime import timedelta
from html import unescape
from urllib.parse import urlsplit

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from contacts.actions import alerts as verbs
from contacts.actions import digests
from contacts.enums import Rhythm
from contacts.models import Alert, AlertItem, AlertOpinion, Subscriber
from contacts.rules import alerts as rules
from core import known, mail
from core.guard import fresh
from core.mail import ASKED_A_DAY, ASKED_ENOUGH
from core.models import Mail
from opportunities.models import OpportunityKind
from tests.accounts.factories import SuperuserFactory, UserFactory
from tests.contacts.test_alerts import follow, later, publish, told
from tests.core.told import said
from tests.opportunities.factories import OpportunityFactory
from tests.portal.page import Page

pytestmark = pytest.mark.django_db

NEW = "/alertes/nouvelle/?commune=Sault&rayon=5"
TO = "lectrice@exemple.org"


def filled(email=TO, rhythm="daily", **values):
    """The form as somebody sends it after ten seconds."""
    with time_machine.travel(timezone.now() - timedelta(seconds=10), tick=False):
        return {"email": email, "rhythm": rhythm, "shown": fresh(), "site": "", **values}


def ask(client, address=NEW, **values):
    return client.post(address, filled(**values))


def links(message):
    return [urlsplit(url).path for url in re.findall(r"http\S+", message.text)]


def link(message, part):
    (path,) = {path for path in links(message) if f"/alertes/{part}/" in path}
    return path


def last(event):
    return Mail.objects.filter(event__startswith=f"contacts.alert_{event}:").order_by("-pk").first()


def manage(person):
    return urlsplit(verbs.manage_url(person)).path


class TestAsking:
    def test_every_list_and_every_empty_list_leads_to_the_form(self, client):
        OpportunityFactory(town="Sault")
        for query in ("", "?commune=Sault&rayon=5&tri=distance", "?commune=Apt&rayon=5"):
            page = Page(client.get(f"/exercer/offres/{query}"))
            wanted = "/alertes/nouvelle/" + query.replace("&tri=distance", "")
            assert [address for address, label in page.links if "Recevoir les nouvelles offres" in label] == [wanted] * 2
        assert "/alertes/nouvelle/" in {address for address, _ in Page(client.get("/exercer/")).links}

    def test_the_form_says_the_search_in_words_what_for_and_how_long(self, client):
        page = Page(client.get(NEW))
        for words in ("Sault, 5 km à vol d’oiseau", "garde votre adresse", "sept jours", "trente jours", "d’un clic"):
            assert words in page.text.replace("\u00a0", " "), words
        assert {"/donnees-personnelles/", "/exercer/offres/?commune=Sault&rayon=5"} <= {address for address, _ in page.links}
        assert page.response["X-Robots-Tag"] == "noindex, nofollow"
        assert not page.response.cookies

    def test_an_address_is_asked_before_anything_is_sent_to_it(self, client, now):
        response = ask(client)
        assert "Regardez votre boîte" in client.get(response["Location"]).content.decode()
        assert not response.cookies
        publish(town="Sault")
        assert told(days=2) == ""
        confirm = link(last("confirm"), "confirmer")
        assert "Recevoir ces alertes" in client.get(confirm).content.decode()
        assert not Alert.objects.active().exists()
        answer = client.post(confirm)
        assert "<h1>Votre alerte est en place</h1>" in answer.content.decode()
        assert list(answer.cookies) == [known.COOKIE]
        (alert,) = Alert.objects.active()
        assert (alert.query, alert.rhythm) == ("commune=Sault&rayon=5", Rhythm.DAILY)

    def test_pressing_twice_confirms_once(self, client, now):
        ask(client)
        confirm = link(last("confirm"), "confirmer")
        client.post(confirm)
        with later(days=1):
            assert "en place" in client.post(confirm).content.decode()
        assert Alert.objects.get().confirmed_at == now

    def test_a_browser_that_confirmed_the_address_is_not_asked_again(self, client, now):
        ask(client)
        client.post(link(last("confirm"), "confirmer"))
        response = ask(client, "/alertes/nouvelle/?commune=Apt")
        assert "a déjà confirmé" in client.get(response["Location"]).content.decode()
        assert Alert.objects.active().count() == 2
        assert "/alertes/gerer/" in " ".join(links(last("begun")))
        other = Client()
        ask(other, "/alertes/nouvelle/?commune=Orange")
        assert Alert.objects.active().count() == 2

    def test_the_same_search_written_otherwise_is_the_same_alert_and_it_is_said(self, client, now):
        follow("commune=Sault&rayon=5", rhythm=Rhythm.WEEKLY)
        ask(client, "/alertes/nouvelle/?rayon=5&tri=debut&commune=sault&page=3&inconnu=1", rhythm="at_once")
        (alert,) = Alert.objects.all()
        assert alert.rhythm == Rhythm.WEEKLY
        assert "Vous suivez déjà" in last("already").subject
        assert not last("confirm")

    def test_the_page_says_the_same_whatever_the_address_has(self, client, now):
        follow("commune=Sault&rayon=5", email="abonnee@exemple.org")
        for number in range(rules.MOST):
            follow(f"part={number + 1}", email="comblee@exemple.org")
        answers = {
            email: ask(client, email=email)["Location"] for email in ("abonnee@exemple.org", "comblee@exemple.org", "inconnue@exemple.org")
        }
        assert len(set(answers.values())) == 1
        pages = {said(client.post("/alertes/", filled(email=email))) for email in answers}
        assert pages == {("/alertes/", "envoye")}
        assert Mail.objects.filter(event__startswith="contacts.alert_link:", recipient="abonnee@exemple.org").count() == 1
        assert not Mail.objects.filter(event__startswith="contacts.alert_link:", recipient="inconnue@exemple.org").exists()

    def test_ten_searches_and_no_more(self, client, now):
        for number in range(rules.MOST):
            follow(f"part={number + 1}")
        ask(client)
        assert "10 recherches" in last("full").subject.replace("\u00a0", " ")
        assert Alert.objects.count() == rules.MOST

    def test_an_eleventh_that_was_asked_before_is_refused_in_words(self, client, now):
        ask(client)
        confirm = link(last("confirm"), "confirmer")
        for number in range(rules.MOST):
            follow(f"part={number + 1}")
        assert "arrêtez-en une" in client.post(confirm).content.decode()
        assert Alert.objects.active().count() == rules.MOST

    @pytest.mark.parametrize("event", ["confirm", "already"])
    def test_no_words_that_somebody_typed_reach_the_address(self, client, now, event):
        address = "/alertes/nouvelle/?q=Gagnez+http%3A%2F%2Fvoleur.example&logement=1"
        ask(client, address)
        if event == "already":
            client.post(link(last("confirm"), "confirmer"))
            with later(hours=1):
                ask(client, address)
        message = last(event)
        assert "voleur" not in message.subject + message.text.replace("voleur.example&", "") + message.html
        assert "Gagnez" not in message.subject + message.text + message.html
        assert "logement possible, des mots choisis" in message.subject

    def test_somebody_else_cannot_fill_the_mailbox_of_an_address(self, client, now):
        for number in range(12):
            with later(minutes=20 * number):
                ask(client, f"/alertes/nouvelle/?part={number + 1}")
        assert Mail.objects.filter(recipient=TO).count() == ASKED_A_DAY
        with later(hours=4):
            page = ask(client, "/alertes/nouvelle/?part=13", rhythm="weekly").text
        assert ASKED_ENOUGH in unescape(page)
        assert f'value="{TO}"' in page

    def test_errors_lose_nothing_and_are_told(self, client, now):
        html = ask(client, email="pas une adresse", rhythm="weekly").content.decode()
        assert "Votre demande n’est pas partie" in html
        assert 'value="pas une adresse"' in html
        assert re.search(r'value="weekly"[^>]*checked', html)
        assert not Subscriber.objects.exists()

    def test_a_link_that_is_too_old_is_replaced_on_demand(self, client, now):
        ask(client)
        confirm = link(last("confirm"), "confirmer")
        with later(days=4):
            page = client.get(confirm)
            assert page.status_code == 410
            assert "Recevoir un nouveau lien" in page.content.decode()
            client.post(confirm)
            client.post(link(last("confirm"), "confirmer"))
        assert Alert.objects.active().count() == 1


HOSTILE = [
    "commune=%00&q=%00",
    "commune=" + "x" * 5000,
    "du=99999-01-01&au=0000-00-00",
    "rayon=99999999999999999999&part=-1",
    "type=zzz&type=&type=%E2%80%AE",
    "zone=nan,1,2,3&zone=4,43,5,45",
    "sujet=offre&sujet=offre&q=a%20OR%20%22",
    "q=" + "%22" * 60,
    "fait=%00",
]


class TestHostile:
    @pytest.mark.parametrize("query", HOSTILE)
    def test_an_absurd_search_is_told_or_left_out(self, client, now, query):
        assert client.get(f"/alertes/nouvelle/?{query}").status_code == 200
        assert ask(client, f"/alertes/nouvelle/?{query}").status_code == 302
        assert Alert.objects.count() == 1

    def test_an_unknown_kind_is_no_page(self, client):
        assert client.get("/alertes/nouvelle/?sujet=maisons").status_code == 404
        assert client.post("/alertes/nouvelle/?sujet=%00", {}).status_code == 404

    @pytest.mark.parametrize(
        "values",
        [
            {"email": "a@b\0.fr"},
            {"email": ["a@exemple.org", "b@exemple.org"]},
            {"rhythm": "chaque seconde"},
            {"rhythm": "\0"},
            {"email": "x" * 9999},
        ],
    )
    def test_absurd_forms_are_answered(self, client, now, values):
        assert client.post(NEW, filled() | values).status_code in (200, 302)

    def test_a_robot_is_stopped(self, client, now):
        assert ask(client, site="http://spam.example").status_code == 200
        assert ask(client, shown="").status_code == 200
        assert not Subscriber.objects.exists()

    def test_a_thousand_posts_reach_nobody(self, client, now):
        for number in range(60):
            ask(client, email=f"victime{number}@exemple.org")
        assert Mail.objects.count() == 10

    @pytest.mark.parametrize("part", ["confirmer", "gerer", "arreter", "desabonnement", "continuer"])
    def test_forged_links_open_nothing(self, client, part):
        for token in ("x", "a:b:c", "%00", "1" * 4000):
            assert client.get(f"/alertes/{part}/{token}/").status_code == 404
            assert client.post(f"/alertes/{part}/{token}/").status_code == 404

    @pytest.mark.parametrize(
        "values", [{}, {"verb": "stop"}, {"verb": "stop", "alert": "9" * 30}, {"verb": "rhythm", "alert": "x"}, {"verb": "\0"}]
    )
    def test_absurd_buttons_change_nothing(self, client, now, values):
        alert = follow()
        assert client.post(manage(alert.subscriber), values).status_code == 302
        alert.refresh_from_db()
        assert alert.is_active


class TestLinksOfADigest:
    @pytest.fixture
    def digest(self, now):
        follow("commune=Sault&rayon=5")
        follow("commune=Apt&rayon=5", rhythm=Rhythm.DAILY)
        publish(town="Sault")
        told()
        return last("digest")

    def test_one_post_of_a_mail_program_unsubscribes(self, digest):
        path = urlsplit(digest.unsubscribe_url).path
        strict = Client(enforce_csrf_checks=True)
        assert "Tout arrêter" in strict.get(path).content.decode()
        assert Alert.objects.active().count() == 2
        answer = strict.post(path, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
        assert answer.status_code == 200
        assert not answer.cookies
        assert not Alert.objects.active().exists()
        assert strict.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200

    def test_one_alert_is_stopped(self, client, digest):
        path = link(digest, "arreter")
        client.get(path)
        assert Alert.objects.active().count() == 2
        assert "arrêtée" in client.post(path).content.decode()
        assert [alert.query for alert in Alert.objects.active()] == ["commune=Apt&rayon=5"]

    def test_an_opinion_is_a_button_away_and_the_last_one_counts(self, client, digest):
        (useful,) = [path for path in links(digest) if path.endswith("/oui/")]
        (useless,) = [path for path in links(digest) if path.endswith("/non/")]
        client.get(useful)
        assert not AlertOpinion.objects.exists()
        client.post(useful, {"word": "parfait"})
        client.post(useless, {"word": "trop de messages\r\n" + "x" * 200})
        (opinion,) = AlertOpinion.objects.all()
        assert not opinion.useful
        assert opinion.word.startswith("trop de messages x")
        for word in ("x" * 301, "a\0b"):
            assert client.post(useful, {"word": word}).status_code == 200
        opinion.refresh_from_db()
        assert not opinion.useful

    def test_all_are_managed_on_one_page(self, client, digest):
        path = {path for path in links(digest) if "/gerer/" in path and path.count("/") == 4}.pop()
        page = Page(client.get(path))
        assert "Sault, 5 km" in page.text.replace("\u00a0", " ")
        assert "Apt, 5 km" in page.text.replace("\u00a0", " ")
        alert = Alert.objects.get(query="commune=Sault&rayon=5")
        client.post(path, {"verb": "rhythm", "alert": alert.pk, "rhythm": "weekly"})
        alert.refresh_from_db()
        assert alert.rhythm == Rhythm.WEEKLY
        client.post(path, {"verb": "stop", "alert": alert.pk})
        assert Alert.objects.active().count() == 1
        client.post(path, {"verb": "stop_all"})
        assert not Alert.objects.active().exists()

    def test_somebody_else_s_alert_is_out_of_reach(self, client, digest):
        other = follow(email="autre@exemple.org")
        path = manage(Subscriber.objects.get(email=TO))
        client.post(path, {"verb": "stop", "alert": other.pk})
        assert client.get(f"{path}{other.pk}/").status_code == 404
        other.refresh_from_db()
        assert other.is_active

    def test_everything_is_erased_at_once_on_demand(self, client, digest):
        client.post(link(digest, "desabonnement"))
        person = Subscriber.objects.get(email=TO)
        (useful,) = [path for path in links(digest) if path.endswith("/oui/")]
        client.post(useful)
        assert "Tout est effacé" in client.post(manage(person), {"verb": "forget"}).content.decode()
        assert not Subscriber.objects.exists()
        assert not AlertItem.objects.exists()
        assert not Mail.objects.exclude(recipient="", text="", html="", unsubscribe_url="").exists()
        assert AlertOpinion.objects.get().alert is None

    def test_the_search_is_changed_with_the_filters_of_the_list(self, client, digest):
        (path,) = [path for path in links(digest) if re.search(r"/gerer/[^/]+/\d+/$", path)]
        page = Page(client.get(path))
        assert 'name="commune"' in page.html
        shown = client.get(f"{path}?commune=Orange&rayon=10&q=").content.decode()
        assert "Suivre cette recherche" in shown
        assert Alert.objects.filter(query="commune=Sault&rayon=5").exists()
        (action,) = re.findall(r'action="(\?[^"]+)"', shown)
        client.post(path + action.replace("&amp;", "&"))
        assert Alert.objects.filter(query="commune=Orange&rayon=10").exists()
        assert "déjà cette recherche" in client.post(f"{path}?commune=Apt&rayon=5").content.decode()


class TestChanging:
    def test_what_the_new_search_found_already_is_not_new_but_what_came_since_the_last_message_is(self, now):
        OpportunityFactory(town="Apt", title="D’avant")
        alert = follow("commune=Sault&rayon=5", rhythm=Rhythm.WEEKLY)
        with later(days=1):
            publish(town="Apt", title="De la semaine")
        with later(days=2):
            verbs.change(alert=alert, query="commune=Apt&rayon=5", at=timezone.now())
        text = told(days=7)
        assert "De la semaine" in text
        assert "D’avant" not in text

    def test_a_search_of_which_a_part_is_gone_says_so_once_and_finds_nothing(self, client, now):
        kind = OpportunityKind.objects.create(code="passager", label="Type passager")
        alert = follow("type=passager&commune=Sault&rayon=5")
        kind.delete()
        publish(town="Sault")
        assert told() == ""
        assert told(minutes=10) == ""
        (message,) = Mail.objects.filter(event__startswith="contacts.alert_broken:")
        assert "«\u00a0passager\u00a0» n’existe pas" in message.text
        assert "se tait" in client.get(manage(alert.subscriber)).content.decode()

    def test_a_kind_that_is_no_longer_proposed_still_works(self, now):
        follow("type=succession")
        OpportunityKind.objects.filter(code="succession").update(active=False)
        publish(succession=True, title="Une succession")
        assert "Une succession" in told()


class TestEnds:
    def test_six_months_of_silence_are_asked_about_and_end_a_month_later(self, client, now):
        alert = follow()
        with later(days=181):
            assert digests.ask_to_go_on(at=timezone.now()) == 1
            assert digests.ask_to_go_on(at=timezone.now()) == 0
            assert "12 janvier 2027" in last("renew").text.replace("\u00a0", " ")
            send()
        with later(days=210):
            assert digests.ask_to_go_on(at=timezone.now()) == 0
        with later(days=212):
            assert digests.ask_to_go_on(at=timezone.now()) == 1
        alert.refresh_from_db()
        assert alert.stopped_at

    def test_a_word_goes_on_for_six_months(self, client, now):
        follow()
        with later(days=181):
            digests.ask_to_go_on(at=timezone.now())
            send()
            path = link(last("renew"), "continuer")
            assert "Oui, je continue" in client.get(path).content.decode()
            assert Subscriber.objects.get().renewed_at == now
            assert "continuent" in client.post(path).content.decode()
        with later(days=212):
            assert digests.ask_to_go_on(at=timezone.now()) == 0
        assert Alert.objects.active().exists()

    def test_nobody_is_stopped_whom_the_question_did_not_reach(self, now):
        follow()
        with later(days=181):
            digests.ask_to_go_on(at=timezone.now())
        with later(days=250):
            assert digests.ask_to_go_on(at=timezone.now()) == 0
        assert Alert.objects.active().exists()

    @pytest.mark.parametrize(("states", "running"), [(["failed"] * 2, 1), (["sent", "failed", "failed"], 1), (["failed"] * 3, 0)])
    def test_an_address_that_answers_no_more_is_left_alone(self, now, states, running):
        follow()
        for number, state in enumerate(states):
            publish()
            assert told(minutes=5 * (number + 1))
            Mail.objects.filter(pk=last("digest").pk).update(state=state, sent_at=now)
        assert digests.stop_unreachable(at=now) == (0 if running else 1)
        assert Alert.objects.active().count() == running

    def test_what_nobody_confirmed_and_what_was_stopped_is_erased(self, client, now):
        ask(client)
        stopped = follow("part=80", email="partie@exemple.org")
        verbs.stop(person=stopped.subscriber, at=now)
        kept = follow("part=80", email="reste@exemple.org")
        verbs.judge(alert=kept, useful=True, word="bien", at=now)
        for days, people in ((6, 3), (8, 2), (29, 2), (31, 1), (400, 1)):
            with later(days=days):
                digests.erase_old(at=timezone.now())
                digests.erase_old(at=timezone.now())
            assert Subscriber.objects.count() == people, days
        assert Subscriber.objects.get() == kept.subscriber
        assert AlertOpinion.objects.get().word == ""


def send():
    mail.deliver_due(at=timezone.now())


class TestStaff:
    def test_staff_read_figures_and_those_who_may_read_people(self, client, now, django_user_model):
        alert = follow("commune=Sault&rayon=5")
        verbs.judge(alert=alert, useful=True, word="bien vu", at=now)
        member = UserFactory(is_staff=True)
        member.user_permissions.add(*permissions("view_alert", "view_alertopinion"))
        client.force_login(member)
        change = reverse("admin:contacts_alert_change", args=[alert.pk])
        for address in (reverse("admin:contacts_alert_changelist"), change, reverse("admin:contacts_alertopinion_changelist")):
            html = client.get(address).content.decode()
            assert client.get(address).status_code == 200
            assert TO not in html, address
        assert "Sault, 5\u00a0km" in client.get(change).content.decode()
        assert client.get(reverse("admin:contacts_subscriber_changelist")).status_code == 403
        client.force_login(SuperuserFactory())
        html = client.get(change).content.decode()
        assert TO in html
        assert "Votre alerte est en place" in html
        assert TO in client.get(reverse("admin:contacts_subscriber_change", args=[alert.subscriber.pk])).content.decode()

    def test_a_list_asks_as_much_for_three_as_for_one(self, client, now):
        client.force_login(SuperuserFactory())
        address, counts = reverse("admin:contacts_alert_changelist"), []
        for number in range(3):
            follow(f"part={number + 1}", email=f"p{number}@exemple.org")
            with CaptureQueriesContext(connection) as captured:
                client.get(address)
            counts.append(len(captured))
        assert counts[0] == counts[2]

    def test_a_person_is_erased_on_demand(self, client, now):
        alert = follow()
        client.force_login(SuperuserFactory())
        client.post(reverse("admin:contacts_subscriber_changelist"), {"action": "forget", "_selected_action": [alert.subscriber.pk]})
        assert not Subscriber.objects.exists()


def permissions(*names):
    return Permission.objects.filter(content_type__app_label="contacts", codename__in=names)
