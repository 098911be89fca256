"""What a selection becomes elsewhere: on paper, in a diary, side by side; and that none of it tells a place that is kept back."""

from datetime import date, timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from contacts.actions import selections as actions
from contacts.enums import SelectedKind
from contacts.selected import comparison, items
from core import french
from core.links import absolute
from opportunities.enums import LocationPrecision
from opportunities.models import Opportunity
from tests.contacts import pdf
from tests.contacts.factories import selection_of
from tests.housing.factories import AvailabilityFactory, BookingFactory, DwellingFactory
from tests.opportunities.factories import OpportunityFactory
from tests.opportunities.test_discretion import traces
from tests.territories.factories import real_commune

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


def note(selection, text, writer="", remind_on=None):
    item = selection.items.first()
    return actions.write_note(item=item, writer=writer, text=text, remind_on=remind_on, at=selection.opened_at)


class TestPaper:
    def paper(self, client, selection):
        answer = client.get(actions.page_path(selection) + "selection.pdf")
        assert answer["Content-Type"] == "application/pdf"
        assert answer["Content-Disposition"] == 'attachment; filename="ma-selection.pdf"'
        assert answer.content.startswith(b"%PDF")
        return answer.content

    def test_it_holds_what_is_kept_and_what_was_written(self, client):
        offer = OpportunityFactory(title="Cabinet au cœur du village\u00a0: à deux pas de l’école", salaried=True, is_demo=True)
        selection = selection_of(offer, real_commune("Apt"))
        note(selection, "« Très bien » pour 12\u202f500\u00a0€", "Zoé", date(2026, 7, 1))
        text = pdf.text(self.paper(client, selection)).replace("\u00a0", " ")
        for words in (
            "Ma sélection en Vaucluse",
            "2\u00a0éléments, le 15 juin 2026.",
            "Cabinet au cœur du village\u00a0: à deux pas de l’école",
            "Apt",
            "« Très bien » pour 12\u00a0500\u00a0€",
            "Zoé, le 15 juin 2026. À se rappeler le 1er juillet 2026",
            "(exemple)",
            "Ce qui est marqué «\u00a0exemple\u00a0» est inventé.",
            "Page 1 sur 1",
            "Imprimé le 15 juin 2026",
        ):
            assert words.replace("\u00a0", " ") in text, words

    def test_it_says_its_name_its_language_and_where_it_leads(self, client, now):
        offer = OpportunityFactory()
        selection = selection_of(offer)
        file = self.paper(client, selection)
        assert b"/Lang (fr-FR)" in file
        assert "Ma sélection en Vaucluse".encode("utf-16-be")[:20] in file or b"Ma s\\351lection en Vaucluse" in file
        links = pdf.links(file)
        assert absolute(offer.get_absolute_url()) in links
        assert [link for link in links if "/ma-selection/" in link] == [f"http://testserver{actions.read_path(selection)}"]

    @pytest.mark.parametrize(
        "text",
        [
            '<img src="/etc/passwd"/> <font size="900">gros</font>',
            "</para><para>",
            "&nbsp; &#0; <a href='javascript:1'>x</a>",
            "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 🏡 ≥ Ω مرحبا",
            "x" * 500,
            "\x01\x1b[31m\u202e\ud7ff",
            "a\n\n\nb\r\nc",
        ],
    )
    def test_whatever_was_typed_is_printed_as_text(self, client, text):
        selection = selection_of(OpportunityFactory())
        note(selection, text, writer="<b>&")
        file = self.paper(client, selection)
        assert "<b>&, le 15 juin" in pdf.text(file)
        assert not [link for link in pdf.links(file) if not link.startswith("http")]

    def test_long_selections_take_pages_and_their_feet_count_them(self, client):
        selection = selection_of(*[OpportunityFactory(salaried=True, team="Trois médecins") for _ in range(9)])
        file = self.paper(client, selection)
        count = pdf.pages(file)
        assert count >= 2
        assert f"Page {count} sur {count}" in pdf.text(file)

    def test_an_empty_selection_has_a_page(self, client):
        assert "Cette sélection est vide." in pdf.text(self.paper(client, selection_of()))

    def test_an_offer_that_is_over_says_so(self, client):
        selection = selection_of(OpportunityFactory(filled=True))
        assert "Offre pourvue le 14 juin 2026" in pdf.text(self.paper(client, selection))


class TestDiary:
    def events(self, client, selection):
        answer = client.get(actions.page_path(selection) + "echeances.ics")
        assert answer["Content-Type"] == "text/calendar; charset=utf-8"
        return {str(event["uid"]): event for event in Calendar.from_ical(answer.content).walk("VEVENT")}

    def test_offers_give_their_days_whole(self, client):
        offer = OpportunityFactory(locum=True, title="Deux semaines à Sault", is_demo=True)
        selection = selection_of(offer)
        events = self.events(client, selection)
        stay = events[f"offre-{offer.pk}-dates@example.org"]
        assert (stay.decoded("dtstart"), stay.decoded("dtend")) == (offer.starts_on, offer.ends_on + timedelta(days=1))
        assert str(stay["summary"]) == "Deux semaines à Sault (exemple)"
        assert str(stay["location"]) == "Carpentras, Ventoux-Comtat Venaissin (CoVe)"
        assert offer.get_absolute_url() in str(stay["url"])
        last = events[f"offre-{offer.pk}-publication@example.org"]
        assert str(last["summary"]).startswith("Dernier jour de publication")

    def test_the_last_day_is_that_of_the_place(self, client, now):
        offer = OpportunityFactory(expires_at=now.replace(month=7, day=1, hour=0, minute=30))  # still June in universal time
        event = self.events(client, selection_of(offer))[f"offre-{offer.pk}-publication@example.org"]
        assert event.decoded("dtstart") == date(2026, 7, 1)

    def test_notes_remind_and_identifiers_stay(self, client):
        selection = selection_of(OpportunityFactory(title="Cabinet"))
        written = note(selection, "Appeler, puis visiter", "Claire", date(2026, 7, 3))
        first, second = self.events(client, selection), self.events(client, selection)
        assert set(first) == set(second)
        reminder = first[f"note-{written.pk}@example.org"]
        assert str(reminder["description"]) == "Claire\u00a0: Appeler, puis visiter"
        assert reminder.decoded("dtstart") == date(2026, 7, 3)

    def test_what_is_over_has_no_day_left(self, client):
        assert self.events(client, selection_of(OpportunityFactory(locum=True, filled=True))) == {}

    def test_what_was_typed_makes_no_line_of_the_file(self, client):
        selection = selection_of(OpportunityFactory())
        note(selection, "x\r\nEND:VEVENT\r\nBEGIN:VALARM", remind_on=date(2026, 7, 3))
        answer = client.get(actions.page_path(selection) + "echeances.ics").content
        assert b"\r\nBEGIN:VALARM" not in answer


class TestSideBySide:
    def table(self, selection, now, keys=()):
        return {row.label: ([cell for _, cell in row.cells], row.mark) for row in comparison.rows(chosen(selection, now, keys))}

    def test_the_same_facts_and_which_differ(self, now):
        first = OpportunityFactory(salaried=True, team="Un médecin", software="Logiciel A")
        second = OpportunityFactory(salaried=True, team="Deux médecins", town="Apt")
        rows = self.table(selection_of(first, second), now)
        assert rows["Type"] == (["Poste salarié"] * 2, "identique")
        assert rows["Équipe autour"] == (["Un médecin", "Deux médecins"], "diffère")
        assert rows["Logiciel"] == (["Logiciel A", "non précisé"], "")
        assert rows["Lieu"][1] == "diffère"

    def test_the_name_of_a_place_does_not_hide_where_it_is(self, now):
        rows = self.table(selection_of(OpportunityFactory(exact=True), OpportunityFactory()), now)
        assert rows["Lieu"] == (["Carpentras, Ventoux-Comtat Venaissin (CoVe)"] * 2, "identique")
        assert rows["Nom du lieu"] == (["Maison médicale des Platanes", "non précisé"], "")

    def test_four_at_most_and_those_that_were_asked(self, client, now):
        offers = [OpportunityFactory() for _ in range(6)]
        selection = selection_of(*offers)
        keys = {item.object_id: str(item.pk) for item in selection.items.all()}
        assert [line.item.object_id for line in chosen(selection, now)] == [offer.pk for offer in offers[:4]]
        asked = [keys[offers[5].pk], keys[offers[1].pk], "0", "x\0"]
        assert [line.item.object_id for line in chosen(selection, now, asked)] == [offers[1].pk, offers[5].pk]
        page = client.get(actions.page_path(selection) + "comparer/", {"i": asked})
        assert offers[5].title in page.text
        assert 'role="region"' in page.text

    def test_rooms_too(self, client, now):
        today = timezone.localdate(now)
        near = DwellingFactory(town="Apt", rent=400, pets="yes", step_free=True, offered=(today, today + timedelta(days=100)))
        far = DwellingFactory(town="Sault", is_furnished=False, min_stay_days=30, max_stay_days=182)
        AvailabilityFactory(dwelling=far, period=DateRange(today + timedelta(days=20), today + timedelta(days=30)))
        BookingFactory(dwelling=near, period=DateRange(today + timedelta(days=10), today + timedelta(days=40)))
        selection = selection_of(near, far, OpportunityFactory())
        contents = items.contents(selection, now)
        lines = comparison.with_nights(comparison.chosen(contents, set(), SelectedKind.ROOM), now)
        rows = {row.label: ([cell for _, cell in row.cells], row.mark) for row in comparison.rows(lines)}
        assert rows["Commune"][0] == ["Apt, Pays d’Apt-Luberon", "Sault, Ventoux Sud"]
        assert rows["Loyer"][0][0].startswith("430\u00a0€/mois charges comprises")
        assert rows["Surface habitable"] == (["14\u00a0m²"] * 2, "identique")
        assert rows["Meublé"] == (["oui", "non"], "diffère")
        assert rows["Animaux"] == (["oui", "non précisé"], "")
        assert rows["Durée du séjour"][0] == ["non précisé", "de 1\u00a0mois à 6\u00a0mois"]
        assert rows["Accès"][1] == "diffère"
        spans = [(0, 9), (40, 99)], [(20, 29)]
        told = [", ".join(french.date_range(today + timedelta(days=a), today + timedelta(days=b)) for a, b in each) for each in spans]
        assert rows["Nuits libres"][0] == told

    def test_the_page_of_rooms(self, client):
        rooms = [DwellingFactory(title=f"Chambre nº {count}", address="7 chemin des Platanes") for count in range(5)]
        selection = selection_of(*rooms, OpportunityFactory(title="Cabinet"))
        write, read = actions.page_path(selection), actions.read_path(selection)
        assert "Comparer les logements" in client.get(write).text
        assert "Comparer les offres" not in client.get(write).text
        assert f"{read}comparer/?quoi=logement" in client.get(read).text
        page = client.get(write + "comparer/?quoi=logement")
        assert "Comparer des logements" in page.text
        assert [line.shown.title for line in page.context["lines"]] == [f"Chambre nº {count}" for count in range(4)]
        assert "Cabinet" not in page.text
        assert "chemin des Platanes" not in page.text

    def test_one_is_not_compared(self, client):
        page = client.get(actions.page_path(selection_of(OpportunityFactory())) + "comparer/")
        assert "Choisissez au moins deux offres" in page.text

    def test_communes_are_compared_where_communes_are(self, client):
        selection = selection_of(real_commune("Apt"), real_commune("Sault"))
        page = client.get(actions.page_path(selection))
        address = f"{reverse('places:compare')}?commune=apt&commune=sault"
        assert page.context["communes_url"] == address
        assert "Apt" in client.get(address).text


def chosen(selection, now, keys=()):
    return comparison.chosen(items.contents(selection, now), set(keys))


@pytest.mark.parametrize("state", ["published", "filled", "withdrawn"])
def test_a_commune_that_is_kept_back_is_in_no_answer(client, state):
    discreet = OpportunityFactory(
        salaried=True,
        town="Sault",
        title="Poste au cabinet (F/H)",
        location_precision=LocationPrecision.EPCI,
        workplace="Maison médicale de Sault",
        address="3 avenue de la Promenade, 84390 Sault",
        latitude=44.0912345,
        longitude=5.4087654,
    )
    selection = selection_of(discreet, OpportunityFactory(salaried=True, town="Carpentras"))
    Opportunity.objects.filter(pk=discreet.pk).update(state=state)
    for base in (actions.page_path(selection), actions.read_path(selection)):
        for part in ("", "comparer/", "echeances.ics", "selection.pdf"):
            answer = client.get(base + part)
            text = pdf.text(answer.content) if part.endswith("pdf") else answer.content.decode()
            assert traces(text, discreet.commune) == [], part
            assert "Poste au cabinet" in text or (part.endswith("ics") and state != "published"), part
    assert "Secteur Ventoux Sud" in client.get(actions.page_path(selection)).text


def test_the_page_that_adds_keeps_it_back_too(client):
    discreet = OpportunityFactory(town="Sault", in_epci=True)
    page = client.get(reverse("contacts:selection_add", args=["offre", discreet.pk]))
    assert "Secteur Ventoux Sud" in page.text
    assert traces(page.text, discreet.commune) == []
