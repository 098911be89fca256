"""The staff side of the agenda: one screen writes, publishes, cancels; readers of a published address are told."""

from datetime import date

import pytest
from django.contrib.auth.models import Permission

from agenda.models import Event, EventActor
from tests.accounts.factories import StaffFactory, SuperuserFactory
from tests.agenda.factories import DraftFactory, EventFactory, EventKindFactory
from tests.territories.factories import real_commune

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

ADD = "/equipe/agenda/event/add/"
NB = "\u00a0"
ACTORS = {
    "actors-TOTAL_FORMS": "1",
    "actors-INITIAL_FORMS": "0",
    "actors-MIN_NUM_FORMS": "0",
    "actors-MAX_NUM_FORMS": "1000",
    "actors-0-name": "CPTS Exemple",
    "actors-0-role": "organiser",
    "actors-0-kind": "cpts",
    "actors-0-position": "0",
}


@pytest.fixture
def event(db):
    """A published evening at Sault."""
    return EventFactory(commune=real_commune("Sault"), point_precision="commune")


@pytest.fixture
def team(client):
    client.force_login(SuperuserFactory())
    return client


def filled(**changes):
    return {
        "kind": EventKindFactory().pk,
        "title": "Soirée d’accueil",
        "summary": "Un repas entre soignants.",
        "first_day": "2026-06-30",
        "last_day": "2026-07-01",
        "start_time": "09:00",
        "end_time": "17:00",
        "commune": "Malaucène",
        "point_precision": "commune",
        "stages": ["intern", "settled"],
        "contact_email": "cpts@example.org",
        "takes_messages": "on",
        "state": "draft",
        **ACTORS,
        **changes,
    }


def again(event, **changes):
    """The form of an event sent again, its actors aside."""
    return {
        **filled(title=event.title, summary=event.summary, kind=event.kind.pk, commune=event.commune.name, state=event.state),
        "first_day": event.first_day.isoformat(),
        "last_day": "",
        "start_time": "18:30",
        "end_time": "22:00",
        "venue": event.venue,
        "address": event.address,
        "actors-TOTAL_FORMS": "0",
        **changes,
    }


def send(team, event, **changes):
    return team.post(f"/equipe/agenda/event/{event.pk}/change/", again(event, **changes))


def test_an_event_is_written_then_published(team, now):
    assert team.post(ADD, filled()).status_code == 302
    event = Event.objects.get()
    assert (event.state, event.published_at, event.stages) == ("draft", None, ["intern", "settled"])
    assert (event.commune.name, event.point) == ("Malaucène", real_commune("Malaucène").point)
    assert [(actor.name, actor.role) for actor in event.actors.all()] == [("CPTS Exemple", "organiser")]
    assert "CPTS Exemple" in event.search_text
    assert event.history.count() == 1
    data = filled(state="published", **{"actors-TOTAL_FORMS": "0"})
    assert team.post(f"/equipe/agenda/event/{event.pk}/change/", data).status_code == 302
    event.refresh_from_db()
    assert (event.state, event.published_at, event.sequence) == ("published", now, 0)
    assert team.get(event.get_absolute_url()).status_code == 200


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"last_day": "2026-06-29"}, "La fin vient après le début."),
        ({"last_day": "", "end_time": "08:00"}, "La fin vient après le début."),
        ({"start_time": ""}, "Une heure de fin demande une heure de début."),
        ({"first_day": "0026-06-30"}, "Vérifiez l’année"),
        ({"register_by": "2026-07-02"}, "On s’inscrit avant la fin de la rencontre."),
        ({"state": "published", "summary": ""}, "Une rencontre visible a une phrase de présentation"),
        ({"state": "published", "commune": ""}, "un lieu ou un accès à distance"),
        ({"state": "cancelled"}, "Une annulation ou un report dit pourquoi."),
        ({"contact_email": ""}, "Pour recevoir des messages, il faut le courriel de l’organisateur."),
        ({"is_free": "on", "price": "10 €"}, "Gratuite ou payante"),
        ({"online_url": "https://example.org/visio"}, "cochez aussi"),
        ({"stages": ["king"]}, "king"),
        ({"commune": "Nulle-Part"}, "Aucune commune de Vaucluse ne correspond"),
        ({"latitude": "10", "longitude": "10", "point_precision": "address"}, "Ce point est à plus de"),
        ({"actors-0-facility": "abc"}, ""),
        ({"actors-0-role": "king"}, "king"),
    ],
)
def test_a_slip_is_told(team, changes, message):
    page = team.post(ADD, filled(**changes))
    assert page.status_code == 200
    assert message in page.text.replace("&#x27;", "'")
    assert not Event.objects.exists()


def test_what_takes_place_online_alone_stands_nowhere(team):
    changes = {"commune": "", "is_online": "on", "latitude": "44", "longitude": "5", "point_precision": "address", "address": "3 rue"}
    assert team.post(ADD, filled(state="published", **changes)).status_code == 302
    event = Event.objects.get()
    assert (event.latitude, event.longitude, event.address, event.point_precision) == (None, None, "", "commune")
    assert team.get(event.get_absolute_url()).status_code == 200


def test_readers_learn_a_cancellation_and_diaries_too(team, event):
    assert send(team, event, state="cancelled", state_reason="Salle fermée").status_code == 302
    event.refresh_from_db()
    assert (event.state, event.sequence) == ("cancelled", 1)
    assert "Salle fermée" in team.get(event.get_absolute_url()).text


def test_a_published_event_never_becomes_a_draft_again(team, event):
    page = send(team, event, state="draft")
    assert "annulez-la ou reportez-la" in page.text
    assert Event.objects.get().state == "published"


def test_a_new_day_is_told_with_the_former_one_and_a_new_sentence_is_not(team, event):
    assert send(team, event, summary="Une autre phrase.").status_code == 302
    event.refresh_from_db()
    assert (event.sequence, event.former_day) == (0, None)
    assert send(team, event, first_day="2026-07-02").status_code == 302
    event.refresh_from_db()
    assert (event.sequence, event.former_day) == (1, date(2026, 6, 25))
    assert "Annoncée d’abord pour le 25 juin 2026" in team.get(event.get_absolute_url()).text
    assert send(team, event, first_day="2026-06-25").status_code == 302
    event.refresh_from_db()
    assert (event.sequence, event.former_day) == (2, None)


def test_staff_see_a_draft_as_readers_would(team):
    draft = DraftFactory(title="Soirée du Lavoir")
    page = team.get(f"/equipe/agenda/event/{draft.pk}/apercu/")
    assert "Seule l’équipe voit cette page" in page.text
    assert "Soirée du Lavoir" in page.text
    assert page["X-Robots-Tag"] == "noindex"
    assert f'href="/equipe/agenda/event/{draft.pk}/apercu/"' in team.get(f"/equipe/agenda/event/{draft.pk}/change/").text


def test_what_readers_have_seen_is_not_deleted(team):
    event, draft = EventFactory(), DraftFactory()
    assert team.get(f"/equipe/agenda/event/{event.pk}/delete/").status_code == 403
    both = {"action": "delete_selected", "_selected_action": [event.pk, draft.pk], "post": "yes"}
    team.post("/equipe/agenda/event/", both)
    assert Event.objects.count() == 2
    team.post("/equipe/agenda/event/", {**both, "_selected_action": [draft.pk]})
    assert list(Event.objects.all()) == [event]


def test_drafts_and_closing_registrations_wait_on_the_first_page(team):
    DraftFactory(title="Brouillon du Lavoir")
    EventFactory(title="Ferme bientôt", register_by=date(2026, 6, 20))
    EventFactory(title="Ferme plus tard", register_by=date(2026, 6, 24))
    EventFactory(title="Annulée", register_by=date(2026, 6, 20), state="cancelled", state_reason="grève")
    queues = {queue.code: [row.title for row in queue.rows] for queue in team.get("/equipe/").context["queues"]}
    assert queues["rencontres-brouillons"] == ["Brouillon du Lavoir"]
    assert queues["rencontres-inscriptions"] == ["Ferme bientôt"]
    for query, count in (("quand=inscription", 1), ("quand=avenir", 4), ("quand=passees", 0), ("state__exact=draft", 1)):
        assert team.get(f"/equipe/agenda/event/?{query}").context["cl"].result_count == count, query


def test_who_may_only_look_changes_nothing(client, event):
    person = StaffFactory()
    person.user_permissions.add(Permission.objects.get(codename="view_event", content_type__app_label="agenda"))
    client.force_login(person)
    assert send(client, event, state="cancelled", state_reason="non").status_code == 403
    assert client.get(f"/equipe/agenda/event/{event.pk}/apercu/").status_code == 200
    assert EventActor.objects.count() == 0
