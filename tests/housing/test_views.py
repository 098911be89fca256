"""Public pages of dwellings: what they say, what they never say, what becomes of them."""

import json
import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.enums import State
from housing.enums import EnergyClass, Lease
from tests.housing.factories import AvailabilityFactory, BookingFactory, DwellingFactory, day
from tests.interns.factories import PlaceFactory
from tests.territories.factories import real_commune

pytestmark = pytest.mark.django_db
LIST = "/s-installer/logement/"
PUBLIC = [LIST, f"{LIST}carte.geojson", f"{LIST}flux.atom"]


def text_of(response):
    """What a page says, on one line."""
    return re.sub(r"[ \n]+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_the_page_says_what_the_law_asks(client):
    dwelling = DwellingFactory(rent=350, charges=30, deposit=350, living_area_m2=14, lease=Lease.LODGER)
    page = text_of(client.get(dwelling.get_absolute_url()))
    for words in (
        "380\u00a0€/mois charges comprises",
        "30\u00a0€ par mois forfait",
        "Dépôt de garantie 350\u00a0€",
        "Surface habitable 14\u00a0m²",
        "Meublé oui",
        "Classe énergie D",
        "Classe climat C",
        "de 800 à 1\u202f100\u00a0€ par an prix de l’énergie de 2024",
        "www.georisques.gouv.fr",
        "Proposé par un particulier",
    ):
        assert words in page


def test_an_excessive_consumption_is_told_in_words(client):
    mention = "Logement à consommation énergétique excessive"
    assert mention in text_of(client.get(DwellingFactory(energy_class=EnergyClass.F).get_absolute_url()))
    assert mention not in text_of(client.get(DwellingFactory(energy_class=EnergyClass.E).get_absolute_url()))


def test_free_months_are_told(client):
    dwelling = DwellingFactory()
    assert "Aucune nuit n’est proposée" in text_of(client.get(dwelling.get_absolute_url()))
    dwelling = AvailabilityFactory().dwelling
    BookingFactory(dwelling=dwelling, place=1)
    page = text_of(client.get(dwelling.get_absolute_url()))
    assert "libre en partie" in page
    assert page.count(" libre") > 6


def calendar_of(client, first, last):
    """The section of the calendar on the page of a dwelling offered between these days."""
    page = client.get(DwellingFactory(offered=(first, last)).get_absolute_url()).text
    return page.split('id="mois"')[1].split("</section>")[0]


def test_months_after_the_year_ahead_are_told_behind_a_fold(client, now):
    told = calendar_of(client, date(2026, 6, 1), date(2028, 2, 1))
    assert told.index("<b>mai 2027</b>") < told.index("<summary>De juin 2027 à janvier 2028</summary>") < told.index("<b>janvier 2028</b>")
    assert "<b>février 2028</b>" not in told
    assert "<summary>" not in calendar_of(client, date(2026, 6, 1), date(2027, 6, 1))


def test_a_calendar_that_begins_after_the_year_ahead_is_open(client, now):
    told = calendar_of(client, date(2027, 6, 10), date(2027, 6, 20))
    assert '<details class="fold" open><summary>Juin 2027</summary>' in told
    assert "Libre du 10 au 20 juin 2027." in told
    assert "du 10 au 19 juin 2027" in told


def test_the_free_nights_are_told_in_one_sentence(client, now):
    assert "Libre jusqu’au 1er juin 2027." in calendar_of(client, date(2026, 1, 1), date(2027, 6, 1))
    assert "Libre dès maintenant." in calendar_of(client, date(2026, 1, 1), date(2099, 12, 31))


def secrets_of(dwelling):
    """What no public page may hold."""
    points = [f"{value:.{digits}f}" for value in (dwelling.exact_latitude, dwelling.exact_longitude) for digits in (3, 4, 5)]
    return [dwelling.address, dwelling.contact_name, dwelling.contact_email, *points]


def test_no_public_answer_gives_the_place_or_the_host_away(client):
    dwelling = DwellingFactory(
        address="137 impasse des Micocouliers",
        contact_name="Hôte Secret",
        contact_email="secret@example.org",
        offset_north_m=300,  # not drawn: a shift due north would leave the longitude as it is
        offset_east_m=300,
        offered=(day(0), day(200)),
    )
    addresses = [*PUBLIC, dwelling.get_absolute_url(), reverse("housing:dwelling_card", args=[dwelling.pk])]
    addresses += [f"{address}?lieu=Vaison-la-Romaine&lieu=Apt" for address in PUBLIC]
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200
        assert dwelling.title in answer.content.decode()
        found = [secret for secret in secrets_of(dwelling) if secret in answer.content.decode()]
        assert not found, (address, found)


def test_the_map_draws_the_point_shown(client):
    dwelling = DwellingFactory()
    [feature] = client.get(f"{LIST}carte.geojson").json()["features"]
    assert feature["geometry"]["coordinates"] == [round(dwelling.longitude, 4), round(dwelling.latitude, 4)]
    assert feature["properties"]["r"] == 0.7


def test_structured_data_has_the_commune_and_no_point(client):
    dwelling = DwellingFactory()
    html = client.get(dwelling.get_absolute_url()).content.decode()
    graph = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.S)[1])
    [home] = [node for node in graph["@graph"] if node["@type"] == "Accommodation"]
    assert home["address"]["addressLocality"] == "Vaison-la-Romaine"
    assert not {"geo", "latitude", "streetAddress"} & {*home, *home["address"]}


@pytest.mark.parametrize("state", [State.PAUSED, State.FILLED, State.EXPIRED, State.WITHDRAWN])
def test_a_dwelling_that_is_over_leaves_the_lists_and_says_so(client, state):
    dwelling = DwellingFactory(**{state.value: True})
    for address in PUBLIC:
        assert dwelling.title not in client.get(address).content.decode()
    page = client.get(dwelling.get_absolute_url())
    assert page.status_code == 200
    assert 'name="robots" content="noindex"' in page.content.decode()
    assert client.get(reverse("housing:dwelling_card", args=[dwelling.pk])).status_code == 404


@pytest.mark.parametrize("state", ["draft", "submitted"])
def test_a_draft_has_no_page(client, state):
    dwelling = DwellingFactory(**{state: True})
    assert client.get(dwelling.get_absolute_url()).status_code == 404


def test_an_old_address_leads_to_the_page(client):
    dwelling = DwellingFactory()
    answer = client.get(f"{LIST}{dwelling.pk}-autre-nom/")
    assert answer.status_code == 301
    assert answer["Location"] == dwelling.get_absolute_url()


def test_a_list_that_changed_is_made_again(client):
    DwellingFactory(title="Première")
    assert "Seconde" not in client.get(LIST).content.decode()
    DwellingFactory(title="Seconde")
    assert "Seconde" in client.get(LIST).content.decode()


def test_an_empty_search_leads_to_people(client):
    answer = client.get(f"{LIST}?lieu=Apt&du={day(10)}&au={day(190)}").content.decode()
    assert "Je ne trouve pas" in answer
    assert f"/je-cherche/?quoi=logement&amp;lieu=commune-84003&amp;du={day(10)}&amp;au={day(190)}" in answer
    assert "un conseiller s’en charge" in answer


HOSTILE = [
    "lieu=%00&lieu=%F0%9F%92%A9&demi=%00",
    "lieu=" + "a" * 5000,
    "lieu=etablissement-99999999999999999999&lieu=stage-1&lieu=commune-84003",
    "loyer=-1&rayon=9999&type=x&type=room&hote=%00&pour=%27&meuble=peut-%C3%AAtre&zone=1,2,3",
    "page=-3&tri=hasard&q=%00%22%27%3B",
    "semestre=2026-11&semestre=9999-05&du=0000-00-00&au=9999-12-31",
]


@pytest.mark.parametrize("query", HOSTILE)
@pytest.mark.parametrize("address", PUBLIC)
def test_an_address_that_means_nothing_still_answers(client, address, query):
    DwellingFactory(offered=(day(0), day(900)))
    assert client.get(f"{address}?{query}").status_code == 200


def test_nothing_reaches_readers_before_its_day(client):
    DwellingFactory(title="Demain", published_at=timezone.now() + timedelta(days=1))
    for address in PUBLIC:
        assert "Demain" not in client.get(address).content.decode()


def test_a_card_carries_what_was_asked_to_the_page(client):
    DwellingFactory(offered=(day(0), day(400)))
    search = f"?lieu=commune-84003&lieu=commune-84031&demi=6&demi=4&du={day(10)}&au={day(190)}"
    [card] = client.get(LIST + search).context["rooms"]
    page = client.get(card.url)
    assert page.context["canonical_url"].endswith("/")
    said = text_of(page)
    assert "Libre du " in said
    assert re.search(r"Apt ?&nbsp;: à \d", said)
    taken = client.get(f"{card.url.partition('?')[0]}?du={day(390)}&au={day(420)}")
    assert "Pas libre du " in text_of(taken)


def test_a_stay_that_the_host_finds_too_short_is_not_told_as_taken(client):
    room = DwellingFactory(offered=(day(0), day(400)), min_stay_days=30)
    said = text_of(client.get(f"{room.get_absolute_url()}?du={day(10)}&au={day(19)}"))
    assert "L’hôte demande un séjour d’au moins 30 jours" in said
    assert "Pas libre" not in said
    assert "Libre du " in text_of(client.get(f"{room.get_absolute_url()}?du={day(10)}&au={day(41)}"))


def test_search_engines_are_told_of_rooms_that_readers_may_see(client):
    seen, hidden = DwellingFactory(), DwellingFactory(paused=True)
    invented = DwellingFactory(is_demo=True)
    listed = client.get("/sitemap-logements.xml").content.decode()
    assert seen.get_absolute_url() in listed
    assert hidden.get_absolute_url() not in listed
    assert invented.get_absolute_url() not in listed


def test_the_search_of_the_portal_finds_a_room(client):
    dwelling = DwellingFactory(title="Chambre avec vue sur les Dentelles")
    DwellingFactory(title="Chambre des Dentelles en pause", paused=True)
    answer = client.get("/recherche/?q=dentelles").content.decode()
    assert dwelling.get_absolute_url() in answer
    assert "en pause" not in answer


def test_a_room_tells_the_training_places_around_it(client):
    near, far = (
        PlaceFactory(commune=commune, latitude=commune.latitude, longitude=commune.longitude)
        for commune in map(real_commune, ("Vaison-la-Romaine", "Pertuis"))
    )
    page = client.get(DwellingFactory().get_absolute_url()).content.decode()
    assert near.get_absolute_url() in page
    assert far.get_absolute_url() not in page


def test_the_head_of_a_room_leads_to_the_request_and_keeps_it(client):
    dwelling = DwellingFactory()
    page = client.get(dwelling.get_absolute_url()).text
    head = page.split('<header class="detail-head">')[1].split("</header>")[0]
    assert f'href="{reverse("contacts:write_room", args=[dwelling.pk])}"' in head
    assert page.count("Demander ce logement") == 2
    assert "Ajouter à ma sélection" in head
