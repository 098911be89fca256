"""News: list, filters, archive, page, feed."""

import json
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.urls import reverse
from PIL import Image

from collective.models import News
from core.images import store_photo
from tests.collective.factories import NewsFactory, PartnerFactory
from tests.portal.page import Page
from tests.territories.factories import real_commune

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

LIST = reverse("collective:news_list")
FEED = reverse("collective:news_feed")
ATOM = "{http://www.w3.org/2005/Atom}"


def titles(client, **parameters):
    return [text for level, text in Page(client.get(LIST, parameters)).headings if level == "h3"]


def feed_titles(client, **parameters):
    root = ElementTree.fromstring(client.get(FEED, parameters).content)
    return [entry.findtext(f"{ATOM}title") for entry in root.iter(f"{ATOM}entry")]


def test_published_news_come_newest_first(client, now):
    NewsFactory(title="Ancienne", published_at=now - timedelta(days=30))
    NewsFactory(title="Récente", published_at=now - timedelta(days=1))
    NewsFactory(title="Demain", scheduled=True)
    NewsFactory(title="Brouillon", draft=True)
    assert titles(client) == ["Récente", "Ancienne"]
    assert feed_titles(client) == ["Récente", "Ancienne"]


def test_scheduled_news_appear_at_their_hour(client, now, time_machine):
    news = NewsFactory(title="Demain", scheduled=True)
    assert client.get(news.get_absolute_url()).status_code == 404
    time_machine.move_to(news.published_at, tick=False)
    assert titles(client) == ["Demain"]
    assert feed_titles(client) == ["Demain"]
    assert client.get(news.get_absolute_url()).status_code == 200


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"rubrique": "internes"}, ["Apt"]),
        ({"territoire": "commune-apt"}, ["Apt"]),
        ({"territoire": "epci-ventoux-sud"}, ["Sault"]),
        ({"annee": "2025"}, ["Sault"]),
        ({"annee": "2026", "rubrique": "internes"}, ["Apt"]),
        ({"annee": "2024"}, []),
    ],
)
def test_list_and_feed_filter_alike(client, parameters, expected):
    NewsFactory(title="Apt", rubrique="internes", commune=real_commune("Apt"))
    NewsFactory(title="Sault", rubrique="agenda", commune=real_commune("Sault"), published_at=datetime(2025, 3, 1, tzinfo=UTC))
    assert [title for title in titles(client, **parameters) if title != "Rien ici, pour l’instant"] == expected
    assert feed_titles(client, **parameters) == expected


@pytest.mark.parametrize(
    "parameters",
    [
        {"rubrique": "cuisine"},
        {"territoire": "commune-paris"},
        {"territoire": "planete-mars"},
        {"territoire": "\0"},
        {"annee": "-3"},
        {"annee": "9" * 5000},
        {"annee": "1er"},
        {"rubrique": "\0", "annee": "2026"},
        {"page": "zzz"},
        {"page": "999"},
        {"page": "-1"},
    ],
)
def test_what_means_nothing_is_said_and_left_out(client, parameters):
    NewsFactory(title="Une nouvelle")
    page = Page(client.get(LIST, parameters))
    assert page.status == 200
    assert "Une nouvelle" in page.text
    assert any("laissé de côté" in text or "numéro de page" in text or "page n’existe pas" in text for text in [page.text])
    assert page.meta("robots") == "noindex"
    assert client.get(FEED, parameters).status_code == 200


def test_filters_in_force_can_be_taken_away(client):
    NewsFactory(title="Apt", rubrique="internes", commune=real_commune("Apt"))
    page = Page(client.get(LIST, {"rubrique": "internes", "territoire": "commune-apt"}))
    assert page.address_of("Retirer le filtre Internes") == f"{LIST}?territoire=commune-apt"
    assert page.address_of("Retirer le filtre Apt") == f"{LIST}?rubrique=internes"


def test_the_archive_counts_each_year(client, now):
    NewsFactory.create_batch(2)
    NewsFactory(published_at=datetime(2025, 3, 1, tzinfo=UTC))
    archive = {text.replace("\u00a0", " "): url for url, text in Page(client.get(LIST)).links if "annee=" in url}
    assert archive == {"2026 , (2)": f"{LIST}?annee=2026", "2025 , (1)": f"{LIST}?annee=2025"}


def test_pages_of_the_list_keep_the_filters(client, now):
    for rank in range(13):
        NewsFactory(title=f"Nouvelle {rank}", rubrique="agenda", published_at=now - timedelta(hours=rank))
    first = Page(client.get(LIST, {"rubrique": "agenda"}))
    assert first.address_of("Suivante") == f"{LIST}?rubrique=agenda&page=2"
    assert titles(client, rubrique="agenda", page="2") == ["Nouvelle 12"]


def test_a_piece_of_news_says_what_it_is(client, now):
    published = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)
    news = NewsFactory(
        title="Bienvenue à Sault", summary="On y vient.", body="<p>Le récit.</p>", commune=real_commune("Sault"), author="L’équipe VSA",
        rubrique="agenda", published_at=published, reviewed_at=published + timedelta(days=3),
    )  # fmt: skip
    news.partners.add(PartnerFactory(name="Caisse d’essai"))
    page = Page(client.get(news.get_absolute_url()))
    assert page.headings[0] == ("h1", "Bienvenue à Sault")
    for words in (
        "On y vient.",
        "Le récit.",
        "Sault",
        "L’équipe VSA",
        "Agenda",
        "1er mai 2026",
        "mis à jour le 4 mai 2026",
        "Caisse d’essai",
    ):
        assert words in page.text
    assert page.meta("description") == "On y vient."


def test_search_engines_are_told_of_the_article(client):
    news = NewsFactory(title="Un </script> dans le titre")
    html = client.get(news.get_absolute_url()).content.decode()
    data = json.loads(html.split('<script type="application/ld+json">')[1].split("</script>")[0])["@graph"]
    article = next(item for item in data if item["@type"] == "NewsArticle")
    assert article["headline"] == "Un </script> dans le titre"
    assert article["datePublished"] == article["dateModified"]
    assert article["mainEntityOfPage"] == f"http://testserver{news.get_absolute_url()}"
    assert [item["@type"] for item in data] == ["BreadcrumbList", "NewsArticle"]


def test_neighbours_are_those_of_time(client, now):
    old, middle, new = (NewsFactory(title=f"Nouvelle {n}", published_at=now - timedelta(days=n)) for n in (3, 2, 1))
    page = Page(client.get(middle.get_absolute_url()))
    assert (old.get_absolute_url(), "Précédente Nouvelle 3") in page.links
    assert (new.get_absolute_url(), "Suivante Nouvelle 1") in page.links
    assert News.objects.neighbours(old) == (None, middle)
    assert News.objects.neighbours(new) == (middle, None)


def test_news_of_the_same_moment_are_all_reached(now):
    rows = [NewsFactory(published_at=now) for _ in range(3)]
    assert News.objects.neighbours(rows[1]) == (rows[0], rows[2])


def test_an_old_address_leads_to_the_new_one(client):
    news = NewsFactory(title="L’été au Ventoux")
    assert news.slug == "l-ete-au-ventoux"
    response = client.get(f"{LIST}{news.pk}-ancien-titre/")
    assert (response.status_code, response["Location"]) == (301, news.get_absolute_url())


def test_an_image_has_its_text_and_its_credit(client):
    stored = store_photo(Image.new("RGB", (1000, 600), "olive"), "actualites")
    news = NewsFactory(image=stored, image_alt="Un champ d’oliviers", image_credit="VSA")
    page = Page(client.get(news.get_absolute_url()))
    [image] = [attrs for tag, attrs in page.attributes if tag == "img"]
    assert image["alt"] == "Un champ d’oliviers"
    assert "480w" in image["srcset"]
    assert "Photo\u00a0: VSA" in page.html.replace("&nbsp;", "\u00a0")
    assert client.get(image["src"]).status_code == 200


def test_invented_news_are_marked_everywhere(client):
    news = NewsFactory(title="Inventée", is_demo=True)
    assert "exemple" in Page(client.get(LIST)).text
    assert "exemple" in Page(client.get(news.get_absolute_url())).text
    assert feed_titles(client) == ["[exemple] Inventée"]
    assert Page(client.get(news.get_absolute_url())).meta("robots") == "noindex"


def test_an_invented_piece_of_news_is_never_shown_in_production(client, settings):
    invented, real = NewsFactory(title="Inventée", is_demo=True), NewsFactory(title="Vraie")
    settings.PRODUCTION = True
    assert feed_titles(client) == ["Vraie"]
    assert "Inventée" not in client.get(LIST).text
    assert client.get(invented.get_absolute_url()).status_code == 404
    assert "Inventée" not in client.get(real.get_absolute_url()).text
