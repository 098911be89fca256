"""The page of an event: what it tells in each state, to readers and to search engines, and what it never tells."""

import json
import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from agenda import actions
from agenda.models import Event
from agenda.tasks import forget_contacts
from tests.agenda.factories import ActorFactory, DraftFactory, EventFactory
from tests.territories.factories import CptsFactory, FacilityFactory, ProfessionFactory, real_commune

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

NB = "\u00a0"
PARIS = ZoneInfo("Europe/Paris")


def structured(page):
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page.text, re.DOTALL)
    return json.loads(found[1])["@graph"] if found else None


def test_it_tells_its_facts(client):
    event = EventFactory(
        first_day=date(2026, 6, 30), last_day=date(2026, 7, 1), start_time=time(9), end_time=time(17), stages=["intern"], is_free=True
    )
    event.professions.add(ProfessionFactory())
    page = client.get(event.get_absolute_url())
    assert {label: value for label, value, _ in page.context["facts"]} == {
        "Quand": f"du mardi 30 juin à 9{NB}h au mercredi 1er juillet 2026 à 17{NB}h",
        "Où": f"Salle des fêtes, 3 place de la Mairie, 84999 {event.commune.name}",
        "Pour qui": "Internes",
        "Professions": "Médecin généraliste",
        "Prix": "Gratuit",
    }
    assert f'href="/exercer/offres/?commune={event.commune.insee}&amp;rayon=20"' in page.text


def test_actors_stand_by_role_with_their_link(client):
    event = EventFactory()
    cpts = CptsFactory(name="CPTS du Lavoir")
    hospital = FacilityFactory(name="Hôpital exemple")
    ActorFactory(event=event, name="Banque Exemple", role="partner", kind="bank", url="https://banque.example.org/")
    ActorFactory(event=event, name="Hôpital exemple", role="partner", kind="hospital", facility=hospital)
    ActorFactory(event=event, name="CPTS du Lavoir", cpts=cpts)
    page = client.get(event.get_absolute_url())
    assert [(role["label"], [(actor.name, actor.link) for actor in role["actors"]]) for role in page.context["roles"]] == [
        ("Organisée par", [("CPTS du Lavoir", cpts.get_absolute_url())]),
        ("Partenaires", [("Banque Exemple", "https://banque.example.org/"), ("Hôpital exemple", hospital.get_absolute_url())]),
    ]


def test_communes_that_join_are_counted_and_named(client):
    event = EventFactory()
    event.communes.add(*(real_commune(name) for name in ("Sault", "Mazan", "Bédoin")))
    text = client.get(event.get_absolute_url()).text
    assert f"Avec 3{NB}communes" in text
    assert 'href="/territoires/communes/bedoin/"' in text


@pytest.mark.parametrize(
    ("changes", "words", "absent"),
    [
        ({}, "Ajouter à mon agenda", "Rencontre annulée"),
        ({"state": "cancelled", "state_reason": "La salle est fermée."}, "La salle est fermée.", "Ajouter à mon agenda"),
        ({"state": "postponed", "state_reason": "Une grève."}, "nouvelle date à venir", "S’inscrire chez l’organisateur"),
        ({"first_day": date(2026, 6, 1)}, "Cette rencontre est passée.", "S’inscrire chez l’organisateur"),
        ({"register_by": date(2026, 6, 14)}, "Inscriptions closes depuis le 14 juin 2026", "S’inscrire chez l’organisateur"),
        ({"register_by": date(2026, 6, 15)}, "Inscription jusqu’au 15 juin 2026", "closes"),
        ({"is_demo": True}, "Exemple inventé pour la démonstration", "application/ld+json"),
    ],
)
def test_it_never_lies_about_its_state(client, changes, words, absent):
    page = client.get(EventFactory(join_url="https://example.org/inscription", **changes).get_absolute_url())
    assert words in page.text
    assert absent not in page.text


def test_a_page_changes_by_itself_when_the_event_ends(client):
    event = EventFactory(first_day=date(2026, 6, 15), start_time=time(9), end_time=time(11))
    assert not client.get(event.get_absolute_url()).context["is_over"]
    with time_machine.travel(datetime(2026, 6, 15, 11, 0, tzinfo=PARIS), tick=False):
        assert client.get(event.get_absolute_url()).context["is_over"]


def test_search_engines_are_told_an_event(client):
    event = EventFactory(title="Soirée <b>", is_online=True, online_url="https://example.org/visio", is_free=True)
    ActorFactory(event=event, name="CPTS Exemple", url="https://cpts.example.org/")
    _, found = structured(client.get(event.get_absolute_url()))
    assert found["@type"] == "Event"
    assert (found["startDate"], found["endDate"]) == ("2026-06-25T18:30:00+02:00", "2026-06-25T22:00:00+02:00")
    assert found["eventStatus"] == "https://schema.org/EventScheduled"
    assert found["eventAttendanceMode"] == "https://schema.org/MixedEventAttendanceMode"
    assert [(place["@type"], place.get("name")) for place in found["location"]] == [("Place", "Salle des fêtes"), ("VirtualLocation", None)]
    assert found["organizer"] == [{"@type": "Organization", "name": "CPTS Exemple", "url": "https://cpts.example.org/"}]
    assert found["isAccessibleForFree"] is True


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"state": "cancelled", "state_reason": "x"}, "EventCancelled"),
        ({"state": "postponed", "state_reason": "x"}, "EventPostponed"),
        ({"former_day": date(2026, 6, 18)}, "EventRescheduled"),
    ],
)
def test_search_engines_are_told_what_became_of_it(client, changes, status):
    _, found = structured(client.get(EventFactory(**changes).get_absolute_url()))
    assert found["eventStatus"] == f"https://schema.org/{status}"
    assert ("previousStartDate" in found) == (status == "EventRescheduled")


def test_whole_days_are_told_as_days(client):
    event = EventFactory(start_time=None, end_time=None, last_day=date(2026, 6, 26))
    _, found = structured(client.get(event.get_absolute_url()))
    assert (found["startDate"], found["endDate"]) == ("2026-06-25", "2026-06-26")


def test_a_wrong_slug_leads_to_the_page_and_a_huge_number_nowhere(client):
    event = EventFactory()
    assert client.get(f"/agenda/rencontres/{event.pk}-autre/")["Location"] == event.get_absolute_url()
    assert client.get(f"/agenda/rencontres/{'9' * 30}-x/").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_whatever_it_tells(client, django_assert_num_queries, rows):
    """Version, event, actors, professions, communes, next events, their organisers."""
    event = EventFactory()
    for name in ("Sault", "Mazan", "Bédoin")[:rows]:
        ActorFactory(event=event)
        ActorFactory()
        event.communes.add(real_commune(name))
    with django_assert_num_queries(8):  # the eighth: how its organiser answers
        client.get(event.get_absolute_url())


@pytest.mark.parametrize(
    "changes",
    [
        {"last_day": date(2026, 6, 24)},
        {"end_time": time(18)},
        {"start_time": None},
        {"stages": ["king"]},
        {"is_free": True, "price": "10 €"},
        {"contact_email": ""},
        {"summary": ""},
        {"commune": None},
        {"state": "cancelled"},
        {"state": "draft"},
        {"published_at": None},
        {"register_by": date(2026, 6, 26)},
    ],
)
def test_the_database_refuses_what_makes_no_sense(changes):
    with pytest.raises(IntegrityError), transaction.atomic():
        EventFactory(**changes)


def test_the_night_when_clocks_change_is_a_night():
    event = EventFactory(first_day=date(2026, 10, 25), start_time=time(1), end_time=time(4))
    assert event.ends_at - event.starts_at == timedelta(hours=3)  # wall clock
    assert event.ends_at.astimezone(ZoneInfo("UTC")) - event.starts_at.astimezone(ZoneInfo("UTC")) == timedelta(hours=4)


def test_the_words_for_other_apps():
    event, draft = EventFactory(), DraftFactory()
    cancelled = EventFactory(state="cancelled", state_reason="x", first_day=date(2026, 1, 5))
    assert list(Event.objects.visible(timezone.now()).by_day()) == [cancelled, event]
    assert (event.has_ended, cancelled.has_ended, draft.takes_messages) == (False, True, True)


def test_the_address_of_an_organiser_goes_a_year_after_the_event():
    long_ago = EventFactory(first_day=date(2025, 6, 13))
    lately = EventFactory(first_day=date(2025, 6, 17))
    forget_contacts(timestamp=0)
    long_ago.refresh_from_db()
    lately.refresh_from_db()
    assert (long_ago.contact_email, long_ago.takes_messages) == ("", False)
    assert lately.takes_messages
    assert actions.forget_contacts(at=timezone.now()) == 0
    assert not hasattr(lately.history.first(), "contact_email")


def test_the_head_leads_to_the_registration_or_to_the_organiser(client):
    def head(**facts):
        return client.get(EventFactory(**facts).get_absolute_url()).text.split('<header class="detail-head">')[1].split("</header>")[0]

    assert 'href="https://example.org/inscription"' in head(join_url="https://example.org/inscription")
    assert "Écrire à l’organisateur" in head(contact_email="orga@example.org", takes_messages=True)
    assert "detail-head__go" not in head(state="cancelled", state_reason="Salle indisponible.")
