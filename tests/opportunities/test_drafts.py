"""A draft that its publisher wrote is kept: nothing of it goes without a word, and one button pressed twice makes one."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from core import french, known
from core.models import Mail
from opportunities import actions, rules, tasks
from opportunities.enums import State
from opportunities.models import Opportunity
from tests.opportunities.publishing import events, fields, keep, link, write_url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


def drafted(client, **changes):
    """A draft that nobody has confirmed."""
    client.post(write_url(), fields(act="brouillon", **changes))
    return Opportunity.objects.get()


class TestKept:
    """Opened and left alone, or kept by one button."""

    def test_until_when_is_said_by_mail_and_on_the_page(self, client, now):
        offer = drafted(client)
        last = french.date(timezone.localtime(now + timedelta(days=rules.UNCONFIRMED_DAYS)))
        assert f"gardé jusqu’au {last}, puis effacé" in Mail.objects.get().text
        page = client.get(keep(offer)).text
        assert last in page
        assert "garder mon brouillon" in page

    def test_its_button_confirms_the_address_and_keeps_it(self, client, now):
        offer = drafted(client)
        response = client.post(keep(offer), {"verb": "keep"})
        assert known.COOKIE in response.cookies
        page = client.get(response.url).text
        assert "votre brouillon est gardé" in page
        assert "C’est bien moi" not in page
        assert actions.erase_drafts(at=now + timedelta(days=60)) == 0

    def test_saving_it_behind_the_link_keeps_it(self, client, now):
        offer = drafted(client)
        client.post(keep(offer, "offer_edit"), fields(act="brouillon", contact_email=None, title="Une autre place"))
        assert actions.erase_drafts(at=now + timedelta(days=60)) == 0

    def test_the_button_is_of_drafts_alone(self, client, now):
        offer = drafted(client)
        actions.confirm_contact(offer=offer, at=now)
        actions.hand_over(offer=offer, at=now)
        assert "plus d’effet" in client.post(keep(offer), {"verb": "keep"}).text


class TestTold:
    """Two days before it goes, once."""

    def told(self, at):
        with time_machine.travel(at, tick=False):
            tasks.keep_true(timestamp=0)
            tasks.keep_true(timestamp=0)
        return events().count("draft_ending")

    def test_on_the_fifth_day(self, client, now):
        offer = drafted(client, title="Un titre à soi")
        assert self.told(now + timedelta(days=4)) == 0
        assert self.told(now + timedelta(days=5, minutes=1)) == 1
        assert self.told(now + timedelta(days=6)) == 1
        message = Mail.objects.latest("pk")
        assert "Un titre à soi" not in message.text + message.subject
        assert french.date(timezone.localtime(now + timedelta(days=7))) in message.subject
        with time_machine.travel(now + timedelta(days=6), tick=False):
            assert client.get(link(message)).context["offer"] == offer

    def test_not_once_it_is_confirmed(self, client, now):
        client.post(keep(drafted(client)), {"verb": "keep"})
        assert self.told(now + timedelta(days=6)) == 0

    def test_before_the_end_of_three_months_too(self, client, now):
        client.post(keep(drafted(client)), {"verb": "keep"})
        assert self.told(now + timedelta(days=rules.ABANDONED_DAYS - 1)) == 1
        assert "bientôt trois mois" in Mail.objects.latest("pk").text


class TestPressedTwice:
    """The same form within ten minutes is one offer."""

    @pytest.mark.parametrize("act", ["brouillon", "envoyer"])
    def test_it_makes_one(self, client, act):
        first, second = (client.post(write_url(), fields(act=act)) for _ in range(2))
        assert second.status_code == first.status_code == 302
        assert (Opportunity.objects.count(), events()) == (1, ["draft"])

    def test_a_known_browser_comes_back_to_the_first(self, client):
        client.post(keep(drafted(client)), {"verb": "keep"})
        client.post(write_url(), fields(act="envoyer"))
        assert Opportunity.objects.get().state == State.SUBMITTED
        assert "chez l’équipe" in client.get(client.post(write_url(), fields(act="envoyer")).url).text
        assert events() == ["draft", "submitted"]

    @pytest.mark.parametrize("changes", [{"title": "Une autre"}, {"software": "Un logiciel"}, {"contact_email": "autre@exemple.org"}])
    def test_another_word_makes_another(self, client, changes):
        drafted(client)
        client.post(write_url(), fields(act="brouillon", **changes))
        assert Opportunity.objects.count() == 2

    def test_the_same_later_is_another(self, client, now):
        drafted(client)
        with time_machine.travel(now + timedelta(minutes=11), tick=False):
            client.post(write_url(), fields(act="brouillon"))
        assert Opportunity.objects.count() == 2
