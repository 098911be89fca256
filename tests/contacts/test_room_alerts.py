"""Rooms in alerts, in needs and in a selection: what is new or fits is told once, with rent and distances, while it is free."""

from datetime import timedelta

import pytest
import time_machine
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from contacts import searches
from contacts.actions import alerts, digests, lodging
from contacts.actions.letters import path_of
from contacts.actions.needs import keep_url
from contacts.enums import NeedSubject, Rhythm, SelectedKind
from contacts.forms.needs import ChangeForm
from contacts.models import LodgingMatch
from contacts.selected import items
from contacts.tasks import match_needs
from core.models import Mail
from housing import actions as housing
from housing.models import Booking
from housing.search import Search
from tests.conftest import NOW
from tests.contacts.factories import near, need_of
from tests.contacts.rooms import INTERN, day, room
from tests.opportunities.factories import OpportunityFactory
from tests.territories.factories import FacilityFactory, real_commune

pytestmark = pytest.mark.django_db
NIGHTS = (40, 100)


def query(**more):
    """A search of rooms near Vaison for sixty nights."""
    pairs = {
        "lieu": f"commune-{real_commune('Vaison-la-Romaine').insee}",
        "du": day(NIGHTS[0]).isoformat(),
        "au": day(NIGHTS[1]).isoformat(),
    }
    return "&".join(f"{name}={value}" for name, value in (pairs | more).items())


def follow(**more):
    return alerts.ask(email=INTERN, kind="logement", query=query(**more), rhythm=Rhythm.AT_ONCE, known=True, at=timezone.now())


def digest(**delay):
    """What was written at that moment, as text; empty when nothing was."""
    with time_machine.travel(NOW + timedelta(**delay), tick=False):
        before = set(Mail.objects.values_list("pk", flat=True))
        digests.send_due(at=timezone.now())
        return "".join(Mail.objects.filter(event__contains="_digest:").exclude(pk__in=before).values_list("text", flat=True))


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


def test_a_room_that_comes_free_for_the_nights_is_new_once():
    taken = room(title="Chambre prise")
    stay = housing.note_stay(dwelling=taken, start=day(50), end=day(60), at=NOW - timedelta(days=2))
    free = room(title="Chambre déjà libre", published_at=NOW - timedelta(days=5))
    follow()
    assert digest(hours=1) == "", "what was there is not new"
    with time_machine.travel(NOW + timedelta(hours=2), tick=False):
        housing.cancel_stay(booking=Booking.objects.get(pk=stay.pk), reason="", at=timezone.now())
    text = digest(hours=3)
    assert "Chambre prise" in text
    assert free.title not in text
    assert "380" in text
    assert "à vol d’oiseau" in text
    with time_machine.travel(NOW + timedelta(hours=4), tick=False):
        housing.close(dwelling=taken, start=day(50), end=day(52), at=timezone.now())
        housing.reopen(dwelling=taken, start=day(50), end=day(52), at=timezone.now())
    assert digest(hours=5) == "", "never twice"


def test_a_room_of_another_commune_or_dearer_is_not_told():
    follow(loyer="300", rayon="5")
    room(published_at=NOW + timedelta(minutes=30))
    assert digest(hours=1) == ""


def test_an_alert_whose_nights_are_past_says_so_once():
    follow()
    with time_machine.travel(NOW + timedelta(days=110), tick=False):
        room(published_at=timezone.now())
    digest(days=110, hours=1)
    digest(days=111)
    assert Mail.objects.filter(event__contains="_broken:").count() == 1


def test_the_list_leads_to_the_form_of_an_alert_on_rooms(client):
    room()
    page = client.get(reverse("housing:dwelling_list") + f"?{query()}").text
    form = reverse("contacts:alerts_new") + "?sujet=logement&"
    assert form in page.replace("&amp;", "&")
    shown = client.get(f"{form}{query()}").text
    assert "Vaison-la-Romaine" in shown
    assert client.get(f"{form}du=hier&lieu=Nullepart&loyer=-4").status_code == 200


@pytest.mark.parametrize("words", ["du=hier", "lieu=Nullepart", "loyer=99999999999", "semestre=x", "type=chateau", "%00=1&lieu=%00"])
def test_a_search_that_means_nothing_is_read_with_a_sentence(words):
    reading = searches.Rooms(timezone.now()).read(searches.QueryDict(words))
    assert "du=" not in reading.query
    assert reading.problems or words.startswith(("type", "%00"))


# --- Needs -----------------------------------------------------------------------------------------


def lodging_need(**values):
    values = {"subject": NeedSubject.LODGING, "places": [near("Vaison-la-Romaine")], "radius_km": 20} | values
    return need_of(INTERN, starts_on=day(NIGHTS[0]), ends_on=day(NIGHTS[1]), **values)


def match(**delay):
    with time_machine.travel(NOW + timedelta(**delay), tick=False):
        found = lodging.find(at=timezone.now())
        return found, lodging.tell_people(at=timezone.now())


def test_a_room_that_fits_is_told_once_and_one_that_does_not_never(client):
    need = lodging_need()
    fits, far = room(title="Chambre qui convient"), room(title="Chambre lointaine", town="Apt")
    taken = room(title="Chambre occupée")
    housing.note_stay(dwelling=taken, start=day(50), end=day(51), at=NOW)
    short = room(title="Chambre de passage", max_stay_days=30)
    assert match() == (1, 1)
    text = Mail.objects.get(event__startswith="contacts.needs_found:").text
    assert fits.title in text
    assert "380" in text
    assert not [other.title for other in (far, taken, short) if other.title in text]
    assert fits.address not in text
    assert match(days=1) == (0, 0)
    assert fits.title in client.get(path_of(keep_url(need))).text


def test_each_place_counts_the_nearest_of_the_week_is_told_first_and_dearer_rooms_never():
    """As the list of rooms would: within the radius of every place, sorted by the way, weighed by half-days."""
    places = [near("Vaison-la-Romaine", 2), near("Carpentras", 8)]
    need = lodging_need(places=places, radius_km=25, highest_rent=400)
    rooms = [room(title=f"Chambre de {town}", town=town) for town in ("Vaison-la-Romaine", "Carpentras", "Apt")]
    room(title="Chambre chère", town="Carpentras", rent=450)
    assert match() == (2, 1)
    text = Mail.objects.get(event__startswith="contacts.needs_found:").text
    assert text.index(rooms[1].title) < text.index(rooms[0].title)
    assert "Carpentras\u00a0: à " in text
    assert "Vaison-la-Romaine\u00a0: à " in text
    assert "Apt" not in text
    assert "chère" not in text
    query = "lieu=Vaison-la-Romaine&lieu=Carpentras&demi=2&demi=8&rayon=25&loyer=400"
    with time_machine.travel(NOW, tick=False):
        listed = Search(QueryDict(f"{query}&du={day(NIGHTS[0])}&au={day(NIGHTS[1])}"), now=NOW).figures.keys
    assert listed == [rooms[1].pk, rooms[0].pk]
    assert set(need.lodgings.values_list("dwelling", flat=True)) == set(listed)


def test_without_a_radius_every_room_fits_the_nearest_first():
    lodging_need(radius_km=None)
    room(title="Chambre lointaine", town="Apt")
    room(title="Chambre proche")
    assert match() == (2, 1)
    text = Mail.objects.get(event__startswith="contacts.needs_found:").text
    assert text.index("Chambre proche") < text.index("Chambre lointaine")


def test_a_place_that_is_gone_since_is_still_near_the_same_rooms():
    vaison = real_commune("Vaison-la-Romaine")
    facility = FacilityFactory(commune=vaison, latitude=vaison.latitude, longitude=vaison.longitude)
    need = lodging_need(places=[near(f"etablissement-{facility.pk}")])
    facility.delete()
    room()
    assert match() == (1, 1)
    assert ChangeForm.initial_of(need)["place_1"] == need.places.get().label


def test_a_room_taken_between_finding_and_telling_is_forgotten():
    lodging_need()
    dwelling = room()
    assert lodging.find(at=NOW) == 1
    housing.note_stay(dwelling=dwelling, start=day(50), end=day(51), at=NOW)
    assert lodging.tell_people(at=NOW) == 0
    assert not LodgingMatch.objects.exists()


def test_what_an_alert_told_a_need_does_not_tell_again():
    follow()
    lodging_need()
    with time_machine.travel(NOW + timedelta(minutes=30), tick=False):
        room(published_at=timezone.now())
    assert digest(hours=1)
    assert match(hours=2) == (1, 0)
    assert match(hours=3) == (0, 0)


def test_rooms_and_offers_take_turns_in_the_one_message_a_day():
    """A new room every day must not keep the offers waiting for ever, nor the reverse."""
    lodging_need()
    need_of(INTERN, notify=True)
    subjects = []
    for rank in range(2):
        with time_machine.travel(NOW + timedelta(days=rank), tick=False):
            room(published_at=timezone.now())
            OpportunityFactory(title=f"Offre {rank}", published_at=timezone.now() - timedelta(minutes=5))
            match_needs()
            match_needs()
    for message in Mail.objects.filter(event__startswith="contacts.needs_found:", recipient=INTERN).order_by("pk"):
        subjects.append(("Chambre" in message.text, "Offre" in message.text))
    assert sorted(subjects) == [(False, True), (True, False)]


# --- Ma sélection ----------------------------------------------------------------------------------


def test_a_selection_holds_a_room_and_says_when_it_is_over(client):
    dwelling = room()
    page = client.get(reverse("contacts:selection_add", args=["logement", dwelling.pk])).text
    assert dwelling.title in page
    shown = items.may_keep(SelectedKind.ROOM, dwelling.pk, NOW)
    assert dict(shown.facts)["Loyer"].startswith("380")
    assert reverse("contacts:selection_add", args=["logement", dwelling.pk]) in client.get(dwelling.get_absolute_url()).text
    assert items.may_keep(SelectedKind.ROOM, room(withdrawn=True).pk, NOW) is None
