"""Events where the rest of the portal shows them: for interns, in blocks of pages, in the search, to crawlers."""

from datetime import date

import pytest

from pages.models import ListBlock
from territories.models import Cpts
from tests.agenda.factories import ActorFactory, DraftFactory, EventFactory
from tests.pages.factories import composed
from tests.pages.test_records import maker
from tests.portal.page import Page
from tests.portal.test_sitemap import entries
from tests.territories.factories import real_commune

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


def headings(response):
    return [text for level, text in Page(response).headings if level == "h3"]


def others(**changes):
    """What is not announced to anybody any more, or not yet."""
    EventFactory(title="Rencontre passée", first_day=date(2026, 6, 1), **changes)
    EventFactory(title="Rencontre annulée", state="cancelled", state_reason="grève", **changes)
    DraftFactory(title="Rencontre en brouillon", **changes)


def test_interns_read_the_next_three_for_them(client):
    others(stages=["intern"])
    EventFactory(title="Pour les installés", stages=["settled"])
    for day, title, stages in (
        (28, "Quatrième", ["intern"]),
        (20, "Pour tous", []),
        (27, "Juniors", ["junior_doctor"]),
        (26, "Externes", ["extern"]),
    ):
        EventFactory(title=title, stages=stages, first_day=date(2026, 6, day))
    page = client.get("/internes/")
    assert [event["title"] for event in page.context["events"]] == ["Pour tous", "Externes", "Juniors"]
    more = Page(page).address_of("Toutes les rencontres pour les internes")
    assert more == "/agenda/rencontres/?pour=extern&pour=intern&pour=junior_doctor"
    assert [card.title for card in client.get(more).context["offers"] if not card.closed] == [
        "Pour tous",
        "Externes",
        "Juniors",
        "Quatrième",
    ]


def test_interns_are_led_to_the_agenda_when_there_is_nothing_for_them(client):
    others()
    page = Page(client.get("/internes/"))
    assert page.address_of("l’agenda des rencontres") == "/agenda/"
    assert "Toutes les rencontres pour les internes" not in page.text


@pytest.mark.parametrize("rows", [1, 3])
def test_their_opening_page_costs_the_same_for_one_event_and_for_three(client, django_assert_num_queries, rows):
    """Version, semesters, places counted, events, the editorial pages of the rubrique."""
    EventFactory.create_batch(rows, stages=["intern"])
    with django_assert_num_queries(5):
        client.get("/internes/")


def test_a_list_of_a_page_shows_what_comes_and_leads_to_the_agenda(client):
    others()
    EventFactory(title="Soirée des Oliviers")
    page = client.get(composed((maker(ListBlock), {"subject": "events"})).get_absolute_url())
    assert headings(page) == ["Soirée des Oliviers"]
    assert Page(page).address_of("Tout l’agenda") == "/agenda/rencontres/"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("/territoires/communes/sault/", ["À Sault", "À Apt, avec Sault"]),
        ("/territoires/communes/apt/", ["À Apt, avec Sault"]),
        ("/territoires/intercommunalites/ventoux-sud/", ["À Sault"]),
        ("/territoires/cpts/synapse-comtat-venaissin/", ["À Sault", "À Apt, par Synapse"]),
    ],
)
def test_the_page_of_a_territory_shows_its_events(client, address, shown):
    others(commune=real_commune("Sault"))
    sault, apt = ({"commune": real_commune(name), "point_precision": "commune"} for name in ("Sault", "Apt"))
    EventFactory(title="À Sault", **sault)
    if "Synapse" in str(shown):
        ActorFactory(
            event__title="À Apt, par Synapse", event__commune=apt["commune"], cpts=Cpts.objects.get(slug="synapse-comtat-venaissin")
        )
    else:
        EventFactory(title="À Apt, avec Sault", **apt).communes.add(sault["commune"])
    assert [event["title"] for event in client.get(address).context["events"]] == shown


def test_the_search_finds_an_event_by_its_organiser_until_it_is_over(client):
    others(summary="Avec la CPTS des Lavandes.")
    event = ActorFactory(name="CPTS des Lavandes", event__title="Soirée des Oliviers").event
    event.save()
    page = Page(client.get("/recherche/?q=lavandes"))
    assert event.get_absolute_url() in [address for address, _ in page.links]
    assert "Rencontre passée" not in page.text
    assert "Rencontre en brouillon" not in page.text


def test_the_search_does_not_find_what_will_not_take_place(client):
    event = EventFactory(title="Soirée truffe", state="cancelled", state_reason="Orage.")
    page = Page(client.get("/recherche/?q=truffe"))
    assert event.get_absolute_url() not in [address for address, _ in page.links]


def test_crawlers_are_told_real_events_the_archive_included(client):
    others()
    EventFactory(is_demo=True)
    told = entries(client, "/sitemap-rencontres.xml")
    assert sorted(address.rpartition("-")[2] for address in told) == ["annulee/", "passee/"]
    assert "http://testserver/agenda/rencontres/" in entries(client, "/sitemap-pages.xml")
