"""The feeds of a search: well-formed, the offers of the list and no other; Atom newest publication first, a diary for dated locums."""

from datetime import datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.core.cache import cache
from django.urls import reverse
from icalendar import Calendar

from opportunities import actions
from opportunities.feeds import FEED_ITEMS
from opportunities.search import Search
from tests.conftest import NOW
from tests.opportunities.factories import OpportunityFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

NB = "\u00a0"
FEED = reverse("opportunities:offer_feed")
ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE_TEXT = 'Été & <b>gras</b> ]]> \x0b\x01\ufffe "l’ombre" 💊'


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()


def feed(client, query=""):
    response = client.get(f"{FEED}?{query}")
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(response.content)


def texts(element, name):
    return [found.text for found in element.iter(f"{ATOM}{name}")]


def links(element):
    return {link.get("rel"): link.get("href") for link in element.findall(f"{ATOM}link")}


def test_an_entry_says_what_a_reader_compares(client):
    offer = OpportunityFactory(locum=True, town="Sault", title="Deux semaines à Sault", summary="Le secrétariat reste sur place.")
    entry = feed(client).find(f"{ATOM}entry")
    assert texts(entry, "title") == [f"Remplacement ponctuel{NB}: Deux semaines à Sault"]
    assert texts(entry, "id") == [f"tag:vaucluse-sante-attractivite.com,2026:offre/{offer.pk}"]
    assert links(entry) == {"alternate": f"http://testserver{offer.get_absolute_url()}"}
    assert [datetime.fromisoformat(text) for text in texts(entry, "published")] == [offer.published_at]
    assert [datetime.fromisoformat(text) for text in texts(entry, "updated")] == [offer.updated_at]
    assert [category.get("term") for category in entry.findall(f"{ATOM}category")] == ["Remplacement ponctuel"]
    facts = f"Dates{NB}: du 29 juin au 12 juillet 2026 · Part d’honoraires{NB}: 80{NB}%"
    assert texts(entry, "summary") == [f"Sault, Ventoux Sud · Le secrétariat reste sur place. · {facts} · Confirmée le 12 juin 2026"]


def test_the_feed_says_which_search_it_follows(client):
    OpportunityFactory(locum=True, town="Apt")
    plain, filtered = feed(client), feed(client, "type=locum_occasional&commune=Apt&rayon=10&tri=distance&page=2&utm_source=x")
    assert texts(plain, "title")[0] == "Offres d’exercice en Vaucluse"
    assert links(plain) == {"alternate": "http://testserver/exercer/offres/", "self": "http://testserver/exercer/offres/flux.atom"}
    assert texts(filtered, "title")[0] == f"Offres d’exercice en Vaucluse, Remplacement ponctuel, Apt, 10{NB}km à vol d’oiseau"
    query = "?type=locum_occasional&commune=Apt&rayon=10"
    assert links(filtered) == {
        "alternate": f"http://testserver/exercer/offres/{query}",
        "self": f"http://testserver/exercer/offres/flux.atom{query}",
    }
    assert texts(plain, "id")[0] != texts(filtered, "id")[0]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "type=succession&type=locum_occasional",
        "commune=Carpentras&rayon=10",
        "q=remplacement",
        "q=remplacemant",
        "type=xyz",
        "epci=ventoux-sud",
    ],
)
def test_the_feed_holds_the_offers_of_the_list(client, query):
    for kind in ("locum", "succession", "salaried"):
        for town in ("Carpentras", "Sault"):
            OpportunityFactory(**{kind: True}, town=town)
    listed = {card.pk for card in Search(client.get(f"/?{query}").wsgi_request.GET, NOW).cards}
    assert {int(text.rpartition("/")[2]) for text in texts(feed(client, query), "id")[1:]} == listed != set()


def test_a_corrected_search_is_named_as_corrected(client):
    OpportunityFactory(title="Un échographe à Sault")
    assert texts(feed(client, "q=echografe"), "title")[0] == f"Offres d’exercice en Vaucluse, «{NB}echographe{NB}»"


def test_the_newest_publication_comes_first_whatever_the_order_of_the_list(client):
    for title, age in (("B", 5), ("C", 9), ("A", 1)):
        OpportunityFactory(title=title, published_at=NOW - timedelta(days=age), confirmed_at=NOW - timedelta(hours=20 - age))
    for query in ("", "tri=debut", "tri=distance&commune=Carpentras"):
        assert [title[-1] for title in texts(feed(client, query), "title")[1:]] == ["A", "B", "C"], query


def test_the_feed_stops_at_its_latest_offers(client):
    OpportunityFactory.create_batch(FEED_ITEMS + 1, published_at=NOW - timedelta(days=2))
    newest = OpportunityFactory(title="Dernière", published_at=NOW - timedelta(days=1))
    entries = feed(client).findall(f"{ATOM}entry")
    assert len(entries) == FEED_ITEMS
    assert texts(entries[0], "title")[0].endswith(newest.title)


@pytest.mark.parametrize("verb", ["pause", "fill", "withdraw", "expire", "delete"])
def test_what_is_over_leaves_the_feed(client, verb):
    offer, kept = OpportunityFactory(title="Elle part"), OpportunityFactory(title="Elle reste")
    assert "Elle part" in client.get(FEED).text
    {
        "pause": lambda: actions.pause(offer=offer),
        "fill": lambda: actions.fill(offer=offer),
        "withdraw": lambda: actions.withdraw(offer=offer, reason="doublon"),
        "expire": lambda: type(offer).objects.filter(pk=offer.pk).update(expires_at=NOW),
        "delete": lambda: actions.delete_offer(offer=offer),
    }[verb]()
    assert [title.rpartition(" ")[2] for title in texts(feed(client), "title")[1:]] == [kept.title.rpartition(" ")[2]]


def test_what_was_never_public_is_not_in_the_feed(client):
    for state in ("draft", "submitted"):
        OpportunityFactory(**{state: True})
    assert feed(client).findall(f"{ATOM}entry") == []


def test_an_invented_offer_says_so(client):
    OpportunityFactory(is_demo=True, title="Tous les jeudis")
    assert texts(feed(client), "title")[1].startswith("[exemple] ")


@pytest.mark.parametrize("field", ["title", "summary", "team", "lodging_note"])
def test_no_text_of_an_offer_breaks_the_feed(client, field):
    """Text pasted from a word processor holds control characters, which XML cannot."""
    OpportunityFactory(lodging=True, **{field: HOSTILE_TEXT})
    entry = feed(client).find(f"{ATOM}entry")
    written = texts(entry, "title" if field == "title" else "summary")[0]
    assert 'Été & <b>gras</b> ]]> "l’ombre" 💊' in written


@pytest.mark.parametrize("count", [1, 3])
def test_a_feed_asks_the_same_queries_whatever_it_holds(client, django_assert_num_queries, count):
    """Version, choices, offers."""
    OpportunityFactory.create_batch(count)
    with django_assert_num_queries(3):
        assert len(feed(client).findall(f"{ATOM}entry")) == count


DIARY = reverse("opportunities:offer_calendar")


def diary(client, query=""):
    response = client.get(f"{DIARY}?{query}")
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    return Calendar.from_ical(response.content)


def days_of(client, query=""):
    return {event["summary"].split(f"{NB}: ")[1]: event for event in diary(client, query).walk("VEVENT")}


class TestDiary:
    def test_a_locum_with_days(self, client):
        offer = OpportunityFactory(locum=True, town="Sault", title="Deux semaines à Sault")
        book = diary(client)
        (event,) = book.walk("VEVENT")
        assert str(book["x-wr-calname"]) == "Remplacements en Vaucluse"
        assert event["summary"] == f"Remplacement ponctuel{NB}: Deux semaines à Sault"
        assert event.decoded("dtstart") == offer.starts_on
        assert event.decoded("dtend") == offer.ends_on + timedelta(days=1)
        assert event["location"] == "Sault, Ventoux Sud"
        assert event["transp"] == "TRANSPARENT"
        assert event["url"].endswith(offer.get_absolute_url())
        assert f"Part d’honoraires{NB}: 80{NB}%" in event["description"]

    def test_it_obeys_the_filters_and_keeps_to_what_has_days(self, client):
        OpportunityFactory(locum=True, town="Apt", title="Apt")
        OpportunityFactory(locum=True, town="Sault", title="Sault")
        OpportunityFactory(locum=True, town="Apt", title="Sans fin", ends_on=None)
        OpportunityFactory(succession=True, town="Apt", title="Succession")
        assert set(days_of(client)) == {"Apt", "Sault"}
        assert set(days_of(client, "commune=Apt&rayon=5")) == {"Apt"}
        assert set(days_of(client, "type=succession")) == set()
        assert "Apt, 5" in str(diary(client, "commune=Apt&rayon=5&tri=distance")["x-wr-calname"])

    @pytest.mark.parametrize("verb", ["pause", "fill", "expire"])
    def test_what_is_over_leaves(self, client, verb):
        offer = OpportunityFactory(locum=True, title="Elle part")
        OpportunityFactory(locum=True, title="Elle reste")
        assert set(days_of(client)) == {"Elle part", "Elle reste"}
        if verb == "expire":
            type(offer).objects.filter(pk=offer.pk).update(expires_at=NOW)
        else:
            getattr(actions, verb)(offer=offer)
        assert set(days_of(client)) == {"Elle reste"}

    def test_a_commune_that_is_kept_back_is_not_told(self, client):
        OpportunityFactory(locum=True, town="Sault", title="Discrète", summary="Au calme.", location_precision="epci")
        text = client.get(DIARY).text
        assert "Secteur Ventoux Sud" in text.replace("\r\n ", "")
        assert "Sault" not in text

    def test_the_list_leads_to_it(self, client):
        OpportunityFactory(locum=True, town="Apt")
        page = client.get(reverse("opportunities:offer_list") + "?commune=Apt&tri=debut").text
        assert f'href="{DIARY}?commune=Apt"' in page
        assert "Dates des remplacements dans mon agenda" in page

    @pytest.mark.parametrize("count", [1, 4])
    def test_as_many_queries_for_one_as_for_four(self, client, count, django_assert_num_queries):
        OpportunityFactory.create_batch(count, locum=True)
        with django_assert_num_queries(3):
            assert len(days_of(client)) <= count
