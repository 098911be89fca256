"""The public pages of the collective: what they show, to whom, and how many queries that takes."""

import json
from datetime import date, timedelta

import pytest
from django.urls import reverse

from collective.models import Partner
from territories.models import Cpts
from tests.collective.factories import (
    AchievementFactory,
    DeskFactory,
    NewsFactory,
    PartnerFactory,
    PressItemFactory,
    TestimonialFactory,
)
from tests.portal.page import Page
from tests.territories.factories import CptsFactory, real_commune

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

LANDING = reverse("collective:landing")
DESKS = reverse("collective:desks")
WORDS = reverse("collective:testimonials")


def read(client, address, **parameters):
    return Page(client.get(address, parameters))


def structured(page):
    _, _, rest = page.html.partition('<script type="application/ld+json">')
    return json.loads(rest.partition("</script>")[0])["@graph"]


# --- The opening page ------------------------------------------------------------------------------


def test_each_circle_holds_its_partners(client):
    PartnerFactory(pilot=True, name="Agence pilote")
    PartnerFactory(name="Caisse membre", joins_events=True)
    PartnerFactory(reflection=True, name="Réseau qui pense")
    guest = PartnerFactory(event=True, name="Banque invitée", text="", website="https://example.org/banque")
    PartnerFactory(name="Organisme caché", active=False)
    page = read(client, LANDING)
    assert [text for level, text in page.headings if level == "h3"][:3] == ["Pilote", "Membres du collectif", "Groupe de réflexion"]
    circles, events = page.html.split('id="evenements"')
    assert [name for name in ("Agence pilote", "Caisse membre", "Réseau qui pense") if name in circles] == [
        "Agence pilote",
        "Caisse membre",
        "Réseau qui pense",
    ]
    assert "Banque invitée" not in circles
    assert "Banque invitée" in events
    assert "Caisse membre" in events
    assert f'id="{guest.slug}"' in events
    assert "Organisme caché" not in page.text


def test_an_empty_collective_still_has_its_page(client):
    page = read(client, LANDING)
    assert page.status == 200
    own = [text for level, text in page.headings if level == "h2"]
    assert own[:2] == ["Les CPTS, réseaux de soignants", "Ce que nous ne faisons pas"]


def test_the_opening_page_shows_what_is_visible(client, now):
    AchievementFactory(title="Chose faite")
    AchievementFactory(title="Chose à venir", happened_on=now.date() + timedelta(days=1))
    PressItemFactory(title="Article lu")
    TestimonialFactory(quote="Mot accordé")
    TestimonialFactory(quote="Mot sans accord", draft=True)
    NewsFactory(title="Nouvelle parue")
    NewsFactory(title="Nouvelle à venir", scheduled=True)
    DeskFactory(question="À qui parler\u00a0?")
    text = read(client, LANDING).text
    for shown in ("Chose faite", "Article lu", "Mot accordé", "Nouvelle parue", "À qui parler"):
        assert shown in text
    for hidden in ("Chose à venir", "Mot sans accord", "Nouvelle à venir"):
        assert hidden not in text


def fill(count):
    for _ in range(count):
        partner = PartnerFactory()
        DeskFactory(partner=partner)
        AchievementFactory(partner=partner)
        PressItemFactory()
        TestimonialFactory(tagged=[f"sujet-{partner.pk}"])
        NewsFactory(commune=real_commune("Apt")).partners.add(partner)


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("address", "queries"),
    [
        (LANDING, 9),
        (DESKS, 2),
        (reverse("collective:achievements"), 2),
        (reverse("collective:press"), 2),
        (WORDS, 3),
        (reverse("collective:news_list"), 5),
        (reverse("collective:news_feed"), 2),
    ],
)
def test_queries_do_not_grow_with_the_rows(client, django_assert_num_queries, count, address, queries):
    fill(count)
    with django_assert_num_queries(queries):
        client.get(address)


@pytest.mark.parametrize("count", [1, 3])
def test_queries_of_a_partner(client, django_assert_num_queries, count):
    partner = PartnerFactory()
    for number in range(count):
        DeskFactory(partner=partner)
        AchievementFactory(partner=partner)
        NewsFactory().partners.add(partner)
        partner.links.create(label=f"Lien {number}", url="/exercer/")
        partner.figures.create(value="9", label="médecins", source="essai")
        partner.contacts.create(need="Joindre", email="a@example.org")
        PartnerFactory()
    with django_assert_num_queries(9):
        client.get(partner.get_absolute_url())


@pytest.mark.parametrize("count", [1, 3])
def test_queries_of_a_piece_of_news(client, django_assert_num_queries, count):
    news = NewsFactory(commune=real_commune("Apt"))
    for _ in range(count):
        news.partners.add(PartnerFactory())
        NewsFactory()
    with django_assert_num_queries(5):
        client.get(news.get_absolute_url())


def test_a_page_not_changed_is_not_sent_again(client):
    PartnerFactory(pilot=True)
    first = client.get(LANDING)
    again = client.get(LANDING, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    PartnerFactory(name="Un organisme de plus")
    changed = client.get(LANDING, headers={"if-none-match": first["ETag"]})
    assert "Un organisme de plus" in changed.content.decode()
    assert changed["ETag"] != first["ETag"]


# --- A partner -------------------------------------------------------------------------------------


def test_a_partner_says_who_it_is_and_whom_to_reach(client):
    partner = PartnerFactory(
        name="Caisse d’essai", short_name="Caisse", text="<h2>Ce qu’elle fait</h2><p>Elle aide.</p>", website="https://example.org/"
    )
    partner.contacts.create(need="Se conventionner", service="Relations", email="relations@example.org")
    partner.figures.create(value="plus de 500", label="collaborateurs", source="essai, 2025")
    partner.links.create(label="Les aides", url="/s-installer/")
    DeskFactory(partner=partner, question="Comment faire\u00a0?", anchor="comment")
    page = read(client, partner.get_absolute_url())
    assert page.headings[0] == ("h1", "Caisse d’essai")
    for words in ("Elle aide.", "Se conventionner", "relations@example.org", "plus de 500", "collaborateurs", "Communiqué d’essai", "2025"):
        assert words in page.text
    assert ("/s-installer/", "Les aides") in page.links
    assert ("#comment", "Comment faire ?".replace(" ", " ")) in [(url, text.replace("\u00a0", " ")) for url, text in page.links]
    assert [item["name"] for item in structured(page)[0]["itemListElement"]] == ["Accueil", "Le collectif VSA", "Caisse d’essai"]


def test_a_partner_hidden_or_without_text_has_no_page(client):
    hidden, mute = PartnerFactory(active=False), PartnerFactory(event=True, text="")
    assert client.get(hidden.get_absolute_url()).status_code == 404
    assert client.get(reverse("collective:partner", args=[mute.slug])).status_code == 404
    assert mute.get_absolute_url() == f"{LANDING}#{mute.slug}"


@pytest.mark.parametrize("circle", ["member", "reflection", "event", "cpts"])
def test_a_partner_without_text_stands_at_its_anchor(client, circle):
    """What the search and the menus lead to is there, whichever circle."""
    mute = PartnerFactory(circle=circle, text="", website="https://muet.example/")
    html = client.get(LANDING).text
    assert html.count(f'id="{mute.slug}"') == 1
    around = html.split(f'id="{mute.slug}"')[1].split("</li>")[0]
    assert mute.name in around or mute.usual_name in around
    found = client.get("/recherche/", {"q": mute.name}).text
    assert f'href="{mute.get_absolute_url()}"' in found


def test_a_partner_that_stands_for_a_cpts_shares_its_line(client):
    cpts = Cpts.objects.get(slug="pays-d-apt")
    mute, other = [PartnerFactory(circle="cpts", cpts=cpts, text="", website=f"https://{n}.example/") for n in "ab"]
    told = PartnerFactory(circle="cpts", text="<p>Un texte.</p>", name="Un réseau de soignants")
    whole = CptsFactory(name="CPTS des deux pages")
    both = PartnerFactory(circle="cpts", cpts=whole, text="<p>Un texte.</p>", name="CPTS des deux pages")
    html = client.get(LANDING).text
    section = html.split('id="cpts"')[1].split("</section>")[0]
    for partner in (mute, other):
        assert section.count(f'id="{partner.slug}"') == 1
    assert f'<a href="{told.get_absolute_url()}">Un réseau de soignants</a>' in section
    line = section.split(f'href="{whole.get_absolute_url()}"')[1].split("</li>")[0]
    assert f'<a href="{both.get_absolute_url()}">Ce qu’elle fait' in line
    assert section.count("<h3>") == section.count("</h3>") == Cpts.objects.count() + 2  # one line a CPTS, one a partner without any
    assert section.count(f'href="{cpts.get_absolute_url()}"') == 1


def test_unclean_text_never_reaches_readers(client):
    partner = PartnerFactory(text='<p onclick="x()">Bon</p><script>alert(1)</script><a href="javascript:x()">lien</a>')
    assert Partner.objects.get(pk=partner.pk).text.startswith("<p>Bon</p>")
    html = client.get(partner.get_absolute_url()).content.decode()
    assert "alert(1)" not in html
    assert "javascript:" not in html
    assert "onclick" not in html


# --- Who does what ---------------------------------------------------------------------------------


def test_questions_stand_under_their_subject_with_an_anchor(client):
    desk = DeskFactory(question="Qui décide\u00a0?", anchor="qui-decide", deadline="Un mois", source="Le code")
    page = read(client, DESKS)
    assert ("h2", "L’Ordre et les contrats") in page.headings
    assert 'id="qui-decide"' in page.html
    assert "Un mois" in page.text
    assert "Le code" in page.text
    assert desk.get_absolute_url() == f"{DESKS}#qui-decide"


def test_words_choose_the_questions(client):
    DeskFactory(question="À qui envoyer mon contrat après signature\u00a0?", answer="Au conseil.")
    DeskFactory(question="Qui loge\u00a0?", answer="L’équipe.", words="chambre appartement")
    assert "Qui loge" not in read(client, DESKS, q="contrats").text
    found = read(client, DESKS, q="appartements")
    assert "Qui loge" in found.text
    assert "1 question avec" in found.text.replace("\u00a0", " ")
    assert found.meta("robots") == "noindex"


def test_words_that_find_nothing_say_so_and_show_everything(client):
    DeskFactory(question="Qui loge\u00a0?")
    page = read(client, DESKS, q="xylophone")
    assert "Aucune question avec «\u00a0xylophone\u00a0»" in page.html.replace("&nbsp;", "\u00a0")
    assert "Qui loge" in page.text


@pytest.mark.parametrize("words", ["\0", "\0contrat", "x" * 5000, "' OR 1=1 --", "&|!():*", "<script>alert(1)</script>"])
def test_absurd_words_are_borne(client, words):
    DeskFactory()
    page = read(client, DESKS, q=words)
    assert page.status == 200
    assert "<script>alert" not in page.html


def test_a_question_whose_desk_is_hidden_is_hidden(client):
    DeskFactory(question="Question orpheline\u00a0?", partner__active=False)
    DeskFactory(question="Question d’ailleurs\u00a0?", partner=None, desk_name="Le guichet unique")
    text = read(client, DESKS).text
    assert "Question orpheline" not in text
    assert "Le guichet unique" in text


# --- Facts and words -------------------------------------------------------------------------------


def test_achievements_stand_by_year_with_their_source(client):
    AchievementFactory(title="Ancienne", happened_on=date(2022, 5, 1), precision="month", source="Le communiqué")
    AchievementFactory(title="Récente", happened_on=date(2024, 4, 22))
    page = read(client, reverse("collective:achievements"))
    assert [text for level, text in page.headings if level == "h2"][:2] == ["2024", "2022"]
    assert "mai 2022" in page.text
    assert "1er mai" not in page.text
    assert "Le communiqué" in page.text


def test_an_achievement_does_not_name_a_partner_that_staff_withdrew(client):
    AchievementFactory(title="Faite ensemble", partner=PartnerFactory(name="Organisme montré"))
    AchievementFactory(title="Faite avant", partner=PartnerFactory(name="Organisme retiré", active=False))
    text = read(client, reverse("collective:achievements")).text
    assert "Faite avant" in text
    assert "Organisme montré" in text
    assert "Organisme retiré" not in text


def test_press_links_to_the_articles(client):
    PressItemFactory(title="Un titre", url="https://example.org/a", outlet="Le Journal")
    PressItemFactory(title="Gardé", active=False)
    page = read(client, reverse("collective:press"))
    assert ("https://example.org/a", "Un titre") in page.links
    assert "Gardé" not in page.text


def test_testimonials_are_exact_attributed_and_filtered(client):
    TestimonialFactory(quote="Mots sur l’entraide.", name="Camille", role="interne", place="à Apt", tagged=["entraide"])
    TestimonialFactory(quote="Mots sur le logement.", tagged=["logement"])
    page = read(client, WORDS)
    assert "«\u00a0Mots sur l’entraide.\u00a0»" in page.html.replace("&nbsp;", "\u00a0")
    assert "Camille , interne à Apt".replace(" ,", ",") in page.text.replace(" ,", ",")
    chosen = read(client, WORDS, sujet="entraide")
    assert "Mots sur le logement." not in chosen.text
    assert "Mots sur l’entraide." in chosen.text


@pytest.mark.parametrize("code", ["inconnu", "\0", "x" * 3000])
def test_an_unknown_subject_shows_everything_and_says_so(client, code):
    TestimonialFactory(quote="Mots sur l’entraide.", tagged=["entraide"])
    page = read(client, WORDS, sujet=code)
    assert "Ce sujet n’existe pas" in page.text
    assert "Mots sur l’entraide." in page.text


def test_words_of_a_demonstration_bear_their_mention(client, settings):
    TestimonialFactory(quote="Mots prêtés.", draft=True, is_demo=True)
    assert "Accord pour cette réutilisation à enregistrer avant la mise en service." in read(client, WORDS).text
    settings.PRODUCTION = True
    client.cookies.clear()
    assert "Mots prêtés." not in read(client, WORDS, sujet="").text
