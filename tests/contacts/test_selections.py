"""Ma sélection: kept behind a secret link, written by two, read by others, without account or cookie."""

import re
from datetime import timedelta
from html import unescape
from urllib.parse import urlsplit

import pytest
import time_machine
from django.urls import reverse

from contacts.actions import selections as actions
from contacts.enums import SelectedKind
from contacts.forms.selections import NoteForm
from contacts.models import Selection, SelectionItem, SelectionNote
from contacts.rules import selections as rules
from core.models import Mail
from opportunities.models import Opportunity
from tests.contacts.factories import keep_offer, selection_of
from tests.crowd import together
from tests.opportunities.factories import OpportunityFactory
from tests.territories.factories import real_commune

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


def add_page(offer):
    return reverse("contacts:selection_add", args=["offre", offer.pk])


def told(response):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.text))).replace("\u00a0", " ")


class TestBeginning:
    def test_a_selection_begins_with_one_button_and_no_cookie(self, client, now):
        offer = OpportunityFactory()
        page = client.get(add_page(offer))
        assert offer.title in page.text
        assert Selection.objects.count() == 0
        answer = client.post(add_page(offer), {"site": ""}, follow=True)
        assert offer.title in answer.text
        assert "Votre sélection est commencée" in answer.text
        assert client.cookies.output() == ""
        assert [item.key for item in Selection.objects.get().items.all()] == [f"offre-{offer.pk}"]

    def test_its_pages_are_nobody_else_s(self, client, now):
        selection = selection_of(OpportunityFactory())
        for address in (actions.page_path(selection), actions.read_path(selection), actions.page_path(selection) + "comparer/"):
            answer = client.get(address)
            assert answer["X-Robots-Tag"] == "noindex, nofollow", address
            assert answer["Referrer-Policy"] == "no-referrer"
            assert "no-store" in answer["Cache-Control"]
            assert not answer.cookies

    def test_the_button_is_on_the_page_of_an_offer_and_of_a_commune(self, client):
        offer, commune = OpportunityFactory(), real_commune("Apt")
        assert add_page(offer) in client.get(offer.get_absolute_url()).text
        assert reverse("contacts:selection_add", args=["commune", commune.pk]) in client.get(commune.get_absolute_url()).text

    def test_an_offer_that_is_over_cannot_be_kept(self, client):
        for state in ("filled", "draft", "withdrawn"):
            assert client.get(add_page(OpportunityFactory(**{state: True}))).status_code == 404, state

    @pytest.mark.parametrize("path", ["offre/0/", "offre/99999999999999999999999/", "logement/1/", "commune/999999/"])
    def test_what_does_not_exist_is_not_kept(self, client, path):
        assert client.post(f"/ma-selection/ajouter/{path}", {"site": ""}).status_code == 404
        assert Selection.objects.count() == 0

    def test_one_machine_does_not_fill_the_table(self, client):
        offer = OpportunityFactory()
        answers = [client.post(add_page(offer), {"site": ""}) for _ in range(12)]
        assert [answer.status_code for answer in answers] == [302] * 10 + [200] * 2
        assert "Trop d’envois" in answers[-1].text
        assert Selection.objects.count() == 10

    def test_a_robot_that_fills_in_what_nobody_sees_begins_nothing(self, client):
        client.post(add_page(OpportunityFactory()), {"site": "http://spam.example/"})
        assert Selection.objects.count() == 0


class TestJoining:
    def test_a_second_offer_joins_by_the_link(self, client):
        first, second = OpportunityFactory(), OpportunityFactory()
        selection = selection_of(first)
        link = f"https://portail.example.org{actions.page_path(selection)}?fait=commencee"
        answer = client.post(add_page(second), {"lien": f"  {link} "}, follow=True)
        assert "C’est dans votre sélection" in answer.text
        assert [item.object_id for item in selection.items.all()] == [first.pk, second.pk]

    def test_the_page_of_the_rubrique_opens_it(self, client):
        selection = selection_of(OpportunityFactory())
        answer = client.post(reverse("contacts:selection_home"), {"lien": actions.page_path(selection)})
        assert client.get(answer["Location"]).context["selection"] == selection

    @pytest.mark.parametrize(
        ("link", "message"),
        [
            ("", "obligatoire"),
            ("bonjour", "Ce n’est pas le lien d’une sélection"),
            ("https://exemple.org/ma-selection/WzFd:abc:def/", "n’ouvre aucune sélection"),
            ("/ma-selection/a\0b/", "caractère nul"),
            ("/ma-selection/" + "x" * 600, "au plus 500"),
        ],
    )
    def test_another_link_is_refused_in_words(self, client, link, message):
        for address in (add_page(OpportunityFactory()), reverse("contacts:selection_home")):
            answer = client.post(address, {"lien": link})
            assert answer.status_code == 200
            assert message in " ".join(answer.context.get("join", answer.context.get("form")).errors["lien"])
        assert SelectionItem.objects.count() == 0

    def test_a_link_that_reads_does_not_write(self, client):
        selection = selection_of(OpportunityFactory())
        answer = client.post(add_page(OpportunityFactory()), {"lien": actions.read_path(selection)})
        assert "permet seulement de lire" in answer.text
        token = actions.read_path(selection).split("/")[-2]
        assert client.post(f"/ma-selection/{token}/", {"verb": "delete"}).status_code == 404
        assert client.post(actions.read_path(selection), {"verb": "delete"}).status_code == 200
        assert selection.items.count() == 1

    def test_a_script_adds_and_learns_what_is_kept(self, client):
        offer, commune = OpportunityFactory(), real_commune("Apt")
        selection = selection_of(offer)
        data = {"verb": "add", "quoi": f"commune-{commune.pk}"}
        answer = client.post(actions.page_path(selection), data, headers={"Accept": "application/json"})
        assert answer.json() == {"keys": [f"offre-{offer.pk}", f"commune-{commune.pk}"]}
        data["quoi"] = "offre-999999"
        answer = client.post(actions.page_path(selection), data, headers={"Accept": "application/json"})
        assert (answer.status_code, answer.json()) == (409, {"problem": "Cette fiche n’est plus en ligne."})


class TestPage:
    def test_rows_say_how_things_stand_today(self, client, now):
        open_offer, filled, gone = OpportunityFactory(), OpportunityFactory(), OpportunityFactory(draft=True)
        selection = selection_of(open_offer, filled, gone)
        Opportunity.objects.filter(pk=filled.pk).update(state="filled", closed_at=now)
        page = told(client.get(actions.page_path(selection)))
        assert "Offre pourvue le 15 juin 2026" in page
        assert "Confirmée le 12 juin 2026" in page
        assert "Cette fiche n’est plus en ligne" in page

    def test_an_offer_that_is_deleted_leaves_the_page_standing(self, client):
        offer = OpportunityFactory()
        selection = selection_of(offer)
        offer.delete()
        for part in ("", "comparer/", "selection.pdf", "echeances.ics"):
            assert client.get(actions.page_path(selection) + part).status_code == 200, part

    def test_a_withdrawn_offer_tells_no_more_than_its_page(self, client):
        offer = OpportunityFactory(team="deux médecins, une infirmière")
        selection = selection_of(offer)
        assert "une infirmière" in client.get(actions.page_path(selection)).text
        Opportunity.objects.filter(pk=offer.pk).update(state="withdrawn")
        page = client.get(actions.page_path(selection)).text
        assert "Offre retirée" in page
        assert "une infirmière" not in page

    def test_the_queries_do_not_grow_with_what_it_holds(self, client, django_assert_num_queries):
        for size in (1, 3):
            selection = selection_of(*[OpportunityFactory() for _ in range(size)], real_commune("Apt"))
            for item in selection.items.all():
                actions.write_note(item=item, writer="", text="À voir", remind_on=None, at=selection.opened_at)
            with django_assert_num_queries(5):
                client.get(actions.page_path(selection))

    def test_the_order_is_theirs(self, client):
        offers = [OpportunityFactory() for _ in range(3)]
        selection = selection_of(*offers)
        items = {item.object_id: item.pk for item in selection.items.all()}
        client.post(actions.page_path(selection), {"verb": "up", "item": items[offers[2].pk]})
        client.post(actions.page_path(selection), {"verb": "down", "item": items[offers[0].pk]})
        assert [item.object_id for item in selection.items.all()] == [offers[2].pk, offers[0].pk, offers[1].pk]

    def test_what_is_taken_away_comes_back_with_its_notes(self, client, now):
        offer = OpportunityFactory()
        selection = selection_of(offer)
        item = selection.items.get()
        actions.write_note(item=item, writer="Claire", text="Très bien", remind_on=None, at=now)
        page = client.post(actions.page_path(selection), {"verb": "remove", "item": item.pk}, follow=True)
        assert "C’est retiré" in page.text
        assert page.context["undo"] == ("restore", "item", str(item.pk))
        assert page.context["contents"].lines == []
        page = client.post(actions.page_path(selection), {"verb": "restore", "item": item.pk}, follow=True)
        assert "Très bien" in page.text
        assert [line.item for line in page.context["contents"].lines] == [item]

    def test_adding_what_is_there_changes_nothing(self, now):
        offer = OpportunityFactory()
        selection = selection_of(offer)
        first = keep_offer(selection, offer)
        assert keep_offer(selection, offer).pk == first.pk
        assert selection.items.count() == 1

    def test_it_holds_thirty(self, client, now):
        selection = selection_of(OpportunityFactory())
        for pk in range(1000, 1000 + rules.ITEMS - 1):
            actions.add(selection=selection, kind=SelectedKind.OFFER, object_id=pk, at=now)
        extra = OpportunityFactory()
        answer = client.post(add_page(extra), {"lien": actions.page_path(selection)})
        assert "Une sélection tient 30 éléments" in answer.text
        assert selection.items.kept().count() == rules.ITEMS

    @pytest.mark.parametrize(
        "data",
        [
            {},
            {"verb": "\0"},
            {"verb": ["note", "remove"]},
            {"verb": "remove", "item": "1e3"},
            {"verb": "remove", "item": "9" * 40},
            {"verb": "remove", "item": "٣"},
            {"verb": "remove_note", "note": ""},
            {"verb": "add", "quoi": "offre-" + "9" * 18},
            {"verb": "add", "quoi": "offre-²"},
            {"verb": "add", "quoi": "autre-1"},
            {"verb": "restore", "item": "-1"},
        ],
    )
    def test_a_hostile_post_is_answered_in_words(self, client, data):
        selection = selection_of(OpportunityFactory())
        answer = client.post(actions.page_path(selection), data)
        assert answer.status_code == 200
        assert answer.context["problem"]
        assert selection.items.kept().count() == 1

    def test_a_row_of_somebody_else_is_out_of_reach(self, client, now):
        mine, other = selection_of(OpportunityFactory()), selection_of(OpportunityFactory())
        item = other.items.get()
        note = actions.write_note(item=item, writer="", text="Secret", remind_on=None, at=now)
        for data in (
            {"verb": "remove", "item": item.pk},
            {"verb": "remove_note", "note": note.pk},
            {"verb": "note", "item": item.pk, "text": "x"},
        ):
            assert client.post(actions.page_path(mine), data).context["problem"]
        assert SelectionNote.objects.kept().get() == note
        assert other.items.kept().get() == item


class TestNotes:
    def write(self, client, selection, **data):
        return client.post(actions.page_path(selection), {"verb": "note", "item": selection.items.get().pk, **data}, follow=True)

    def test_two_people_write_side_by_side(self, client, now):
        selection = selection_of(OpportunityFactory())
        self.write(client, selection, text="J'aime l'équipe", writer="Claire")
        page = self.write(client, selection, text="<script>alert(1)</script>", writer="Paul")
        text = told(page)
        assert "J’aime l’équipe Claire, le 15 juin 2026" in text
        assert "<script>alert(1)</script> Paul, le 15 juin 2026" in text
        assert "<script>alert" not in page.text

    def test_a_note_that_is_refused_is_not_lost(self, client):
        selection = selection_of(OpportunityFactory())
        page = self.write(client, selection, text="x" * 501, writer="Claire", remind_on="0026-01-01")
        assert "La note n’est pas enregistrée" in page.text
        (form,) = [form for _, form in page.context["note_forms"]]
        assert {"text", "remind_on"} == set(form.errors)
        assert "x" * 501 in page.text
        assert 'value="Claire"' in page.text
        assert SelectionNote.objects.count() == 0

    @pytest.mark.parametrize(
        "data", [{"text": ""}, {"text": "a\0b"}, {"text": "a", "remind_on": "demain"}, {"text": "a", "writer": "x" * 41}]
    )
    def test_bad_input_is_refused_in_words(self, data):
        assert not NoteForm(data).is_valid()

    def test_a_note_is_taken_away_and_put_back(self, client, now):
        selection = selection_of(OpportunityFactory())
        note = actions.write_note(item=selection.items.get(), writer="", text="À revoir", remind_on=None, at=now)
        page = client.post(actions.page_path(selection), {"verb": "remove_note", "note": note.pk}, follow=True)
        assert page.context["undo"] == ("restore_note", "note", str(note.pk))
        assert page.context["contents"].lines[0].notes == []
        page = client.post(actions.page_path(selection), {"verb": "restore_note", "note": note.pk}, follow=True)
        assert page.context["contents"].lines[0].notes == [note]

    def test_there_are_a_hundred_at_most(self, client, now):
        selection = selection_of(OpportunityFactory())
        item = selection.items.get()
        SelectionNote.objects.bulk_create(SelectionNote(item=item, text="x") for _ in range(rules.NOTES))
        page = self.write(client, selection, text="La centième et une")
        assert "Une sélection tient 100 notes" in page.text
        assert "La centième et une" in page.text
        assert SelectionNote.objects.count() == rules.NOTES


class TestLinks:
    def test_readers_see_the_things_and_not_the_notes(self, client, now):
        offer = OpportunityFactory()
        selection = selection_of(offer)
        actions.write_note(item=selection.items.get(), writer="Claire", text="Entre nous", remind_on=now.date(), at=now)
        for part in ("", "selection.pdf", "echeances.ics"):
            answer = client.get(actions.read_path(selection) + part)
            assert answer.status_code == 200
            assert b"Entre nous" not in answer.content
        page = client.get(actions.read_path(selection)).text
        assert offer.title in page
        assert "<textarea" not in page
        assert actions.page_path(selection) not in page

    def test_a_changed_link_voids_all_those_before(self, client):
        selection = selection_of(OpportunityFactory())
        former, read = actions.page_path(selection), actions.read_path(selection)
        answer = client.post(former, {"verb": "change_link"})
        assert client.get(answer["Location"]).status_code == 200
        for address in (former, read, former + "selection.pdf"):
            gone = client.get(address)
            assert gone.status_code == 404
            assert "Ce lien n’ouvre aucune sélection" in gone.text

    def test_the_link_leaves_by_mail_and_the_address_stays_nowhere_else(self, client, now):
        selection = selection_of(OpportunityFactory())
        with time_machine.travel(now - timedelta(seconds=30), tick=False):
            shown = client.get(actions.page_path(selection)).context["mail_form"]["shown"].value()
        data = {"verb": "send", "email": "Claire@exemple.org", "shown": shown, "site": ""}
        page = client.post(actions.page_path(selection), data, follow=True)
        assert "Le lien part à cette adresse" in page.text
        message = Mail.objects.get()
        assert message.recipient == "claire@exemple.org"
        path = urlsplit(re.search(r"http\S+", message.text).group()).path
        assert client.get(path).context["selection"] == selection
        client.post(actions.page_path(selection), data)
        assert Mail.objects.count() == 1

    def test_nobody_is_written_to_over_and_over(self, client, now):
        sent = []
        for _ in range(5):
            selection = selection_of(OpportunityFactory())
            with time_machine.travel(now - timedelta(seconds=30), tick=False):
                shown = client.get(actions.page_path(selection)).context["mail_form"]["shown"].value()
            data = {"verb": "send", "email": "victime@exemple.org", "shown": shown, "site": ""}
            sent.append(client.post(actions.page_path(selection), data).status_code)
        assert sent == [302, 302, 302, 200, 200]
        assert Mail.objects.count() == 3

    def test_a_bad_address_is_told_beside_the_field(self, client):
        selection = selection_of(OpportunityFactory())
        page = client.post(actions.page_path(selection), {"verb": "send", "email": "claire", "site": ""})
        assert "Le lien n’est pas envoyé" in page.context["problem"]
        assert page.context["mail_form"].errors["email"]


class TestEnd:
    def test_it_is_erased_at_once_when_asked(self, client, now):
        selection = selection_of(OpportunityFactory())
        actions.write_note(item=selection.items.get(), writer="", text="x", remind_on=None, at=now)
        path = actions.page_path(selection)
        page = client.post(path, {"verb": "delete"})
        assert "Votre sélection est effacée" in page.text
        assert [model.objects.count() for model in (Selection, SelectionItem, SelectionNote)] == [0, 0, 0]
        assert client.get(path).status_code == 404

    @pytest.mark.parametrize("verb", ["add", "note", "up", "remove", "change_link", "delete"])
    def test_the_other_may_erase_it_between_the_page_and_the_button(self, client, monkeypatch, verb):
        offer = OpportunityFactory()
        selection = selection_of(offer)
        item = selection.items.get()

        def erased_meanwhile(**_):
            Selection.objects.all().delete()

        monkeypatch.setattr(actions, "note_opening", erased_meanwhile)
        data = {"verb": verb, "item": item.pk, "text": "x", "quoi": f"offre-{offer.pk}"}
        assert client.post(actions.page_path(selection), data).status_code in (200, 302)
        assert Selection.objects.count() == 0

    def test_a_visit_keeps_it_a_year_more_and_is_written_once_a_day(self, client, now, django_assert_num_queries):
        selection = selection_of(OpportunityFactory())
        assert "le 15 juin 2027" in told(client.get(actions.page_path(selection)))
        with time_machine.travel(now + timedelta(days=100), tick=False):
            client.get(actions.page_path(selection))
            selection.refresh_from_db()
            assert selection.opened_at == now + timedelta(days=100)
            assert rules.erased_on(selection).isoformat() == "2027-09-23"

    def test_what_nobody_opens_is_erased_after_a_year(self, now):
        selection = selection_of(OpportunityFactory())
        assert actions.erase_old(at=now + rules.KEPT) == 0
        assert actions.erase_old(at=now + rules.KEPT + timedelta(minutes=1)) == 1
        assert not Selection.objects.filter(pk=selection.pk).exists()

    def test_what_was_taken_away_is_erased_after_a_week(self, now):
        selection = selection_of(OpportunityFactory(), OpportunityFactory())
        kept, removed = selection.items.all()
        note = actions.write_note(item=kept, writer="", text="x", remind_on=None, at=now)
        actions.remove(item=removed, at=now)
        actions.remove_note(note=note, at=now)
        actions.erase_old(at=now + rules.PUT_BACK)
        assert (selection.items.count(), SelectionNote.objects.count()) == (2, 1)
        actions.erase_old(at=now + rules.PUT_BACK + timedelta(minutes=1))
        assert list(selection.items.all()) == [kept]
        assert SelectionNote.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_people_adding_at_once_lose_nothing(now):
    selection = selection_of(OpportunityFactory())
    offers = [OpportunityFactory() for _ in range(6)]
    together([lambda offer=offer: keep_offer(selection, offer) for offer in offers])
    assert selection.items.count() == 7
    assert sorted(item.position for item in selection.items.all()) == list(range(1, 8))
