"""No offer lies about its state: publishers are asked, readers report, and what nobody confirms leaves the lists."""

import re
import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from core import mail
from core.announced.freshness import ASKED_A_DAY, ERASED_AFTER
from core.enums import MailState
from core.models import Mail
from opportunities import actions, freshness, private_link, rules
from opportunities.enums import ReportReason, State
from opportunities.models import OfferReport, Opportunity
from tests.accounts.factories import SuperuserFactory
from tests.opportunities.factories import OpportunityFactory

pytestmark = pytest.mark.django_db

TO = "cabinet@exemple.org"


def silent(days, **values):
    """A published offer of which nothing was heard for so long."""
    values = {"contact_email": TO, "expires_at": timezone.now() + timedelta(days=60)} | values
    past = timezone.now() - timedelta(days=days)
    return OpportunityFactory(confirmed_at=past, published_at=past, **values)


def ask(at):
    """Ask, and let the mail leave."""
    freshness.ask_publishers(at=at)
    mail.deliver_due(at=at)


def subjects():
    return list(Mail.objects.order_by("pk").values_list("subject", flat=True))


def events():
    return [event.split(":")[0].removeprefix("opportunities.") for event in Mail.objects.order_by("pk").values_list("event", flat=True)]


def keep(offer):
    return reverse("opportunities:offer_keep", args=[private_link.keep_url(offer).rstrip("/").rpartition("/")[2]])


class TestAsking:
    @pytest.mark.parametrize(("days", "asked"), [(29, False), (31, True)])
    def test_after_thirty_days_the_publisher_is_asked(self, now, days, asked):
        silent(days)
        assert freshness.ask_publishers(at=now) == int(asked)
        assert events() == (["confirm"] if asked else [])

    def test_the_question_says_until_when_and_opens_the_offer(self, client, now):
        offer = silent(31, title="Collaboration à Apt")
        freshness.ask_publishers(at=now)
        message = Mail.objects.get()
        assert message.recipient == TO
        assert "Collaboration à Apt" in message.subject
        assert "15 mai 2026" in message.text, "when it was confirmed"
        assert "29 juin 2026" in message.text, "when it leaves: fourteen days at least"
        url = re.search(r"http\S+", message.text).group()
        assert client.get(url.partition("8000")[2]).context["offer"] == offer

    @pytest.mark.parametrize("values", [{"locum": True}, {"paused": True}, {"filled": True}, {"contact_email": ""}])
    def test_nobody_is_asked_for_nothing(self, now, values):
        silent(35, **values)
        assert freshness.ask_publishers(at=now) == 0

    def test_a_locum_without_a_last_day_is_asked(self, now):
        silent(35, regular_locum=True)
        assert freshness.ask_publishers(at=now) == 1

    def test_asked_once_whatever_runs(self, now):
        silent(31)
        for _ in range(3):
            freshness.ask_publishers(at=now)
        freshness.ask_publishers(at=now + timedelta(days=5))
        assert events() == ["confirm"]

    def test_reminded_once_before_it_leaves(self, now):
        silent(31)
        ask(now)
        for days in (8, 9, 10, 12):
            freshness.ask_publishers(at=now + timedelta(days=days))
        assert events() == ["confirm", "remind"]

    def test_no_reminder_once_the_day_is_past(self, now):
        silent(31)
        ask(now)
        assert freshness.ask_publishers(at=now + timedelta(days=16)) == 0

    def test_a_new_contact_is_asked_too(self, now):
        offer = silent(31)
        ask(now)
        offer.contact_email = "nouveau@exemple.org"
        actions.save_offer(offer=offer)
        assert freshness.ask_publishers(at=now + timedelta(days=1)) == 1

    def test_a_regular_locum_with_a_last_day_is_asked(self, now):
        silent(35, regular_locum=True, ends_on=timezone.localdate() + timedelta(days=300))
        assert freshness.ask_publishers(at=now) == 1

    def test_a_new_confirmation_begins_again(self, now):
        offer = silent(31)
        freshness.ask_publishers(at=now)
        actions.confirm(offer=offer, at=now + timedelta(days=1))
        assert freshness.ask_publishers(at=now + timedelta(days=30)) == 0
        assert freshness.ask_publishers(at=now + timedelta(days=32)) == 1


class TestLeaving:
    def leave(self, now, days):
        at = now + timedelta(days=days, minutes=1)
        with time_machine.travel(at, tick=False):
            return freshness.retire_silent(at=at)

    def test_after_forty_five_days_it_leaves_the_lists_and_its_publisher_is_told(self, now):
        offer = silent(31)
        ask(now)
        assert self.leave(now, 13) == 0
        assert self.leave(now, 14) == 1
        offer.refresh_from_db()
        assert offer.state == State.EXPIRED
        assert events() == ["confirm", "retired"]
        assert not Opportunity.objects.visible(now + timedelta(days=14)).exists()
        assert offer.state_changes.latest("pk").reason == "sans nouvelles de l’annonceur"

    def test_who_was_never_asked_is_asked_first(self, now):
        silent(200)
        assert freshness.retire_silent(at=now) == 0
        ask(now)
        assert self.leave(now, 13) == 0
        assert self.leave(now, 14) == 1

    @pytest.mark.parametrize("state", [MailState.WAITING, MailState.FAILED])
    def test_whom_our_question_did_not_reach_stays(self, now, state):
        silent(31)
        freshness.ask_publishers(at=now)
        Mail.objects.update(state=state)
        assert self.leave(now, 40) == 0

    def test_at_its_last_day_the_publisher_is_told(self, now):
        silent(10, expires_at=now + timedelta(hours=1))
        silent(10, locum=True, ends_on=timezone.localdate(), starts_on=timezone.localdate(), expires_at=now + timedelta(hours=1))
        at = now + timedelta(hours=2)
        actions.expire_due(at=at)
        assert [freshness.tell_ended(at=at), freshness.tell_ended(at=at)] == [1, 0]
        assert events() == ["ended"]

    def test_a_confirmed_offer_stays_as_long_as_a_new_one(self, now):
        offer = silent(31, expires_at=now + timedelta(days=2))
        actions.confirm(offer=offer, at=now)
        assert offer.expires_at == rules.default_expiry(offer, now) > now + timedelta(days=80)

    def test_whom_we_cannot_ask_leaves_as_well(self, now):
        silent(44, contact_email="")
        assert freshness.retire_silent(at=now) == 0
        assert self.leave(now, 2) == 1
        assert not Mail.objects.exists()

    def test_a_dated_locum_stays_through_its_last_day(self, now):
        silent(60, locum=True)
        assert freshness.retire_silent(at=now) == 0

    def test_twice_is_once(self, now):
        silent(31)
        ask(now)
        assert [self.leave(now, 20), self.leave(now, 20)] == [1, 0]
        assert events() == ["confirm", "retired"]


@pytest.mark.django_db(transaction=True)
def test_two_workers_ask_once(now):
    offers = [silent(31, title=f"Offre {number}") for number in range(6)]
    gate, written = threading.Barrier(2), []

    def work():
        gate.wait()
        written.append(freshness.ask_publishers(at=now))
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(written) == 2
    assert sum(written) + freshness.ask_publishers(at=now) == len(offers)
    assert Mail.objects.count() == len(offers)


class TestPrivatePage:
    def test_a_get_changes_nothing_and_is_of_nobody_else(self, client, now):
        offer = silent(31)
        response = client.get(keep(offer))
        offer.refresh_from_db()
        assert offer.confirmed_at == now - timedelta(days=31)
        assert response["X-Robots-Tag"] == "noindex, nofollow"
        assert response["Referrer-Policy"] == "no-referrer"
        assert "no-store" in response["Cache-Control"]
        assert not response.cookies

    @pytest.mark.parametrize(("verb", "state"), [("confirm", State.PUBLISHED), ("fill", State.FILLED), ("pause", State.PAUSED)])
    def test_one_click_says_what_became_of_it(self, client, now, verb, state):
        offer = silent(31)
        response = client.post(keep(offer), {"verb": verb, "note": "un confrère du canton", "how": "word"}, follow=True)
        offer.refresh_from_db()
        assert offer.state == state
        assert 'role="status"' in response.content.decode()
        if verb == "confirm":
            assert offer.confirmed_at == now
        if verb == "fill":
            assert offer.state_changes.latest("pk").reason == "un confrère du canton"

    def test_a_retired_offer_comes_back(self, client, now):
        offer = silent(31)
        actions.retire(offer=offer, at=now)
        client.post(keep(offer), {"verb": "publish"})
        offer.refresh_from_db()
        assert (offer.state, offer.confirmed_at) == (State.PUBLISHED, now)

    @pytest.mark.parametrize("verb", ["", "withdraw", "delete", "publish", "\0", "submit"])
    def test_a_button_that_is_not_there_does_nothing(self, client, now, verb):
        offer = silent(31)
        response = client.post(keep(offer), {"verb": verb})
        offer.refresh_from_db()
        assert (response.status_code, offer.state) == (200, State.PUBLISHED)
        assert "n’a plus d’effet" in response.content.decode()

    def test_what_the_team_withdrew_comes_back_through_the_team(self, client, now):
        offer = silent(5)
        actions.withdraw(offer=offer, reason="Hors du département", at=now)
        assert "button" not in client.get(keep(offer)).content.decode().partition("<main")[2].partition("</main")[0]
        client.post(keep(offer), {"verb": "publish"})
        offer.refresh_from_db()
        assert offer.state == State.WITHDRAWN

    def test_a_link_that_ended_sends_a_fresh_one_to_the_address_of_the_offer(self, client, now):
        offer = silent(1)
        page = keep(offer)
        with time_machine.travel(now + private_link.LIFETIME + timedelta(minutes=1), tick=False):
            response = client.get(page)
            assert response.status_code == 410
            assert offer.title not in response.content.decode()
            assert not Mail.objects.exists()
            for _ in range(3):
                client.post(page)
        assert events() == ["link"]
        assert Mail.objects.get().recipient == TO

    def test_staff_make_links_void(self, client, now):
        offer = silent(1)
        page = keep(offer)
        client.force_login(SuperuserFactory())
        client.post("/equipe/opportunities/opportunity/", {"action": "revoke_links", "_selected_action": [offer.pk]})
        assert client.get(page).status_code == 404

    def test_the_link_of_a_former_contact_is_void(self, client, now):
        offer = silent(1)
        page = keep(offer)
        actions.save_offer(offer=offer)
        assert client.get(page).status_code == 200
        offer.contact_email = "nouveau@exemple.org"
        actions.save_offer(offer=offer)
        assert client.get(page).status_code == 404

    def test_what_was_not_done_is_not_said(self, client, now):
        offer = silent(1)
        assert "a quitté les listes" not in client.get(keep(offer), {"fait": "fill"}).content.decode()

    def test_what_was_done_is_said_by_that_page_for_a_moment(self, client, now):
        page = client.post(keep(silent(1)), {"verb": "pause"}).url
        assert "L’offre est en pause" in client.get(page).text
        with time_machine.travel(now + timedelta(minutes=6)):
            assert "L’offre est en pause" not in client.get(page).text

    @pytest.mark.parametrize("token", ["x", "a:b:c", "é", "1" * 3000])
    def test_an_invented_link_opens_nothing(self, client, token):
        response = client.get(reverse("opportunities:offer_keep", args=[token]))
        assert response.status_code == 404
        assert "Ce lien n’ouvre rien" in response.content.decode()


def report(client, offer, after=30, **values):
    """Send the form as a reader does who takes `after` seconds to fill it in."""
    page = reverse("opportunities:offer_report", args=[offer.pk])
    shown = client.get(page).context["form"]["shown"].value()
    with time_machine.travel(timezone.now() + timedelta(seconds=after), tick=False):
        return client.post(page, {"reason": "filled", "shown": shown} | values, follow=True)


class TestReports:
    def test_the_page_of_an_offer_leads_there(self, client, now):
        offer = silent(5)
        assert reverse("opportunities:offer_report", args=[offer.pk]) in client.get(offer.get_absolute_url()).content.decode()

    def test_the_publisher_is_asked_at_once_and_the_reader_thanked(self, client, now):
        offer = silent(5)
        response = report(client, offer, text="J'ai appelé\nVoir : https://ailleurs.example/", email="lectrice@exemple.org")
        assert "L’annonceur est interrogé" in response.content.decode()
        assert events() == ["reported", "report_receipt"]
        to_publisher, to_reader = Mail.objects.order_by("pk")
        assert to_publisher.recipient == TO
        assert "lectrice" not in to_publisher.text + to_publisher.html
        assert "le poste est pourvu" in to_publisher.text
        assert "> J’ai appelé" in to_publisher.text
        assert to_reader.recipient == "lectrice@exemple.org"
        assert not response.cookies

    def test_the_publisher_is_asked_once_a_day(self, client, now):
        offer = silent(5)
        for reason in ("filled", "wrong", "silent"):
            report(client, offer, reason=reason)
        assert events() == ["reported"]
        assert OfferReport.objects.count() == 3

    @pytest.mark.parametrize(("verb", "words"), [("confirm", "a confirmé"), ("fill", "pourvue")])
    def test_what_becomes_of_the_offer_settles_it_and_the_reader_knows(self, client, now, verb, words):
        offer = silent(5)
        report(client, offer, email="lectrice@exemple.org")
        client.post(keep(offer), {"verb": verb})
        row = OfferReport.objects.get()
        assert row.settled_at == now
        assert words in row.outcome
        assert words in Mail.objects.get(event__startswith="opportunities.report_settled").text

    def test_a_text_that_may_be_unlawful_waits_for_the_team_whatever_the_publisher_does(self, client, now):
        offer = silent(5)
        report(client, offer, reason="unlawful")
        client.post(keep(offer), {"verb": "confirm"})
        client.post(keep(offer), {"verb": "pause"})
        assert OfferReport.objects.for_staff(now).count() == 1
        actions.withdraw(offer=offer, reason="illicite", actor=SuperuserFactory(), at=now)
        assert not OfferReport.objects.open().exists()

    def test_an_answer_opens_a_new_question(self, client, now):
        offer = silent(5)
        report(client, offer)
        client.post(keep(offer), {"verb": "confirm"})
        report(client, offer)
        assert events().count("reported") == 2

    def test_one_publisher_is_not_flooded(self, client, now):
        for number in range(ASKED_A_DAY + 2):
            report(client, silent(5, title=f"Offre {number}"))
        assert events().count("reported") == ASKED_A_DAY
        assert OfferReport.objects.filter(asked=False).count() == 2

    def test_an_address_is_not_flooded(self, client, now):
        for number in range(6):
            report(client, silent(5, title=f"Offre {number}", contact_email=""), email="victime@exemple.org")
        assert events().count("report_receipt") == 3
        assert OfferReport.objects.count() == 6

    def test_staff_look_after_two_days_or_at_once_when_it_may_be_unlawful(self, client, now):
        offer = silent(5)
        report(client, offer)
        report(client, offer, reason="unlawful")
        report(client, silent(5, contact_email="", title="Autre"))
        assert OfferReport.objects.for_staff(now + timedelta(hours=1)).count() == 2
        assert OfferReport.objects.for_staff(now + timedelta(hours=49)).count() == 3
        assert Mail.objects.filter(event__startswith="opportunities.reported").count() == 1

    def test_staff_see_them_and_settle(self, client, now):
        offer = silent(5)
        row = freshness.report(offer=offer, reason=ReportReason.UNLAWFUL, email="lectrice@exemple.org", at=now)
        client.force_login(SuperuserFactory())
        assert "signalements" in {queue.code for queue in client.get("/equipe/").context["queues"]}
        client.post("/equipe/opportunities/offerreport/", {"action": "settle", "_selected_action": [row.pk]})
        row.refresh_from_db()
        assert "L’équipe a vérifié" in row.outcome
        assert "Suite de votre signalement" in subjects()[-1]

    def test_an_offer_that_is_not_shown_is_not_reported(self, client, now):
        assert client.get(reverse("opportunities:offer_report", args=[OpportunityFactory(draft=True).pk])).status_code == 404

    @pytest.mark.parametrize(
        ("values", "message"),
        [
            ({"reason": ""}, "obligatoire"),
            ({"reason": "x"}, "n’en fait pas partie"),
            ({"email": "pas une adresse"}, "adresse de courriel valide"),
            ({"email": f"{'a' * 250}@exemple.org"}, "au plus 254"),
            ({"email": '"a\x0bBcc:x"@exemple.org'}, "écrivez-la de nouveau"),
            ({"text": "x" * 1001}, "au plus 1000 caractères"),
            ({"text": "a\0b"}, "caractère nul"),
            ({"site": "https://spam.example"}, "doit rester vide"),
            ({"shown": ""}, "Relisez"),
            ({"shown": "1:2:3"}, "Relisez"),
        ],
    )
    def test_what_is_refused_is_said_and_nothing_is_lost(self, client, now, values, message):
        offer = silent(5)
        response = report(client, offer, **({"text": "Mon texte"} | values))
        html = response.content.decode()
        assert message in " ".join(text for found in response.context["form"].errors.values() for text in found).replace("\xa0", " ")
        assert values.get("text", "Mon texte").replace("\0", "") in html.replace("\0", "")
        assert not OfferReport.objects.exists()

    def test_a_form_filled_in_a_second_is_read_again(self, client, now):
        offer = silent(5)
        assert "Relisez" in report(client, offer, after=1).content.decode()

    def test_a_flood_reaches_nobody(self, client, now):
        offers = [silent(5, title=f"Offre {number}") for number in range(14)]
        pages = [report(client, offer).content.decode() for offer in offers]
        assert sum("Trop d’envois en peu de temps" in html for html in pages) == 4
        assert OfferReport.objects.count() == 10

    def test_words_and_addresses_are_erased(self, now):
        offer = silent(5)
        row = freshness.report(offer=offer, reason="wrong", text="mot", email="lectrice@exemple.org", at=now)
        actions.confirm(offer=offer, at=now)
        assert freshness.erase_old_reports(at=now + ERASED_AFTER) == 0
        assert freshness.erase_old_reports(at=now + ERASED_AFTER + timedelta(days=1)) == 1
        row.refresh_from_db()
        assert (row.text, row.email, row.reason) == ("", "", "wrong")


def test_the_screen_of_an_offer_shows_its_messages(client, now):
    offer = silent(31)
    freshness.ask_publishers(at=now)
    mail.deliver_due(at=now)
    client.force_login(SuperuserFactory())
    html = client.get(reverse("admin:opportunities_opportunity_change", args=[offer.pk])).content.decode()
    assert "Votre offre est-elle toujours vraie" in html
    assert "envoyé</span> 15 juin 2026 à 10:00" in html


def test_a_discreet_offer_is_not_named_by_its_mails(now):
    offer = silent(31, in_epci=True, town="Sault", title="Succession discrète")
    freshness.ask_publishers(at=now)
    mail.deliver_due(at=now)
    freshness.ask_publishers(at=now + timedelta(days=10))
    freshness.report(offer=offer, reason="wrong", email="lectrice@exemple.org", at=now)
    freshness.send_fresh_link(offer=offer, at=now)
    freshness.retire_silent(at=now + timedelta(days=20))
    assert set(events()) == {"confirm", "remind", "reported", "report_receipt", "link", "retired", "report_settled"}
    for message in Mail.objects.all():
        assert "Sault" not in message.subject + message.text + message.html


def test_ages_make_sense():
    assert rules.CONFIRM_AFTER_DAYS < rules.REMIND_AFTER_DAYS < rules.RETIRE_AFTER_DAYS
    assert rules.RETIRE_AFTER_DAYS - rules.CONFIRM_AFTER_DAYS >= rules.ASKED_BEFORE_DAYS
